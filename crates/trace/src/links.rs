//! Which wait waits for which record.

use acg_entity::Entity;

use crate::model::TaskId;

/// The pairs of records and waits, both ways.
///
/// **Invariant:** a wait has at most one record; a record has any number of waits.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// For each task, the record that it waits for.
    records: Vec<Option<TaskId>>,
    /// Where the waits of each task begin in `waits`; one entry more than tasks.
    starts: Vec<u32>,
    /// All waits, record by record.
    waits: Vec<TaskId>,
    /// Waits that nothing in this graph records, in the order of tasks.
    unrecorded: Vec<TaskId>,
    /// Waits that wait for each other in a circle.
    cycles: Vec<Vec<TaskId>>,
}

impl Links {
    /// The record that `wait` waits for; `None` where nothing in the graph records it, and for other tasks.
    pub fn record_of(&self, wait: TaskId) -> Option<TaskId> {
        self.records.get(wait.index()).copied().flatten()
    }

    /// The waits that `record` lets go on, in the order of tasks.
    pub fn waits_of(&self, record: TaskId) -> &[TaskId] {
        let bound = |at: usize| self.starts.get(at).map_or(0, |&start| start as usize);
        self.waits.get(bound(record.index())..bound(record.index() + 1)).unwrap_or(&[])
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.waits.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.waits.is_empty()
    }

    /// The waits of the program that nothing in this graph records, in the order of tasks: they wait for the host, another
    /// graph or another device, or for ever.
    pub fn unrecorded_waits(&self) -> &[TaskId] {
        &self.unrecorded
    }

    /// The circles in which streams wait for each other, so that none goes on; each holds its records and waits, in the
    /// order of tasks.
    pub fn cycles(&self) -> &[Vec<TaskId>] {
        &self.cycles
    }
}
