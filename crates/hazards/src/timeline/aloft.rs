//! The executions that may still run: by graph in the order of take-off, and by lane in the order of places.
//!
//! A call asks only for those that its lane has not seen complete, so a program whose work stands on one stream asks for none.

use std::collections::BTreeMap;

use acg_ir::{Clocks, Place};
use acg_runtime::state::ModelId;

/// The graphs that have executions which the host has not seen complete.
#[derive(Debug, Default)]
pub(crate) struct Aloft {
    /// By when each of them took off, counted over the log.
    by_take_off: BTreeMap<u32, ModelId>,
    next: u32,
    /// The latest execution of each graph on each lane, by lane and place.
    by_place: BTreeMap<(u32, u32), ModelId>,
}

impl Aloft {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_take_off.is_empty()
    }

    /// All graphs, the one that took off first before the others.
    pub(crate) fn models(&self) -> impl Iterator<Item = ModelId> {
        self.by_take_off.values().copied()
    }

    /// Adds a graph that has had no execution here; gives its number.
    pub(super) fn take_off(&mut self, model: ModelId) -> u32 {
        let number = self.next;
        self.next += 1;
        self.by_take_off.insert(number, model);
        number
    }

    /// Takes a graph out, by its number.
    pub(super) fn land(&mut self, number: u32) {
        self.by_take_off.remove(&number);
    }

    pub(super) fn add(&mut self, model: ModelId, place: Place) {
        self.by_place.insert((place.lane(), place.position()), model);
    }

    pub(super) fn remove(&mut self, place: Place) {
        self.by_place.remove(&(place.lane(), place.position()));
    }

    /// The graphs with an execution that `lane` has not seen complete, in the order of the graphs.
    pub(crate) fn unseen(&self, clocks: &Clocks, lane: u32) -> Vec<ModelId> {
        let mut models = Vec::new();
        self.each_lane(|other| {
            if other != lane {
                let open = self.by_place.range((other, clocks.seen(lane, other))..=(other, u32::MAX));
                models.extend(open.map(|(_, &model)| model));
            }
        });
        models.sort_unstable();
        models.dedup();
        models
    }

    /// The graphs with an execution that `lane` has seen complete, some of them more than once.
    pub(super) fn seen(&self, clocks: &Clocks, lane: u32) -> Vec<ModelId> {
        let mut models = Vec::new();
        self.each_lane(|other| {
            let done = self.by_place.range((other, 0)..(other, clocks.seen(lane, other)));
            models.extend(done.map(|(_, &model)| model));
        });
        models
    }

    /// Calls `each` with every lane that has executions.
    fn each_lane(&self, mut each: impl FnMut(u32)) {
        let mut first = Some((0, 0));
        while let Some((&(lane, _), _)) = first.and_then(|first| self.by_place.range(first..).next()) {
            each(lane);
            first = lane.checked_add(1).map(|next| (next, 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use acg_entity::Entity;

    /// Executions on one lane, however many, are nothing that later work on it looks at; another lane looks at those it has not seen.
    #[test]
    fn a_lane_asks_for_what_it_has_not_seen() {
        let (mut aloft, mut clocks) = (Aloft::default(), Clocks::new(3));
        let mut places = Vec::new();
        for number in 0..1000 {
            let place = clocks.step(1);
            assert_eq!(aloft.take_off(ModelId::at(number)), number as u32);
            aloft.add(ModelId::at(number), place);
            assert_eq!(aloft.unseen(&clocks, 1), []);
            places.push(place);
        }
        assert_eq!(aloft.unseen(&clocks, 2).len(), 1000);
        clocks.join(2, places[989]);
        assert_eq!(aloft.unseen(&clocks, 2), (990..1000).map(ModelId::at).collect::<Vec<_>>());
        assert_eq!(aloft.seen(&clocks, 2).len(), 990);
        for (number, &place) in places.iter().enumerate().take(995) {
            aloft.remove(place);
            aloft.land(number as u32);
        }
        assert_eq!(aloft.unseen(&clocks, 2).len(), 5);
        assert_eq!(aloft.models().count(), 5);
    }
}
