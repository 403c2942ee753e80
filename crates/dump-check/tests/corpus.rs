//! Measured dumps, all of graphs that the runtime made: nothing in them is refused or hangs by itself.
//!
//! What is found are lints, and each is true of its graph: waits for events of the program, notifies and values that no task
//! of the graph sets, and records that no task of it waits for.

use std::fs;
use std::path::{Path, PathBuf};

use acg_diagnostics::{Severity, Sources};
use acg_dump_check::Subject;
use acg_target::Profile;
use acg_trace::Trace;

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

#[test]
fn measured_graphs_have_lints_at_most() {
    let mut paths = Vec::new();
    for folder in folders() {
        dumps(&folder, &mut paths);
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let profile = Profile::find(name.split('.').next().unwrap()).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let traces: Vec<Trace> =
            acg_dump::read_any(&mut text.as_bytes()).unwrap().dumps.into_iter().map(Trace::of).collect();
        let mut sources = Sources::new();
        let file = sources.add(name.as_str(), text);
        let subjects: Vec<Subject<'_>> =
            traces.iter().map(|trace| Subject { file, name: &name, trace, profile: &profile }).collect();
        for found in acg_dump_check::check(&subjects) {
            assert_eq!(found.severity, Severity::Lint, "{}: {}", path.display(), found.message);
            let expected = ["wait-from-outside", "record-never-waited"];
            assert!(expected.contains(&found.rule.name), "{}: {}", path.display(), found.message);
        }
    }
}
