//! Logs like those of the corpus, but with other mistakes: lines are taken away, doubled, exchanged, made by other threads and on
//! other streams, and captures, groups and prints come between them. Their programs do what they do, too.

mod corpus;

use acg_import::{TargetName, import_log, log_agreement};

/// What comes between the lines of a log.
const STRAY: [&str; 11] = [
    "aclmdlRICaptureBegin(s2, ACL_MODEL_RI_CAPTURE_MODE_RELAXED)",
    "aclmdlRICaptureEnd(s2, &M2)",
    "aclmdlRICaptureTaskGrpBegin(s1)",
    "aclmdlRICaptureTaskGrpEnd(s1, &GX)",
    "aclmdlRICaptureEnd(s1, &M)",
    "aclmdlRIDebugJsonPrint(M2, \"m2.json\", 0)",
    "aclmdlRICaptureBegin(s1, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)",
    "aclrtSynchronizeStream(s1)",
    "aclmdlRIExecuteAsync(M2, s3)",
    "aclmdlRICaptureGetInfo(s1, &status, &P)",
    "aclmdlRIDebugJsonPrint(P, \"p.json\", 0)",
];
const STREAMS: [&str; 5] = ["s1", "s2", "s3", "NULL", "b0"];

/// The calls of a log without what they returned: they return something else after a change.
fn calls(text: &str) -> Vec<String> {
    let calls = text.lines().map(|line| line.split("  //").next().unwrap_or("").trim());
    let calls = calls.filter(|line| !line.is_empty() && !line.starts_with("//"));
    calls.map(|line| line.rfind(") = ").map_or(line, |end| &line[..=end]).to_owned()).collect()
}

fn change(lines: &mut Vec<String>, other: &[String], numbers: &mut fastrand::Rng) {
    if lines.is_empty() {
        return;
    }
    let (at, to) = (numbers.usize(..lines.len()), numbers.usize(..lines.len()));
    match numbers.usize(..7) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(to, lines[at].clone()),
        2 => lines.swap(at, to),
        3 if !lines[at].starts_with(['[', 'x']) => lines[at] = format!("[t{}] {}", 2 + at % 2, lines[at]),
        4 if !other.is_empty() => lines.insert(at, other[numbers.usize(..other.len())].clone()),
        5 => {
            if let Some(stream) = STREAMS.into_iter().find(|stream| lines[at].contains(stream)) {
                lines[at] = lines[at].replace(stream, STREAMS[numbers.usize(..STREAMS.len())]);
            }
        }
        _ => lines.insert(at, STRAY[numbers.usize(..STRAY.len())].to_owned()),
    }
}

#[test]
fn programs_of_changed_logs_do_what_the_logs_do() {
    let number = |name: &str, usual: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let mut numbers = fastrand::Rng::with_seed(number("ACG_SEED", 1) as u64);
    let cases = corpus::cases(&corpus::root(), "calls");
    let (mut imported_logs, mut left_out, mut wrong) = (0, 0, Vec::new());
    for _ in 0..number("ACG_CHANGED_LOGS", 300) {
        let case = &cases[numbers.usize(..cases.len())];
        let other = calls(&cases[numbers.usize(..cases.len())].text);
        let mut lines = calls(&case.text);
        for _ in 0..=numbers.usize(..6) {
            change(&mut lines, &other, &mut numbers);
        }
        let text = lines.join("\n") + "\n";
        let log = corpus::read_log(&case.name, &text);
        let target = TargetName::new(case.profile.name);
        let Ok(mut imported) = import_log(&log, &case.profile, Some(&target)) else { continue };
        left_out += usize::from(acg_ir::print::print(&imported.module).contains("// left out:"));
        imported.module = corpus::reread(&case.name, &imported.module);
        let agreement = log_agreement(&log, &imported, &case.profile);
        imported_logs += 1;
        if !agreement.is_complete() {
            wrong.push(format!("{}: {:?}\n{text}", case.name, agreement.disagreements));
        }
    }
    println!("{imported_logs} changed logs agree, {left_out} of them with calls that are left out");
    assert!(imported_logs > 0);
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
