//! The memory that graphs use, against the memory that eager work uses.

use acg_entity::Entity;
use acg_ir::Place;
use acg_runtime::state::{BufferId, ModelId};
use rustc_hash::FxHashMap;

use super::{HOST, Pending, Timeline};
use crate::model_use::Uses;
use crate::rules;
use crate::trace::{Action, Step, Trace};

/// How much eager work on one allocation is remembered for graphs that are captured later.
const MOST_RECENT: usize = 256;

/// The graphs that use one allocation, and the eager work on it.
#[derive(Default)]
struct Users {
    /// The graphs whose captures end well, in the order of the graphs.
    all: Vec<ModelId>,
    /// The call that ends the last of their captures.
    ended_by: u32,
    /// Those whose captures have ended and that are still to be executed.
    ready: Vec<ModelId>,
    /// Work for graphs whose captures have not ended, unless the host has seen it complete.
    recent: Vec<Pending>,
}

/// Who uses what.
pub(super) struct Memory {
    users: FxHashMap<BufferId, Users>,
    /// The memory that two graphs cannot use at once, for the pairs that were asked for.
    shared: FxHashMap<(ModelId, ModelId), Option<BufferId>>,
}

impl Memory {
    pub(super) fn of(trace: &Trace<'_, '_>, uses: &Uses<'_, '_, '_>) -> Self {
        let mut by_buffer: FxHashMap<BufferId, Users> = FxHashMap::default();
        let asks = |step: &Step| matches!(step.action, Action::Execute { .. } | Action::Free { .. });
        if !trace.steps.iter().any(asks) {
            return Self { users: by_buffer, shared: FxHashMap::default() };
        }
        for (model, buffer) in uses.named_buffers() {
            let Some(ended_by) = trace.life(model).ended_by else { continue };
            let known = by_buffer.entry(buffer).or_default();
            if known.all.last() != Some(&model) {
                known.all.push(model);
                known.ended_by = known.ended_by.max(ended_by);
            }
        }
        Self { users: by_buffer, shared: FxHashMap::default() }
    }
}

impl Timeline<'_, '_, '_> {
    /// The graphs that use an allocation.
    pub(crate) fn users(&self, buffer: BufferId) -> Vec<ModelId> {
        self.memory.users.get(&buffer).map_or(Vec::new(), |users| users.all.clone())
    }

    /// An allocation that two graphs cannot use at once.
    pub(crate) fn shared(&mut self, first: ModelId, second: ModelId) -> Option<BufferId> {
        let uses = self.uses;
        let pair = (first.min(second), first.max(second));
        *self.memory.shared.entry(pair).or_insert_with(|| uses.conflict(first, second))
    }

    /// Looks for executions that use what a call on `lane` touches.
    pub(super) fn check_touches(&mut self, call: u32, lane: u32) {
        if self.airborne.is_empty() {
            return;
        }
        for touch in self.trace.touches(call).iter().filter(|touch| !touch.is_signal) {
            for model in self.airborne_users(touch.buffer) {
                if self.uses.conflict_with(model, touch, touch.writes) {
                    rules::overwrite_during_execution::at_touch(self, call, touch, model, lane);
                }
            }
        }
    }

    /// The graphs that use an allocation and may run now, in the order of the graphs.
    fn airborne_users(&self, buffer: BufferId) -> Vec<ModelId> {
        let Some(users) = self.memory.users.get(&buffer) else { return Vec::new() };
        if users.all.len() <= self.airborne.len() {
            let is_airborne = |model: &ModelId| !self.running[model.index()].flights.is_empty();
            return users.all.iter().copied().filter(is_airborne).collect();
        }
        let is_user = |model: &ModelId| users.all.binary_search(model).is_ok();
        let mut models: Vec<ModelId> = self.airborne.iter().copied().filter(is_user).collect();
        models.sort_unstable();
        models
    }

    /// Remembers what a call on a stream touches, for executions that start before it is complete.
    pub(super) fn note_touches(&mut self, call: u32, place: Place) {
        let (trace, clocks) = (self.trace, &self.clocks);
        for (index, touch) in trace.touches(call).iter().enumerate().filter(|(_, touch)| !touch.is_signal) {
            let Some(users) = self.memory.users.get_mut(&touch.buffer) else { continue };
            let pending = Pending { call, place, touch: index as u32 };
            users.ready.retain(|&model| {
                trace.life(model).executions.last().is_some_and(|&(execution, _)| execution > call)
            });
            for &model in &users.ready {
                if self.uses.conflict_with(model, touch, touch.writes) {
                    replace(&mut self.running[model.index()].pending, pending);
                }
            }
            if users.ended_by > call {
                if users.recent.len() >= MOST_RECENT {
                    users.recent.retain(|earlier| !clocks.has_seen(HOST, earlier.place));
                }
                if users.recent.len() < MOST_RECENT {
                    users.recent.push(pending);
                }
            }
        }
    }

    /// Gives a graph whose capture has just ended the eager work that came before it.
    pub(super) fn collect_pending(&mut self, model: ModelId) {
        if self.trace.life(model).executions.is_empty() {
            return;
        }
        let mut pending: Vec<Pending> = Vec::new();
        for (buffer, _) in self.uses.buffers(model) {
            let Some(users) = self.memory.users.get_mut(buffer) else { continue };
            users.ready.push(model);
            users.recent.retain(|earlier| !self.clocks.has_seen(HOST, earlier.place));
            pending.extend(users.recent.iter().filter(|earlier| {
                let touch = &self.trace.touches(earlier.call)[earlier.touch as usize];
                self.uses.conflict_with(model, touch, touch.writes)
            }));
        }
        pending.sort_by_key(|earlier| earlier.call);
        for earlier in pending {
            replace(&mut self.running[model.index()].pending, earlier);
        }
    }
}

/// Puts work in the place of the earlier one on its lane.
fn replace(list: &mut Vec<Pending>, work: Pending) {
    list.retain(|earlier| earlier.place.lane() != work.place.lane());
    list.push(work);
}
