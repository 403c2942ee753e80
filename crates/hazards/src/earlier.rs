//! The accesses of a graph so far, as far as a later one could race with them.
//!
//! Most patches of memory see a handful of accesses: those are a list. A patch that sees more goes over to [`Visible`], whose
//! work does not grow with them.
//!
//! **Invariant:** a list and [`Visible`] give the same races.

use acg_entity::Entity;
use acg_ir::{Clocks, Conflict, Extent, Place, Visible};

use crate::touching::{Book, Site, Touching};

/// How many accesses a list holds, unless a test wants otherwise.
const MOST: u32 = 8;

const NONE: u32 = u32::MAX;

/// The accesses so far, by patch.
pub(crate) struct Earlier<'t, R, B: Book<'t, R>> {
    /// How many accesses a list holds.
    most: u32,
    pub(crate) book: B,
    /// By patch, as long as the last of them wants.
    lists: Vec<List>,
    links: Vec<Link<B::Entry>>,
    /// The accesses to patches that have more.
    visible: Visible<R, Site>,
}

#[derive(Clone, Copy)]
struct List {
    /// The last of its links.
    last: u32,
    length: u32,
}

#[derive(Clone, Copy)]
struct Link<E> {
    entry: E,
    /// The link before it in its list.
    before: u32,
}

impl<'t, R: Entity, B: Book<'t, R>> Earlier<'t, R, B> {
    /// None.
    pub(crate) fn new(book: B) -> Self {
        Self::listing(MOST, book)
    }

    /// None, in lists of at most `most` from now on.
    pub(crate) fn listing(most: u32, book: B) -> Self {
        Self { most, book, lists: Vec::new(), links: Vec::new(), visible: Visible::new() }
    }

    /// Makes room for so many more accesses in lists, of so many patches in all.
    pub(crate) fn reserve(&mut self, accesses: usize, patches: usize) {
        self.links.reserve_exact(accesses);
        self.lists.reserve_exact(patches);
    }

    /// Appends the accesses that conflict with `touching` to `found`, those by tasks that `is_fine` accepts left out.
    pub(crate) fn conflicts(
        &self,
        touching: &Touching<'t, R>,
        is_fine: impl Fn(Place) -> bool,
        found: &mut Vec<(Site, Conflict, Extent)>,
    ) {
        let Some(&list) = self.lists.get(touching.root.index()) else { return };
        if list.length > self.most {
            let (extent, is_fine) = (touching.extent(), |site: Site| is_fine(site.place));
            self.visible.conflicts_except(touching.root, &extent, touching.writes, is_fine, found);
            return;
        }
        let mut places = Vec::new();
        for (at, entry) in self.chain(list) {
            let earlier = self.book.touching(entry);
            let conflict = match (earlier.writes, touching.writes) {
                (false, false) => continue,
                (true, false) => Conflict::ReadAfterWrite,
                (false, true) => Conflict::WriteAfterRead,
                (true, true) => Conflict::WriteAfterWrite,
            };
            if earlier.overlaps(touching)
                && !is_fine(self.book.place(entry))
                && let Some(byte) = self.first_visible(list, at, &earlier, touching)
            {
                let site = Site { task: earlier.task, place: self.book.place(entry) };
                places.push((byte, (site, conflict, earlier.extent())));
            }
        }
        // As they are visible: by bytes, at each the last one first.
        places.sort_by_key(|place| place.0);
        found.extend(places.into_iter().map(|place| place.1));
    }

    /// The first byte of `touching` at which `earlier`, the access of the link `at`, is not hidden by a write after it.
    fn first_visible(
        &self,
        list: List,
        at: u32,
        earlier: &Touching<'t, R>,
        touching: &Touching<'t, R>,
    ) -> Option<u64> {
        let later = || self.chain(list).take_while(|link| link.0 != at);
        let end = earlier.end.min(touching.end);
        let mut byte = earlier.start.max(touching.start);
        let hides = |write: &Touching<'t, R>, byte| {
            write.writes && write.strided.is_none() && (write.start..write.end).contains(&byte)
        };
        while let Some(write) =
            later().map(|(_, entry)| self.book.touching(entry)).find(|write| hides(write, byte))
        {
            byte = write.end;
        }
        (byte < end).then_some(byte)
    }

    /// Adds an access of a task at `place`.
    pub(crate) fn note(&mut self, touching: &Touching<'t, R>, place: Place, clocks: &Clocks) {
        let entry = self.book.enter(touching, place);
        let at = touching.root.index();
        if at >= self.lists.len() {
            self.lists.resize(at + 1, List { last: NONE, length: 0 });
        }
        let list = &mut self.lists[at];
        if list.length < self.most {
            self.links.push(Link { entry, before: list.last });
            *list = List { last: self.links.len() as u32 - 1, length: list.length + 1 };
            return;
        }
        if list.length == self.most {
            list.length += 1;
            let list = *list;
            let newest_first: Vec<B::Entry> = self.chain(list).map(|link| link.1).collect();
            for entry in newest_first.into_iter().rev() {
                let (touching, place) = (self.book.touching(entry), self.book.place(entry));
                show(&mut self.visible, &touching, place, clocks);
            }
        }
        show(&mut self.visible, touching, place, clocks);
    }

    /// The links of a list with what they hold, the last one first.
    fn chain(&self, list: List) -> impl Iterator<Item = (u32, B::Entry)> {
        let mut next = list.last;
        std::iter::from_fn(move || {
            let (at, link) = (next, self.links.get(next as usize)?);
            next = link.before;
            Some((at, link.entry))
        })
    }
}

/// Makes an access visible.
fn show<R: Entity>(
    visible: &mut Visible<R, Site>,
    touching: &Touching<'_, R>,
    place: Place,
    clocks: &Clocks,
) {
    let site = Site { task: touching.task, place };
    let hides = |earlier: Site| clocks.before(earlier.place, place);
    visible.note_hiding(touching.root, &touching.extent(), touching.writes, site, hides);
}
