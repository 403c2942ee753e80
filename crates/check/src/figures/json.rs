//! The figures for programs.

use std::collections::BTreeMap;

use acg_schedule::{Bound, Point};
use serde::Serialize;

use crate::update_method::UpdateChoice;

use super::{Figures, Full, GraphFigures, Known, milliseconds};

/// The version of the form; a change that readers must know of counts it up.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
pub(super) struct Document<'r> {
    schema: u32,
    file: &'r str,
    model: String,
    graphs: Vec<GraphForm<'r>>,
    passes: Vec<PassForm<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_method: Option<&'r UpdateChoice>,
}

#[derive(Serialize)]
struct GraphForm<'r> {
    name: &'r str,
    tasks: u32,
    streams: u32,
    events: u32,
    records: u32,
    waits: u32,
    fork_waits: u32,
    join_waits: u32,
    sync_tasks: u32,
    makespan_ns: u64,
    #[serde(flatten)]
    known: Option<KnownForm<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_because: Option<&'static str>,
    memory: Option<MemoryForm>,
}

#[derive(Serialize)]
struct KnownForm<'r> {
    work_ns: u64,
    critical_path_ns: u64,
    bounds: Vec<BoundForm>,
    best_bound_ns: u64,
    optimal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_concurrency: Option<FullForm<'r>>,
}

#[derive(Serialize)]
struct BoundForm {
    kind: String,
    ns: u64,
    /// On how many streams no schedule ends earlier.
    streams: u32,
}

#[derive(Serialize)]
struct FullForm<'r> {
    fewest_streams: PointForm,
    fewest_syncs: PointForm,
    antichain: &'r [String],
    sources: &'r [String],
    targets: &'r [String],
}

#[derive(Serialize)]
struct PointForm {
    streams: u32,
    syncs: u32,
}

#[derive(Serialize)]
struct MemoryForm {
    apart_bytes: u64,
    peak_bytes: u64,
    antichain_bytes: u64,
    proved_bytes: u64,
    optimal: bool,
}

#[derive(Serialize)]
struct PassForm<'r> {
    name: &'r str,
    changed: bool,
    statistics: BTreeMap<&'r str, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pass_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof_ms: Option<f64>,
}

pub(super) fn document<'r>(figures: &'r Figures, file: &'r str, timed: bool) -> Document<'r> {
    Document {
        schema: SCHEMA,
        file,
        model: figures.model.to_string(),
        graphs: figures.graphs.iter().map(graph).collect(),
        passes: passes(figures, timed),
        update_method: figures.updates.as_ref(),
    }
}

fn graph(graph: &GraphFigures) -> GraphForm<'_> {
    let known = graph.known.as_ref().ok();
    let best = graph.best_bound();
    GraphForm {
        name: &graph.name,
        tasks: graph.tasks,
        streams: graph.streams,
        events: graph.events,
        records: graph.sync.records,
        waits: graph.sync.waits,
        fork_waits: graph.sync.forks,
        join_waits: graph.sync.joins,
        sync_tasks: graph.sync.records + graph.sync.waits,
        makespan_ns: graph.makespan,
        known: known.map(|known| known_form(known, graph.streams, graph.makespan, best)),
        unknown_because: graph.known.as_ref().err().copied(),
        memory: graph.memory.map(|memory| MemoryForm {
            apart_bytes: memory.apart,
            peak_bytes: memory.peak,
            antichain_bytes: memory.antichain,
            proved_bytes: memory.proved,
            optimal: memory.peak == memory.proved,
        }),
    }
}

fn known_form(known: &Known, streams: u32, makespan: u64, best: Option<Bound>) -> KnownForm<'_> {
    let quick = known.bounds.iter().map(|bound| (bound, streams));
    let searched = known.proved.iter().map(|proved| (&proved.makespan, proved.streams));
    let form = |(bound, streams): (&Bound, u32)| BoundForm {
        kind: bound.kind.to_string(),
        ns: bound.value,
        streams,
    };
    let best = best.map_or(0, |bound| bound.value);
    KnownForm {
        work_ns: known.work,
        critical_path_ns: known.critical_path,
        bounds: quick.chain(searched).map(form).collect(),
        best_bound_ns: best,
        optimal: best == makespan,
        full_concurrency: known.full.as_ref().map(full),
    }
}

fn full(full: &Full) -> FullForm<'_> {
    let point = |point: Point| PointForm { streams: point.streams, syncs: point.syncs };
    FullForm {
        fewest_streams: point(full.fewest_streams),
        fewest_syncs: point(full.fewest_syncs),
        antichain: &full.antichain,
        sources: &full.touching.0,
        targets: &full.touching.1,
    }
}

fn passes(figures: &Figures, timed: bool) -> Vec<PassForm<'_>> {
    let form = |run: &'_ crate::PassRun| PassForm {
        name: run.name,
        changed: run.changed,
        statistics: figures
            .statistics
            .iter()
            .filter(|statistic| statistic.pass == run.name)
            .map(|statistic| (statistic.what, statistic.count))
            .collect(),
        pass_ms: timed.then(|| milliseconds(run.pass_time)),
        proof_ms: timed.then(|| milliseconds(run.proof_time)),
    };
    figures.passes.iter().map(form).collect()
}
