//! Runs of offline models and of graphs of the graph engine: what is in flight, and the memory that it uses.
//!
//! **Invariant:** what an allocation is remembered for is bounded, so time is linear in the accesses.

use acg_ir::Place;
use acg_runtime::state::{BufferId, StreamId};
use rustc_hash::FxHashMap;

use super::{HOST, Timeline};
use crate::rules;
use crate::trace::{Action, Touch, Trace};
use crate::units::{UnitId, What};

/// How many accesses to one allocation are remembered.
const MOST_ACCESSES: usize = 64;

/// A call of a unit on a stream that may not be complete.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitFlight {
    pub(crate) call: u32,
    pub(crate) place: Place,
}

/// An access to memory that some run uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunAccess {
    pub(crate) call: u32,
    pub(crate) place: Place,
    /// Which touch of the call it is.
    touch: u32,
    /// What runs; `None` for other work.
    pub(crate) unit: Option<UnitId>,
}

/// All runs so far.
#[derive(Default)]
pub(crate) struct Runs {
    /// The latest run on each lane, by unit.
    flights: FxHashMap<UnitId, Vec<UnitFlight>>,
    /// The call that loaded each graph: `LoadGraph`, else its first run.
    loaded: FxHashMap<UnitId, u32>,
    /// Where that is in the order of things, if that is known.
    loads: FxHashMap<UnitId, UnitFlight>,
    /// The accesses to each allocation that a run uses.
    accesses: FxHashMap<BufferId, Vec<RunAccess>>,
}

impl Runs {
    /// The memory that runs use.
    pub(super) fn of(trace: &Trace<'_, '_>) -> Self {
        let mut runs = Self::default();
        for step in &trace.steps {
            if matches!(step.action, Action::Run { .. }) {
                for touch in trace.touches(step.call) {
                    runs.accesses.entry(touch.buffer).or_default();
                }
            }
        }
        runs
    }
}

