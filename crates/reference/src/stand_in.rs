//! Values in place of results that acg does not know: of kernels, offline models, and GE graphs.
//!
//! They follow from the name and from the bytes that are read, whatever these are called and wherever they lie, and from nothing
//! else. So two programs that give a kernel the same inputs see the same results, and a result shows which inputs it came from.

use acg_ir::{Module, Op, TaskData, Value};

use crate::memory::{Memory, access};
use crate::operators::Refusal;
use crate::random::Random;

/// Whether the results of a task are stand-ins.
pub(crate) fn stands_in(op: Op) -> bool {
    matches!(
        op,
        Op::Kernel(_)
            | Op::Operator(_)
            | Op::ExecuteModel(_)
            | Op::ExecuteModelSync(_)
            | Op::GeRun(_)
            | Op::GeRunSync(_)
    )
}

/// What the task is known by.
pub(crate) fn name(module: &Module, op: Op) -> String {
    match op {
        Op::Kernel(name) => format!("kernel \"{}\"", module.text(name)),
        Op::Operator(id) => id.to_string(),
        Op::ExecuteModel(model) | Op::ExecuteModelSync(model) => {
            format!("model \"{}\"", module.text(module.om_models[model].path))
        }
        Op::GeRun(graph) | Op::GeRunSync(graph) => {
            format!("graph {} of session {}", graph.number, module.text(module.sessions[graph.session].name))
        }
        _ => String::new(),
    }
}

/// Writes stand-ins into every output of the task.
pub(crate) fn perform(module: &Module, memory: &mut Memory, data: &TaskData) -> Result<(), Refusal> {
    let mut seen = name(module, data.op).into_bytes();
    for argument in module.arguments(data) {
        if !matches!(argument.value, Value::Operand(_)) {
            seen.extend(module.text(argument.name).as_bytes());
            push_value(module, argument.value, &mut seen);
        }
    }
    for operand in acg_ir::dependence::reads(module, data) {
        let bytes = memory.gather(&access(module, operand)?)?;
        seen.extend((bytes.len() as u64).to_le_bytes());
        seen.extend(bytes);
    }
    for (number, &operand) in data.outputs.of(&module.operands).iter().enumerate() {
        let access = access(module, operand)?;
        let mut bytes = vec![0; access.extent.len() as usize];
        Random::of(number as u64, &seen).plausible(&mut bytes);
        memory.scatter(&access, &bytes)?;
    }
    Ok(())
}

/// What tells one value of an argument from another.
fn push_value(module: &Module, value: Value, out: &mut Vec<u8>) {
    match value {
        Value::Int(value) => out.extend(value.to_le_bytes()),
        Value::Float(value, _) => out.extend(value.to_bits().to_le_bytes()),
        Value::Size(value) => out.extend(value.to_le_bytes()),
        Value::Duration(value) => out.extend(value.0.to_le_bytes()),
        Value::Bool(value) => out.push(value.into()),
        Value::Text(text) | Value::Word(text) => out.extend(module.text(text).as_bytes()),
        Value::DType(dtype) => out.extend(dtype.as_str().as_bytes()),
        Value::Operand(_) => {}
        Value::List(list) => list.of(&module.values).iter().for_each(|&value| push_value(module, value, out)),
    }
    out.push(0);
}
