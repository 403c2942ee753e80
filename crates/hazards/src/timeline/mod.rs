//! What happens at once and what executions do, in the order that host, streams and events give it.
//!
//! The host is lane 0, every stream that works eagerly is a lane of its own. Work starts after what its stream holds and after
//! what the host has seen; the host has seen what it waited for. A graph's execution is one task of its stream, and so is a run
//! of an offline model or of a graph of the graph engine.
//!
//! Wherever the log does not tell the order (a wait for a signal from somewhere else, a query, a host function, a second host
//! thread), more order is assumed than there may be, or the lane is taken as unknown and nothing is said about it. So a race
//! that is found is one.
//!
//! **Invariant:** what was reported is taken as mended, so that one missing synchronisation is reported once.

mod aloft;
mod chain;
mod lanes;
mod memory;
mod runs;
mod sharing;

use acg_ir::{Clocks, Place};
use acg_runtime::state::{BufferId, EventId, GroupId, ModelId, StreamId};
use rustc_hash::FxHashMap;

use crate::kernels::Version;
use crate::model_use::Uses;
use crate::report::Report;
use crate::rules;
use crate::trace::{Action, Step, Trace};

pub(crate) use aloft::Flight;
pub(crate) use lanes::HOST;

/// Clock entries after which the timeline is given up: more than 256 MB.
const MOST_ENTRIES: usize = 1 << 26;

/// A piece of work on a stream that may still run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending {
    pub(crate) call: u32,
    pub(crate) place: Place,
    /// Which touch of the call it is about.
    pub(crate) touch: u32,
}

/// The versions of a graph of which there are several.
#[derive(Clone, Debug)]
struct Varying {
    /// What its task groups have now.
    now: Version,
    /// Those that have been executed, each once.
    executed: Vec<Version>,
}

impl Varying {
    fn note(&mut self, version: &Version) {
        if !self.executed.contains(version) {
            self.executed.push(version.clone());
        }
    }
}

/// A record of an event on an eager stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventRecord {
    pub(crate) call: u32,
    pub(crate) place: Place,
    pub(crate) is_lost: bool,
}

/// The timeline while the log is followed.
pub(crate) struct Timeline<'t, 'r, 'l> {
    pub(crate) trace: &'t Trace<'r, 'l>,
    pub(crate) uses: &'t Uses<'t, 'r, 'l>,
    pub(crate) report: &'t mut Report,
    pub(crate) clocks: Clocks,
    lanes: lanes::Lanes,
    pub(crate) records: FxHashMap<EventId, EventRecord>,
    pub(crate) aloft: aloft::Aloft,
    /// Of graphs that wait for events the latest execution that got all of them.
    pub(crate) released: FxHashMap<ModelId, Flight>,
    /// The latest work on each lane that conflicts with a graph and that it does not come after yet.
    pub(crate) pending: FxHashMap<ModelId, Vec<Pending>>,
    /// The latest update of the task groups of a graph on each lane.
    pub(crate) updates: FxHashMap<ModelId, Vec<(u32, Place)>>,
    varying: FxHashMap<ModelId, Varying>,
    memory: memory::Memory,
    sharing: sharing::Sharing,
    pub(crate) runs: runs::Runs,
    /// Eager work on the host's memory that may still run, by allocation.
    pub(crate) host_memory: FxHashMap<BufferId, Vec<Pending>>,
    updating: FxHashMap<StreamId, (GroupId, u32)>,
    /// The call of the step being followed.
    call: u32,
}

