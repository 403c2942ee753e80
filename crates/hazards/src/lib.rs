//! Hazards: mistakes that the runtime never reports but that a replayed call sequence proves.
//!
//! A `Trace` says what each call did and which bytes it touched; vector clocks say what comes before what,
//! inside of a graph and between executions, eager work and the host. [`hazards`] looks for what is left unordered, for memory that
//! does not live long enough, for signals that nobody gives and for calls that do nothing.
//!
//! | what | where |
//! |---|---|
//! | what calls read and write | [`access`], [`arguments`] |
//! | what each call did, with names resolved | `trace` |
//! | one graph: lanes, waits and what they pair with | `graph` |
//! | whether all that a graph does to an allocation is ordered | `ordered` |
//! | memory that the lanes of a graph can race for | `contested` |
//! | the accesses that a later one can race with | `earlier` |
//! | accesses that nothing orders | `race`, `touching` |
//! | what a graph touches each time it runs | `model_use` |
//! | what its task groups are updated to, and which of that was executed | `kernels`, `versions` |
//! | executions, eager work and the host in their order | `timeline` |
//! | offline models and graphs of the graph engine, who locks what | `units` |
//! | one file per rule: when it fires, why that is sound | [`rules`] |
//!
//! **Invariants:** what is not known is not reported; the same log gives the same findings; time is linear in calls, accesses and
//! conflicts, times the number of streams that work at once.

pub mod access;
pub mod arguments;
mod contested;
mod earlier;
mod graph;
mod kernels;
mod model_use;
mod ordered;
pub mod race;
mod report;
pub mod rules;
mod timeline;
mod touching;
mod trace;
mod units;
mod versions;
mod words;

use acg_calls::{CallId, Log};
use acg_runtime::{Finding, Replay};

pub use access::{AccessOf, Accesses, Coverage};
pub use arguments::Arguments;
pub use rules::RULES;

use graph::{Captured, Numbers};
use kernels::Kernels;
use model_use::Uses;
use report::Report;
use trace::Trace;
use units::Units;
use versions::Versions;

/// What is wrong with a log that `replay` is the replay of, in the order of the calls.
///
/// `accesses` says what calls touch: [`Arguments`] for a log that came from elsewhere. Findings that the replay made
/// itself are not repeated.
pub fn hazards(log: &Log, replay: &Replay<'_>, accesses: &dyn Accesses) -> Vec<Finding> {
    let units = Units::of(log);
    let mut trace = Trace::of(log, replay, &units, accesses);
    let mut report = Report::default();
    let roots = model_use::roots(&trace);
    let kernels = Kernels::of(&trace, &roots);
    let uses = Uses::of(&trace, &roots, &kernels);
    let executed = timeline::follow(&trace, &uses, &mut report);
    let versions = Versions { kernels: &kernels, roots: &roots, executed };
    rules::sync_copy_not_replayed::check(&trace, &uses, &mut report);
    rules::external_never_signalled::check(&trace, &uses, &mut report);
    rules::extflag_late_record::check(&trace, &uses, &mut report);
    drop(uses);
    // Nobody asks for what happened at once from here on.
    trace.steps = Vec::new();
    check_graphs(&trace, &versions, accesses, &mut report);
    rules::notify_never_recorded::check(&trace, &roots, &mut report);
    let shows_contents = accesses.show_contents();
    if let Some(written) = rules::uninitialized_read::Written::of(&trace, shows_contents) {
        rules::unwritten_value_wait::check(&trace, &roots, &written, &mut report);
        if shows_contents {
            rules::uninitialized_read::check(&trace, &written, &versions, &mut report);
        }
    }
    rules::cond_value_uninit::check(&trace, &mut report);
    rules::dead_event::check(&trace, &mut report);
    if !units.is_empty() {
        check_units(&trace, &mut report);
    }
    report.finish()
}

/// Checks what the order of the calls alone says about sessions and offline models.
fn check_units(trace: &Trace<'_, '_>, report: &mut Report) {
    rules::ge_not_initialized::check(trace, report);
    rules::ge_init_twice::check(trace, report);
    rules::ge_mixed_run_modes::check(trace, report);
    rules::ge_unknown_graph::check(trace, report);
    rules::ge_duplicate_id::check(trace, report);
    rules::ge_io_memory::check(trace, report);
    rules::ge_session_concurrent::check(trace, report);
    rules::ge_session_after_finalize::check(trace, report);
    rules::ge_load_options::check(trace, report);
    rules::ge_config_keys::check(trace, report);
    rules::mdl_shared_without_lock::check(trace, report);
    rules::mdl_context_differs::check(trace, report);
    rules::mdl_memory_kind::check(trace, report);
    rules::mdl_suballoc_alignment::check(trace, report);
    rules::mdl_allocator_stream::check(trace, report);
}

/// Checks each graph whose capture ended well by itself, in every version that it was executed in.
fn check_graphs(
    trace: &Trace<'_, '_>,
    versions: &Versions<'_>,
    accesses: &dyn Accesses,
    report: &mut Report,
) {
    let nodes = graph::nodes(trace, |model| model);
    let conditions = rules::unordered_access::conditions(trace);
    let mut numbers = Numbers::new(trace);
    let mut rooms = rules::unordered_access::Rooms::default();
    for model in trace.state.models.keys() {
        if trace.ended_by(model).is_none() {
            continue;
        }
        let graph = Captured::of(trace, model, &nodes[model], &mut numbers);
        // Before the rooms have grown, which stay: its own are as large.
        rules::redundant_wait::check(trace, &graph, report);
        let begin = CallId(trace.state.models[model].made_by);
        for updated in versions.calls_by_node(model, nodes[model].len()) {
            // Where mistakes are looked for, the rule is asked all the same and has to agree.
            let is_proved = updated.is_empty() && accesses.are_ordered(begin);
            if is_proved && !cfg!(debug_assertions) {
                continue;
            }
            let (rooms, before) = (&mut rooms, report.len());
            rules::unordered_access::check(trace, &graph, &nodes, &conditions, &updated, rooms, report);
            debug_assert!(!is_proved || report.len() == before, "tasks said to be ordered race");
        }
        rules::dead_record::check(trace, &graph, report);
    }
}
