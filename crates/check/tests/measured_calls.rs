//! Programs that change graphs or decide in them: every call of theirs gets the code that was measured, and so do the dumps.
//!
//! `testdata/measured_calls/NAME.acg` makes the calls of the measured log `NAME` in the same order, those aside that only make,
//! release or ask. Some of them fail: that they fail alike is what is tested.

use std::path::{Path, PathBuf};

use acg_backend_acl::{LowerOptions, lower};
use acg_calls::{Log, read};
use acg_diagnostics::Sources;
use acg_dump::Pair;
use acg_runtime::{Dumped, Replay, replay};
use acg_target::Profile;

const MACHINES: [&str; 7] =
    ["910b-hwsq", "910b-hwsq-oldfw", "910b-swsq", "910b-swsq-swev", "950-hwsq", "950-swsq", "950-swsq-swev"];

/// How the names of functions start that make, release or ask, and so may stand anywhere.
const ASIDE: [&str; 15] = [
    "aclInit",
    "aclFinalize",
    "aclrtSetDevice",
    "aclrtResetDevice",
    "aclrtCreate",
    "aclrtDestroy",
    "aclrtMalloc",
    "aclrtFree",
    "aclmdlRIDestroy",
    "aclmdlRIDebugJsonPrint",
    "aclmdlRICaptureGetInfo",
    "aclmdlRICondHandleGetCondPtr",
    "aclmdlRIGetStreams",
    "aclmdlRIGetTasksByStream",
    "aclmdlRITask",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of the measured logs called `name`, of the whole corpus where it is present, else of its part in the repository.
fn measured(name: &str) -> Option<PathBuf> {
    let corpora = [root().join("../shared/conformance"), root().join("testdata/conformance")];
    corpora.iter().map(|corpus| corpus.join("scenarios").join(name)).find(|folder| folder.is_dir())
}

/// The calls of a log that do something, with the codes that `code` gives.
fn calls(log: &Log, code: impl Fn(usize) -> Option<i32>) -> Vec<(&'static str, Option<i32>)> {
    let names = log.calls().iter().map(|call| call.api.as_str()).enumerate();
    names
        .filter(|(_, name)| !ASIDE.iter().any(|aside| name.starts_with(aside)))
        .map(|(at, name)| (name, code(at)))
        .collect()
}

/// What the program prints where the log prints to `path`: the same file, or the branch of that number.
fn printed<'r, 'l>(replay: &'r Replay<'l>, path: &str, flags: i64) -> Option<&'r Dumped<'l>> {
    let branch = path.strip_prefix("modelRI_sub").and_then(|rest| rest.strip_suffix(".json"));
    replay.dumps.iter().find(|dumped| match branch {
        Some(number) => dumped.path.ends_with(&format!(".{number}.modelRI.json")),
        None => dumped.path == path && i64::from(dumped.is_verbose) == flags,
    })
}

#[test]
fn calls_get_the_measured_codes() {
    let mut programs: Vec<PathBuf> = std::fs::read_dir(root().join("testdata/measured_calls"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    programs.sort();
    assert!(programs.len() >= 7);
    let (mut logs, mut dumps) = (0, 0);
    for path in &programs {
        let name = path.file_stem().unwrap().to_string_lossy();
        let folder = measured(&name).unwrap_or_else(|| panic!("{name} was not measured"));
        let mut sources = Sources::new();
        let file = sources.add(name.as_ref(), std::fs::read_to_string(path).unwrap());
        let parsed = acg_parser::parse(file, &sources.file(file).text);
        assert!(parsed.complete, "{name}: {:?}", parsed.diagnostics);
        let options = LowerOptions { dump_path: Some("modelRI.json".to_owned()), ..LowerOptions::default() };
        let lowered = lower(&acg_ir::verify(&parsed.module).unwrap(), &options);
        for machine in MACHINES {
            let text = std::fs::read_to_string(folder.join(format!("{machine}.calls"))).unwrap();
            let expected = read(file, &text).log;
            let profile = Profile::find(machine).unwrap();
            let predicted = replay(&lowered.log, &profile);
            let codes = calls(&expected, |at| expected.recorded(acg_calls::CallId(at as u32)).returned);
            let mut own = calls(&lowered.log, |at| Some(predicted.outcomes[at].code));
            // A log may stop in the middle of a capture, a program does not.
            while own.len() > codes.len() && own.last().is_some_and(|call| call.0 == "aclmdlRICaptureEnd") {
                own.pop();
            }
            assert_eq!(own, codes, "{name} on {machine}");
            logs += 1;
            let mut pairs = Vec::new();
            for call in expected.iter().filter(|call| call.api().as_str() == "aclmdlRIDebugJsonPrint") {
                let (Some(path), Some(flags)) = (call.text(1), call.int(2)) else { continue };
                let stem = path.strip_suffix(".json").unwrap_or(path);
                let Ok(text) = std::fs::read_to_string(folder.join(format!("{machine}.{stem}.json"))) else {
                    continue;
                };
                let dumped = printed(&predicted, path, flags)
                    .unwrap_or_else(|| panic!("{name} on {machine} does not print {path}"));
                pairs.push((path.to_owned(), text, dumped.text(&profile, 0)));
            }
            let pairs: Vec<Pair<'_>> =
                pairs.iter().map(|(name, expected, actual)| Pair { name, expected, actual }).collect();
            dumps += pairs.len();
            if let Some(difference) = acg_dump::difference(&pairs) {
                panic!("{name} on {machine}: {difference:?}");
            }
        }
    }
    assert!(dumps > 20, "{dumps}");
    println!("{logs} logs and {dumps} dumps of {} programs agree", programs.len());
}
