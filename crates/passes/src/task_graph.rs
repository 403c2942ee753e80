//! The units of a graph as the nodes of a task graph that can be scheduled.

use acg_ir::cost::{Costs, Engine as Words};
use acg_ir::{Arena, Graph, Inference, Module, Task};
use acg_schedule::{Dag, Engine};
use acg_target::DeviceModel;

use crate::unit::{Kind, Unit, units};

/// In nanoseconds, more than a century: what all tasks take together at most, and so with latencies always fits.
const MOST_TIME: u64 = 1 << 62;

/// A graph as a scheduler sees it.
pub(crate) struct TaskGraph {
    /// Calls that the host makes at once, in program order.
    pub(crate) eager: Vec<Unit>,
    /// What is scheduled; node `i` of the DAG is unit `i`. Dependences go from smaller to larger numbers.
    pub(crate) units: Vec<Unit>,
    /// Their dependences and durations.
    pub(crate) dag: Dag,
    /// Whether every unit occupies one engine from its start to its end, so that its times are those of its tasks.
    pub(crate) is_simple: bool,
}

impl TaskGraph {
    /// The task graph of `graph` without the tasks that `left_out` says, timed by `model` where a task does not say what it costs.
    pub(crate) fn of(
        module: &Module,
        graph: &Graph,
        model: &DeviceModel,
        left_out: impl Fn(Task) -> bool,
        inference: &mut Inference,
    ) -> Self {
        let [eager, mut units] = units(graph, |task| match graph.tasks[task].op {
            _ if left_out(task) => Kind::LeftOut,
            op if op.takes_stream() => Kind::OnStream,
            _ => Kind::Eager,
        });
        // Room that is not written to costs nothing, and a large list is not to be moved as it grows.
        let mut edges: Vec<(Task, Task)> = Vec::with_capacity(4 * graph.tasks.len());
        inference.each(module, graph, |from, to, _| edges.push((from, to)));
        // The device model lets the task defined first go first, so that is what the numbers say.
        units.sort_by_key(|unit| unit.tasks(graph).next());
        let mut node_of = nodes(graph, &units);
        let is_forward = edges.iter().all(|&(from, to)| {
            let (from, to) = (node_of[from], node_of[to]);
            from == u32::MAX || to == u32::MAX || from <= to
        });
        if !is_forward {
            units.sort_unstable_by_key(|unit| unit.steps().start);
            node_of = nodes(graph, &units);
        }
        let prices = Costs::new(module, model);
        let mut costs = Vec::with_capacity(units.len());
        let mut engines = Vec::with_capacity(units.len());
        let mut is_simple = is_forward;
        let most = MOST_TIME / (units.len() as u64 + 1);
        for unit in &units {
            let mut cost = 0u64;
            let mut engine = None;
            for task in unit.tasks(graph) {
                let data = &graph.tasks[task];
                cost = cost.saturating_add(prices.cost(data).0);
                // Tasks of a block follow each other; the slot that a kernel takes is the scarcest of what they need.
                let own = engine_of(prices.engine(data));
                is_simple &= engine.is_none_or(|engine| engine == own);
                engine = Some(if engine.is_none_or(|engine| engine == own) { own } else { Engine::Slot });
            }
            // Sums of durations must fit; who has such tasks is not told when they end.
            is_simple &= cost <= most;
            costs.push(cost.min(most));
            engines.push(engine.unwrap_or(Engine::Slot));
        }
        let edges = edges.iter().map(|&(from, to)| (node_of[from], node_of[to]));
        // Eager calls have no node, and what a unit depends on within itself is in order anyway: both drop out here.
        let dag = Dag::new(costs, engines, edges);
        Self { eager, units, dag, is_simple }
    }
}

/// The unit of each task, `u32::MAX` for one that is in none.
fn nodes(graph: &Graph, units: &[Unit]) -> Arena<Task, u32> {
    let mut node_of = Arena::filled(graph.tasks.len(), u32::MAX);
    for (node, unit) in units.iter().enumerate() {
        unit.tasks(graph).for_each(|task| node_of[task] = node as u32);
    }
    node_of
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
