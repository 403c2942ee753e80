//! The memory that graphs use, against the memory that eager work uses.

use acg_entity::{Entity, Rows};
use acg_ir::{Clocks, Place};
use acg_runtime::state::{BufferId, ModelId};
use rustc_hash::FxHashMap;

use super::{HOST, Pending, Timeline};
use crate::model_use::Uses;
use crate::rules;
use crate::trace::{Action, Step, Touch, Trace};

/// How much eager work on one allocation is remembered for graphs that are captured later.
const MOST_RECENT: usize = 256;

/// An allocation that eager work touches.
#[derive(Default)]
struct Eager {
    /// The call that ends the last capture of a graph that uses it.
    ended_by: u32,
    /// The graphs that use it whose captures have ended and that are still to be executed, by the lane that they are executed on; those that
    /// are on several have none.
    ready: Vec<(Option<u32>, Vec<ModelId>)>,
    /// Work for graphs whose captures have not ended, unless the host has seen it complete.
    recent: Vec<Pending>,
    /// What the host had seen when the work that it has seen complete was last left out.
    looked_at: Option<u32>,
}

impl Eager {
    /// Leaves out the work that the host has seen complete.
    fn forget(&mut self, clocks: &Clocks) {
        // Work that is added while the host sees nothing new is not complete.
        if self.looked_at.replace(clocks.version(HOST)) != Some(clocks.version(HOST)) {
            self.recent.retain(|earlier| !clocks.has_seen(HOST, earlier.place));
        }
    }
}

/// The allocations that eager work touches.
#[derive(Default)]
struct AllEager {
    /// The place of each allocation in `all`, [`NONE`] for those that no eager work touches.
    places: Vec<u32>,
    all: Vec<Eager>,
}

const NONE: u32 = u32::MAX;

impl AllEager {
    fn of(trace: &Trace<'_, '_>) -> Self {
        let mut eager = Self { places: vec![NONE; trace.state.buffers.len()], all: Vec::new() };
        let is_eager = |step: &&Step| matches!(step.action, Action::Work { .. } | Action::Host);
        for step in trace.steps.iter().filter(is_eager) {
            for touch in trace.touches(step.call).iter().filter(|touch| !touch.is_signal()) {
                let place = &mut eager.places[touch.buffer.index()];
                if *place == NONE {
                    *place = eager.all.len() as u32;
                    eager.all.push(Eager::default());
                }
            }
        }
        eager
    }

    fn find(&mut self, buffer: BufferId) -> Option<&mut Eager> {
        let place = *self.places.get(buffer.index())?;
        self.all.get_mut(place as usize)
    }
}

/// Who uses what.
///
/// Most of the memory of a large graph is its own, so only what eager work touches has more than a row of users.
#[derive(Default)]
pub(super) struct Memory {
    /// The graphs whose captures end well by the allocations that they use, each allocation's in the order of the graphs.
    users: Rows<BufferId, ModelId>,
    eager: AllEager,
    /// Which of those each graph uses, in the order of the allocations.
    eager_of: Rows<ModelId, BufferId>,
    /// The lane that each graph is executed on, if it is one alone.
    executing: Vec<Option<u32>>,
    /// The memory that two graphs cannot use at once, for the pairs that were asked for.
    shared: FxHashMap<(ModelId, ModelId), Option<BufferId>>,
}

impl Memory {
    pub(super) fn of(trace: &Trace<'_, '_>, uses: &Uses<'_, '_, '_>, executing: Vec<Option<u32>>) -> Self {
        let mut memory = Self { executing, ..Self::default() };
        let asks = |step: &Step| matches!(step.action, Action::Execute { .. } | Action::Free { .. });
        if !trace.steps.iter().any(asks) {
            return memory;
        }
        let (buffers, models) = (trace.state.buffers.len(), trace.state.models.len());
        memory.eager = AllEager::of(trace);
        let mut pairs = each_use(trace, uses);
        memory.users = Rows::of(buffers, pairs.iter().map(|&(model, buffer)| (buffer, model)));
        pairs.retain(|&(model, buffer)| {
            memory
                .eager
                .find(buffer)
                .map(|eager| eager.ended_by = eager.ended_by.max(trace.ended_by(model).unwrap_or(0)))
                .is_some()
        });
        pairs.sort_unstable();
        memory.eager_of = Rows::of(models, pairs.iter().copied());
        memory
    }
}

/// Every graph whose capture ends well with every allocation that it uses, once.
fn each_use(trace: &Trace<'_, '_>, uses: &Uses<'_, '_, '_>) -> Vec<(ModelId, BufferId)> {
    let mut last: Vec<Option<ModelId>> = vec![None; trace.state.buffers.len()];
    let mut pairs = Vec::new();
    uses.each_named(|model, &Touch { buffer, .. }| {
        if last[buffer.index()].replace(model) != Some(model) && trace.ended_by(model).is_some() {
            pairs.push((model, buffer));
        }
    });
    pairs
}

