//! The host works on its memory while work on a stream may still read or write it.
//!
//! **Fires** where the host reads what an asynchronous call on an eager stream writes, or writes what one reads or writes, and nothing
//! makes the host wait for that call.
//!
//! **Sound because** asynchronous calls return before their work is done, and host memory that is page-locked is reached directly; the
//! order is that of the timeline. Copies of pageable memory block, and are left out.

use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::Place as Memory;

use crate::timeline::{HOST, Pending, Timeline};
use crate::words::bytes;

/// ACG371.
pub static RULE: Rule = Rule::silent(
    "ACG371",
    "host-before-sync",
    "the host works on memory that work on a stream may still use",
);

/// How much work on one allocation is remembered.
const MOST: usize = 16;

/// Notes the host memory that an asynchronous call uses.
pub(crate) fn note(timeline: &mut Timeline<'_, '_, '_>, pending: Pending) {
    let trace = timeline.trace;
    for (at, touch) in trace.touches(pending.call).iter().enumerate() {
        if touch.is_signal() || trace.state.buffers[touch.buffer].place != Memory::Pinned {
            continue;
        }
        let known = timeline.host_memory.entry(touch.buffer).or_default();
        if known.len() == MOST {
            known.remove(0);
        }
        known.push(Pending { touch: at as u32, ..pending });
    }
}

/// Looks for work that the host does not wait for.
pub(crate) fn at_host(timeline: &mut Timeline<'_, '_, '_>, call: u32) {
    if timeline.host_memory.is_empty() {
        return;
    }
    let trace = timeline.trace;
    for touch in trace.touches(call) {
        let Some(known) = timeline.host_memory.get(&touch.buffer) else { continue };
        let (start, end) = trace.bounds(touch);
        let racing = known.iter().rev().find(|pending| {
            let other = trace.touches(pending.call).get(pending.touch as usize);
            other.is_some_and(|other| {
                let (other_start, other_end) = trace.bounds(other);
                (touch.writes() || other.writes())
                    && start < other_end
                    && other_start < end
                    && !timeline.clocks.has_seen(HOST, pending.place)
            })
        });
        let Some(&racing) = racing else { continue };
        let (name, range) = (trace.buffer_name(touch.buffer), bytes(&trace.extent(touch), touch.is_exact()));
        let verb = if touch.writes() { "writes" } else { "reads" };
        let (host, work) = (trace.call_name(call), trace.call_name(racing.call));
        let message = format!("{host} {verb} {name}{range} while {work} on a stream may still use it");
        let finding = Finding::new(&RULE, call, message)
            .label(racing.call, "this returns before its work is done")
            .help("synchronize the stream, or an event recorded behind the work, first");
        timeline.report.add(None, finding);
        timeline.clocks.join(HOST, racing.place);
    }
}
