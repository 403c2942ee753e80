//! The logs and dumps of the measured corpus.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use acg_calls::Log;
use acg_diagnostics::{Diagnostic, FileId, Sources};
use acg_ir::Module;
use acg_target::Profile;

/// A measured file with the machine that it was measured on.
pub(crate) struct Case {
    /// Folder and file.
    pub(crate) name: String,
    pub(crate) profile: Profile,
    pub(crate) text: String,
}

/// The whole corpus where it is beside the repository, else the part in the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let whole = std::env::var_os("ACG_CONFORMANCE")
        .map_or_else(|| manifest.join("../../../shared/conformance"), PathBuf::from);
    if whole.is_dir() {
        return whole;
    }
    println!("the whole corpus is not at {}; the part in the repository is tested", whole.display());
    manifest.join("../../testdata/conformance")
}

/// Every file of a corpus with an extension, in order.
pub(crate) fn cases(root: &Path, extension: &str) -> Vec<Case> {
    let mut files: Vec<PathBuf> = ["scenarios", "random"]
        .iter()
        .flat_map(|kind| entries(&root.join(kind)))
        .flat_map(|folder| entries(&folder))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files.iter().map(|path| case(path)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .map_or_else(|_| Vec::new(), |entries| entries.map(|entry| entry.unwrap().path()).collect())
}

fn case(path: &Path) -> Case {
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap().to_string_lossy().into_owned();
    let file = text(path.file_name());
    let variant = file.split('.').next().unwrap();
    Case {
        name: format!("{}/{file}", text(path.parent().unwrap().file_name())),
        profile: Profile::find(variant).unwrap(),
        text: fs::read_to_string(path).unwrap(),
    }
}

/// Reads a log that has nothing wrong with it.
pub(crate) fn read_log(name: &str, text: &str) -> Log {
    let mut sources = Sources::new();
    let file = sources.add(name, text);
    acg_calls::read(file, text).log
}

/// The text of an imported module, which must be canonical and right, and the module that it reads as.
pub(crate) fn reread(name: &str, module: &Module) -> Module {
    let text = acg_ir::print::print(module);
    let mut sources = Sources::new();
    let file: FileId = sources.add(name, text.clone());
    let parsed = acg_parser::parse(file, &text);
    let messages: Vec<&Diagnostic> = parsed.diagnostics.iter().collect();
    assert!(messages.is_empty(), "{name}: {messages:#?}\n{text}");
    let again = acg_ir::print::print(&parsed.module);
    assert_eq!(text, again, "{name}: the text is not canonical");
    parsed.module
}