impl Timeline<'_, '_, '_> {
    /// The graphs that use an allocation.
    pub(crate) fn users(&self, buffer: BufferId) -> Vec<ModelId> {
        self.memory.users[buffer].to_vec()
    }

    /// An allocation that two graphs, each in a version, cannot use at once.
    pub(crate) fn shared(
        &mut self,
        (first, version): (ModelId, &[u32]),
        (second, other): (ModelId, &[u32]),
    ) -> Option<BufferId> {
        let uses = self.uses;
        if !version.is_empty() || !other.is_empty() {
            return uses.conflict((first, version), (second, other));
        }
        let pair = (first.min(second), first.max(second));
        *self.memory.shared.entry(pair).or_insert_with(|| uses.conflict((first, &[]), (second, &[])))
    }

    /// Looks for executions that use what a call on `lane` touches.
    pub(super) fn check_touches(&mut self, call: u32, lane: u32) {
        if self.aloft.is_empty() {
            return;
        }
        for touch in self.trace.touches(call).iter().filter(|touch| !touch.is_signal()) {
            for model in self.unseen_users(touch.buffer, lane) {
                if self.uses.may_conflict_with(model, touch, touch.writes()) {
                    rules::overwrite_during_execution::at_touch(self, call, touch, model, lane);
                }
            }
        }
    }

    /// The graphs that use an allocation and have an execution that `lane` has not seen complete, in the order of the graphs.
    fn unseen_users(&self, buffer: BufferId, lane: u32) -> Vec<ModelId> {
        let users = &self.memory.users[buffer];
        if users.len() <= self.aloft.busy_lanes() {
            let is_unseen = |model: &ModelId| self.aloft.is_unseen(*model, &self.clocks, lane);
            return users.iter().copied().filter(is_unseen).collect();
        }
        let mut unseen = self.aloft.unseen(&self.clocks, lane);
        unseen.retain(|model| users.binary_search(model).is_ok());
        unseen
    }

    /// Remembers what a call on a stream touches, for executions that start before it is complete.
    pub(super) fn note_touches(&mut self, call: u32, place: Place) {
        let (trace, clocks) = (self.trace, &self.clocks);
        for (index, touch) in trace.touches(call).iter().enumerate().filter(|(_, touch)| !touch.is_signal()) {
            let Some(eager) = self.memory.eager.find(touch.buffer) else { continue };
            let pending = Pending { call, place, touch: index as u32 };
            // An execution on the same lane comes after it anyway.
            let others = eager.ready.iter_mut().filter(|(lane, _)| *lane != Some(place.lane()));
            for (_, ready) in others {
                ready.retain(|&model| {
                    trace.executions(model).last().is_some_and(|&execution| execution > call)
                });
                for &model in ready.iter() {
                    if self.uses.may_conflict_with(model, touch, touch.writes()) {
                        let varies = self.uses.kernels.vary(model);
                        remember(self.pending.entry(model).or_default(), pending, varies);
                    }
                }
            }
            if eager.ended_by > call {
                if eager.recent.len() >= MOST_RECENT {
                    eager.forget(clocks);
                }
                if eager.recent.len() < MOST_RECENT {
                    eager.recent.push(pending);
                }
            }
        }
    }

    /// Gives a graph whose capture has just ended the eager work that came before it.
    pub(super) fn collect_pending(&mut self, model: ModelId) {
        if self.trace.executions(model).is_empty() {
            return;
        }
        let mut pending: Vec<Pending> = Vec::new();
        let lane = self.memory.executing.get(model.index()).copied().flatten();
        for &buffer in &self.memory.eager_of[model] {
            let Some(eager) = self.memory.eager.find(buffer) else { continue };
            match eager.ready.iter_mut().find(|(own, _)| *own == lane) {
                Some((_, ready)) => ready.push(model),
                None => eager.ready.push((lane, vec![model])),
            }
            eager.forget(&self.clocks);
            pending.extend(eager.recent.iter().filter(|earlier| {
                let touch = &self.trace.touches(earlier.call)[earlier.touch as usize];
                self.uses.may_conflict_with(model, touch, touch.writes())
            }));
        }
        pending.sort_by_key(|earlier| earlier.call);
        let varies = self.uses.kernels.vary(model);
        for earlier in pending {
            remember(self.pending.entry(model).or_default(), earlier, varies);
        }
    }
}

/// Puts work in the place of the earlier one on its lane; beside it where the graph varies, because the two may matter to different
/// versions of it.
fn remember(list: &mut Vec<Pending>, work: Pending, varies: bool) {
    if !varies {
        list.retain(|earlier| earlier.place.lane() != work.place.lane());
    } else if list.len() >= MOST_RECENT {
        list.remove(0);
    }
    list.push(work);
}
