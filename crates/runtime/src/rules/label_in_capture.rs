//! `aclrtSetLabel` or `aclrtSwitchLabelByIndex` on a stream that is not bound by the build API.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG110.
pub static RULE: Rule = Rule::error(
    "ACG110",
    "label-in-capture",
    &[107_005, 207_000],
    "labels are set or switched on a stream that no build-API graph owns",
);

/// The stream must be bound by the build API, and must not capture a branch.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, stream: StreamId) -> Verdict {
    let in_branch = m.state.capture_of(stream).is_some_and(|(_, model)| m.state.models[model].is_branch());
    let name = m.stream_name(stream);
    if in_branch && !m.state.target.is_david {
        return Err(refuse(
            &RULE,
            207_000,
            format!("{} is not allowed on {name}, which captures a branch", c.api()),
        )
        .label(m.state.streams[stream].entered_by, "the branch's capture begins here")
        .help("use conditional tasks instead of labels"));
    }
    if m.state.streams[stream].bound_to.is_some() {
        return Ok(());
    }
    Err(refuse(&RULE, 107_005, format!("{} needs a stream that is bound to a graph, {name} is not", c.api()))
        .help("build such graphs with aclmdlRIBuildBegin and aclmdlRIBindStream, or use conditional tasks"))
}
