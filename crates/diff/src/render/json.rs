//! For programs: everything, without limits.

use acg_trace::{LaneId, TaskId, Trace};
use serde::Serialize;

use super::line::word_of;
use super::{notes, phrase};
use crate::files::{Files, GraphDiff};
use crate::graph::File;
use crate::report::{Move, OrderChange, Report, Side, Step, SyncChange, TaskChange};

/// The version of the layout.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    schema: u32,
    equal: bool,
    old: Source<'r>,
    new: Source<'r>,
    graphs: Vec<Graph<'r>>,
    only_old: Vec<&'r str>,
    only_new: Vec<&'r str>,
}

#[derive(Serialize)]
struct Source<'r> {
    file: &'r str,
    predicted_for: Option<&'r str>,
}

#[derive(Serialize)]
struct Graph<'r> {
    old: &'r str,
    new: &'r str,
    equal: bool,
    tasks_old: u32,
    tasks_new: u32,
    work_in_both: u32,
    stream_pairs: Vec<StreamPair>,
    orderings: Vec<Ordering<'r>>,
    tasks: Vec<Task<'r>>,
    syncs: Vec<Sync<'r>>,
    streams: Vec<Stream>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct StreamPair {
    old: i32,
    new: i32,
}

/// Where a task is: the ids are those of the dump, `record` counts its records from 0.
#[derive(Serialize)]
struct Place<'r> {
    name: &'r str,
    kind: &'static str,
    stream: i32,
    task: u32,
    record: u32,
}

#[derive(Serialize)]
struct Both<'r> {
    old: Option<Place<'r>>,
    new: Option<Place<'r>>,
}

#[derive(Serialize)]
struct Ordering<'r> {
    change: &'static str,
    first: Both<'r>,
    second: Both<'r>,
    old_step: Option<Link<'r>>,
    new_step: Option<Link<'r>>,
}

#[derive(Serialize)]
struct Link<'r> {
    by: &'static str,
    from: Place<'r>,
    to: Place<'r>,
}

#[derive(Serialize)]
struct Task<'r> {
    change: Vec<&'static str>,
    moved: Option<&'static str>,
    #[serde(flatten)]
    places: Both<'r>,
    attributes: Vec<Attribute<'r>>,
}

#[derive(Serialize)]
struct Attribute<'r> {
    name: String,
    old: Option<&'r str>,
    new: Option<&'r str>,
}

#[derive(Serialize)]
struct Sync<'r> {
    change: &'static str,
    moved: Option<&'static str>,
    rewired: bool,
    changes_ordering: bool,
    #[serde(flatten)]
    places: Both<'r>,
}

#[derive(Serialize)]
struct Stream {
    change: &'static str,
    stream: i32,
}

/// The difference of two files as JSON, one line end behind it.
pub fn json(files: &Files<'_>) -> String {
    let only = |side: Side| {
        files.only.iter().filter(move |only| only.0 == side).map(|only| only.1.as_str()).collect()
    };
    let document = Document {
        schema: SCHEMA,
        equal: files.is_empty(),
        old: source(files.old),
        new: source(files.new),
        graphs: files.graphs.iter().map(graph).collect(),
        only_old: only(Side::Old),
        only_new: only(Side::New),
    };
    // Strings and numbers always have a JSON form.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn source(file: &File) -> Source<'_> {
    Source { file: &file.name, predicted_for: file.predicted_for.as_deref() }
}

fn graph<'r>(graph: &'r GraphDiff<'_>) -> Graph<'r> {
    let report = &graph.report;
    let id = |trace: &Trace, lane: LaneId| phrase::lane_id(trace, lane);
    let pairs = report.pairs.iter().filter(|pair| !report.old.lane_tasks(pair.0).is_empty());
    let streams = report.streams.iter().filter_map(|change| match (change.old, change.new) {
        (Some(lane), _) => Some(Stream { change: "removed", stream: id(report.old, lane) }),
        (None, Some(lane)) => Some(Stream { change: "added", stream: id(report.new, lane) }),
        (None, None) => None,
    });
    Graph {
        old: &graph.old,
        new: &graph.new,
        equal: report.is_empty(),
        tasks_old: report.counts.old,
        tasks_new: report.counts.new,
        work_in_both: report.counts.common,
        stream_pairs: pairs
            .map(|pair| StreamPair { old: id(report.old, pair.0), new: id(report.new, pair.1) })
            .collect(),
        orderings: report.orderings.iter().map(|change| ordering(report, change)).collect(),
        tasks: report.tasks.iter().map(|change| task(report, change)).collect(),
        syncs: report.syncs.iter().map(|change| sync(report, change)).collect(),
        streams: streams.collect(),
        notes: report.notes.iter().map(|&note| notes::sentence(note)).collect(),
    }
}

fn place(trace: &Trace, task: TaskId) -> Place<'_> {
    use acg_entity::Entity;
    Place {
        name: phrase::name(trace, task),
        kind: trace.tasks[task].kind.as_str(),
        stream: trace.streams[trace.tasks[task].stream].id,
        task: trace.record(task).task,
        record: task.index() as u32,
    }
}

fn both<'r>(report: &'r Report<'_>, old: Option<TaskId>, new: Option<TaskId>) -> Both<'r> {
    Both { old: old.map(|task| place(report.old, task)), new: new.map(|task| place(report.new, task)) }
}

fn ordering<'r>(report: &'r Report<'_>, change: &OrderChange) -> Ordering<'r> {
    let link = |trace: &'r Trace, step: Step| Link {
        by: if step.is_wait { "wait" } else { "stream" },
        from: place(trace, step.from),
        to: place(trace, step.to),
    };
    Ordering {
        change: change.kind.as_str(),
        first: both(report, Some(change.first.0), Some(change.first.1)),
        second: both(report, Some(change.second.0), Some(change.second.1)),
        old_step: change.old_step.map(|step| link(report.old, step)),
        new_step: change.new_step.map(|step| link(report.new, step)),
    }
}

fn task<'r>(report: &'r Report<'_>, change: &'r TaskChange) -> Task<'r> {
    let attributes = change.attributes.iter().map(|change| Attribute {
        name: change.attribute.name(),
        old: change.old.as_deref(),
        new: change.new.as_deref(),
    });
    Task {
        change: word_of(change),
        moved: change.moved.map(moved),
        places: both(report, change.old, change.new),
        attributes: attributes.collect(),
    }
}

fn sync<'r>(report: &'r Report<'_>, change: &SyncChange) -> Sync<'r> {
    let word = match (change.old, change.new) {
        (_, None) => "removed",
        (None, _) => "added",
        _ if change.moved.is_some() => "moved",
        _ => "changed",
    };
    Sync {
        change: word,
        moved: change.moved.map(moved),
        rewired: change.rewired,
        changes_ordering: change.orders,
        places: both(report, change.old, change.new),
    }
}

const fn moved(moved: Move) -> &'static str {
    match moved {
        Move::Within => "within its stream",
        Move::Across => "to another stream",
    }
}
