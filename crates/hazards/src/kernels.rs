//! The kernels that task groups have: those that were captured, and those that updates give them.
//!
//! Most updates change numbers and touch the same memory as before. Only groups of which an update touches other memory matter here;
//! they vary, and a [`Version`] of a graph says which kernels each of them has.
//!
//! **Invariant:** a version has one entry for each varying group of its graph, in the order of the groups, so that of most graphs it is
//! empty.

use std::ops::Deref;
use std::rc::Rc;

use acg_entity::Entity;
use acg_ir::Extent;
use acg_runtime::state::{BufferId, GroupId, ModelId};
use rustc_hash::FxHashMap;

use crate::trace::{Trace, UpdateCalls};

/// Which kernels each varying group of a graph has, as places in [`Kernels::sets`]; takes no memory where there is no such group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Version(Option<Rc<Vec<u32>>>);

impl Version {
    /// Adds a group.
    fn push(&mut self, set: u32) {
        Rc::make_mut(self.0.get_or_insert_default()).push(set);
    }

    /// Gives the group at `place` another set.
    fn set(&mut self, place: usize, set: u32) {
        if let Some(sets) = &mut self.0 {
            Rc::make_mut(sets)[place] = set;
        }
    }
}

impl Deref for Version {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// What a call touches, to be compared.
type Touched = (BufferId, Extent, bool);

/// A task group whose updates touch other memory.
struct Varying {
    /// Its kernels, as indices in [`Trace::nodes`].
    nodes: Vec<u32>,
}

/// A graph with varying groups.
#[derive(Default)]
struct Varied {
    /// What it is captured with.
    captured: Version,
    /// Its groups, by their places in [`Kernels::varying`], in the order of its versions.
    groups: Vec<usize>,
    /// The sets of all of them.
    sets: Vec<u32>,
}

/// The kernels of all varying groups.
#[derive(Default)]
pub(crate) struct Kernels {
    varying: Vec<Varying>,
    /// The calls of each set of kernels, in their order.
    sets: Vec<Vec<u32>>,
    /// The graphs that have varying groups.
    graphs: FxHashMap<ModelId, Varied>,
    /// The place in a version and the set of each update, by the call that begins it.
    updates: FxHashMap<u32, (usize, u32)>,
    /// The varying group of each node that is in one.
    group_of_node: FxHashMap<u32, usize>,
}

impl Kernels {
    /// The varying groups of a log, given the root graph of every graph.
    pub(crate) fn of(trace: &Trace<'_, '_>, roots: &[ModelId]) -> Self {
        let mut kernels = Self::default();
        let mut updates: FxHashMap<GroupId, Vec<&UpdateCalls>> = FxHashMap::default();
        for update in &trace.updates {
            updates.entry(update.group).or_default().push(update);
        }
        let mut groups: Vec<GroupId> = updates.keys().copied().collect();
        groups.sort_unstable();
        for group in groups {
            kernels.add(trace, roots, group, &updates[&group]);
        }
        kernels
    }

    fn add(&mut self, trace: &Trace<'_, '_>, roots: &[ModelId], group: GroupId, updates: &[&UpdateCalls]) {
        let nodes: Vec<u32> = trace.nodes_of_group(group);
        let captured: Vec<u32> = nodes.iter().map(|&node| trace.nodes[node as usize].call).collect();
        // An update of another number of calls is one that cannot be followed.
        if updates.iter().any(|update| update.calls.len() != nodes.len()) {
            return;
        }
        let touched = |calls: &[u32]| calls.iter().map(|&call| touched(trace, call)).collect::<Vec<_>>();
        let first = touched(&captured);
        if updates.iter().all(|update| touched(&update.calls) == first) {
            return;
        }
        let model = roots[trace.state.groups[group].model.index()];
        let graph = self.graphs.entry(model).or_default();
        let (place, number, initial) = (graph.groups.len(), self.varying.len(), self.sets.len() as u32);
        graph.captured.push(initial);
        graph.groups.push(number);
        self.group_of_node.extend(nodes.iter().map(|&node| (node, number)));
        self.varying.push(Varying { nodes });
        self.sets.push(captured);
        let mut known: FxHashMap<Vec<Vec<Touched>>, u32> = FxHashMap::default();
        known.insert(first, initial);
        for update in updates {
            let set = *known.entry(touched(&update.calls)).or_insert_with(|| {
                self.sets.push(update.calls.clone());
                self.sets.len() as u32 - 1
            });
            self.updates.insert(update.begun_by, (place, set));
        }
        graph.sets.extend(initial..self.sets.len() as u32);
    }

    /// What a graph is captured with.
    pub(crate) fn captured(&self, model: ModelId) -> &Version {
        const UNVARIED: &Version = &Version(None);
        self.graphs.get(&model).map_or(UNVARIED, |graph| &graph.captured)
    }

    /// The graphs that have varying groups, each with what it is captured with.
    pub(crate) fn varied(&self) -> impl Iterator<Item = (ModelId, &Version)> {
        self.graphs.iter().map(|(&model, graph)| (model, &graph.captured))
    }

    /// Whether updates make a graph touch other memory.
    pub(crate) fn vary(&self, model: ModelId) -> bool {
        self.graphs.contains_key(&model)
    }

    /// Gives `version` the kernels of the update that `call` begins.
    pub(crate) fn update(&self, version: &mut Version, call: u32) {
        if let Some(&(place, set)) = self.updates.get(&call)
            && version.get(place).is_some_and(|&now| now != set)
        {
            version.set(place, set);
        }
    }

    /// Whether a node is in a varying group.
    pub(crate) fn is_varying(&self, node: u32) -> bool {
        self.group_of_node.contains_key(&node)
    }

    /// The calls of a set.
    pub(crate) fn calls(&self, set: u32) -> &[u32] {
        &self.sets[set as usize]
    }

    /// How many sets there are.
    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    /// The sets of all groups of a graph.
    pub(crate) fn sets_of(&self, model: ModelId) -> impl Iterator<Item = u32> + '_ {
        self.graphs.get(&model).into_iter().flat_map(|graph| graph.sets.iter().copied())
    }

    /// The call that each node of the varying groups stands for in a version of `model`.
    pub(crate) fn calls_by_node(&self, model: ModelId, version: &Version) -> FxHashMap<u32, u32> {
        let groups = self.graphs.get(&model).map_or(&[][..], |graph| &graph.groups);
        let calls = groups.iter().zip(version.iter()).flat_map(|(&group, &set)| {
            self.varying[group].nodes.iter().copied().zip(self.calls(set).iter().copied())
        });
        calls.collect()
    }
}

/// What a call touches, in the order in which it says it.
fn touched(trace: &Trace<'_, '_>, call: u32) -> Vec<Touched> {
    trace.touches(call).iter().map(|touch| (touch.buffer, trace.extent(touch), touch.writes())).collect()
}
