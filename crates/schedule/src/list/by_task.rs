//! The most urgent task first, where it starts first.

use super::ready::Ready;
use super::{Arrival, Placer};

/// How many gaps are remembered; the oldest is forgotten first, so that a task costs the same wherever it is.
const GAPS: usize = 48;

#[derive(Debug, Default)]
pub(super) struct Lists {
    ready: Ready,
    gaps: Vec<Gap>,
    oldest: usize,
}

#[derive(Clone, Copy, Debug)]
struct Gap {
    stream: u32,
    from: u64,
    to: u64,
}

/// Where a task would start.
#[derive(Clone, Copy)]
struct Place {
    stream: u32,
    start: u64,
    gap: Option<usize>,
}

impl Placer<'_> {
    pub(super) fn place_by_task(&mut self, urgency: &[u64]) {
        let mut lists = std::mem::take(&mut self.by_task);
        lists.ready.restart(urgency);
        lists.gaps.clear();
        lists.oldest = 0;
        let sources = (0..self.dag.len() as u32).filter(|&task| self.missing[task as usize] == 0);
        sources.for_each(|task| lists.ready.insert(task));
        while let Some(task) = lists.ready.pop() {
            let arrival = self.arrival(task);
            let place = self.best_place(task, arrival, &lists.gaps);
            self.take(task, place, &mut lists);
            for &after in self.dag.successors(task) {
                self.missing[after as usize] -= 1;
                if self.missing[after as usize] == 0 {
                    lists.ready.insert(after);
                }
            }
        }
        self.by_task = lists;
    }

    /// The earliest start; of equal ones a gap, then the stream that idles least before it.
    fn best_place(&self, task: u32, arrival: Arrival, gaps: &[Gap]) -> Place {
        let engine = self.engine_free(task);
        let cost = self.dag.cost(task);
        let arrived =
            |stream: u32| if stream == arrival.home { arrival.at_home } else { arrival.away }.max(engine);
        let mut best: Option<(u64, u64, Place)> = None;
        for (stream, &free) in self.free.iter().enumerate() {
            let stream = stream as u32;
            let start = free.max(arrived(stream));
            let idle = start - free;
            if best.is_none_or(|(other, waste, _)| (start, idle) < (other, waste)) {
                best = Some((start, idle, Place { stream, start, gap: None }));
            }
        }
        for (index, gap) in gaps.iter().enumerate() {
            let start = gap.from.max(arrived(gap.stream));
            let waste = (start - gap.from).min(gap.to.saturating_sub(start + cost));
            if start + cost <= gap.to && best.is_none_or(|(other, idle, _)| (start, waste) <= (other, idle)) {
                best = Some((start, waste, Place { stream: gap.stream, start, gap: Some(index) }));
            }
        }
        best.map_or(Place { stream: 0, start: 0, gap: None }, |(_, _, place)| place)
    }

    fn take(&mut self, task: u32, place: Place, lists: &mut Lists) {
        let end = self.put(task, place.stream, place.start);
        let free = &mut self.free[place.stream as usize];
        let (from, to) = match place.gap {
            None => (std::mem::replace(free, end), place.start),
            Some(index) => {
                let gap = lists.gaps[index];
                lists.gaps[index].to = place.start;
                lists.remember(Gap { stream: gap.stream, from: end, to: gap.to });
                return;
            }
        };
        lists.remember(Gap { stream: place.stream, from, to });
    }
}

impl Lists {
    fn remember(&mut self, gap: Gap) {
        if gap.from >= gap.to {
            return;
        }
        if let Some(empty) = self.gaps.iter_mut().find(|gap| gap.from >= gap.to) {
            *empty = gap;
        } else if self.gaps.len() < GAPS {
            self.gaps.push(gap);
        } else {
            self.gaps[self.oldest] = gap;
            self.oldest = (self.oldest + 1) % GAPS;
        }
    }
}
