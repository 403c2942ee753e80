//! Small changes of streams, order and manners, each of which can be taken back.

use std::ops::Range;

use super::pass::{Assignment, Manner};
use super::random::Random;
use crate::Dag;

/// An assignment under change.
#[derive(Clone, Debug)]
pub(crate) struct Changes<'a> {
    dag: &'a Dag,
    streams: u32,
    pub(crate) of: Assignment,
    /// Where in the order each task is.
    at: Vec<u32>,
    /// How many dependences lead from stream to stream.
    pub(crate) crossing: i32,
    moved: Vec<(u32, u32)>,
    shifted: Option<(usize, usize)>,
    manner: Option<(u32, Manner)>,
}

/// A task is moved at most so far in the order.
const FARTHEST: usize = 40;
/// What weighs is changed mostly so near to it, in places of the order.
const NEAR: usize = 24;
/// One of so many such changes is made anywhere.
const ANYWHERE: usize = 4;

impl<'a> Changes<'a> {
    pub(crate) fn new(dag: &'a Dag, streams: u32, of: Assignment) -> Self {
        let mut changes = Self {
            dag,
            streams,
            at: vec![0; dag.len()],
            of: Assignment { stream_of: Vec::new(), order: Vec::new(), manner: Vec::new() },
            crossing: 0,
            moved: Vec::new(),
            shifted: None,
            manner: None,
        };
        changes.reset(of);
        changes
    }

    /// Goes on from `of`.
    pub(crate) fn reset(&mut self, of: Assignment) {
        self.of = of;
        for (at, &task) in self.of.order.iter().enumerate() {
            self.at[task as usize] = at as u32;
        }
        let stream_of = &self.of.stream_of;
        let crosses = |&(from, to): &(u32, u32)| stream_of[from as usize] != stream_of[to as usize];
        self.crossing = self.dag.edges().filter(crosses).map(|_| 1).sum();
        self.keep();
    }

    /// Where in the order `task` is.
    pub(crate) fn place(&self, task: u32) -> usize {
        self.at[task as usize] as usize
    }

    /// Makes the last change final.
    pub(crate) fn keep(&mut self) {
        self.moved.clear();
        self.shifted = None;
        self.manner = None;
    }

    /// From which place in the order on the last change has changed nothing.
    pub(crate) fn end(&self) -> usize {
        let moved = self.moved.iter().map(|&(task, _)| self.place(task));
        let shifted = self.shifted.map(|(from, to)| from.max(to));
        moved.chain(shifted).max().map_or(0, |last| last + 1)
    }

    /// Takes the last change back.
    pub(crate) fn undo(&mut self) {
        while let Some((task, stream)) = self.moved.pop() {
            self.put_on(task, stream);
        }
        if let Some((from, to)) = self.shifted.take() {
            self.shift(to, from);
        }
        if let Some((task, manner)) = self.manner.take() {
            self.of.manner[task as usize] = manner;
        }
    }

    /// Where to change something about `task`: near it in the order, and now and then anywhere.
    pub(crate) fn near(&self, task: u32, random: &mut Random) -> Range<usize> {
        let (at, tasks) = (self.place(task), self.dag.len());
        match random.below(ANYWHERE) {
            0 => 0..tasks,
            _ => at.saturating_sub(NEAR)..(at + NEAR).min(tasks),
        }
    }

    /// Changes something about the tasks in `range` of the order; `waiting` is one that waits. `false` if nothing came of it.
    pub(crate) fn change(&mut self, range: &Range<usize>, waiting: Option<u32>, random: &mut Random) -> bool {
        let at = range.start + random.below(range.len());
        let task = self.of.order[at];
        match random.below(100) {
            0..30 => self.move_to_neighbour(task, random),
            30..50 => self.move_run(task, range, random),
            50..60 => self.swap_streams(at, range, random),
            60..70 => self.exchange(at, range, random),
            70..76 => waiting.is_some_and(|task| self.change_manner(task, random)),
            _ => self.move_in_order(at, range, random),
        }
    }

    fn put_on(&mut self, task: u32, stream: u32) {
        let old = std::mem::replace(&mut self.of.stream_of[task as usize], stream);
        for &other in self.dag.predecessors(task).iter().chain(self.dag.successors(task)) {
            let other = self.of.stream_of[other as usize];
            self.crossing += i32::from(other != stream) - i32::from(other != old);
        }
    }