/// Follows the eager work of a log and reports what races with graphs; gives the versions that varying graphs were executed in, as far
/// as that is known.
pub(crate) fn follow<'t, 'r, 'l>(
    trace: &'t Trace<'r, 'l>,
    uses: &'t Uses<'t, 'r, 'l>,
    report: &'t mut Report,
) -> FxHashMap<ModelId, Vec<Version>> {
    if trace.is_blind {
        return FxHashMap::default();
    }
    let varying = uses
        .kernels
        .varied()
        .map(|(model, captured)| (model, Varying { now: captured.clone(), executed: Vec::new() }));
    let lanes = lanes::Lanes::of(trace);
    let executing = lanes.executing(trace);
    let mut timeline = Timeline {
        trace,
        uses,
        report,
        clocks: Clocks::new(lanes.len()),
        aloft: aloft::Aloft::new(lanes.len(), trace.state.models.len()),
        lanes,
        records: FxHashMap::default(),
        released: FxHashMap::default(),
        pending: FxHashMap::default(),
        updates: FxHashMap::default(),
        varying: varying.collect(),
        memory: memory::Memory::of(trace, uses, executing),
        sharing: if trace.has_executions() {
            sharing::Sharing::of(trace, uses)
        } else {
            sharing::Sharing::default()
        },
        runs: runs::Runs::of(trace),
        host_memory: FxHashMap::default(),
        updating: FxHashMap::default(),
        call: 0,
    };
    for step in &trace.steps {
        if timeline.clocks.entries() > MOST_ENTRIES {
            return FxHashMap::default();
        }
        timeline.step(step);
    }
    // What is still held up gets what there was last.
    for model in timeline.aloft.held() {
        if let Some(varying) = timeline.varying.get_mut(&model) {
            varying.note(&varying.now.clone());
        }
    }
    let executed = timeline.varying.into_iter().map(|(model, varying)| (model, varying.executed));
    executed.filter(|(_, versions)| !versions.is_empty()).collect()
}

