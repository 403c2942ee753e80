//! Every log of the corpus becomes a program that is read without diagnostics, makes the calls of the log with the same codes and
//! prints the same dumps; where it does not, the log holds something that no program says yet.

mod corpus;

use std::collections::BTreeMap;

use acg_calls::{Api, Log};
use acg_import::{ImportedLog, LogError, RemarkKind, TargetName, import_log, log_agreement};

#[test]
fn programs_of_logs_do_what_the_logs_do() {
    let root = corpus::root();
    let cases = corpus::cases(&root, "calls");
    let (mut agree, mut calls, mut dumps) = (0, 0, 0);
    let mut reasons: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for case in &cases {
        let log = corpus::read_log(&case.name, &case.text);
        let target = TargetName::new(case.profile.name);
        let mut imported = match import_log(&log, &case.profile, Some(&target)) {
            Ok(imported) => imported,
            Err(error @ LogError::TooLong) => panic!("{}: {error}", case.name),
            Err(LogError::Nothing) => {
                reasons.entry("nothing in it becomes a line").or_insert_with(|| (0, case.name.clone())).0 +=
                    1;
                continue;
            }
        };
        imported.module = corpus::reread(&case.name, &imported.module);
        let agreement = log_agreement(&log, &imported, &case.profile);
        calls += agreement.calls;
        dumps += agreement.dumps;
        if agreement.is_complete() {
            agree += 1;
            continue;
        }
        let reason = reason(&log, &imported);
        // A difference without a reason is a mistake.
        let reason = reason.unwrap_or_else(|| panic!("{}: {:?}", case.name, agreement.disagreements));
        reasons.entry(reason).or_insert_with(|| (0, case.name.clone())).0 += 1;
    }
    println!("{agree} of {} logs agree: {calls} calls, {dumps} dumps", cases.len());
    for (reason, (count, example)) in &reasons {
        println!("{count:5} {reason}, such as {example}");
    }
    assert!(!cases.is_empty() && agree * 100 >= cases.len() * 93, "{agree} of {}", cases.len());
}

/// What of a log no program says yet.
fn reason(log: &Log, imported: &ImportedLog) -> Option<&'static str> {
    let has = |text: &str| imported.remarks.iter().any(|remark| remark.text.contains(text));
    let left_out = imported.remarks.iter().filter(|remark| remark.kind == RemarkKind::LeftOut);
    let lost = left_out.filter_map(|remark| Some((remark.text.as_str(), log.view(remark.call?))));
    let lost: Vec<_> = lost.filter(|(_, call)| call.call.returned == Some(0)).collect();
    if lost.iter().any(|(text, _)| text.contains("the language has no form for it")) {
        return Some("calls that the language has no form for");
    }
    for (remark, reason) in [
        ("another thread ends this capture", "another thread ends a capture than began it"),
        ("begins before the one before it ends", "captures that overlap"),
        ("never closed as a block", "a group that its capture ends with"),
        ("does not end the capture of this branch", "a branch that the capture around it ends with"),
        ("its stream is captured already", "a capture that begins in another of its stream"),
    ] {
        if has(remark) {
            return Some(reason);
        }
    }
    is_subscribed_late(log).then_some("a subscription behind the first callback")
}

fn is_subscribed_late(log: &Log) -> bool {
    let of = |apis: &[Api]| log.calls().iter().position(|call| apis.contains(&call.api));
    match (of(&[Api::LaunchCallback, Api::LaunchHostFunc]), of(&[Api::SubscribeReport])) {
        (Some(callback), Some(subscription)) => callback < subscription,
        _ => false,
    }
}
