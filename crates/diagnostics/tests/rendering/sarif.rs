//! SARIF output against the standard's own schema.

use acg_diagnostics::{Format, RenderOptions, render};
use serde_json::{Value, json};

use crate::{scenarios, schema};

/// The schema of SARIF 2.1.0.
pub(crate) fn sarif_schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/schemas/sarif-2.1.0.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_scenario_is_valid() {
    let schema = sarif_schema();
    for scenario in scenarios::all() {
        let text = render(&scenario.diagnostics, &scenario.sources, Format::Sarif, &RenderOptions::default());
        let log: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(schema::validate(&schema, &log), Vec::<String>::new(), "{}", scenario.name);
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), scenario.diagnostics.len());
    }
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let scenario = scenarios::all().remove(0);
    let text = render(&scenario.diagnostics, &scenario.sources, Format::Sarif, &RenderOptions::default());
    let log: Value = serde_json::from_str(&text).unwrap();
    let schema = sarif_schema();
    let result = "/runs/0/results/0";
    for (place, key, value) in [
        ("", "version", json!("2.0")),
        ("/runs/0", "columnKind", json!("bytes")),
        ("/runs/0/tool/driver", "name", Value::Null),
        (result, "level", json!("lint")),
        (result, "ruleIndex", json!(-2)),
        (result, "rule_id", json!("x")),
        (result, "locations", json!({})),
        ("/runs/0/results/0/message", "text", json!(1)),
        ("/runs/0/results/0/locations/0/physicalLocation/region", "startLine", json!(0)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation", "uri", json!("a b")),
    ] {
        let mut log = log.clone();
        log.pointer_mut(place).unwrap()[key] = value;
        assert_ne!(schema::validate(&schema, &log), Vec::<String>::new(), "{place} {key}");
    }
    let mut log = log;
    log["runs"][0]["tool"]["driver"].as_object_mut().unwrap().remove("name");
    assert_ne!(schema::validate(&schema, &log), Vec::<String>::new());
}
