//! Which graphs use memory that others write: most memory of a program with many graphs is one graph's own.

use acg_entity::{Entity, Rows};
use acg_runtime::state::{BufferId, ModelId};

use super::Timeline;
use crate::model_use::Uses;
use crate::trace::Trace;

/// The graphs that use the allocations which several graphs use, in any version of them.
#[derive(Default)]
pub(super) struct Sharing {
    /// Those allocations, by graph, with whether it writes any of it.
    of: Rows<ModelId, (BufferId, bool)>,
    users: Rows<BufferId, ModelId>,
    writers: Rows<BufferId, ModelId>,
}

impl Sharing {
    pub(super) fn of(trace: &Trace<'_, '_>, uses: &Uses<'_, '_, '_>) -> Self {
        let (buffers, models) = (trace.state.buffers.len(), trace.state.models.len());
        let mut first: Vec<Option<ModelId>> = vec![None; buffers];
        let mut is_shared = vec![false; buffers];
        uses.each_named(|model, touch| {
            let at = touch.buffer.index();
            is_shared[at] |= *first[at].get_or_insert(model) != model;
        });
        if !is_shared.contains(&true) {
            return Self::default();
        }
        let mut all: Vec<(ModelId, BufferId, bool)> = Vec::new();
        uses.each_named(|model, touch| {
            if is_shared[touch.buffer.index()] && !touch.is_signal() {
                all.push((model, touch.buffer, touch.writes()));
            }
        });
        // A write comes before a read of the same.
        all.sort_unstable_by_key(|&(model, buffer, writes)| (model, buffer, !writes));
        all.dedup_by_key(|&mut (model, buffer, _)| (model, buffer));
        let written = all.iter().filter(|&&(.., writes)| writes);
        Self {
            of: Rows::of(models, all.iter().map(|&(model, buffer, writes)| (model, (buffer, writes)))),
            users: Rows::of(buffers, all.iter().map(|&(model, buffer, _)| (buffer, model))),
            writers: Rows::of(buffers, written.map(|&(model, buffer, _)| (buffer, model))),
        }
    }

    /// The graphs that use what `model` writes, or write what it uses: lists of them, some in several.
    fn with(&self, model: ModelId) -> impl Iterator<Item = &[ModelId]> + Clone {
        self.of[model].iter().map(|&(buffer, writes)| {
            let graphs = if writes { &self.users } else { &self.writers };
            &graphs[buffer]
        })
    }
}

impl Timeline<'_, '_, '_> {
    /// The graphs with an execution that `lane` has not seen complete and that `model` may share memory with, in the order of the graphs.
    pub(crate) fn unseen_sharers(&self, model: ModelId, lane: u32) -> Vec<ModelId> {
        let sharers = self.sharing.with(model);
        if sharers.clone().map(<[ModelId]>::len).sum::<usize>() > self.aloft.busy_lanes() {
            return self.aloft.unseen(&self.clocks, lane);
        }
        let mut unseen: Vec<ModelId> = sharers.flatten().copied().collect();
        unseen.sort_unstable();
        unseen.dedup();
        unseen.retain(|&other| self.aloft.is_unseen(other, &self.clocks, lane));
        unseen
    }
}
