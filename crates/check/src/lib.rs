//! The pipeline: text in, diagnostics and artefacts out.
//!
//! | step | where |
//! |---|---|
//! | a `.acg` program: parse, verify, lower, replay | [`check_program`] |
//! | passes over a program, each proved; then lower and replay | [`compile_program`], [`optimise_program`] |
//! | a `.calls` log: read, replay, compare with the codes it holds | [`check_log`] |
//! | debug dumps, one or several ranks' | [`check_dumps`] |
//! | the graphs of any input, for statistics, pictures and comparison | [`graphs_of`] |
//! | how task groups are updated: in place, or between models | [`UpdateMethod`] |
//! | the machine to predict for | [`TargetChoice`] |
//! | a finding at a call becomes a diagnostic at a place | `finding` |
//! | artefacts of a program without errors | [`emit`] |
//! | a program, executed on ordinary memory | [`run_program`] |
//! | what its graphs amount to as schedules | [`Figures`] |
//! | every rule that any crate knows, and its page | [`rules`], [`page`] |
//! | what a pass does, with an example | [`pass_section`] |
//! | what a rule, a code or a message is about | [`explain()`] |
//!
//! **Invariant:** artefacts come from [`Accepted`] programs only, so nothing is written for a program that the runtime
//! would reject.

mod accesses;
mod catalogue;
mod compile;
mod dump_file;
mod dumps;
mod duration;
mod emit;
mod explain;
mod figures;
mod finding;
mod graphs;
mod group_sizes;
mod kind;
mod log;
mod log_allows;
mod optimise;
mod pages;
mod pass_page;
mod picture;
mod predicted;
mod program;
mod replay;
mod run;
mod target;
mod update_method;

pub use acg_diagnostics::{
    Config, Diagnostic, FileId, Format, Level, Levels, RenderOptions, Rule, Severity, Sources, Span, Summary,
    UnknownFormat, closest, codes, limit, render, write,
};
pub use acg_passes::Level as OptLevel;

pub use acg_import::CostTable;
pub use acg_passes::Streams;
pub use acg_reference as reference;
pub use acg_stats as measures;
pub use acg_view as pictures;
pub use catalogue::{RULES, rule, rules};
pub use compile::{CompileOptions, Compiled, compile, compile_program, optimise_program};
pub use dump_file::{DumpFile, DumpText, dump_text, is_dump, read_dumps};
pub use dumps::check_dumps;
pub use emit::{Artefact, Emit, UnknownEmit, emit};
pub use explain::{Unknown, explain};
pub use figures::Figures;
pub use graphs::{Graphs, NoGraphs, graph_printed, graphs_of};
pub use kind::Kind;
pub use log::check_log;
pub use optimise::{Optimised, PassRun};
pub use pages::{page, page_codes};
pub use pass_page::pass_section;
pub use picture::draw;
pub use program::{Accepted, Checked, ReadProgram, check_program, format_program, read_program};
pub use replay::{Replayed, replay_log};
pub use run::{Execution, Ran, run_program};
pub use target::{DEFAULT_TARGET, TargetChoice, TargetError, describe_target, targets};
pub use update_method::{Form, UnknownMethod, UpdateChoice, UpdateMethod};
