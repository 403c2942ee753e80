//! How many tasks there are, of what kind, on which stream, and how many of them only keep order.

use std::collections::BTreeMap;

use acg_trace::{Kind, Part, Role, StreamId, Trace};

/// The counts of one graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// All tasks.
    pub tasks: u32,
    /// Tasks that do the program's work.
    pub work: u32,
    /// Records and waits that the program submitted.
    pub sync: u32,
    /// Tasks that the runtime added: placeholders, resets, the tasks behind host functions, the record of the end.
    pub added: u32,
    /// How many there are of each kind, by kind.
    pub kinds: Vec<(Kind, u32)>,
    /// How many there are on each stream, in the order of the dump.
    pub streams: Vec<StreamCounts>,
    /// Logical streams.
    pub lanes: u32,
    /// Task groups.
    pub groups: u32,
    /// Pairs of a record and a wait on different lanes.
    pub crossings: u32,
}

/// The counts of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamCounts {
    /// `Stream Id`.
    pub id: i32,
    /// What it is to the capture.
    pub role: Role,
    /// All its tasks.
    pub tasks: u32,
    /// How many there are of each kind, by kind.
    pub kinds: Vec<(Kind, u32)>,
}

impl Counts {
    /// Counts the tasks of `trace`.
    pub fn of(trace: &Trace) -> Self {
        let mut kinds = BTreeMap::new();
        let mut counts = Self {
            tasks: trace.tasks.len() as u32,
            work: 0,
            sync: 0,
            added: 0,
            kinds: Vec::new(),
            streams: trace.streams.keys().map(|stream| of_stream(trace, stream)).collect(),
            lanes: trace.lanes.len() as u32,
            groups: trace.groups.len() as u32,
            crossings: 0,
        };
        for (task, data) in trace.tasks.iter() {
            *kinds.entry(data.kind).or_insert(0) += 1;
            if data.part != Part::Body {
                counts.added += 1;
            } else if data.kind.is_work() {
                counts.work += 1;
            } else if data.kind.is_record() || data.kind.is_wait() {
                counts.sync += 1;
            }
            let record = trace.links.record_of(task);
            counts.crossings += u32::from(record.is_some_and(|record| trace.tasks[record].lane != data.lane));
        }
        counts.kinds = kinds.into_iter().collect();
        counts
    }

    /// Records and waits for each hundred tasks of the program; `None` without any.
    pub fn sync_percent(&self) -> Option<f64> {
        let all = self.work + self.sync;
        (all > 0).then(|| f64::from(self.sync) * 100.0 / f64::from(all))
    }
}

fn of_stream(trace: &Trace, stream: StreamId) -> StreamCounts {
    let data = &trace.streams[stream];
    let mut kinds = BTreeMap::new();
    for record in data.records.clone() {
        let task = acg_entity::Entity::at(record as usize);
        *kinds.entry(trace.tasks[task].kind).or_insert(0) += 1;
    }
    StreamCounts {
        id: data.id,
        role: data.role,
        tasks: data.records.len() as u32,
        kinds: kinds.into_iter().collect(),
    }
}
