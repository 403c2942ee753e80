//! The calls of each phase as runs, some of which are made again and again: `repeat` blocks of the host program, and executions.
//!
//! A log has them unrolled. Where the calls of a block are so many equal runs of calls, one run in a loop makes the same calls; where
//! they are not, because the log cut the repetition short, they stand as they are.

use acg_calls::{Arg, CallId, CallView, Log};
use acg_ir::graph::SourceRange;
use acg_ir::{Body, Module, Scope, Step};

use crate::lower::{Lowered, Origins, Phase};

/// One loop: the calls of its first run, and how often they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repetition {
    /// Its first call.
    pub(crate) start: CallId,
    /// How many calls the log has of it.
    pub(crate) calls: u32,
    /// How many calls a run has.
    pub(crate) length: u32,
    /// How many runs there are.
    pub(crate) times: u64,
}

impl Repetition {
    /// Calls that are made once.
    fn once(start: CallId, end: CallId) -> Self {
        Self { start, calls: end.0 - start.0, length: end.0 - start.0, times: 1 }
    }

    /// The calls of its first run, by their bounds.
    pub(crate) fn run(self) -> (CallId, CallId) {
        (self.start, CallId(self.start.0 + self.length))
    }
}

/// The phases that have calls, in order, each with its first call and the one behind its last.
pub(crate) fn phases(lowered: &Lowered) -> impl Iterator<Item = (Phase, CallId, CallId)> {
    let ends = lowered.phases.iter().skip(1).map(|entry| entry.1).chain([lowered.log.next_id()]);
    let phases = lowered.phases.iter().zip(ends).map(|(&(phase, start), end)| (phase, start, end));
    phases.filter(|(_, start, end)| start < end)
}

/// All calls of a phase, in order; `executions` is how often each graph is executed.
pub(crate) fn runs(
    module: &Module,
    lowered: &Lowered,
    origins: &Origins<'_>,
    executions: u32,
    (phase, start, end): (Phase, CallId, CallId),
) -> Vec<Repetition> {
    match (phase, &module.run) {
        // Every execution makes the same calls.
        (Phase::Execute(_), _) => {
            let times = u64::from(executions.max(1));
            let length = (u64::from(end.0 - start.0) / times) as u32;
            vec![Repetition { start, calls: end.0 - start.0, length, times }]
        }
        (Phase::Run, Some(body)) => {
            let mut runs = Vec::new();
            let mut at = start;
            for repetition in repetitions(body, lowered, origins, (start, end)) {
                runs.push(Repetition::once(at, repetition.start));
                runs.push(repetition);
                at = CallId(repetition.start.0 + repetition.calls);
            }
            runs.push(Repetition::once(at, end));
            runs
        }
        _ => vec![Repetition::once(start, end)],
    }
}

/// The outermost loops among the calls from `start` to `end`, in order.
fn repetitions(
    body: &Body,
    lowered: &Lowered,
    origins: &Origins<'_>,
    (start, end): (CallId, CallId),
) -> Vec<Repetition> {
    let mut found = Vec::new();
    let mut at = start.0;
    for (range, times) in blocks(body) {
        let inside = |id: u32| {
            let span = origins.line(CallId(id));
            span.is_some_and(|span| range.start <= span.start && span.end <= range.end)
        };
        let Some(first) = (at..end.0).find(|&id| inside(id)) else { continue };
        let last = (first..end.0).find(|&id| !inside(id)).unwrap_or(end.0);
        at = last;
        if let Some(length) = run_length(lowered, first, last, times) {
            found.push(Repetition { start: CallId(first), calls: last - first, length, times });
        }
    }
    found
}

/// The bytes of the lines in each outermost `repeat` block, and how often they come.
fn blocks(body: &Body) -> Vec<(SourceRange, u64)> {
    let mut found = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    let mut current: Option<(SourceRange, u64)> = None;
    for step in &body.steps {
        match *step {
            Step::Open(Scope::Repeat(times)) if current.is_none() => {
                current = Some((SourceRange { start: u32::MAX, end: 0 }, times));
                open.push(true);
            }
            Step::Open(_) => open.push(false),
            Step::Close => {
                if open.pop() == Some(true) {
                    found.extend(current.take());
                }
            }
            Step::Task(task) => {
                if let Some((range, _)) = &mut current {
                    let span = body.spans[task];
                    *range = SourceRange { start: range.start.min(span.start), end: range.end.max(span.end) };
                }
            }
        }
    }
    found
}

/// How many calls one of `times` equal runs between `first` and `last` has; `None` where there are no equal runs.
fn run_length(lowered: &Lowered, first: u32, last: u32, times: u64) -> Option<u32> {
    /// How many lengths are tried for a repetition that the log cuts short.
    const MOST_TRIED: usize = 64;
    let (log, count) = (&lowered.log, last - first);
    let is_period = |&length: &u32| {
        count.is_multiple_of(length) && (first..last - length).all(|id| same(log, id, id + length))
    };
    if lowered.cut.is_some() {
        return (1..count)
            .filter(|&length| same(log, first, first + length))
            .take(MOST_TRIED)
            .find(is_period);
    }
    let length = u64::from(count).is_multiple_of(times).then(|| (u64::from(count) / times) as u32)?;
    Some(length).filter(|_| times > 1).filter(is_period)
}

/// Whether two calls are the same but for where they stand.
fn same(log: &Log, a: u32, b: u32) -> bool {
    let (a, b) = (log.view(CallId(a)), log.view(CallId(b)));
    a.call.api == b.call.api
        && a.manner().thread == b.manner().thread
        && a.manner().operator == b.manner().operator
        && a.args().len() == b.args().len()
        && a.args().iter().zip(b.args()).all(|(x, y)| same_argument(&a, x, y))
}

/// Whether two arguments are; arrays by their items.
fn same_argument(call: &CallView<'_>, a: Arg, b: Arg) -> bool {
    match (call.items(a), call.items(b)) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same_argument(call, x, y)),
        (None, None) => a == b,
        _ => false,
    }
}
