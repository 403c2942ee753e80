//! The measured dumps, where they are.

use std::path::{Path, PathBuf};

use acg_dump::{OwnedDump, read_any};

/// Every dump of the measured corpus that can be read; empty, and said so, where there is no corpus.
pub(crate) fn dumps() -> Vec<(String, OwnedDump)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = [root.join("../shared/conformance"), root.join("testdata/conformance")];
    let Some(folder) = folders.iter().find(|folder| folder.is_dir()) else {
        eprintln!("skipped: there is no corpus in or beside this repository");
        return Vec::new();
    };
    let mut files = Vec::new();
    walk(folder, &mut files);
    files.sort();
    let read = |path: &PathBuf| {
        let mut file = std::fs::File::open(path).expect("the file can be opened");
        let reading = read_any(&mut file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        reading.dumps.into_iter().map(|dump| (path.display().to_string(), dump)).collect::<Vec<_>>()
    };
    files.iter().flat_map(read).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}
