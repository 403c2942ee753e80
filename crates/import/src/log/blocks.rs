//! Blocks: task groups and updates by their two calls, `relaxed` blocks by two exchanges of the mode.

use acg_calls::CallView;
use acg_ir::graph::SourceRange;
use acg_ir::{BodyId, Group, Mode, Op, Scope, Stream, TaskData, UpdateData};
use rustc_hash::FxHashMap;

use super::LogImport;
use super::captures::Place;
use super::objects::Object;
use super::say::Said;
use crate::draft::{Draft, Line, Written};

/// The most blocks that may be open at once: with a `relaxed` block and a thread's in each they are as many as the language nests.
pub(super) const MOST_BLOCKS: usize = 9;

/// How deep the lines of a branch are in its conditional task.
pub(super) const BRANCH_DEPTH: usize = 2;

impl<'l> LogImport<'l> {
    /// Whether `more` blocks may begin in a place.
    pub(super) fn check_depth(&self, place: Place, more: usize) -> Result<(), String> {
        let around = self.captures.of_sheet(place.sheet).map_or(0, |open| open.depth);
        if around + more > MOST_BLOCKS {
            return Err("blocks are not nested this deep".to_owned());
        }
        Ok(())
    }

    /// A task group ends; with its beginning it may become a block.
    pub(super) fn end_group(&mut self, call: &CallView<'l>, place: Place) -> Said {
        let stream = self.stream_at(call, 0);
        let name = call.out(1).ok_or("it gives no variable for the group")?;
        let group = self.draft.group(place.body, stream, self.log.text(name));
        if self.succeeded(call) || self.objects.find(name).is_none() {
            self.objects.bind(name, Object::Group(place.body, group));
        }
        Ok(TaskData::new(Op::GroupEnd(group), Some(stream)))
    }
}

/// A task group that has begun and not ended.
struct OpenGroup {
    at: usize,
    stream: Option<Stream>,
}

/// Makes blocks of task groups that end in the block in which they begin; of groups that cross each other, the one that ends
/// first.
pub(super) fn fold_groups(lines: &mut [Written]) {
    let mut open: Vec<Vec<OpenGroup>> = vec![Vec::new()];
    let mut folds = Vec::new();
    for (at, written) in lines.iter().enumerate() {
        match written.line {
            Line::Open(_) => open.push(Vec::new()),
            Line::Close => {
                open.pop();
                if open.is_empty() {
                    open.push(Vec::new());
                }
            }
            Line::Task(TaskData { op: Op::GroupBegin, stream, .. }) => {
                open.last_mut().into_iter().for_each(|groups| groups.push(OpenGroup { at, stream }));
            }
            Line::Task(TaskData { op: Op::GroupEnd(group), stream, .. }) => {
                let Some(groups) = open.last_mut() else { continue };
                if let Some(begun) = groups.iter().rposition(|begun| begun.stream == stream) {
                    folds.push((groups[begun].at, at, group));
                    groups.truncate(begun);
                }
            }
            _ => {}
        }
    }
    if !are_nested_well(lines, &folds) {
        return;
    }
    for (first, last, group) in folds {
        lines[first].line = Line::Open(Scope::Group(group));
        lines[last].line = Line::Close;
    }
}

/// Whether lines are not deeper in blocks than the language nests them once groups are blocks too.
fn are_nested_well(lines: &[Written], folds: &[(usize, usize, Group)]) -> bool {
    let mut turns: Vec<(usize, bool)> =
        folds.iter().flat_map(|&(first, last, _)| [(first, true), (last, false)]).collect();
    turns.sort_unstable();
    let mut turns = turns.into_iter().peekable();
    // Blocks of threads do not count, as those that are `relaxed` do not: each of the others may have one of both.
    let mut open = vec![0];
    for (at, written) in lines.iter().enumerate() {
        let depth = open.last().copied().unwrap_or(0);
        let turn = turns.next_if(|&(turn, _)| turn == at);
        match (written.line, turn) {
            (Line::Open(Scope::Thread(_)), _) => open.push(depth),
            (Line::Open(_), _) | (_, Some((_, true))) => open.push(depth + 1),
            (Line::Close, _) | (_, Some((_, false))) => {
                open.pop();
            }
            _ => {}
        }
        if depth > MOST_BLOCKS {
            return false;
        }
    }
    true
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
