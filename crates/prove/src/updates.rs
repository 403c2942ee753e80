//! Kernels that the program may put in the place of those of a task group.
//!
//! Which kernel takes the place of which is not asked: any of a group's may touch what any of its updates touches.

use acg_ir::dependence::{reads, writes};
use acg_ir::{Body, Entity, Graph, GraphId, Module, Operand, Scope, Step, Symbol, TaskData};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::order::index;

/// The updates of all graphs of a module.
pub(crate) struct AllUpdates {
    /// Of each graph, what the kernels of all updates of a group do, by its name.
    of: Vec<FxHashMap<Symbol, Stand>>,
}

/// The operands of kernels, each once: which of the kernels has it does not matter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stand {
    /// Those that they read, and those that they write, which they may leave alone, so that they see them.
    pub(crate) seen: IndexSet<Operand, FxBuildHasher>,
    pub(crate) written: IndexSet<Operand, FxBuildHasher>,
}

impl AllUpdates {
    pub(crate) fn of(module: &Module) -> Self {
        let mut of: Vec<FxHashMap<Symbol, Stand>> = vec![FxHashMap::default(); module.graphs.len()];
        for (_, body) in module.bodies().filter(|(_, body)| !body.updates.is_empty()) {
            collect(body, |graph, group, task| {
                let stand = of[graph.index()].entry(group).or_default();
                stand.seen.extend(reads(module, task).chain(writes(module, task).iter().copied()));
                stand.written.extend(writes(module, task));
            });
        }
        Self { of }
    }
}

/// The updates of one graph.
pub(crate) struct Updates<'a> {
    /// What the kernels of all updates of a group do, by its name.
    kernels: &'a FxHashMap<Symbol, Stand>,
    /// The groups of tasks; empty where nothing is updated.
    groups: FxHashMap<u32, Symbol>,
}

impl<'a> Updates<'a> {
    /// Those of `graph`, which has this number.
    pub(crate) fn of(all: &'a AllUpdates, number: usize, graph: &Graph) -> Self {
        let kernels = &all.of[number];
        let mut groups = FxHashMap::default();
        if !kernels.is_empty() {
            let mut open = Vec::new();
            for step in &graph.steps {
                match *step {
                    Step::Open(scope) => open.push(scope),
                    Step::Close => drop(open.pop()),
                    Step::Task(task) => {
                        let inner = open.iter().rev().find_map(|scope| match *scope {
                            Scope::Group(group) => Some(graph.groups[group].name),
                            _ => None,
                        });
                        groups.extend(inner.map(|group| (index(task) as u32, group)));
                    }
                }
            }
        }
        Self { kernels, groups }
    }

    /// What may stand in for a task.
    pub(crate) fn of_task(&self, task: u32) -> Option<&'a Stand> {
        self.kernels.get(self.groups.get(&task)?)
    }
}

/// Calls `found` with every task that stands in an update, and the graph and the name of the group that it is for.
fn collect<'b>(body: &'b Body, mut found: impl FnMut(GraphId, Symbol, &'b TaskData)) {
    let mut open = Vec::new();
    for step in &body.steps {
        match *step {
            Step::Open(Scope::Update(update)) => open.push(Some(body.updates[update])),
            Step::Open(_) => open.push(open.last().copied().flatten()),
            Step::Close => drop(open.pop()),
            Step::Task(task) => {
                if let Some(Some(update)) = open.last() {
                    found(update.graph, update.group, &body.tasks[task]);
                }
            }
        }
    }
}
