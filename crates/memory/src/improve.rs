//! Places one part of an instance ever lower: in many orders, by exact search, by moving what is on top.

mod climb;
mod greedy;
mod narrow;
mod repair;

use crate::problem::Problem;

pub(crate) use climb::climb;
pub(crate) use greedy::{greedy, pack};

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
const MOST_SEARCHED: usize = 4096;

/// Places `problem`; a peak of at most `enough` needs no further work.
pub(crate) fn improve(problem: &Problem, by_use: &[u32], bound: u64, enough: u64, budget: &Budget<'_>) -> Placed {
    let (mut placed, order) = greedy(problem, by_use, enough);
    placed.proved = bound;
    if std::env::var("DBG").is_ok() { eprintln!("n={} bound={bound} enough={enough} greedy={} {:.4}", problem.len(), placed.peak, placed.peak as f64/enough as f64); }
    if placed.peak > enough && problem.len() <= MOST_SEARCHED {
        narrow::narrow(problem, enough, budget, &mut placed);
    }
    if std::env::var("DBG").is_ok() { eprintln!("narrow={} {:.4}", placed.peak, placed.peak as f64/enough as f64); }
    if placed.peak > enough.max(placed.proved) && problem.len() > 8 {
        repair::repair(problem, enough.max(placed.proved), budget, &mut placed);
        if std::env::var("DBG").is_ok() { eprintln!("repair={} {:.4}", placed.peak, placed.peak as f64/enough as f64); }
        if std::env::var("CLIMB").is_ok() {climb(problem, order, enough.max(placed.proved), budget, &mut placed);}
    }
    placed
}
