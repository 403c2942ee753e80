//! What is wrong with a task graph: where, what, and what to do about it.

use std::fmt;

/// How many problems of one file are told.
const MOST_TOLD: usize = 20;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is: `tasks[12] ("relu")`.
    pub place: String,
    /// What is wrong.
    pub cause: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.cause, self.remedy)
    }
}

/// Why a file is no task graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskGraphError {
    /// It cannot be read as JSON of this form.
    #[error("{0}")]
    Unreadable(Problem),
    /// What it says does not fit together.
    #[error("the task graph has {} that must be mended first", counted(.problems.len() + .more))]
    Problems {
        /// The first of them.
        problems: Vec<Problem>,
        /// How many more there are.
        more: usize,
    },
}

fn counted(problems: usize) -> String {
    if problems == 1 { "a problem".to_owned() } else { format!("{problems} problems") }
}

/// The problems of a file, as they are found.
#[derive(Debug, Default)]
pub(super) struct Problems {
    told: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Adds one; the texts are made only where they are told.
    pub(super) fn add(&mut self, problem: impl FnOnce() -> Problem) {
        if self.told.len() < MOST_TOLD {
            self.told.push(problem());
        } else {
            self.more += 1;
        }
    }

    /// Nothing, if there are none.
    pub(super) fn result(self) -> Result<(), TaskGraphError> {
        if self.told.is_empty() {
            return Ok(());
        }
        Err(TaskGraphError::Problems { problems: self.told, more: self.more })
    }
}
