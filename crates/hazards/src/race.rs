//! Finds accesses to the same bytes that nothing orders, in one pass over the tasks.
//!
//! Vector clocks say what is ordered, [`Earlier`] what conflicts. A race that is found is then taken as mended: the detector goes
//! on as if the missing edge from the earlier task to the later one were there. So each race is one missing edge, and those
//! that the edge would mend as well are not repeated; with all edges added no race is left.
//!
//! **Invariant:** every race is between tasks that are unordered in the program as it stands, since edges are only added.

use acg_entity::Entity;
use acg_ir::{Clocks, Conflict, Extent, Place};

use crate::earlier::Earlier;
use crate::touching::Site;

pub use crate::touching::{Book, InFull, Touching};

/// Two accesses that nothing orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Race<R> {
    /// The task that comes first in the program.
    pub first: u32,
    /// The other one.
    pub second: u32,
    /// The lane that the edge has to start from.
    pub first_lane: u32,
    /// The lane that it has to lead to.
    pub second_lane: u32,
    /// The memory.
    pub root: R,
    /// What the first touches of it.
    pub first_bytes: Extent,
    /// What the second touches of it.
    pub second_bytes: Extent,
    /// How they conflict.
    pub conflict: Conflict,
}

/// The detector of one graph, whose memory is numbered from 0 by `R`.
pub struct Detector<'t, R, B: Book<'t, R> = InFull> {
    clocks: Clocks,
    earlier: Earlier<'t, R, B>,
    found: Vec<(Site, Conflict, Extent)>,
    pending: Vec<(Site, Race<R>)>,
}

impl<R: Entity> Detector<'_, R> {
    /// A detector for `lanes` lanes.
    pub fn new(lanes: usize) -> Self {
        Self::with(lanes, InFull)
    }
}

