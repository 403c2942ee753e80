//! The debug dump of a captured graph, `modelRI.json`: its records, how the runtime prints them, how two are compared.
//!
//! **Invariant:** printing is byte for byte what the runtime writes; a dump holds nothing that is not needed for it.

mod any;
mod compare;
mod format;
mod origin;
mod owned;
mod print;
mod read;
mod record;
mod task_type;

pub use any::{AnyReading, Repair, RepairKind, SyntaxError, read_any};
pub use compare::{Difference, Pair, difference};
pub use format::Format;
pub use origin::Origin;
pub use owned::{OwnedDump, OwnedRecord, Text};
pub use print::{Printer, print, write};
pub use read::{Printed, ReadError, Reading, Spelling, read};
pub use record::{Dump, Info, KernelArgs, Mark, Record, StreamRecords, Suffix};
pub use task_type::TaskType;
