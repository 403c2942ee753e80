//! Whatever an input says, the import ends, and what it makes is read without diagnostics.

mod corpus;

use acg_import::{DumpError, TargetName, detect, dump_agreement, import_dumps, import_log, log_agreement};
use acg_target::Profile;
use acg_trace::Trace;
use proptest::prelude::*;

/// Takes lines away, doubles them and lets them change places.
fn shake(text: &str, moves: &[(u16, u16, u8)]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for &(first, second, kind) in moves {
        if lines.is_empty() {
            break;
        }
        let (first, second) = (usize::from(first) % lines.len(), usize::from(second) % lines.len());
        match kind % 3 {
            0 => drop(lines.remove(first)),
            1 => lines.insert(second, lines[first]),
            _ => lines.swap(first, second),
        }
    }
    lines.join("\n")
}

fn moves() -> impl Strategy<Value = Vec<(u16, u16, u8)>> {
    prop::collection::vec(any::<(u16, u16, u8)>(), 0..12)
}

thread_local! {
    static LOGS: Vec<corpus::Case> = small(corpus::cases(&corpus::root(), "calls"));
    static DUMPS: Vec<corpus::Case> = small(corpus::cases(&corpus::root(), "json"));
}

/// The cases that are quick to look at many times.
fn small(mut cases: Vec<corpus::Case>) -> Vec<corpus::Case> {
    cases.retain(|case| case.text.len() < 20_000 && !case.text.contains("\nx"));
    cases
}

fn log(name: &str, text: &str, profile: &Profile) {
    let log = corpus::read_log(name, text);
    if let Ok(imported) = import_log(&log, profile, Some(&TargetName::new(profile.name))) {
        corpus::reread(name, &imported.module);
        log_agreement(&log, &imported, profile);
    }
}

fn dump(name: &str, text: &str) {
    let Ok(reading) = acg_dump::read_any(&mut text.as_bytes()) else { return };
    let traces: Vec<Trace> = reading.dumps.into_iter().map(Trace::of).collect();
    match import_dumps(&traces, name, detect(&traces)) {
        Ok(imported) => {
            corpus::reread(name, &imported.module);
            let texts = vec![text.to_owned(); traces.len()];
            dump_agreement(&texts, &imported.module, true, &imported.target.machine().unwrap());
        }
        Err(DumpError::Unsayable(found)) => assert!(!found.is_empty()),
        Err(DumpError::Circle(count)) => assert!(count > 0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shaken_logs(case in any::<prop::sample::Index>(), moves in moves()) {
        LOGS.with(|cases| {
            let case = case.get(cases);
            log(&case.name, &shake(&case.text, &moves), &case.profile);
        });
    }

    #[test]
    fn shaken_dumps(case in any::<prop::sample::Index>(), moves in moves()) {
        DUMPS.with(|cases| {
            let case = case.get(cases);
            dump(&case.name, &shake(&case.text, &moves));
        });
    }

    #[test]
    fn any_names(names in prop::collection::vec("\\PC{0,6}", 4)) {
        let record = |name: &str, task: usize, suffix: &str| format!(
            "{{\"name\":\"{name}{suffix}\",\"pid\":\"1 aclGraph\",\"tid\":\"stream3\",\"ts\":0,\"dur\":9.5,\"ph\":\"X\",\
             \"args\":{{\"Model Id\":0,\"Stream Id\":3,\"Task Id\":{task},\"Task Type\":\"KERNEL_AIVEC\"}}}}",
        );
        let records: Vec<_> = names.iter().enumerate().map(|(task, name)| record(name, task, "")).collect();
        dump("any", &format!("[\n{}\n]", records.join(",\n")));
    }
}

#[test]
fn a_log_of_everything_that_is_too_much_is_refused() {
    let mut text = String::from("aclrtCreateStream(&s)\naclmdlRICaptureBegin(s, 0)\n");
    for _ in 0..8 {
        text.push_str("x1000000 aclrtLaunchKernel(k{aivec}, 1, args, 8, s)\n");
    }
    let log = corpus::read_log("long", &text);
    let profile = Profile::find("910b-swsq").unwrap();
    assert_eq!(import_log(&log, &profile, None).unwrap_err(), acg_import::LogError::TooLong);
}

#[test]
fn many_streams_are_ordered_in_time() {
    // A comb: every side stream is forked from and joined to the origin stream.
    const STREAMS: usize = 2000;
    let mut sides = String::new();
    let mut origin = String::new();
    let record = |stream: usize, task: usize, name: &str, id: usize| {
        format!(
            "{{\"name\":\"{name}_{id}\",\"pid\":\"1 aclGraph\",\"tid\":\"stream{stream}\",\"ts\":0,\"dur\":9.5,\"ph\":\"X\",\
             \"args\":{{\"Model Id\":0,\"Stream Id\":{stream},\"Task Id\":{task},\"Task Type\":\"{name}\"}}}},\n"
        )
    };
    for side in (0..STREAMS).rev() {
        sides += &record(side + 1, 0, "EVENT_WAIT", side);
        sides += &record(side + 1, 1, "EVENT_RECORD", STREAMS + side);
    }
    for side in 0..STREAMS {
        origin += &record(0, side, "EVENT_RECORD", side);
    }
    for side in 0..STREAMS {
        origin += &record(0, STREAMS + side, "EVENT_WAIT", STREAMS + side);
    }
    let text = format!("[\n{sides}{}\n]", origin.trim_end_matches(",\n"));
    let reading = acg_dump::read_any(&mut text.as_bytes()).unwrap();
    let traces: Vec<Trace> = reading.dumps.into_iter().map(Trace::of).collect();
    let imported = import_dumps(&traces, "comb", detect(&traces)).unwrap();
    // Nothing is reset at the end, so that two calls print the graph before its capture ends.
    assert_eq!(imported.module.graphs.values().next().unwrap().tasks.len(), 4 * STREAMS + 2);
    assert_eq!(imported.module.streams.len(), STREAMS + 1);
}
