//! The accesses that a later one could still see, by allocation and byte.
//!
//! Each allocation is cut into segments of bytes whose visible accesses are the same. A contiguous write hides everything
//! under it, because whatever comes after it meets the write first; so the work is proportional to the conflicts found.
//!
//! **Invariant:** segments of one allocation do not overlap, and a segment's lists name only accesses that cover part of it.

use std::collections::BTreeMap;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::region::Extent;

/// How a later access conflicts with an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conflict {
    /// Reads what the other wrote (RAW).
    ReadAfterWrite,
    /// Writes what the other reads (WAR).
    WriteAfterRead,
    /// Writes what the other wrote (WAW).
    WriteAfterWrite,
}

/// One access that is still visible somewhere, in few bytes: hardly any extent is strided.
#[derive(Clone, Copy, Debug)]
struct Seen<T> {
    task: T,
    start: u64,
    end: u64,
    /// Where [`Visible::strided`] holds the extent; [`NIL`] for a contiguous one.
    strided: u32,
}

/// A cons cell: an access and the rest of the list, so that splitting a segment shares its lists.
#[derive(Clone, Copy, Debug)]
struct Cell {
    access: u32,
    rest: u32,
}

const NIL: u32 = u32::MAX;

/// A run of bytes whose visible accesses are the same; the key of the map is its first byte.
#[derive(Clone, Copy, Debug)]
struct Segment {
    end: u64,
    writes: u32,
    reads: u32,
}

/// The visible accesses to allocations of type `R`, by tasks of type `T`.
#[derive(Clone, Debug)]
pub struct Visible<R, T> {
    roots: FxHashMap<R, BTreeMap<u64, Segment>>,
    accesses: Vec<Seen<T>>,
    strided: Vec<Extent>,
    chain: Vec<Cell>,
}

impl<R, T> Default for Visible<R, T> {
    fn default() -> Self {
        Self { roots: FxHashMap::default(), accesses: Vec::new(), strided: Vec::new(), chain: Vec::new() }
    }
}

impl<R: Copy + Eq + Hash, T: Copy> Visible<R, T> {
    /// No accesses.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends every visible access that conflicts with a new one to `found`, with its bytes; one may come several times.
    pub fn conflicts(&self, root: R, extent: &Extent, writing: bool, found: &mut Vec<(T, Conflict, Extent)>) {
        let Some(segments) = self.roots.get(&root) else { return };
        let (start, end) = (extent.start(), extent.end());
        let first = segments.range(..=start).next_back().map_or(start, |(&at, _)| at);
        for segment in
            segments.range(first..end).map(|(_, segment)| segment).filter(|segment| segment.end > start)
        {
            let why = if writing { Conflict::WriteAfterWrite } else { Conflict::ReadAfterWrite };
            self.overlapping(segment.writes, extent, why, found);
            if writing {
                self.overlapping(segment.reads, extent, Conflict::WriteAfterRead, found);
            }
        }
    }

    fn overlapping(&self, list: u32, extent: &Extent, why: Conflict, found: &mut Vec<(T, Conflict, Extent)>) {
        let mut at = list;
        while at != NIL {
            let cell = self.chain[at as usize];
            let earlier = &self.accesses[cell.access as usize];
            let bytes = bytes(earlier, &self.strided);
            if bytes.overlaps(extent) {
                found.push((earlier.task, why, bytes));
            }
            at = cell.rest;
        }
    }

    /// Makes an access visible; a contiguous write hides everything under it.
    pub fn note(&mut self, root: R, extent: Extent, writing: bool, task: T) {
        self.insert(root, extent, writing, task, None);
    }

    /// As [`Visible::note`]; besides, the access hides earlier ones of its kind that it covers and `hides` accepts.
    ///
    /// For callers to whom an earlier access is no news once a later one of the same kind is.
    pub fn note_hiding(
        &mut self,
        root: R,
        extent: Extent,
        writing: bool,
        task: T,
        hides: impl Fn(T) -> bool,
    ) {
        self.insert(root, extent, writing, task, Some(&hides));
    }

