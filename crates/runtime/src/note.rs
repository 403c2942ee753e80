//! What a call hands back besides its code, in the words that logs use.

use std::fmt;

use crate::state::{CaptureStatus, Mode};

/// What a call handed back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Status and graph of a stream; no status where the call failed.
    Capture {
        /// The status.
        status: Option<CaptureStatus>,
        /// Whether there is a graph.
        has_model: bool,
    },
    /// The driver's number of the graph that an end made.
    ModelId(u32),
    /// A failed end set the graph to null.
    ModelNull,
    /// A failed end left the graph variable alone.
    ModelUntouched,
    /// The exchange value that was replaced.
    OldMode(Mode),
    /// A handle was made.
    HandleSet,
    /// No handle was made, the variable is null.
    HandleNull,
    /// No handle was made, the variable is what it was.
    HandleUntouched,
    /// The branches of a conditional task were made, or not.
    Branches {
        /// Whether they were.
        are_set: bool,
    },
    /// How many streams a graph has, and the driver's number and task count of each that was asked for.
    Streams {
        /// How many.
        count: u32,
        /// Number, tasks and code of each.
        streams: Vec<(u32, u32)>,
    },
    /// Type and sequence number of each task.
    Tasks(Vec<(u32, u32)>),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capture { status, has_model } => {
                let status = match status {
                    None => "unset",
                    Some(CaptureStatus::None) => "NONE",
                    Some(CaptureStatus::Active) => "ACTIVE",
                    Some(CaptureStatus::Invalidated) => "INVALIDATED",
                };
                write!(f, "status={status} model={}", if *has_model { "set" } else { "null" })
            }
            Self::ModelId(id) => write!(f, "model id {id}"),
            Self::ModelNull => f.write_str("modelRI=nullptr"),
            Self::ModelUntouched => f.write_str("modelRI untouched"),
            Self::OldMode(mode) => write!(f, "old={}", mode.as_str()),
            Self::HandleSet => f.write_str("handle set"),
            Self::HandleNull => f.write_str("handle null"),
            Self::HandleUntouched => f.write_str("handle untouched"),
            Self::Branches { are_set } => write!(f, "submodels {}", if *are_set { "set" } else { "null" }),
            Self::Streams { count, streams } => {
                write!(f, "{count} streams")?;
                streams.iter().try_for_each(|(id, tasks)| write!(f, " [stream {id}: {tasks} tasks rc 0]"))
            }
            Self::Tasks(tasks) => {
                tasks.iter().try_for_each(|(kind, number)| write!(f, "(type {kind} rc 0 seq {number} rc 0)"))
            }
        }
    }
}
