//! What a graph waits for, and which bytes it reads and writes, each time it runs, its branches included.
//!
//! The bytes of a graph are put together when somebody asks for them first: most graphs run beside nothing.
//!
//! **Invariant:** the ranges of a [`Bytes`] list ascend and do not touch each other; every byte in them is certainly touched
//! by some task, unless that task is in a branch that is not taken.

use std::cell::OnceCell;
use std::ops::Index;

use acg_entity::{Arena, Entity};
use acg_ir::Extent;
use acg_runtime::state::{BufferId, EventId, ModelId, ModelKind, Work};
use rustc_hash::FxHashMap;

use crate::graph::{self, Nodes};
use crate::kernels::Kernels;
use crate::trace::{Node, Touch, Trace};

/// Bytes of one allocation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bytes {
    ranges: Vec<(u64, u64)>,
    /// Those that are not one range, by their first byte.
    strided: Vec<Extent>,
    /// For each of them how far it and those before it go.
    furthest: Vec<u64>,
}

impl Bytes {
    /// Adds what a call touches.
    pub(crate) fn add(&mut self, trace: &Trace<'_, '_>, touch: &Touch) {
        if let Some(extent) = trace.strided(touch) {
            self.strided.push(extent.clone());
            return;
        }
        let (start, end) = trace.bounds(touch);
        match self.ranges.last_mut() {
            Some(last) if (last.0..=last.1).contains(&start) => last.1 = last.1.max(end),
            _ => self.ranges.push((start, end)),
        }
    }

    /// Makes the invariant hold, once everything is added.
    pub(crate) fn merge(&mut self) {
        // Stable, because programs go through memory in runs that ascend, and a stable sort makes use of them.
        self.ranges.sort_by_key(|range| range.0);
        self.ranges.dedup_by(|next, last| {
            let meets = next.0 <= last.1;
            if meets {
                last.1 = last.1.max(next.1);
            }
            meets
        });
        self.strided.sort_unstable_by_key(|extent| (extent.start(), extent.end()));
        self.strided.dedup();
        self.furthest.clear();
        self.furthest.extend(self.strided.iter().scan(0, |furthest, extent| {
            *furthest = extent.end().max(*furthest);
            Some(*furthest)
        }));
    }

    /// Whether any byte is in both.
    pub(crate) fn overlaps(&self, extent: &Extent) -> bool {
        let first = self.ranges.partition_point(|range| range.1 <= extent.start());
        let reaches = |range: &&(u64, u64)| range.0 < extent.end();
        self.ranges[first..]
            .iter()
            .take_while(reaches)
            .any(|range| Extent::range(range.0, range.1).overlaps(extent))
            || self.strided_near(extent).any(|mine| mine.overlaps(extent))
    }

    /// The strided ones that may lie over `extent`.
    fn strided_near(&self, extent: &Extent) -> impl Iterator<Item = &Extent> {
        let start = extent.start();
        let behind = self.strided.partition_point(|mine| mine.start() < extent.end());
        let reaches = self.furthest[..behind].iter().rev().take_while(move |&&furthest| furthest > start);
        self.strided[..behind].iter().rev().zip(reaches).map(|(mine, _)| mine)
    }

    fn meets(&self, other: &Self) -> bool {
        self.ranges.iter().any(|range| other.overlaps(&Extent::range(range.0, range.1)))
            || self.strided.iter().any(|extent| other.overlaps(extent))
    }
}

/// What a graph does with one allocation.
#[derive(Clone, Debug, Default)]
pub(crate) struct BufferUse {
    pub(crate) reads: Bytes,
    pub(crate) writes: Bytes,
    /// The first call that captured a task which touches it.
    pub(crate) first: u32,
}

impl BufferUse {
    /// Whether an access to `extent` conflicts with one of the graph's.
    fn conflicts(&self, extent: &Extent, writes: bool) -> bool {
        self.writes.overlaps(extent) || (writes && self.reads.overlaps(extent))
    }
}

/// What a graph does with each allocation, in the order in which those were made.
type BufferUses = Vec<(BufferId, BufferUse)>;

/// What a graph waits for and signals.
#[derive(Clone, Debug, Default)]
pub(crate) struct ModelUse {
    /// EXTERNAL events that it waits for and does not record itself.
    pub(crate) external_waits: Vec<EventId>,
    /// Whether it waits for a notify or a value that somebody else may give at any time.
    pub(crate) waits_for_unknown: bool,
    /// Whether it runs host functions, which may tell the host program anything.
    pub(crate) calls_host: bool,
    /// EXTERNAL and flagged events that it records.
    pub(crate) external_records: Vec<EventId>,
    /// Events that it waits for with the external flag: the newest record at the time of the execution.
    pub(crate) flagged_waits: Vec<EventId>,
}

/// What a task has to do with what a graph waits for and signals.
enum Part {
    ExternalWait(EventId),
    ExternalRecord(EventId),
    FlaggedWait(EventId),
    UnknownWait,
    HostCall,
}

