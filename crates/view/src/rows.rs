//! Which row each lane is drawn in.

use std::collections::BinaryHeap;

use acg_trace::{LaneId, Trace};

/// The row of each lane; the origin stream has the first for itself.
///
/// `span` gives where a lane begins and ends, `None` for one without tasks. With `pack`, a side lane takes the row that was free first.
pub(crate) fn rows(trace: &Trace, pack: bool, span: impl Fn(LaneId) -> Option<(u64, u64)>) -> Vec<u32> {
    if !pack {
        return (0..trace.lanes.len() as u32).collect();
    }
    let mut sides: Vec<_> =
        trace.lanes.keys().skip(1).map(|lane| (span(lane).unwrap_or((0, 0)), lane)).collect();
    sides.sort_unstable();
    let mut rows = vec![0; trace.lanes.len()];
    let mut count = 1;
    // Rows that are taken, the one that is free first on top.
    let mut taken: BinaryHeap<std::cmp::Reverse<(u64, u32)>> = BinaryHeap::new();
    for ((start, end), lane) in sides {
        let free = taken.peek().filter(|free| free.0.0 < start).map(|free| free.0.1);
        let row = if let Some(row) = free {
            taken.pop();
            row
        } else {
            count += 1;
            count - 1
        };
        rows[acg_entity::Entity::index(lane)] = row;
        taken.push(std::cmp::Reverse((end, row)));
    }
    rows
}
