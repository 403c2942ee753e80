//! What commands print as JSON stands in their pages, field by field.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What `acg ARGUMENTS` prints, given `input`.
fn report(arguments: &[&str], input: &str) -> Value {
    let mut child = Command::new(env!("CARGO_BIN_EXE_acg"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("acg runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("acg reads");
    let output = child.wait_with_output().expect("acg ends");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The fields of `report` that `docs/PAGE` does not name.
fn unknown_to(page: &str, report: &Value) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let text = std::fs::read_to_string(path).expect("the page is there");
    let mut fields = Vec::new();
    collect(report, &mut fields);
    fields.retain(|field| !text.contains(&format!("`{field}`")));
    fields
}

/// The names of all fields, but for those of tables, whose names are kinds of tasks and what passes count.
fn collect(value: &Value, fields: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                fields.push(name.clone());
                if name != "statistics" && name != "kinds" {
                    collect(value, fields);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, fields)),
        _ => {}
    }
}

/// A program with temporaries that share memory.
const PROGRAM: &str = r#"temp a, b, c : bytes[64]
device y : bytes[64]

graph g auto {
  kernel "1"() -> a
  kernel "2"(a) -> b
  kernel "3"(b) -> c
  kernel "4"(c) -> y
}
"#;

#[test]
fn stats() {
    let report = report(&["stats", "-", "--format", "json"], PROGRAM);
    let graph = &report["schedules"][0]["graphs"][0];
    assert!(!graph["memory"].is_null() && !graph["full_concurrency"].is_null(), "{graph:#}");
    assert_eq!(unknown_to("stats.md", &report), Vec::<String>::new());
}

#[test]
fn compile() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().to_str().expect("a name in UTF-8");
    let report = report(&["compile", "-", "--format", "json", "--time-report", "--output", output], PROGRAM);
    assert!(report["passes"][0]["pass_ms"].is_number(), "{report:#}");
    assert_eq!(unknown_to("stats.md", &report), Vec::<String>::new());
}

#[test]
fn check() {
    let program = "stream main, side\nevent e\ngraph g on main {\n  main: record e\n  side: wait e\n}\n";
    let report = report(&["check", "-", "--format", "json"], program);
    let findings = report["diagnostics"].as_array().expect("findings");
    assert!(findings.iter().any(|finding| !finding["returns"].is_null()), "{report:#}");
    assert_eq!(unknown_to("check.md", &report), Vec::<String>::new());
}
