//! Parts of allocations, found by their bytes.
//!
//! The segments of an allocation are a list in the order of their bytes. The allocation is cut into equal chunks, the more the longer the
//! list, and what is looked for is found by the first segment that starts in the same chunk.
//!
//! **Invariant:** segments of a list do not overlap. The first head of a list is the first of all its segments, each other one the
//! first of those that start in its chunk.

use super::Epoch;

/// No segment, and no read.
pub(super) const NONE: u32 = u32::MAX;

/// By how much chunks are divided once there are more segments than chunks.
const FINER: usize = 4;

/// How many empty chunks are passed in the time that a segment takes.
const EMPTY: usize = 16;

/// Bytes whose last accesses are the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) write: Epoch,
    /// The last of the reads since then; [`NONE`] if there are none.
    pub(super) read: u32,
    next: u32,
}

impl Segment {
    /// Bytes that nothing touched.
    pub(super) fn untouched(start: u64, end: u64) -> Self {
        Self { start, end, write: Epoch::NEVER, read: NONE, next: NONE }
    }

    /// Its bytes from `start` on.
    pub(super) fn rest(self, start: u64) -> Self {
        Self { start, ..self }
    }
}

/// The segments of one allocation.
#[derive(Debug)]
struct List {
    heads: Vec<u32>,
    length: usize,
    /// How many bits it takes to say where a segment starts.
    reach: u32,
}

impl List {
    fn head(&self, start: u64) -> usize {
        let bits = self.reach.saturating_sub(self.heads.len().ilog2());
        let chunk = start.checked_shr(bits).unwrap_or(0);
        chunk.min(self.heads.len() as u64 - 1) as usize
    }

    /// Takes in one more segment that starts at a byte, and says whether that changes the chunks.
    fn grow(&mut self, start: u64) -> bool {
        self.length += 1;
        let (reach, chunks) = (self.reach, self.heads.len());
        self.reach = reach.max(bits(start));
        if self.length > chunks {
            self.heads.resize(FINER * chunks, NONE);
        }
        (self.reach, self.heads.len()) != (reach, chunks)
    }

    /// Finds the heads anew.
    fn find_heads(&mut self, all: &[Segment]) {
        self.heads[1..].fill(NONE);
        let mut at = self.heads[0];
        while let Some(segment) = all.get(at as usize) {
            let head = self.head(segment.start);
            if self.heads[head] == NONE {
                self.heads[head] = at;
            }
            at = segment.next;
        }
    }
}

/// How many bits it takes to say a number.
fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

/// Where a segment is that starts at some byte.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    /// There it is.
    At(u32),
    /// There is none; this is the one before, [`NONE`] if there is none either.
    Behind(u32),
}

/// The segments of all allocations.
#[derive(Debug, Default)]
pub(super) struct Segments {
    all: Vec<Segment>,
    free: Vec<u32>,
    lists: Vec<List>,
    /// How many were met.
    pub(super) met: u64,
}

impl Segments {
    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.free.clear();
        self.lists.clear();
        self.met = 0;
    }

    /// Makes room for so many.
    pub(super) fn reserve(&mut self, segments: usize) {
        self.all.reserve(segments);
    }

    pub(super) fn at(&self, at: u32) -> &Segment {
        &self.all[at as usize]
    }

    pub(super) fn at_mut(&mut self, at: u32) -> &mut Segment {
        &mut self.all[at as usize]
    }

    /// Adds a segment that is in no list.
    pub(super) fn add(&mut self, segment: Segment) -> u32 {
        let at = self.free.pop().unwrap_or(self.all.len() as u32);
        match self.all.get_mut(at as usize) {
            Some(free) => *free = segment,
            None => self.all.push(segment),
        }
        at
    }

    /// Makes a list of one segment.
    pub(super) fn list(&mut self, only: u32) -> u32 {
        let reach = bits(self.at(only).start);
        self.lists.push(List { heads: vec![only], length: 1, reach });
        self.lists.len() as u32 - 1
    }

    /// Looks for the segment that starts at a byte.
    pub(super) fn find(&mut self, list: u32, start: u64) -> Found {
        let list = &self.lists[list as usize];
        let is_behind = |at: u32| self.all.get(at as usize).is_none_or(|segment| segment.start > start);
        let home = list.head(start);
        let mut heads = list.heads[..=home].iter().rev().enumerate();
        let Some((passed, &head)) = heads.find(|(_, head)| !is_behind(**head)) else {
            self.met += (home / EMPTY) as u64;
            return Found::Behind(NONE);
        };
        self.met += (passed / EMPTY) as u64;
        let mut at = head;
        loop {
            self.met += 1;
            let segment = &self.all[at as usize];
            if segment.start == start {
                return Found::At(at);
            }
            if is_behind(segment.next) {
                return Found::Behind(at);
            }
            at = segment.next;
        }
    }

    /// The first segment that ends behind a byte, given what was found there; [`NONE`] if there is none.
    pub(super) fn ending_behind(&self, list: u32, found: Found, byte: u64) -> u32 {
        match found {
            Found::At(at) => at,
            Found::Behind(before) if before != NONE && self.at(before).end > byte => before,
            Found::Behind(before) => self.after(list, before),
        }
    }

    /// The segment after another one, or the first one after [`NONE`]; [`NONE`] if there is none.
    pub(super) fn after(&self, list: u32, before: u32) -> u32 {
        self.all
            .get(before as usize)
            .map_or_else(|| self.lists[list as usize].heads[0], |segment| segment.next)
    }

    /// Adds a segment to a list, after another one or as the first one after [`NONE`].
    pub(super) fn insert(&mut self, list: u32, before: u32, segment: Segment) -> u32 {
        let at = self.add(Segment { next: self.after(list, before), ..segment });
        let list = &mut self.lists[list as usize];
        match self.all.get_mut(before as usize) {
            Some(before) => before.next = at,
            None => list.heads[0] = at,
        }
        if list.grow(segment.start) {
            list.find_heads(&self.all);
            return at;
        }
        let head = list.head(segment.start);
        let is_first = |head: &Segment| head.start > segment.start;
        if head > 0 && self.all.get(list.heads[head] as usize).is_none_or(is_first) {
            list.heads[head] = at;
        }
        at
    }

    /// Takes out the segment after another one.
    pub(super) fn remove_after(&mut self, list: u32, before: u32) {
        let at = self.at(before).next;
        let Segment { start, next, .. } = *self.at(at);
        self.at_mut(before).next = next;
        let list = &mut self.lists[list as usize];
        let head = list.head(start);
        if list.heads[head] == at {
            let is_near = self.all.get(next as usize).is_some_and(|next| list.head(next.start) == head);
            list.heads[head] = if is_near { next } else { NONE };
        }
        list.length -= 1;
        self.free.push(at);
    }

    /// Makes a byte a border between segments, and gives what starts there or is before it.
    pub(super) fn cut(&mut self, list: u32, byte: u64) -> Found {
        let found = self.find(list, byte);
        match found {
            Found::Behind(before) if before != NONE && self.at(before).end > byte => {
                let rest = self.at(before).rest(byte);
                self.at_mut(before).end = byte;
                Found::At(self.insert(list, before, rest))
            }
            _ => found,
        }
    }
}
