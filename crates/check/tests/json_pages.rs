//! What is printed as JSON stands in the page of the command, field by field.

use acg_check::measures::Format as FiguresFormat;
use acg_check::{
    CompileOptions, Figures, Format, RenderOptions, Sources, TargetChoice, check_program, compile_program,
    write,
};
use serde_json::Value;

/// The fields of `report` that `docs/PAGE` does not name.
fn unknown_to(page: &str, report: &Value) -> Vec<String> {
    let path = format!("{}/../../docs/{page}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the page is there");
    let mut fields = Vec::new();
    collect(report, &mut fields);
    fields.retain(|field| !text.contains(&format!("`{field}`")));
    fields
}

/// The names of all fields, but for those of `statistics`, which passes choose.
fn collect(value: &Value, fields: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                fields.push(name.clone());
                if name != "statistics" {
                    collect(value, fields);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, fields)),
        _ => {}
    }
}

#[test]
fn figures() {
    let text = "temp a, b, c : bytes[64]\ndevice y : bytes[64]\ngraph g auto {\n  kernel \"1\"() -> a\n  kernel \"2\"(a) -> b\n  \
                kernel \"3\"(b) -> c\n  kernel \"4\"(c) -> y\n}\n";
    let mut sources = Sources::new();
    let file = sources.add("program.acg", text);
    let compiled = compile_program(&sources, file, &TargetChoice::default(), &CompileOptions::default());
    let figures = Figures::of(&compiled, true).expect("the program is right");
    let report = figures.text("program", FiguresFormat::Json, true);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let graph = &report["graphs"][0];
    assert!(!graph["memory"].is_null() && !graph["full_concurrency"].is_null(), "{graph:#}");
    assert_eq!(unknown_to("stats.md", &report), Vec::<String>::new());
}

#[test]
fn findings() {
    let text = "stream main, side\nevent e\ngraph g on main {\n  main: record e\n  side: wait e\n}\n";
    let mut sources = Sources::new();
    let file = sources.add("program.acg", text);
    let checked = check_program(&sources, file, &TargetChoice::default());
    let mut out = Vec::new();
    write(&checked.diagnostics, &sources, Format::Json, &RenderOptions::default(), &mut out).expect("memory");
    let report: Value = serde_json::from_slice(&out).expect("JSON");
    let returns =
        report["diagnostics"].as_array().expect("findings").iter().map(|finding| &finding["returns"]);
    assert!(returns.clone().any(|code| !code.is_null()), "{report:#}");
    assert_eq!(unknown_to("check.md", &report), Vec::<String>::new());
}
