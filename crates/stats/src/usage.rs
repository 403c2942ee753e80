//! What a graph takes of a device: streams, queue entries, events, notifies.
//!
//! A dump holds the streams of the machine that it was made on. On another machine queues are longer or shorter, so the
//! continuations are counted anew for the target, as its runtime makes them.

use acg_dump::{Suffix, TaskType};
use acg_target::{CapturedEvents, Profile};
use acg_trace::{Kind, LaneId, Part, TaskId, Trace};
use rustc_hash::FxHashSet;

/// A number that a dump may leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// It is at least this.
    pub least: u64,
    /// It is at most this; `None` where nothing bounds it.
    pub most: Option<u64>,
}

impl Count {
    /// A number that is known.
    pub const fn exactly(number: u64) -> Self {
        Self { least: number, most: Some(number) }
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let most = self.most.zip(other.most).map(|(own, other)| own.saturating_add(other));
        Self { least: self.least.saturating_add(other.least), most }
    }

    /// The number several times.
    #[must_use]
    pub fn times(self, factor: u64) -> Self {
        Self {
            least: self.least.saturating_mul(factor),
            most: self.most.map(|most| most.saturating_mul(factor)),
        }
    }
}

/// What is known of the bodies of a graph's conditional tasks, which are graphs of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// The calls that made them are known: their streams in all, bodies within bodies included.
    Streams(u32),
    /// A dump does not hold them; each conditional task has at least one, and each of those a stream.
    Unknown,
}

/// Queue entries of one lane, by what takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entries {
    /// The lane.
    pub lane: LaneId,
    /// `Stream Id` of its first stream.
    pub stream: i32,
    /// Tasks that take one entry each.
    pub single: u64,
    /// Waits for a word of device memory, and what each takes.
    pub memory_waits: (u64, u32),
    /// Waits with the external flag, and what each takes.
    pub external_waits: (u64, u32),
    /// Tasks of the collective unit of 950, two entries each.
    pub collective_units: u64,
    /// Conditional tasks, and what each takes at least and at most.
    pub conditionals: (u64, u32, u32),
    /// All entries.
    pub total: Count,
    /// The streams that they fill on the target.
    pub streams: Count,
}

/// What one graph takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Logical streams: those of the program.
    pub lanes: u64,
    /// The queue entries of each lane.
    pub entries: Vec<Entries>,
    /// Streams that continue full ones, on the target.
    pub continuations: Count,
    /// Conditional tasks.
    pub conditionals: u64,
    /// Streams of their bodies.
    pub bodies: Count,
    /// Events that live in hardware on the target: captured ones, external ones, and those behind host functions.
    pub hardware_events: u64,
    /// Events that live in memory on the target.
    pub memory_events: u64,
    /// Notifies, the one that tells the end of the graph included.
    pub notifies: u64,
}

impl Usage {
    /// What `trace` takes on the machine that `profile` describes.
    pub fn of(trace: &Trace, bodies: Bodies, profile: &Profile) -> Self {
        let signals = Signals::of(trace);
        let entries: Vec<Entries> =
            trace.lanes.keys().map(|lane| entries(trace, lane, &signals, profile)).collect();
        let more = entries.iter().map(|entries| Count {
            least: entries.streams.least.saturating_sub(1),
            most: entries.streams.most.map(|most| most.saturating_sub(1)),
        });
        let continuations = more.fold(Count::exactly(0), Count::plus);
        let conditionals = trace.tasks.values().filter(|task| task.kind == Kind::Conditional).count() as u64;
        let bodies = match bodies {
            Bodies::Streams(streams) => Count::exactly(u64::from(streams)),
            Bodies::Unknown if conditionals == 0 => Count::exactly(0),
            Bodies::Unknown => Count { least: conditionals, most: None },
        };
        let (own, others) = (signals.own.len() as u64, signals.others.len() as u64);
        let in_memory = profile.captured_events == CapturedEvents::Memory;
        Self {
            lanes: trace.streams.values().filter(|stream| !continues(stream.role)).count() as u64,
            entries,
            continuations,
            conditionals,
            bodies,
            hardware_events: if in_memory { others } else { own + others },
            memory_events: if in_memory { own } else { 0 },
            notifies: signals.notifies(trace),
        }
    }

    /// The entries of the lane that takes most; the first of several.
    pub fn fullest(&self) -> Option<&Entries> {
        self.entries.iter().rev().max_by_key(|entries| entries.total.most)
    }

    /// Streams in all.
    pub fn streams(&self) -> Count {
        Count::exactly(self.lanes).plus(self.continuations).plus(self.bodies)
    }
}

fn continues(role: acg_trace::Role) -> bool {
    matches!(role, acg_trace::Role::Continues { .. })
}

