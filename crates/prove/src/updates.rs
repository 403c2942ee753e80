//! Kernels that the program may put in the place of those of a task group.
//!
//! Which kernel takes the place of which is not asked: any of a group's may touch what any of its updates touches.

use acg_ir::{Body, Entity, Graph, GraphId, Module, Scope, Step, Symbol, TaskData};
use rustc_hash::FxHashMap;

use crate::order::index;

/// The updates of all graphs of a module.
pub(crate) struct AllUpdates<'m> {
    /// Of each graph, the kernels of all updates of a group, by its name.
    of: Vec<FxHashMap<Symbol, Vec<&'m TaskData>>>,
}

impl<'m> AllUpdates<'m> {
    pub(crate) fn of(module: &'m Module) -> Self {
        let mut of: Vec<FxHashMap<Symbol, Vec<&TaskData>>> = vec![FxHashMap::default(); module.graphs.len()];
        for (_, body) in module.bodies().filter(|(_, body)| !body.updates.is_empty()) {
            collect(body, |graph, group, task| of[graph.index()].entry(group).or_default().push(task));
        }
        Self { of }
    }
}

/// The updates of one graph.
pub(crate) struct Updates<'m, 'a> {
    /// The kernels of all updates of a group, by its name.
    kernels: &'a FxHashMap<Symbol, Vec<&'m TaskData>>,
    /// The groups of tasks; empty where nothing is updated.
    groups: FxHashMap<u32, Symbol>,
}

impl<'m, 'a> Updates<'m, 'a> {
    /// Those of `graph`, which has this number.
    pub(crate) fn of(all: &'a AllUpdates<'m>, number: usize, graph: &Graph) -> Self {
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

    /// The kernels that may stand in for a task.
    pub(crate) fn of_task(&self, task: u32) -> impl Iterator<Item = &'m TaskData> + use<'m, 'a> {
        let group = self.groups.get(&task);
        group.and_then(|group| self.kernels.get(group)).into_iter().flatten().copied()
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
