//! Units: the tasks of a graph that move as one.
//!
//! A task group stays whole and on one stream, because it is updated as a whole; so does a `relaxed` block. Everything else moves by
//! itself.

use std::ops::Range;

use acg_ir::{Graph, Scope, Step, Task};

/// A run of steps that stays together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    start: u32,
    end: u32,
}

impl Unit {
    /// The steps, blocks with their braces.
    pub(crate) fn steps(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Its tasks, in program order.
    pub(crate) fn tasks(self, graph: &Graph) -> impl Iterator<Item = Task> + use<'_> {
        graph.steps[self.steps()].iter().filter_map(|step| match *step {
            Step::Task(task) => Some(task),
            Step::Open(_) | Step::Close => None,
        })
    }
}

/// What a task is to the units of its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Not part of any.
    LeftOut,
    /// A call that the host makes at once, while it captures.
    Eager,
    /// What runs on a stream.
    OnStream,
}

/// The units of a graph in program order: calls that the host makes at once, and the others. Blocks of a stream are looked through; what is
/// left out of the units is so in no block.
pub(crate) fn units(graph: &Graph, kind: impl Fn(Task) -> Kind) -> [Vec<Unit>; 2] {
    // Room that is not written to costs nothing, and a large list is not to be moved as it grows.
    let mut units = [Vec::new(), Vec::with_capacity(graph.tasks.len())];
    let mut push = |steps: Range<usize>| {
        let unit = Unit { start: steps.start as u32, end: steps.end as u32 };
        let is_eager = graph.steps[unit.steps()].iter().all(|step| match *step {
            Step::Task(task) => kind(task) == Kind::Eager,
            Step::Open(scope) => !matches!(scope, Scope::Group(_)),
            Step::Close => true,
        });
        units[usize::from(!is_eager)].push(unit);
    };
    // How many blocks are open, and how many were when the unit began.
    let mut inside: Vec<bool> = Vec::new();
    let mut began: Option<(usize, usize)> = None;
    for (at, step) in graph.steps.iter().enumerate() {
        match *step {
            Step::Open(scope) => {
                let keeps = !matches!(scope, Scope::Stream(_));
                inside.push(keeps);
                if keeps && began.is_none() {
                    began = Some((at, inside.len()));
                }
            }
            Step::Close => {
                if let Some((start, depth)) = began
                    && depth == inside.len()
                {
                    push(start..at + 1);
                    began = None;
                }
                inside.pop();
            }
            Step::Task(task) if began.is_none() && kind(task) != Kind::LeftOut => push(at..at + 1),
            Step::Task(_) => {}
        }
    }
    units
}
