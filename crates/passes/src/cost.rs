//! What a task costs, for a scheduler.

use acg_ir::{Graph, Module, Op, Operand, Task, TaskData, Value};
use acg_schedule::Engine;

/// How long `task` runs, in nanoseconds.
pub(crate) fn cost(module: &Module, graph: &Graph, task: Task) -> u64 {
    let attributes = graph.tasks[task].attributes.of(&module.attributes).iter();
    attributes
        .filter_map(|attribute| match attribute.value {
            Value::Duration(cost) if module.text(attribute.name) == "cost" => Some(cost.0),
            _ => None,
        })
        .next()
        .unwrap_or(2_000)
}

/// What `task` occupies.
pub(crate) fn engine(module: &Module, graph: &Graph, task: Task) -> Engine {
    let data = &graph.tasks[task];
    let is_host = |operand: Option<&Operand>| {
        operand.is_some_and(|operand| module.buffers[operand.buffer].space.is_host())
    };
    let ends = |data: &TaskData| {
        let from = is_host(data.inputs.of(&module.operands).first());
        (from, is_host(data.outputs.of(&module.operands).first()))
    };
    match data.op {
        Op::Copy | Op::Copy2d | Op::CopyBatch => match ends(data) {
            (true, false) => Engine::HostToDevice,
            (false, true) => Engine::DeviceToHost,
            _ => Engine::DeviceToDevice,
        },
        _ => Engine::Slot,
    }
}
