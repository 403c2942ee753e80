//! The graphs of dumps, programs and logs, ready to be measured.

use std::collections::{BTreeMap, BTreeSet};

use acg_calls::Log;
use acg_diagnostics::{Diagnostic, FileId, Severity, Sources};
use acg_runtime::Dumped;
use acg_runtime::state::{ModelId, State};
use acg_stats::{Bodies, Graph};
use acg_target::{CodePath, Profile};
use acg_trace::Trace;

use crate::group_sizes::group_sizes;
use crate::kind::Kind;
use crate::target::{TargetChoice, TargetLine};

/// A file whose graphs cannot be measured, and why.
#[derive(Debug)]
pub struct NotMeasured(pub Vec<Diagnostic>);

/// The graphs in `files`: those of dumps, those that programs capture, and those that logs dump.
///
/// Dumps name no target; where `choice` names none either, all of one chip are taken as being of the one machine that they show.
///
/// # Errors
///
/// What keeps a file from being read, and what the runtime would reject of a program.
///
/// # Panics
///
/// Never: a choice was resolved when it was made, and logs add nothing to it.
pub fn graphs_of(
    sources: &Sources,
    files: &[(FileId, Kind)],
    choice: &TargetChoice,
) -> Result<Vec<Graph>, NotMeasured> {
    let mut graphs = Vec::new();
    let mut dumps = Vec::new();
    for &(file, kind) in files {
        let source = sources.file(file);
        match kind {
            Kind::Dump => {
                let reading = acg_dump::read_any(&mut source.text.as_bytes())
                    .map_err(|error| NotMeasured(vec![acg_dump_check::unreadable(file, &error)]))?;
                let several = reading.dumps.len() > 1;
                for dump in reading.dumps {
                    let name = if several {
                        format!("{}, model {}", source.name, dump.model)
                    } else {
                        source.name.clone()
                    };
                    dumps.push((graphs.len() + dumps.len(), name, Trace::of(dump)));
                }
            }
            Kind::Program => {
                let checked = crate::check_program(sources, file, choice);
                let Some(accepted) = checked.accepted() else { return Err(NotMeasured(checked.diagnostics)) };
                graphs.extend(predicted(&source.name, &accepted.lowered.log, &accepted.profile, of_program));
            }
            Kind::Log => {
                let acg_calls::Reading { log, diagnostics } = acg_calls::read(file, &source.text);
                if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
                    return Err(NotMeasured(diagnostics));
                }
                let profile =
                    choice.resolve(TargetLine::default()).expect("a choice is checked when it is made");
                graphs.extend(predicted(&source.name, &log, &profile, of_log));
            }
        }
    }
    for (place, graph) in measured(dumps, choice) {
        graphs.insert(place.min(graphs.len()), graph);
    }
    Ok(graphs)
}

/// Dumps with their places, names and meanings, as graphs, by place.
fn measured(dumps: Vec<(usize, String, Trace)>, choice: &TargetChoice) -> Vec<(usize, Graph)> {
    let mut by_path: BTreeMap<Option<&str>, (Vec<_>, Vec<Trace>)> = BTreeMap::new();
    for (place, name, trace) in dumps {
        let path = trace.dump.origin.path.map(CodePath::as_str);
        let (names, traces) = by_path.entry(path).or_default();
        names.push((place, name));
        traces.push(trace);
    }
    let mut graphs = Vec::new();
    for (names, traces) in by_path.into_values() {
        let profile = choice.for_dumps(&traces);
        for ((place, name), trace) in names.into_iter().zip(traces) {
            let profile = profile.clone();
            let is_shown = !choice.names_profile();
            let (group_sizes, bodies) = (None, Bodies::Unknown);
            graphs.push((place, Graph { name, trace, group_sizes, bodies, profile, is_shown }));
        }
    }
    graphs.sort_by_key(|&(place, _)| place);
    graphs
}

/// What a graph of a file is called, by the path of its dump and the name of its variable.
type Naming = fn(file: &str, path: &str, variable: Option<&str>) -> String;

/// The lowering calls dumps `GRAPH.modelRI.json` where there are several graphs, `modelRI.json` otherwise.
fn of_program(file: &str, path: &str, _: Option<&str>) -> String {
    path.strip_suffix(".modelRI.json").map_or_else(|| file.to_owned(), |graph| format!("{file}, {graph}"))
}

fn of_log(file: &str, path: &str, variable: Option<&str>) -> String {
    format!("{file}, {}", variable.unwrap_or(path))
}

/// The graphs that replaying `log` dumps, each as its last dump shows it.
fn predicted(file: &str, log: &Log, profile: &Profile, naming: Naming) -> Vec<Graph> {
    let replay = acg_runtime::replay(log, profile);
    let mut latest: Vec<&Dumped<'_>> = Vec::new();
    for dumped in &replay.dumps {
        match latest.iter_mut().find(|other| other.model == dumped.model) {
            Some(place) => *place = dumped,
            None => latest.push(dumped),
        }
    }
    let graph = |dumped: &Dumped<'_>| {
        let text = dumped.text(profile, 0);
        // What the model prints can be read.
        let dump = acg_dump::read_any(&mut text.as_bytes()).ok()?.dumps.into_iter().next()?;
        let trace = Trace::of(dump);
        let variable = replay.state.models[dumped.model].name.map(|name| log.text(name));
        Some(Graph {
            name: naming(file, dumped.path, variable),
            group_sizes: group_sizes(&replay.state, dumped.model, &trace),
            trace,
            bodies: Bodies::Streams(body_streams(&replay.state, dumped.model)),
            profile: profile.clone(),
            is_shown: false,
        })
    };
    latest.into_iter().filter_map(graph).collect()
}

/// The streams of the branches of a graph's conditional tasks, and of theirs.
fn body_streams(state: &State, model: ModelId) -> u32 {
    let mut streams = 0;
    let mut pending = vec![model];
    let mut seen = BTreeSet::new();
    while let Some(model) = pending.pop() {
        if !seen.insert(model) {
            continue;
        }
        for &cond in &state.models[model].conds {
            for &branch in &state.conds[cond].branches {
                streams += state.models[branch].inners.len() as u32;
                pending.push(branch);
            }
        }
    }
    streams
}
