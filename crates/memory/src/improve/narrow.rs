//! Narrows what is between the bound and the best placement by deciding capacities.

use super::{Budget, Placed};
use crate::problem::Problem;
use crate::search::{Answer, Restarts};

/// Searches at `enough` alone.
pub(super) fn at_once(problem: &Problem, enough: u64, budget: &Budget<'_>, placed: &mut Placed) {
    let mut searches = Searches::new(problem, budget);
    searches.decide(enough, budget.steps, placed);
}

/// Halves what is between the bound and `placed`, then goes down one by one as long as that is decided.
pub(super) fn narrow(problem: &Problem, enough: u64, budget: &Budget<'_>, placed: &mut Placed) {
    let mut searches = Searches::new(problem, budget);
    let share = budget.steps / 12;
    let mut low = enough.max(placed.proved);
    while placed.peak > low + 1 + low / 4096 {
        let middle = low + (placed.peak - low) / 2;
        match searches.decide(middle.min(placed.peak - 1), share, placed) {
            Answer::Fits(_) => {}
            Answer::Impossible | Answer::Unknown => low = middle,
        }
    }
    while placed.peak > enough.max(placed.proved) {
        if searches.decide(placed.peak - 1, budget.steps, placed) == Answer::Unknown {
            return;
        }
    }
}

struct Searches<'a, 'b> {
    problem: &'a Problem,
    restarts: Restarts<'a>,
    budget: &'b Budget<'b>,
    steps: u64,
}

impl<'a, 'b> Searches<'a, 'b> {
    fn new(problem: &'a Problem, budget: &'b Budget<'b>) -> Self {
        Self { problem, restarts: Restarts::new(problem, budget.seed), budget, steps: budget.steps }
    }

    /// Decides `capacity` by at most `share` steps, and lets `placed` know.
    fn decide(&mut self, capacity: u64, share: u64, placed: &mut Placed) -> Answer {
        let given = share.min(self.steps);
        let mut left = given;
        let answer = self.restarts.decide(capacity, &mut left, self.budget.stop);
        self.steps -= given - left;
        match &answer {
            Answer::Fits(offsets) => {
                placed.peak = self.problem.peak(offsets);
                placed.offsets.clone_from(offsets);
            }
            Answer::Impossible => placed.proved = placed.proved.max(capacity + 1),
            Answer::Unknown => {}
        }
        answer
    }
}
