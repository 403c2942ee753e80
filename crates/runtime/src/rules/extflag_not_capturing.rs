//! A record or wait with the external flag on a stream that is not being captured.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::{ModelId, StreamId};

/// ACG072.
pub static RULE: Rule = Rule::error(
    "ACG072",
    "extflag-not-capturing",
    &[107_029],
    "the external flag goes only with capturing streams",
)
.since("9.2.0-beta.1");

/// The graph that the stream is captured into.
pub(crate) fn check(m: &Machine<'_>, stream: StreamId) -> Verdict<ModelId> {
    let captured = m.state.capture_of(stream).filter(|_| m.state.streams[stream].is_capturing());
    captured.map(|(_, model)| model).ok_or_else(|| {
        let name = m.stream_name(stream);
        refuse(
            &RULE,
            107_029,
            format!("{name} is not being captured, so the external flag has no meaning there"),
        )
        .help("use aclrtRecordEvent or aclrtStreamWaitEvent outside of captures")
    })
}
