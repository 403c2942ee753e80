//! Lowers a placement by pressing it under a capacity and repairing what does not fit.
//!
//! A buffer without a place takes the one where what it drives out weighs least, and what it drives out needs a place in turn.
//! Who was driven out often weighs more, so that the same few do not chase each other for ever.

use super::descent::Descent;
use super::{Budget, Placed};
use crate::problem::Problem;
use crate::random::Random;
use crate::rows::contains;

/// Rounds that the budget is for; one that lowers the placement ends early.
const ROUNDS: u64 = 4;

/// Lowers `placed` towards `enough` within the budget.
pub(super) fn repair(
    problem: &Problem,
    enough: u64,
    mut descent: Descent,
    budget: &Budget<'_>,
    placed: &mut Placed,
) {
    let mut repair = Repair::new(problem, budget);
    while placed.peak > enough && repair.steps > 0 && !(budget.stop)() {
        let capacity = descent.next(placed.peak, enough);
        repair.press(placed, capacity, budget.steps / ROUNDS);
        repair.finish();
        let peak = problem.peak(&repair.offsets);
        if peak < placed.peak {
            placed.offsets.clone_from(&repair.offsets);
            placed.peak = peak;
            descent.succeed();
        } else if !descent.fail(placed.peak, capacity) {
            return;
        }
    }
}

/// `offsets` with a place for each buffer that has none, the largest first, each as low as it goes.
pub(crate) fn complete(problem: &Problem, offsets: &[Option<u64>], budget: &Budget<'_>) -> Vec<u64> {
    let mut repair = Repair::new(problem, budget);
    repair.start(offsets.iter().map(|offset| offset.unwrap_or(NOWHERE)).collect(), NOWHERE - 1);
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
    /// Buffers that have places, with their starts and with their ends, ascending.
    starts: Vec<(u64, u32)>,
    ends: Vec<(u64, u32)>,
    /// What driving out each buffer weighs: its size and what its failures to find a free place add.
    weights: Vec<u64>,
    /// What one failure adds.
    failure: u64,
    homeless: Vec<u32>,
    homeless_size: u64,
    /// Of what is placed and conflicts: starts and ends with the weight up to there.
    started: Vec<(u64, u64)>,
    ended: Vec<(u64, u64)>,
}

impl<'a, 'b> Repair<'a, 'b> {
    fn new(problem: &'a Problem, budget: &'a Budget<'b>) -> Self {
        let mean = problem.sizes.iter().sum::<u64>() / problem.len().max(1) as u64 + 1;
        Self {
            problem,
            budget,
            steps: budget.steps,
            random: Random::new(budget.seed),
            offsets: Vec::new(),
            starts: Vec::new(),
            ends: Vec::new(),
            weights: problem.sizes.clone(),
            failure: 4 * mean,
            homeless: Vec::new(),
            homeless_size: 0,
            started: vec![(0, 0); problem.len() + 1],
            ended: vec![(0, 0); problem.len() + 1],
        }
    }

    /// Starts from `offsets`, without what sticks out of `capacity`.
    fn start(&mut self, offsets: Vec<u64>, capacity: u64) {
        self.offsets = offsets;
        self.starts.clear();
        self.ends.clear();
        for buffer in 0..self.problem.len() {
            let (offset, size) = (self.offsets[buffer], self.problem.sizes[buffer]);
            if offset <= capacity.saturating_sub(size) && size <= capacity {
                self.starts.push((offset, buffer as u32));
                self.ends.push((offset + size, buffer as u32));
            } else {
                self.drive_out(buffer);
            }
        }
        self.starts.sort_unstable();
        self.ends.sort_unstable();
    }

    /// Drives out what sticks out of `capacity` in `start` and places it again, within `share` steps.
    fn press(&mut self, start: &Placed, capacity: u64, share: u64) {
        // What was learned at another capacity counts half.
        for (weight, size) in self.weights.iter_mut().zip(&self.problem.sizes) {
            *weight = size + (*weight - size) / 2;
        }
        self.start(start.offsets.clone(), capacity);
        // A round that finds nothing to move costs its look at everything.
        self.steps = self.steps.saturating_sub(200 + 10 * self.problem.len() as u64);
        let last = self.steps.saturating_sub(share.max(1));
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
            let (problem, row) = (self.problem, self.problem.rows.row(buffer));
            let mut offset = 0;
            for &(start, other) in self.starts.iter().filter(|&&(_, other)| contains(row, other as usize)) {
                if offset + problem.sizes[buffer] <= start {
                    break;
                }
                offset = problem.align(buffer, start + problem.sizes[other as usize]).max(offset);
            }
            self.put(buffer, offset);
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
        self.homeless.push(buffer as u32);
        self.homeless_size += self.problem.sizes[buffer];
    }

