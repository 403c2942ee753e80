//! Which bytes a graph reads and writes each time it runs, its branches included.
//!
//! **Invariant:** the ranges of a [`Bytes`] list ascend and do not touch each other; every byte in them is certainly touched
//! by some task, unless that task is in a branch that is not taken.

use std::collections::BTreeMap;

use acg_entity::Entity;
use acg_ir::Extent;
use acg_runtime::state::{BufferId, EventId, ModelId, ModelKind, Work};

use crate::trace::{Node, Trace};

/// Bytes of one allocation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bytes {
    ranges: Vec<(u64, u64)>,
    strided: Vec<Extent>,
}

impl Bytes {
    pub(crate) fn add(&mut self, extent: &Extent) {
        if extent.is_contiguous() {
            self.ranges.push((extent.start(), extent.end()));
        } else {
            self.strided.push(*extent);
        }
    }

    pub(crate) fn merge(&mut self) {
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, last| {
            let meets = next.0 <= last.1;
            if meets {
                last.1 = last.1.max(next.1);
            }
            meets
        });
        self.strided.sort_unstable_by_key(|extent| (extent.start(), extent.end()));
        self.strided.dedup();
    }

    /// Whether any byte is in both.
    pub(crate) fn overlaps(&self, extent: &Extent) -> bool {
        let first = self.ranges.partition_point(|range| range.1 <= extent.start());
        let reaches = |range: &&(u64, u64)| range.0 < extent.end();
        self.ranges[first..]
            .iter()
            .take_while(reaches)
            .any(|range| Extent::range(range.0, range.1).overlaps(extent))
            || self.strided.iter().any(|mine| mine.overlaps(extent))
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
    pub(crate) fn conflicts(&self, extent: &Extent, writes: bool) -> bool {
        self.writes.overlaps(extent) || (writes && self.reads.overlaps(extent))
    }
}

/// What a graph touches and waits for.
#[derive(Clone, Debug, Default)]
pub(crate) struct ModelUse {
    pub(crate) buffers: BTreeMap<BufferId, BufferUse>,
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

impl ModelUse {
    /// The first allocation, in the order in which they were made, that two graphs cannot use at once.
    pub(crate) fn conflict_with(&self, other: &Self) -> Option<BufferId> {
        let (few, many) =
            if self.buffers.len() <= other.buffers.len() { (self, other) } else { (other, self) };
        few.buffers.iter().find_map(|(&buffer, mine)| {
            let theirs = many.buffers.get(&buffer)?;
            let meet = mine.writes.meets(&theirs.writes)
                || mine.writes.meets(&theirs.reads)
                || mine.reads.meets(&theirs.writes);
            meet.then_some(buffer)
        })
    }

    fn add(&mut self, trace: &Trace<'_, '_>, node: &Node) {
        for touch in trace.touches(node.call) {
            let used = self
                .buffers
                .entry(touch.buffer)
                .or_insert_with(|| BufferUse { first: node.call, ..BufferUse::default() });
            if touch.is_signal {
                continue;
            }
            let extent = trace.extent(touch);
            if touch.writes { used.writes.add(&extent) } else { used.reads.add(&extent) }
        }
        for task in trace.tasks(node) {
            match task.work {
                Work::ExternalWait(event) => self.external_waits.push(event),
                Work::ExternalRecord(event) | Work::FlaggedRecord(event) => self.external_records.push(event),
                Work::FlaggedWait(event) => self.flagged_waits.push(event),
                Work::NotifyWait(_) | Work::ValueWait(_) => self.waits_for_unknown = true,
                Work::HostFunction => self.calls_host = true,
                _ => {}
            }
        }
    }

    fn finish(&mut self) {
        for used in self.buffers.values_mut() {
            used.reads.merge();
            used.writes.merge();
        }
        for events in [&mut self.external_waits, &mut self.external_records, &mut self.flagged_waits] {
            events.sort_unstable();
            events.dedup();
        }
        let own = std::mem::take(&mut self.external_waits);
        self.external_waits =
            own.into_iter().filter(|event| !self.external_records.contains(event)).collect();
    }
}

/// The use of every graph, by [`ModelId`]; a root graph's includes that of its branches, a branch's is empty.
pub(crate) fn of_all(trace: &Trace<'_, '_>, roots: &[ModelId]) -> Vec<ModelUse> {
    let mut uses = vec![ModelUse::default(); trace.state.models.len()];
    for node in &trace.nodes {
        uses[roots[node.model.index()].index()].add(trace, node);
    }
    uses.iter_mut().for_each(ModelUse::finish);
    uses
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