impl<'t, R: Entity, B: Book<'t, R>> Detector<'t, R, B> {
    /// A detector for `lanes` lanes that remembers accesses by `book`.
    pub fn with(lanes: usize, book: B) -> Self {
        Self {
            clocks: Clocks::new(lanes),
            earlier: Earlier::new(book),
            found: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// Makes room for so many more accesses to so many roots in all, and so many waits: what grows is copied, and for a moment takes
    /// three times its place.
    pub fn reserve(&mut self, accesses: usize, roots: usize, waits: usize) {
        self.earlier.reserve(accesses, roots);
        self.clocks.reserve(waits);
    }

    /// What it remembers accesses by.
    pub fn book(&mut self) -> &mut B {
        &mut self.earlier.book
    }

    /// The place that the next task on `lane` has if it waits for no more than by now.
    pub fn next(&self, lane: u32) -> Place {
        self.clocks.next(lane)
    }

    /// Lets everything on `lane` from now on come after `earlier`.
    pub fn wait(&mut self, lane: u32, earlier: Place) {
        self.clocks.join(lane, earlier);
    }

    /// Adds a task to `lane` and appends the races that it takes part in as the later one.
    pub fn task(&mut self, lane: u32, touching: &[Touching<'t, R>], races: &mut Vec<Race<R>>) -> Place {
        if !touching.is_empty() {
            self.conflicts(lane, touching);
            self.report(lane, races);
        }
        let place = self.clocks.step(lane);
        for touch in touching {
            self.earlier.note(touch, place, &self.clocks);
        }
        place
    }

    /// How much memory the clocks take, in entries.
    pub fn entries(&self) -> usize {
        self.clocks.entries()
    }

    /// Collects the unordered conflicts of a task.
    fn conflicts(&mut self, lane: u32, touching: &[Touching<'t, R>]) {
        let clocks = &self.clocks;
        for touch in touching {
            self.earlier.conflicts(touch, |place| clocks.has_seen(lane, place), &mut self.found);
            self.pending.extend(self.found.drain(..).map(|(site, conflict, first_bytes)| {
                let race = Race {
                    first: site.task,
                    second: touch.task,
                    first_lane: site.place.lane(),
                    second_lane: lane,
                    root: touch.root,
                    first_bytes,
                    second_bytes: touch.extent(),
                    conflict,
                };
                (site, race)
            }));
        }
    }

    /// Reports the latest task of each lane, whose edge orders the ones before it too.
    fn report(&mut self, lane: u32, races: &mut Vec<Race<R>>) {
        self.pending.sort_by_key(|(_, race)| {
            (std::cmp::Reverse(race.first), race.root, race.second_bytes.start(), race.conflict)
        });
        for (site, race) in self.pending.drain(..) {
            if self.clocks.join(lane, site.place) {
                races.push(race);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use acg_entity::Entity;
    use acg_ir::{Extent, Place};
    use proptest::prelude::*;

    use super::{Book, Detector, Earlier, InFull, Race, Touching};

    acg_entity::entity! {
        /// An allocation.
        Root, "root"
    }

    /// A task of a generated graph.
    #[derive(Clone, Debug)]
    struct Step {
        lane: u32,
        /// How far back the task lies that it waits for, if it does.
        waits: Option<usize>,
        touches: Vec<(Root, Extent, bool)>,
    }

    fn extent() -> impl Strategy<Value = Extent> {
        let range = (0..24u64, 1..9u64).prop_map(|(start, len)| Extent::range(start, start + len));
        let rows = (0..8u64, 1..3u64, 2..4u64, 3..6u64)
            .prop_map(|(start, row, rows, pitch)| Extent::rows(start, row, rows, pitch).expect("rows apart"));
        prop_oneof![3 => range, 1 => rows]
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let touch = ((0..2usize).prop_map(Root::at), extent(), any::<bool>());
        let waits = proptest::option::weighted(0.4, 1..6usize);
        let step = (0..4u32, waits, proptest::collection::vec(touch, 0..3));
        let step = step.prop_map(|(lane, waits, touches)| Step { lane, waits, touches });
        proptest::collection::vec(step, 0..24)
    }

    fn detect(steps: &[Step]) -> Vec<Race<Root>> {
        detect_with(Detector::new(4), steps)
    }

    fn detect_with<'t, B: Book<'t, Root>>(
        mut detector: Detector<'t, Root, B>,
        steps: &'t [Step],
    ) -> Vec<Race<Root>> {
        let (mut places, mut races): (Vec<Place>, _) = (Vec::new(), Vec::new());
        for (index, step) in steps.iter().enumerate() {
            if let Some(earlier) = step.waits.and_then(|back| index.checked_sub(back)) {
                detector.wait(step.lane, places[earlier]);
            }
            let touching: Vec<_> = step
                .touches
                .iter()
                .map(|(root, extent, writes)| {
                    let strided = Some(extent).filter(|extent| !extent.is_contiguous());
                    let (start, end) = (extent.start(), extent.end());
                    Touching { task: index as u32, root: *root, start, end, strided, writes: *writes }
                })
                .collect();
            places.push(detector.task(step.lane, &touching, &mut races));
        }
        races
    }

    /// Which tasks come before which: stream order, waits and `edges`, closed.
    fn closure(steps: &[Step], edges: &[(usize, usize)]) -> Vec<Vec<bool>> {
        let mut before = vec![vec![false; steps.len()]; steps.len()];
        for (later, step) in steps.iter().enumerate() {
            let waited = step.waits.and_then(|back| later.checked_sub(back));
            for earlier in 0..later {
                let is_edge = steps[earlier].lane == step.lane || waited == Some(earlier);
                before[earlier][later] = is_edge || edges.contains(&(earlier, later));
            }
        }
        for middle in 0..steps.len() {
            for from in 0..middle {
                if before[from][middle] {
                    let (head, tail) = before.split_at_mut(middle);
                    for (reaches, &next) in head[from].iter_mut().zip(&tail[0]) {
                        *reaches |= next;
                    }
                }
            }
        }
        before
    }

    fn conflict(first: &Step, second: &Step) -> bool {
        first
            .touches
            .iter()
            .any(|a| second.touches.iter().any(|b| a.0 == b.0 && (a.2 || b.2) && a.1.overlaps(&b.1)))
    }

    /// All pairs that conflict and are not ordered.
    fn all_races(steps: &[Step], before: &[Vec<bool>]) -> Vec<(usize, usize)> {
        let pairs = (0..steps.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
        pairs.filter(|&(a, b)| !before[a][b] && conflict(&steps[a], &steps[b])).collect()
    }

    /// A book that gives accesses numbers.
    #[derive(Default)]
    struct Numbered<'t>(Vec<(Touching<'t, Root>, Place)>);

    impl<'t> Book<'t, Root> for Numbered<'t> {
        type Entry = usize;

        fn enter(&mut self, touching: &Touching<'t, Root>, place: Place) -> usize {
            self.0.push((*touching, place));
            self.0.len() - 1
        }

        fn touching(&self, entry: usize) -> Touching<'t, Root> {
            self.0[entry].0
        }

        fn place(&self, entry: usize) -> Place {
            self.0[entry].1
        }
    }

    proptest! {
        #[test]
        fn books_change_nothing(steps in steps()) {
            prop_assert_eq!(detect(&steps), detect_with(Detector::with(4, Numbered::default()), &steps));
        }

        #[test]
        fn lists_change_nothing(steps in steps(), most in 1..40u32) {
            let listing = |most| Detector { earlier: Earlier::listing(most, InFull), ..Detector::new(4) };
            prop_assert_eq!(detect_with(listing(0), &steps), detect_with(listing(most), &steps));
        }

        #[test]
        fn races_are_real_distinct_and_mending_them_leaves_none(steps in steps()) {
            let found: Vec<(usize, usize)> =
                detect(&steps).iter().map(|race| (race.first as usize, race.second as usize)).collect();
            let real = all_races(&steps, &closure(&steps, &[]));
            for (at, pair) in found.iter().enumerate() {
                prop_assert!(real.contains(pair), "{pair:?} is ordered or does not conflict");
                let others: Vec<_> = found.iter().copied().filter(|other| other != pair).collect();
                prop_assert_eq!(found.iter().position(|other| other == pair), Some(at), "reported twice");
                let without = closure(&steps, &others[..at]);
                prop_assert!(!without[pair.0][pair.1], "{pair:?} is mended by an earlier report");
            }
            prop_assert_eq!(all_races(&steps, &closure(&steps, &found)), vec![]);
            prop_assert_eq!(found.is_empty(), real.is_empty());
        }
    }
}
