//! An arena as a row of segments, each with the buffer that used it last, and the gaps of it that are free for all that comes.
//!
//! **Invariant:** segments are in order of address from 0 without holes; no two gaps are neighbours.

use std::collections::BTreeMap;
use std::hint::black_box;

/// The user of a gap, and the number of no segment.
pub(crate) const NOBODY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Segment {
    start: u64,
    end: u64,
    user: u32,
    /// The neighbours by address.
    below: u32,
    above: u32,
    /// Other segments that the same buffer used last; none for gaps.
    previous: u32,
    next: u32,
}

/// A run of segments: the lowest of them, and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) first: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Run {
    pub(crate) fn room(self) -> u64 {
        self.end - self.start
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Segments {
    all: Vec<Segment>,
    /// Numbers of segments that are none any more.
    spare: Vec<u32>,
    top: u32,
    /// Of each buffer, one of the segments that it used last.
    of: Vec<u32>,
    /// Gaps by [`size_and_address`].
    gaps: BTreeMap<u128, u32>,
}

impl Segments {
    /// An empty arena for so many buffers.
    pub(crate) fn new(buffers: usize) -> Self {
        Self {
            all: Vec::new(),
            spare: Vec::new(),
            top: NOBODY,
            of: vec![NOBODY; buffers],
            gaps: BTreeMap::new(),
        }
    }

    /// Gaps of at least `size`, the smallest first and the lower of equals.
    pub(crate) fn gaps_from(&self, size: u64) -> impl Iterator<Item = Run> {
        self.gaps.range(size_and_address(size, 0)..).map(|(&key, &first)| {
            let (room, start) = ((key >> 64) as u64, key as u64);
            Run { first, start, end: start + room }
        })
    }

    /// Fetches what buffers used last.
    pub(crate) fn fetch(&self, buffers: &[u32]) {
        let used = buffers.iter().filter_map(|&buffer| self.all.get(self.of[buffer as usize] as usize));
        black_box(used.fold(0, |sum, segment| sum ^ segment.user));
    }

    /// The segments that `buffer` used last.
    pub(crate) fn used_by(&self, buffer: u32) -> impl Iterator<Item = u32> {
        let first = Some(self.of[buffer as usize]).filter(|&first| first != NOBODY);
        std::iter::successors(first, |&at| Some(self.all[at as usize].next).filter(|&next| next != NOBODY))
    }

    /// The user of a segment that starts at `start`, if there is one of this number.
    pub(crate) fn user_at(&self, segment: u32, start: u64) -> Option<u32> {
        self.all
            .get(segment as usize)
            .filter(|found| found.start == start && found.end > start)
            .map(|found| found.user)
    }

    /// The run of free segments around one of them, at most so many to either side.
    pub(crate) fn around(&self, segment: u32, reach: usize, free: impl Fn(u32) -> bool) -> Run {
        let is_free = |at: u32| {
            at != NOBODY && (self.all[at as usize].user == NOBODY || free(self.all[at as usize].user))
        };
        let (mut first, mut last) = (segment, segment);
        for _ in 0..reach {
            let below = self.all[first as usize].below;
            if !is_free(below) {
                break;
            }
            first = below;
        }
        for _ in 0..reach {
            let above = self.all[last as usize].above;
            if !is_free(above) {
                break;
            }
            last = above;
        }
        Run { first, start: self.all[first as usize].start, end: self.all[last as usize].end }
    }

    /// Where the arena ends.
    pub(crate) fn top(&self) -> u64 {
        self.all.get(self.top as usize).map_or(0, |top| top.end)
    }

    /// The run of free segments at the top; an empty one where the topmost is not free.
    pub(crate) fn at_top(&self, reach: usize, free: impl Fn(u32) -> bool) -> Run {
        let Some(top) = self.all.get(self.top as usize) else {
            return Run { first: NOBODY, start: 0, end: 0 };
        };
        if top.user == NOBODY || free(top.user) {
            self.around(self.top, reach, free)
        } else {
            Run { first: NOBODY, start: top.end, end: top.end }
        }
    }

    /// Makes `user` the last user of everything from `start` to `end`, which is in `run` or reaches beyond the top from there.
    pub(crate) fn occupy(&mut self, run: Run, start: u64, end: u64, user: u32) {
        let mut at = run.first;
        let top = self.top();
        if end > top {
            let new = self.push(top, end, self.top, NOBODY);
            self.list(new, NOBODY);
            at = if at == NOBODY { new } else { at };
        }
        while self.all[at as usize].end <= start {
            at = self.all[at as usize].above;
        }
        let below = self.cut(at, start);
        let mut at = below;
        while at != NOBODY && self.all[at as usize].start < end {
            self.unlist(at);
            let Segment { end: old_end, user: old_user, .. } = self.all[at as usize];
            if old_end > end {
                let rest = self.split(at, end);
                self.list(rest, old_user);
            }
            let above = self.all[at as usize].above;
            if at != below {
                self.drop(at);
            }
            at = above;
        }
        self.all[below as usize].end = end;
        self.list(below, user);
    }

    /// Makes what `buffer` used last free for all that comes.
    pub(crate) fn settle(&mut self, buffer: u32) {
        while self.of[buffer as usize] != NOBODY {
            let at = self.of[buffer as usize];
            self.unlist(at);
            let Segment { below, above, .. } = self.all[at as usize];
            for other in [below, above] {
                if other != NOBODY && self.all[other as usize].user == NOBODY {
                    self.unlist(other);
                    let other_one = self.all[other as usize];
                    let kept = &mut self.all[at as usize];
                    (kept.start, kept.end) = (kept.start.min(other_one.start), kept.end.max(other_one.end));
                    self.drop(other);
                }
            }
            self.list(at, NOBODY);
        }
    }

    /// Cuts a segment at an address inside of it; gives the one that starts there, or the segment where the address is not inside.
    fn cut(&mut self, at: u32, address: u64) -> u32 {
        let Segment { start, end, user, .. } = self.all[at as usize];
        if address <= start || address >= end {
            return at;
        }
        self.unlist(at);
        let new = self.split(at, address);
        self.list(at, user);
        self.list(new, user);
        new
    }

    /// Cuts a segment that is not listed at an address inside of it; gives the one that starts there, which is not listed either.
    fn split(&mut self, at: u32, address: u64) -> u32 {
        let Segment { end, above, .. } = self.all[at as usize];
        self.all[at as usize].end = address;
        self.push(address, end, at, above)
    }

    /// A new segment between two.
    fn push(&mut self, start: u64, end: u64, below: u32, above: u32) -> u32 {
        let new = Segment { start, end, user: NOBODY, below, above, previous: NOBODY, next: NOBODY };
        let at = if let Some(at) = self.spare.pop() {
            self.all[at as usize] = new;
            at
        } else {
            self.all.push(new);
            self.all.len() as u32 - 1
        };
        if let Some(below) = self.all.get_mut(below as usize) {
            below.above = at;
        }
        match self.all.get_mut(above as usize) {
            Some(above) => above.below = at,
            None => self.top = at,
        }
        at
    }

    /// Takes away a segment whose bytes another has.
    fn drop(&mut self, at: u32) {
        let Segment { below, above, .. } = self.all[at as usize];
        if let Some(below) = self.all.get_mut(below as usize) {
            below.above = above;
        }
        match self.all.get_mut(above as usize) {
            Some(above) => above.below = below,
            None => self.top = below,
        }
        self.all[at as usize].end = 0;
        self.spare.push(at);
    }

    /// Lists a segment as a gap or with those of its user.
    fn list(&mut self, at: u32, user: u32) {
        let next = self.of.get(user as usize).copied().unwrap_or(NOBODY);
        let segment = &mut self.all[at as usize];
        (segment.user, segment.previous, segment.next) = (user, NOBODY, next);
        if user == NOBODY {
            self.gaps.insert(size_and_address(segment.end - segment.start, segment.start), at);
            return;
        }
        self.of[user as usize] = at;
        if let Some(next) = self.all.get_mut(next as usize) {
            next.previous = at;
        }
    }

    /// Undoes [`Self::list`].
    fn unlist(&mut self, at: u32) {
        let Segment { start, end, user, previous, next, .. } = self.all[at as usize];
        if user == NOBODY {
            self.gaps.remove(&size_and_address(end - start, start));
            return;
        }
        match self.all.get_mut(previous as usize) {
            Some(previous) => previous.next = next,
            None => self.of[user as usize] = next,
        }
        if let Some(next) = self.all.get_mut(next as usize) {
            next.previous = previous;
        }
    }
}

/// Both in one number, which compares without branches: by size first.
fn size_and_address(size: u64, address: u64) -> u128 {
    u128::from(size) << 64 | u128::from(address)
}

#[cfg(test)]
mod tests;
