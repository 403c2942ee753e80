//! The memory that graphs use, against the memory that eager work uses.

use acg_entity::Entity;
use acg_ir::Place;
use acg_runtime::state::{BufferId, ModelId};
use rustc_hash::FxHashMap;

use super::{HOST, Pending, Timeline};
use crate::model_use::ModelUse;
use crate::rules;
use crate::trace::Trace;

/// How much eager work on one allocation is remembered for graphs that are captured later.
const MOST_RECENT: usize = 256;

/// Who uses what.
pub(super) struct Memory {
    /// The graphs whose captures ended well and that use an allocation, in the order of the graphs.
    users: FxHashMap<BufferId, Vec<ModelId>>,
    /// Eager work on the allocations that graphs use, unless the host has seen it complete.
    recent: FxHashMap<BufferId, Vec<Pending>>,
    /// The memory that two graphs cannot use at once, for the pairs that were asked for.
    shared: FxHashMap<(ModelId, ModelId), Option<BufferId>>,
}

impl Memory {
    pub(super) fn of(trace: &Trace<'_, '_>, uses: &[ModelUse]) -> Self {
        let mut by_buffer: FxHashMap<BufferId, Vec<ModelId>> = FxHashMap::default();
        for (index, used) in uses.iter().enumerate() {
            let model = ModelId::at(index);
            if trace.life(model).ended_by.is_some() {
                for &buffer in used.buffers.keys() {
                    by_buffer.entry(buffer).or_default().push(model);
                }
            }
        }
        Self { users: by_buffer, recent: FxHashMap::default(), shared: FxHashMap::default() }
    }
}

impl Timeline<'_, '_, '_> {
    /// The graphs that use an allocation.
    pub(crate) fn users(&self, buffer: BufferId) -> Vec<ModelId> {
        self.memory.users.get(&buffer).cloned().unwrap_or_default()
    }

    /// An allocation that two graphs cannot use at once.
    pub(crate) fn shared(&mut self, first: ModelId, second: ModelId) -> Option<BufferId> {
        let uses = self.uses;
        let pair = (first.min(second), first.max(second));
        let find = || uses[first.index()].conflict_with(&uses[second.index()]);
        *self.memory.shared.entry(pair).or_insert_with(find)
    }

    /// Looks for executions that use what a call on `lane` touches.
    pub(super) fn check_touches(&mut self, call: u32, lane: u32) {
        for index in 0..self.trace.touches(call).len() {
            let touch = self.trace.touches(call)[index];
            if touch.is_signal {
                continue;
            }
            for at in 0..self.memory.users.get(&touch.buffer).map_or(0, Vec::len) {
                let model = self.memory.users[&touch.buffer][at];
                if !self.running[model.index()].flights.is_empty()
                    && self.conflicts(model, touch.buffer, &touch)
                {
                    rules::overwrite_during_execution::at_touch(self, call, &touch, model, lane);
                }
            }
        }
    }

    /// Whether a touch conflicts with what a graph does each time it runs.
    fn conflicts(&self, model: ModelId, buffer: BufferId, touch: &crate::trace::Touch) -> bool {
        let used = self.uses[model.index()].buffers.get(&buffer);
        used.is_some_and(|used| used.conflicts(&self.trace.extent(touch), touch.writes))
    }

    /// Remembers what a call on a stream touches, for executions that start before it is complete.
    pub(super) fn note_touches(&mut self, call: u32, place: Place) {
        for (index, touch) in
            self.trace.touches(call).iter().enumerate().filter(|(_, touch)| !touch.is_signal)
        {
            let Some(users) = self.memory.users.get(&touch.buffer) else { continue };
            let pending = Pending { call, place, touch: index as u32 };
            let mut is_for_later = false;
            for &model in users {
                if self.trace.life(model).ended_by.is_none_or(|ended| ended > call) {
                    is_for_later = true;
                } else if self.conflicts(model, touch.buffer, touch) {
                    let list = &mut self.running[model.index()].pending;
                    list.retain(|earlier| earlier.place.lane() != place.lane());
                    list.push(pending);
                }
            }
            if is_for_later {
                let clocks = &self.clocks;
                let recent = self.memory.recent.entry(touch.buffer).or_default();
                if recent.len() >= MOST_RECENT {
                    recent.retain(|earlier| !clocks.has_seen(HOST, earlier.place));
                }
                if recent.len() < MOST_RECENT {
                    recent.push(pending);
                }
            }
        }
    }

    /// Gives a graph whose capture has just ended the eager work that came before it.
    pub(super) fn collect_pending(&mut self, model: ModelId) {
        let mut pending: Vec<Pending> = Vec::new();
        for buffer in self.uses[model.index()].buffers.keys() {
            for &earlier in self.memory.recent.get(buffer).map_or(&[][..], Vec::as_slice) {
                let touch = self.trace.touches(earlier.call)[earlier.touch as usize];
                if !self.clocks.has_seen(HOST, earlier.place) && self.conflicts(model, *buffer, &touch) {
                    pending.push(earlier);
                }
            }
        }
        pending.sort_by_key(|earlier| earlier.call);
        let list = &mut self.running[model.index()].pending;
        for earlier in pending {
            list.retain(|other| other.place.lane() != earlier.place.lane());
            list.push(earlier);
        }
    }
}
