//! What is said of a task on request: every column of its record, and what it waits for.

use acg_trace::{Part, Role, StreamId, TaskId, Trace};

use crate::fold::{Fold, Item};
use crate::legible::legible;

/// How many argument words, members and partners are told.
const MOST_WORDS: usize = 64;
const MOST_MEMBERS: usize = 40;
const MOST_WAITS: usize = 12;

/// A name and a value.
pub(crate) type Attribute = (&'static str, String);

/// The full name of a task, as it is printed.
pub(crate) fn full_name(trace: &Trace, task: TaskId) -> String {
    let base = trace.name(task);
    format!("{}{}", legible(if base.is_empty() { "(no name)" } else { base }), trace.record(task).suffix)
}

/// The name of an item: its task's, or what its tasks are together.
pub(crate) fn item_name(trace: &Trace, item: &Item) -> String {
    match item.fold {
        Fold::Nops => format!("{} placeholders", item.count),
        Fold::GroupHead(_) => format!("beginning of a task group: {} placeholders", item.count),
        Fold::ClosingResets => format!("end of the capture: {} resets", item.count),
        Fold::Single | Fold::HostFunction => full_name(trace, item.task(trace)),
    }
}

/// Everything that is known of an item.
pub(crate) fn of_item(trace: &Trace, item: &Item) -> Vec<Attribute> {
    let tasks = item.tasks(trace);
    if item.fold == Fold::HostFunction {
        let mut all = of_single(trace, tasks[0]);
        all.push(("goes on with", list(tasks[1..].iter().map(|&task| full_name(trace, task)), MOST_MEMBERS)));
        return all;
    }
    if let [task] = tasks {
        return of_single(trace, *task);
    }
    let mut all = vec![("Stream Id", stream(trace, trace.tasks[tasks[0]].stream))];
    if let [first, .., last] = tasks {
        all.push(("Task Id", format!("{} to {}", trace.record(*first).task, trace.record(*last).task)));
    }
    if item.fold == Fold::ClosingResets {
        all.push(("tasks", list(tasks.iter().map(|&task| full_name(trace, task)), MOST_MEMBERS)));
    }
    all
}

/// Everything that is known of a task by itself.
pub(crate) fn of_single(trace: &Trace, task: TaskId) -> Vec<Attribute> {
    let record = trace.record(task);
    let data = &trace.tasks[task];
    let task_type = trace.dump.text(record.task_type);
    let mut all = vec![
        (
            "Task Type",
            if task_type.is_empty() { "(none)".to_owned() } else { legible(task_type).into_owned() },
        ),
        ("Stream Id", stream(trace, data.stream)),
        ("Task Id", record.task.to_string()),
    ];
    let mut number = |name, value: Option<u32>| all.extend(value.map(|value| (name, value.to_string())));
    number("Numblocks", record.blocks);
    number("Task Ration", record.ration);
    match record.schem {
        Some(0) => all.push(("Schem Mode", "0 (normal)".to_owned())),
        Some(1) => all.push(("Schem Mode", "1 (batch)".to_owned())),
        other => all.extend(other.map(|mode| ("Schem Mode", mode.to_string()))),
    }
    all.extend(record.active_stream.map(|stream| ("Active Stream Id", stream.to_string())));
    all.extend(record.extend_info.map(|info| ("ExtendInfo", extend_info(trace.dump.text(info)))));
    if let Some(args) = record.args {
        all.push(("Kernel Args Size", format!("{} bytes", args.size)));
        let words = trace.dump.args(record);
        if !words.is_empty() {
            all.push(("Kernel Args", list(words.iter().map(|word| format!("{word:#018x}")), MOST_WORDS)));
        }
    }
    all.extend(origin(data.part).map(|text| ("added by the runtime", text.to_owned())));
    all.extend(partners(trace, task));
    all
}

/// What a record or wait is linked to, or that it is not.
fn partners(trace: &Trace, task: TaskId) -> Option<Attribute> {
    let links = &trace.links;
    let place = |task: TaskId| {
        let stream = trace.streams[trace.tasks[task].stream].id;
        format!("{} (stream {stream}, task {})", full_name(trace, task), trace.record(task).task)
    };
    if let Some(record) = links.record_of(task) {
        return Some(("waits for", place(record)));
    }
    let waits = links.waits_of(task);
    if !waits.is_empty() {
        return Some(("waited for by", list(waits.iter().map(|&wait| place(wait)), MOST_WAITS)));
    }
    if links.unrecorded_waits().binary_search(&task).is_ok() {
        return Some(("waits for", "nothing that this graph records".to_owned()));
    }
    let is_unwaited = links.unwaited_records().binary_search(&task).is_ok();
    is_unwaited.then(|| ("waited for by", "nothing in this graph".to_owned()))
}

fn origin(part: Part) -> Option<&'static str> {
    match part {
        Part::Body => None,
        Part::GroupHead(_) => Some("begins a task group"),
        Part::Callback => Some("the signal of a host function"),
        Part::Cascade => Some("the stream is full; another continues it"),
        Part::AddedStream => Some("joins a stream that was added to the model"),
        Part::ClosingReset => Some("resets an event at the end of the capture"),
        Part::EndRecord => Some("tells the end of the graph"),
    }
}

/// A stream's id and what it is to the capture.
fn stream(trace: &Trace, stream: StreamId) -> String {
    let data = &trace.streams[stream];
    match data.role {
        Role::Origin => format!("{} (origin)", data.id),
        Role::Side => data.id.to_string(),
        Role::Continues { stream, .. } => format!("{} (continues {})", data.id, trace.streams[stream].id),
    }
}

/// `ExtendInfo` without the escapes of the dump.
fn extend_info(escaped: &str) -> String {
    let text = serde_json::from_str::<String>(&format!("\"{escaped}\""));
    legible(text.as_deref().unwrap_or(escaped)).into_owned()
}

/// Values with commas between them, `most` at most.
fn list(values: impl ExactSizeIterator<Item = String>, most: usize) -> String {
    let count = values.len();
    let text = values.take(most).collect::<Vec<_>>().join(", ");
    if count > most { format!("{text} and {} more", count - most) } else { text }
}
