//! A call of the build API with a capturing stream or a captured graph.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, StreamId};

/// ACG120.
pub static RULE: Rule = Rule::error(
    "ACG120",
    "bind-capturing-stream",
    &[107_027, 107_000],
    "the build API is used on a captured stream or graph",
);

/// Neither graph nor stream may have to do with a capture.
pub(crate) fn check(m: &Machine<'_>, c: &CallView<'_>, model: ModelId, stream: Option<StreamId>) -> Verdict {
    if m.state.models[model].is_captured() {
        let name = m.model_name(model);
        return Err(refuse(
            &RULE,
            107_000,
            format!("{} does not take {name}, which is a captured graph", c.api()),
        )
        .label(m.state.models[model].made_by, "its capture begins here")
        .help("the build API goes only with graphs of aclmdlRIBuildBegin"));
    }
    let Some(stream) = stream.filter(|&stream| m.state.streams[stream].is_capturing()) else { return Ok(()) };
    let name = m.stream_name(stream);
    Err(refuse(&RULE, 107_027, format!("{} does not take {name}, which is being captured", c.api()))
        .label(m.state.streams[stream].entered_by, format!("{name} entered the capture here"))
        .help("use another stream for the build API"))
}
