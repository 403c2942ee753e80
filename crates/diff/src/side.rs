//! One graph made ready for comparison: what counts of it, and a token for each task that equal tasks share.

use std::ops::Range;

use acg_dump::Text;
use acg_entity::Entity;
use acg_trace::{Kind, LaneId, Part, TaskId, Trace};

use crate::addresses;
use crate::hash::{hash, mix};
use crate::parts::Parts;

/// What a task is to a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// It does work.
    Work,
    /// It records, waits or resets.
    Sync,
    /// The runtime put it there; it follows from the rest.
    Noise,
}

/// A graph made ready for comparison.
pub(crate) struct Prepared<'t> {
    pub(crate) trace: &'t Trace,
    classes: Vec<Class>,
    /// For each task, what it is in all compared columns.
    exact: Vec<u64>,
    /// For each task, what it is by name or kind alone.
    loose: Vec<u64>,
    /// The tasks that count, lane by lane.
    items: Vec<TaskId>,
    /// Where the items of each lane are.
    lanes: Vec<Range<u32>>,
    /// For each task, how many items of its lane come before it.
    positions: Vec<u32>,
}

impl<'t> Prepared<'t> {
    pub(crate) fn of(trace: &'t Trace, left_out: Parts) -> Self {
        let classes: Vec<Class> = trace.tasks.values().map(|task| class(task.kind, task.part)).collect();
        let mut items = Vec::with_capacity(classes.len());
        let mut positions = vec![0; classes.len()];
        let lanes = trace.lanes.keys().map(|lane| {
            let start = items.len() as u32;
            for &task in trace.lane_tasks(lane) {
                positions[task.index()] = items.len() as u32 - start;
                if classes[task.index()] != Class::Noise {
                    items.push(task);
                }
            }
            start..items.len() as u32
        });
        let lanes = lanes.collect();
        let mut prepared =
            Self { trace, classes, exact: Vec::new(), loose: Vec::new(), items, lanes, positions };
        prepared.name_work(left_out);
        prepared.name_syncs();
        prepared
    }

    pub(crate) fn class(&self, task: TaskId) -> Class {
        self.classes[task.index()]
    }

    pub(crate) fn is_work(&self, task: TaskId) -> bool {
        self.class(task) == Class::Work
    }

    pub(crate) fn is_kernel(&self, task: TaskId) -> bool {
        matches!(self.trace.tasks[task].kind, Kind::Kernel(_))
    }

    /// A token that tasks share that are equal in all compared columns.
    pub(crate) fn exact(&self, task: TaskId) -> u64 {
        self.exact[task.index()]
    }

    /// A token that tasks share that have the same name, or for records and waits the same kind.
    pub(crate) fn loose(&self, task: TaskId) -> u64 {
        self.loose[task.index()]
    }

    /// The tasks of a lane that count.
    pub(crate) fn items(&self, lane: LaneId) -> &[TaskId] {
        let range = &self.lanes[lane.index()];
        &self.items[range.start as usize..range.end as usize]
    }

    /// The tasks of all lanes that count, lane by lane.
    pub(crate) fn all_items(&self) -> &[TaskId] {
        &self.items
    }

    /// How many items of its lane come before a task.
    pub(crate) fn position(&self, task: TaskId) -> u32 {
        self.positions[task.index()]
    }

    pub(crate) fn lane(&self, task: TaskId) -> LaneId {
        self.trace.tasks[task].lane
    }

