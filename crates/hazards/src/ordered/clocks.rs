//! What the lanes of a graph have seen of each other at the moment.

use super::Epoch;
use crate::graph::Captured;

const NONE: u32 = u32::MAX;

/// What each lane has seen of the others by now.
pub(super) struct Clocks {
    width: usize,
    /// How many tasks of each lane come before what is next on each lane.
    seen: Vec<u32>,
    /// How often each spot is still waited for.
    waits: Vec<u32>,
    /// Where each spot's row is kept.
    row_of: Vec<u32>,
    kept: Vec<u32>,
    /// Rows that nobody waits for any more.
    free: Vec<u32>,
}

impl Clocks {
    /// How many entries are kept.
    pub(super) fn entries(&self) -> usize {
        self.kept.len()
    }

    /// Those of a graph before its first task.
    pub(super) fn of(graph: &Captured<'_>) -> Self {
        let width = graph.lanes.len();
        let spots = if graph.joins.is_empty() { 0 } else { graph.spots.len() };
        let mut waits = vec![0; spots];
        for join in &graph.joins {
            waits[join.record as usize] += 1;
        }
        let (seen, row_of) = (vec![0; width * width], vec![NONE; spots]);
        Self { width, seen, waits, row_of, kept: Vec::new(), free: Vec::new() }
    }

    /// Whether `earlier` is complete before what is next on `lane`.
    pub(super) fn has_seen(&self, lane: u32, earlier: Epoch) -> bool {
        self.seen[lane as usize * self.width + earlier.lane as usize] > earlier.position
    }

    /// Lets what is next on `lane` come after the task at `spot`.
    pub(super) fn wait(&mut self, lane: u32, spot: u32) {
        let row = self.row_of[spot as usize];
        let kept = &self.kept[row as usize * self.width..][..self.width];
        for (own, &theirs) in self.seen[lane as usize * self.width..].iter_mut().zip(kept) {
            *own = theirs.max(*own);
        }
        let waits = &mut self.waits[spot as usize];
        *waits -= 1;
        if *waits == 0 {
            self.free.push(row);
        }
    }

    /// Adds the task at `spot` to `lane`.
    pub(super) fn step(&mut self, lane: u32, spot: u32) -> Epoch {
        let row = lane as usize * self.width;
        let length = &mut self.seen[row + lane as usize];
        let position = *length;
        *length += 1;
        if self.waits.get(spot as usize).is_some_and(|&waits| waits > 0) {
            let now = &self.seen[row..row + self.width];
            self.row_of[spot as usize] = if let Some(free) = self.free.pop() {
                self.kept[free as usize * self.width..][..self.width].copy_from_slice(now);
                free
            } else {
                self.kept.extend_from_slice(now);
                (self.kept.len() / self.width) as u32 - 1
            };
        }
        Epoch { lane, position }
    }
}
