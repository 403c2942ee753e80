//! Which graphs complete when they are executed.
//!
//! A graph that waits for an external event, a notify or a value that nothing in the module signals before it would
//! wait for ever: executing it is for a host program that does signal.

use acg_ir::{Access, Event, Graph, GraphId, Module, Notify, Op, Operand, TaskData};
use rustc_hash::FxHashSet;

/// What the graphs executed so far have signalled.
#[derive(Default)]
struct Signalled {
    events: FxHashSet<Event>,
    notifies: FxHashSet<Notify>,
    values: Vec<Access>,
}

/// The graphs of `candidates` that complete when they are executed in this order.
pub(super) fn completing(module: &Module, candidates: &[GraphId]) -> Vec<GraphId> {
    let any_external = module.events.values().any(|event| event.kind.is_external());
    if !candidates.iter().any(|&graph| may_wait(&module.graphs[graph], any_external)) {
        return candidates.to_vec();
    }
    let mut signalled = Signalled::default();
    let mut completing = Vec::new();
    for &id in candidates {
        if signalled.execute(module, &module.graphs[id]) {
            completing.push(id);
        }
    }
    completing
}

/// Whether a graph may wait for what is signalled elsewhere: one of its tasks does, though it need not be in the program any more.
/// `any_external` says whether there are EXTERNAL events.
fn may_wait(graph: &Graph, any_external: bool) -> bool {
    graph.tasks.values().any(|data| match data.op {
        Op::Wait { external, .. } => external || any_external,
        Op::WaitNotify(_) | Op::WaitValue(..) => true,
        _ => false,
    })
}

impl Signalled {
    /// Takes in what `graph` signals, and says whether all that it waits for was signalled before.
    fn execute(&mut self, module: &Module, graph: &Graph) -> bool {
        graph.program().all(|task| {
            let data = &graph.tasks[task];
            match data.op {
                Op::Record { event, external } if external || module.events[event].kind.is_external() => {
                    self.events.insert(event);
                    true
                }
                Op::Wait { event, external } if external || module.events[event].kind.is_external() => {
                    self.events.contains(&event)
                }
                Op::RecordNotify(notify) => {
                    self.notifies.insert(notify);
                    true
                }
                Op::WaitNotify(notify) => self.notifies.contains(&notify),
                Op::WriteValue(_) => {
                    self.values.extend(accesses(module, data.outputs.of(&module.operands)));
                    true
                }
                Op::WaitValue(..) => self.is_written(module, data),
                _ => true,
            }
        })
    }

    fn is_written(&self, module: &Module, wait: &TaskData) -> bool {
        accesses(module, wait.inputs.of(&module.operands)).all(|waited| {
            let written = |value: &Access| value.root == waited.root && value.extent.overlaps(&waited.extent);
            self.values.iter().any(written)
        })
    }
}

fn accesses<'m>(module: &'m Module, operands: &'m [Operand]) -> impl Iterator<Item = Access> + 'm {
    operands.iter().filter_map(|&operand| module.access(operand).ok())
}
