//! An instance in whole units: cut into parts, each placed for itself, or placed as one where it is large.

use crate::first_fit::{Arena, Gap};
use crate::improve::{Budget, Placed, improve};
use crate::problem::{Problem, Sections};
use crate::rows::{Rows, count};
use crate::split::{Part, split};
use crate::sweep::{Direction, sweep};
use crate::{Lifetimes, cliques};

/// Buffers beyond which conflicts are not kept as bits.
const MOST_ROWS: usize = 12_000;

/// Buffers beyond which only the order of first use is tried.
const MOST_SORTED: usize = 40_000;

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
        let members: Vec<u32> = (0..self.sizes.len() as u32).filter(|&buffer| self.sizes[buffer as usize] > 0).collect();
        if members.len() > MOST_ROWS { (self.at_large(enough, budget), 0) } else { self.in_parts(&members, enough, budget) }
    }

    fn in_parts(&self, members: &[u32], mut enough: u64, budget: &Budget<'_>) -> (Vec<u64>, u64) {
        let rows = Rows::new(self.lifetimes, members);
        let sizes: Vec<u64> = members.iter().map(|&member| self.sizes[member as usize]).collect();
        let parts = split(&rows, &sizes, self.alignments.is_empty());
        let mut offsets = vec![0; self.sizes.len()];
        for (index, offset) in parts.settled {
            offsets[members[index as usize] as usize] = offset;
        }
        let by_use = self.lifetimes.by_first_use();
        let mut proved = 0;
        for part in parts.open {
            let buffers: Vec<u32> = part.members.iter().map(|&index| members[index as usize]).collect();
            let problem = self.problem(&rows, &part, &buffers);
            let placed = self.improve(&problem, &buffers, &by_use, enough.saturating_sub(part.base), budget);
            for (&buffer, offset) in buffers.iter().zip(placed.offsets) {
                offsets[buffer as usize] = part.base + offset;
            }
            proved = proved.max(part.base + placed.proved);
            // The highest part decides; others need not be lower.
            enough = enough.max(part.base + placed.peak);
        }
        (offsets, proved)
    }

    fn improve(&self, problem: &Problem, buffers: &[u32], by_use: &[u32], enough: u64, budget: &Budget<'_>) -> Placed {
        let mut index = vec![u32::MAX; self.sizes.len()];
        buffers.iter().enumerate().for_each(|(at, &buffer)| index[buffer as usize] = at as u32);
        let by_use: Vec<u32> = by_use.iter().map(|&buffer| index[buffer as usize]).filter(|&at| at != u32::MAX).collect();
        improve(problem, &by_use, problem.sections.bound(), enough, budget)
    }

    fn problem(&self, rows: &Rows, part: &Part, buffers: &[u32]) -> Problem {
        let rows = rows.part(&part.members);
        let of = |values: &[u64]| buffers.iter().filter_map(|&buffer| values.get(buffer as usize).copied()).collect::<Vec<_>>();
        let sizes = of(&self.sizes);
        let (spans, sets) = match self.lifetimes {
            Lifetimes::Intervals(intervals) => {
                let part = intervals.part(buffers);
                (part.lengths(), cliques::at_each_time(&part, &sizes))
            }
            Lifetimes::Accesses(_) => {
                let known = (0..buffers.len() as u32).filter(|&at| self.heaviest.binary_search(&buffers[at as usize]).is_ok());
                let spans = (0..buffers.len()).map(|buffer| count(rows.row(buffer)) as u64).collect();
                (spans, cliques::grown(&rows, &sizes, known.collect()))
            }
        };
        let sections = Sections::new(&sizes, &sets);
        Problem { sizes, alignments: of(&self.alignments), spans, rows, sections }
    }

    /// The lowest of a few quick placements.
    fn at_large(&self, enough: u64, budget: &Budget<'_>) -> Vec<u64> {
        let mut best: Option<(u64, Vec<u64>)> = None;
        let mut keep = |offsets: Vec<u64>| {
            let peak = offsets.iter().zip(&self.sizes).map(|(offset, size)| offset + size).max().unwrap_or(0);
            if best.as_ref().is_none_or(|(least, _)| peak < *least) {
                best = Some((peak, offsets));
            }
            best.as_ref().is_some_and(|(least, _)| *least <= enough) || (budget.stop)()
        };
        let ways = [Direction::Forward, Direction::Backward].map(|way| [(way, Gap::First), (way, Gap::Best)]);
        let mut done = ways.as_flattened().iter().any(|&(way, gap)| keep(sweep(self.lifetimes, &self.sizes, &self.alignments, way, gap)));
        if !done && self.sizes.len() <= MOST_SORTED {
            let mut arena = Arena::default();
            for gap in [Gap::First, Gap::Best] {
                done = done || keep(self.by_size(gap, &mut arena));
            }
        }
        best.map(|(_, offsets)| offsets).unwrap_or_default()
    }

    fn by_size(&self, gap: Gap, arena: &mut Arena) -> Vec<u64> {
        let mut order = self.lifetimes.by_first_use();
        order.sort_by_key(|&buffer| std::cmp::Reverse(self.sizes[buffer as usize]));
        let mut offsets = vec![0; self.sizes.len()];
        arena.clear();
        for &buffer in order.iter().filter(|&&buffer| self.sizes[buffer as usize] > 0) {
            let (index, size) = (buffer as usize, self.sizes[buffer as usize]);
            let align = |at: u64| self.alignments.get(index).map_or(at, |&to| at.next_multiple_of(to));
            offsets[index] = arena.find(size, gap, |other| self.lifetimes.conflict(index, other as usize), align);
            arena.put(buffer, offsets[index], size);
        }
        offsets
    }
}
