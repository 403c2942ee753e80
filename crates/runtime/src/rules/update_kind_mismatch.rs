//! A launch into an update whose kernel runs on other cores than the captured one.

use acg_calls::Name;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{Kernel, TaskId, Work};

/// ACG159.
pub static RULE: Rule = Rule::error(
    "ACG159",
    "update-kind-mismatch",
    &[507_000],
    "an update launches a kernel of another kind than the captured one",
);

/// The kernel must run on the same kind of cores as the one it replaces.
pub(crate) fn check(m: &Machine<'_>, task: TaskId, kernel: &Kernel) -> Verdict {
    let Work::Kernel(launch) = m.state.tasks[task].work else { return Ok(()) };
    let old = m.state.launches.kernel(launch);
    if old.kind() == kernel.kind() {
        return Ok(());
    }
    let text = |name: Option<Name>| name.map_or("a kernel", |name| m.text(name));
    let message = format!(
        "{} is a {} kernel and cannot replace {}, which is {}",
        text(kernel.name),
        kernel.core,
        text(old.name),
        old.core
    );
    Err(refuse(&RULE, 507_000, message)
        .label(m.state.tasks[task].call, "the captured kernel")
        .note("The launch uses up its place in the group all the same.")
        .help("launch kernels of the same kinds in the same order as captured"))
}
