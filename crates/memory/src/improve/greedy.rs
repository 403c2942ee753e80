//! Places buffers in each of several orders and keeps the lowest placement.

use std::cmp::Reverse;

use super::Placed;
use crate::first_fit::{Arena, Gap};
use crate::problem::Problem;
use crate::rows;

/// Buffers beyond which only the largest go first: a pass takes quadratic time, which repairing uses better.
const MOST_TRIED: usize = 4096;

/// Puts the lowest placement of the portfolio into `best` if it is lower; stops at one of at most `enough`.
pub(super) fn greedy(problem: &Problem, by_use: &[u32], enough: u64, best: &mut Placed) {
    let (rules, gaps) = if problem.len() > MOST_TRIED { (1, 1) } else { (7, 2) };
    let mut arena = Arena::default();
    for order in orders(problem, by_use, rules) {
        for gap in [Gap::First, Gap::Best].into_iter().take(gaps) {
            let offsets = pack(problem, &order, gap, &mut arena);
            let peak = problem.peak(&offsets);
            if peak < best.peak {
                (best.offsets, best.peak) = (offsets, peak);
            }
            if best.peak <= enough {
                return;
            }
        }
    }
}

/// The offsets of all buffers, placed one after another in `order`.
fn pack(problem: &Problem, order: &[u32], gap: Gap, arena: &mut Arena) -> Vec<u64> {
    let mut offsets = vec![0; problem.len()];
    arena.clear();
    for &buffer in order {
        let (index, size) = (buffer as usize, problem.sizes[buffer as usize]);
        let row = problem.rows.row(index);
        let offset =
            arena.find(size, gap, |other| rows::contains(row, other as usize), |at| problem.align(index, at));
        arena.put(buffer, offset, size);
        offsets[index] = offset;
    }
    offsets
}

fn orders(problem: &Problem, by_use: &[u32], rules: usize) -> Vec<Vec<u32>> {
    let mut place = vec![0u64; problem.len()];
    by_use.iter().enumerate().for_each(|(at, &buffer)| place[buffer as usize] = at as u64);
    let key = |buffer: u32| {
        let index = buffer as usize;
        let conflicts = rows::count(problem.rows.row(index)) as u64;
        let (size, load) = (problem.sizes[index], problem.sections.heaviest(index));
        let at = place[index];
        [
            [Reverse(size), Reverse(u64::MAX - at), Reverse(0)],
            [Reverse(size.saturating_mul(problem.spans[index])), Reverse(size), Reverse(0)],
            [Reverse(conflicts), Reverse(size), Reverse(0)],
            [Reverse(load), Reverse(size), Reverse(conflicts)],
            [Reverse(load), Reverse(conflicts), Reverse(size)],
            [Reverse(u64::MAX - at), Reverse(0), Reverse(0)],
            [Reverse(at), Reverse(0), Reverse(0)],
        ]
    };
    let keys: Vec<_> = (0..problem.len() as u32).map(key).collect();
    let by = |rule: usize| {
        let mut order: Vec<u32> = (0..problem.len() as u32).collect();
        order.sort_by_key(|&buffer| keys[buffer as usize][rule]);
        order
    };
    (0..rules).map(by).collect()
}
