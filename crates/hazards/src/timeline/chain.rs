//! Lists through one array: each entry knows the one before it and the one after it, so that any of them is taken out at once.

const NONE: u32 = u32::MAX;

/// The first and the last entry of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    first: u32,
    last: u32,
}

impl Default for Ends {
    fn default() -> Self {
        Self { first: NONE, last: NONE }
    }
}

impl Ends {
    /// The first entry.
    pub(super) fn first(self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    /// The last entry.
    pub(super) fn last(self) -> Option<u32> {
        (self.last != NONE).then_some(self.last)
    }
}

#[derive(Clone, Copy, Debug)]
struct Link {
    before: u32,
    after: u32,
}

/// The neighbours of every entry, each of them in one list.
#[derive(Clone, Debug, Default)]
pub(super) struct Links(Vec<Link>);

impl Links {
    /// The entry after another one.
    pub(super) fn after(&self, at: u32) -> Option<u32> {
        self.0.get(at as usize).map(|link| link.after).filter(|&after| after != NONE)
    }

    /// The entry before another one.
    pub(super) fn before(&self, at: u32) -> Option<u32> {
        self.0.get(at as usize).map(|link| link.before).filter(|&before| before != NONE)
    }

    /// Puts an entry, which is in no list, at the end of one. Entries come with the next number or one that was taken out.
    pub(super) fn append(&mut self, list: &mut Ends, at: u32) {
        let link = Link { before: list.last, after: NONE };
        match self.0.get_mut(at as usize) {
            Some(room) => *room = link,
            None => self.0.push(link),
        }
        match self.0.get_mut(list.last as usize) {
            Some(link) => link.after = at,
            None => list.first = at,
        }
        list.last = at;
    }

    /// Takes an entry out of its list.
    pub(super) fn remove(&mut self, list: &mut Ends, at: u32) {
        let Link { before, after } = self.0[at as usize];
        match self.0.get_mut(before as usize) {
            Some(link) => link.after = after,
            None => list.first = after,
        }
        match self.0.get_mut(after as usize) {
            Some(link) => link.before = before,
            None => list.last = before,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Ends, Links};

    proptest! {
        /// Lists keep the order in which entries were appended, whichever are taken out in between.
        #[test]
        fn lists_hold_what_was_not_taken_out(steps in proptest::collection::vec((0..3usize, 0..12u32, any::<bool>()), 0..60)) {
            let (mut links, mut lists) = (Links::default(), [Ends::default(); 3]);
            let mut expected = [vec![], vec![], vec![]];
            let (mut free, mut made): (Vec<u32>, u32) = (vec![], 0);
            for (list, which, adds) in steps {
                if adds {
                    let at = free.pop().unwrap_or_else(|| {
                        made += 1;
                        made - 1
                    });
                    links.append(&mut lists[list], at);
                    expected[list].push(at);
                } else if !expected[list].is_empty() {
                    let at = expected[list].remove(which as usize % expected[list].len());
                    links.remove(&mut lists[list], at);
                    free.push(at);
                }
                for (list, expected) in lists.iter().zip(&expected) {
                    let forwards: Vec<u32> = std::iter::successors(list.first(), |&at| links.after(at)).collect();
                    let mut backwards: Vec<u32> = std::iter::successors(list.last(), |&at| links.before(at)).collect();
                    backwards.reverse();
                    prop_assert_eq!((&forwards, &backwards), (expected, expected));
                }
            }
        }
    }
}
