//! Comparing the other way round gives the mirrored report, for any two programs; and nothing hurts.

mod support;

use acg_diff::{File, Graph, Parts, RenderOptions, diff, diff_files, human, json, markdown};
use fastrand::Rng;
use proptest::prelude::*;
use support::mutation::ALL;
use support::program::{Names, Program};

fn names() -> impl Strategy<Value = Names> {
    prop_oneof![Just(Names::Unique), Just(Names::Repeated)]
}

/// A program and itself after some changes.
fn pair(seed: u64, lanes: usize, changes: &[usize], names: Names) -> (Program, Program) {
    let mut rng = Rng::with_seed(seed);
    let old = Program::random(&mut rng, 40, lanes, names);
    let mut new = old.clone();
    for &kind in changes {
        let mut next = new.clone();
        if ALL[kind].1(&mut next, &mut rng, names).is_some() {
            new = next;
        }
    }
    (old, new)
}

/// A report without the graphs that it borrows.
fn plain(report: &acg_diff::Report<'_>) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        report.pairs,
        report.orderings,
        report.tasks,
        report.syncs,
        report.streams,
        report.notes,
        report.counts
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_other_way_round_is_the_mirror(
        seed in any::<u64>(), lanes in 1usize..6, names in names(),
        changes in prop::collection::vec(0..ALL.len(), 0..8),
    ) {
        let (old, new) = pair(seed, lanes, &changes, names);
        let (a, b) = (old.trace(seed), new.trace(seed ^ 1));
        let forth = diff(&a, &b, Parts::default());
        let back = diff(&b, &a, Parts::default()).mirrored();
        prop_assert_eq!(plain(&forth), plain(&back));
        prop_assert!(forth.is_empty() || !changes.is_empty());
    }

    #[test]
    fn unlike_programs_mirror_too(one in any::<u64>(), two in any::<u64>(), lanes in 1usize..6, names in names()) {
        let (a, b) = (pair(one, lanes, &[], names).0.trace(1), pair(two, 6 - lanes, &[], names).0.trace(2));
        let forth = plain(&diff(&a, &b, Parts::default()));
        prop_assert_eq!(forth, plain(&diff(&b, &a, Parts::default()).mirrored()));
    }

    #[test]
    fn ignoring_everything_leaves_what_was_added_and_removed(
        seed in any::<u64>(), changes in prop::collection::vec(0..ALL.len(), 0..5),
    ) {
        let (old, new) = pair(seed, 3, &changes, Names::Repeated);
        let (a, b) = (old.trace(1), new.trace(2));
        let all = Parts::ALL.iter().fold(Parts::default(), |all, part| all.with(part.1));
        let report = diff(&a, &b, all);
        prop_assert!(report.orderings.is_empty() && report.syncs.is_empty() && report.streams.is_empty());
        for change in &report.tasks {
            prop_assert!(change.moved.is_none());
            let only_named = change.attributes.iter().all(|change| change.attribute == acg_diff::Attribute::Name);
            prop_assert!(only_named);
        }
    }

    #[test]
    fn every_format_shows_every_report(seed in any::<u64>(), changes in prop::collection::vec(0..ALL.len(), 0..6)) {
        let (old, new) = pair(seed, 4, &changes, Names::Repeated);
        let file = |program: &Program, run| File {
            name: "dump.json".to_owned(),
            predicted_for: None,
            graphs: vec![Graph { name: None, trace: program.trace(run) }],
        };
        let (old, new) = (file(&old, 3), file(&new, 4));
        let files = diff_files(&old, &new, Parts::default());
        let value: serde_json::Value = serde_json::from_str(&json(&files)).expect("JSON is JSON");
        prop_assert_eq!(value["schema"].as_u64(), Some(1));
        prop_assert_eq!(value["equal"].as_bool(), Some(files.is_empty()));
        let report = &files.graphs[0].report;
        for (key, count) in [
            ("orderings", report.orderings.len()),
            ("tasks", report.tasks.len()),
            ("syncs", report.syncs.len()),
            ("streams", report.streams.len()),
        ] {
            prop_assert_eq!(value["graphs"][0][key].as_array().map(Vec::len), Some(count));
        }
        let options = RenderOptions { limit: usize::MAX, colour: false };
        let text = human(&files, options);
        prop_assert_eq!(text.contains("no differences"), files.is_empty());
        prop_assert!(!text.bytes().any(|byte| byte == 0x1b));
        prop_assert!(!markdown(&files, options).is_empty());
    }
}
