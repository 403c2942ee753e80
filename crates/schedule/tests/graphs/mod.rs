//! Task graphs with reference results: those of `testdata/graphs`, and the whole collection where it is present.

use std::fs;
use std::path::{Path, PathBuf};

use acg_schedule::{Dag, Engine};
use serde_json::Value;

/// A graph with what is known of it.
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) dag: Dag,
    pub(crate) facts: Value,
}

/// All graphs at hand, the small ones first; says where the collection is missing.
pub(crate) fn all() -> Vec<Known> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let collection = root.join("../shared/bench");
    let mut graphs = read(&root.join("testdata/graphs"), &root.join("crates/schedule/tests/baselines.json"));
    if collection.join("baselines.json").exists() {
        graphs.extend(read(&collection.join("graphs"), &collection.join("baselines.json")));
    } else {
        eprintln!(
            "the collection of graphs is not at {}: only testdata/graphs is tested",
            collection.display()
        );
    }
    graphs.sort_by_key(|graph| (graph.dag.len(), graph.name.clone()));
    graphs.dedup_by(|one, other| one.name == other.name);
    graphs
}

fn read(folder: &Path, facts: &Path) -> Vec<Known> {
    let facts = json(facts);
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let known = files.iter().filter_map(|file| {
        let name = file.file_stem()?.to_str()?.to_owned();
        let facts = facts.get(&name)?.clone();
        Some(Known { dag: dag(&json(file)), facts, name })
    });
    known.collect()
}

fn json(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).expect("a file that can be read")).expect("JSON")
}

fn dag(graph: &Value) -> Dag {
    let tasks = graph["tasks"].as_array().expect("tasks");
    let costs = tasks.iter().map(|task| nanoseconds(&task["cost_us"])).collect();
    let engines = tasks.iter().map(|task| match task["engine"].as_str() {
        Some("h2d") => Engine::HostToDevice,
        Some("d2h") => Engine::DeviceToHost,
        Some("sdma") => Engine::DeviceToDevice,
        _ => Engine::Slot,
    });
    let end = |end: &Value| u32::try_from(end.as_u64().expect("a task")).expect("a task");
    let edges = graph["edges"].as_array().expect("edges").iter();
    Dag::new(costs, engines.collect(), edges.map(|edge| (end(&edge[0]), end(&edge[1]))))
}

/// A number of microseconds in nanoseconds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "times of graphs are small and positive"
)]
pub(crate) fn nanoseconds(microseconds: &Value) -> u64 {
    (microseconds.as_f64().expect("a time") * 1000.0).round() as u64
}
