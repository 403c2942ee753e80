//! The executions that may still run: the latest of each graph on each lane.
//!
//! A call asks only for those that its lane has not seen complete, so a program whose work stands on one stream asks for none. All of
//! them are in one array, where those that land leave their room to others, and each is in two lists: that of its lane and that of its graph.
//!
//! **Invariant:** both lists are in the order in which the executions took off, which on a lane is that of their places.

use acg_entity::Arena;
use acg_ir::{Clocks, Place};
use acg_runtime::state::{EventId, ModelId};

use super::chain::{Ends, Links};
use crate::kernels::Version;

/// An execution that may still run.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    pub(crate) call: u32,
    pub(crate) place: Place,
    /// EXTERNAL events that it waits for and that were not recorded since.
    pub(crate) missing: Vec<EventId>,
    /// Whether it waits for something that the log does not show.
    pub(crate) is_lost: bool,
    /// The kernels that its task groups have; while it is held up, those of the time when it started.
    pub(crate) version: Version,
}

impl Flight {
    /// Whether it may be held up, so that what comes later in the log may come before it.
    pub(crate) fn is_held(&self) -> bool {
        self.is_lost || !self.missing.is_empty()
    }
}

#[derive(Debug)]
struct Entry {
    flight: Flight,
    model: ModelId,
    /// When its graph took off, counted over the log: with the first of the executions that have been aloft without a break.
    since: u32,
}

/// The executions that the host has not seen complete.
#[derive(Debug)]
pub(crate) struct Aloft {
    entries: Vec<Entry>,
    /// The entries that have landed.
    free: Vec<u32>,
    /// The executions on each lane, by number.
    lanes: Vec<Ends>,
    on_lane: Links,
    /// The lanes that have any, in no order, and where each of them stands there.
    busy: Vec<u32>,
    busy_at: Vec<u32>,
    models: Arena<ModelId, Ends>,
    of_model: Links,
    /// How often a graph took off.
    taken_off: u32,
}