    fn insert(&mut self, root: R, extent: Extent, writing: bool, task: T, hides: Option<&dyn Fn(T) -> bool>) {
        if extent.is_empty() {
            return;
        }
        let id = self.accesses.len() as u32;
        let (start, end) = (extent.start(), extent.end());
        let mut strided = NIL;
        if !extent.is_contiguous() {
            strided = self.strided.len() as u32;
            self.strided.push(extent);
        }
        self.accesses.push(Seen { task, start, end, strided });
        let segments = self.roots.entry(root).or_default();
        split(segments, start);
        split(segments, end);
        if writing && extent.is_contiguous() {
            let hidden: Vec<u64> = segments.range(start..end).map(|(&at, _)| at).collect();
            for at in hidden {
                segments.remove(&at);
            }
            self.chain.push(Cell { access: id, rest: NIL });
            segments.insert(start, Segment { end, writes: self.chain.len() as u32 - 1, reads: NIL });
            return;
        }
        fill_gaps(segments, start, end);
        // Segments that had the same list share the cell that is put before it.
        let mut shared = (NIL, NIL);
        for (_, segment) in segments.range_mut(start..end) {
            let list = if writing { &mut segment.writes } else { &mut segment.reads };
            let rest = match hides {
                None => *list,
                Some(hides) => kept(&mut self.chain, &self.accesses, *list, &|earlier: &Seen<T>| {
                    (extent.is_contiguous() || extent == bytes(earlier, &self.strided)) && hides(earlier.task)
                }),
            };
            if shared.1 == NIL || shared.0 != rest {
                self.chain.push(Cell { access: id, rest });
                shared = (rest, self.chain.len() as u32 - 1);
            }
            *list = shared.1;
        }
        unite(segments, start, end);
    }
}

fn bytes<T>(seen: &Seen<T>, strided: &[Extent]) -> Extent {
    strided.get(seen.strided as usize).copied().unwrap_or_else(|| Extent::range(seen.start, seen.end))
}

/// The list without the accesses that are hidden; shares its tail where nothing in it is.
fn kept<T>(
    chain: &mut Vec<Cell>,
    accesses: &[Seen<T>],
    list: u32,
    is_hidden: &impl Fn(&Seen<T>) -> bool,
) -> u32 {
    let mut stay = Vec::new();
    let mut any_hidden = false;
    let mut at = list;
    while at != NIL {
        let cell = chain[at as usize];
        if is_hidden(&accesses[cell.access as usize]) {
            any_hidden = true;
        } else {
            stay.push(cell.access);
        }
        at = cell.rest;
    }
    if !any_hidden {
        return list;
    }
    let mut rest = NIL;
    for &access in stay.iter().rev() {
        chain.push(Cell { access, rest });
        rest = chain.len() as u32 - 1;
    }
    rest
}

/// Makes `at` a border between segments.
fn split(segments: &mut BTreeMap<u64, Segment>, at: u64) {
    if let Some((_, segment)) = segments.range_mut(..at).next_back()
        && segment.end > at
    {
        let rest = *segment;
        segment.end = at;
        segments.insert(at, rest);
    }
}

/// Makes one segment of neighbours in `start..end` whose visible accesses are the same.
fn unite(segments: &mut BTreeMap<u64, Segment>, start: u64, end: u64) {
    let mut absorbed = Vec::new();
    let mut last: Option<(u64, Segment)> = None;
    for (&at, segment) in segments.range(start..end) {
        match &mut last {
            Some((_, first))
                if first.end == at && first.writes == segment.writes && first.reads == segment.reads =>
            {
                first.end = segment.end;
                absorbed.push((at, first.end));
            }
            _ => last = Some((at, *segment)),
        }
    }
    // The last absorbed end of a run is that of the segment which takes the run in.
    for (at, end) in absorbed {
        segments.remove(&at);
        if let Some((_, first)) = segments.range_mut(..at).next_back() {
            first.end = end;
        }
    }
}

/// Covers the bytes of `start..end` that no segment covers yet.
fn fill_gaps(segments: &mut BTreeMap<u64, Segment>, start: u64, end: u64) {
    let mut gaps = Vec::new();
    let mut at = start;
    for (&from, segment) in segments.range(start..end) {
        if from > at {
            gaps.push((at, from));
        }
        at = segment.end;
    }
    if at < end {
        gaps.push((at, end));
    }
    for (from, to) in gaps {
        segments.insert(from, Segment { end: to, writes: NIL, reads: NIL });
    }
}
