//! The accesses that a later one could still see, by allocation and byte.
//!
//! Each allocation is cut into segments of bytes whose visible accesses are the same. A contiguous write hides everything
//! under it, because whatever comes after it meets the write first; so the work is proportional to the conflicts found.
//!
//! **Invariant:** segments of one allocation do not overlap, and a segment's lists name only accesses that cover part of it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use acg_entity::{Entity, Slate};

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

type Map = BTreeMap<u64, Segment>;

/// The segments of one allocation. Hardly any is ever accessed in part, so that an only one needs no room of its own.
#[derive(Clone, Debug)]
enum Segments {
    /// The only segment, with its first byte.
    Only(u64, Segment),
    /// All of them, where they are several.
    Many(Box<Map>),
}

impl Segments {
    /// One without accesses.
    fn of(start: u64, end: u64) -> Self {
        Self::Only(start, Segment { end, writes: NIL, reads: NIL })
    }

    /// The only segment, where it is `start..end`.
    fn only(&mut self, start: u64, end: u64) -> Option<&mut Segment> {
        match self {
            Self::Only(at, segment) if *at == start && segment.end == end => Some(segment),
            _ => None,
        }
    }

    /// All of them, to be cut.
    fn many(&mut self) -> &mut Map {
        if let Self::Only(start, segment) = *self {
            *self = Self::Many(Box::new(Map::from([(start, segment)])));
        }
        match self {
            Self::Many(map) => map,
            Self::Only(..) => unreachable!("the only segment is one of several now"),
        }
    }
}

/// The visible accesses to allocations of type `R`, by tasks of type `T`.
#[derive(Clone, Debug)]
pub struct Visible<R, T> {
    roots: Slate<R, Segments>,
    accesses: Vec<Seen<T>>,
    strided: Vec<Extent>,
    chain: Vec<Cell>,
    /// The segments that the access being noted makes superfluous; empty between calls.
    obsolete: Vec<u64>,
}

impl<R, T> Default for Visible<R, T> {
    fn default() -> Self {
        Self {
            roots: Slate::default(),
            accesses: Vec::new(),
            strided: Vec::new(),
            chain: Vec::new(),
            obsolete: Vec::new(),
        }
    }
}

impl<R: Entity, T: Copy> Visible<R, T> {
    /// No accesses.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for so many more accesses of whole allocations, of which there are no more than `roots`.
    pub fn reserve(&mut self, accesses: usize, roots: usize) {
        self.roots.reserve(roots);
        self.accesses.reserve(accesses);
        self.chain.reserve(accesses);
    }

    /// Forgets all accesses; takes as long as there were any.
    pub fn clear(&mut self) {
        self.roots.wipe();
        self.accesses.clear();
        self.strided.clear();
        self.chain.clear();
    }

    /// Calls `found` with every visible access that conflicts with a new one; one may come several times.
    pub fn each_conflict(&self, root: R, extent: &Extent, writing: bool, mut found: impl FnMut(T, Conflict)) {
        self.each_near(root, extent, writing, |earlier, why| {
            let are_ranges = earlier.strided == NIL && extent.is_contiguous();
            if are_ranges || bytes(earlier, &self.strided).overlaps(extent) {
                found(earlier.task, why);
            }
        });
    }

    /// Appends the same accesses to `found`, with their bytes, but for those by tasks that `is_fine` accepts.
    pub fn conflicts_except(
        &self,
        root: R,
        extent: &Extent,
        writing: bool,
        is_fine: impl Fn(T) -> bool,
        found: &mut Vec<(T, Conflict, Extent)>,
    ) {
        self.each_near(root, extent, writing, |earlier, why| {
            if !is_fine(earlier.task) {
                let bytes = bytes(earlier, &self.strided);
                if bytes.overlaps(extent) {
                    found.push((earlier.task, why, bytes));
                }
            }
        });
    }

    /// Calls `found` with every visible access that conflicts with a new one if they are not only near each other.
    fn each_near(&self, root: R, extent: &Extent, writing: bool, mut found: impl FnMut(&Seen<T>, Conflict)) {
        let Some(segments) = self.roots.at(root).filter(|_| !extent.is_empty()) else { return };
        let (start, end) = (extent.start(), extent.end());
        let mut look = |list: u32, why: Conflict| {
            let mut at = list;
            while at != NIL {
                let cell = self.chain[at as usize];
                let earlier = &self.accesses[cell.access as usize];
                if earlier.start < end && start < earlier.end {
                    found(earlier, why);
                }
                at = cell.rest;
            }
        };
        let mut visit = |segment: &Segment| {
            look(segment.writes, if writing { Conflict::WriteAfterWrite } else { Conflict::ReadAfterWrite });
            if writing {
                look(segment.reads, Conflict::WriteAfterRead);
            }
        };
        let segments = match segments {
            Segments::Many(segments) => segments,
            Segments::Only(at, segment) => {
                if *at < end && segment.end > start {
                    visit(segment);
                }
                return;
            }
        };
        let mut under = segments.range(..end).rev().take_while(|(_, segment)| segment.end > start);
        match (under.next(), under.next()) {
            (None, _) => {}
            (Some((_, segment)), None) => visit(segment),
            _ => {
                let first = segments.range(..=start).next_back().filter(|(_, segment)| segment.end > start);
                let first = first.map_or(start, |(&at, _)| at);
                segments.range(first..end).for_each(|(_, segment)| visit(segment));
            }
        }
    }

    /// Makes an access visible; a contiguous write hides everything under it.
    pub fn note(&mut self, root: R, extent: &Extent, writing: bool, task: T) {
        self.insert(root, extent, writing, task, None::<&fn(T) -> bool>);
    }

