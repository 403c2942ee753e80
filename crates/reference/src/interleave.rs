//! Which of the tasks that may run next does.
//!
//! A random schedule gives every stream a priority that follows from the seed, so that one overtakes another for a long time; some seeds
//! deal the priorities anew now and then, and some choose freely. So long overtakings and fine interleavings both come up within
//! few seeds.

use std::collections::BTreeSet;

use crate::random::Random;

/// In which order tasks run that nothing orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// That of the program.
    Program,
    /// One that follows from a seed.
    Random(u64),
}

/// Lanes whose next task may run.
#[derive(Clone, Debug)]
pub(crate) enum Ready {
    /// By the number of the task.
    Program(BTreeSet<(u64, u32)>),
    Random(Box<Shuffled>),
}

/// Lanes in no order, and how one is chosen.
#[derive(Clone, Debug)]
pub(crate) struct Shuffled {
    lanes: Vec<u32>,
    random: Random,
    /// How often in 64 choices the priorities do not count.
    freedom: u64,
    /// How often in 64 choices the priorities are dealt anew.
    unrest: u64,
    /// What the priorities follow from.
    deal: u64,
}

impl Ready {
    pub(crate) fn new(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Program => Self::Program(BTreeSet::new()),
            Schedule::Random(seed) => {
                let mut random = Random::of(seed, b"schedule");
                let freedom = [0, 2, 16, 64][random.below(4)];
                let unrest = [0, 1, 8][random.below(3)];
                let deal = random.next();
                Self::Random(Box::new(Shuffled { lanes: Vec::new(), random, freedom, unrest, deal }))
            }
        }
    }

    /// Says that the next task of `lane`, with this number in the program, may run.
    pub(crate) fn insert(&mut self, lane: u32, number: u64) {
        match self {
            Self::Program(lanes) => {
                lanes.insert((number, lane));
            }
            Self::Random(shuffled) => shuffled.lanes.push(lane),
        }
    }

    /// The lane whose task is next.
    pub(crate) fn take(&mut self) -> Option<u32> {
        match self {
            Self::Program(lanes) => lanes.pop_first().map(|(_, lane)| lane),
            Self::Random(shuffled) => shuffled.take(),
        }
    }
}

/// More lanes than are compared for one choice.
const MOST_COMPARED: usize = 64;

impl Shuffled {
    fn take(&mut self) -> Option<u32> {
        let count = self.lanes.len();
        if count == 0 {
            return None;
        }
        if self.random.next() % 64 < self.unrest {
            self.deal = self.random.next();
        }
        let start = self.random.below(count);
        let compared = if self.random.next() % 64 < self.freedom { 1 } else { count.min(MOST_COMPARED) };
        let candidates = (start..start + compared).map(|at| at % count);
        let chosen = candidates.max_by_key(|&at| {
            let lane = self.lanes.get(at).copied().unwrap_or(0);
            Random::of(self.deal, &lane.to_le_bytes()).next()
        });
        Some(self.lanes.swap_remove(chosen.unwrap_or(start)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_two_streams_overtakes_the_other_under_many_seeds() {
        let first = |seed| {
            let mut ready = Ready::new(Schedule::Random(seed));
            ready.insert(1, 0);
            ready.insert(2, 1);
            ready.take()
        };
        let ahead = (0..100).filter(|&seed| first(seed) == Some(2)).count();
        assert!((30..70).contains(&ahead), "{ahead}");
        // Three tasks in a row before the first of the other.
        let overtakes = |seed| {
            let mut ready = Ready::new(Schedule::Random(seed));
            ready.insert(1, 0);
            (0..3).all(|_| {
                ready.insert(2, 1);
                ready.take() == Some(2)
            })
        };
        let ahead = (0..100).filter(|&seed| overtakes(seed)).count();
        assert!((20..60).contains(&ahead), "{ahead}");
    }

    #[test]
    fn the_order_of_the_program_is_that_of_the_numbers() {
        let mut ready = Ready::new(Schedule::Program);
        for (lane, number) in [(1, 7), (2, 3), (3, 5)] {
            ready.insert(lane, number);
        }
        assert_eq!([(); 4].map(|()| ready.take()), [Some(2), Some(3), Some(1), None]);
    }
}
