//! Vector clocks over lanes: what is complete when a task starts.
//!
//! Each lane (a stream, the host) counts its tasks, and a task knows how many tasks of every other lane are complete when it
//! starts. A clock changes only where one lane waits for another, so tasks between two waits share a row, and so do waits between two
//! tasks.
//!
//! **Invariant:** [`Clocks::before`] is a strict partial order, contained in the order in which the places were made.

use crate::rows::Rows;

/// Where a task stands: its lane, its position there, and what it has seen of the other lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    lane: u32,
    /// How many tasks of the lane come before this one.
    position: u32,
    row: u32,
}

impl Place {
    /// The lane it is on.
    pub fn lane(self) -> u32 {
        self.lane
    }

    /// How many tasks of the lane come before it.
    pub fn position(self) -> u32 {
        self.position
    }
}

/// The state of one lane while the tasks are gone through.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    length: u32,
    row: u32,
    /// Whether the row is the lane's own: it was made for it, and no task has it yet.
    is_open: bool,
    /// How often the lane has come after more.
    version: u32,
}

/// The clocks of a fixed number of lanes.
#[derive(Clone, Debug)]
pub struct Clocks {
    rows: Rows,
    lanes: Vec<Lane>,
}

impl Clocks {
    /// Clocks of `lanes` lanes without tasks.
    pub fn new(lanes: usize) -> Self {
        Self { rows: Rows::new(lanes), lanes: vec![Lane::default(); lanes] }
    }

    /// Makes room for as many more [joins](Self::join) that are news, so far as that is little memory.
    pub fn reserve(&mut self, joins: usize) {
        self.rows.reserve(joins);
    }

    /// Adds a task to `lane`.
    pub fn step(&mut self, lane: u32) -> Place {
        let state = &mut self.lanes[lane as usize];
        let place = Place { lane, position: state.length, row: state.row };
        state.length += 1;
        state.is_open = false;
        place
    }

    /// The place that the next task of `lane` has if it comes after no more than by now.
    pub fn next(&self, lane: u32) -> Place {
        let state = &self.lanes[lane as usize];
        Place { lane, position: state.length, row: state.row }
    }

    /// Lets everything that is added to `lane` from now on come after `earlier` and all that came before it.
    ///
    /// Says whether that was news.
    pub fn join(&mut self, lane: u32, earlier: Place) -> bool {
        if self.has_seen(lane, earlier) {
            return false;
        }
        let state = &mut self.lanes[lane as usize];
        state.version += 1;
        if !state.is_open {
            state.row = self.rows.copy(state.row);
            state.is_open = true;
        }
        // A place never has a row that is open.
        state.row = self.rows.join(state.row, earlier.row, earlier.lane, earlier.position + 1);
        true
    }

    /// Whether everything that is added to `lane` from now on comes after `earlier` anyway.
    pub fn has_seen(&self, lane: u32, earlier: Place) -> bool {
        earlier.lane == lane || self.seen(lane, earlier.lane) > earlier.position
    }

    /// How many of the first tasks of another lane come before everything that is added to `lane` from now on.
    pub fn seen(&self, lane: u32, other: u32) -> u32 {
        self.rows.at(self.lanes[lane as usize].row, other)
    }

    /// A number that is another whenever `lane` has come after more of the other lanes than before.
    pub fn version(&self, lane: u32) -> u32 {
        self.lanes[lane as usize].version
    }

    /// Whether `first` is complete before `second` starts, in every execution.
    pub fn before(&self, first: Place, second: Place) -> bool {
        if first.lane == second.lane {
            return first.position < second.position;
        }
        self.rows.at(second.row, first.lane) > first.position
    }

    /// Whether the two are ordered either way.
    pub fn ordered(&self, first: Place, second: Place) -> bool {
        self.before(first, second) || self.before(second, first)
    }

    /// How many clock entries are kept, the measure of the memory that the clocks take.
    pub fn entries(&self) -> usize {
        self.rows.entries()
    }
}

#[cfg(test)]
mod tests {
    use super::Clocks;

    #[test]
    fn a_join_brings_all_that_the_other_lane_had_seen() {
        let mut clocks = Clocks::new(3);
        let first = clocks.step(0);
        assert!(clocks.join(1, first));
        let second = clocks.step(1);
        let apart = clocks.step(2);
        assert!(clocks.join(2, second));
        let third = clocks.step(2);
        assert!(clocks.before(first, third));
        assert!(!clocks.ordered(apart, second));
        assert!(!clocks.join(2, first), "the third lane has seen the first through the second");
    }

    #[test]
    fn waits_between_two_tasks_share_a_row() {
        let mut clocks = Clocks::new(4);
        let places = [clocks.step(1), clocks.step(2), clocks.step(3)];
        let before = clocks.step(0);
        let rows = clocks.entries();
        let versions = places.map(|place| {
            assert!(clocks.join(0, place));
            clocks.version(0)
        });
        assert_eq!(clocks.entries(), rows + 4);
        assert!(versions.is_sorted_by(|a, b| a < b));
        let after = clocks.step(0);
        assert!(places.iter().all(|&place| clocks.before(place, after) && !clocks.ordered(place, before)));
        assert!(
            clocks.join(2, after) && {
                let place = clocks.step(2);
                clocks.join(0, place)
            }
        );
        assert!(!clocks.before(places[2], before));
    }

    #[test]
    fn a_lane_is_ordered_by_itself() {
        let mut clocks = Clocks::new(1);
        let (first, second) = (clocks.step(0), clocks.step(0));
        assert!(clocks.before(first, second));
        assert!(!clocks.before(second, first));
        assert!(!clocks.join(0, second));
    }
}
