//! What a pass is told, and what it tells.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use acg_ir::graph::SourceRange;
use acg_ir::{Buffer, GraphId, Module, Task};
use acg_schedule::Bound;
use acg_target::DeviceModel;
use rustc_hash::FxHashSet;

/// How many streams a graph is put on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Streams {
    /// As many as pay, up to the 32 that a device runs at a time.
    #[default]
    AsPays,
    /// As many as pay, up to so many.
    AtMost(u32),
    /// The fewest on which no task waits for another that it does not depend on.
    Full,
}

/// How much the queue of a stream takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Entries after which the runtime goes on with a hidden stream.
    pub usable: u32,
    /// Entries of a wait for a captured event; every other task takes one.
    pub wait: u32,
    /// Entries that a task group takes besides its kernels.
    pub group: u32,
}

impl Default for Queue {
    fn default() -> Self {
        Self { usable: u32::MAX, wait: 1, group: 0 }
    }
}

/// What passes are told about the machine and the wishes of the user.
#[derive(Clone, Debug)]
pub struct Options {
    /// The model that schedules are timed by.
    pub model: DeviceModel,
    /// How many streams schedules may use.
    pub streams: Streams,
    /// How much longer than the best makespan found is accepted for fewer streams, in thousandths.
    pub tolerance: u32,
    /// How many event objects the target has.
    pub events: u32,
    /// The queues of the target; without end unless set.
    pub queue: Queue,
    /// How long all searches together may take; what it finds in time then depends on the machine. `None` for a search
    /// that is bounded by its steps alone, and so always gives the same.
    pub time_limit: Option<Duration>,
    /// By how much fewer records and waits may lengthen a graph, in nanoseconds.
    pub added_path: u64,
    /// Whether searches that take long are worth it (`-O3`).
    pub thorough: bool,
}

impl Options {
    /// What suits a device that `model` describes and that has `events` event objects.
    pub fn new(model: DeviceModel, events: u32) -> Self {
        Self {
            model,
            streams: Streams::AsPays,
            tolerance: 0,
            events,
            queue: Queue::default(),
            time_limit: None,
            added_path: 0,
            thorough: false,
        }
    }
}

/// Whether a remark is about something done or something left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not done, for the reason that the remark gives.
    Missed,
}

/// Why a transformation was or was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The pass that says it.
    pub pass: &'static str,
    /// Done or not.
    pub outcome: Outcome,
    /// The line it is about; empty where the line is the compiler's own.
    pub span: SourceRange,
    /// What and why, in one sentence.
    pub text: String,
}

/// A number that a pass reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistic {
    /// The pass that counts it.
    pub pass: &'static str,
    /// What is counted, as a phrase in the plural: "waits removed".
    pub what: &'static str,
    /// How many.
    pub count: u64,
}

/// What is known of every schedule of a graph's tasks on so many streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proved {
    /// None ends earlier than this, in nanoseconds.
    pub makespan: Bound,
    /// On how many streams.
    pub streams: u32,
}

/// What a graph's temporaries take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The buffer that they are views of now.
    pub pool: Buffer,
    /// Bytes of all of them together, one after the other.
    pub apart: u64,
    /// Bytes that they take as they are placed.
    pub peak: u64,
    /// Bytes of temporaries of which any two are in use together: no placement takes fewer.
    pub antichain: u64,
    /// What the search has proved that no placement goes below, at least `antichain`.
    pub proved: u64,
}

/// What a pass is given besides the module.
#[derive(Debug)]
pub struct Context<'o> {
    /// The machine and the wishes of the user.
    pub options: &'o Options,
    /// What passes had to say, in the order of their saying.
    pub remarks: Vec<Remark>,
    /// What they counted.
    pub statistics: Vec<Statistic>,
    /// When the last task of a graph ends by the device model, in nanoseconds, as the pass that scheduled it says; whoever proves
    /// the passes replays the graph and compares.
    pub makespans: BTreeMap<GraphId, u64>,
    /// What the search for a schedule has proved.
    pub proved: BTreeMap<GraphId, Proved>,
    /// Graphs to which the pass at work gave the fewest syncs that order their tasks, and those to which the one before it did.
    pub(crate) fewest_syncs: [BTreeSet<GraphId>; 2],
    /// Where temporaries were placed.
    pub placed: BTreeMap<GraphId, Placed>,
    /// Graphs whose streams and syncs order all that depends on each other, because that is what they were made from.
    pub(crate) scheduled: FxHashSet<GraphId>,
    /// Temporaries that were of more than one graph at some time; see [`crate::temporaries`].
    pub(crate) outliving: FxHashSet<Buffer>,
    started: Instant,
}

impl<'o> Context<'o> {
    /// Says that the next pass begins with what the last one left.
    pub fn begin_pass(&mut self) {
        let [now, before] = &mut self.fewest_syncs;
        *before = std::mem::take(now);
    }

    /// A context in which nothing has been said.
    pub fn new(options: &'o Options) -> Self {
        Self {
            options,
            remarks: Vec::new(),
            statistics: Vec::new(),
            makespans: BTreeMap::new(),
            proved: BTreeMap::new(),
            fewest_syncs: [BTreeSet::new(), BTreeSet::new()],
            placed: BTreeMap::new(),
            scheduled: FxHashSet::default(),
            outliving: FxHashSet::default(),
            started: Instant::now(),
        }
    }

    /// How long the next search may take: half of the time that is left, if the user has limited it.
    pub(crate) fn share(&self) -> Option<Duration> {
        self.options.time_limit.map(|limit| limit.saturating_sub(self.started.elapsed()) / 2)
    }

    /// The same where less is to come: three quarters.
    pub(crate) fn larger_share(&self) -> Option<Duration> {
        self.options.time_limit.map(|limit| limit.saturating_sub(self.started.elapsed()) / 4 * 3)
    }

    /// Adds a remark about `task`.
    pub(crate) fn remark(
        &mut self,
        pass: &'static str,
        outcome: Outcome,
        module: &Module,
        (graph, task): (GraphId, Task),
        text: String,
    ) {
        let span = module.graphs[graph].spans[task];
        self.remarks.push(Remark { pass, outcome, span, text });
    }

    /// Adds a remark about a whole graph.
    pub(crate) fn graph_remark(
        &mut self,
        pass: &'static str,
        outcome: Outcome,
        module: &Module,
        graph: GraphId,
        text: String,
    ) {
        self.remarks.push(Remark { pass, outcome, span: module.graphs[graph].header, text });
    }

    /// Counts something; nothing is no news.
    pub(crate) fn count(&mut self, pass: &'static str, what: &'static str, count: u64) {
        if count > 0 {
            self.statistics.push(Statistic { pass, what, count });
        }
    }
}
