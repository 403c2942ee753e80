//! The runtime model against the measured corpus: every return code, every note, every dump.
//!
//! The corpus is looked for beside the repository, in `../shared/conformance`, and a representative part of it stands in
//! `testdata/conformance`; the environment variable `ACG_CONFORMANCE` names another one.

mod corpus;

use std::collections::BTreeMap;

use acg_runtime::LateDumps;
use acg_target::Profile;

use corpus::{Agreement, Case};

/// How many disagreements a failing test shows.
const SHOWN: usize = 60;

#[test]
fn the_model_agrees_with_the_shared_corpus() {
    let root = std::env::var_os("ACG_CONFORMANCE").map_or_else(corpus::shared, Into::into);
    if !root.is_dir() {
        println!("skipped: there is no corpus at {}", root.display());
        return;
    }
    check(&root);
}

#[test]
fn the_model_agrees_with_the_corpus_in_the_repository() {
    check(&corpus::in_repository());
}

fn check(root: &std::path::Path) {
    let cases = corpus::cases(root);
    assert!(!cases.is_empty(), "{} holds no logs", root.display());
    let mut by_variant: BTreeMap<&str, Agreement> = BTreeMap::new();
    let mut disagreements = Vec::new();
    for case in &cases {
        let profile = Profile::find(&case.variant).expect("a variant is a target profile");
        let agreement = case.compare(&profile, &mut disagreements);
        by_variant.entry(&case.variant).or_default().add(&agreement);
    }
    for (variant, agreement) in &by_variant {
        println!("{variant:20} {agreement}");
    }
    for disagreement in disagreements.iter().take(SHOWN) {
        println!("{disagreement}");
    }
    assert!(disagreements.is_empty(), "{} disagreements", disagreements.len());
}

#[test]
fn the_comparison_sees_a_wrong_code_note_and_dump() {
    let root = corpus::in_repository();
    let case = corpus::cases(&root)
        .into_iter()
        .find(|case: &Case| case.text.contains("// model id 0") && !case.dumps.is_empty())
        .expect("some log ends a capture and prints a graph");
    let profile = Profile::find(&case.variant).expect("a variant is a target profile");
    let count = |case: &Case| {
        let mut disagreements = Vec::new();
        case.compare(&profile, &mut disagreements);
        disagreements.len()
    };
    assert_eq!(count(&case), 0);
    let changed = Case { text: case.text.replacen("= 0", "= 107027", 1), ..case.clone() };
    assert_eq!(count(&changed), 1, "a wrong code");
    let changed = Case { text: case.text.replacen("model id 0", "model id 7", 1), ..case.clone() };
    assert_eq!(count(&changed), 1, "a wrong note");
    let mut changed = case.clone();
    changed.dumps[0].1 = changed.dumps[0].1.replacen("\"Task Id\":0", "\"Task Id\":9", 1);
    assert_eq!(count(&changed), 1, "a wrong dump");
}

/// Made of the state at the end of a log, a dump is what it is made of the state at its call.
#[test]
fn late_dumps_are_those_of_the_replay() {
    let mut compared = 0;
    for case in corpus::cases(&corpus::in_repository()) {
        let log = case.log();
        let profile = Profile::find(&case.variant).expect("a profile");
        let Some(late) = LateDumps::of(acg_runtime::replay_without_dumps(&log, &profile)) else { continue };
        let late: Vec<_> = late.iter(&log).map(|dump| (dump.path(), dump.text(&profile, 0))).collect();
        let dumps = acg_runtime::replay(&log, &profile).dumps;
        let dumps: Vec<_> = dumps.iter().map(|dumped| (dumped.path, dumped.text(&profile, 0))).collect();
        compared += dumps.len();
        assert_eq!(late, dumps, "{}", case.name);
    }
    assert!(compared > 0, "no log of the corpus ends after its dump");
}

#[test]
fn every_refusal_of_the_corpus_is_explained_once() {
    for case in corpus::cases(&corpus::in_repository()) {
        let log = case.log();
        let replay = acg_runtime::replay(&log, &Profile::find(&case.variant).expect("a profile"));
        for (call, outcome) in replay.outcomes.iter().enumerate() {
            let explains =
                |finding: &&acg_runtime::Finding| finding.call as usize == call && finding.returns.is_some();
            let explaining: Vec<&acg_runtime::Finding> = replay.findings.iter().filter(explains).collect();
            assert_eq!(explaining.len(), usize::from(outcome.code != 0), "{}, call {call}", case.name);
            for finding in explaining {
                assert!(finding.rule.returns.contains(&outcome.code), "{}: {}", case.name, finding.rule.name);
                let cause = finding.consequence_of.map(|cause| replay.outcomes[cause as usize].code);
                assert!(cause.is_none_or(|code| code != 0), "{}: a cause that was not refused", case.name);
            }
        }
    }
}
