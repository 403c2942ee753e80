//! What every call comes from, in little more than four bytes a call.
//!
//! A lowered program makes one call after another for buffers, or for tasks of one body, so a call's own part of its cause is a
//! number; what the cause is beside it stands once for a run of calls.
//!
//! **Invariant:** the causes of a run are the same but for their numbers, and every call is in exactly one run.

use acg_calls::CallId;
use acg_ir::graph::SourceRange;
use acg_ir::{Buffer, Entity, Event, Notify, Stream, Task};

use super::provenance::{Cause, Declaration};

/// What every call comes from.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    /// In order of their first calls.
    runs: Vec<Run>,
    /// Of every call, the number of the task or declaration; 0 where the cause has none.
    numbers: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    first: CallId,
    /// With number 0.
    cause: Cause,
    /// The source line, where it does not follow from the cause.
    line: Option<SourceRange>,
}

impl Causes {
    pub(super) fn reserve(&mut self, calls: usize) {
        self.numbers.reserve(calls);
    }

    /// Adds the cause of the next call; `line` is its source line, which is not kept where it follows from the cause.
    pub(super) fn push(&mut self, cause: Cause, line: Option<SourceRange>) {
        if let (Cause::Task(body, task), Some(&Run { cause: Cause::Task(last, _), .. })) =
            (cause, self.runs.last())
            && body == last
        {
            return self.numbers.push(task.index() as u32);
        }
        let number = cause.number();
        let line = if number.is_some() { None } else { line };
        let cause = cause.with_number(0);
        if !matches!(self.runs.last(), Some(run) if run.cause == cause && run.line == line) {
            self.runs.push(Run { first: CallId(self.numbers.len() as u32), cause, line });
        }
        self.numbers.push(number.unwrap_or(0));
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// What a call comes from; `None` past the last call.
    pub fn of(&self, call: CallId) -> Option<Cause> {
        let number = *self.numbers.get(call.index())?;
        self.run(call).map(|run| run.cause.with_number(number))
    }

    /// What the calls come from, in order.
    pub fn iter(&self) -> impl Iterator<Item = Cause> + '_ {
        let ends = self.runs.iter().skip(1).map(|run| run.first.index()).chain([self.numbers.len()]);
        self.runs.iter().zip(ends).flat_map(|(run, end)| {
            self.numbers[run.first.index()..end].iter().map(|&number| run.cause.with_number(number))
        })
    }

    /// How many calls right before `call` come from the same as it.
    pub(crate) fn same_before(&self, call: CallId) -> usize {
        let cause = self.of(call);
        (0..call.0).rev().take_while(|&before| self.of(CallId(before)) == cause).count()
    }

    /// The source line of a call whose cause does not say it.
    pub(super) fn line(&self, call: CallId) -> Option<SourceRange> {
        self.run(call)?.line
    }

    fn run(&self, call: CallId) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.first <= call);
        self.runs.get(after.checked_sub(1)?)
    }
}

impl Cause {
    /// The number of what there are many of; `None` for what has none, or is too rare for it to matter.
    fn number(self) -> Option<u32> {
        Some(match self {
            Self::Task(_, task) => task.index() as u32,
            Self::Declaration(Declaration::Buffer(buffer)) => buffer.index() as u32,
            Self::Declaration(Declaration::Event(event)) => event.index() as u32,
            Self::Declaration(Declaration::Stream(stream)) => stream.index() as u32,
            Self::Declaration(Declaration::Notify(notify)) => notify.index() as u32,
            _ => return None,
        })
    }

    fn with_number(self, number: u32) -> Self {
        let at = number as usize;
        match self {
            Self::Task(body, _) => Self::Task(body, Task::at(at)),
            Self::Declaration(Declaration::Buffer(_)) => {
                Self::Declaration(Declaration::Buffer(Buffer::at(at)))
            }
            Self::Declaration(Declaration::Event(_)) => Self::Declaration(Declaration::Event(Event::at(at))),
            Self::Declaration(Declaration::Stream(_)) => {
                Self::Declaration(Declaration::Stream(Stream::at(at)))
            }
            Self::Declaration(Declaration::Notify(_)) => {
                Self::Declaration(Declaration::Notify(Notify::at(at)))
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use acg_ir::{BodyId, GraphId};
    use proptest::prelude::*;

    use super::*;

    fn cause() -> impl Strategy<Value = Cause> {
        let at = 0..3usize;
        prop_oneof![
            Just(Cause::Program),
            at.clone().prop_map(|at| Cause::Declaration(Declaration::Buffer(Buffer::at(at)))),
            at.clone().prop_map(|at| Cause::Declaration(Declaration::Event(Event::at(at)))),
            at.clone().prop_map(|at| Cause::Declaration(Declaration::Stream(Stream::at(at)))),
            at.clone().prop_map(|at| Cause::Declaration(Declaration::Notify(Notify::at(at)))),
            at.clone().prop_map(|at| Cause::Declaration(Declaration::Model(GraphId::at(at)))),
            at.clone().prop_map(|at| Cause::Open(BodyId::Graph(GraphId::at(at)))),
            (at.clone(), at)
                .prop_map(|(graph, task)| { Cause::Task(BodyId::Graph(GraphId::at(graph)), Task::at(task)) }),
        ]
    }

    proptest! {
        #[test]
        fn every_call_has_the_cause_that_was_pushed(pushed in prop::collection::vec((cause(), 0..2u32), 0..40)) {
            let mut causes = Causes::default();
            for &(cause, line) in &pushed {
                causes.push(cause, Some(SourceRange { start: line, end: line + 1 }));
            }
            prop_assert_eq!(causes.iter().collect::<Vec<_>>(), pushed.iter().map(|it| it.0).collect::<Vec<_>>());
            for (at, &(cause, line)) in pushed.iter().enumerate() {
                let call = CallId(at as u32);
                prop_assert_eq!(causes.of(call), Some(cause));
                let kept = causes.line(call).map(|range| range.start);
                prop_assert_eq!(kept, cause.number().is_none().then_some(line));
                let same = pushed[..at].iter().rev().take_while(|it| it.0 == cause).count();
                prop_assert_eq!(causes.same_before(call), same);
            }
            prop_assert_eq!(causes.of(CallId(pushed.len() as u32)), None);
        }
    }
}
