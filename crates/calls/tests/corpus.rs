//! Every log of the shared corpus is canonical text: reading and writing gives it back byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use acg_diagnostics::Sources;

/// The shared corpus beside the repository, where there is one.
fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    path.is_dir().then_some(path)
}

fn logs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            logs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "calls") {
            found.push(path);
        }
    }
}

#[test]
fn reading_and_writing_a_corpus_log_changes_nothing() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: there is no shared corpus beside this repository");
        return;
    };
    let mut paths = Vec::new();
    logs(&corpus, &mut paths);
    assert!(!paths.is_empty(), "the corpus has no logs");
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let file = Sources::new().add("log", "");
        let reading = acg_calls::read(file, &text);
        assert_eq!(reading.diagnostics, [], "{}", path.display());
        assert_eq!(reading.log.to_text(), text, "{}", path.display());
    }
}
