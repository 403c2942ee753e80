//! Graphs: their status, streams, groups and branches.

use acg_calls::Name;
use acg_diagnostics::Rule;
use smallvec::SmallVec;

use super::{CaptureEventId, CondId, ContextId, EventId, InnerId, StreamId};

/// A list of ids that is no larger than a vector and takes no memory of its own while they are few: programs make graphs by the thousand.
pub type Few<T> = SmallVec<[T; 4]>;

/// Where a graph is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelStatus {
    /// Made, no stream captured into it yet.
    New,
    /// Being captured.
    Capturing,
    /// Being captured, and already lost.
    Invalidated,
    /// Can be executed.
    Ready,
    /// Parameters were changed and not yet committed.
    Updating,
    /// A parameter change failed.
    Fault,
}

/// How a graph came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// Captured between begin and end.
    Captured,
    /// A branch of this conditional handle's task.
    Branch(CondId),
    /// Made by the build API.
    Built,
}

/// What made a capture invalid.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    /// The call.
    pub call: u32,
    /// The rule it broke, where it broke one.
    pub rule: Option<&'static Rule>,
}

/// A graph.
#[derive(Clone, Debug)]
pub struct Model {
    /// The name under which the log knows it.
    pub name: Option<Name>,
    /// The driver's number.
    pub driver_id: u32,
    /// How it came to be.
    pub kind: ModelKind,
    /// Where it is in its life.
    pub status: ModelStatus,
    /// The context it was made in.
    pub context: ContextId,
    /// The call that made it.
    pub made_by: u32,
    /// The call that destroyed it.
    pub destroyed_by: Option<u32>,
    /// Its hidden streams in the order in which they were bound; dumps print the newest first.
    pub inners: Few<InnerId>,
    /// The streams that were captured into it and have not been put back.
    pub members: Few<StreamId>,
    /// The events that have a captured record in it; one that went to another capture and came back is there twice.
    pub events: Few<EventId>,
    /// Its internal events.
    pub captured: Few<CaptureEventId>,
    /// How many of its streams have an open task group.
    pub open_groups: u32,
    /// The code that its task groups end with, once one was broken.
    pub group_error: Option<i32>,
    /// What made its capture invalid.
    pub cause: Option<Cause>,
    /// Streams added below the ACL layer, which need no join.
    pub added: Vec<StreamId>,
    /// Conditional handles made for it.
    pub conds: Vec<CondId>,
    /// Events recorded or waited for in it with the external flag, and the call.
    pub flagged: Vec<(EventId, u32)>,
    /// Driver ids of the notifies it owns.
    pub notifies: Few<u32>,
    /// Whether it waits for something outside: an EXTERNAL event, or one with the external flag.
    pub waits_for_outside: bool,
    /// The first call that executed it.
    pub executed_by: Option<u32>,
    /// The call that ended its capture.
    pub ended_by: Option<u32>,
    /// The call by which the build API finished it.
    pub built_by: Option<u32>,
    /// The streams that the build API bound to it.
    pub bound: Vec<StreamId>,
}

impl Model {
    /// A graph as creation leaves it.
    pub fn new(driver_id: u32, kind: ModelKind, context: ContextId, made_by: u32) -> Self {
        Self {
            name: None,
            driver_id,
            kind,
            status: ModelStatus::New,
            context,
            made_by,
            destroyed_by: None,
            inners: Few::new(),
            members: Few::new(),
            events: Few::new(),
            captured: Few::new(),
            open_groups: 0,
            group_error: None,
            cause: None,
            added: Vec::new(),
            conds: Vec::new(),
            flagged: Vec::new(),
            notifies: Few::new(),
            waits_for_outside: false,
            executed_by: None,
            ended_by: None,
            built_by: None,
            bound: Vec::new(),
        }
    }

    /// Whether it is being captured, valid or not.
    pub fn is_capturing(&self) -> bool {
        matches!(self.status, ModelStatus::Capturing | ModelStatus::Invalidated)
    }

    /// Whether it is a branch of a conditional task.
    pub fn is_branch(&self) -> bool {
        matches!(self.kind, ModelKind::Branch(_))
    }

    /// Whether it was, or is to be, captured.
    pub fn is_captured(&self) -> bool {
        self.kind != ModelKind::Built
    }
}