impl Timeline<'_, '_, '_> {
    /// `aclmdlExecuteAsync` or `RunGraphWithStreamAsync`.
    pub(super) fn run(&mut self, call: u32, unit: UnitId, stream: StreamId) {
        let lane = self.begin(stream);
        let is_known = !self.lanes.is_lost(lane);
        if is_known {
            match self.trace.units.unit(unit).what {
                What::Model(_) => rules::mdl_same_id_multi_stream::at_run(self, call, unit, lane),
                What::Graph { .. } => rules::ge_load_stream_differs::at_run(self, call, unit, lane),
            }
            self.check_touches(call, lane);
            self.check_against_runs(call, lane, Some(unit));
        }
        let place = self.add(lane);
        let is_first = *self.runs.loaded.entry(unit).or_insert(call) == call;
        if !is_known {
            return;
        }
        self.note_touches(call, place);
        self.note_for_runs(call, place, Some(unit));
        let flight = UnitFlight { call, place };
        if is_first {
            self.runs.loads.insert(unit, flight);
        }
        let flights = self.runs.flights.entry(unit).or_default();
        flights.retain(|earlier| earlier.place.lane() != lane);
        flights.push(flight);
    }

    /// `aclmdlExecute` or `RunGraph`, which return when the run is complete.
    pub(super) fn run_and_wait(&mut self, call: u32, unit: UnitId) {
        self.check_touches(call, HOST);
        self.check_against_runs(call, HOST, Some(unit));
        self.tick();
    }

    /// `LoadGraph`.
    pub(super) fn load(&mut self, call: u32, unit: UnitId, stream: StreamId) {
        if !rules::ge_load_while_running::at_call(self, call, unit) {
            rules::ge_load_twice::at_load(self, call, unit);
        }
        self.runs.loaded.entry(unit).or_insert(call);
        let lane = self.begin(stream);
        let is_known = !self.lanes.is_lost(lane);
        let place = self.add(lane);
        if is_known {
            self.runs.loads.entry(unit).or_insert(UnitFlight { call, place });
        }
    }

    /// `aclmdlUnload` or `RemoveGraph`.
    pub(super) fn unload(&mut self, call: u32, unit: UnitId) {
        match self.trace.units.unit(unit).what {
            What::Model(_) => rules::mdl_unload_in_flight::at_unload(self, call, unit),
            What::Graph { .. } => _ = rules::ge_load_while_running::at_call(self, call, unit),
        }
    }

    /// The call that loaded a graph.
    pub(crate) fn loaded_by(&self, unit: UnitId) -> Option<u32> {
        self.runs.loaded.get(&unit).copied()
    }

    /// Where a graph is loaded.
    pub(crate) fn load_of(&self, unit: UnitId) -> Option<UnitFlight> {
        self.runs.loads.get(&unit).copied()
    }

    /// The runs of a unit that work on `lane` does not come after, the latest first.
    pub(crate) fn runs_open_for(&self, unit: UnitId, lane: u32) -> Vec<UnitFlight> {
        let flights = self.runs.flights.get(&unit).map_or(&[][..], Vec::as_slice);
        let mut open: Vec<UnitFlight> =
            flights.iter().copied().filter(|flight| !self.clocks.has_seen(lane, flight.place)).collect();
        open.reverse();
        open
    }

    /// Takes a finding about `place` as mended for `lane`.
    pub(crate) fn mend(&mut self, lane: u32, place: Place) {
        self.clocks.join(lane, place);
    }

    /// Looks for accesses that what a call touches conflicts with, one of the two being a run.
    pub(super) fn check_against_runs(&mut self, call: u32, lane: u32, unit: Option<UnitId>) {
        if self.runs.accesses.is_empty() {
            return;
        }
        let trace = self.trace;
        for touch in trace.touches(call).iter().filter(|touch| !touch.is_signal()) {
            for at in 0..self.runs.accesses.get(&touch.buffer).map_or(0, Vec::len) {
                let earlier = self.runs.accesses[&touch.buffer][at];
                if (earlier.unit.is_none() && unit.is_none()) || self.clocks.has_seen(lane, earlier.place) {
                    continue;
                }
                let theirs = trace.touches(earlier.call)[earlier.touch as usize];
                if !(theirs.writes() || touch.writes()) || !overlap(trace, &theirs, touch) {
                    continue;
                }
                match earlier.unit {
                    Some(running) => {
                        rules::mdl_no_sync::at_touch(self, call, touch, running, earlier.call);
                    }
                    None => rules::execute_before_input::at_run(self, call, &theirs, earlier.call),
                }
                self.mend(lane, earlier.place);
            }
        }
    }

    /// Remembers what a call touches, if a run uses it as well.
    pub(super) fn note_for_runs(&mut self, call: u32, place: Place, unit: Option<UnitId>) {
        for (at, touch) in self.trace.touches(call).iter().enumerate() {
            let Some(accesses) = self.runs.accesses.get_mut(&touch.buffer) else { continue };
            let clocks = &self.clocks;
            if accesses.len() >= MOST_ACCESSES {
                accesses.retain(|earlier| !clocks.has_seen(HOST, earlier.place));
            }
            let of = |earlier: &RunAccess| &self.trace.touches(earlier.call)[earlier.touch as usize];
            accesses.retain(|earlier| {
                let (before, is_same_lane) = (of(earlier), earlier.place.lane() == place.lane());
                let is_covered = self.trace.bounds(before) == self.trace.bounds(touch);
                !(is_same_lane && is_covered && before.writes() == touch.writes() && earlier.unit == unit)
            });
            if accesses.len() >= MOST_ACCESSES {
                accesses.remove(0);
            }
            accesses.push(RunAccess { call, place, touch: at as u32, unit });
        }
    }

    /// Looks for runs that use memory which a call gives back.
    pub(super) fn free_used_by_runs(&mut self, call: u32, buffer: BufferId) {
        for at in 0..self.runs.accesses.get(&buffer).map_or(0, Vec::len) {
            let earlier = self.runs.accesses[&buffer][at];
            if let Some(unit) = earlier.unit
                && !self.clocks.has_seen(HOST, earlier.place)
            {
                rules::mdl_no_sync::at_free(self, call, buffer, unit, earlier.call);
                self.mend(HOST, earlier.place);
            }
        }
    }
}

/// Whether two touches of one allocation have a byte in common.
fn overlap(trace: &Trace<'_, '_>, first: &Touch, second: &Touch) -> bool {
    trace.extent(first).overlaps(&trace.extent(second))
}
