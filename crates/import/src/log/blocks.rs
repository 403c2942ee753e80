//! Blocks: task groups by their two calls, `relaxed` blocks by two exchanges of the mode.

use acg_calls::{CallId, CallView};
use acg_ir::{Entity, GraphId, Mode, Op, Scope, TaskData};

use super::LogImport;
use super::captures::OpenGroup;
use super::objects::Object;
use crate::draft::{DraftGraph, Line};
use crate::remark::{Remark, RemarkKind};

/// The most groups that may be open at once: with a `relaxed` block in each they are as many blocks as the language nests.
const MOST_GROUPS: usize = 14;

impl<'l> LogImport<'l> {
    /// A task group begins.
    pub(super) fn open_group(&mut self, call: &CallView<'l>, graph: GraphId) -> Result<(), String> {
        let stream = self.stream_at(call, 0);
        let line = self.draft.graphs[graph.index()].lines.len();
        let groups = self.captures.groups(graph).ok_or("no capture is open")?;
        if groups.len() >= MOST_GROUPS {
            return Err("blocks are not nested this deep".to_owned());
        }
        let group = self.draft.group(graph, stream);
        groups.push(OpenGroup { group, stream, line });
        self.draft.line(graph, Line::Open(Scope::Group(group)), Some(call.id.0));
        Ok(())
    }

    /// A task group ends: the innermost one, which must be on the same stream.
    pub(super) fn close_group(&mut self, call: &CallView<'l>, graph: GraphId) -> Result<(), String> {
        let stream = self.stream_at(call, 0);
        let name = call.out(1).ok_or("it gives no variable for the group")?;
        let groups = self.captures.groups(graph).ok_or("no capture is open")?;
        match groups.last() {
            Some(&OpenGroup { group, stream: innermost, .. }) if innermost == stream => {
                groups.pop();
                self.draft.name_group(graph, group, self.log.text(name));
                self.objects.bind(name, Object::Group(graph));
                self.draft.line(graph, Line::Close, Some(call.id.0));
                Ok(())
            }
            Some(_) if groups.iter().any(|open| open.stream == stream) => {
                Err("groups that cross each other are no blocks".to_owned())
            }
            _ => Err("no group is open on its stream".to_owned()),
        }
    }

    /// Groups that a capture leaves open end with it: a block has an end.
    pub(super) fn close_groups(&mut self, graph: GraphId, open: &[OpenGroup]) {
        for &OpenGroup { group, line, .. } in open.iter().rev() {
            self.draft.name_group(graph, group, "unclosed");
            self.draft.line(graph, Line::Close, None);
            let call = self.draft.graphs[graph.index()].lines[line].1.map(CallId);
            let text =
                "the group that begins here is never closed as a block; the program closes it at the end";
            self.remarks.push(Remark { kind: RemarkKind::Assumed, call, text: text.to_owned() });
        }
    }

    /// Lets every graph begin with its thread's exchange mode, and writes exchanges that are undone as blocks.
    pub(super) fn settle_blocks(&mut self) {
        let mut mode = Mode::Global;
        for (graph, &entry) in self.draft.graphs.iter_mut().zip(&self.captures.entry_modes) {
            if entry != mode {
                let task = TaskData::new(Op::Exchange(entry), None);
                graph.lines.insert(0, (Line::Task(task), None));
            }
            mode = fold_exchanges(graph, entry);
        }
    }
}

/// An exchange that may turn out to begin a `relaxed` block.
struct Exchange {
    at: usize,
    /// The mode before it.
    before: Mode,
}

/// Makes `relaxed` blocks of exchanges that are undone in the same block; gives the mode at the end.
fn fold_exchanges(graph: &mut DraftGraph, entry: Mode) -> Mode {
    let mut mode = entry;
    // For each open block, the last exchange in it; only two neighbours in one block fold.
    let mut open: Vec<Option<Exchange>> = vec![None];
    let mut folds = Vec::new();
    for (at, (line, source)) in graph.lines.iter().enumerate() {
        match line {
            Line::Open(_) => open.push(None),
            Line::Close => {
                open.pop();
                if open.is_empty() {
                    open.push(None);
                }
            }
            Line::Task(TaskData { op: Op::Exchange(next), .. }) if source.is_some() => {
                let depth = open.len();
                // An exchange inside of a deeper block would be between the two.
                let last = open
                    .iter_mut()
                    .enumerate()
                    .rev()
                    .find_map(|(level, slot)| slot.take().map(|exchange| (level, exchange)));
                match last {
                    Some((level, exchange)) if level + 1 == depth && exchange.before == *next => {
                        folds.push((exchange.at, at));
                    }
                    _ if *next == Mode::Relaxed => {
                        open[depth - 1] = Some(Exchange { at, before: mode });
                    }
                    _ => {}
                }
                mode = *next;
            }
            _ => {}
        }
    }
    for (first, last) in folds {
        graph.lines[first].0 = Line::Open(Scope::Relaxed);
        graph.lines[last].0 = Line::Close;
    }
    mode
}
