//! Levels: which passes run, in which order.

use std::str::FromStr;

use acg_ir::Module;

use crate::{
    AssignOneStream, CoalesceCopies, EliminateDeadTasks, ForwardCopies, HoistInvariantCopies, MinimizeSyncs,
    Pass, PlanMemory, RemoveRedundantCopies, ScheduleStreams, StabSyncs,
};

/// How much is done to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As written; `auto` graphs get one stream.
    O0,
    /// Streams and order are kept; what changes nothing goes.
    O1,
    /// `auto` graphs are scheduled from their data dependences.
    O2,
    /// Takes the time for exact searches, and orders what was unordered where that saves synchronisation.
    O3,
}

/// A level that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no level; 0, 1, 2 and 3 are")]
pub struct UnknownLevel(String);

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        match text {
            "0" => Ok(Self::O0),
            "1" => Ok(Self::O1),
            "2" => Ok(Self::O2),
            "3" => Ok(Self::O3),
            other => Err(UnknownLevel(other.to_owned())),
        }
    }
}

impl Level {
    /// The level that a program gets unless the user says otherwise: `auto` graphs are there to be scheduled.
    pub fn default_of(module: &Module) -> Self {
        if module.graphs.values().any(acg_ir::Graph::is_auto) { Self::O2 } else { Self::O1 }
    }
}

/// The passes of a level, in order.
pub fn passes_of(level: Level) -> &'static [&'static dyn Pass] {
    match level {
        Level::O0 => &[&AssignOneStream],
        Level::O1 => &[&AssignOneStream, &RemoveRedundantCopies, &EliminateDeadTasks, &MinimizeSyncs],
        Level::O2 => &[
            &RemoveRedundantCopies,
            &ForwardCopies,
            &EliminateDeadTasks,
            &HoistInvariantCopies,
            &CoalesceCopies,
            &ScheduleStreams,
            &MinimizeSyncs,
            &PlanMemory,
        ],
        Level::O3 => &[
            &RemoveRedundantCopies,
            &ForwardCopies,
            &EliminateDeadTasks,
            &HoistInvariantCopies,
            &CoalesceCopies,
            &ScheduleStreams,
            &StabSyncs,
            &MinimizeSyncs,
            &PlanMemory,
        ],
    }
}
