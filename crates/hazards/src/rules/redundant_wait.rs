//! A captured wait orders nothing that is not ordered anyway.
//!
//! **Fires** on a wait for a captured event if the stream already comes after the record by its own order and by other captured
//! waits. Not for the record that ends a stream, which the end of the capture wants waited for.
//!
//! **Sound because** only stream order and captured events are counted, which the device keeps exactly: without the
//! wait the order is the same.

use acg_diagnostics::Rule;
use acg_ir::{Clocks, Place};
use acg_runtime::Finding;

use crate::graph::{Captured, Join};
use crate::report::Report;
use crate::trace::Trace;

/// ACG355.
pub static RULE: Rule =
    Rule::lint("ACG355", "redundant-wait", "a wait for an event whose record is ordered before it anyway");

/// Clock entries after which a graph is given up: more than 256 MB.
const MOST_ENTRIES: usize = 1 << 26;

/// Looks for waits that change nothing.
pub(crate) fn check(trace: &Trace<'_, '_>, graph: &Captured<'_>, report: &mut Report) {
    let exact = |join: &Join| Some((join.wait, join.recorded()?));
    let mut joins = graph.joins.iter().filter_map(exact).peekable();
    if joins.peek().is_none() {
        return;
    }
    let mut last_on_lane = vec![0; graph.lanes.len()];
    for (index, &lane) in (0..).zip(&graph.spots) {
        last_on_lane[lane as usize] = index;
    }
    let lane_of = |spot: u32| graph.spots[spot as usize];
    let mut clocks = Clocks::of_held_places(graph.lanes.len());
    // Of records; who is waited for by nobody and waits for nobody changes no clock.
    let mut places: Vec<Place> = Vec::with_capacity(graph.records.len());
    let mut waits_to_come = vec![0u32; graph.records.len()];
    for (_, recorded) in graph.joins.iter().filter_map(exact) {
        waits_to_come[recorded] += 1;
    }
    let mut wait = |(wait, recorded): (u32, usize), places: &[Place], clocks: &mut Clocks| {
        let record = graph.records[recorded].spot;
        let is_news = clocks.join(lane_of(wait), places[recorded]);
        waits_to_come[recorded] -= 1;
        if waits_to_come[recorded] == 0 {
            clocks.let_go(places[recorded]);
        }
        if !is_news && last_on_lane[lane_of(record) as usize] != record {
            report.add_with(&RULE, Some(graph.model), || finding(trace, graph, wait, record));
        }
    };
    for record in &graph.records {
        while let Some(join) = joins.next_if(|join| join.0 <= record.spot) {
            wait(join, &places, &mut clocks);
        }
        let lane = lane_of(record.spot);
        let place = if record.is_waited_for { clocks.step(lane) } else { clocks.next(lane) };
        if record.is_waited_for {
            clocks.hold(place);
        }
        places.push(place);
        if clocks.entries() > MOST_ENTRIES {
            return;
        }
    }
    joins.for_each(|join| wait(join, &places, &mut clocks));
}

fn finding(trace: &Trace<'_, '_>, graph: &Captured<'_>, wait: u32, record: u32) -> Finding {
    let (wait, record) = (graph.node(trace, wait), graph.node(trace, record));
    let (waiting, recording) = (trace.stream(wait), trace.stream(record));
    let (to, from) = (trace.stream_name(waiting), trace.stream_name(recording));
    let message = if waiting == recording {
        format!("{to} waits for a record of its own, which comes before anyway")
    } else {
        format!("{to} comes after this record on {from} without the wait")
    };
    Finding::new(&RULE, wait.call, message)
        .label(record.call, "the record that it waits for")
        .help("leave the wait out; it takes queue entries and orders nothing")
}
