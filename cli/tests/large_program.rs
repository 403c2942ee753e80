//! A program whose text is given back while it is compiled is shown all the same where something is wrong with it.

use std::process::{Command, Output};

const LINES: usize = 40_000;

fn compile(body: &str, args: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let comments = "// a comment that makes the text large\n".repeat(LINES);
    let text = format!("{comments}device d : f32[8]\nstream s\nevent e\ngraph g on s {{\n{body}\n}}\n");
    std::fs::write(directory.path().join("g.acg"), text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_acg"));
    command.current_dir(directory.path()).arg("compile").arg("g.acg").args(args).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn what_is_wrong_is_shown_with_its_line() {
    let output = compile("  s: fill d = 0\n  s: wait e", &["--emit", "calls"]);
    let stderr = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let place = format!("g.acg:{}:", LINES + 6);
    assert!(stderr.contains(&place) && stderr.contains("s: wait e"), "{stderr}");
}

#[test]
fn remarks_and_programs_have_their_lines() {
    for args in [&["-O2", "--remarks", "--emit", "calls"][..], &["--emit", "cpp"], &["--emit", "calls,json"]]
    {
        let output = compile("  s: fill d = 0\n  s: fill d = 1", args);
        let stderr = stderr(&output);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        if args.contains(&"--remarks") {
            assert!(stderr.contains(&format!("g.acg:{}:", LINES + 5)), "{stderr}");
        }
    }
}
