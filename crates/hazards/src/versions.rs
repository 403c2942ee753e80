//! Which versions of a graph are looked at: those that were executed, or that which was captured where none is known to be.

use acg_entity::Entity;
use acg_runtime::state::ModelId;
use rustc_hash::FxHashMap;

use crate::kernels::{Kernels, Version};
use crate::trace::Trace;

/// How many nodes are gone through for all versions of one graph; the first is looked at in any case.
const MOST_NODES: usize = 1 << 22;

/// The versions of all graphs.
pub(crate) struct Versions<'k> {
    pub(crate) kernels: &'k Kernels,
    /// The root graph of every graph.
    pub(crate) roots: &'k [ModelId],
    /// What varying root graphs are known to have been executed in; none of them has an empty list.
    pub(crate) executed: FxHashMap<ModelId, Vec<Version>>,
}

impl Versions<'_> {
    /// The versions of a graph that is a root; one that is empty where no task group of it varies.
    fn of(&self, root: ModelId) -> &[Version] {
        let captured = || std::slice::from_ref(self.kernels.captured(root));
        self.executed.get(&root).map_or_else(captured, Vec::as_slice)
    }

    /// For each version of a graph of `nodes` nodes the calls that its varying nodes stand for.
    pub(crate) fn calls_by_node(
        &self,
        model: ModelId,
        nodes: usize,
    ) -> impl Iterator<Item = FxHashMap<u32, u32>> {
        let root = self.roots[model.index()];
        let versions = self.of(root).iter().take((MOST_NODES / nodes.max(1)).max(1));
        versions.map(move |version| self.kernels.calls_by_node(root, version))
    }

    /// The calls of all kernels that graphs have in some version, each with its graph, but for those that do not vary.
    pub(crate) fn varying_calls(&self, trace: &Trace<'_, '_>) -> Vec<(u32, ModelId)> {
        let mut calls = Vec::new();
        for model in trace.state.models.keys().filter(|&model| self.kernels.vary(model)) {
            let mut sets: Vec<u32> =
                self.of(model).iter().flat_map(|version| version.iter().copied()).collect();
            sets.sort_unstable();
            sets.dedup();
            calls.extend(sets.iter().flat_map(|&set| self.kernels.calls(set)).map(|&call| (call, model)));
        }
        calls
    }
}
