//! An order in which the units can have been submitted.
//!
//! A record comes before the waits for it, and the first task of a stream behind the first one of every stream that was made before
//! it; else a lane goes on as long as it can, because that reads best.

use std::collections::BTreeSet;

use acg_entity::Entity;
use acg_trace::{Kind, LaneId, Trace};

use super::DumpError;
use super::units::{UnitId, Units};

/// The units in order.
pub(super) fn order(trace: &Trace, units: &Units) -> Result<Vec<UnitId>, DumpError> {
    let mut schedule = Schedule::new(trace, units);
    let order = schedule.run();
    let missing = units.len() - order.len();
    if missing > 0 { Err(DumpError::Circle(missing)) } else { Ok(order) }
}

struct Schedule<'a> {
    trace: &'a Trace,
    units: &'a Units,
    /// The next unit of each lane.
    next: Vec<std::ops::Range<u32>>,
    /// Lanes that may be able to go on.
    ready: BTreeSet<LaneId>,
    is_done: Vec<bool>,
    /// Lanes that wait for a unit.
    waiting: Vec<Vec<LaneId>>,
    /// The place of each unit that a stream begins with, in the order in which streams were made.
    ranks: Vec<Option<u32>>,
    /// The units that streams begin with, in that order, and how many of them are done.
    firsts: Vec<UnitId>,
    made: usize,
}

impl<'a> Schedule<'a> {
    fn new(trace: &'a Trace, units: &'a Units) -> Self {
        let mut schedule = Self {
            trace,
            units,
            next: trace.lanes.keys().map(|lane| units.lane_units(lane)).collect(),
            ready: trace.lanes.keys().collect(),
            is_done: vec![false; units.len()],
            waiting: vec![Vec::new(); units.len()],
            ranks: vec![None; units.len()],
            firsts: Vec::new(),
            made: 0,
        };
        schedule.rank();
        schedule
    }

    /// Streams are printed newest first; the origin stream is there from the start.
    fn rank(&mut self) {
        let streams = self.trace.streams.values().rev().skip(1);
        let firsts: Vec<UnitId> = streams
            .filter_map(|stream| {
                let mut tasks = stream.records.clone().map(|record| acg_trace::TaskId::at(record as usize));
                tasks.find_map(|task| self.units.of_task(task))
            })
            .collect();
        for unit in firsts {
            // A unit that goes over the end of a full stream begins several streams; the first of them counts.
            if self.ranks[unit.index()].is_none() {
                self.ranks[unit.index()] = Some(self.firsts.len() as u32);
                self.firsts.push(unit);
            }
        }
    }

    fn run(&mut self) -> Vec<UnitId> {
        let mut order = Vec::with_capacity(self.units.len());
        while let Some(lane) = self.ready.pop_first() {
            while let Some(unit) = self.next_unit(lane) {
                if let Some(other) = self.blocked_by(unit) {
                    self.waiting[other.index()].push(lane);
                    break;
                }
                order.push(unit);
                self.done(lane, unit);
            }
        }
        order
    }

    fn next_unit(&self, lane: LaneId) -> Option<UnitId> {
        let rest = &self.next[lane.index()];
        (!rest.is_empty()).then(|| UnitId::at(rest.start as usize))
    }

    /// A unit that must come first.
    fn blocked_by(&self, unit: UnitId) -> Option<UnitId> {
        let open = |other: UnitId| (!self.is_done[other.index()] && other != unit).then_some(other);
        for &task in self.units.tasks(unit) {
            let record =
                self.trace.links.record_of(task).filter(|_| self.trace.tasks[task].kind == Kind::EventWait);
            if let Some(other) = record.and_then(|record| self.units.of_task(record)).and_then(open) {
                return Some(other);
            }
        }
        let rank = self.ranks[unit.index()]? as usize;
        self.firsts[self.made..rank.max(self.made)].first().copied().and_then(open)
    }

    fn done(&mut self, lane: LaneId, unit: UnitId) {
        self.next[lane.index()].start += 1;
        self.is_done[unit.index()] = true;
        while self.firsts.get(self.made).is_some_and(|first| self.is_done[first.index()]) {
            self.made += 1;
        }
        let waiting = std::mem::take(&mut self.waiting[unit.index()]);
        self.ready.extend(waiting);
    }
}
