//! A graph reads device memory that nothing ever writes.
//!
//! **Fires** on a captured read of device memory that the log shows being allocated, if no call of the whole log writes any of the
//! bytes that it reads, and every call's accesses are known.
//!
//! **Sound because** `aclrtMalloc` does not clear memory, and all writers are known: with one kernel whose arguments are hidden the
//! rule says nothing at all.

use acg_calls::Api;
use acg_diagnostics::Rule;
use acg_entity::Entity;
use acg_ir::Extent;
use acg_runtime::Finding;
use acg_runtime::state::{BufferId, Place};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model_use::Bytes;
use crate::report::Report;
use crate::trace::{Node, Touch, Trace};
use crate::versions::Versions;

/// ACG357.
pub static RULE: Rule =
    Rule::lint("ACG357", "uninitialized-read", "a graph reads device memory that nothing writes");

/// What any call writes of the allocations that a graph reads or waits for a value in.
pub(crate) struct Written {
    /// The first range of bytes of each allocation that is written, by [`BufferId`]: hardly any allocation has another.
    first: Vec<Option<(u64, u64)>>,
    /// All that is written, of the allocations that have more.
    rest: FxHashMap<BufferId, Bytes>,
}

impl Written {
    /// What the calls of a log write; `None` where a call may write memory that is not known, or where no graph reads any. Without `reads`
    /// only what graphs wait for a value in counts as read.
    pub(crate) fn of(trace: &Trace<'_, '_>, reads: bool) -> Option<Self> {
        if !trace.opaque.is_empty() || !(reads || trace.log.uses(Api::ValueWait)) {
            return None;
        }
        let mut written = Self { first: vec![None; trace.state.buffers.len()], rest: FxHashMap::default() };
        let mut is_read = vec![false; trace.state.buffers.len()];
        let captured = trace.nodes.iter().map(|node| node.call);
        let updates = trace.updates.iter().flat_map(|update| update.calls.iter().copied());
        for touch in captured.chain(updates).flat_map(|call| trace.touches(call)) {
            is_read[touch.buffer.index()] |= touch.is_wait() || (reads && is_device_read(trace, touch));
        }
        if !is_read.contains(&true) {
            return None;
        }
        let writes = |touch: &&Touch| touch.writes() && is_read[touch.buffer.index()];
        for touch in trace.all_touches().iter().filter(writes) {
            let range = trace.bounds(touch);
            let is_range = trace.strided(touch).is_none();
            match written.first[touch.buffer.index()] {
                Some(first) if first == range && is_range => {}
                None if is_range => written.first[touch.buffer.index()] = Some(range),
                _ => written.rest.entry(touch.buffer).or_default().add(trace, touch),
            }
        }
        written.rest.values_mut().for_each(Bytes::merge);
        Some(written)
    }

    /// Whether anything writes a byte that is touched.
    pub(crate) fn meets(&self, trace: &Trace<'_, '_>, touch: &Touch) -> bool {
        let extent = trace.extent(touch);
        let first = self.first.get(touch.buffer.index()).copied().flatten();
        first.is_some_and(|(start, end)| Extent::range(start, end).overlaps(&extent))
            || self.rest.get(&touch.buffer).is_some_and(|bytes| bytes.overlaps(&extent))
    }
}

fn is_device_read(trace: &Trace<'_, '_>, touch: &Touch) -> bool {
    !touch.writes() && !touch.is_signal() && trace.state.buffers[touch.buffer].place == Place::Device
}

/// Looks for reads of memory that nothing writes.
pub(crate) fn check(trace: &Trace<'_, '_>, written: &Written, versions: &Versions<'_>, report: &mut Report) {
    let words: FxHashSet<BufferId> = trace.cond_words.values().copied().collect();
    let mut said: FxHashSet<BufferId> = FxHashSet::default();
    let fixed = |&(index, _): &(usize, &Node)| !versions.kernels.is_varying(index as u32);
    let captured = trace.nodes.iter().enumerate().filter(fixed);
    let captured = captured.map(|(_, node)| (node.call, trace.model(node)));
    for (call, model) in captured.chain(versions.varying_calls(trace)) {
        if trace.ended_by(model).is_none() {
            continue;
        }
        for touch in trace.touches(call).iter().filter(|touch| is_device_read(trace, touch)) {
            if words.contains(&touch.buffer) || written.meets(trace, touch) || !said.insert(touch.buffer) {
                continue;
            }
            let name = trace.buffer_name(touch.buffer);
            let finding = Finding::new(
                &RULE,
                call,
                format!("{} reads {name}, which nothing writes", trace.call_name(call)),
            )
            .label(trace.state.buffers[touch.buffer].made_by, "aclrtMalloc does not clear the memory")
            .help(format!("fill or copy into {name} before the graph is executed"));
            report.add(Some(model), finding);
        }
    }
}
