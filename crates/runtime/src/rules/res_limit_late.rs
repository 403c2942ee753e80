//! A limit on cores is changed after tasks that it should apply to were captured.

use acg_calls::{Api, CallView};
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::state::StreamId;

/// ACG118.
pub static RULE: Rule = Rule::silent(
    "ACG118",
    "res-limit-late",
    "a limit on cores is changed when tasks of the capture already have the old one",
);

/// Looks for tasks that were captured under the old limit: on the stream itself, or in the oldest capture of the device.
pub(crate) fn look(m: &mut Machine<'_>, c: &CallView<'_>) {
    let stream = match c.api() {
        Api::SetDeviceResLimit | Api::ResetDeviceResLimit => on_device(m, c.int(0).unwrap_or(0)),
        _ => m.stream(c, 0).ok().flatten(),
    };
    let Some((stream, first)) = stream.and_then(|stream| Some((stream, first_task(m, stream)?))) else {
        return;
    };
    let name = m.stream_name(stream);
    let finding = m
        .finding(&RULE, format!("the tasks that are already captured on {name} keep the old limit"))
        .label(first, "the first of them")
        .note("One graph holds tasks with two different limits.")
        .help("set limits before the capture begins");
    m.report(finding);
}

fn on_device(m: &Machine<'_>, device: i64) -> Option<StreamId> {
    let stream = m.state.capturing.first().copied()?;
    let context = m.state.streams[stream].context;
    (i64::from(m.state.contexts[context].device) == device).then_some(stream)
}

fn first_task(m: &Machine<'_>, stream: StreamId) -> Option<u32> {
    let first = m.state.inners[m.state.streams[stream].inner?].first?;
    Some(m.state.tasks[first].call)
}
