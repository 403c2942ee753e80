//! Decides whether buffers fit under a capacity, exactly, in the manner of `MiniMalloc` (Moffitt, ASPLOS 2023).
//!
//! Only placements are tried in which every buffer rests on the floor or on another: buffers go from the bottom up, the one with
//! the lowest place next. Either it goes there, or it goes higher, which needs another buffer below it first. A section is
//! a set of buffers that all conflict; those of its buffers that are not placed yet go one after another from their lowest places
//! on, and if that passes the capacity, the branch is dead. Where what is left falls apart, each part is decided for itself.
//!
//! Which of several buffers at the same height goes first makes all the difference: the one whose section has the least
//! room, or the one that was in the most sections that failed so far. No one rule is good everywhere, so the search is cut short,
//! and starts again by another rule with what it learned; how often depends on counted steps and never on a clock.
//!
//! **Invariant:** "no" is said only after everything was tried or excluded by proof.

mod frame;
mod restart;

use crate::problem::Problem;
use crate::rows::{common, full, insert, remove};
use frame::{Frame, Frames};

pub(crate) use restart::{Answer, Restarts};

const NEVER: u64 = u64::MAX;

/// Which of several buffers with the same lowest place goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    /// The one with the least room in a section.
    Room,
    /// The one in the most sections that failed.
    Failures,
    /// The one with the least room for its failures.
    RoomForFailures,
}

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) tie: Tie,
    /// Whether a barred buffer is taken to rest on one that is not barred. That is mostly so, and finds placements much sooner,
    /// but leaves some out, so that failing proves nothing.
    pub(super) bold: bool,
}

/// When a run is cut short.
#[derive(Clone, Copy)]
pub(super) struct Limits<'a> {
    pub(super) nodes: u64,
    pub(super) steps: u64,
    /// Whether the time is over.
    pub(super) stop: &'a dyn Fn() -> bool,
}

/// How one run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Placed,
    Impossible,
    CutShort,
}

