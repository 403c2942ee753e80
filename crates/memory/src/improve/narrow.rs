//! Narrows what is between the bound and the best placement by deciding capacities.

use super::{Budget, Placed};
use crate::problem::Problem;
use crate::search::{Answer, Restarts};

/// Lowers `placed` to `enough` at best, and raises what is proved.
pub(super) fn narrow(problem: &Problem, enough: u64, budget: &Budget<'_>, placed: &mut Placed) {
    let memberships: usize = (0..problem.len()).map(|buffer| problem.sections.of(buffer).len()).sum();
    let cost = (4 * problem.len() + memberships + problem.sections.len()) as u64;
    let mut nodes = budget.steps / cost;
    let mut restarts = Restarts::new(problem, budget.seed);
    let floor = enough.max(placed.proved);
    let share = nodes / 2;
    // What is asked for, then halving what is left, then one less than the best as long as that is decided.
    let mut try_at = |capacity: u64, share: u64, placed: &mut Placed| {
        let mut limit = share.min(nodes);
        let given = limit;
        let answer = restarts.decide(capacity, &mut limit, budget.stop);
        nodes -= given - limit;
        match &answer {
            Answer::Fits(offsets) => {
                placed.peak = problem.peak(offsets);
                placed.offsets.clone_from(offsets);
            }
            Answer::Impossible => placed.proved = placed.proved.max(capacity + 1),
            Answer::Unknown => {}
        }
        answer
    };
    try_at(floor, share, placed);
    let mut low = floor;
    while placed.peak.saturating_sub(low) > 1 + floor / 4096 && placed.peak > enough.max(placed.proved) {
        let middle = low.max(placed.proved.saturating_sub(1)) + (placed.peak - low.max(placed.proved.saturating_sub(1))) / 2;
        if !matches!(try_at(middle.min(placed.peak - 1), share / 12, placed), Answer::Fits(_)) {
            low = middle;
        }
    }
    while placed.peak > enough.max(placed.proved) {
        if try_at(placed.peak - 1, u64::MAX, placed) == Answer::Unknown {
            return;
        }
    }
}