    /// As [`Visible::note`]; besides, the access hides earlier ones of its kind that it covers and `hides` accepts.
    ///
    /// For callers to whom an earlier access is no news once a later one of the same kind is.
    pub fn note_hiding(
        &mut self,
        root: R,
        extent: &Extent,
        writing: bool,
        task: T,
        hides: impl Fn(T) -> bool,
    ) {
        self.insert(root, extent, writing, task, Some(&hides));
    }

    fn insert(
        &mut self,
        root: R,
        extent: &Extent,
        writing: bool,
        task: T,
        hides: Option<&impl Fn(T) -> bool>,
    ) {
        if extent.is_empty() {
            return;
        }
        let access = self.accesses.len() as u32;
        let (start, end) = (extent.start(), extent.end());
        let mut strided = NIL;
        if !extent.is_contiguous() {
            strided = self.strided.len() as u32;
            self.strided.push(extent.clone());
        }
        self.accesses.push(Seen { task, start, end, strided });
        let segments = self.roots.or_set(root, || Segments::of(start, end));
        if writing && extent.is_contiguous() {
            let segment = Segment { end, writes: cons(&mut self.chain, access, NIL), reads: NIL };
            match segments.only(start, end) {
                Some(only) => *only = segment,
                None => replace(segments.many(), start, segment, &mut self.obsolete),
            }
            return;
        }
        // Segments that had the same list share the cell that is put before it.
        let mut shared = (NIL, NIL);
        let mut put = |segment: &mut Segment| {
            let list = if writing { &mut segment.writes } else { &mut segment.reads };
            let rest = match hides {
                None => *list,
                Some(hides) => kept(&mut self.chain, &self.accesses, *list, |earlier| {
                    (extent.is_contiguous() || *extent == bytes(earlier, &self.strided))
                        && hides(earlier.task)
                }),
            };
            if shared.1 == NIL || shared.0 != rest {
                shared = (rest, cons(&mut self.chain, access, rest));
            }
            *list = shared.1;
        };
        if let Some(only) = segments.only(start, end) {
            put(only);
            return;
        }
        let segments = segments.many();
        cover(segments, start, end);
        segments.range_mut(start..end).for_each(|(_, segment)| put(segment));
        unite(segments, start, end, &mut self.obsolete);
    }
}

fn bytes<T>(seen: &Seen<T>, strided: &[Extent]) -> Extent {
    strided.get(seen.strided as usize).cloned().unwrap_or_else(|| Extent::range(seen.start, seen.end))
}

/// The list of `access` and `rest`.
fn cons(chain: &mut Vec<Cell>, access: u32, rest: u32) -> u32 {
    chain.push(Cell { access, rest });
    chain.len() as u32 - 1
}

/// The list without the accesses that are hidden; shares its tail where nothing in it is.
fn kept<T>(
    chain: &mut Vec<Cell>,
    accesses: &[Seen<T>],
    list: u32,
    is_hidden: impl Fn(&Seen<T>) -> bool,
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
    stay.iter().rev().fold(NIL, |rest, &access| cons(chain, access, rest))
}

/// Puts `segment` at `start`, in place of all that was there.
fn replace(segments: &mut Map, start: u64, segment: Segment, obsolete: &mut Vec<u64>) {
    let end = segment.end;
    let (mut is_in_place, mut behind) = (false, None);
    for (&at, earlier) in segments.range_mut(..end).rev().take_while(|(_, earlier)| earlier.end > start) {
        if earlier.end > end {
            behind = Some(*earlier);
        }
        match at.cmp(&start) {
            Ordering::Less => earlier.end = start,
            Ordering::Equal => {
                *earlier = segment;
                is_in_place = true;
            }
            Ordering::Greater => obsolete.push(at),
        }
    }
    for at in obsolete.drain(..) {
        segments.remove(&at);
    }
    if !is_in_place {
        segments.insert(start, segment);
    }
    if let Some(behind) = behind {
        segments.insert(end, behind);
    }
}

/// Makes `start` and `end` borders, with a segment for every byte between them.
fn cover(segments: &mut Map, start: u64, end: u64) {
    let mut under = segments.range(..end).rev().take_while(|(_, segment)| segment.end > start);
    match (under.next(), under.next()) {
        (None, _) => {}
        (Some((&at, segment)), None) if at == start && segment.end == end => return,
        _ => {
            split(segments, start);
            split(segments, end);
        }
    }
    let mut at = start;
    while at < end {
        let next = segments.range(at..end).next().map_or((end, end), |(&from, segment)| (from, segment.end));
        if at < next.0 {
            segments.insert(at, Segment { end: next.0, writes: NIL, reads: NIL });
        }
        at = next.1;
    }
}

/// Makes `at` a border between segments.
fn split(segments: &mut Map, at: u64) {
    if let Some((_, segment)) = segments.range_mut(..at).next_back()
        && segment.end > at
    {
        let rest = *segment;
        segment.end = at;
        segments.insert(at, rest);
    }
}

/// Makes one segment of neighbours in `start..end` whose visible accesses are the same.
fn unite(segments: &mut Map, start: u64, end: u64, obsolete: &mut Vec<u64>) {
    // From the back, so that the first of several neighbours takes all of them in.
    let mut next: Option<(u64, Segment)> = None;
    for (&at, segment) in segments.range_mut(start..end).rev() {
        if let Some((border, same)) = next
            && segment.end == border
            && (segment.writes, segment.reads) == (same.writes, same.reads)
        {
            segment.end = same.end;
            obsolete.push(border);
        }
        next = Some((at, *segment));
    }
    for at in obsolete.drain(..) {
        segments.remove(&at);
    }
}
