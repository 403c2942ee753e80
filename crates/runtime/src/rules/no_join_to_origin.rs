//! No final record of a joined stream is waited for by the origin.
//!
//! The runtime tests this last. In a capture made by calls one after another it never fires: of the final records that are
//! all waited for, only the origin can wait for the latest.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Verdict, refuse};
use crate::state::ModelId;

/// ACG032.
pub static RULE: Rule = Rule::error(
    "ACG032",
    "no-join-to-origin",
    &[107_025],
    "joined streams wait for each other, but none comes back to the origin",
);

/// How many joined streams are shown.
const SHOWN: usize = 8;

/// At least one joined stream must come back to the origin.
pub(crate) fn check(m: &Machine<'_>, model: ModelId) -> Verdict {
    let mut first = None;
    for &inner in &m.state.models[model].inners {
        if !m.must_join(model, inner) {
            continue;
        }
        first.get_or_insert(inner);
        let joins =
            m.final_record(inner).is_some_and(|(_, event)| m.state.captured[event].is_waited_by_origin);
        if joins {
            return Ok(());
        }
    }
    let Some(inner) = first else { return Ok(()) };
    let origin = m.origin_of(model);
    let origin_name = origin.map_or("the origin", |origin| m.stream_name(origin));
    let mut refusal = refuse(
        &RULE,
        107_025,
        format!(
            "streams joined the capture on {origin_name}, but {origin_name} waits for none of them at the end"
        ),
    )
    .label_if(origin.map(|origin| m.state.streams[origin].entered_by), "the capture begins here");
    let joined = m.state.models[model].inners.iter().filter(|&&inner| m.must_join(model, inner));
    for &inner in joined.take(SHOWN) {
        if let Some((task, event)) = m.final_record(inner) {
            let name = m.event_name(m.state.captured[event].event);
            refusal = refusal
                .label(m.state.tasks[task].call, format!("{name} is recorded last on its stream here"))
                .label_if(
                    m.state.captured[event].waited_by,
                    "and waited for by a stream that is not the origin",
                );
        }
    }
    Err(refusal.help(super::come_back(m, inner)))
}
