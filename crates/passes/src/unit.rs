//! Units: the tasks of a graph that move as one.
//!
//! A task group stays whole and on one stream, because it is updated as a whole; so does a `relaxed` block. Everything else moves by
//! itself.

use acg_ir::{Arena, Graph, Scope, Step, Task};

/// A run of steps that stays together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// The steps, blocks with their braces.
    pub(crate) steps: std::ops::Range<usize>,
    /// Whether nothing in it takes a stream: calls that the host makes at once, while it captures.
    pub(crate) is_eager: bool,
}

impl Unit {
    /// Its tasks, in program order.
    pub(crate) fn tasks<'g>(&self, graph: &'g Graph) -> impl Iterator<Item = Task> + use<'g> {
        graph.steps[self.steps.clone()].iter().filter_map(|step| match *step {
            Step::Task(task) => Some(task),
            Step::Open(_) | Step::Close => None,
        })
    }
}

/// The units of a graph, in program order, without the tasks in `left_out`; blocks of a stream are looked through.
pub(crate) fn units(graph: &Graph, left_out: &Arena<Task, bool>) -> Vec<Unit> {
    let mut units = Vec::new();
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
                    units.push(unit(graph, start..at + 1));
                    began = None;
                }
                inside.pop();
            }
            Step::Task(task) if began.is_none() && !left_out[task] => units.push(unit(graph, at..at + 1)),
            Step::Task(_) => {}
        }
    }
    units
}

fn unit(graph: &Graph, steps: std::ops::Range<usize>) -> Unit {
    let mut unit = Unit { steps, is_eager: true };
    unit.is_eager = unit.tasks(graph).all(|task| !graph.tasks[task].op.takes_stream())
        && !graph.steps[unit.steps.clone()].iter().any(|step| matches!(step, Step::Open(Scope::Group(_))));
    unit
}
