//! A chrome trace: a process a graph, a thread a stream, a slice a task, a flow from every record to each of its waits.
//!
//! A dump holds no time. Tasks are as long as dumps print them (debug-json, section 1.3), and each starts when all that it comes
//! after is over; so the picture shows order and no speed.

use acg_trace::{Kind, TaskId, Trace};
use serde_json::{Value, json};

use crate::Graph;
use crate::attributes;
use crate::fold::Items;
use crate::legible::legible;
use crate::picture::lane_name;
use crate::place::{Spacing, starts};

/// The graphs of one file, as one trace.
pub(crate) fn write(graphs: &[Graph<'_>]) -> String {
    let mut events = Vec::new();
    let mut flows = 0;
    for (index, graph) in graphs.iter().enumerate() {
        Writer { trace: graph.trace, process: index + 1, flows: &mut flows, events: &mut events }
            .graph(graph.name);
    }
    let mut out = String::from("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            out.push_str(",\n");
        }
        out.push_str(&event.to_string());
    }
    out.push_str("\n]}\n");
    out
}

struct Writer<'w> {
    trace: &'w Trace,
    process: usize,
    /// How many flows there are so far; their numbers are those of the whole file.
    flows: &'w mut u64,
    events: &'w mut Vec<Value>,
}

impl Writer<'_> {
    fn graph(&mut self, name: &str) {
        let trace = self.trace;
        self.metadata("process_name", None, &json!({ "name": legible(name) }));
        for (index, lane) in trace.lanes.keys().enumerate() {
            let role = if lane == trace.origin() { "origin, " } else { "" };
            let name = format!("{role}stream {}", lane_name(trace, lane));
            self.metadata("thread_name", Some(index), &json!({ "name": name }));
            self.metadata("thread_sort_index", Some(index), &json!({ "sort_index": index }));
        }
        let items = Items::unfolded(trace);
        let lengths: Vec<u64> =
            items.all.iter().map(|item| length(trace.tasks[item.task(trace)].kind)).collect();
        let starts = starts(trace, &items, &Spacing { lengths: &lengths, gap: 0, arrow: 0 });
        let at = |task: TaskId| starts[items.of_task(task)];
        for &task in &trace.order {
            self.slice(task, at(task), lengths[items.of_task(task)]);
        }
        for record in trace.tasks.keys() {
            for &wait in trace.links.waits_of(record) {
                *self.flows += 1;
                self.flow("s", record, at(record));
                self.flow("f", wait, at(wait));
            }
        }
    }

    fn metadata(&mut self, name: &str, lane: Option<usize>, args: &Value) {
        let mut event = json!({ "ph": "M", "name": name, "pid": self.process, "args": args });
        if let Some(lane) = lane {
            event["tid"] = (lane + 1).into();
        }
        self.events.push(event);
    }

    fn slice(&mut self, task: TaskId, start: u64, length: u64) {
        let args: serde_json::Map<String, Value> = attributes::of_single(self.trace, task)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect();
        self.events.push(json!({
            "ph": "X",
            "name": attributes::full_name(self.trace, task),
            "cat": self.trace.tasks[task].kind.as_str(),
            "pid": self.process,
            "tid": self.thread(task),
            "ts": start,
            "dur": length,
            "args": args,
        }));
    }

    /// The beginning or the end of the flow that is numbered last; it belongs to the slice that its time is in.
    fn flow(&mut self, phase: &str, task: TaskId, time: u64) {
        let mut event = json!({
            "ph": phase,
            "name": "waits for",
            "cat": "order",
            "id": *self.flows,
            "pid": self.process,
            "tid": self.thread(task),
            "ts": time,
        });
        if phase == "f" {
            event["bp"] = "e".into();
        }
        self.events.push(event);
    }

    fn thread(&self, task: TaskId) -> usize {
        acg_entity::Entity::index(self.trace.tasks[task].lane) + 1
    }
}

/// How long a task is drawn, in the steps of a v100 dump.
fn length(kind: Kind) -> u64 {
    match kind {
        Kind::Nop => 1,
        kind if kind.is_record() && kind != Kind::ValueWrite => 5,
        kind if kind.is_wait() => 15,
        _ => 10,
    }
}