    fn put(&mut self, buffer: usize, offset: u64) {
        self.offsets[buffer] = offset;
        let start = (offset, buffer as u32);
        let at = self.starts.partition_point(|other| *other < start);
        self.starts.insert(at, start);
        let end = (offset + self.problem.sizes[buffer], buffer as u32);
        let at = self.ends.partition_point(|other| *other < end);
        self.ends.insert(at, end);
    }

    fn settle(&mut self, buffer: usize, offset: u64) {
        let end = offset + self.problem.sizes[buffer];
        let row = self.problem.rows.row(buffer);
        // What starts below the end and ends above the start is in the way.
        let below = self.starts.partition_point(|&(start, _)| start < end);
        let in_the_way: Vec<u32> = self.starts[..below]
            .iter()
            .filter(|&&(start, other)| {
                start + self.problem.sizes[other as usize] > offset && contains(row, other as usize)
            })
            .map(|&(_, other)| other)
            .collect();
        if !in_the_way.is_empty() {
            self.weights[buffer] += self.failure;
        }
        for other in in_the_way {
            let start = (self.offsets[other as usize], other);
            if let Ok(at) = self.starts.binary_search(&start) {
                self.starts.remove(at);
            }
            let end = (start.0 + self.problem.sizes[other as usize], other);
            if let Ok(at) = self.ends.binary_search(&end) {
                self.ends.remove(at);
            }
            self.drive_out(other as usize);
        }
        self.put(buffer, offset);
    }

    /// The offset under `capacity` where `buffer` drives out the least weight; one of them where there are several.
    fn cheapest(&mut self, buffer: usize, capacity: u64) -> Option<u64> {
        let size = self.problem.sizes[buffer];
        let highest = capacity.checked_sub(size)?;
        let row = self.problem.rows.row(buffer);
        let count = accumulate(&self.starts, row, &self.weights, &mut self.started);
        accumulate(&self.ends, row, &self.weights, &mut self.ended);
        let (started, ended) = (&self.started[..count], &self.ended[..count]);
        self.steps = self.steps.saturating_sub((50 + 3 * self.starts.len() + 8 * count) as u64);
        let mut best = Best { weight: u64::MAX, offset: 0, equals: 0 };
        let mut weigh = Weigher { starts: started, ends: ended, size, started: 0, ended: 0 };
        let on_ends = [0].into_iter().chain(ended.iter().map(|&(end, _)| end));
        for offset in
            on_ends.map(|end| self.problem.align(buffer, end)).take_while(|&offset| offset <= highest)
        {
            best.offer(weigh.at(offset), offset, &mut self.random);
        }
        if best.weight > 0 {
            let mut weigh = Weigher { starts: started, ends: ended, size, started: 0, ended: 0 };
            let below_starts = started.iter().map(|&(start, _)| start.saturating_sub(size)).chain([highest]);
            for offset in below_starts
                .map(|offset| self.problem.align(buffer, offset))
                .take_while(|&offset| offset <= highest)
            {
                best.offer(weigh.at(offset), offset, &mut self.random);
            }
        }
        (best.equals > 0).then_some(best.offset)
    }
}

/// Writes the bounds of those in `row`, with their weights up to there, to the front of `into`, and gives how many there are.
fn accumulate(bounds: &[(u64, u32)], row: &[u64], weights: &[u64], into: &mut [(u64, u64)]) -> usize {
    let (mut count, mut sum) = (0, 0);
    for &(bound, buffer) in bounds {
        // Written in any case and kept or not: whether it conflicts cannot be foreseen.
        let conflicts = contains(row, buffer as usize);
        sum += if conflicts { weights[buffer as usize] } else { 0 };
        into[count] = (bound, sum);
        count += usize::from(conflicts);
    }
    count
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
