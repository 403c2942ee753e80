//! A graph is executed after one of its task groups was updated on another stream, with nothing that orders the two.

use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::{GroupId, ModelId, StreamId};

/// ACG161.
pub static RULE: Rule =
    Rule::lint("ACG161", "update-unsynchronised", "nothing orders an update before the next execution");

/// Notes that an update of a group begins on a stream.
pub(crate) fn begin(m: &mut Machine<'_>, stream: StreamId, group: GroupId) {
    let call = m.call;
    let model = m.state.groups[group].model;
    if m.state.models[model].unordered_update.replace((call, stream)).is_none() {
        m.state.unordered.push(model);
    }
}

/// Notes that the host waited for a stream, or for all of them.
pub(crate) fn synchronized(m: &mut Machine<'_>, stream: Option<StreamId>) {
    let state = &mut m.state;
    state.unordered.retain(|&model| {
        let update = &mut state.models[model].unordered_update;
        if update.is_some_and(|(_, on)| stream.is_none_or(|stream| stream == on)) {
            *update = None;
        }
        update.is_some()
    });
}

/// Looks for an update that nothing orders before this execution.
pub(crate) fn execute(m: &mut Machine<'_>, model: ModelId, stream: StreamId) {
    let Some((call, on)) = m.state.models[model].unordered_update.take() else { return };
    m.state.unordered.retain(|&other| other != model);
    if on == stream || m.state.models[model].waits_for_outside || m.state.streams[stream].waited_since(call) {
        return;
    }
    let (name, on) = (m.model_name(model), m.stream_name(on));
    let finding = m
        .finding(&RULE, format!("{name} is executed with nothing that makes it wait for the update on {on}"))
        .label(call, "the update begins here")
        .note("The update is asynchronous, so the execution may still see the old parameters.")
        .help(format!("synchronize {on} first, execute on {on}, or let the graph wait for an EXTERNAL event that {on} records after the update"));
    m.report(finding);
}