impl Timeline<'_, '_, '_> {
    fn step(&mut self, step: &Step) {
        self.call = step.call;
        match step.action {
            Action::Work { stream, is_waited_for } => self.work(step.call, stream, is_waited_for),
            Action::Host => self.host(step.call),
            Action::Record { event, stream } => self.record(step.call, event, stream),
            Action::Wait { event, stream } => self.wait(event, stream),
            Action::WaitForUnknown { stream } => {
                let lane = self.begin(stream);
                self.lanes.lose(lane);
            }
            Action::SyncStream(stream) => self.sync_stream(stream),
            Action::SyncEvent(event) => self.sync_event(event),
            Action::SyncAll => self.sync_all(),
            Action::Execute { model, stream } => self.execute(step.call, model, stream),
            Action::UpdateBegin { group, stream } => self.update_begin(step.call, group, stream),
            Action::UpdateEnd { stream } => self.update_end(stream),
            Action::Free { buffer } => {
                rules::memory_freed_early::at_free(self, step.call, buffer);
                self.free_used_by_runs(step.call, buffer);
            }
            Action::Run { unit, stream: Some(stream) } => self.run(step.call, unit, stream),
            Action::Run { unit, stream: None } => self.run_and_wait(step.call, unit),
            Action::Load { unit, stream } => self.load(step.call, unit, stream),
            Action::Unload { unit } => self.unload(step.call, unit),
            Action::DestroyModel { model } => {
                rules::destroy_running_model::at_destroy(self, step.call, model);
                self.sync_all();
            }
            Action::DestroyStream { stream } => {
                rules::sync_destroy_early::at_destroy_stream(self, step.call, stream);
                self.sync_all();
            }
            Action::DestroyEvent { event } => {
                rules::sync_destroy_early::at_destroy_event(self, step.call, event);
            }
            Action::Ended { model } => self.collect_pending(model),
        }
    }

    fn work(&mut self, call: u32, stream: StreamId, is_waited_for: bool) {
        let lane = self.begin(stream);
        let is_known = !self.lanes.is_lost(lane);
        if is_known {
            self.check_touches(call, lane);
            self.check_against_runs(call, lane, None);
        }
        let place = self.add(lane);
        if is_known {
            self.note_touches(call, place);
            self.note_for_runs(call, place, None);
            if !is_waited_for {
                rules::host_before_sync::note(self, Pending { call, place, touch: 0 });
            }
        }
        if is_waited_for {
            self.sync_stream(stream);
        }
    }

    fn host(&mut self, call: u32) {
        self.check_touches(call, HOST);
        self.check_against_runs(call, HOST, None);
        rules::host_before_sync::at_host(self, call);
        self.tick();
    }

    fn record(&mut self, call: u32, event: EventId, stream: StreamId) {
        let lane = self.begin(stream);
        rules::record_before_wait::at_record(self, call, event, lane);
        let place = self.add(lane);
        self.release(event);
        self.records.insert(event, EventRecord { call, place, is_lost: self.lanes.is_lost(lane) });
    }

    /// Lets executions that wait for an EXTERNAL event go on.
    fn release(&mut self, event: EventId) {
        for &model in self.uses.waiting_for(event) {
            let mut varying = self.varying.get_mut(&model);
            self.aloft.each_of(model, |flight| {
                let before = flight.missing.len();
                flight.missing.retain(|&missing| missing != event);
                if flight.missing.len() < before && !flight.is_held() {
                    if let Some(varying) = &mut varying {
                        flight.version.clone_from(&varying.now);
                        varying.note(&flight.version);
                    }
                    self.released.insert(model, flight.clone());
                    self.lanes.release(flight.place.lane());
                }
            });
        }
    }

    fn wait(&mut self, event: EventId, stream: StreamId) {
        let lane = self.begin(stream);
        if let Some(record) = self.records.get(&event).copied() {
            self.clocks.join(lane, record.place);
            if record.is_lost {
                self.lanes.lose(lane);
            }
        }
        // An execution that records the event is complete some time after it does.
        for &model in self.uses.recording(event) {
            for flight in self.aloft.of(model) {
                self.clocks.join(lane, flight.place);
            }
        }
        self.add(lane);
    }

    fn execute(&mut self, call: u32, model: ModelId, stream: StreamId) {
        let lane = self.begin(stream);
        let used = &self.uses[model];
        for event in &used.flagged_waits {
            if let Some(record) = self.records.get(event) {
                self.clocks.join(lane, record.place);
                if record.is_lost {
                    self.lanes.lose(lane);
                }
            }
        }
        let is_known = !self.lanes.is_lost(lane);
        if is_known && self.trace.ended_by(model).is_some() {
            rules::execute_same_model_twice::at_execute(self, call, model, lane);
            rules::overlapping_graphs::at_execute(self, call, model, lane);
            rules::execute_before_input::at_execute(self, call, model, lane);
            rules::update_unsynchronised::at_execute(self, call, model, lane);
        }
        let place = self.add(lane);
        self.take_off(call, model, lane, place, is_known);
        if used.calls_host {
            self.sync_stream(stream);
        }
    }

    /// The kernels that an execution is certain to have if it starts now: what an update behind it gives a graph that waits for a signal is
    /// not known yet.
    pub(crate) fn version_of(&self, model: ModelId) -> Version {
        if !self.uses[model].external_waits.is_empty() {
            return Version::default();
        }
        self.version_now(model)
    }

    /// The kernels that a graph has now.
    pub(crate) fn version_now(&self, model: ModelId) -> Version {
        self.varying.get(&model).map(|varying| varying.now.clone()).unwrap_or_default()
    }

    fn take_off(&mut self, call: u32, model: ModelId, lane: u32, place: Place, is_known: bool) {
        let used = &self.uses[model];
        let flight = Flight {
            call,
            place,
            missing: used.external_waits.clone(),
            is_lost: !is_known || used.waits_for_unknown,
            version: self.version_now(model),
        };
        if flight.missing.is_empty()
            && let Some(varying) = self.varying.get_mut(&model)
        {
            varying.note(&flight.version);
        }
        if flight.is_lost {
            self.lanes.lose(lane);
        } else if flight.is_held() {
            self.lanes.hold(lane);
        }
        self.aloft.take_off(model, flight);
    }

    fn update_begin(&mut self, call: u32, group: GroupId, stream: StreamId) {
        let lane = self.begin(stream);
        self.updating.insert(stream, (group, call));
        if !self.lanes.is_lost(lane) {
            rules::update_while_running::at_update(self, call, group, lane);
        }
    }

    fn update_end(&mut self, stream: StreamId) {
        let lane = self.begin(stream);
        let place = self.add(lane);
        let Some((group, call)) = self.updating.remove(&stream) else { return };
        let model = self.trace.state.groups[group].model;
        let root = self.uses.root(model);
        if let Some(varying) = self.varying.get_mut(&root) {
            self.uses.kernels.update(&mut varying.now, call);
        }
        if self.lanes.is_lost(lane) {
            return;
        }
        let updates = self.updates.entry(model).or_default();
        updates.retain(|update| update.1.lane() != lane);
        updates.push((call, place));
    }
}
