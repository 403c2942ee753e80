//! Lowers a placement by pressing it under a capacity and repairing what does not fit.
//!
//! A buffer without a place takes the one where what it drives out weighs least, and what it drives out needs a place in turn.
//! Who was driven out often weighs more, so that the same few do not chase each other for ever.

use super::{Budget, Placed};
use crate::problem::Problem;
use crate::random::Random;
use crate::rows::{common, insert, remove};

/// Lowers `placed` towards `enough` within the budget.
pub(crate) fn repair(problem: &Problem, enough: u64, budget: &Budget<'_>, placed: &mut Placed) {
    let mut repair = Repair::new(problem, budget);
    let mut low = enough;
    let share = budget.steps / 6;
    while placed.peak > enough && repair.steps > 0 && !(budget.stop)() {
        let capacity = low + (placed.peak - low) / 2;
        match repair.press(&placed.offsets, capacity.min(placed.peak - 1), share) {
            true => {
                placed.offsets.clone_from(&repair.offsets);
                placed.peak = problem.peak(&placed.offsets);
            }
            // The lowest capacities are not out of reach for good: the next round starts from a better placement.
            false if placed.peak - low <= 2 => low = enough,
            false => low = capacity,
        }
    }
}

const NOWHERE: u64 = u64::MAX;

struct Repair<'a, 'b> {
    problem: &'a Problem,
    budget: &'a Budget<'b>,
    steps: u64,
    random: Random,
    offsets: Vec<u64>,
    placed: Vec<u64>,
    /// How often each buffer found no free place.
    failures: Vec<u64>,
    homeless: Vec<u32>,
    /// Of what is placed and conflicts: starts and ends with the weight up to there.
    starts: Vec<(u64, u64)>,
    ends: Vec<(u64, u64)>,
}

impl<'a, 'b> Repair<'a, 'b> {
    fn new(problem: &'a Problem, budget: &'a Budget<'b>) -> Self {
        Self {
            problem,
            budget,
            steps: budget.steps,
            random: Random::new(budget.seed),
            offsets: Vec::new(),
            placed: vec![0; problem.rows.words()],
            failures: vec![0; problem.len()],
            homeless: Vec::new(),
            starts: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Starts from `offsets`; whether everything was placed under `capacity` within `share` steps.
    fn press(&mut self, offsets: &[u64], capacity: u64, share: u64) -> bool {
        self.offsets.clear();
        self.offsets.extend_from_slice(offsets);
        self.homeless.clear();
        self.failures.fill(0);
        for buffer in 0..self.problem.len() {
            insert(&mut self.placed, buffer);
            if offsets[buffer] + self.problem.sizes[buffer] > capacity {
                self.drive_out(buffer);
            }
        }
        let last = self.steps.saturating_sub(share);
        while let Some(buffer) = self.next_homeless() {
            if self.steps <= last || (self.budget.stop)() {
                return false;
            }
            let Some(offset) = self.cheapest(buffer, capacity) else { return false };
            self.settle(buffer, offset);
        }
        true
    }

    /// Takes the largest of a few without a place.
    fn next_homeless(&mut self) -> Option<usize> {
        let count = self.homeless.len();
        let draw = |random: &mut Random| random.below(count.max(1));
        let (a, b) = (draw(&mut self.random), draw(&mut self.random));
        let size = |at: usize| self.homeless.get(at).map(|&buffer| self.problem.sizes[buffer as usize]);
        let at = if size(a) >= size(b) { a } else { b };
        (count > 0).then(|| self.homeless.swap_remove(at) as usize)
    }

    fn drive_out(&mut self, buffer: usize) {
        self.offsets[buffer] = NOWHERE;
        remove(&mut self.placed, buffer);
        self.homeless.push(buffer as u32);
    }

    fn settle(&mut self, buffer: usize, offset: u64) {
        let end = offset + self.problem.sizes[buffer];
        let row = self.problem.rows.row(buffer);
        let in_the_way: Vec<usize> = common(row, &self.placed)
            .filter(|&other| self.offsets[other] < end && self.offsets[other] + self.problem.sizes[other] > offset)
            .collect();
        if !in_the_way.is_empty() {
            self.failures[buffer] += 1;
        }
        in_the_way.into_iter().for_each(|other| self.drive_out(other));
        self.offsets[buffer] = offset;
        insert(&mut self.placed, buffer);
    }

    /// The offset under `capacity` where `buffer` drives out the least weight; one of them where there are several.
    fn cheapest(&mut self, buffer: usize, capacity: u64) -> Option<u64> {
        let size = self.problem.sizes[buffer];
        let highest = capacity.checked_sub(size)?;
        self.gather(buffer);
        let mut best: Option<(u64, u64)> = None;
        let mut equals = 1;
        let below_starts = self.starts.iter().map(|&(start, _)| start.saturating_sub(size));
        let on_ends = self.ends.iter().map(|&(end, _)| end);
        for offset in below_starts.chain(on_ends).chain([0, highest]) {
            let offset = self.problem.align(buffer, offset);
            if offset > highest {
                continue;
            }
            let weight = up_to(&self.starts, offset + size - 1) - up_to(&self.ends, offset);
            let better = best.is_none_or(|(least, _)| weight < least);
            equals = if better { 1 } else { equals + usize::from(best.is_some_and(|(least, _)| least == weight)) };
            if better || best.is_some_and(|(least, _)| least == weight) && self.random.below(equals) == 0 {
                best = Some((weight, offset));
            }
        }
        best.map(|(_, offset)| offset)
    }

    fn gather(&mut self, buffer: usize) {
        self.starts.clear();
        self.ends.clear();
        for other in common(self.problem.rows.row(buffer), &self.placed) {
            let weight = self.problem.sizes[other] * (1 + self.failures[other]);
            self.starts.push((self.offsets[other], weight));
            self.ends.push((self.offsets[other] + self.problem.sizes[other], weight));
        }
        accumulate(&mut self.starts);
        accumulate(&mut self.ends);
        let cost = self.starts.len() as u64;
        self.steps = self.steps.saturating_sub(200 + 30 * cost);
    }
}

fn accumulate(weights: &mut [(u64, u64)]) {
    weights.sort_unstable();
    let mut sum = 0;
    for (_, weight) in weights {
        sum += *weight;
        *weight = sum;
    }
}

/// The weight of all entries at `place` or before it.
fn up_to(weights: &[(u64, u64)], place: u64) -> u64 {
    let count = weights.partition_point(|&(at, _)| at <= place);
    count.checked_sub(1).map_or(0, |last| weights[last].1)
}
