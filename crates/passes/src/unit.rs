//! Units: the tasks of a graph that move as one.
//!
//! A task group stays whole and on one stream, because it is updated as a whole; so does a `relaxed` block. Everything else moves by
//! itself.

use std::ops::Range;

use acg_ir::{Arena, Graph, Scope, Step, Task};

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

    /// Whether nothing in it takes a stream: calls that the host makes at once, while it captures.
    fn is_eager(self, graph: &Graph) -> bool {
        graph.steps[self.steps()].iter().all(|step| match *step {
            Step::Task(task) => !graph.tasks[task].op.takes_stream(),
            Step::Open(scope) => !matches!(scope, Scope::Group(_)),
            Step::Close => true,
        })
    }
}

/// The units of a graph without the tasks in `left_out`, in program order: calls that the host makes at once, and the others. Blocks of a
/// stream are looked through.
pub(crate) fn units(graph: &Graph, left_out: &Arena<Task, bool>) -> [Vec<Unit>; 2] {
    let mut units = [Vec::new(), Vec::new()];
    let mut push = |steps: Range<usize>| {
        let unit = Unit { start: steps.start as u32, end: steps.end as u32 };
        units[usize::from(!unit.is_eager(graph))].push(unit);
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
            Step::Task(task) if began.is_none() && !left_out[task] => push(at..at + 1),
            Step::Task(_) => {}
        }
    }
    units
}
