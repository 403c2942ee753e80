//! An event that several streams wait for is reset.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{EventId, StreamId};

/// ACG344.
pub static RULE: Rule = Rule::silent(
    "ACG344",
    "sync-reset-many-waiters",
    "an event that several streams wait for is reset by one of them",
);

/// Remembers the last wait of each of two streams since the event was last recorded or reset.
pub(crate) fn note_wait(m: &mut Machine<'_>, event: EventId, stream: StreamId) {
    let wait = Some((stream, m.call));
    let waits = &mut m.state.events[event].waits;
    match waits.iter_mut().find(|slot| slot.is_none_or(|slot| slot.0 == stream)) {
        Some(slot) => *slot = wait,
        None => waits[1] = wait,
    }
}

/// Looks for two streams that wait, at a reset on `stream`.
pub(crate) fn look(m: &mut Machine<'_>, event: EventId, stream: StreamId) {
    let [Some(first), Some(second)] = std::mem::take(&mut m.state.events[event].waits) else { return };
    let name = m.event_name(event);
    let finding = m
        .finding(
            &RULE,
            format!(
                "{} resets {name}, which another stream may still have to wait for",
                m.stream_name(stream)
            ),
        )
        .label(first.1, format!("{} waits for {name}", m.stream_name(first.0)))
        .label(second.1, format!("{} waits for {name}", m.stream_name(second.0)))
        .note("A stream that comes to its wait after the reset waits for the next record.")
        .help("use one event for each stream that waits");
    m.report(finding);
}
