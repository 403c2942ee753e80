//! The stack of the search: what is left to place at each depth, in one array.

use crate::problem::Problem;
use crate::rows::{Rows, contains, first, insert};

const NONE: u32 = u32::MAX;

/// One depth of the search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    start: u32,
    end: u32,
    /// How many changes there were when the frame was entered.
    changes: u32,
    /// The buffer placed on top, and how many changes there were before it.
    chosen: (u32, u32),
    /// Where the bounds of its groups start among all bounds, and which group is being placed; `NONE` where it is not split.
    groups: (u32, u32),
}

impl Frame {
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub(super) fn is_split(self) -> bool {
        self.groups.0 != NONE
    }

    pub(super) fn changes(self) -> usize {
        self.changes as usize
    }
}

/// All depths.
#[derive(Debug, Default)]
pub(super) struct Frames {
    stack: Vec<Frame>,
    /// Buffers left to place with their lowest places, frame after frame.
    pool: Vec<(u64, u32)>,
    /// Of frames that are split, where the first group starts in the pool and where each one ends.
    bounds: Vec<u32>,
    seen: Vec<u64>,
}

impl Frames {
    pub(super) fn last(&self) -> Option<Frame> {
        self.stack.last().copied()
    }

    pub(super) fn entry(&self, index: usize) -> (u64, u32) {
        self.pool[index]
    }

    pub(super) fn buffer(&self, index: usize) -> u32 {
        self.pool[index].1
    }

    pub(super) fn push(&mut self, entries: impl Iterator<Item = (u64, u32)>, changes: usize) {
        let start = self.pool.len() as u32;
        self.pool.extend(entries);
        self.push_frame(start, self.pool.len() as u32, changes as u32);
    }

    fn push_frame(&mut self, start: u32, end: u32, changes: u32) {
        self.stack.push(Frame { start, end, changes, chosen: (NONE, 0), groups: (NONE, 0) });
    }

    /// A frame of what the last one holds and `keep` keeps.
    pub(super) fn push_rest(&mut self, keep: impl Fn(u32) -> bool, changes: usize) {
        let Some(frame) = self.last() else { return };
        let start = self.pool.len() as u32;
        for index in frame.range() {
            let entry = self.pool[index];
            if keep(entry.1) {
                self.pool.push(entry);
            }
        }
        self.push_frame(start, self.pool.len() as u32, changes as u32);
    }

    pub(super) fn pop(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        if frame.is_split() {
            self.pool.truncate(self.bounds[frame.groups.0 as usize] as usize);
            self.bounds.truncate(frame.groups.0 as usize);
        }
        // A group is a part of what the split frame below holds on to.
        if !self.stack.last().is_some_and(|below| below.is_split()) {
            self.pool.truncate(frame.start as usize);
        }
    }

    pub(super) fn choose(&mut self, buffer: u32, changes: usize) {
        if let Some(frame) = self.stack.last_mut() {
            frame.chosen = (buffer, changes as u32);
        }
    }

    /// The buffer placed on top of the last frame, and how many changes there were before.
    pub(super) fn chosen(&self) -> (u32, usize) {
        self.stack.last().map_or((0, 0), |frame| (frame.chosen.0, frame.chosen.1 as usize))
    }

    /// Sorts a frame by `key` and number; what it holds is nearly sorted already.
    pub(super) fn sort(&mut self, frame: Frame, mut key: impl FnMut(u32) -> u64) {
        let entries = &mut self.pool[frame.range()];
        for at in 0..entries.len() {
            let entry = (key(entries[at].1), entries[at].1);
            let mut to = at;
            while to > 0 && entries[to - 1] > entry {
                entries[to] = entries[to - 1];
                to -= 1;
            }
            entries[to] = entry;
        }
    }

    /// Splits the last frame if it falls apart, and enters its first group.
    pub(super) fn split(&mut self, problem: &Problem, unplaced: &[u64]) -> bool {
        let Some(frame) = self.last() else { return false };
        let mut left = std::mem::take(&mut self.seen);
        left.clear();
        left.resize(unplaced.len(), 0);
        frame.range().for_each(|index| insert(&mut left, self.buffer(index) as usize));
        let groups = if falls_apart(&problem.rows, &left) {
            crate::split::components(&problem.rows, &mut left)
        } else {
            Vec::new()
        };
        self.seen = left;
        if groups.is_empty() {
            return false;
        }
        let bound = self.bounds.len() as u32;
        self.bounds.push(self.pool.len() as u32);
        for group in &groups {
            for index in frame.range() {
                if contains(group, self.buffer(index) as usize) {
                    let entry = self.pool[index];
                    self.pool.push(entry);
                }
            }
            self.bounds.push(self.pool.len() as u32);
        }
        if let Some(last) = self.stack.last_mut() {
            last.groups = (bound, 0);
        }
        self.push_group(bound as usize, frame.changes);
        true
    }

    /// After what is on top of the last frame was placed: enters its next group if it has one, else the frame is placed.
    pub(super) fn next_group(&mut self) -> Option<bool> {
        let frame = self.stack.last_mut().filter(|frame| frame.is_split());
        let Some(frame) = frame else { return Some(true) };
        frame.groups.1 += 1;
        let (group, changes) = ((frame.groups.0 + frame.groups.1) as usize, frame.changes);
        if group + 1 == self.bounds.len() {
            return Some(true);
        }
        self.push_group(group, changes);
        None
    }

    fn push_group(&mut self, bound: usize, changes: u32) {
        self.push_frame(self.bounds[bound], self.bounds[bound + 1], changes);
    }
}

/// Whether the buffers in `set` are not all connected.
fn falls_apart(rows: &Rows, set: &[u64]) -> bool {
    let Some(seed) = first(set) else { return false };
    let mut left = set.to_vec();
    crate::rows::remove(&mut left, seed);
    let mut queue = vec![seed];
    while let Some(buffer) = queue.pop() {
        let mut rest = 0;
        for (index, (word, row)) in left.iter_mut().zip(rows.row(buffer)).enumerate() {
            let mut new = *word & row;
            *word &= !row;
            rest |= *word;
            while new != 0 {
                queue.push(index * 64 + new.trailing_zeros() as usize);
                new &= new - 1;
            }
        }
        if rest == 0 {
            return false;
        }
    }
    true
}
