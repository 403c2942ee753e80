//! A launch into an update on a machine whose driver or firmware cannot update kernels.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{Kernel, StreamId};

/// ACG160.
pub static RULE: Rule = Rule::error(
    "ACG160",
    "update-unsupported",
    &[207_019, 207_000],
    "driver or firmware cannot update kernels",
);

/// The machine must be able to update kernels that are not mixed.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId, kernel: &Kernel) -> Verdict {
    if m.state.target.has_task_update || kernel.core.is_mix() {
        return Ok(());
    }
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 207_019, format!("the firmware cannot update the kernel that {name} launches"))
        .help("install driver and firmware 25.0.RC1 or later (310P: 26.0.RC1)"))
}
