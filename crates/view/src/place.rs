//! When items come: each as early as what it comes after allows.
//!
//! Lanes go on until a wait whose record has no place yet, and again when it has. Where all are stuck, some of them wait for each
//! other in a circle; then a wait of that circle goes on without its record.
//!
//! **Invariant:** an item starts behind the one before it on its lane, and a wait behind its record, unless they are in a circle.
//!
//! **Invariant:** cost is linear in tasks and pairs. A lane leaves the path along which circles are looked for only after it went on.

use acg_entity::Entity;
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
    let mut placing = Placing::new(trace, items, spacing);
    let mut ready: Vec<usize> = (0..placing.lanes.len()).collect();
    loop {
        while let Some(lane) = ready.pop() {
            placing.run(lane, &mut ready);
        }
        let Some(lane) = placing.lane_in_circle() else {
            return placing.starts.into_iter().flatten().collect();
        };
        placing.lanes[lane].blocker = None;
        placing.put(lane, 0, &mut ready);
        ready.push(lane);
    }
}

/// A lane on its way.
struct Progress {
    /// Its next item.
    next: usize,
    end: usize,
    /// Where the next item can start.
    free: u64,
    /// The item without a place that its next item comes after.
    blocker: Option<usize>,
    /// Its place on the path.
    on_path: Option<usize>,
}

struct Placing<'w> {
    trace: &'w Trace,
    items: &'w Items,
    spacing: &'w Spacing<'w>,
    starts: Vec<Option<u64>>,
    lanes: Vec<Progress>,
    /// For each item, the lanes that it blocks.
    blocked: Vec<Vec<usize>>,
    /// Stuck lanes, each blocked by the next.
    path: Vec<usize>,
    /// All lanes before this one are at their end.
    first_lane: usize,
}

impl<'w> Placing<'w> {
    fn new(trace: &'w Trace, items: &'w Items, spacing: &'w Spacing<'w>) -> Self {
        let lanes = trace.lanes.keys().map(|lane| {
            let range = items.of_lane(lane);
            Progress { next: range.start, end: range.end, free: 0, blocker: None, on_path: None }
        });
        let count = items.all.len();
        Self {
            trace,
            items,
            spacing,
            starts: vec![None; count],
            lanes: lanes.collect(),
            blocked: vec![Vec::new(); count],
            path: Vec::new(),
            first_lane: 0,
        }
    }

    /// Places the items of a lane up to one that is blocked.
    fn run(&mut self, lane: usize, ready: &mut Vec<usize>) {
        while self.lanes[lane].next < self.lanes[lane].end {
            match self.earliest(self.lanes[lane].next) {
                Ok(start) => self.put(lane, start, ready),
                Err(blocker) => {
                    self.lanes[lane].blocker = Some(blocker);
                    self.blocked[blocker].push(lane);
                    return;
                }
            }
        }
    }

    /// Where the records that an item waits for allow it to start, or one that has no place yet.
    fn earliest(&self, item: usize) -> Result<u64, usize> {
        let mut earliest = 0;
        for &task in self.items.all[item].tasks(self.trace) {
            if let Some(record) = self.trace.links.record_of(task) {
                let record = self.items.of_task(record);
                let start = self.starts[record].ok_or(record)?;
                earliest = earliest.max(start + self.spacing.lengths[record] + self.spacing.arrow);
            }
        }
        Ok(earliest)
    }

    /// Places the next item of a lane, not before `earliest`.
    fn put(&mut self, lane: usize, earliest: u64, ready: &mut Vec<usize>) {
        let progress = &mut self.lanes[lane];
        let item = progress.next;
        let start = progress.free.max(earliest);
        progress.next += 1;
        progress.free = start + self.spacing.lengths[item] + self.spacing.gap;
        if let Some(place) = progress.on_path {
            for lane in self.path.drain(place..) {
                self.lanes[lane].on_path = None;
            }
        }
        self.starts[item] = Some(start);
        for other in std::mem::take(&mut self.blocked[item]) {
            // A lane that was let go on without its record is no longer blocked.
            if self.lanes[other].blocker == Some(item) {
                self.lanes[other].blocker = None;
                ready.push(other);
            }
        }
    }

    /// When all lanes are stuck, one whose next item is in a circle; `None` when all are at their end.
    fn lane_in_circle(&mut self) -> Option<usize> {
        while self.lanes.get(self.first_lane).is_some_and(|lane| lane.next == lane.end) {
            self.first_lane += 1;
        }
        loop {
            let next = match self.path.last() {
                Some(&lane) => self.items.all[self.lanes[lane].blocker?].lane.index(),
                None if self.first_lane < self.lanes.len() => self.first_lane,
                None => return None,
            };
            if self.lanes[next].on_path.is_some() {
                return self.path.last().copied();
            }
            self.lanes[next].on_path = Some(self.path.len());
            self.path.push(next);
        }
    }
}