    fn move_to(&mut self, task: u32, stream: u32) -> bool {
        let old = self.of.stream_of[task as usize];
        if old != stream {
            self.moved.push((task, old));
            self.put_on(task, stream);
        }
        old != stream
    }

    fn any_stream(&self, random: &mut Random) -> u32 {
        random.below(self.streams as usize) as u32
    }

    fn move_to_neighbour(&mut self, task: u32, random: &mut Random) -> bool {
        let (before, after) = (self.dag.predecessors(task), self.dag.successors(task));
        let neighbours = before.len() + after.len();
        let stream = if neighbours > 0 && random.below(4) > 0 {
            let neighbour = random.below(neighbours);
            let neighbour = before.get(neighbour).unwrap_or_else(|| &after[neighbour - before.len()]);
            self.of.stream_of[*neighbour as usize]
        } else {
            self.any_stream(random)
        };
        self.move_to(task, stream)
    }

    /// Moves a task with what follows it on its stream and depends on it.
    fn move_run(&mut self, task: u32, range: &Range<usize>, random: &mut Random) -> bool {
        let (from, to) = (self.of.stream_of[task as usize], self.any_stream(random));
        if from == to {
            return false;
        }
        let mut next = Some(task);
        for _ in 0..=random.below(8) {
            let Some(task) = next.filter(|&task| range.contains(&(self.at[task as usize] as usize))) else {
                break;
            };
            self.move_to(task, to);
            let mut along = self.dag.successors(task).iter().copied();
            next = along.find(|&after| self.of.stream_of[after as usize] == from);
        }
        true
    }

    /// Swaps two streams for a while.
    fn swap_streams(&mut self, at: usize, range: &Range<usize>, random: &mut Random) -> bool {
        let (one, other) = (self.any_stream(random), self.any_stream(random));
        let longest = 1 + range.len() / (1 + random.below(16));
        let end = (at + 1 + random.below(longest)).min(range.end);
        if one == other {
            return false;
        }
        for at in at..end {
            let task = self.of.order[at];
            let stream = self.of.stream_of[task as usize];
            if stream == one || stream == other {
                self.move_to(task, one + other - stream);
            }
        }
        !self.moved.is_empty()
    }

    /// Exchanges the streams of two tasks near each other.
    fn exchange(&mut self, at: usize, range: &Range<usize>, random: &mut Random) -> bool {
        let other = (at + 1 + random.below(12)).min(range.end - 1);
        let (one, other) = (self.of.order[at], self.of.order[other]);
        let (of_one, of_other) = (self.of.stream_of[one as usize], self.of.stream_of[other as usize]);
        self.move_to(one, of_other) && self.move_to(other, of_one)
    }

    fn change_manner(&mut self, task: u32, random: &mut Random) -> bool {
        let manner = Manner { delay: random.below(5) as u8, renews: random.below(2) == 0 };
        let old = std::mem::replace(&mut self.of.manner[task as usize], manner);
        self.manner = Some((task, old));
        old != manner
    }

    /// Moves a task between its neighbours in the order, and now and then to another stream as well.
    fn move_in_order(&mut self, at: usize, range: &Range<usize>, random: &mut Random) -> bool {
        let task = self.of.order[at];
        let place = |&other: &u32| self.at[other as usize] as usize;
        let first = self.dag.predecessors(task).iter().map(|other| place(other) + 1).max().unwrap_or(0);
        let end = self.dag.successors(task).iter().map(place).min().unwrap_or(usize::MAX);
        let first = first.max(range.start).max(at.saturating_sub(FARTHEST));
        let end = end.min(range.end).min(at + FARTHEST + 1);
        let to = first + random.below(end - first);
        if to == at {
            return false;
        }
        self.shifted = Some((at, to));
        self.shift(at, to);
        if random.below(3) == 0 {
            let stream = self.any_stream(random);
            self.move_to(task, stream);
        }
        true
    }

    fn shift(&mut self, from: usize, to: usize) {
        let moved = from.min(to)..from.max(to) + 1;
        if from < to {
            self.of.order[moved.clone()].rotate_left(1);
        } else {
            self.of.order[moved.clone()].rotate_right(1);
        }
        for at in moved {
            self.at[self.of.order[at] as usize] = at as u32;
        }
    }
}
