//! Programs whose dumps were measured: what is predicted for each of the seven machines is what was written there.
//!
//! `testdata/measured/NAME.acg` lowers to the capture of the measured log `NAME`; the dumps agree up to the renaming of ids.

use std::path::{Path, PathBuf};

use acg_check::{Emit, Sources, TargetChoice};
use acg_dump::Pair;

const MACHINES: [&str; 7] =
    ["910b-hwsq", "910b-hwsq-oldfw", "910b-swsq", "910b-swsq-swev", "950-hwsq", "950-swsq", "950-swsq-swev"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The dump that `machine` wrote for `name`, from the whole corpus where it is present, else from its part in the repository.
fn measured(name: &str, machine: &str) -> Option<String> {
    let corpora = [root().join("../shared/conformance"), root().join("testdata/conformance")];
    corpora.iter().find_map(|corpus| {
        std::fs::read_to_string(corpus.join(format!("scenarios/{name}/{machine}.modelRI.json"))).ok()
    })
}

#[test]
fn predicted_dumps_are_the_measured_ones() {
    let mut programs: Vec<PathBuf> = std::fs::read_dir(root().join("testdata/measured"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    programs.sort();
    assert!(!programs.is_empty());
    let mut compared = 0;
    for path in &programs {
        let name = path.file_stem().unwrap().to_string_lossy();
        let mut sources = Sources::new();
        let file = sources.add(name.as_ref(), std::fs::read_to_string(path).unwrap());
        let before = compared;
        for machine in MACHINES {
            let Some(expected) = measured(&name, machine) else { continue };
            let checked =
                acg_check::check_program(&sources, file, &TargetChoice::new(Some(machine), None).unwrap());
            let program = checked
                .accepted()
                .unwrap_or_else(|| panic!("{name} on {machine}: {:?}", checked.diagnostics));
            let artefacts = acg_check::emit(program, &sources, "measured", &[Emit::Json], 0).unwrap();
            let [dump] = &artefacts[..] else { panic!("{name} has one dump") };
            let actual = dump.text();
            let pair = Pair { name: machine, expected: &expected, actual: &actual };
            if let Some(difference) = acg_dump::difference(&[pair]) {
                panic!("{name} on {machine}: {difference:?}\npredicted:\n{actual}");
            }
            compared += 1;
        }
        assert!(compared > before, "{name} was measured nowhere");
    }
    println!("{compared} dumps of {} programs agree", programs.len());
}