/// What a lane puts into queues of the machine.
fn entries(trace: &Trace, lane: LaneId, signals: &Signals, profile: &Profile) -> Entries {
    let costs = profile.chip.entries;
    let stream = trace.lanes[lane].streams.first().map_or(-1, |&stream| trace.streams[stream].id);
    let memory_wait = costs.memory_wait.unwrap_or(1);
    let condition = [costs.condition_if, costs.condition_while, costs.condition_switch];
    let (cheapest, dearest) =
        (condition.iter().min().copied().unwrap_or(1), condition.iter().max().copied().unwrap_or(1));
    let mut entries = Entries {
        lane,
        stream,
        single: 0,
        memory_waits: (0, memory_wait),
        external_waits: (0, costs.external_wait),
        collective_units: 0,
        conditionals: (0, cheapest, dearest),
        total: Count::exactly(0),
        streams: Count::exactly(0),
    };
    let usable = u64::from(profile.queue_size().usable().max(1));
    let (mut least, mut most) = (Filling::new(usable), Filling::new(usable));
    for &task in trace.lane_tasks(lane) {
        let cost = match cost_of(trace, task, signals, profile) {
            Cost::Nothing => continue,
            Cost::One => {
                entries.single += 1;
                (1, 1)
            }
            Cost::MemoryWait => {
                entries.memory_waits.0 += 1;
                (memory_wait, memory_wait)
            }
            Cost::ExternalWait => {
                entries.external_waits.0 += 1;
                (costs.external_wait, costs.external_wait)
            }
            Cost::CollectiveUnit => {
                entries.collective_units += 1;
                (2, 2)
            }
            Cost::Condition => {
                entries.conditionals.0 += 1;
                (cheapest, dearest)
            }
        };
        least.take(cost.0);
        most.take(cost.1);
    }
    entries.total = Count { least: least.total, most: Some(most.total) };
    entries.streams = Count { least: least.streams, most: Some(most.streams) };
    entries
}

/// What kind of price a task has.
enum Cost {
    Nothing,
    One,
    MemoryWait,
    ExternalWait,
    CollectiveUnit,
    Condition,
}

fn cost_of(trace: &Trace, task: TaskId, signals: &Signals, profile: &Profile) -> Cost {
    let data = &trace.tasks[task];
    let record = trace.record(task);
    match data.kind {
        // The start of a continuation stands in the reserve of the queue, and is there only where it is needed.
        _ if data.part == Part::Cascade => Cost::Nothing,
        Kind::ValueWait => Cost::MemoryWait,
        Kind::EventWait
            if profile.captured_events == CapturedEvents::Memory && signals.own.contains(&record.suffix) =>
        {
            Cost::MemoryWait
        }
        Kind::ExternalWait => Cost::ExternalWait,
        Kind::Conditional => Cost::Condition,
        Kind::Communication if trace.dump.task_type(record) == TaskType::Ccu => Cost::CollectiveUnit,
        _ => Cost::One,
    }
}

/// Queues that are filled one after the other.
struct Filling {
    usable: u64,
    total: u64,
    /// What is in the last queue.
    inside: u64,
    streams: u64,
}

impl Filling {
    fn new(usable: u64) -> Self {
        Self { usable, total: 0, inside: 0, streams: 1 }
    }

    /// Puts in a task; a queue that is full is continued by another one.
    fn take(&mut self, entries: u32) {
        if self.inside >= self.usable {
            self.streams += 1;
            self.inside = 0;
        }
        self.inside += u64::from(entries);
        self.total += u64::from(entries);
    }
}

/// The events and notifies of a graph.
struct Signals {
    /// Events that were captured: capturing resets them at its end, and only they can be memory words.
    own: FxHashSet<Suffix>,
    /// Events of the program that do not belong to the graph, and those behind host functions.
    others: FxHashSet<Suffix>,
    notifies: FxHashSet<Suffix>,
    has_end: bool,
}

impl Signals {
    fn of(trace: &Trace) -> Self {
        let mut signals = Self {
            own: FxHashSet::default(),
            others: FxHashSet::default(),
            notifies: FxHashSet::default(),
            has_end: false,
        };
        for (task, data) in trace.tasks.iter() {
            let suffix = trace.record(task).suffix;
            signals.has_end |= data.part == Part::EndRecord;
            match (data.kind, suffix) {
                (Kind::EventRecord | Kind::EventWait | Kind::EventReset, Suffix::Address(_)) => {
                    signals.own.insert(suffix);
                }
                (Kind::EventReset, _) if data.part == Part::ClosingReset => {
                    signals.own.insert(suffix);
                }
                (
                    Kind::EventRecord | Kind::EventWait | Kind::EventReset,
                    Suffix::Event(_) | Suffix::EventCount(..),
                ) => {
                    signals.others.insert(suffix);
                }
                (Kind::NotifyRecord | Kind::NotifyWait | Kind::NotifyReset, Suffix::Notify(_)) => {
                    signals.notifies.insert(suffix);
                }
                _ => {}
            }
        }
        signals.others.retain(|suffix| !signals.own.contains(suffix));
        signals
    }

    /// Notifies, with the one that tells the end of the graph, which the first execution takes where queues are in memory.
    fn notifies(&self, trace: &Trace) -> u64 {
        self.notifies.len() as u64 + u64::from(!self.has_end && !trace.tasks.is_empty())
    }
}
