//! The accesses of a graph so far, as far as a later one could race with them.
//!
//! Most patches of memory see a handful of accesses: those are a list. A patch that sees more goes over to [`Visible`], whose
//! work does not grow with them.
//!
//! **Invariant:** a list and [`Visible`] give the same races.

use acg_entity::Entity;
use acg_ir::{Clocks, Conflict, Extent, Place, Visible};

use crate::touching::{Site, Touching};

/// How many accesses a list holds, unless a test wants otherwise.
const MOST: u32 = 8;

const NONE: u32 = u32::MAX;

/// The accesses so far, by patch.
pub(crate) struct Earlier<'t, R> {
    /// How many accesses a list holds.
    most: u32,
    /// By patch, as long as the last of them wants.
    lists: Vec<List>,
    entries: Vec<Entry<'t, R>>,
    /// The accesses to patches that have more.
    visible: Visible<R, Site>,
}

#[derive(Clone, Copy)]
struct List {
    /// The last of its entries.
    last: u32,
    length: u32,
}

struct Entry<'t, R> {
    touching: Touching<'t, R>,
    place: Place,
    /// The entry before it in its list.
    before: u32,
}

impl<'t, R: Entity> Earlier<'t, R> {
    /// None.
    pub(crate) fn new() -> Self {
        Self::listing(MOST)
    }

    /// None, in lists of at most `most` from now on.
    pub(crate) fn listing(most: u32) -> Self {
        Self { most, lists: Vec::new(), entries: Vec::new(), visible: Visible::new() }
    }

    /// Makes room for so many more accesses in lists.
    pub(crate) fn reserve(&mut self, accesses: usize) {
        self.entries.reserve_exact(accesses);
    }

    /// Appends the accesses that conflict with `touching` to `found`, those by tasks that `is_fine` accepts left out.
    pub(crate) fn conflicts(
        &self,
        touching: &Touching<'t, R>,
        is_fine: impl Fn(Place) -> bool,
        found: &mut Vec<(Site, Conflict, Extent)>,
    ) {
        let Some(list) = self.lists.get(touching.root.index()) else { return };
        if list.length > self.most {
            let (extent, is_fine) = (touching.extent(), |site: Site| is_fine(site.place));
            self.visible.conflicts_except(touching.root, &extent, touching.writes, is_fine, found);
            return;
        }
        let mut places = Vec::new();
        for entry in chain(&self.entries, list.last) {
            let conflict = match (entry.touching.writes, touching.writes) {
                (false, false) => continue,
                (true, false) => Conflict::ReadAfterWrite,
                (false, true) => Conflict::WriteAfterRead,
                (true, true) => Conflict::WriteAfterWrite,
            };
            if entry.touching.overlaps(touching)
                && !is_fine(entry.place)
                && let Some(byte) = self.first_visible(*list, entry, touching)
            {
                places.push((byte, (entry.site(), conflict, entry.touching.extent())));
            }
        }
        // As they are visible: by bytes, at each the last one first.
        places.sort_by_key(|place| place.0);
        found.extend(places.into_iter().map(|place| place.1));
    }

    /// The first byte of `touching` at which `entry` is not hidden by a write after it.
    fn first_visible(&self, list: List, entry: &Entry<'t, R>, touching: &Touching<'t, R>) -> Option<u64> {
        let is_later = |other: &&Entry<'t, R>| !std::ptr::eq(*other, entry);
        let later = || chain(&self.entries, list.last).take_while(is_later).map(|other| &other.touching);
        let end = entry.touching.end.min(touching.end);
        let mut byte = entry.touching.start.max(touching.start);
        let hides = |write: &&Touching<'t, R>, byte| {
            write.writes && write.strided.is_none() && (write.start..write.end).contains(&byte)
        };
        while let Some(write) = later().find(|write| hides(write, byte)) {
            byte = write.end;
        }
        (byte < end).then_some(byte)
    }

    /// Adds an access of a task at `place`.
    pub(crate) fn note(&mut self, touching: Touching<'t, R>, place: Place, clocks: &Clocks) {
        let at = touching.root.index();
        if at >= self.lists.len() {
            self.lists.resize(at + 1, List { last: NONE, length: 0 });
        }
        let list = &mut self.lists[at];
        if list.length < self.most {
            self.entries.push(Entry { touching, place, before: list.last });
            *list = List { last: self.entries.len() as u32 - 1, length: list.length + 1 };
            return;
        }
        if list.length == self.most {
            let newest_first: Vec<&Entry<'t, R>> = chain(&self.entries, list.last).collect();
            for entry in newest_first.into_iter().rev() {
                entry.show(&mut self.visible, clocks);
            }
            list.length += 1;
        }
        Entry { touching, place, before: NONE }.show(&mut self.visible, clocks);
    }
}

impl<R: Entity> Entry<'_, R> {
    fn site(&self) -> Site {
        Site { task: self.touching.task, place: self.place }
    }

    /// Makes it visible.
    fn show(&self, visible: &mut Visible<R, Site>, clocks: &Clocks) {
        let touching = &self.touching;
        let hides = |earlier: Site| clocks.before(earlier.place, self.place);
        visible.note_hiding(touching.root, touching.extent(), touching.writes, self.site(), hides);
    }
}

/// The entries of a list, the last one first.
fn chain<'e, 't, R>(entries: &'e [Entry<'t, R>], last: u32) -> impl Iterator<Item = &'e Entry<'t, R>> {
    let entry = |at: u32| entries.get(at as usize);
    std::iter::successors(entry(last), move |this| entry(this.before))
}
