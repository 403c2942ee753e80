//! Places one part of an instance ever lower: in many orders, by exact search, by pressing buddies, by repairing what sticks out.

mod buddies;
mod descent;
mod greedy;
mod narrow;
mod repair;

pub(crate) use buddies::are_buddies;
pub(crate) use repair::complete;

use crate::problem::Problem;
use descent::Descent;

/// A placement of a part and what is proved about it.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) offsets: Vec<u64>,
    pub(crate) peak: u64,
    /// No placement is lower than this.
    pub(crate) proved: u64,
}

/// What may be spent on a part.
pub(crate) struct Budget<'a> {
    /// Elementary steps: about as many nanoseconds.
    pub(crate) steps: u64,
    pub(crate) seed: u64,
    /// Whether the time is over.
    pub(crate) stop: &'a dyn Fn() -> bool,
}

/// Buffers beyond which the exact search is of no use.
pub(crate) const MOST_SEARCHED: usize = 8192;
/// The same where all are buddies, and buffers beyond which repairing gets no lower than pressing buddies did.
const MOST_BUDDIES_SEARCHED: usize = 128;
const MOST_BUDDIES_REPAIRED: usize = 4096;

/// Places `problem`, no higher than `start` does; a peak of at most `enough` needs no further work.
pub(crate) fn improve(
    problem: &Problem,
    by_use: &[u32],
    start: Vec<u64>,
    enough: u64,
    budget: &Budget<'_>,
) -> Placed {
    let mut placed = Placed { peak: problem.peak(&start), offsets: start, proved: problem.sections.bound() };
    let mut enough = enough.max(placed.proved);
    // Repairing gets furthest where sizes vary much, pressing where they are buddies; only the search gets there where everything is
    // tight, and proves it.
    let parts = |parts| Budget { steps: budget.steps / 6 * parts, ..*budget };
    let some = parts(1);
    if placed.peak > enough {
        greedy::greedy(problem, by_use, enough, &mut placed);
    }
    let are_buddies = are_buddies(problem, budget);
    let is_searched = problem.len() <= if are_buddies { MOST_BUDDIES_SEARCHED } else { MOST_SEARCHED };
    if placed.peak > enough && is_searched {
        narrow::at_once(problem, enough, &some, &mut placed);
        if placed.proved > enough {
            // Where one capacity is decided, others are as soon.
            enough = placed.proved;
            narrow::narrow(problem, enough, &some, &mut placed);
            enough = placed.proved;
        }
    }
    let (as_buddies, at_once, in_steps) = match (are_buddies, is_searched) {
        (false, _) => (0, 2, 2),
        (true, true) => (2, 0, 2),
        (true, false) if problem.len() <= MOST_BUDDIES_REPAIRED => (4, 0, 2),
        (true, false) => (6, 0, 0),
    };
    if placed.peak > enough && as_buddies > 0 {
        buddies::buddies(problem, by_use, enough, &parts(as_buddies), &mut placed);
    }
    for (descent, share) in [(Descent::at_once(), at_once), (Descent::in_steps(), in_steps)] {
        if placed.peak > enough && share > 0 {
            repair::repair(problem, enough, descent, &parts(share), &mut placed);
        }
    }
    if placed.peak > enough && is_searched {
        narrow::narrow(problem, enough, &some, &mut placed);
    }
    placed
}
