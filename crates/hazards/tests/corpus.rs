//! The measured corpus: nothing panics, findings are the same each time, and programs that are well-formed have none.

use std::path::{Path, PathBuf};

use acg_calls::Log;
use acg_diagnostics::Sources;
use acg_hazards::{Arguments, hazards};
use acg_runtime::{Finding, replay};
use acg_target::Profile;

/// Every log of a folder of the corpus with the name of its variant; empty where there is no corpus.
fn logs(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(folder);
    let Ok(cases) = std::fs::read_dir(&root) else {
        eprintln!("skipped: no corpus at {}", root.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = cases
        .flatten()
        .filter_map(|case| std::fs::read_dir(case.path()).ok())
        .flat_map(|files| files.flatten().map(|file| file.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "calls"))
        .collect();
    paths.sort();
    let variant = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    paths.into_iter().filter_map(|path| variant(&path).map(|variant| (path, variant))).collect()
}

fn found(path: &Path, variant: &str) -> (Log, Vec<Finding>) {
    let text = std::fs::read_to_string(path).expect("a readable log");
    found_in(&text, path, variant)
}

fn found_in(text: &str, path: &Path, variant: &str) -> (Log, Vec<Finding>) {
    let mut sources = Sources::new();
    let file = sources.add(path.display().to_string(), text.to_owned());
    let log = acg_calls::read(file, text).log;
    let profile = Profile::find(variant).expect("a profile of the corpus");
    let findings = {
        let replay = replay(&log, &profile);
        let findings = hazards(&log, &replay, &Arguments::of(&log));
        assert_eq!(findings, hazards(&log, &replay, &Arguments::of(&log)), "{}", path.display());
        findings
    };
    (log, findings)
}

#[test]
fn findings_point_into_the_log() {
    for (path, variant) in logs("scenarios").into_iter().chain(logs("random")) {
        let (log, findings) = found(&path, &variant);
        for finding in findings {
            let calls = finding.labels.iter().map(|label| label.0).chain([finding.call]);
            assert!(
                calls.into_iter().all(|call| (call as usize) < log.len()),
                "{}: {finding:?}",
                path.display()
            );
            if std::env::var_os("SHOW_FINDINGS").is_some() {
                println!("{}\t{}\t{}\t{}", finding.rule.code, path.display(), finding.call, finding.message);
            }
        }
    }
}

/// Kernels hide what they touch and the only copies are at the ends of the origin stream, so there is nothing to find.
#[test]
fn forks_that_join_have_no_hazards() {
    for (path, variant) in logs("scenarios") {
        let case = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        if case.is_some_and(|case| case == "fork_join_2" || case == "diamond_4" || case == "single_stream") {
            let (_, findings) = found(&path, &variant);
            assert_eq!(findings, [], "{}", path.display());
        }
    }
}

/// Logs with calls missing or out of order, as people cut them out of longer ones.
#[test]
fn damaged_logs_do_no_harm() {
    for (path, variant) in logs("scenarios").into_iter().chain(logs("random")).step_by(3) {
        let text = std::fs::read_to_string(&path).expect("a readable log");
        let lines: Vec<&str> = text.lines().collect();
        for step in 2..6 {
            let thinned: Vec<&str> =
                lines.iter().enumerate().filter(|(at, _)| at % step != 1).map(|line| *line.1).collect();
            let (early, late) = lines.split_at(lines.len() / step);
            let turned = [late, early].concat();
            for damaged in [thinned, turned] {
                found_in(&damaged.join("\n"), &path, &variant);
            }
        }
    }
}
