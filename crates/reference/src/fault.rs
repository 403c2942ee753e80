//! What ends an execution before its end, and what is found out on the way.

use acg_ir::body::{BodyId, Conditional, Update};
use acg_ir::{Conflict, Task};

/// A line of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The body that it stands in.
    pub body: BodyId,
    /// What of it.
    pub line: Line,
}

/// What kind of line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// A task or call.
    Task(Task),
    /// The header of a conditional task.
    Conditional(Conditional),
    /// The header of an update.
    Update(Update),
}

/// Why an execution ends early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of end it is.
    pub kind: FaultKind,
    /// The line at which it ends, if it is one.
    pub site: Option<Site>,
    /// What is wrong, in words, without a final stop.
    pub message: String,
    /// Other lines that have part in it, with what they do.
    pub related: Vec<(Site, String)>,
    /// What had been printed before, a line each.
    pub printed: Vec<String>,
}

/// The kinds of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The executor cannot compute something, or not without guessing.
    NotExecutable,
    /// Everything that is left waits for something that never comes.
    Stuck,
    /// A limit of memory or steps.
    Limit,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, site: Option<Site>, message: String) -> Self {
        Self { kind, site, message, related: Vec::new(), printed: Vec::new() }
    }

    pub(crate) fn not_executable(site: Site, message: impl Into<String>) -> Self {
        Self::new(FaultKind::NotExecutable, Some(site), message.into())
    }

    pub(crate) fn too_much_memory(limit: u64) -> Self {
        Self::new(FaultKind::Limit, None, format!("the buffers take more than {limit} bytes"))
    }

    pub(crate) fn too_many_steps(site: Option<Site>, limit: u64) -> Self {
        Self::new(FaultKind::Limit, site, format!("the program takes more than {limit} steps"))
    }
}

/// An `expect` that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The line.
    pub site: Site,
    /// Which element is otherwise, and how, in words.
    pub message: String,
}

/// Two accesses to the same bytes that nothing orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RacePair {
    /// The line that came first in this execution.
    pub first: Site,
    /// The other one.
    pub second: Site,
    /// How they conflict.
    pub conflict: Conflict,
    /// What they conflict about: `bytes 0..32 of out`, `task group tail of add`.
    pub about: String,
}
