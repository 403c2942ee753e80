//! Imports what other tools know of a graph: call logs, debug dumps and task graphs become `.acg` programs.
//!
//! ```text
//! Log ───────import_log────────▶ ImportedLog ──┐
//!                                              ├──▶ module, remarks ──▶ agreement: lower, replay, compare
//! Trace ─────import_dumps──────▶ ImportedDump ─┘
//! TaskGraph ─import_task_graph─▶ ImportedTasks ──▶ module, remarks
//! ```
//!
//! What was measured of its tasks is put into a module by [`CostTable`].
//!
//! A log says everything, so its program makes the same calls; a dump says which tasks there are and not what they work on,
//! so its program has placeholders. What a program does not say, or says by assumption, is a [`Remark`].
//!
//! **Invariant:** an imported module verifies, and its text is canonical and is read without diagnostics.

mod agreement;
mod costs;
mod draft;
mod dump;
mod launch;
mod log;
mod names;
mod remark;
mod target;
pub mod tasks;

pub use agreement::{Agreement, Disagreement, dump_agreement, log_agreement};
pub use costs::{AppliedCosts, CostTable, CostsError};
pub use dump::{DumpError, ImportedDump, Unsayable, detect, import_dumps};
pub use log::{ImportedLog, LogError, Print, import_log};
pub use remark::{Remark, RemarkKind, summary};
pub use target::TargetName;