    /// The tasks that a record or wait is linked to: its waits, or its record.
    pub(crate) fn links(&self, task: TaskId) -> impl Iterator<Item = TaskId> + use<'t> {
        let links = &self.trace.links;
        links.record_of(task).into_iter().chain(links.waits_of(task).iter().copied())
    }

    /// A hash of what the graph is, equal for graphs that have no differences.
    pub(crate) fn digest(&self) -> u64 {
        let lanes = self.trace.lanes.keys().map(|lane| {
            mix(self.items(lane).iter().map(|&task| {
                let record = self.trace.links.record_of(task);
                let place = record.map_or(0, |record| {
                    mix([self.lane(record).index() as u64 + 1, u64::from(self.position(record))])
                });
                mix([self.exact(task), place])
            }))
        });
        mix(lanes)
    }

    fn name_work(&mut self, left_out: Parts) {
        let trace = self.trace;
        let dump = &trace.dump;
        let hashes: Vec<u64> =
            (0..dump.texts.len()).map(|text| hash(dump.texts.text(Text::at(text)))).collect();
        let mut stems: Vec<Option<u64>> = vec![None; hashes.len()];
        for (task, data) in trace.tasks.iter() {
            let record = trace.record(task);
            let text = record.name.unwrap_or(record.task_type);
            let name = hashes[text.index()];
            let stem = *stems[text.index()].get_or_insert_with(|| hash(&acg_trace::stem(dump.text(text))));
            let is_kernel = self.is_kernel(task);
            let loose = match self.classes[task.index()] {
                Class::Work => mix([1, u64::from(is_kernel), if is_kernel { stem } else { name }]),
                Class::Sync | Class::Noise => mix([2, hash(data.kind.as_str())]),
            };
            let column = |column: Parts, value: Option<u32>| {
                value.filter(|_| !left_out.has(column)).map_or(0, |value| u64::from(value) + 1)
            };
            let text = |column: Parts, text: Option<Text>| {
                text.filter(|_| !left_out.has(column)).map_or(0, |text| hashes[text.index()])
            };
            let exact = match self.classes[task.index()] {
                Class::Work => mix([
                    loose,
                    if left_out.has(Parts::HASHES) { stem } else { name },
                    text(Parts::TYPES, Some(record.task_type)),
                    column(Parts::BLOCKS, record.blocks),
                    column(Parts::RATION, record.ration),
                    column(Parts::SCHEM, record.schem),
                    text(Parts::EXTEND_INFO, record.extend_info),
                    if left_out.has(Parts::ARGS) { 0 } else { addresses::shape(dump, record) },
                ]),
                Class::Sync | Class::Noise => loose,
            };
            self.loose.push(loose);
            self.exact.push(exact);
        }
    }

    /// Tells records and waits apart by the work before a wait's record, and behind a record's waits.
    fn name_syncs(&mut self) {
        let before = self.nearest_work(false);
        let behind = self.nearest_work(true);
        for task in self.trace.tasks.keys().filter(|task| self.classes[task.index()] == Class::Sync) {
            let links = &self.trace.links;
            let record = links.record_of(task).map_or(0, |record| mix([before[record.index()], 1]));
            let waits = links.waits_of(task).iter();
            let waits = waits.fold(0u64, |sum, wait| sum.wrapping_add(mix([behind[wait.index()], 2])));
            self.exact[task.index()] = mix([self.loose[task.index()], record, waits]);
        }
    }

    /// For each task, the name of the work nearest to it on its lane, before it or behind it.
    fn nearest_work(&self, is_behind: bool) -> Vec<u64> {
        let mut nearest = vec![0; self.classes.len()];
        for lane in self.trace.lanes.keys() {
            let mut latest = 0;
            let mut visit = |task: TaskId| {
                if self.is_work(task) {
                    latest = self.loose(task);
                }
                nearest[task.index()] = latest;
            };
            let tasks = self.trace.lane_tasks(lane).iter().copied();
            if is_behind { tasks.rev().for_each(&mut visit) } else { tasks.for_each(&mut visit) }
        }
        nearest
    }
}

fn class(kind: Kind, part: Part) -> Class {
    match part {
        Part::Body | Part::AddedStream => {}
        Part::GroupHead(_) | Part::Callback | Part::Cascade | Part::ClosingReset | Part::EndRecord => {
            return Class::Noise;
        }
    }
    match kind {
        Kind::Nop | Kind::EndGraph => Class::Noise,
        Kind::EventReset | Kind::NotifyReset => Class::Sync,
        kind if kind.is_record() || kind.is_wait() => Class::Sync,
        _ => Class::Work,
    }
}
