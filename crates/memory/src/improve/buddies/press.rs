//! Presses what sticks out below a capacity: a buffer without a place takes the lane where what it drives out weighs least.
//!
//! Who drives others out weighs more from then on, so that the same few do not chase each other for ever.

use super::{Lanes, NOWHERE};
use crate::improve::Budget;
use crate::improve::descent::Descent;
use crate::random::Random;
use crate::rows::common;

/// Parts of what may be spent that go to one step.
const ATTEMPTS: u64 = 4;

pub(super) struct Press<'a, 'b> {
    budget: &'a Budget<'b>,
    steps: u64,
    random: Random,
    /// What one failure to find a free lane adds to a weight.
    failure: i64,
    /// Buffers without a place, by size as a power of two.
    homeless: Vec<Vec<u32>>,
    /// What driving out all from each lane weighs.
    weights: Vec<i64>,
    near: Vec<Near>,
}

/// A buffer that conflicts with another, and the lanes of the other's width that it touches.
#[derive(Clone, Copy)]
struct Near {
    first: u32,
    last: u32,
    buffer: u32,
}

impl<'a, 'b> Press<'a, 'b> {
    pub(super) fn new(lanes: &Lanes, budget: &'a Budget<'b>) -> Self {
        let sizes = lanes.places.iter().map(|place| u64::from(place.size()));
        let mean = sizes.sum::<u64>() / lanes.len().max(1) as u64 + 1;
        Self {
            budget,
            steps: budget.steps,
            random: Random::new(budget.seed),
            failure: 4 * mean.cast_signed(),
            homeless: vec![Vec::new(); u32::BITS as usize],
            weights: Vec::new(),
            near: Vec::new(),
        }
    }

    /// What was done elsewhere takes `steps`.
    pub(super) fn spend(&mut self, steps: u64) {
        self.steps = self.steps.saturating_sub(steps);
    }

    /// Lowers the peak towards `floor` by one of `shares` of the steps that are left.
    pub(super) fn descend(&mut self, lanes: &mut Lanes, floor: u32, shares: u64) {
        let share = self.steps / shares;
        let last = self.steps - share;
        let grain = lanes.lying().map(|(_, place)| place.power).min().unwrap_or(0);
        let mut kept: Vec<u32> = lanes.places.iter().map(|place| place.offset).collect();
        let mut descent = Descent::in_steps();
        loop {
            let peak = lanes.peak();
            if peak <= floor || self.steps <= last || (self.budget.stop)() {
                return;
            }
            // Nothing ends between two of the narrowest lanes.
            let wanted = descent.next(peak.into(), floor.into());
            let capacity = (wanted as u32 >> grain << grain).max(floor);
            if self.reach(lanes, capacity, share / ATTEMPTS) {
                kept.iter_mut().zip(&lanes.places).for_each(|(kept, place)| *kept = place.offset);
                continue;
            }
            restore(lanes, &kept);
            if !descent.fail(peak.into(), wanted) {
                return;
            }
        }
    }

    /// Whether everything finds a lane below `capacity` in so many steps.
    fn reach(&mut self, lanes: &mut Lanes, capacity: u32, steps: u64) -> bool {
        self.homeless.iter_mut().for_each(Vec::clear);
        for buffer in 0..lanes.places.len() as u32 {
            let place = &mut lanes.places[buffer as usize];
            // What was learned at another capacity counts half.
            let size = i64::from(place.size());
            place.weight = size + (place.weight - size) / 2;
            if place.offset != NOWHERE && place.end() > capacity {
                self.drive_out(lanes, buffer);
            }
        }
        self.spend(2 * lanes.places.len() as u64);
        let last = self.steps.saturating_sub(steps.max(1));
        while let Some(buffer) = self.next_homeless() {
            if self.steps <= last || (self.budget.stop)() {
                return false;
            }
            self.settle(lanes, buffer, capacity);
        }
        true
    }

    /// One of the largest: small ones find holes later.
    fn next_homeless(&mut self) -> Option<u32> {
        self.homeless.iter_mut().rev().find_map(Vec::pop)
    }

    fn drive_out(&mut self, lanes: &mut Lanes, buffer: u32) {
        lanes.take(buffer);
        self.homeless[usize::from(lanes.places[buffer as usize].power)].push(buffer);
    }

    /// Lets `buffer` lie in the lightest lane below `capacity`, one of them where there are several.
    fn settle(&mut self, lanes: &mut Lanes, buffer: u32, capacity: u32) {
        let power = lanes.places[buffer as usize].power;
        self.weigh(lanes, buffer, (capacity >> power) as usize);
        let (mut least, mut equals) = (i64::MAX, 0);
        for &weight in &self.weights {
            equals = if weight < least { 0 } else { equals };
            least = least.min(weight);
            equals += usize::from(weight == least);
        }
        let chosen = self.random.below(equals.max(1));
        let lightest = (0..).zip(&self.weights).filter(|&(_, &weight)| weight == least);
        let lane = lightest.map(|(lane, _)| lane).nth(chosen).unwrap_or(0);
        if least > 0 {
            lanes.places[buffer as usize].weight += self.failure;
            let near = std::mem::take(&mut self.near);
            for other in near.iter().filter(|near| near.first <= lane && lane <= near.last) {
                self.drive_out(lanes, other.buffer);
            }
            self.near = near;
        }
        lanes.put(buffer, lane << power);
    }

    /// Weighs what is in the way of `buffer` in each of `count` lanes.
    fn weigh(&mut self, lanes: &Lanes, buffer: u32, count: usize) {
        let power = lanes.places[buffer as usize].power;
        self.weights.clear();
        self.weights.resize(count + 1, 0);
        self.near.clear();
        for other in common(lanes.rows.row(buffer as usize), &lanes.placed) {
            let place = lanes.places[other];
            let (first, last) = (place.offset >> power, (place.end() - 1) >> power);
            self.near.push(Near { first, last, buffer: other as u32 });
            self.weights[(first as usize).min(count)] += place.weight;
            self.weights[(last as usize + 1).min(count)] -= place.weight;
        }
        self.weights.pop();
        let mut sum = 0;
        for weight in &mut self.weights {
            sum += *weight;
            *weight = sum;
        }
        self.spend((lanes.rows.words() + 8 * self.near.len() + count) as u64);
    }
}

fn restore(lanes: &mut Lanes, offsets: &[u32]) {
    for (buffer, &offset) in (0..).zip(offsets) {
        if offset == NOWHERE {
            lanes.take(buffer);
        } else {
            lanes.put(buffer, offset);
        }
    }
}
