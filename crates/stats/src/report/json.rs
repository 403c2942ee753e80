//! The report for programs.

use std::collections::BTreeMap;

use acg_trace::{Fingerprint, Kind, Role};
use serde::Serialize;

use super::{Machine, Report};
use crate::budget::Line;
use crate::counts::StreamCounts;
use crate::graph::{Graph, Measures};
use crate::run::Run;

/// The version of the form; a change that readers must know of counts it up.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Document<'r, S> {
    schema: u32,
    graphs: Vec<GraphForm<'r>>,
    budgets: Vec<BudgetForm<'r>>,
    #[serde(skip_serializing_if = "<[S]>::is_empty")]
    schedules: &'r [S],
}

#[derive(Serialize)]
struct GraphForm<'r> {
    name: &'r str,
    target: &'r str,
    target_is_inferred: bool,
    fingerprint: String,
    tasks: u32,
    work: u32,
    sync: u32,
    added: u32,
    lanes: u32,
    groups: u32,
    wait_cycles: usize,
    kinds: BTreeMap<&'static str, u32>,
    streams: Vec<StreamForm>,
    critical_path: PathForm<'r>,
    width: WidthForm<'r>,
    sync_percent: Option<f64>,
    waits_for_another_lane: u32,
}

#[derive(Serialize)]
struct StreamForm {
    stream: i32,
    role: &'static str,
    continues: Option<i32>,
    tasks: u32,
    kinds: BTreeMap<&'static str, u32>,
}

#[derive(Serialize)]
struct PathForm<'r> {
    work: u32,
    tasks: u32,
    way: &'r [Run],
}

#[derive(Serialize)]
struct WidthForm<'r> {
    least: usize,
    most: usize,
    exact: bool,
    together: Vec<TaskForm>,
    chains: &'r [Vec<Run>],
}

#[derive(Serialize)]
struct TaskForm {
    stream: i32,
    task: u32,
}

#[derive(Serialize)]
struct BudgetForm<'r> {
    target: &'r str,
    processes: u32,
    graphs: Vec<LinesForm<'r>>,
    together: &'r [Line],
}

#[derive(Serialize)]
struct LinesForm<'r> {
    name: &'r str,
    lines: &'r [Line],
}

#[derive(Serialize)]
struct Fingerprints<'r> {
    schema: u32,
    graphs: Vec<FingerprintForm<'r>>,
}

#[derive(Serialize)]
struct FingerprintForm<'r> {
    name: &'r str,
    fingerprint: String,
    kinds: BTreeMap<&'static str, u32>,
}

pub(super) fn report<S: Serialize>(report: &Report<'_>, schedules: &[S]) -> String {
    let graphs = report.graphs.iter().map(|(graph, measures)| graph_form(graph, measures)).collect();
    let budgets = report.budgets.iter().map(|machine| budget_form(report, machine)).collect();
    print(&Document { schema: SCHEMA, graphs, budgets, schedules })
}

pub(super) fn fingerprints(graphs: &[Graph]) -> String {
    let form = |graph: &'_ Graph| {
        let fingerprint = Fingerprint::of(&graph.trace);
        (fingerprint.to_string(), kinds(&fingerprint.kinds))
    };
    let graphs = graphs.iter().map(|graph| {
        let (fingerprint, kinds) = form(graph);
        FingerprintForm { name: &graph.name, fingerprint, kinds }
    });
    print(&Fingerprints { schema: SCHEMA, graphs: graphs.collect() })
}

fn print(document: &impl Serialize) -> String {
    // Texts and numbers always have a JSON form.
    serde_json::to_string_pretty(document).unwrap_or_default() + "\n"
}

fn kinds(kinds: &[(Kind, u32)]) -> BTreeMap<&'static str, u32> {
    kinds.iter().map(|&(kind, count)| (kind.as_str(), count)).collect()
}

fn graph_form<'r>(graph: &'r Graph, measures: &'r Measures) -> GraphForm<'r> {
    let (counts, trace) = (&measures.counts, &graph.trace);
    let together = measures.width.together.iter().map(|&task| TaskForm {
        stream: trace.streams[trace.tasks[task].stream].id,
        task: trace.record(task).task,
    });
    GraphForm {
        name: &graph.name,
        target: graph.profile.name,
        target_is_inferred: graph.is_shown,
        fingerprint: measures.fingerprint.to_string(),
        tasks: counts.tasks,
        work: counts.work,
        sync: counts.sync,
        added: counts.added,
        lanes: counts.lanes,
        groups: counts.groups,
        wait_cycles: measures.circles,
        kinds: kinds(&counts.kinds),
        streams: counts.streams.iter().map(|stream| stream_form(graph, stream)).collect(),
        critical_path: PathForm {
            work: measures.critical_path.work,
            tasks: measures.critical_path.tasks,
            way: &measures.critical_path.runs,
        },
        width: WidthForm {
            least: measures.width.least(),
            most: measures.width.most(),
            exact: measures.width.is_exact(),
            together: together.collect(),
            chains: &measures.width.chains,
        },
        // A tenth is all that a reader needs, and rounding keeps the text the same on every machine.
        sync_percent: counts.sync_percent().map(|percent| (percent * 10.0).round() / 10.0),
        waits_for_another_lane: counts.crossings,
    }
}

fn stream_form(graph: &Graph, stream: &StreamCounts) -> StreamForm {
    let (role, continues) = match stream.role {
        Role::Origin => ("origin", None),
        Role::Side => ("side", None),
        Role::Continues { stream, .. } => ("continuation", Some(graph.trace.streams[stream].id)),
    };
    StreamForm { stream: stream.id, role, continues, tasks: stream.tasks, kinds: kinds(&stream.kinds) }
}

fn budget_form<'r>(report: &'r Report<'_>, machine: &'r Machine<'_>) -> BudgetForm<'r> {
    let lines = machine.graphs.iter().zip(&machine.budget.graphs);
    BudgetForm {
        target: machine.profile.name,
        processes: report.processes.max(1),
        graphs: lines
            .map(|(&index, lines)| LinesForm { name: &report.graphs[index].0.name, lines })
            .collect(),
        together: &machine.budget.together,
    }
}
