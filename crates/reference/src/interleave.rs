//! Which of the tasks that may run next does.
//!
//! A random schedule favours and starves streams by turns: it stays on one stream for a while, of a length that the seed decides, and
//! leaves another for last. So both fine interleavings and long overtakings come up within few seeds.

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
    /// How often in 64 choices another stream gets its turn.
    restless: u64,
    favourite: u32,
    starved: u32,
}

impl Ready {
    pub(crate) fn new(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Program => Self::Program(BTreeSet::new()),
            Schedule::Random(seed) => {
                let mut random = Random::of(seed, b"schedule");
                let restless = [64, 24, 6, 1][random.below(4)];
                let lanes = Vec::new();
                Self::Random(Box::new(Shuffled { lanes, random, restless, favourite: 0, starved: u32::MAX }))
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

impl Shuffled {
    fn take(&mut self) -> Option<u32> {
        if self.lanes.is_empty() {
            return None;
        }
        let stays = self.random.next() % 64 >= self.restless;
        let favourite = self.lanes.iter().position(|&lane| lane == self.favourite).filter(|_| stays);
        let chosen = favourite.unwrap_or_else(|| {
            let chosen = self.random.below(self.lanes.len());
            let is_starved = self.lanes.get(chosen) == Some(&self.starved);
            // The starved stream has its turn only where chance insists.
            if is_starved { self.random.below(self.lanes.len()) } else { chosen }
        });
        if favourite.is_none() {
            self.starved = self.favourite;
            self.favourite = self.lanes.get(chosen).copied().unwrap_or(0);
        }
        Some(self.lanes.swap_remove(chosen))
    }
}
