//! Memory that a graph of a session cannot take its inputs from or put its outputs into.
//!
//! **Fires** at `RunGraphWithStreamAsync` for an input or output that lies in host memory, indexes that `LoadGraph` names as host inputs
//! left out, or not on a multiple of 32 bytes; and for empty outputs on a stream that has no external allocator.
//!
//! **Sound because** the documents ask for all of this (capture-rules, section 14.1, ACG309); allocations are aligned, so a distance
//! in the log decides.

use acg_calls::{Api, Arg, CallId, CallView, Name};
use acg_diagnostics::Rule;
use acg_runtime::Finding;
use acg_runtime::state::Place;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::report::Report;
use crate::trace::{Touch, Trace};
use crate::units::{Unit, UnitId};

/// What tensors must be aligned to, in bytes.
const ALIGNMENT: u64 = 32;

/// What is wrong with an address; each is told once for a graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Wrong {
    OnHost,
    Misaligned,
    Empty,
}

/// ACG309.
pub static RULE: Rule = Rule::silent(
    "ACG309",
    "ge-io-memory",
    "an input or output of a graph is not aligned device memory of the program",
);

/// Looks at the inputs and outputs of every run on a stream.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let allocators = allocators(trace);
    for (id, unit) in trace.units.iter() {
        let mut told = FxHashSet::default();
        let host_inputs = host_inputs(trace, unit);
        for &call in &unit.calls {
            let view = trace.log.view(CallId(call));
            if view.api() != Api::GeRunGraphWithStreamAsync {
                continue;
            }
            for (position, writes) in [(3, false), (4, true)] {
                tensors(trace, &view, position, writes, &host_inputs, &mut |wrong, base, message| {
                    if told.insert((wrong, base)) {
                        report.add(None, finding(trace, id, call, wrong, &message));
                    }
                });
            }
            if has_no_outputs(&view, &allocators) && told.insert((Wrong::Empty, None)) {
                let message = "has no memory for its outputs, and its stream has no external allocator";
                report.add(None, finding(trace, id, call, Wrong::Empty, message));
            }
        }
    }
}

/// Looks at the addresses of one argument.
fn tensors(
    trace: &Trace<'_, '_>,
    view: &CallView<'_>,
    position: usize,
    writes: bool,
    host_inputs: &FxHashSet<usize>,
    tell: &mut dyn FnMut(Wrong, Option<Name>, String),
) {
    let touches: FxHashMap<_, &Touch> = trace
        .touches(view.id.0)
        .iter()
        .filter(|touch| touch.writes() == writes)
        .map(|touch| ((trace.state.buffers[touch.buffer].name, trace.bounds(touch).0), touch))
        .collect();
    let side = if writes { "output" } else { "input" };
    for (index, address) in view.list(position).unwrap_or_default().iter().enumerate() {
        let Some(address) = address.address() else { continue };
        let Some(touch) = touches.get(&(address.base, address.offset)) else { continue };
        let name = trace.buffer_name(touch.buffer);
        let is_host = trace.state.buffers[touch.buffer].place != Place::Device;
        if is_host && (writes || !host_inputs.contains(&index)) {
            tell(
                Wrong::OnHost,
                Some(address.base),
                format!("has {side} {index} in {name}, which is host memory"),
            );
        } else if !is_host && address.offset % ALIGNMENT != 0 {
            let offset = address.offset;
            let message =
                format!("has {side} {index} at byte {offset} of {name}, which is no multiple of 32");
            tell(Wrong::Misaligned, Some(address.base), message);
        }
    }
}

/// The inputs that may lie on the host, as the graph's first load says.
fn host_inputs(trace: &Trace<'_, '_>, unit: &Unit) -> FxHashSet<usize> {
    let views = unit.calls.iter().map(|&call| trace.log.view(CallId(call)));
    let load = views.into_iter().find(|view| view.api() == Api::GeLoadGraph);
    let options = load.and_then(|view| view.list(2)).unwrap_or_default();
    let text = |option| match option {
        Arg::Text(name) => Some(trace.log.text(name)),
        _ => None,
    };
    let indexes =
        options.iter().filter_map(text).filter_map(|option| option.strip_prefix("ge.exec.hostInputIndexes="));
    indexes.flat_map(|list| list.split(';')).filter_map(|index| index.trim().parse().ok()).collect()
}

/// The first call that registers an external allocator for each stream.
fn allocators(trace: &Trace<'_, '_>) -> FxHashMap<Name, u32> {
    let mut first = FxHashMap::default();
    for &call in &trace.units.allocators {
        let view = trace.log.view(CallId(call));
        if let Some(stream) = view.name(1).filter(|_| view.api() == Api::GeRegisterExternalAllocator) {
            first.entry(stream).or_insert(call);
        }
    }
    first
}

/// Whether a run is given no outputs, and no allocator that could make them.
fn has_no_outputs(view: &CallView<'_>, allocators: &FxHashMap<Name, u32>) -> bool {
    let is_empty = view.is_null(4) || view.list(4).is_some_and(|outputs| outputs.is_empty());
    let registered = view.name(2).and_then(|stream| allocators.get(&stream));
    is_empty && registered.is_none_or(|&call| call > view.id.0)
}

fn finding(trace: &Trace<'_, '_>, id: UnitId, call: u32, wrong: Wrong, message: &str) -> Finding {
    let graph = trace.units.words(id, trace.log);
    let finding = Finding::new(&RULE, call, format!("{graph} {message}"));
    match wrong {
        Wrong::OnHost => finding
            .note("Inputs and outputs lie in device memory that the program allocates.")
            .help("copy to device memory first, or name the input in option ge.exec.hostInputIndexes of LoadGraph"),
        Wrong::Misaligned => finding.help("start each tensor on a multiple of 32 bytes"),
        Wrong::Empty => {
            finding.help("give each output device memory, or call RegisterExternalAllocator for the stream")
        }
    }
}
