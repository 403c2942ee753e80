//! Imports what other tools know of a graph: call logs and debug dumps become `.acg` programs.
//!
//! ```text
//! Log ───import_log───▶ ImportedLog ──┐
//!                                     ├──▶ module, remarks ──▶ agreement: lower, replay, compare
//! Trace ─import_dumps─▶ ImportedDump ─┘
//! ```
//!
//! A log says everything, so its program makes the same calls; a dump says which tasks there are and not what they work on,
//! so its program has placeholders. What a program does not say, or says by assumption, is a [`Remark`].
//!
//! **Invariant:** an imported module verifies, and its text is canonical and is read without diagnostics.

mod agreement;
mod draft;
mod dump;
mod launch;
mod log;
mod names;
mod remark;
mod target;

pub use agreement::{Agreement, Disagreement, dump_agreement, log_agreement};
pub use dump::{DumpError, ImportedDump, Unsayable, detect, import_dumps};
pub use log::{ImportedLog, LogError, import_log};
pub use remark::{Remark, RemarkKind, summary};
pub use target::TargetName;
