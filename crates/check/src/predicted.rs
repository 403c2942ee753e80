//! The graphs whose dumps a replay predicts.

use std::collections::{BTreeMap, BTreeSet};

use acg_calls::{Log, Name};
use acg_runtime::Dumped;
use acg_runtime::state::{Cond, ModelId, State};
use acg_stats::{Bodies, Graph};
use acg_target::Profile;
use acg_trace::Trace;

use crate::group_sizes::group_sizes;

/// Which of the dumps of a log count.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Prints<'p> {
    /// The last one of each graph.
    Last,
    /// The last one that is printed to this path.
    To(&'p str),
}

/// The graphs that replaying `log` dumps, as the `prints` show them.
///
/// `names` tells what reports call a graph and what it is called within its file, by the path of its dump and the name of its
/// variable, if it has one.
pub(crate) fn predicted(
    log: &Log,
    profile: &Profile,
    prints: Prints<'_>,
    names: impl Fn(&str, Option<&str>) -> (String, String),
) -> Vec<Graph> {
    let replay = acg_runtime::replay(log, profile);
    let mut latest: Vec<&Dumped<'_>> = Vec::new();
    for dumped in &replay.dumps {
        let earlier = match prints {
            Prints::Last => latest.iter_mut().find(|other| other.model == dumped.model),
            Prints::To(path) if dumped.path == path => latest.first_mut(),
            Prints::To(_) => continue,
        };
        match earlier {
            Some(place) => *place = dumped,
            None => latest.push(dumped),
        }
    }
    let branches = branches(&replay.state, log);
    let graph = |dumped: &Dumped<'_>| {
        let text = dumped.text(profile, 0);
        // What the model prints can be read.
        let dump = acg_dump::read_any(&mut text.as_bytes()).ok()?.dumps.into_iter().next()?;
        let trace = Trace::of(dump);
        let variable = replay.state.models[dumped.model].name.map(|name| log.text(name));
        let (name, own_name) = names(dumped.path, variable);
        Some(Graph {
            name,
            own_name: Some(own_name),
            branch: branches.get(&dumped.model).cloned(),
            group_sizes: group_sizes(&replay.state, dumped.model, &trace),
            trace,
            bodies: Bodies::Streams(body_streams(&replay.state, dumped.model)),
            profile: profile.clone(),
            is_shown: false,
        })
    };
    latest.into_iter().filter_map(graph).collect()
}

/// As what conditional tasks of other graphs run graphs, in words.
fn branches(state: &State, log: &Log) -> BTreeMap<ModelId, String> {
    let name = |name: Option<Name>, unnamed: &str| name.map_or(unnamed, |name| log.text(name)).to_owned();
    let of_cond = |cond: &Cond| {
        let (task, graph) = (name(cond.name, "a condition"), name(state.models[cond.model].name, "a graph"));
        let branch = move |(number, &branch)| (branch, format!("branch {number} of {task} in {graph}"));
        cond.branches.iter().enumerate().map(branch).collect::<Vec<_>>()
    };
    state.conds.values().flat_map(of_cond).collect()
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
