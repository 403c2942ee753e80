//! Every dump of the shared corpus is read and printed byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use acg_dump::{Format, print, read};
use acg_target::Profile;

/// The shared corpus beside the repository, where there is one.
fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    path.is_dir().then_some(path)
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
fn every_corpus_dump_is_reprinted_byte_for_byte() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: there is no shared corpus beside this repository");
        return;
    };
    let mut paths = Vec::new();
    dumps(&corpus, &mut paths);
    assert!(!paths.is_empty(), "the corpus has no dumps");
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let profile = Profile::find(name.split('.').next().unwrap()).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let reading = read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let printed = print(&reading.dump, Format::of(&profile), reading.pid, true);
        assert!(printed == text, "{} is reprinted differently", path.display());
    }
}
