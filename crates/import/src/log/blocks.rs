//! Blocks: task groups and updates by their two calls, `relaxed` blocks by two exchanges of the mode.

use acg_calls::{CallId, CallView};
use acg_ir::graph::SourceRange;
use acg_ir::{BodyId, Group, Mode, Op, Scope, Stream, TaskData, UpdateData};
use rustc_hash::FxHashMap;

use super::LogImport;
use super::captures::Place;
use super::objects::Object;
use crate::draft::{Draft, Line, Written};
use crate::remark::{Remark, RemarkKind};

/// The most blocks that may be open at once: with a `relaxed` block and a thread's in each they are as many as the language nests.
pub(super) const MOST_BLOCKS: usize = 9;

/// How deep the lines of a branch are in its conditional task.
pub(super) const BRANCH_DEPTH: usize = 2;

/// A task group that has begun and not ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenGroup {
    group: Group,
    stream: Stream,
    /// Its line in the sheet.
    line: usize,
}

impl<'l> LogImport<'l> {
    /// Whether `more` blocks may begin in a place.
    pub(super) fn check_depth(&self, place: Place, more: usize) -> Result<(), String> {
        let around = self.captures.of_sheet(place.sheet).map_or(0, |open| open.depth);
        let groups = self.groups.get(&place.sheet).map_or(0, Vec::len);
        if around + groups + more > MOST_BLOCKS {
            return Err("blocks are not nested this deep".to_owned());
        }
        Ok(())
    }

    /// A task group begins.
    pub(super) fn open_group(&mut self, call: &CallView<'l>, place: Place) -> Result<(), String> {
        self.check_depth(place, 1)?;
        let stream = self.stream_at(call, 0);
        let line = self.draft.length(place.sheet);
        let group = self.draft.group(place.body, stream);
        self.groups.entry(place.sheet).or_default().push(OpenGroup { group, stream, line });
        self.write(call, place, Line::Open(Scope::Group(group)));
        Ok(())
    }

    /// A task group ends: the innermost one, which must be on the same stream.
    pub(super) fn close_group(&mut self, call: &CallView<'l>, place: Place) -> Result<(), String> {
        let stream = self.stream_at(call, 0);
        let name = call.out(1).ok_or("it gives no variable for the group")?;
        let groups = self.groups.entry(place.sheet).or_default();
        match groups.last() {
            Some(&OpenGroup { group, stream: innermost, .. }) if innermost == stream => {
                groups.pop();
                self.draft.name_group(place.body, group, self.log.text(name));
                self.objects.bind(name, Object::Group(place.body, group));
                self.write(call, place, Line::Close);
                Ok(())
            }
            Some(_) if groups.iter().any(|open| open.stream == stream) => {
                Err("groups that cross each other are no blocks".to_owned())
            }
            _ => Err("no group is open on its stream".to_owned()),
        }
    }

    /// Groups that a capture leaves open end with it: a block has an end.
    pub(super) fn close_groups(&mut self, place: Place) {
        for OpenGroup { group, line, .. } in
            self.groups.remove(&place.sheet).unwrap_or_default().into_iter().rev()
        {
            self.draft.name_group(place.body, group, "unclosed");
            self.draft.close_block(place.sheet);
            let call = self.draft.source(place.sheet, line).map(CallId);
            let text =
                "the group that begins here is never closed as a block; the program closes it at the end";
            self.remarks.push(Remark { kind: RemarkKind::Assumed, call, text: text.to_owned() });
        }
    }
}

/// An exchange that may turn out to begin a `relaxed` block.
struct Exchange {
    at: usize,
    /// The mode before it.
    before: Mode,
}

/// Makes `relaxed` blocks of exchanges that are undone in the same block, where `before` has the mode before each.
pub(super) fn fold_exchanges(lines: &mut [Written], before: &FxHashMap<u32, Mode>) {
    // For each open block, the last exchange in it; only two neighbours in one block fold.
    let mut open: Vec<Option<Exchange>> = vec![None];
    let mut folds = Vec::new();
    for (at, written) in lines.iter().enumerate() {
        match written.line {
            Line::Open(_) => open.push(None),
            Line::Close => {
                open.pop();
                if open.is_empty() {
                    open.push(None);
                }
            }
            Line::Task(TaskData { op: Op::Exchange(next), .. }) => {
                let depth = open.len();
                // An exchange inside of a deeper block would be between the two.
                let last = open
                    .iter_mut()
                    .enumerate()
                    .rev()
                    .find_map(|(level, slot)| slot.take().map(|exchange| (level, exchange)));
                match last {
                    Some((level, exchange)) if level + 1 == depth && exchange.before == next => {
                        folds.push((exchange.at, at));
                    }
                    _ if next == Mode::Relaxed => {
                        let before = written.source.and_then(|call| before.get(&call)).copied();
                        open[depth - 1] = before.map(|before| Exchange { at, before });
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    for (first, last) in folds {
        lines[first].line = Line::Open(Scope::Relaxed);
        lines[last].line = Line::Close;
    }
}

/// Makes blocks of updates whose two calls have nothing but tasks between them.
pub(super) fn fold_updates(draft: &mut Draft, body: BodyId, lines: &mut [Written]) {
    let mut begun: Option<(usize, UpdateData)> = None;
    for at in 0..lines.len() {
        match lines[at].line {
            Line::Task(TaskData {
                op: Op::UpdateBegin(Some((graph, group))), stream: Some(stream), ..
            }) => {
                begun = Some((at, UpdateData { stream, graph, group, span: SourceRange::default() }));
            }
            Line::Task(TaskData { op: Op::UpdateEnd, stream, .. }) => {
                if let Some((first, update)) =
                    begun.take().filter(|(_, update)| Some(update.stream) == stream)
                {
                    let update = draft.body(body).updates.push(update);
                    lines[first].line = Line::Open(Scope::Update(update));
                    lines[at].line = Line::Close;
                }
            }
            Line::Task(TaskData { op: Op::Capture(_) | Op::UpdateBegin(None), .. })
            | Line::Open(_)
            | Line::Close
            | Line::Conditional(_) => begun = None,
            Line::Task(_) | Line::Comment(_) => {}
        }
    }
}
