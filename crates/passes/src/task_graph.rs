//! The units of a graph as the nodes of a task graph that can be scheduled.

use acg_ir::cost::{Costs, Engine as Words};
use acg_ir::{Arena, Dependences, Entity, Graph, Module, Task};
use acg_schedule::{Dag, Engine};
use acg_target::DeviceModel;

use crate::unit::{Unit, units};

/// A graph as a scheduler sees it.
pub(crate) struct TaskGraph {
    /// Calls that the host makes at once, in program order.
    pub(crate) eager: Vec<Unit>,
    /// What is scheduled; node `i` of the DAG is unit `i`.
    pub(crate) units: Vec<Unit>,
    /// Their dependences and durations.
    pub(crate) dag: Dag,
    /// Whether every unit occupies one engine from its start to its end, so that its times are those of its tasks.
    pub(crate) is_simple: bool,
}

impl TaskGraph {
    /// The task graph of `graph` without the tasks in `left_out`, timed by `model` where a task does not say what it costs.
    pub(crate) fn of(
        module: &Module,
        graph: &Graph,
        model: &DeviceModel,
        left_out: &Arena<Task, bool>,
    ) -> Self {
        let prices = Costs::new(module, model);
        let (eager, units): (Vec<Unit>, Vec<Unit>) =
            units(graph, left_out).into_iter().partition(|unit| unit.is_eager);
        let mut node_of: Arena<Task, u32> = Arena::filled(graph.tasks.len(), u32::MAX);
        let mut costs = Vec::with_capacity(units.len());
        let mut engines = Vec::with_capacity(units.len());
        let mut is_simple = true;
        for (node, unit) in units.iter().enumerate() {
            let mut cost = 0u64;
            let mut engine = None;
            for task in unit.tasks(graph) {
                node_of[task] = node as u32;
                let data = &graph.tasks[task];
                cost = cost.saturating_add(prices.cost(data).0);
                // Tasks of a block follow each other; the slot that a kernel takes is the scarcest of what they need.
                let own = engine_of(prices.engine(data));
                is_simple &= engine.is_none_or(|engine| engine == own);
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
        Self { eager, units, dag, is_simple }
    }
}

/// The engine that a scheduler counts; what occupies nothing of the device keeps at least its stream busy.
fn engine_of(engine: Option<Words>) -> Engine {
    match engine {
        Some(Words::HostToDevice) => Engine::HostToDevice,
        Some(Words::DeviceToHost) => Engine::DeviceToHost,
        Some(Words::DeviceToDevice) => Engine::DeviceToDevice,
        Some(Words::Cube | Words::Vector | Words::Any) | None => Engine::Slot,
    }
}