impl Part {
    /// `None` for most tasks.
    fn of(work: Work) -> Option<Self> {
        Some(match work {
            Work::ExternalWait(event) => Self::ExternalWait(event),
            Work::ExternalRecord(event) | Work::FlaggedRecord(event) => Self::ExternalRecord(event),
            Work::FlaggedWait(event) => Self::FlaggedWait(event),
            Work::NotifyWait(_) | Work::ValueWait(_) => Self::UnknownWait,
            Work::HostFunction => Self::HostCall,
            _ => return None,
        })
    }
}

impl ModelUse {
    fn add(&mut self, trace: &Trace<'_, '_>, node: &Node) {
        for part in trace.tasks(node).filter_map(|task| Part::of(task.work)) {
            match part {
                Part::ExternalWait(event) => self.external_waits.push(event),
                Part::ExternalRecord(event) => self.external_records.push(event),
                Part::FlaggedWait(event) => self.flagged_waits.push(event),
                Part::UnknownWait => self.waits_for_unknown = true,
                Part::HostCall => self.calls_host = true,
            }
        }
    }

    fn finish(&mut self) {
        for events in [&mut self.external_waits, &mut self.external_records, &mut self.flagged_waits] {
            events.sort_unstable();
            events.dedup();
        }
        self.external_waits.retain(|event| self.external_records.binary_search(event).is_err());
    }
}

/// The use of every graph; a root graph's includes that of its branches, a branch's own is empty.
pub(crate) struct Uses<'t, 'r, 'l> {
    trace: &'t Trace<'r, 'l>,
    roots: &'t [ModelId],
    pub(crate) kernels: &'t Kernels,
    /// Of the graphs that are executed.
    graphs: Arena<ModelId, ModelUse>,
    /// The graphs that wait for an event from outside, and those that record one, in the order of the graphs.
    waiting: FxHashMap<EventId, Vec<ModelId>>,
    recording: FxHashMap<EventId, Vec<ModelId>>,
    nodes: OnceCell<Nodes>,
    /// What each graph does in every version of it.
    buffers: Arena<ModelId, OnceCell<BufferUses>>,
    /// What each set of kernels does beside that.
    sets: Vec<OnceCell<BufferUses>>,
}

impl<'t, 'r, 'l> Uses<'t, 'r, 'l> {
    /// The use of every graph of a log, given the root graph of every graph and the kernels of its task groups.
    pub(crate) fn of(trace: &'t Trace<'r, 'l>, roots: &'t [ModelId], kernels: &'t Kernels) -> Self {
        let count = trace.state.models.len();
        let mut graphs = Arena::filled(count, ModelUse::default());
        // Most graphs wait for nobody and signal nobody.
        if trace.has_executions() && trace.state.tasks.values().any(|task| Part::of(task.work).is_some()) {
            for node in &trace.nodes {
                let root = roots[trace.model(node).index()];
                if !trace.executions(root).is_empty() {
                    graphs[root].add(trace, node);
                }
            }
        }
        let mut waiting: FxHashMap<EventId, Vec<ModelId>> = FxHashMap::default();
        let mut recording: FxHashMap<EventId, Vec<ModelId>> = FxHashMap::default();
        for model in graphs.keys() {
            let graph = &mut graphs[model];
            graph.finish();
            graph.external_waits.iter().for_each(|&event| waiting.entry(event).or_default().push(model));
            graph.external_records.iter().for_each(|&event| recording.entry(event).or_default().push(model));
        }
        let buffers = Arena::filled(count, OnceCell::new());
        let sets = vec![OnceCell::new(); kernels.len()];
        Self { trace, roots, kernels, graphs, waiting, recording, nodes: OnceCell::new(), buffers, sets }
    }

    /// The graph that is executed where `model` is it or a branch of it.
    pub(crate) fn root(&self, model: ModelId) -> ModelId {
        self.roots[model.index()]
    }

    /// The graphs that wait for an event which they do not record themselves.
    pub(crate) fn waiting_for(&self, event: EventId) -> &[ModelId] {
        self.waiting.get(&event).map_or(&[], Vec::as_slice)
    }

    /// The graphs that record an event which others may wait for.
    pub(crate) fn recording(&self, event: EventId) -> &[ModelId] {
        self.recording.get(&event).map_or(&[], Vec::as_slice)
    }

    /// The nodes of each graph and of its branches.
    fn nodes(&self) -> &Nodes {
        self.nodes.get_or_init(|| graph::nodes(self.trace, |model| self.roots[model.index()]))
    }

