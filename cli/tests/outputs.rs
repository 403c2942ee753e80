//! Where outputs go when something stands there already.

#![cfg(unix)]

use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::Command;

fn acg(directory: &Path, args: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_acg")).current_dir(directory).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn program(directory: &Path) {
    std::fs::write(
        directory.join("g.acg"),
        "device d : f32[8]\nstream s\ngraph g on s {\n  s: fill d = 0\n}\n",
    )
    .unwrap();
}

#[test]
fn what_a_link_leads_to_is_replaced_and_the_link_stays() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    program(directory);
    std::fs::create_dir(directory.join("elsewhere")).unwrap();
    std::fs::write(directory.join("elsewhere/report"), "old").unwrap();
    symlink("elsewhere/report", directory.join("report")).unwrap();
    acg(directory, &["check", "g.acg", "--format", "json", "-o", "report"]);
    assert!(directory.join("report").is_symlink());
    assert!(std::fs::read_to_string(directory.join("elsewhere/report")).unwrap().starts_with('{'));
}

#[test]
fn a_pipe_is_written_to() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    program(directory);
    let pipe = directory.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    acg(directory, &["check", "g.acg", "--format", "json", "-o", "pipe"]);
    assert!(reader.join().unwrap().starts_with('{'));
    assert!(std::fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
}
