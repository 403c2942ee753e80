//! Calls that only the host program makes: its own memory, offline models and GE sessions.

use std::fmt::Write;

use super::super::value::{self, operand, separated};
use crate::module::Module;
use crate::task::{Op, TaskData};

/// `init a = 0.0, b = 1.0`, `print a, b`, `expect a = 1.1 within 0.001`.
pub(super) fn memory(out: &mut String, module: &Module, task: &TaskData) {
    let values = module.arguments(task);
    let (word, operands) = match task.op {
        Op::Init => ("init ", task.outputs.of(&module.operands)),
        Op::Expect => ("expect ", task.inputs.of(&module.operands)),
        _ => ("print ", task.inputs.of(&module.operands)),
    };
    out.push_str(word);
    let mut values = values.iter();
    separated(out, operands, |out, &each| {
        operand(out, module, each);
        if let Some(given) = values.next() {
            out.push_str(" = ");
            value::value(out, module, given.value);
        }
    });
    if let Some(within) = values.next() {
        out.push_str(" within ");
        value::value(out, module, within.value);
    }
}

/// The words of a call before its operands.
pub(super) fn call_of_names(out: &mut String, module: &Module, op: Op) {
    let model = |model| module.text(module.om_models[model].name);
    let _ = match op {
        Op::LoadModel(m) => write!(out, "load {}", model(m)),
        Op::UnloadModel(m) => write!(out, "unload {}", model(m)),
        Op::ExecuteModel(m) => write!(out, "execute {}", model(m)),
        Op::ExecuteModelSync(m) => write!(out, "execute_sync {}", model(m)),
        Op::GeAdd { graph, path, clone } => {
            let _ = write!(out, "graph {} = air ", graph.number);
            value::quoted(out, module.text(path));
            out.write_str(if clone { " clone" } else { "" })
        }
        Op::GeCompile(graph) => write!(out, "compile {}", graph.number),
        Op::GeLoad(graph) => write!(out, "load {}", graph.number),
        Op::GeRun(graph) => write!(out, "run {}", graph.number),
        Op::GeRunSync(graph) => write!(out, "run_sync {}", graph.number),
        Op::GeRemove(graph) => write!(out, "remove {}", graph.number),
        _ => Ok(()),
    };
}