/// One run of the search.
pub(super) struct Search<'a> {
    problem: &'a Problem,
    capacity: u64,
    rule: Rule,
    rank: &'a [u32],
    /// How often each buffer was in a section that failed, where later failures count more.
    failures: &'a mut [f64],
    weight: f64,
    /// The lowest place of each buffer on top of what is placed.
    lowest: Vec<u64>,
    /// The place at which a buffer was tried in vain: it goes higher.
    barred: Vec<u64>,
    pub(super) offsets: Vec<u64>,
    unplaced: Vec<u64>,
    changes: Vec<(u32, u64, u64)>,
    tops: Vec<u64>,
    frames: Frames,
    nodes: u64,
    /// Elementary steps so far.
    steps: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        problem: &'a Problem,
        capacity: u64,
        rule: Rule,
        rank: &'a [u32],
        failures: &'a mut [f64],
    ) -> Self {
        let buffers = problem.len();
        Self {
            capacity,
            rule,
            rank,
            failures,
            weight: 1.0,
            lowest: vec![0; buffers],
            barred: vec![NEVER; buffers],
            offsets: vec![NEVER; buffers],
            unplaced: full(buffers),
            changes: Vec::new(),
            tops: vec![0; problem.sections.len()],
            frames: Frames::default(),
            nodes: 0,
            steps: 0,
            problem,
        }
    }

    /// Gives how the search ended and the steps it took.
    pub(super) fn run(&mut self, limits: Limits<'_>) -> (Ending, u64) {
        let all = (0..self.problem.len() as u32).map(|buffer| (0, buffer));
        self.frames.push(all, 0);
        let mut answer = None;
        while let Some(frame) = self.frames.last() {
            answer = match answer {
                None => {
                    let look = self.nodes.is_multiple_of(256);
                    if self.nodes == limits.nodes || self.steps >= limits.steps || look && (limits.stop)() {
                        return (Ending::CutShort, self.steps);
                    }
                    self.nodes += 1;
                    self.enter(frame)
                }
                Some(true) => self.frames.next_group(),
                Some(false) => self.go_back(frame),
            };
            if answer.is_some() {
                // A frame that answers is over; `go_back` and `next_group` leave the rest to the frame below.
                self.frames.pop();
            }
        }
        let ending = match answer {
            Some(true) => Ending::Placed,
            _ if self.rule.bold => Ending::CutShort,
            _ => Ending::Impossible,
        };
        (ending, self.steps)
    }

    /// Looks at what is left to place; places one buffer or splits, unless the answer is plain.
    fn enter(&mut self, frame: Frame) -> Option<bool> {
        if frame.is_empty() {
            return Some(true);
        }
        let Some(first_end) = self.first_end(frame) else { return Some(self.fail(frame)) };
        self.sort(frame, first_end);
        if !self.sections_hold(frame) {
            return Some(self.fail(frame));
        }
        let stride = 1 + self.problem.len() as u64 / 512;
        if self.nodes.is_multiple_of(stride) && self.frames.split(self.problem, &self.unplaced) {
            return None;
        }
        let Some(buffer) = self.choose(frame) else { return Some(self.fail(frame)) };
        self.frames.choose(buffer, self.changes.len());
        self.place(buffer as usize);
        let unplaced = &self.unplaced;
        self.frames.push_rest(|buffer| crate::rows::contains(unplaced, buffer as usize), self.changes.len());
        None
    }

    /// What was placed on top of this frame was in vain.
    fn go_back(&mut self, frame: Frame) -> Option<bool> {
        if frame.is_split() {
            for index in frame.range() {
                let buffer = self.frames.buffer(index) as usize;
                self.offsets[buffer] = NEVER;
                insert(&mut self.unplaced, buffer);
            }
            return Some(self.fail(frame));
        }
        let (buffer, changes) = self.frames.chosen();
        self.undo(changes);
        let buffer = buffer as usize;
        self.offsets[buffer] = NEVER;
        insert(&mut self.unplaced, buffer);
        self.remember(buffer);
        self.barred[buffer] = self.lowest[buffer];
        None
    }

    fn fail(&mut self, frame: Frame) -> bool {
        self.undo(frame.changes());
        false
    }

    fn undo(&mut self, changes: usize) {
        for (buffer, lowest, barred) in self.changes.drain(changes..).rev() {
            self.lowest[buffer as usize] = lowest;
            self.barred[buffer as usize] = barred;
        }
    }

    fn remember(&mut self, buffer: usize) {
        self.changes.push((buffer as u32, self.lowest[buffer], self.barred[buffer]));
    }

    fn is_barred(&self, buffer: usize) -> bool {
        self.lowest[buffer] == self.barred[buffer]
    }

    fn place(&mut self, buffer: usize) {
        let offset = self.lowest[buffer];
        self.offsets[buffer] = offset;
        remove(&mut self.unplaced, buffer);
        let end = offset + self.problem.sizes[buffer];
        let problem = self.problem;
        for (index, row) in problem.rows.row(buffer).iter().enumerate() {
            let mut rest = row & self.unplaced[index];
            while rest != 0 {
                let other = index * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if self.lowest[other] < end {
                    self.remember(other);
                    self.lowest[other] = problem.align(other, end);
                }
            }
        }
    }

    /// The end of the buffer that ends first of those that may be placed now.
    fn first_end(&self, frame: Frame) -> Option<u64> {
        let buffers = frame.range().map(|index| self.frames.buffer(index) as usize);
        buffers
            .filter(|&buffer| !self.is_barred(buffer))
            .map(|buffer| self.lowest[buffer] + self.problem.sizes[buffer])
            .min()
    }

    fn sort(&mut self, frame: Frame, first_end: u64) {
        let (problem, lowest, barred, unplaced, bold) =
            (self.problem, &self.lowest, &self.barred, &self.unplaced, self.rule.bold);
        let mut compared = 0;
        self.frames.sort(frame, |buffer| {
            let buffer = buffer as usize;
            if lowest[buffer] != barred[buffer] {
                return lowest[buffer];
            }
            compared += 1;
            // It rests on one that it conflicts with and that is placed later, at `first_end` at least if barred itself.
            let ends = common(problem.rows.row(buffer), unplaced).filter_map(|other| {
                let start = match lowest[other] == barred[other] {
                    true if bold => return None,
                    true => first_end,
                    false => lowest[other],
                };
                Some(start + problem.sizes[other])
            });
            ends.min().unwrap_or(NEVER)
        });
        let left = frame.range().len();
        self.steps += (4 * left + compared * (problem.rows.words() + left / 2)) as u64;
    }

    /// Whether every section holds what is left of it, one after another from their lowest places.
    fn sections_hold(&mut self, frame: Frame) -> bool {
        self.tops.fill(0);
        let problem = self.problem;
        for index in frame.range() {
            let (lowest, buffer) = self.frames.entry(index);
            let size = problem.sizes[buffer as usize];
            let end = lowest.saturating_add(size);
            let mut worst = end;
            let sections = problem.sections.of(buffer as usize);
            self.steps += sections.len() as u64;
            for &section in sections {
                let top = &mut self.tops[section as usize];
                *top = (*top + size).max(end);
                worst = worst.max(*top);
            }
            if worst > self.capacity {
                self.blame(frame, buffer as usize);
                return false;
            }
        }
        true
    }

    /// Counts a failure of the section of `buffer` that passed the capacity.
    fn blame(&mut self, frame: Frame, buffer: usize) {
        let of = |buffer: usize| self.problem.sections.of(buffer);
        let Some(&section) = of(buffer).iter().find(|&&section| self.tops[section as usize] > self.capacity)
        else {
            return;
        };
        for index in frame.range() {
            let member = self.frames.buffer(index) as usize;
            if of(member).binary_search(&section).is_ok() {
                self.failures[member] += self.weight;
            }
        }
        self.weight *= 1.001;
        if self.weight > 1e100 {
            self.failures.iter_mut().for_each(|failures| *failures *= 1e-100);
            self.weight *= 1e-100;
        }
    }

    /// The buffer to place next, of those with the lowest place.
    fn choose(&self, frame: Frame) -> Option<u32> {
        let mut entries = frame.range().map(|index| self.frames.entry(index));
        let (lowest, first) = entries.find(|&(_, buffer)| !self.is_barred(buffer as usize))?;
        let equals = entries.take_while(|&(other, _)| other == lowest).map(|(_, buffer)| buffer);
        let open = std::iter::once(first).chain(equals.filter(|&buffer| !self.is_barred(buffer as usize)));
        let key = |buffer: u32| {
            let failures = self.failures[buffer as usize];
            let urgency = match self.rule.tie {
                Tie::Room => self.room(buffer as usize),
                Tie::Failures => -failures,
                Tie::RoomForFailures => (self.room(buffer as usize) + 1.0) / (failures / self.weight + 0.01),
            };
            (urgency, self.rank[buffer as usize])
        };
        let best = open.map(|buffer| (key(buffer), buffer));
        best.min_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, buffer)| buffer)
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate to compare by")]
    fn room(&self, buffer: usize) -> f64 {
        let tops = self.problem.sections.of(buffer).iter().map(|&section| self.tops[section as usize]);
        self.capacity.saturating_sub(tops.max().unwrap_or(0)) as f64
    }
}
