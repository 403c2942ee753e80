//! A stream that is free takes the first task of the program that may start on it, of near ones one whose data are there already.
//!
//! Nothing idles while a task may start, so that the work of a large graph is shared out evenly in any order. In this one tasks that the
//! program has near each other stay near: what is written is soon read, and many chains stay on a stream, which needs no syncs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Placer;
use super::ready::Numbers;

/// A task whose data are on the stream goes before one that is so many tasks ahead of it in the program.
const NEAR: u32 = 4_096;

/// What happens at a time, in the order in which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    /// A task may start on the stream where its data are.
    MayStartAtHome { task: u32, home: u32 },
    /// A task may start on all streams.
    MayStart { task: u32 },
    /// A stream has ended its task.
    IsFree { stream: u32 },
}

#[derive(Debug, Default)]
pub(super) struct Lists {
    coming: BinaryHeap<Reverse<(u64, Happening)>>,
    /// By stream, tasks that may start there.
    at_home: Vec<BinaryHeap<Reverse<u32>>>,
    /// Tasks that may start on all streams.
    anywhere: Numbers,
    /// Streams that found nothing to do.
    idle: Numbers,
    placed: Vec<bool>,
}

impl Placer<'_> {
    pub(super) fn place_in_order(&mut self) {
        let mut lists = std::mem::take(&mut self.in_order);
        lists.restart(self.dag.len(), self.streams.count);
        let sources = (0..self.dag.len() as u32).filter(|&task| self.missing[task as usize] == 0);
        sources.for_each(|task| lists.anywhere.insert(task));
        while let Some(Reverse((now, happening))) = lists.coming.pop() {
            let stream = match happening {
                Happening::IsFree { stream } => Some(stream),
                Happening::MayStart { task } => {
                    lists.arrives(task);
                    lists.idle.first()
                }
                Happening::MayStartAtHome { task, home } => {
                    lists.arrives_at_home(task, home);
                    lists.idle.contains(home).then_some(home)
                }
            };
            let Some(stream) = stream else { continue };
            match self.first_in_order(stream, now, &mut lists) {
                Some(task) => self.put_in_order(task, stream, now, &mut lists),
                None => lists.idle.insert(stream),
            }
        }
        self.in_order = lists;
    }

    fn put_in_order(&mut self, task: u32, stream: u32, now: u64, lists: &mut Lists) {
        lists.idle.remove(stream);
        lists.anywhere.remove(task);
        lists.placed[task as usize] = true;
        let end = self.put(task, stream, now);
        lists.coming.push(Reverse((end, Happening::IsFree { stream })));
        for &after in self.dag.successors(task) {
            self.missing[after as usize] -= 1;
            if self.missing[after as usize] == 0 {
                let arrival = self.arrival(after);
                lists.coming.push(Reverse((arrival.away, Happening::MayStart { task: after })));
                if arrival.at_home < arrival.away {
                    let happening = Happening::MayStartAtHome { task: after, home: arrival.home };
                    lists.coming.push(Reverse((arrival.at_home, happening)));
                }
            }
        }
    }

    /// Which task `stream` takes. Copies whose engine is busy come again when it is free.
    fn first_in_order(&self, stream: u32, now: u64, lists: &mut Lists) -> Option<u32> {
        let home = loop {
            let first = lists.first_at_home(stream);
            match first {
                // It is listed for all streams too.
                Some(task) if self.engine_free(task) > now => _ = lists.at_home[stream as usize].pop(),
                _ => break first,
            }
        };
        let first = loop {
            let Some(first) = lists.anywhere.first() else { break None };
            let free = self.engine_free(first);
            if free <= now {
                break Some(first);
            }
            lists.anywhere.remove(first);
            lists.coming.push(Reverse((free, Happening::MayStart { task: first })));
        };
        match (home, first) {
            (Some(home), Some(first)) if home > first.saturating_add(NEAR) => Some(first),
            (Some(home), _) => Some(home),
            (None, first) => first,
        }
    }
}

impl Lists {
    fn restart(&mut self, tasks: usize, streams: u32) {
        self.coming.clear();
        self.coming.extend((0..streams).map(|stream| Reverse((0, Happening::IsFree { stream }))));
        self.at_home.clear();
        self.at_home.resize_with(streams as usize, BinaryHeap::default);
        self.anywhere.restart(tasks);
        self.idle.restart(streams as usize);
        self.placed.clear();
        self.placed.resize(tasks, false);
    }

    fn arrives(&mut self, task: u32) {
        if !self.placed[task as usize] {
            self.anywhere.insert(task);
        }
    }

    fn arrives_at_home(&mut self, task: u32, home: u32) {
        if !self.placed[task as usize] {
            self.at_home[home as usize].push(Reverse(task));
        }
    }

    fn first_at_home(&mut self, stream: u32) -> Option<u32> {
        let tasks = &mut self.at_home[stream as usize];
        while let Some(&Reverse(task)) = tasks.peek() {
            if !self.placed[task as usize] {
                return Some(task);
            }
            tasks.pop();
        }
        None
    }
}
