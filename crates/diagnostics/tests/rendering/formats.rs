//! What each scenario looks like in each format: one file a scenario in `expected`, rewritten by `BLESS=1`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use acg_diagnostics::{Format, RenderOptions, render};

use crate::scenarios::{self, Scenario};

/// Formats whose output shows how excerpts and places come out, for scenarios about those.
const PLACES: [Format; 2] = [Format::Human, Format::Concise];

#[test]
fn every_scenario_looks_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rendering/expected");
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for Scenario { name, sources, diagnostics, in_all_formats } in scenarios::all() {
        let formats: &[Format] = if in_all_formats { &Format::ALL } else { &PLACES };
        let mut text = String::new();
        for &format in formats {
            let output = render(&diagnostics, &sources, format, &RenderOptions::default());
            writeln!(text, "==== {format}\n{output}").unwrap();
        }
        let path = folder.join(name).with_extension("txt");
        if bless {
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{name} is now:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}\nBLESS=1 accepts this", wrong.join("\n"));
}

#[test]
fn nothing_expected_is_left_over() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rendering/expected");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort_unstable();
    let mut names: Vec<_> =
        scenarios::all().iter().map(|scenario| format!("{}.txt", scenario.name)).collect();
    names.sort_unstable();
    assert_eq!(files, names);
}

#[test]
fn colour_comes_only_when_asked_for() {
    for scenario in scenarios::all() {
        for format in Format::ALL {
            let plain = RenderOptions { color: false, ..RenderOptions::default() };
            let plain = render(&scenario.diagnostics, &scenario.sources, format, &plain);
            if matches!(format, Format::Human | Format::Concise) {
                assert!(!plain.contains('\x1b'), "{} {format}", scenario.name);
            }
        }
    }
    let scenario = scenarios::all().remove(0);
    let color = RenderOptions { color: true, ..RenderOptions::default() };
    for format in [Format::Human, Format::Concise] {
        assert!(
            render(&scenario.diagnostics, &scenario.sources, format, &color).contains("\x1b["),
            "{format}"
        );
    }
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().unwrap_err().to_string();
    assert!(error.contains("`xml`") && error.contains("junit"), "{error}");
}
