//! Which wait waits for which record.

use acg_entity::Entity;

use crate::circle;
use crate::kind::Kind;
use crate::model::{Part, TaskId, Trace};
use crate::pairing::pair;
use crate::signal::Signals;

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
    /// Records that nothing waits for, in the order of tasks.
    unwaited: Vec<TaskId>,
    /// Waits that wait for each other in a circle.
    circles: Vec<Vec<TaskId>>,
    /// Every task that uses a signal, in an order in which they can run, except for circles.
    schedule: Vec<TaskId>,
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

    /// The event records and notify records of the program that nothing in this graph waits for, in the order of tasks: their
    /// waits are in another graph or on the host, or there are none.
    pub fn unwaited_records(&self) -> &[TaskId] {
        &self.unwaited
    }

    /// The circles in which lanes wait for each other, so that none goes on. Each is told by its records and waits, of which every
    /// one must be complete before the next one, and the last before the first; it begins with a record.
    pub fn circles(&self) -> &[Vec<TaskId>] {
        &self.circles
    }

    /// Every task that uses a signal, in an order in which they can run; only where there are [`Self::circles`], a wait can come
    /// before its record.
    pub fn schedule(&self) -> &[TaskId] {
        &self.schedule
    }

    /// Pairs the records and waits of `trace`.
    pub(crate) fn of(trace: &Trace, signals: &Signals) -> Self {
        let pairing = pair(trace, signals);
        let records = pairing.records;
        let mut starts = vec![0; trace.tasks.len() + 1];
        for record in records.iter().flatten() {
            starts[record.index() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut waits = vec![TaskId::at(0); records.iter().flatten().count()];
        for (wait, record) in records.iter().enumerate() {
            if let Some(record) = record {
                let place = &mut next[record.index()];
                waits[*place as usize] = TaskId::at(wait);
                *place += 1;
            }
        }
        let mut links = Self { records, starts, waits, schedule: pairing.schedule, ..Self::default() };
        let alone = |links: &Self, task: &TaskId| match trace.tasks[*task].kind {
            Kind::EventWait | Kind::NotifyWait | Kind::ValueWait => links.record_of(*task).is_none(),
            Kind::EventRecord | Kind::NotifyRecord => links.waits_of(*task).is_empty(),
            _ => false,
        };
        let submitted = |task: &TaskId| trace.tasks[*task].part == Part::Body;
        let alone = trace.tasks.keys().filter(|task| submitted(task) && alone(&links, task));
        (links.unrecorded, links.unwaited) = alone.partition(|&task| trace.tasks[task].kind.is_wait());
        if pairing.is_circular {
            links.circles = circle::find(trace, &links);
        }
        links
    }
}
