//! An asynchronous copy from host memory to host memory.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{BufferId, Place};

/// ACG100.
pub static RULE: Rule =
    Rule::error("ACG100", "async-host-to-host", &[207_000], "an asynchronous copy between host buffers");

/// One end must be on the device.
pub(crate) fn check(m: &Machine<'_>, to: Option<BufferId>, from: Option<BufferId>) -> Verdict {
    let (Some(to), Some(from)) = (to, from) else { return Ok(()) };
    let on_host = |buffer: BufferId| m.state.buffers[buffer].place != Place::Device;
    if !(on_host(to) && on_host(from)) {
        return Ok(());
    }
    let (to, from) = (m.buffer_name(to), m.buffer_name(from));
    Err(refuse(&RULE, 207_000, format!("{from} and {to} are both host memory, which no stream copies"))
        .help("copy with memcpy in the program or in a host function"))
}
