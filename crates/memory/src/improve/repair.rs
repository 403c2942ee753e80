//! Lowers a placement by pressing it under a capacity and repairing what does not fit.
//!
//! A buffer without a place takes the one where what it drives out weighs least, and what it drives out needs a place in turn.
//! Who was driven out often weighs more, so that the same few do not chase each other for ever.

use super::{Budget, Placed};
use crate::problem::Problem;
use crate::random::Random;
use crate::rows::{common, insert, remove};

/// Lowers `placed` towards `enough` within the budget.
pub(super) fn repair(problem: &Problem, enough: u64, budget: &Budget<'_>, placed: &mut Placed) {
    let mut repair = Repair::new(problem, budget);
    let mut low = enough;
    let share = budget.steps / 6;
    while placed.peak > enough && repair.steps > 0 && !(budget.stop)() {
        let capacity = (low + (placed.peak - low) / 2).min(placed.peak - 1);
        // A round that finds nothing to move costs its look at everything.
        repair.steps = repair.steps.saturating_sub(200 + 10 * problem.len() as u64);
        repair.press(placed, capacity, share);
        repair.finish();
        let peak = problem.peak(&repair.offsets);
        if peak < placed.peak {
            placed.offsets.clone_from(&repair.offsets);
            placed.peak = peak;
        }
        if peak > capacity {
            // Low capacities are not out of reach for good: another round starts from a better placement.
            low = if placed.peak <= capacity + 2 { enough } else { capacity };
        }
        low = low.min(placed.peak);
    }
}

/// `offsets` with a place for each buffer that has none, the largest first, each as low as it goes.
pub(crate) fn complete(problem: &Problem, offsets: &[Option<u64>], budget: &Budget<'_>) -> Vec<u64> {
    let mut repair = Repair::new(problem, budget);
    repair.offsets = vec![NOWHERE; problem.len()];
    for (buffer, offset) in offsets.iter().enumerate() {
        match *offset {
            Some(offset) => {
                repair.offsets[buffer] = offset;
                insert(&mut repair.placed, buffer);
            }
            None => repair.drive_out(buffer),
        }
    }
    repair.finish();
    repair.offsets
}

const NOWHERE: u64 = u64::MAX;

struct Repair<'a, 'b> {
    problem: &'a Problem,
    budget: &'a Budget<'b>,
    steps: u64,
    random: Random,
    offsets: Vec<u64>,
    placed: Vec<u64>,
    /// The mean size: what one failure weighs.
    mean: u64,
    /// How often each buffer found no free place.
    failures: Vec<u64>,
    homeless: Vec<u32>,
    homeless_size: u64,
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
            mean: problem.sizes.iter().sum::<u64>() / problem.len().max(1) as u64 + 1,
            failures: vec![0; problem.len()],
            homeless: Vec::new(),
            homeless_size: 0,
            starts: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Drives out what sticks out of `capacity` in `start` and places it again, within `share` steps.
    fn press(&mut self, start: &Placed, capacity: u64, share: u64) {
        self.offsets.clone_from(&start.offsets);
        // What was learned at another capacity counts half.
        self.failures.iter_mut().for_each(|failures| *failures /= 2);
        for buffer in 0..self.problem.len() {
            insert(&mut self.placed, buffer);
            if start.offsets[buffer] + self.problem.sizes[buffer] > capacity {
                self.drive_out(buffer);
            }
        }
        let last = self.steps.saturating_sub(share);
        // As soon as all that has no place fits below the old peak, the placement is lower.
        while capacity + self.homeless_size >= start.peak && self.steps > last && !(self.budget.stop)() {
            let Some(buffer) = self.next_homeless() else { return };
            match self.cheapest(buffer, capacity) {
                Some(offset) => self.settle(buffer, offset),
                None => return self.drive_out(buffer),
            }
        }
    }

    /// Places what has no place as low as it goes without driving anything out.
    fn finish(&mut self) {
        while let Some(buffer) = self.next_homeless() {
            let (problem, offsets) = (self.problem, &self.offsets);
            let around = common(problem.rows.row(buffer), &self.placed);
            let mut around: Vec<(u64, u64)> =
                around.map(|other| (offsets[other], offsets[other] + problem.sizes[other])).collect();
            around.sort_unstable();
            let mut offset = 0;
            for (start, end) in around {
                if offset + problem.sizes[buffer] <= start {
                    break;
                }
                offset = problem.align(buffer, end).max(offset);
            }
            self.offsets[buffer] = offset;
            insert(&mut self.placed, buffer);
        }
    }

