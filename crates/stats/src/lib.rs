//! What a captured graph amounts to: counts, critical path, width, and whether it fits a device.
//!
//! | what | where |
//! |---|---|
//! | how many tasks of what kind on which stream | [`Counts`] |
//! | the longest chain of tasks | [`CriticalPath`] |
//! | how many can run at once, with a proof | [`Width`] |
//! | streams, queue entries, events and notifies on a machine | [`Usage`] |
//! | whether several graphs fit it together, with the arithmetic | [`Budget`] |
//! | all of that as text or JSON | [`Report`] |
//!
//! **Invariant:** numbers of a machine are those of its target profile; nothing here compares the names of chips.

mod antichain;
mod blocks;
mod budget;
mod counts;
mod critical_path;
mod graph;
mod report;
mod run;
mod usage;
mod width;

pub use antichain::Antichain;
pub use blocks::{Block, BlockId, Blocks};
pub use budget::{Budget, Line, Quota, Verdict};
pub use counts::{Counts, StreamCounts};
pub use critical_path::CriticalPath;
pub use graph::{Graph, Measures};
pub use report::{Format, Report, UnknownFormat};
pub use run::Run;
pub use usage::{Bodies, Count, Entries, Usage};
pub use width::Width;
