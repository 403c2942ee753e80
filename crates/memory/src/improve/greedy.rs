//! Places buffers in each of several orders and keeps the lowest placement.

use std::cmp::Reverse;

use super::Placed;
use crate::first_fit::{Arena, Gap};
use crate::problem::Problem;
use crate::rows;

/// The lowest placement of the portfolio and its order; stops at one of at most `enough`.
pub(crate) fn greedy(problem: &Problem, by_use: &[u32], enough: u64) -> (Placed, Vec<u32>) {
    let mut best: Option<(Placed, Vec<u32>)> = None;
    let mut arena = Arena::default();
    for order in orders(problem, by_use) {
        for gap in [Gap::First, Gap::Best] {
            let offsets = pack(problem, &order, gap, &mut arena);
            let peak = problem.peak(&offsets);
            if best.as_ref().is_none_or(|(placed, _)| peak < placed.peak) {
                best = Some((Placed { offsets, peak, proved: 0 }, order.clone()));
            }
            if peak <= enough {
                break;
            }
        }
        if best.as_ref().is_some_and(|(placed, _)| placed.peak <= enough) {
            break;
        }
    }
    best.unwrap_or_else(|| (Placed { offsets: Vec::new(), peak: 0, proved: 0 }, Vec::new()))
}

/// The offsets of all buffers, placed one after another in `order`.
pub(crate) fn pack(problem: &Problem, order: &[u32], gap: Gap, arena: &mut Arena) -> Vec<u64> {
    let mut offsets = vec![0; problem.len()];
    arena.clear();
    for &buffer in order {
        let (index, size) = (buffer as usize, problem.sizes[buffer as usize]);
        let row = problem.rows.row(index);
        let offset = arena.find(size, gap, |other| rows::contains(row, other as usize), |at| problem.align(index, at));
        arena.put(buffer, offset, size);
        offsets[index] = offset;
    }
    offsets
}

fn orders(problem: &Problem, by_use: &[u32]) -> Vec<Vec<u32>> {
    let mut place = vec![0u64; problem.len()];
    by_use.iter().enumerate().for_each(|(at, &buffer)| place[buffer as usize] = at as u64);
    let key = |buffer: u32| {
        let index = buffer as usize;
        let conflicts = rows::count(problem.rows.row(index)) as u64;
        let (size, load) = (problem.sizes[index], problem.sections.heaviest(index));
        let at = place[index];
        [
            [Reverse(size), Reverse(conflicts), Reverse(u64::MAX - at)],
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
    (0..7).map(by).collect()
}
