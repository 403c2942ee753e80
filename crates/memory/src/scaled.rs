//! An instance in whole units: cut into parts, each placed for itself, or placed as one where it is large.

use std::hint::black_box;

use crate::along::along;
use crate::first_fit::{Arena, Gap};
use crate::improve::{Budget, MOST_SEARCHED, Placed, are_buddies, complete, improve};
use crate::instance::gcd;
use crate::problem::{Problem, Sections};
use crate::rows::{Rows, count};
use crate::split::{Part, split};
use crate::sweep::lowest;
use crate::{Lifetimes, cliques};

/// Buffers beyond which conflicts are not kept as bits: 72 MiB of them.
const MOST_ROWS: usize = 24_576;

/// Sizes and alignments in units.
#[derive(Debug)]
pub(crate) struct Scaled<'a> {
    pub(crate) lifetimes: &'a Lifetimes,
    pub(crate) sizes: Vec<u64>,
    /// Empty where all are one.
    pub(crate) alignments: Vec<u64>,
    /// The heaviest known set of buffers that all conflict.
    pub(crate) heaviest: &'a [u32],
}

impl Scaled<'_> {
    /// Offsets, and a proved bound; a peak of at most `enough` needs no further work.
    pub(crate) fn place(&self, enough: u64, budget: &Budget<'_>) -> (Vec<u64>, u64) {
        // A buffer of no size lies anywhere.
        let members: Vec<u32> =
            (0..self.sizes.len() as u32).filter(|&buffer| self.sizes[buffer as usize] > 0).collect();
        if members.len() > MOST_ROWS {
            (self.at_large(&members, enough, budget), 0)
        } else {
            self.in_parts(&members, enough, budget)
        }
    }

    fn in_parts(&self, members: &[u32], mut enough: u64, budget: &Budget<'_>) -> (Vec<u64>, u64) {
        let rows = Rows::new(self.lifetimes, members);
        let sizes = of(&self.sizes, members);
        let parts = split(&rows, &sizes, self.step(members));
        let mut offsets = vec![0; self.sizes.len()];
        for (index, offset) in parts.settled {
            offsets[members[index as usize] as usize] = offset;
        }
        let by_use = self.by_use_in_parts(members, &parts.open);
        // The part with most of the heaviest set decides how low the others need to be.
        let mut order: Vec<usize> = (0..parts.open.len()).collect();
        order.sort_by_cached_key(|&at| std::cmp::Reverse(self.weight_of_heaviest(members, &parts.open[at])));
        let mut proved = 0;
        let mut steps = budget.steps;
        for at in order {
            let part = &parts.open[at];
            let buffers: Vec<u32> = part.members.iter().map(|&index| members[index as usize]).collect();
            let enough_here = enough.saturating_sub(part.base);
            let placed =
                self.improve(&rows, part, &buffers, &by_use[at], enough_here, &Budget { steps, ..*budget });
            if placed.peak > enough_here {
                // However many parts are searched in vain, all take twice the budget at most.
                steps /= 2;
            }
            for (&buffer, offset) in buffers.iter().zip(placed.offsets) {
                offsets[buffer as usize] = part.base + offset;
            }
            proved = proved.max(part.base + placed.proved);
            // The highest part decides; others need not be lower.
            enough = enough.max(part.base + placed.peak);
        }
        (offsets, proved)
    }

    /// What every alignment of `members` divides, or where that is beyond any address, what divides no size.
    fn step(&self, members: &[u32]) -> u64 {
        let mut alignments = members.iter().filter_map(|&buffer| self.alignments.get(buffer as usize));
        let step = alignments
            .try_fold(1u64, |step, &alignment| (step / gcd(step, alignment)).checked_mul(alignment));
        step.unwrap_or(u64::MAX)
    }

    /// For each part, its buffers' places in the part by first use.
    fn by_use_in_parts(&self, members: &[u32], parts: &[Part]) -> Vec<Vec<u32>> {
        let mut home = vec![None; self.sizes.len()];
        for (number, part) in parts.iter().enumerate() {
            for (at, &index) in part.members.iter().enumerate() {
                home[members[index as usize] as usize] = Some((number, at as u32));
            }
        }
        let mut by_use = vec![Vec::new(); parts.len()];
        for buffer in self.lifetimes.by_first_use() {
            if let Some((number, at)) = home[buffer as usize] {
                by_use[number].push(at);
            }
        }
        by_use
    }

    fn weight_of_heaviest(&self, members: &[u32], part: &Part) -> u64 {
        let buffers = part.members.iter().map(|&index| members[index as usize]);
        let heavy = buffers.filter(|buffer| self.heaviest.binary_search(buffer).is_ok());
        heavy.map(|buffer| self.sizes[buffer as usize]).sum()
    }

    /// Places a part, of which `by_use` gives the places in `buffers` in the order of first use.
    fn improve(
        &self,
        rows: &Rows,
        part: &Part,
        buffers: &[u32],
        by_use: &[u32],
        enough: u64,
        budget: &Budget<'_>,
    ) -> Placed {
        let problem = self.problem(rows, part, buffers);
        let mut start = lowest(&problem, by_use, enough, budget);
        if problem.peak(&start) > enough && problem.len() > MOST_SEARCHED && !are_buddies(&problem, budget) {
            let above_large = self.large_first(&problem, rows, part, buffers, by_use, budget);
            if problem.peak(&above_large) < problem.peak(&start) {
                start = above_large;
            }
        }
        improve(&problem, by_use, start, enough, budget)
    }

    /// Places as many of the largest buffers as can be searched, and then the others around them.
    fn large_first(
        &self,
        problem: &Problem,
        rows: &Rows,
        part: &Part,
        buffers: &[u32],
        by_use: &[u32],
        budget: &Budget<'_>,
    ) -> Vec<u64> {
        let mut sizes = problem.sizes.clone();
        sizes.sort_unstable_by_key(|&size| std::cmp::Reverse(size));
        // All of one size are in or out.
        let least = sizes[MOST_SEARCHED] + 1;
        let large: Vec<usize> = (0..problem.len()).filter(|&at| problem.sizes[at] >= least).collect();
        let mut at_large = vec![None; problem.len()];
        large.iter().enumerate().for_each(|(place, &at)| at_large[at] = Some(place as u32));
        let by_use: Vec<u32> = by_use.iter().filter_map(|&at| at_large[at as usize]).collect();
        let members = large.iter().map(|&at| part.members[at]).collect();
        let largest: Vec<u32> = large.iter().map(|&at| buffers[at]).collect();
        let enough = self.load(&largest);
        let placed = self.improve(rows, &Part { members, base: 0 }, &largest, &by_use, enough, budget);
        let mut offsets = vec![None; problem.len()];
        large.iter().zip(placed.offsets).for_each(|(&at, offset)| offsets[at] = Some(offset));
        complete(problem, &offsets, budget)
    }

    /// The heaviest load of `buffers` known without much effort.
    fn load(&self, buffers: &[u32]) -> u64 {
        match self.lifetimes {
            Lifetimes::Intervals(intervals) => intervals.part(buffers).max_load(&of(&self.sizes, buffers)).0,
            Lifetimes::Accesses(accesses) => {
                let mut inside = vec![0; self.sizes.len()];
                for &buffer in buffers {
                    inside[buffer as usize] = self.sizes[buffer as usize];
                }
                accesses.max_load_at_issue(&inside).0
            }
        }
    }

    fn problem(&self, rows: &Rows, part: &Part, buffers: &[u32]) -> Problem {
        let rows = rows.part(&part.members);
        let sizes = of(&self.sizes, buffers);
        let (spans, sets) = match self.lifetimes {
            Lifetimes::Intervals(intervals) => {
                let part = intervals.part(buffers);
                (part.lengths(), cliques::at_each_time(&part, &sizes))
            }
            Lifetimes::Accesses(_) => {
                let known = (0..buffers.len() as u32)
                    .filter(|&at| self.heaviest.binary_search(&buffers[at as usize]).is_ok());
                let spans = (0..buffers.len()).map(|buffer| count(rows.row(buffer)) as u64).collect();
                (spans, cliques::grown(&rows, &sizes, known.collect()))
            }
        };
        let alignments = if self.alignments.is_empty() { Vec::new() } else { of(&self.alignments, buffers) };
        let sections = Sections::new(&sizes, &sets);
        Problem { sizes, alignments, spans, rows, sections }
    }

    fn at_large(&self, members: &[u32], enough: u64, budget: &Budget<'_>) -> Vec<u64> {
        let mut inside = vec![false; self.sizes.len()];
        for &member in members {
            inside[member as usize] = true;
        }
        let mut order = self.lifetimes.by_first_use();
        order.retain(|&buffer| inside[buffer as usize]);
        let mut swept = vec![0; self.sizes.len()];
        for (&buffer, offset) in order.iter().zip(along(self, &order)) {
            swept[buffer as usize] = offset;
        }
        // A buffer is compared with half of all others on the way.
        let pairs = (order.len() as u64).saturating_mul(order.len() as u64) / 2;
        if self.peak(&swept) <= enough || pairs > budget.steps || (budget.stop)() {
            return swept;
        }
        order.sort_by_key(|&buffer| std::cmp::Reverse(self.sizes[buffer as usize]));
        let packed = self.pack(&order);
        if self.peak(&packed) < self.peak(&swept) { packed } else { swept }
    }

    /// Fetches what is known of buffers that are placed next.
    pub(crate) fn fetch(&self, buffers: &[u32]) {
        let size = |&buffer: &u32| self.sizes[buffer as usize];
        black_box(buffers.iter().map(size).fold(0, |sum, size| sum ^ size));
        if let Lifetimes::Accesses(accesses) = self.lifetimes {
            accesses.fetch(buffers);
        }
    }

    fn peak(&self, offsets: &[u64]) -> u64 {
        offsets.iter().zip(&self.sizes).map(|(offset, size)| offset + size).max().unwrap_or(0)
    }

    /// Places buffers in `order`, each into the smallest gap that holds it.
    fn pack(&self, order: &[u32]) -> Vec<u64> {
        let mut offsets = vec![0; self.sizes.len()];
        let mut arena = Arena::default();
        for &buffer in order {
            let (index, size) = (buffer as usize, self.sizes[buffer as usize]);
            let align = |at: u64| self.alignments.get(index).map_or(at, |&to| at.next_multiple_of(to));
            offsets[index] =
                arena.find(size, Gap::Best, |other| self.lifetimes.conflict(index, other as usize), align);
            arena.put(buffer, offsets[index], size);
        }
        offsets
    }
}

fn of(values: &[u64], buffers: &[u32]) -> Vec<u64> {
    buffers.iter().map(|&buffer| values[buffer as usize]).collect()
}
