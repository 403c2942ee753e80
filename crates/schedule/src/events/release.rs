//! From where on each record's event is free again, stream by stream.

use crate::Plan;
use crate::syncs::positions;

/// Streams looked at in one pass.
const GROUP: usize = 16;
/// More numbers than this are not kept; streams past that are not reused to.
const MOST: usize = 1 << 27;
const NONE: u32 = u32::MAX;

/// For each of `count` records and each stream, the place of the first record on the stream before which all waits happen.
///
/// `record_of` names the record of each sync, `on_stream` each stream's records by position.
pub(super) fn releases(
    plan: &Plan,
    record_of: &[u32],
    on_stream: &[Vec<(u32, u32)>],
    count: usize,
) -> Vec<u32> {
    let streams = plan.streams as usize;
    let positions = positions(plan);
    let mut release = vec![0u32; if count * streams <= MOST { count * streams } else { 0 }];
    if release.is_empty() {
        return release;
    }
    let waiting = plan.waiting();
    let mut rows = vec![[NONE; GROUP]; plan.stream_of.len()];
    for group in (0..streams).step_by(GROUP) {
        let mut next = vec![NONE; streams];
        for &task in plan.order.iter().rev() {
            let stream = plan.stream_of[task as usize] as usize;
            let behind = std::mem::replace(&mut next[stream], task);
            let mut row = if behind == NONE { [NONE; GROUP] } else { rows[behind as usize] };
            for &after in waiting.of(task) {
                for (first, &other) in row.iter_mut().zip(&rows[after as usize]) {
                    *first = other.min(*first);
                }
            }
            if (group..group + GROUP).contains(&stream) {
                row[stream - group] = positions[task as usize];
            }
            rows[task as usize] = row;
        }
        for (sync, &record) in plan.syncs.iter().zip(record_of) {
            for stream in group..streams.min(group + GROUP) {
                let known = &mut release[record as usize * streams + stream];
                *known = rows[sync.after as usize][stream - group].max(*known);
            }
        }
    }
    let places: Vec<Vec<u32>> = on_stream.iter().map(|of| places(of)).collect();
    for (at, first) in release.iter_mut().enumerate() {
        *first = places[at % streams].get(*first as usize).copied().unwrap_or(NONE);
    }
    release
}

/// For each position up to that of the last record of a stream, the place of the first record from there on.
fn places(of: &[(u32, u32)]) -> Vec<u32> {
    let mut places = Vec::with_capacity(of.last().map_or(0, |&(last, _)| last as usize + 1));
    for (place, &(position, _)) in of.iter().enumerate() {
        places.resize(position as usize + 1, place as u32);
    }
    places
}
