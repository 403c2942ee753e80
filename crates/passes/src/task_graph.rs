//! The units of a graph as the nodes of a task graph that can be scheduled.

use acg_ir::{Arena, Dependences, Entity, Graph, Module, Task};
use acg_schedule::{Dag, Engine};

use crate::unit::{Unit, units};

/// A graph as a scheduler sees it.
pub(crate) struct TaskGraph {
    /// Calls that the host makes at once, in program order.
    pub(crate) eager: Vec<Unit>,
    /// What is scheduled; node `i` of the DAG is unit `i`.
    pub(crate) units: Vec<Unit>,
    /// Their dependences and durations.
    pub(crate) dag: Dag,
}

impl TaskGraph {
    /// The task graph of `graph`.
    pub(crate) fn of(module: &Module, graph: &Graph) -> Self {
        let (eager, units): (Vec<Unit>, Vec<Unit>) = units(graph).into_iter().partition(|unit| unit.is_eager);
        let mut node_of: Arena<Task, u32> = Arena::filled(graph.tasks.len(), u32::MAX);
        let mut costs = Vec::with_capacity(units.len());
        let mut engines = Vec::with_capacity(units.len());
        for (node, unit) in units.iter().enumerate() {
            let mut cost = 0u64;
            let mut engine = None;
            for task in unit.tasks(graph) {
                node_of[task] = node as u32;
                cost = cost.saturating_add(crate::cost::cost(module, graph, task));
                // Tasks of a block follow each other; the slot that a kernel takes is the scarcest of what they need.
                let own = crate::cost::engine(module, graph, task);
                engine = Some(if engine.is_none_or(|engine| engine == own) { own } else { Engine::Slot });
            }
            costs.push(cost);
            engines.push(engine.unwrap_or(Engine::Slot));
        }
        let dependences = Dependences::of(module, graph);
        let edges = dependences.dag.raw_edges().iter().map(|edge| {
            let node = |task: usize| node_of[Task::at(task)];
            (node(edge.source().index()), node(edge.target().index()))
        });
        // Eager calls have no node, and what a unit depends on within itself is in order anyway: both drop out here.
        let dag = Dag::new(costs, engines, edges);
        Self { eager, units, dag }
    }
}
