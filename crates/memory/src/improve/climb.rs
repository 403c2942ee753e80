//! Moves what is on top forward in the order of placing, again and again, and keeps what is not worse.

use super::{Budget, Placed, pack};
use crate::first_fit::{Arena, Gap};
use crate::problem::Problem;
use crate::random::Random;
use crate::rows;

/// Improves `placed`, made by `order`, until it is at most `enough` or the budget is used.
pub(crate) fn climb(problem: &Problem, mut order: Vec<u32>, enough: u64, budget: &Budget<'_>, placed: &mut Placed) {
    let buffers = problem.len() as u64;
    let mut random = Random::new(budget.seed);
    let mut arena = Arena::default();
    let mut offsets = pack(problem, &order, Gap::First, &mut arena);
    let mut peak = problem.peak(&offsets);
    // A pass looks at half of the pairs at most, at a quarter or so by experience.
    let rounds = budget.steps / (1 + buffers * buffers / 4 + 20 * buffers);
    for _ in 0..rounds {
        if placed.peak <= enough || (budget.stop)() {
            return;
        }
        let mut next = order.clone();
        lift(problem, &mut next, &offsets, peak, &mut random);
        let tried = pack(problem, &next, Gap::First, &mut arena);
        let reached = problem.peak(&tried);
        if reached <= peak {
            (order, offsets, peak) = (next, tried, reached);
        }
        if peak < placed.peak {
            (placed.peak, placed.offsets) = (peak, offsets.clone());
        }
    }
}

/// Puts a buffer at the top in front of one that it conflicts with, and sometimes exchanges two others.
fn lift(problem: &Problem, order: &mut [u32], offsets: &[u64], peak: u64, random: &mut Random) {
    let top: Vec<usize> = (0..order.len())
        .filter(|&at| offsets[order[at] as usize] + problem.sizes[order[at] as usize] == peak)
        .collect();
    let Some(&from) = top.get(random.below(top.len().max(1))) else { return };
    let row = problem.rows.row(order[from] as usize);
    let before: Vec<usize> = (0..from).filter(|&at| rows::contains(row, order[at] as usize)).collect();
    if let Some(&to) = before.get(random.below(before.len().max(1))) {
        order[to..=from].rotate_right(1);
    }
    while random.below(2) == 0 {
        let (a, b) = (random.below(order.len()), random.below(order.len()));
        order.swap(a, b);
    }
}
