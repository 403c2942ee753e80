//! `aclmdlRIBindStream` with a stream that is already bound.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::StreamId;

/// ACG253.
pub static RULE: Rule =
    Rule::error("ACG253", "bind-two-models", &[107_005], "a stream is bound to a second graph");

/// The stream must be free.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict {
    let Some(model) = m.state.streams[stream].bound_to else { return Ok(()) };
    let (name, model) = (m.stream_name(stream), m.model_name(model));
    Err(refuse(&RULE, 107_005, format!("{name} is already bound to {model}"))
        .help("call aclmdlRIUnbindStream first"))
}
