//! Programs come back from their own calls: what is lowered and imported has the same tasks in the same order, and does the same.

mod corpus;

use std::path::{Path, PathBuf};

use acg_backend_acl::{LowerOptions, lower};
use acg_diagnostics::Sources;
use acg_import::{import_log, log_agreement};
use acg_ir::{Graph, Op, verify};
use acg_target::Profile;

fn programs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let folders = ["measured", "programs", "seeds"].map(|folder| root.join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "acg"));
    files.sort();
    files
}

/// What the tasks of a graph are, in order.
fn kinds(graph: &Graph) -> Vec<std::mem::Discriminant<Op>> {
    graph.program().map(|task| std::mem::discriminant(&graph.tasks[task].op)).collect()
}

#[test]
fn calls_of_programs_become_the_programs() {
    let mut compared = 0;
    for path in programs() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut sources = Sources::new();
        let file = sources.add(name.as_str(), std::fs::read_to_string(&path).unwrap());
        let parsed = acg_parser::parse(file, &sources.file(file).text);
        // The importer makes no segments.
        let is_segment = |graph: &Graph| graph.tasks.values().any(|task| task.op == Op::Segment);
        let has_form = |graph: &Graph| !graph.is_auto() && !is_segment(graph);
        let graphs = &parsed.module.graphs;
        if !parsed.complete || graphs.is_empty() || !graphs.values().all(has_form) {
            continue;
        }
        let log = lower(&verify(&parsed.module).unwrap(), &LowerOptions::default()).log;
        let profile = Profile::find("910b-swsq").unwrap();
        let imported = import_log(&log, &profile, None).unwrap();
        let module = corpus::reread(&name, &imported.module);
        assert_eq!(module.graphs.len(), parsed.module.graphs.len(), "{name}");
        // The end of a branch on a stream that is captured already ends the graph, which is what the log shows.
        let is_cut = module.bare_call().is_some() && parsed.module.bare_call().is_none();
        for (before, after) in parsed.module.graphs.values().zip(module.graphs.values()).filter(|_| !is_cut) {
            assert_eq!(kinds(before), kinds(after), "{name}: {}", acg_ir::print::print(&module));
        }
        let agreement = log_agreement(&log, &imported, &profile);
        assert_eq!(agreement.disagreements, [], "{name}");
        compared += 1;
    }
    assert!(compared > 10, "{compared} programs");
}
