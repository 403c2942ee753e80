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
    /// Of each row, how many places that are held have it; `None` where all rows are kept.
    held: Option<Vec<u32>>,
}

impl Clocks {
    /// Clocks of `lanes` lanes without tasks.
    pub fn new(lanes: usize) -> Self {
        Self { rows: Rows::new(lanes), lanes: vec![Lane::default(); lanes], held: None }
    }

    /// The same for who [holds](Self::hold) every place that is joined later or compared with another: what others have seen is not kept.
    pub fn of_held_places(lanes: usize) -> Self {
        Self { held: Some(Vec::new()), ..Self::new(lanes) }
    }

    /// Keeps what a place has seen until it is let go of as often as it was held.
    pub fn hold(&mut self, place: Place) {
        let Some(held) = &mut self.held else { return };
        let row = place.row as usize;
        if row >= held.len() {
            held.resize(row + 1, 0);
        }
        held[row] += 1;
    }

    /// Forgets what a place has seen, unless it is still held.
    pub fn let_go(&mut self, place: Place) {
        if let Some(held) = &mut self.held {
            held[place.row as usize] -= 1;
            self.give_back(place.row, place.lane);
        }
    }

    /// Gives back a row of `lane` if it is of no use any more.
    fn give_back(&mut self, row: u32, lane: u32) {
        let Some(held) = &self.held else { return };
        let is_held = held.get(row as usize).is_some_and(|&places| places > 0);
        // All lanes start with the first row.
        if row != 0 && !is_held && self.lanes[lane as usize].row != row {
            self.rows.give_back(row);
        }
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
        let before = state.row;
        state.version += 1;
        if !state.is_open {
            state.row = self.rows.copy(before);
            state.is_open = true;
        }
        // A place never has a row that is open.
        state.row = self.rows.join(state.row, earlier.row, earlier.lane, earlier.position + 1);
        if state.row != before {
            self.give_back(before, lane);
        }
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
    use std::collections::VecDeque;

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
    fn what_is_held_is_kept_and_rows_of_others_are_used_again() {
        let (mut all, mut some) = (Clocks::new(3), Clocks::of_held_places(3));
        let mut held = VecDeque::new();
        for round in 0..100 {
            let (lane, other) = (round % 3, (round * round + 1) % 3);
            let places = (all.step(lane), some.step(lane));
            some.hold(places.1);
            held.push_back(places);
            let (first, second) = held[held.len() / 2];
            assert_eq!(all.join(other, first), some.join(other, second), "{round}");
            if held.len() > 5 {
                let (_, first) = held.pop_front().expect("it is not empty");
                some.let_go(first);
            }
            for (first, second) in
                held.iter().flat_map(|first| held.iter().map(move |second| (first, second)))
            {
                assert_eq!(all.before(first.0, second.0), some.before(first.1, second.1), "{round}");
            }
        }
        assert!(some.entries() <= 3 * (1 + 3 + 6 + 1) && all.entries() > some.entries());
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
