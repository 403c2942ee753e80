//! When items come: each as early as what it comes after allows.
//!
//! **Invariant:** an item starts behind the one before it on its lane, and a wait behind its record, circles of waits left out.

use acg_trace::Trace;

use crate::fold::Items;

/// How long items are, and how far they are apart.
pub(crate) struct Spacing<'w> {
    /// The length of each item.
    pub(crate) lengths: &'w [u64],
    /// Between neighbours on a lane.
    pub(crate) gap: u64,
    /// Between a record's end and its wait's start.
    pub(crate) arrow: u64,
}

/// The start of each item.
pub(crate) fn starts(trace: &Trace, items: &Items, spacing: &Spacing<'_>) -> Vec<u64> {
    let mut placing = Placing {
        spacing,
        starts: vec![0; items.items.len()],
        is_placed: vec![false; items.items.len()],
        lanes: trace.lanes.keys().map(|lane| (items.of_lane(lane).start, 0)).collect(),
    };
    for &task in trace.links.schedule() {
        let lane = usize_of(trace.tasks[task].lane);
        let item = items.of_task(task);
        placing.run(lane, item);
        let record = trace.links.record_of(task).map(|record| items.of_task(record));
        let ready = record.filter(|&record| placing.is_placed[record]).map_or(0, |record| {
            placing.starts[record] + spacing.lengths[record] + spacing.arrow
        });
        // A host function's signal is folded into it, so that an item can be met twice.
        if !placing.is_placed[item] {
            placing.put(lane, ready);
        }
    }
    for lane in trace.lanes.keys() {
        placing.run(usize_of(lane), items.of_lane(lane).end);
    }
    placing.starts
}

fn usize_of(lane: acg_trace::LaneId) -> usize {
    acg_entity::Entity::index(lane)
}

struct Placing<'w> {
    spacing: &'w Spacing<'w>,
    starts: Vec<u64>,
    is_placed: Vec<bool>,
    /// For each lane, the next item, and where it can start.
    lanes: Vec<(usize, u64)>,
}

impl Placing<'_> {
    /// Places the items of a lane up to `end`.
    fn run(&mut self, lane: usize, end: usize) {
        while self.lanes[lane].0 < end {
            self.put(lane, 0);
        }
    }

    /// Places the next item of a lane, not before `ready`.
    fn put(&mut self, lane: usize, ready: u64) {
        let (item, free) = self.lanes[lane];
        let start = free.max(ready);
        self.starts[item] = start;
        self.is_placed[item] = true;
        self.lanes[lane] = (item + 1, start + self.spacing.lengths[item] + self.spacing.gap);
    }
}
