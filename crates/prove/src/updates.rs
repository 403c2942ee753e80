//! Kernels that the program may put in the place of those of a task group.
//!
//! Which kernel takes the place of which is not asked: any of a group's may touch what any of its updates touches.

use acg_ir::{Body, Graph, Module, Scope, Step, Symbol, TaskData};
use rustc_hash::FxHashMap;

use crate::order::index;

/// The updates of one graph.
pub(crate) struct Updates<'m> {
    /// The kernels of all updates of a group, by its name.
    kernels: FxHashMap<Symbol, Vec<&'m TaskData>>,
    /// The groups of tasks; empty where nothing is updated.
    groups: FxHashMap<u32, Symbol>,
}

impl<'m> Updates<'m> {
    pub(crate) fn of(module: &'m Module, graph: &Graph) -> Self {
        let mut kernels: FxHashMap<Symbol, Vec<&TaskData>> = FxHashMap::default();
        for (_, body) in module.bodies() {
            let is_of_graph = |update: &acg_ir::body::UpdateData| {
                std::ptr::eq(&raw const module.graphs[update.graph], graph)
            };
            if body.updates.values().any(is_of_graph) {
                collect(body, |of, group, task| {
                    if std::ptr::eq(&raw const module.graphs[of], graph) {
                        kernels.entry(group).or_default().push(task);
                    }
                });
            }
        }
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
    pub(crate) fn of_task(&self, task: u32) -> impl Iterator<Item = &'m TaskData> + use<'m, '_> {
        let group = self.groups.get(&task);
        group.and_then(|group| self.kernels.get(group)).into_iter().flatten().copied()
    }
}

/// Calls `found` with every task that stands in an update, and the graph and the name of the group that it is for.
fn collect<'b>(body: &'b Body, mut found: impl FnMut(acg_ir::GraphId, Symbol, &'b TaskData)) {
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
