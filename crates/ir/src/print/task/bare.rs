//! The calls that blocks are made of, and other calls by themselves.

use std::fmt::Write;

use super::super::value;
use crate::body::Body;
use crate::module::Module;
use crate::task::Op;

/// `begin_capture mode global`, `end_group tail`, `call aclrtQueryEvent(e, &status)`.
pub(super) fn call(out: &mut String, module: &Module, body: &Body, op: Op) {
    let handle = |handle| module.text(module.handles[handle].name);
    let _ = match op {
        Op::CaptureBegin { into, mode } => {
            let into = into.map_or(String::new(), |model| format!(" into {}", handle(model)));
            write!(out, "begin_capture{into} mode {}", mode.as_str())
        }
        Op::CaptureEnd(graph) => write!(out, "end_capture {}", handle(graph)),
        Op::ExecuteHandle(graph) => write!(out, "execute {}", handle(graph)),
        Op::DumpHandle { handle: graph, path, verbose } => {
            let _ = write!(out, "dump {} ", handle(graph));
            value::quoted(out, module.text(path));
            out.write_str(if verbose { " verbose" } else { "" })
        }
        Op::GroupBegin => out.write_str("begin_group"),
        Op::GroupEnd(group) => write!(out, "end_group {}", module.text(body.groups[group].name)),
        Op::Call(call) => write!(out, "call {}", module.text(call)),
        _ => Ok(()),
    };
}