    /// Takes the largest without a place: small ones find gaps later.
    fn next_homeless(&mut self) -> Option<usize> {
        let size = |at: usize| self.problem.sizes[self.homeless[at] as usize];
        let at = (0..self.homeless.len()).max_by_key(|&at| (size(at), at))?;
        self.homeless_size -= size(at);
        Some(self.homeless.swap_remove(at) as usize)
    }

    fn drive_out(&mut self, buffer: usize) {
        self.offsets[buffer] = NOWHERE;
        remove(&mut self.placed, buffer);
        self.homeless.push(buffer as u32);
        self.homeless_size += self.problem.sizes[buffer];
    }

    fn settle(&mut self, buffer: usize, offset: u64) {
        let end = offset + self.problem.sizes[buffer];
        let row = self.problem.rows.row(buffer);
        let in_the_way: Vec<usize> = common(row, &self.placed)
            .filter(|&other| {
                self.offsets[other] < end && self.offsets[other] + self.problem.sizes[other] > offset
            })
            .collect();
        if !in_the_way.is_empty() {
            self.failures[buffer] += 1;
        }
        for other in in_the_way {
            self.drive_out(other);
        }
        self.offsets[buffer] = offset;
        insert(&mut self.placed, buffer);
    }

    /// The offset under `capacity` where `buffer` drives out the least weight; one of them where there are several.
    fn cheapest(&mut self, buffer: usize, capacity: u64) -> Option<u64> {
        let size = self.problem.sizes[buffer];
        let highest = capacity.checked_sub(size)?;
        self.gather(buffer);
        let mut best = Best { weight: u64::MAX, offset: 0, equals: 0 };
        let mut weigh = Weigher { starts: &self.starts, ends: &self.ends, size, started: 0, ended: 0 };
        let on_ends = [0].into_iter().chain(self.ends.iter().map(|&(end, _)| end));
        for offset in
            on_ends.map(|end| self.problem.align(buffer, end)).take_while(|&offset| offset <= highest)
        {
            best.offer(weigh.at(offset), offset, &mut self.random);
        }
        if best.weight > 0 {
            let mut weigh = Weigher { starts: &self.starts, ends: &self.ends, size, started: 0, ended: 0 };
            let below_starts =
                self.starts.iter().map(|&(start, _)| start.saturating_sub(size)).chain([highest]);
            for offset in below_starts
                .map(|offset| self.problem.align(buffer, offset))
                .take_while(|&offset| offset <= highest)
            {
                best.offer(weigh.at(offset), offset, &mut self.random);
            }
        }
        (best.equals > 0).then_some(best.offset)
    }

    fn gather(&mut self, buffer: usize) {
        self.starts.clear();
        self.ends.clear();
        for other in common(self.problem.rows.row(buffer), &self.placed) {
            let weight = self.problem.sizes[other] + self.failures[other] * self.mean;
            self.starts.push((self.offsets[other], weight));
            self.ends.push((self.offsets[other] + self.problem.sizes[other], weight));
        }
        self.starts.sort_unstable();
        self.ends.sort_unstable();
        accumulate(&mut self.starts);
        accumulate(&mut self.ends);
        let looked_at = 4 * self.problem.rows.words() + 16 * self.starts.len();
        self.steps = self.steps.saturating_sub(200 + looked_at as u64);
    }
}

fn accumulate(weights: &mut [(u64, u64)]) {
    let mut sum = 0;
    for (_, weight) in weights {
        sum += *weight;
        *weight = sum;
    }
}

/// Weighs what is in the way at ascending offsets.
struct Weigher<'a> {
    starts: &'a [(u64, u64)],
    ends: &'a [(u64, u64)],
    size: u64,
    started: usize,
    ended: usize,
}

impl Weigher<'_> {
    fn at(&mut self, offset: u64) -> u64 {
        while self.starts.get(self.started).is_some_and(|&(start, _)| start < offset + self.size) {
            self.started += 1;
        }
        while self.ends.get(self.ended).is_some_and(|&(end, _)| end <= offset) {
            self.ended += 1;
        }
        let sum =
            |weights: &[(u64, u64)], count: usize| count.checked_sub(1).map_or(0, |last| weights[last].1);
        sum(self.starts, self.started) - sum(self.ends, self.ended)
    }
}

/// The lightest of what is offered, each of equals as likely.
struct Best {
    weight: u64,
    offset: u64,
    equals: usize,
}

impl Best {
    fn offer(&mut self, weight: u64, offset: u64, random: &mut Random) {
        if self.equals == 0 || weight < self.weight {
            *self = Self { weight, offset, equals: 1 };
        } else if weight == self.weight {
            self.equals += 1;
            if random.below(self.equals) == 0 {
                self.offset = offset;
            }
        }
    }
}
