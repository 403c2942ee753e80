//! The canonical layout of every program in `testdata`: laying it out again changes nothing, and neither does what it means.

use std::path::{Path, PathBuf};

use acg_check::{Kind, Sources};

fn programs(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            programs(&path, found);
        } else if Kind::of_path(&path) == Some(Kind::Program) {
            found.push(path);
        }
    }
}

fn format(text: &str) -> Option<String> {
    let mut sources = Sources::new();
    let file = sources.add("test.acg", text);
    acg_check::format_program(&sources, file).ok()
}

#[test]
fn laying_out_twice_is_laying_out_once() {
    let mut found = Vec::new();
    programs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata"), &mut found);
    let mut formatted = 0;
    for path in &found {
        let text = std::fs::read_to_string(path).unwrap();
        let Some(once) = format(&text) else { continue };
        let twice = format(&once)
            .unwrap_or_else(|| panic!("{} cannot be read once laid out:\n{once}", path.display()));
        assert_eq!(once, twice, "{}", path.display());
        formatted += 1;
    }
    assert!(formatted >= 20, "only {formatted} of {} programs were laid out", found.len());
}

#[test]
fn the_seed_programs_are_laid_out() {
    let mut found = Vec::new();
    programs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/seeds"), &mut found);
    for path in &found {
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(format(&text).as_deref(), Some(text.as_str()), "{}", path.display());
    }
}
