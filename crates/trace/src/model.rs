//! The understood dump as plain data.
//!
//! **Invariant:** task `n` is record `n` of the dump; every task is on exactly one lane, at its position there.

use std::ops::Range;

use acg_dump::{OwnedDump, OwnedRecord};
use acg_entity::{Arena, Entity};

use crate::kind::Kind;
use crate::links::Links;
use crate::parts;
use crate::signal::Signals;
use crate::streams::Layout;

acg_entity::entity! {
    /// A task, numbered like the records of the dump.
    TaskId, "task"
}

acg_entity::entity! {
    /// A stream, in the order of the dump.
    StreamId, "stream"
}

acg_entity::entity! {
    /// A logical stream: a captured stream with its continuations. The first is the origin stream, the others follow in the
    /// order in which capturing made them.
    LaneId, "lane"
}

acg_entity::entity! {
    /// A task group.
    GroupId, "group"
}

/// A dump and what it means.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The records with all their columns.
    pub dump: OwnedDump,
    /// One entry for each record.
    pub tasks: Arena<TaskId, Task>,
    /// The streams of the dump.
    pub streams: Arena<StreamId, Stream>,
    /// The logical streams, the origin stream first; never empty.
    pub lanes: Arena<LaneId, Lane>,
    /// The tasks of all lanes, lane by lane, each in the order in which its stream runs them.
    pub order: Vec<TaskId>,
    /// The task groups, lane by lane.
    pub groups: Arena<GroupId, Group>,
    /// Which wait waits for which record.
    pub links: Links,
}

/// One task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// What it is.
    pub kind: Kind,
    /// Why it is there.
    pub part: Part,
    /// The stream it is printed on.
    pub stream: StreamId,
    /// The logical stream it runs on.
    pub lane: LaneId,
    /// How many tasks of its lane come before it.
    pub position: u32,
}

/// Why a task is there: the program's own, or put there by the runtime (debug-json, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The program submitted it.
    Body,
    /// A placeholder with which a task group begins.
    GroupHead(GroupId),
    /// The signal behind a host function: the wait for it, and the reset on v100.
    Callback,
    /// The last task of a stream that another one continues.
    Cascade,
    /// A notify between a stream that was added to the model and the origin stream: its record or its wait.
    AddedStream,
    /// A reset that capturing put behind the origin stream.
    ClosingReset,
    /// The record that tells the end of the graph.
    EndRecord,
}

/// One stream of the dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// `Stream Id`; -1 for the empty origin stream that a trailing comma tells of.
    pub id: i32,
    /// Its records.
    pub records: Range<u32>,
    /// The logical stream it belongs to.
    pub lane: LaneId,
    /// What it is to the capture.
    pub role: Role,
}

/// What a stream is to the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Capturing began on it; it is printed last.
    Origin,
    /// It was drawn in by a wait, or added.
    Side,
    /// It continues a stream that was full.
    Continues {
        /// Which.
        stream: StreamId,
        /// Whether the dump says so; otherwise it is the only or the likeliest one (debug-json, section 7).
        named: bool,
    },
}

/// A logical stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its streams, each continuing the one before it.
    pub streams: Vec<StreamId>,
    /// Its tasks in [`Trace::order`].
    pub tasks: Range<u32>,
}

/// A task group, known by the placeholders with which it begins; the dump does not say where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its lane.
    pub lane: LaneId,
    /// The position of its first placeholder on the lane.
    pub first: u32,
    /// How many placeholders there are.
    pub length: u32,
}

impl Trace {
    /// Finds out what `dump` means.
    pub fn of(dump: OwnedDump) -> Self {
        let kinds = kinds(&dump);
        let signals = Signals::of(&dump, &kinds);
        let Layout { streams, lanes, order } = Layout::of(&dump, &kinds);
        let mut tasks: Arena<TaskId, Task> = Arena::default();
        for (stream, data) in streams.iter() {
            for &kind in &kinds[data.records.start as usize..data.records.end as usize] {
                tasks.push(Task { kind, part: Part::Body, stream, lane: data.lane, position: 0 });
            }
        }
        for lane in lanes.values() {
            let own = &order[lane.tasks.start as usize..lane.tasks.end as usize];
            for (position, &task) in own.iter().enumerate() {
                tasks[task].position = position as u32;
            }
        }
        let (groups, links) = (Arena::default(), Links::default());
        let mut trace = Self { dump, tasks, streams, lanes, order, groups, links };
        parts::assign(&mut trace, &signals);
        trace.links = Links::of(&trace, &signals);
        trace
    }

    /// The origin stream's lane.
    pub fn origin(&self) -> LaneId {
        LaneId::at(0)
    }

    /// The record of a task.
    pub fn record(&self, task: TaskId) -> &OwnedRecord {
        &self.dump.records[task.index()]
    }

    /// The printed name of a task without its suffix; for a kernel the kernel's name.
    pub fn name(&self, task: TaskId) -> &str {
        self.dump.base_name(self.record(task))
    }

    /// The tasks of a lane, in the order in which it runs them.
    pub fn lane_tasks(&self, lane: LaneId) -> &[TaskId] {
        let range = &self.lanes[lane].tasks;
        &self.order[range.start as usize..range.end as usize]
    }

    /// The task before `task` on its lane.
    pub fn previous(&self, task: TaskId) -> Option<TaskId> {
        let Task { lane, position, .. } = self.tasks[task];
        self.lane_tasks(lane).get((position as usize).checked_sub(1)?).copied()
    }

    /// The task behind `task` on its lane.
    pub fn next(&self, task: TaskId) -> Option<TaskId> {
        let Task { lane, position, .. } = self.tasks[task];
        self.lane_tasks(lane).get(position as usize + 1).copied()
    }
}

/// The kind of every record; each type is looked at once.
fn kinds(dump: &OwnedDump) -> Vec<Kind> {
    let mut known: Vec<Option<Kind>> = vec![None; dump.texts.len()];
    let kind = |record: &OwnedRecord| {
        let place = &mut known[record.task_type.index()];
        *place.get_or_insert_with(|| Kind::of(dump.task_type(record)))
    };
    dump.records.iter().map(kind).collect()
}