impl Aloft {
    /// None, on so many lanes and of so many graphs.
    pub(super) fn new(lanes: usize, models: usize) -> Self {
        Self {
            entries: Vec::new(),
            free: Vec::new(),
            lanes: vec![Ends::default(); lanes],
            on_lane: Links::default(),
            busy: Vec::new(),
            busy_at: vec![0; lanes],
            models: Arena::filled(models, Ends::default()),
            of_model: Links::default(),
            taken_off: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.busy.is_empty()
    }

    /// Adds an execution of a graph, in the place of the earlier one on its lane.
    pub(super) fn take_off(&mut self, model: ModelId, flight: Flight) {
        let lane = flight.place.lane();
        let since = self.since(model).unwrap_or(self.taken_off);
        self.taken_off = self.taken_off.max(since + 1);
        let mut earlier = self.models[model].first();
        while let Some(at) = earlier {
            earlier = self.of_model.after(at);
            if self.entries[at as usize].flight.place.lane() == lane {
                self.remove(at);
            }
        }
        let entry = Entry { flight, model, since };
        let at = self.free.pop().unwrap_or(self.entries.len() as u32);
        match self.entries.get_mut(at as usize) {
            Some(room) => *room = entry,
            None => self.entries.push(entry),
        }
        let on_lane = &mut self.lanes[lane as usize];
        if on_lane.first().is_none() {
            self.busy_at[lane as usize] = self.busy.len() as u32;
            self.busy.push(lane);
        }
        self.on_lane.append(on_lane, at);
        self.of_model.append(&mut self.models[model], at);
    }

    /// Takes out the executions that `lane` has seen complete; calls `each` with their graphs.
    pub(super) fn land(&mut self, clocks: &Clocks, lane: u32, mut each: impl FnMut(ModelId)) {
        // From the back, because the last lane takes the place of one that has none left.
        for index in (0..self.busy.len()).rev() {
            let other = self.busy[index];
            let seen = clocks.seen(lane, other);
            while let Some(at) = self.lanes[other as usize].first()
                && self.entries[at as usize].flight.place.position() < seen
            {
                each(self.entries[at as usize].model);
                self.remove(at);
            }
        }
    }

    fn remove(&mut self, at: u32) {
        let entry = &self.entries[at as usize];
        let lane = entry.flight.place.lane();
        self.of_model.remove(&mut self.models[entry.model], at);
        let on_lane = &mut self.lanes[lane as usize];
        self.on_lane.remove(on_lane, at);
        if on_lane.first().is_none() {
            let at = self.busy_at[lane as usize];
            self.busy.swap_remove(at as usize);
            if let Some(&moved) = self.busy.get(at as usize) {
                self.busy_at[moved as usize] = at;
            }
        }
        self.free.push(at);
    }

    /// When a graph took off, if it has executions here: a number that grows from graph to graph.
    pub(crate) fn since(&self, model: ModelId) -> Option<u32> {
        self.models[model].first().map(|at| self.entries[at as usize].since)
    }

    /// The executions of a graph, in the order in which they took off.
    pub(crate) fn of(&self, model: ModelId) -> impl Iterator<Item = &Flight> {
        let all = std::iter::successors(self.models[model].first(), |&at| self.of_model.after(at));
        all.map(|at| &self.entries[at as usize].flight)
    }

    /// Calls `each` with the executions of a graph, in the same order.
    pub(super) fn each_of(&mut self, model: ModelId, mut each: impl FnMut(&mut Flight)) {
        let mut next = self.models[model].first();
        while let Some(at) = next {
            next = self.of_model.after(at);
            each(&mut self.entries[at as usize].flight);
        }
    }

    /// Those of them that are not held up and that `lane` has not seen complete; a lane that comes after one may come after others too.
    pub(crate) fn open(&self, model: ModelId, clocks: &Clocks, lane: u32) -> Vec<Flight> {
        let open = |flight: &&Flight| !flight.is_held() && !clocks.has_seen(lane, flight.place);
        self.of(model).filter(open).cloned().collect()
    }

    /// The graphs with an execution that is held up, some of them more than once.
    pub(super) fn held(&self) -> impl Iterator<Item = ModelId> {
        let all = self.busy.iter().flat_map(|&lane| self.latest_first(lane));
        all.filter(|entry| entry.flight.is_held()).map(|entry| entry.model)
    }

    /// The graphs with an execution that `lane` has not seen complete, in the order of the graphs.
    pub(super) fn unseen(&self, clocks: &Clocks, lane: u32) -> Vec<ModelId> {
        let mut models = Vec::new();
        for &other in self.busy.iter().filter(|&&other| other != lane) {
            let seen = clocks.seen(lane, other);
            let open = self.latest_first(other).take_while(|entry| entry.flight.place.position() >= seen);
            models.extend(open.map(|entry| entry.model));
        }
        models.sort_unstable();
        models.dedup();
        models
    }

    /// Whether a graph has an execution that `lane` has not seen complete.
    pub(super) fn is_unseen(&self, model: ModelId, clocks: &Clocks, lane: u32) -> bool {
        self.of(model).any(|flight| flight.place.lane() != lane && !clocks.has_seen(lane, flight.place))
    }

    /// How many lanes have executions.
    pub(super) fn busy_lanes(&self) -> usize {
        self.busy.len()
    }

    fn latest_first(&self, lane: u32) -> impl Iterator<Item = &Entry> {
        let all = std::iter::successors(self.lanes[lane as usize].last(), |&at| self.on_lane.before(at));
        all.map(|at| &self.entries[at as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use acg_entity::Entity;

    fn flight(place: Place) -> Flight {
        Flight { call: 0, place, missing: Vec::new(), is_lost: false, version: Version::default() }
    }

    /// Executions on one lane, however many, are nothing that later work on it looks at; another lane looks at those it has not seen.
    #[test]
    fn a_lane_asks_for_what_it_has_not_seen() {
        let (mut aloft, mut clocks) = (Aloft::new(3, 1000), Clocks::new(3));
        let mut places = Vec::new();
        for number in 0..1000 {
            let place = clocks.step(1);
            aloft.take_off(ModelId::at(number), flight(place));
            assert_eq!(aloft.since(ModelId::at(number)), Some(number as u32));
            assert_eq!(aloft.unseen(&clocks, 1), []);
            places.push(place);
        }
        assert_eq!(aloft.unseen(&clocks, 2).len(), 1000);
        clocks.join(2, places[989]);
        assert_eq!(aloft.unseen(&clocks, 2), (990..1000).map(ModelId::at).collect::<Vec<_>>());
        clocks.join(0, places[994]);
        let mut landed = Vec::new();
        aloft.land(&clocks, 0, |model| landed.push(model));
        assert_eq!(landed, (0..995).map(ModelId::at).collect::<Vec<_>>());
        assert_eq!(aloft.unseen(&clocks, 2).len(), 5);
        clocks.join(0, places[999]);
        aloft.land(&clocks, 0, |_| {});
        assert!(aloft.is_empty() && aloft.unseen(&clocks, 2).is_empty());
    }

    /// An execution takes the place of the earlier one on its lane, and of no other; the graph has not landed in between.
    #[test]
    fn the_latest_execution_on_each_lane_stays() {
        let (mut aloft, mut clocks) = (Aloft::new(3, 2), Clocks::new(3));
        let (graph, other) = (ModelId::at(0), ModelId::at(1));
        for lane in [1, 2, 1, 1] {
            aloft.take_off(graph, flight(clocks.step(lane)));
            aloft.take_off(other, flight(clocks.step(2)));
        }
        let places = |model| {
            aloft.of(model).map(|flight| (flight.place.lane(), flight.place.position())).collect::<Vec<_>>()
        };
        assert_eq!(places(graph), [(2, 1), (1, 2)]);
        assert_eq!(places(other), [(2, 4)]);
        assert_eq!((aloft.since(graph), aloft.since(other)), (Some(0), Some(1)));
        assert_eq!(aloft.open(graph, &clocks, 1).len(), 1);
        assert_eq!(aloft.unseen(&clocks, 1), [graph, other]);
    }
}
