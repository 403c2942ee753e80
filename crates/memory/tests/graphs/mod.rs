//! Task graphs of the benchmark as placement problems: read, scheduled simply, and checked by a separate checker.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use acg_memory::{AccessLists, Accesses, Instance, Lifetimes, Schedule};
use serde_json::Value;

/// A task graph with the buffers that a compiler would place: those that are neither inputs nor outputs.
pub(crate) struct Graph {
    costs: Vec<u64>,
    edges: Vec<(u32, u32)>,
    sizes: Vec<u64>,
    starts: Vec<u32>,
    tasks: Vec<u32>,
}

/// How a graph runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Streams {
    /// One task after another.
    One,
    /// List scheduling by upward rank, appending, with 1.5 us between streams.
    Four,
    /// Ordered by dependences alone: one stream for each chain of a greedy cover.
    Chains,
}

/// The folder of shared material named `name`; `None` where it is absent.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench").join(name);
    path.is_dir().then_some(path)
}

impl Graph {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the graph can be read");
        let json: Value = serde_json::from_str(&text).expect("the graph is JSON");
        let list = |name: &str| json[name].as_array().expect("a list");
        let placed = list("buffers").iter().filter(|buffer| buffer["io"] == "temp");
        let sizes: Vec<u64> = placed.clone().map(|buffer| buffer["bytes"].as_u64().expect("bytes")).collect();
        let names: HashMap<&str, usize> =
            placed.enumerate().map(|(at, buffer)| (buffer["name"].as_str().expect("a name"), at)).collect();
        let mut accesses = vec![Vec::new(); sizes.len()];
        for (id, task) in list("tasks").iter().enumerate() {
            for name in ["reads", "writes"].iter().flat_map(|kind| task[kind].as_array().expect("a list")) {
                if let Some(&buffer) = name.as_str().and_then(|name| names.get(name)) {
                    accesses[buffer].push(id as u32);
                }
            }
        }
        let mut starts = vec![0];
        starts.extend(accesses.iter().scan(0, |sum, tasks| {
            *sum += tasks.len() as u32;
            Some(*sum)
        }));
        let cost = |task: &Value| nanoseconds(task["cost_us"].as_f64().expect("a cost"));
        let edge = |pair: &Value| {
            (pair[0].as_u64().expect("a task") as u32, pair[1].as_u64().expect("a task") as u32)
        };
        Self {
            costs: list("tasks").iter().map(cost).collect(),
            edges: list("edges").iter().map(edge).collect(),
            sizes,
            starts,
            tasks: accesses.concat(),
        }
    }

    /// The instance of the graph run on `streams`.
    pub(crate) fn instance(&self, streams: Streams) -> Instance {
        let (stream_of, order) = match streams {
            Streams::One => (vec![0; self.costs.len()], (0..self.costs.len() as u32).collect()),
            Streams::Four => self.list_schedule(4),
            Streams::Chains => self.chains(),
        };
        let schedule = Schedule { stream_of: &stream_of, order: &order, syncs: &self.edges };
        let lists = AccessLists { starts: &self.starts, tasks: &self.tasks };
        let accesses = Box::new(Accesses::new(schedule, lists).expect("the schedule is sound"));
        Instance::new(self.sizes.clone(), vec![1; self.sizes.len()], Lifetimes::Accesses(accesses))
            .expect("the instance is sound")
    }

    fn rows(&self, of: impl Fn(&(u32, u32)) -> (u32, u32)) -> Vec<Vec<u32>> {
        let mut rows = vec![Vec::new(); self.costs.len()];
        for edge in &self.edges {
            let (at, other) = of(edge);
            rows[at as usize].push(other);
        }
        rows
    }

    fn list_schedule(&self, streams: usize) -> (Vec<u32>, Vec<u32>) {
        const LATENCY: u64 = 1500;
        let (before, after) = (self.rows(|&(from, to)| (to, from)), self.rows(|&edge| edge));
        let mut rank = vec![0; self.costs.len()];
        for task in (0..rank.len()).rev() {
            let tail = after[task].iter().map(|&next| rank[next as usize] + LATENCY).max().unwrap_or(0);
            rank[task] = self.costs[task] + tail;
        }
        let mut order: Vec<u32> = (0..rank.len() as u32).collect();
        order.sort_by_key(|&task| (std::cmp::Reverse(rank[task as usize]), task));
        let (mut stream_of, mut start, mut end) =
            (vec![0; rank.len()], vec![0; rank.len()], vec![0; rank.len()]);
        let mut free = vec![0; streams];
        for &task in &order {
            let ready = |stream: usize| {
                let arrival = |&from: &u32| {
                    end[from as usize] + if stream_of[from as usize] == stream as u32 { 0 } else { LATENCY }
                };
                before[task as usize].iter().map(arrival).max().unwrap_or(0).max(free[stream])
            };
            let (at, stream) = (0..streams).map(|stream| (ready(stream), stream)).min().expect("a stream");
            stream_of[task as usize] = stream as u32;
            start[task as usize] = at;
            end[task as usize] = at + self.costs[task as usize];
            free[stream] = end[task as usize];
        }
        let place: HashMap<u32, usize> = order.iter().enumerate().map(|(at, &task)| (task, at)).collect();
        order.sort_by_key(|task| (start[*task as usize], place[task]));
        (stream_of, order)
    }

    fn chains(&self) -> (Vec<u32>, Vec<u32>) {
        let before = self.rows(|&(from, to)| (to, from));
        let mut stream_of = vec![0; self.costs.len()];
        let mut end_of = Vec::new();
        for task in 0..self.costs.len() as u32 {
            let found = before[task as usize].iter().rev().map(|&from| stream_of[from as usize]);
            let found = found
                .zip(before[task as usize].iter().rev())
                .find(|&(stream, &from)| end_of[stream as usize] == from);
            let stream = found.map_or(end_of.len() as u32, |(stream, _)| stream);
            end_of.resize(end_of.len().max(stream as usize + 1), 0);
            end_of[stream as usize] = task;
            stream_of[task as usize] = stream;
        }
        (stream_of, (0..self.costs.len() as u32).collect())
    }
}

#[expect(clippy::cast_sign_loss, reason = "a cost is not negative")]
fn nanoseconds(microseconds: f64) -> u64 {
    (microseconds * 1000.0) as u64
}

/// Panics unless `offsets` keep conflicting buffers apart, aligned and below `peak`.
pub(crate) fn check(instance: &Instance, offsets: &[u64], peak: u64) {
    let (sizes, lifetimes) = (instance.sizes(), instance.lifetimes());
    for (buffer, &offset) in offsets.iter().enumerate() {
        assert_eq!(offset % instance.alignments()[buffer], 0, "buffer {buffer} is aligned");
        assert!(offset + sizes[buffer] <= peak, "buffer {buffer} is in the arena");
    }
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&buffer| sizes[buffer] > 0).collect();
    order.sort_by_key(|&buffer| offsets[buffer]);
    for (at, &low) in order.iter().enumerate() {
        for &high in order[at + 1..].iter().take_while(|&&high| offsets[high] < offsets[low] + sizes[low]) {
            assert!(!lifetimes.conflict(low, high), "buffers {low} and {high} overlap");
        }
    }
}
