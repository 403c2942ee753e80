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
            Err(LogError::NoCapture) => {
                reasons.entry("no capture begins").or_insert_with(|| (0, case.name.clone())).0 += 1;
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
    assert!(!cases.is_empty() && agree * 100 >= cases.len() * 85, "{agree} of {}", cases.len());
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
    if log.calls().iter().any(|call| call.thread != 1) {
        return Some("several threads");
    }
    if has("begins before the one before it ends") {
        return Some("captures that overlap");
    }
    if has("never closed as a block") {
        return Some("a group that its capture ends with");
    }
    if is_subscribed_late(log) {
        return Some("a subscription behind the first callback");
    }
    has("a call outside of captures").then_some("work outside of captures")
}

fn is_subscribed_late(log: &Log) -> bool {
    let of = |apis: &[Api]| log.calls().iter().position(|call| apis.contains(&call.api));
    match (of(&[Api::LaunchCallback, Api::LaunchHostFunc]), of(&[Api::SubscribeReport])) {
        (Some(callback), Some(subscription)) => callback < subscription,
        _ => false,
    }
}
