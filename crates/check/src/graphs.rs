//! The graphs of any input: those of dumps as they are, those of programs and logs as they are predicted.
//!
//! Whatever looks at graphs reads them here: `acg stats`, `view` and `diff`.

use std::collections::BTreeMap;

use acg_diagnostics::{Diagnostic, FileId, Severity, Sources};
use acg_stats::{Bodies, Graph};
use acg_target::CodePath;
use acg_trace::Trace;

use crate::compile::{CompileOptions, Compiled};
use crate::dump_file::read_dumps;
use crate::kind::Kind;
use crate::predicted::{Prints, predicted};
use crate::program::Accepted;
use crate::target::{TargetChoice, TargetLine};

/// The graphs of some files.
#[derive(Debug, Default)]
pub struct Graphs {
    /// The graphs, file by file.
    pub graphs: Vec<Graph>,
    /// What had to be repaired to read a dump.
    pub irregular: Vec<Diagnostic>,
    /// The programs, as they were compiled.
    pub programs: Vec<(FileId, Compiled)>,
}

/// Why a file has no graphs.
#[derive(Debug)]
pub struct NoGraphs(pub Vec<Diagnostic>);

/// A dump, and before how many graphs of programs and logs it comes.
struct Dumped {
    place: usize,
    name: String,
    trace: Trace,
}

/// The graphs in `files`: those of dumps, those that programs capture once they are compiled with `options`, and those that logs
/// dump.
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
    options: &CompileOptions,
) -> Result<Graphs, NoGraphs> {
    let mut found = Graphs::default();
    let mut dumps = Vec::new();
    for &(file, kind) in files {
        let source = sources.file(file);
        match kind {
            Kind::Dump => {
                let read = read_dumps(sources, file).map_err(|unreadable| NoGraphs(vec![*unreadable]))?;
                found.irregular.extend(read.irregular);
                let is_only = read.traces.len() == 1;
                for trace in read.traces {
                    let model = trace.dump.model;
                    let name = title(&source.name, is_only, &format!("model {model}"));
                    dumps.push(Dumped { place: found.graphs.len() + dumps.len(), name, trace });
                }
            }
            Kind::Program => {
                let compiled = crate::compile_program(sources, file, choice, options);
                let Some(accepted) = compiled.checked.accepted() else {
                    return Err(NoGraphs(compiled.checked.diagnostics));
                };
                found.graphs.extend(of_accepted(&source.name, accepted));
                found.programs.push((file, compiled));
            }
            Kind::Log => found.graphs.extend(of_log(sources, file, choice, Prints::Last)?),
        }
    }
    for (place, graph) in of_dumps(dumps, choice) {
        found.graphs.insert(place.min(found.graphs.len()), graph);
    }
    Ok(found)
}

/// The graph that the log in `file` prints to `path`, as its last such call shows it.
///
/// # Errors
///
/// What keeps the log from being read.
pub fn graph_printed(
    sources: &Sources,
    file: FileId,
    path: &str,
    choice: &TargetChoice,
) -> Result<Option<Graph>, NoGraphs> {
    Ok(of_log(sources, file, choice, Prints::To(path))?.into_iter().next())
}

/// What reports call a graph of a file.
fn title(file: &str, is_only: bool, own: &str) -> String {
    if is_only { file.to_owned() } else { format!("{file}, {own}") }
}

/// The graphs of a program, which is called `source`.
pub(crate) fn of_accepted(source: &str, accepted: &Accepted) -> Vec<Graph> {
    let module = &accepted.module;
    let only = module.graphs.values().next().filter(|_| module.graphs.len() == 1);
    predicted(&accepted.lowered.log, &accepted.profile, Prints::Last, |path, _| {
        // The lowering calls dumps `GRAPH.modelRI.json` where there are several graphs.
        let own = only.map(|graph| module.text(graph.name)).or(path.strip_suffix(".modelRI.json"));
        let own = own.unwrap_or(path);
        (title(source, only.is_some(), own), own.to_owned())
    })
}

fn of_log(
    sources: &Sources,
    file: FileId,
    choice: &TargetChoice,
    prints: Prints<'_>,
) -> Result<Vec<Graph>, NoGraphs> {
    let source = sources.file(file);
    let acg_calls::Reading { log, diagnostics } = acg_calls::read(file, &source.text);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(NoGraphs(diagnostics));
    }
    let profile = choice.resolve(TargetLine::default()).expect("a choice is checked when it is made");
    Ok(predicted(&log, &profile, prints, |path, variable| {
        let own = variable.unwrap_or(path);
        (title(&source.name, false, own), own.to_owned())
    }))
}

/// The graphs of dumps with their places, by place.
fn of_dumps(dumps: Vec<Dumped>, choice: &TargetChoice) -> Vec<(usize, Graph)> {
    let mut by_path: BTreeMap<Option<&str>, (Vec<_>, Vec<Trace>)> = BTreeMap::new();
    for Dumped { place, name, trace } in dumps {
        let path = trace.dump.origin.path.map(CodePath::as_str);
        let (names, traces) = by_path.entry(path).or_default();
        names.push((place, name));
        traces.push(trace);
    }
    let mut graphs = Vec::new();
    for (names, traces) in by_path.into_values() {
        let profile = choice.for_dumps(&traces);
        for ((place, name), trace) in names.into_iter().zip(traces) {
            let graph = Graph {
                name,
                own_name: None,
                branch: None,
                trace,
                group_sizes: None,
                bodies: Bodies::Unknown,
                profile: profile.clone(),
                is_shown: !choice.names_profile(),
            };
            graphs.push((place, graph));
        }
    }
    graphs.sort_by_key(|&(place, _)| place);
    graphs
}
