//! Runs the search again and again by different rules, within a budget of steps.

use super::{Ending, Limits, Rule, Search, Tie};
use crate::problem::Problem;
use crate::random::Random;

/// What is known of a capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// All buffers fit, at these offsets.
    Fits(Vec<u64>),
    /// No placement is that low.
    Impossible,
    /// The budget ran out.
    Unknown,
}

const TIES: [Tie; 3] = [Tie::RoomForFailures, Tie::Failures, Tie::Room];

/// Searches of one problem, which learn from each other.
#[derive(Debug)]
pub(crate) struct Restarts<'a> {
    problem: &'a Problem,
    /// Buffers by several rules, the most urgent first.
    orders: Vec<Vec<u32>>,
    failures: Vec<f64>,
    random: Random,
    runs: usize,
}

impl<'a> Restarts<'a> {
    pub(crate) fn new(problem: &'a Problem, seed: u64) -> Self {
        Self {
            problem,
            orders: orders(problem),
            failures: vec![1.0; problem.len()],
            random: Random::new(seed),
            runs: 0,
        }
    }

    /// Whether the buffers fit under `capacity`, by at most about `budget` steps; takes them from `budget`.
    pub(crate) fn decide(&mut self, capacity: u64, budget: &mut u64, stop: &dyn Fn() -> bool) -> Answer {
        // Enough to place every buffer and to go back some times.
        let mut nodes = 4 * self.problem.len() as u64;
        let round = self.orders.len() * TIES.len();
        while *budget > 0 && !stop() {
            for _ in 0..round {
                let (ending, used, offsets) = self.run(capacity, Limits { nodes, steps: *budget, stop });
                *budget -= used.min(*budget);
                match ending {
                    Ending::Placed => return Answer::Fits(offsets),
                    Ending::Impossible => return Answer::Impossible,
                    Ending::CutShort if *budget == 0 || stop() => return Answer::Unknown,
                    Ending::CutShort => {}
                }
            }
            nodes += nodes / 2;
        }
        Answer::Unknown
    }

    fn run(&mut self, capacity: u64, limits: Limits<'_>) -> (Ending, u64, Vec<u64>) {
        let mut order = self.orders[self.runs / TIES.len() % self.orders.len()].clone();
        if self.runs >= self.orders.len() * TIES.len() {
            self.disturb(&mut order);
        }
        let mut rank = vec![0; order.len()];
        for (place, &buffer) in order.iter().enumerate() {
            rank[buffer as usize] = place as u32;
        }
        // One round of four is sound, so that an end is found where there is nothing to find.
        let round = self.runs / (self.orders.len() * TIES.len());
        let rule = Rule { tie: TIES[self.runs % TIES.len()], bold: round % 4 != 1 };
        self.runs += 1;
        let mut search = Search::new(self.problem, capacity, rule, &rank, &mut self.failures);
        let (ending, used) = search.run(limits);
        let offsets = std::mem::take(&mut search.offsets);
        // What was learned counts on, but less than what the next run learns.
        let most = self.failures.iter().copied().fold(1.0, f64::max);
        for failures in &mut self.failures {
            *failures = 1.0 + *failures / most * 5.0;
        }
        (ending, used, offsets)
    }

    /// Exchanges some neighbours.
    fn disturb(&mut self, order: &mut [u32]) {
        for at in 0..order.len() {
            if self.random.below(8) == 0 {
                let other = (at + self.random.below(8)).min(order.len() - 1);
                order.swap(at, other);
            }
        }
    }
}

const SPAN: usize = 0;
const AREA: usize = 1;
const LOAD: usize = 2;
const SIZE: usize = 3;

fn orders(problem: &Problem) -> Vec<Vec<u32>> {
    let keys: Vec<[u64; 4]> = (0..problem.len())
        .map(|buffer| {
            let (size, span) = (problem.sizes[buffer], problem.spans[buffer]);
            [span, size.saturating_mul(span), problem.sections.heaviest(buffer), size]
        })
        .collect();
    let rules =
        [[SPAN, AREA, LOAD], [LOAD, AREA, SPAN], [LOAD, SPAN, AREA], [SIZE, SPAN, AREA], [AREA, SIZE, LOAD]];
    let by = |rule: &[usize; 3]| {
        let mut order: Vec<u32> = (0..problem.len() as u32).collect();
        let key = |buffer: u32| rule.map(|column| keys[buffer as usize][column]);
        order.sort_by_key(|&buffer| std::cmp::Reverse(key(buffer)));
        order
    };
    rules.iter().map(by).collect()
}
