//! The stream that is free first takes the most urgent task that may start there.
//!
//! A task becomes known when its predecessors are placed. It may start at home from one time on and away from another, so
//! it is listed twice: with its home, and for all. Each list is two heaps: by time until it may start, by urgency from then on.
//! Copies have a list for each engine instead of the one for all, which nobody looks at while the engine runs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Placer;
use crate::Dag;

#[derive(Debug, Default)]
pub(super) struct Lists {
    at_home: Vec<List>,
    /// One list for each engine.
    for_all: [List; 4],
    engine_free: [u64; 4],
    placed: Vec<bool>,
    /// When which stream looks for a task.
    looks: BinaryHeap<Reverse<Key>>,
    /// When a stream without a task looks next; `None` while it has one.
    next_look: Vec<Option<u64>>,
    /// How many streams are without a task.
    idle: u32,
}

#[derive(Debug, Default)]
struct List {
    coming: BinaryHeap<Reverse<Key>>,
    /// By urgency, and of equals the smaller task, which is that with the larger complement.
    here: BinaryHeap<Key>,
}

/// A number and then another in one that compares as both do, without a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u128);

impl Key {
    fn new(first: u64, second: u32) -> Self {
        Self(u128::from(first) << 32 | u128::from(second))
    }

    fn first(self) -> u64 {
        (self.0 >> 32) as u64
    }

    fn second(self) -> u32 {
        self.0 as u32
    }
}

impl Placer<'_> {
    pub(super) fn place_by_time(&mut self, urgency: &[u64]) {
        let mut lists = std::mem::take(&mut self.by_time);
        lists.reset(self.dag.len(), self.streams.count);
        for task in 0..self.dag.len() as u32 {
            if self.missing[task as usize] == 0 {
                self.list(task, 0, &mut lists);
            }
        }
        let mut left = self.dag.len();
        while left > 0
            && let Some(Reverse(look)) = lists.looks.pop()
        {
            let (now, stream) = (look.first(), look.second());
            if self.free[stream as usize] > now {
                continue;
            }
            let Some(task) = lists.most_urgent(self.dag, stream, now, urgency) else {
                let next = lists.next_time(stream, now);
                lists.idle += u32::from(lists.next_look[stream as usize].replace(next).is_none());
                if next < u64::MAX {
                    lists.looks.push(Reverse(Key::new(next, stream)));
                }
                continue;
            };
            lists.placed[task as usize] = true;
            lists.idle -= u32::from(lists.next_look[stream as usize].take().is_some());
            left -= 1;
            let end = self.put(task, stream, now);
            self.free[stream as usize] = end;
            lists.engine_free[1..].copy_from_slice(&self.engine_free[1..]);
            lists.looks.push(Reverse(Key::new(end, stream)));
            for &after in self.dag.successors(task) {
                self.missing[after as usize] -= 1;
                if self.missing[after as usize] == 0 {
                    self.list(after, now, &mut lists);
                }
            }
        }
        self.by_time = lists;
    }

    fn list(&self, task: u32, now: u64, lists: &mut Lists) {
        let arrival = self.arrival(task);
        if arrival.at_home < arrival.away {
            lists.at_home[arrival.home as usize].coming.push(Reverse(Key::new(arrival.at_home, task)));
            lists.wake(arrival.home, arrival.at_home.max(now));
        }
        let engine = self.dag.engine(task) as usize;
        lists.for_all[engine].coming.push(Reverse(Key::new(arrival.away, task)));
        if lists.idle > 0 {
            for stream in 0..self.streams.count {
                lists.wake(stream, arrival.away.max(now).max(lists.engine_free[engine]));
            }
        }
    }
}

impl Lists {
    fn reset(&mut self, tasks: usize, streams: u32) {
        self.at_home.resize_with(streams as usize, List::default);
        for list in self.at_home.iter_mut().chain(&mut self.for_all) {
            list.coming.clear();
            list.here.clear();
        }
        self.engine_free = [0; 4];
        self.placed.clear();
        self.placed.resize(tasks, false);
        self.idle = 0;
        self.next_look.clear();
        self.next_look.resize(streams as usize, None);
        self.looks.clear();
        self.looks.extend((0..streams).map(|stream| Reverse(Key::new(0, stream))));
    }

    /// Makes `stream` look at `time`, if it has nothing to do then and would not look earlier.
    fn wake(&mut self, stream: u32, time: u64) {
        if let Some(next) = &mut self.next_look[stream as usize]
            && time < *next
        {
            *next = time;
            self.looks.push(Reverse(Key::new(time, stream)));
        }
    }

    /// Takes the most urgent task that may start on `stream` at `now` out of the lists.
    fn most_urgent(&mut self, dag: &Dag, stream: u32, now: u64, urgency: &[u64]) -> Option<u32> {
        let Self { at_home, for_all, engine_free, placed, .. } = self;
        let is_free = |engine: usize| engine_free[engine] <= now;
        let home = &mut at_home[stream as usize];
        home.advance(now, placed, urgency);
        // A copy at home whose engine is busy stays listed with its engine.
        let mut is_behind = false;
        while home.here.peek().is_some_and(|&first| !is_free(dag.engine(urgent(first)) as usize)) {
            home.here.pop();
            is_behind = true;
        }
        if is_behind {
            home.advance(now, placed, urgency);
        }
        let mut best = home.here.peek().copied();
        let mut engine_of_best = None;
        for (engine, list) in for_all.iter_mut().enumerate() {
            // Most graphs leave most engines alone.
            if list.is_empty() || !is_free(engine) {
                continue;
            }
            list.advance(now, placed, urgency);
            if let Some(&first) = list.here.peek()
                && best.is_none_or(|other| first > other)
            {
                (best, engine_of_best) = (Some(first), Some(engine));
            }
        }
        let list = engine_of_best.map_or(home, |engine| &mut for_all[engine]);
        list.here.pop().map(urgent)
    }

    /// When something may next start on `stream`, as far as is known.
    fn next_time(&self, stream: u32, now: u64) -> u64 {
        let home = self.at_home[stream as usize].next_time();
        let engines = self.for_all.iter().zip(self.engine_free).map(|(list, free)| {
            if list.here.is_empty() { list.next_time().max(free) } else { free.max(now + 1) }
        });
        engines.min().unwrap_or(u64::MAX).min(home)
    }
}

impl List {
    fn is_empty(&self) -> bool {
        self.coming.is_empty() && self.here.is_empty()
    }

    fn next_time(&self) -> u64 {
        self.coming.peek().map_or(u64::MAX, |&Reverse(first)| first.first())
    }

    fn advance(&mut self, now: u64, placed: &[bool], urgency: &[u64]) {
        while let Some(&Reverse(first)) = self.coming.peek() {
            let (time, task) = (first.first(), first.second());
            let is_placed = placed[task as usize];
            if time > now && !is_placed {
                break;
            }
            self.coming.pop();
            if !is_placed {
                self.here.push(Key::new(urgency[task as usize], !task));
            }
        }
        while self.here.peek().is_some_and(|&first| placed[urgent(first) as usize]) {
            self.here.pop();
        }
    }
}

/// The task of a key in [`List::here`].
fn urgent(key: Key) -> u32 {
    !key.second()
}
