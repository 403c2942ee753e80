//! A hash of what a graph is, free of what a run chooses.
//!
//! The process, the ids of models, streams, events and notifies, device addresses, the order in which streams are printed, the
//! order of the closing resets, the record of the end, placeholders, continuations of full streams and kernel arguments do
//! not matter. What runs, in which order on its lane, and after what on other lanes does.
//!
//! Every task is hashed with all that leads to it and, the other way, with all that follows from it; the sum over the
//! tasks is the graph's. The hash is `SipHash` 2-4 with 128 bits over fixed bytes, so it is the same on every machine.

use std::fmt;
use std::hash::Hasher;

use acg_entity::{Arena, Entity};
use siphasher::sip128::{Hasher128, SipHasher24};

use crate::kind::Kind;
use crate::model::{LaneId, Part, TaskId, Trace};

/// What a graph is, as a hash and a list of kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The hash; equal for equal graphs, and different, but for chance, for different ones.
    pub hash: u128,
    /// How many tasks there are of each kind, by kind, without those that do not matter.
    pub kinds: Vec<(Kind, u32)>,
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.hash)
    }
}

impl Fingerprint {
    /// The fingerprint of `trace`.
    pub fn of(trace: &Trace) -> Self {
        let own = own_hashes(trace);
        let before = walk(trace, &own, Direction::Forward);
        let behind = walk(trace, &own, Direction::Backward);
        let mut kinds = std::collections::BTreeMap::new();
        let mut sum = 0u128;
        for (task, data) in trace.tasks.iter().filter(|(task, _)| own[task.index()].is_some()) {
            *kinds.entry(data.kind).or_insert(0) += 1;
            sum = sum.wrapping_add(mix(&[before[task.index()], behind[task.index()]]));
        }
        Self { hash: mix(&[sum, trace.lanes.len() as u128]), kinds: kinds.into_iter().collect() }
    }
}

/// Whether a task matters.
fn matters(kind: Kind, part: Part) -> bool {
    kind != Kind::Nop && !matches!(part, Part::Cascade | Part::ClosingReset | Part::EndRecord)
}

/// The hash of each task by itself; `None` for those that do not matter.
fn own_hashes(trace: &Trace) -> Vec<Option<u128>> {
    let mut texts: Vec<Option<u128>> = vec![None; trace.dump.texts.len()];
    let hash = |(task, data): (TaskId, &crate::Task)| {
        let record = trace.record(task);
        let mut text = |text: acg_dump::Text| {
            *texts[text.index()].get_or_insert_with(|| {
                let mut hasher = SipHasher24::new();
                hasher.write(trace.dump.text(text).as_bytes());
                hasher.finish128().as_u128()
            })
        };
        let number = |number: Option<u32>| number.map_or(0, |number| u128::from(number) + 1);
        matters(data.kind, data.part).then(|| {
            mix(&[
                text(record.task_type),
                text(record.name.unwrap_or(record.task_type)),
                record.extend_info.map_or(0, &mut text),
                number(record.blocks) << 64 | number(record.ration),
                number(record.schem) << 64 | trace.links.waits_of(task).len() as u128,
                u128::from(trace.links.record_of(task).is_some()),
            ])
        })
    };
    trace.tasks.iter().map(hash).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

/// The hash of each task with all that comes before it, or behind it.
fn walk(trace: &Trace, own: &[Option<u128>], direction: Direction) -> Vec<u128> {
    let mut walk = Walk {
        trace,
        own,
        direction,
        hashes: vec![0; own.len()],
        lanes: trace.lanes.keys().map(|lane| (u128::from(lane == trace.origin()), 0)).collect(),
    };
    let schedule = trace.links.schedule();
    match direction {
        Direction::Forward => schedule.iter().for_each(|&task| walk.to(task)),
        Direction::Backward => schedule.iter().rev().for_each(|&task| walk.to(task)),
    }
    for lane in trace.lanes.keys() {
        walk.run(lane, trace.lane_tasks(lane).len());
    }
    walk.hashes
}

struct Walk<'t> {
    trace: &'t Trace,
    own: &'t [Option<u128>],
    direction: Direction,
    hashes: Vec<u128>,
    /// For each lane, the hash of what was passed, and how many tasks that were.
    lanes: Arena<LaneId, (u128, usize)>,
}

impl Walk<'_> {
    /// Passes a task that uses a signal, and what its lane runs before it.
    fn to(&mut self, task: TaskId) {
        let data = &self.trace.tasks[task];
        let position = data.position as usize;
        let length = self.trace.lane_tasks(data.lane).len();
        self.run(
            data.lane,
            match self.direction {
                Direction::Forward => position + 1,
                Direction::Backward => length - position,
            },
        );
    }

    /// Passes the tasks of a lane until `count` are passed.
    fn run(&mut self, lane: LaneId, count: usize) {
        let tasks = self.trace.lane_tasks(lane);
        let (mut hash, passed) = self.lanes[lane];
        for step in passed..count {
            let place = match self.direction {
                Direction::Forward => step,
                Direction::Backward => tasks.len() - 1 - step,
            };
            let task = tasks[place];
            if let Some(own) = self.own[task.index()] {
                hash = mix(&[hash, own, self.across(task)]);
            }
            self.hashes[task.index()] = hash;
        }
        self.lanes[lane] = (hash, passed.max(count));
    }

    /// The hash of what a task is linked to on other lanes.
    fn across(&self, task: TaskId) -> u128 {
        let links = &self.trace.links;
        match self.direction {
            Direction::Forward => links.record_of(task).map_or(0, |record| self.hashes[record.index()]),
            Direction::Backward => {
                let waits = links.waits_of(task).iter();
                waits.fold(0, |sum: u128, wait| sum.wrapping_add(mix(&[self.hashes[wait.index()]])))
            }
        }
    }
}

fn mix(parts: &[u128]) -> u128 {
    let mut hasher = SipHasher24::new();
    for part in parts {
        hasher.write(&part.to_le_bytes());
    }
    hasher.finish128().as_u128()
}
