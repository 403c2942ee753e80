//! Tasks in a row, as reports name them.

use acg_trace::{TaskId, Trace};

/// Tasks of one stream in a row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Run {
    /// `Stream Id`.
    pub stream: i32,
    /// `Task Id` of the first.
    pub from: u32,
    /// `Task Id` of the last.
    pub to: u32,
    /// How many there are.
    pub tasks: u32,
}

/// The rows that `tasks` stand in; a row ends where another stream continues or a task is left out.
pub(crate) fn runs(trace: &Trace, tasks: impl IntoIterator<Item = TaskId>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut next = None;
    for task in tasks {
        let stream = trace.streams[trace.tasks[task].stream].id;
        let number = trace.record(task).task;
        match runs.last_mut().filter(|run| next == Some(task) && run.stream == stream) {
            Some(run) => (run.to, run.tasks) = (number, run.tasks + 1),
            None => runs.push(Run { stream, from: number, to: number, tasks: 1 }),
        }
        next = trace.next(task);
    }
    runs
}