    /// Every graph with its use; that of a graph which is never executed is empty.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ModelId, &ModelUse)> {
        self.graphs.iter()
    }

    /// Calls `each` with every graph and what its tasks touch in any version, graph after graph, and what several tasks touch more than once.
    pub(crate) fn each_named(&self, mut each: impl FnMut(ModelId, &Touch)) {
        if self.trace.all_touches().is_empty() {
            return;
        }
        let nodes = self.nodes();
        for model in self.graphs.keys() {
            let mut name = |call| {
                self.trace.touches(call).iter().for_each(|touch| each(model, touch));
            };
            nodes[model].iter().for_each(|&node| name(self.trace.nodes[node as usize].call));
            for set in self.kernels.sets_of(model) {
                self.kernels.calls(set).iter().copied().for_each(&mut name);
            }
        }
    }

    /// What a graph does with each allocation, but for its varying groups.
    fn buffers(&self, model: ModelId) -> &BufferUses {
        self.buffers[model].get_or_init(|| self.collect_model(model))
    }

    /// What a set of kernels does with each allocation.
    fn set(&self, set: u32) -> &BufferUses {
        self.sets[set as usize].get_or_init(|| self.collect_buffers(self.kernels.calls(set).iter().copied()))
    }

    /// All that a version of a graph does, in parts.
    fn parts(&self, model: ModelId, version: &[u32]) -> impl Iterator<Item = &BufferUses> {
        let sets: Vec<&BufferUses> = version.iter().map(|&set| self.set(set)).collect();
        std::iter::once(self.buffers(model)).chain(sets)
    }

    /// The first call of a version of a graph that touches an allocation.
    pub(crate) fn first_use(&self, model: ModelId, version: &[u32], buffer: BufferId) -> Option<u32> {
        let uses = self.parts(model, version).filter_map(|part| find(part, buffer));
        uses.map(|used| used.first).min()
    }

    /// Whether a touch, taken as a write if so said, conflicts with what a version of a graph does each time it runs.
    pub(crate) fn conflict_with(&self, model: ModelId, version: &[u32], touch: &Touch, writes: bool) -> bool {
        let conflicts = |part: &BufferUses| {
            find(part, touch.buffer).is_some_and(|used| used.conflicts(&self.trace.extent(touch), writes))
        };
        conflicts(self.buffers(model)) || version.iter().any(|&set| conflicts(self.set(set)))
    }

    /// Whether it conflicts with what any version does.
    pub(crate) fn may_conflict_with(&self, model: ModelId, touch: &Touch, writes: bool) -> bool {
        self.conflict_with(model, &[], touch, writes)
            || self.kernels.sets_of(model).any(|set| self.conflict_with(model, &[set], touch, writes))
    }

    /// The first allocation, in the order in which they were made, that two graphs, each in a version, cannot use at once.
    pub(crate) fn conflict(&self, first: (ModelId, &[u32]), second: (ModelId, &[u32])) -> Option<BufferId> {
        let of_parts = |mine: &BufferUses| {
            self.parts(second.0, second.1).filter_map(|other| conflict(mine, other)).min()
        };
        self.parts(first.0, first.1).filter_map(of_parts).min()
    }

    fn collect_model(&self, model: ModelId) -> BufferUses {
        let nodes = self.nodes()[model].iter().filter(|&&node| !self.kernels.is_varying(node));
        self.collect_buffers(nodes.map(|&node| self.trace.nodes[node as usize].call))
    }

    fn collect_buffers(&self, calls: impl Iterator<Item = u32>) -> BufferUses {
        let mut buffers = BufferUses::new();
        let mut places: FxHashMap<BufferId, usize> = FxHashMap::default();
        for call in calls {
            for touch in self.trace.touches(call) {
                let at = *places.entry(touch.buffer).or_insert_with(|| {
                    buffers.push((touch.buffer, BufferUse { first: call, ..BufferUse::default() }));
                    buffers.len() - 1
                });
                let used = &mut buffers[at].1;
                if !touch.is_signal() {
                    let bytes = if touch.writes() { &mut used.writes } else { &mut used.reads };
                    bytes.add(self.trace, touch);
                }
            }
        }
        buffers.sort_unstable_by_key(|used| used.0);
        for (_, used) in &mut buffers {
            used.reads.merge();
            used.writes.merge();
        }
        buffers
    }
}

/// What is done with one allocation.
fn find(buffers: &BufferUses, buffer: BufferId) -> Option<&BufferUse> {
    let at = buffers.binary_search_by_key(&buffer, |used| used.0).ok()?;
    Some(&buffers[at].1)
}

/// The first allocation that two uses conflict about.
fn conflict(first: &BufferUses, second: &BufferUses) -> Option<BufferId> {
    let (first, second) = if first.len() <= second.len() { (first, second) } else { (second, first) };
    first.iter().find_map(|(buffer, mine)| {
        let theirs = find(second, *buffer)?;
        let meet = mine.writes.meets(&theirs.writes)
            || mine.writes.meets(&theirs.reads)
            || mine.reads.meets(&theirs.writes);
        meet.then_some(*buffer)
    })
}

impl Index<ModelId> for Uses<'_, '_, '_> {
    type Output = ModelUse;

    fn index(&self, model: ModelId) -> &ModelUse {
        &self.graphs[model]
    }
}

/// The root graph of every graph, by [`ModelId`].
pub(crate) fn roots(trace: &Trace<'_, '_>) -> Vec<ModelId> {
    let mut roots: Vec<ModelId> = Vec::with_capacity(trace.state.models.len());
    for (id, model) in trace.state.models.iter() {
        // A branch is made after the graph that its handle belongs to.
        let root = match model.kind {
            ModelKind::Branch(cond) => {
                roots.get(trace.state.conds[cond].model.index()).copied().unwrap_or(id)
            }
            _ => id,
        };
        roots.push(root);
    }
    roots
}
