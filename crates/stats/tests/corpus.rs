//! Measures of every measured dump: queue entries and streams are those that the runtime used.

use std::fs;
use std::path::{Path, PathBuf};

use acg_stats::{Bodies, Count, Graph, Quota, Report, Usage};
use acg_target::Profile;
use acg_trace::{Kind, Role, Trace};

/// The folders of measured dumps: the repository's own and, where it is there, the shared corpus beside it.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let all = [root.join("testdata/conformance"), root.join("../shared/conformance")];
    let found: Vec<_> = all.into_iter().filter(|folder| folder.is_dir()).collect();
    if found.is_empty() {
        eprintln!("skipped: there is no corpus in or beside this repository");
    }
    found
}

fn dumps(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            dumps(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Every graph of the corpus with the path of its dump; the beginning of the file's name is that of the machine.
fn graphs() -> impl Iterator<Item = (PathBuf, Graph)> {
    let mut paths = Vec::new();
    for folder in folders() {
        dumps(&folder, &mut paths);
    }
    paths.sort();
    paths.into_iter().flat_map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let profile = Profile::find(name.split('.').next().unwrap()).unwrap();
        let reading = acg_dump::read_any(&mut fs::File::open(&path).unwrap()).unwrap();
        reading.dumps.into_iter().map(move |dump| {
            let graph = Graph {
                name: name.clone(),
                own_name: None,
                branch: None,
                trace: Trace::of(dump),
                group_sizes: None,
                bodies: Bodies::Unknown,
                profile: profile.clone(),
                is_shown: false,
            };
            (path.clone(), graph)
        })
    })
}

#[test]
fn streams_and_entries_are_those_that_the_runtime_used() {
    let mut compared = 0;
    for (path, graph) in graphs() {
        let usage = Usage::of(&graph.trace, graph.bodies, &graph.profile);
        let streams = graph.trace.streams.values();
        let continuing =
            streams.clone().filter(|stream| matches!(stream.role, Role::Continues { .. })).count() as u64;
        // A stream without tasks is not printed.
        if streams.clone().all(|stream| stream.id >= 0) && usage.conditionals == 0 {
            assert_eq!(usage.streams(), Count::exactly(streams.count() as u64), "{}", path.display());
            assert_eq!(usage.continuations, Count::exactly(continuing), "{}", path.display());
        }
        // Only this machine counts queue entries in `Task Id`.
        if graph.profile.name != "950-hwsq" {
            continue;
        }
        for entries in &usage.entries {
            let (Some(&last), [_]) = (
                graph.trace.lane_tasks(entries.lane).last(),
                graph.trace.lanes[entries.lane].streams.as_slice(),
            ) else {
                continue;
            };
            let cost = if graph.trace.tasks[last].kind == Kind::ValueWait { 3 } else { 1 };
            let counted = u64::from(graph.trace.record(last).task) + cost;
            assert_eq!(entries.total, Count::exactly(counted), "{}", path.display());
            compared += 1;
        }
    }
    assert!(compared > 0 || folders().is_empty(), "no dump of 950 with queues in hardware");
}

#[test]
fn every_graph_can_be_measured_and_its_width_is_exact() {
    for (path, graph) in graphs() {
        let measures = graph.measure();
        assert!(measures.width.is_exact(), "{}", path.display());
        assert!(measures.width.most() <= graph.trace.lanes.len(), "{}", path.display());
        assert!(
            measures.critical_path.work <= measures.counts.work + measures.counts.added,
            "{}",
            path.display()
        );
        let report = Report::of(std::slice::from_ref(&graph), 2, Quota::default());
        for format in [acg_stats::Format::Human, acg_stats::Format::Json] {
            assert!(report.text(format).contains(&measures.fingerprint.to_string()));
        }
    }
}
