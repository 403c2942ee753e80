//! Ctrl-C while files are written leaves all of them or none, and nothing else.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Stdio};

fn acg() -> Command {
    Command::new(env!("CARGO_BIN_EXE_acg"))
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_stopped_command_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("g.acg");
    let generated = acg().args(["generate", "--tasks", "20000", "-o"]).arg(&program).status().unwrap();
    assert!(generated.success());
    let out = folder.path().join("out");
    let mut child = acg()
        .arg("compile")
        .arg(&program)
        .args(["-O0", "--emit", "calls,json", "-o"])
        .arg(&out)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The first file has begun, under a temporary name.
    while names(&out).is_empty() && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
    assert!(told.is_ok());
    let ended = child.wait().unwrap();
    let left = names(&out);
    match ended.code() {
        Some(130) => assert!(left.is_empty() || left == ["g.calls", "g.modelRI.json"], "{left:?}"),
        code => assert_eq!((code, left), (Some(0), vec!["g.calls".to_owned(), "g.modelRI.json".to_owned()])),
    }
}
