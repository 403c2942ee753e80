//! What was done to a program is what its difference names, no more and no less.
//!
//! `ACG_MUTATIONS=2000 cargo test -p acg-diff --test mutations --release` tries more programs, and `ACG_SEED=17` others.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use acg_diff::{Move, OrderKind, Parts, Report, diff};
use acg_entity::Entity;
use acg_trace::TaskId;
use fastrand::Rng;
use support::mutation::{ALL, Done};
use support::program::{Names, Program, What};
use support::seeds;

/// Both sides of a comparison, by uids.
struct Case {
    old: Program,
    new: Program,
    old_uids: Vec<Option<u32>>,
    new_uids: Vec<Option<u32>>,
}

impl Case {
    fn new(old: Program, new: Program) -> Self {
        let (old_uids, new_uids) = (old.uids(), new.uids());
        Self { old, new, old_uids, new_uids }
    }

    fn old_uid(&self, task: TaskId) -> u32 {
        self.old_uids[task.index()].expect("reports name the program's tasks")
    }

    fn new_uid(&self, task: TaskId) -> u32 {
        self.new_uids[task.index()].expect("reports name the program's tasks")
    }

    /// What the report says was done, as the mutations say it.
    fn told(&self, report: &Report<'_>) -> Result<Done, String> {
        let mut done = Done::default();
        for change in &report.tasks {
            match (change.old, change.new) {
                (Some(old), Some(new)) => {
                    let uid = self.old_uid(old);
                    if uid != self.new_uid(new) {
                        return Err(format!("task {uid} is taken for {}", self.new_uid(new)));
                    }
                    if change.moved.is_some() {
                        done.moved.push(uid);
                    }
                    for attribute in &change.attributes {
                        let names = ["Numblocks", "Schem Mode", "ExtendInfo", "name"];
                        let name = attribute.attribute.name();
                        let known = names.into_iter().find(|known| *known == name);
                        done.changed.push((uid, known.ok_or(name)?));
                    }
                }
                (Some(old), None) => done.removed.push(self.old_uid(old)),
                (None, Some(new)) => done.added.push(self.new_uid(new)),
                (None, None) => return Err("a change of nothing".to_owned()),
            }
        }
        for change in &report.syncs {
            match (change.old, change.new) {
                (Some(old), Some(new)) => {
                    let uid = self.old_uid(old);
                    if uid != self.new_uid(new) {
                        return Err(format!("sync {uid} is taken for {}", self.new_uid(new)));
                    }
                    done.syncs_moved.push(uid);
                }
                (Some(old), None) => done.syncs_removed.push(self.old_uid(old)),
                (None, Some(new)) => done.syncs_added.push(self.new_uid(new)),
                (None, None) => return Err("a change of nothing".to_owned()),
            }
        }
        done.streams = report.streams.len();
        Ok(done)
    }

    /// Whether the reported orderings are those that changed: each did, each changed one follows from a reported one, and none
    /// follows from another.
    fn orderings(&self, report: &Report<'_>) -> Result<(), String> {
        let (old, new) = (self.old.before(), self.new.before());
        let common: BTreeSet<u32> = old.keys().filter(|uid| new.contains_key(uid)).copied().collect();
        let is_before = |order: &BTreeMap<u32, BTreeSet<u32>>, first: u32, second: u32| {
            order.get(&second).is_some_and(|before| before.contains(&first))
        };
        let mut reported: BTreeMap<OrderKind, BTreeSet<(u32, u32)>> = BTreeMap::new();
        for change in &report.orderings {
            let pair = (self.old_uid(change.first.0), self.old_uid(change.second.0));
            let (first, second) = pair;
            let is_true = match change.kind {
                OrderKind::Lost => {
                    is_before(&old, first, second)
                        && !is_before(&new, first, second)
                        && !is_before(&new, second, first)
                }
                OrderKind::Reversed => is_before(&old, first, second) && is_before(&new, second, first),
                OrderKind::Gained => {
                    is_before(&new, first, second)
                        && !is_before(&old, first, second)
                        && !is_before(&old, second, first)
                }
            };
            if !is_true {
                return Err(format!("{:?} {pair:?} is not true", change.kind));
            }
            reported.entry(change.kind).or_default().insert(pair);
        }
        let none = BTreeSet::new();
        let of = |kind| reported.get(&kind).unwrap_or(&none);
        let reversed_back: BTreeSet<(u32, u32)> =
            of(OrderKind::Reversed).iter().map(|pair| (pair.1, pair.0)).collect();
        for (from, to, kind, also) in [
            (&old, &new, OrderKind::Lost, of(OrderKind::Reversed)),
            (&new, &old, OrderKind::Gained, &reversed_back),
        ] {
            let or_same = |first: u32, second: u32| first == second || is_before(from, first, second);
            for &second in &common {
                for &first in from[&second].iter().filter(|uid| common.contains(uid)) {
                    if is_before(to, first, second) {
                        continue;
                    }
                    let mut told = of(kind).iter().chain(also);
                    if !told.any(|&(a, b)| or_same(first, a) && or_same(b, second)) {
                        return Err(format!("{first} before {second} is not told as {kind:?}"));
                    }
                }
            }
            for &(first, second) in of(kind) {
                let follows = |&(a, b): &(u32, u32)| {
                    (a == first && is_before(from, b, second)) || (b == second && is_before(from, first, a))
                };
                if let Some(other) = of(kind).iter().find(|pair| follows(pair)) {
                    return Err(format!("{first} before {second} follows from {other:?}"));
                }
            }
        }
        Ok(())
    }
}

fn sorted(mut done: Done) -> Done {
    for list in [
        &mut done.removed,
        &mut done.added,
        &mut done.moved,
        &mut done.syncs_removed,
        &mut done.syncs_added,
        &mut done.syncs_moved,
    ] {
        list.sort_unstable();
    }
    done
}

/// Whether the report names what was done.
fn is_named(case: &Case, done: &Done, report: &Report<'_>) -> Result<(), String> {
    let mut told = case.told(report)?;
    let mut done = done.clone();
    if let Some((first, second)) = done.swapped.take() {
        if told.moved != [first] && told.moved != [second] {
            return Err(format!("{first} and {second} were swapped, but {:?} moved", told.moved));
        }
        if report.tasks.iter().any(|change| change.moved != Some(Move::Within)) {
            return Err("a swap is a move within a stream".to_owned());
        }
        told.moved.clear();
    }
    let (told, done) = (sorted(told), sorted(done));
    // Of look-alikes nobody can tell which one it was; then what is told must lead to the same program.
    let is_equivalent = case.old.shape(&told.syncs_removed) == case.new.shape(&told.syncs_added)
        && sorted(Done {
            syncs_removed: done.syncs_removed.clone(),
            syncs_added: done.syncs_added.clone(),
            ..told.clone()
        }) == done
        && told.syncs_removed.len() == done.syncs_removed.len()
        && told.syncs_added.len() == done.syncs_added.len();
    if told != done && !is_equivalent { Err(format!("told {told:?}\ndone {done:?}")) } else { Ok(()) }
}

#[test]
fn what_was_done_is_named_exactly() {
    let mut named: BTreeMap<&str, u32> = BTreeMap::new();
    let mut failures = Vec::new();
    for seed in seeds(40) {
        for (kind, (name, mutate)) in ALL.iter().enumerate() {
            let mut rng = Rng::with_seed(seed * 1000 + kind as u64);
            let size = 10 + rng.usize(..60);
            let lanes = 1 + rng.usize(..6);
            let old = Program::random(&mut rng, size, lanes, Names::Unique);
            let mut new = old.clone();
            let Some(done) = mutate(&mut new, &mut rng, Names::Unique) else { continue };
            let case = Case::new(old, new);
            let (a, b) = (case.old.trace(seed), case.new.trace(seed + 1));
            let report = diff(&a, &b, Parts::default());
            let result = is_named(&case, &done, &report).and_then(|()| case.orderings(&report));
            match result {
                Ok(()) => *named.entry(name).or_default() += 1,
                Err(message) => failures.push(format!("{name}, seed {seed}: {message}")),
            }
        }
    }
    let count: u32 = named.values().sum();
    println!("{count} mutations named exactly: {named:?}; {} not", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(named.len(), ALL.len(), "{named:?}");
    assert!(count > 400, "{named:?}");
}

/// What is told, by names: enough where kernels are alike.
fn words(case: &Case, report: &Report<'_>) -> Vec<String> {
    let name = |program: &Program, uid: u32| {
        let op = program.all().find(|(_, op)| op.uid == uid).expect("the program has it").1;
        match &op.what {
            What::Kernel { name, .. } => name.clone(),
            other => format!("{other:?}"),
        }
    };
    let mut words: Vec<String> = report
        .tasks
        .iter()
        .map(|change| match (change.old, change.new) {
            (Some(old), None) => format!("removed {}", name(&case.old, case.old_uid(old))),
            (None, Some(new)) => format!("added {}", name(&case.new, case.new_uid(new))),
            (Some(_), Some(new)) => {
                let attributes: Vec<_> =
                    change.attributes.iter().map(|change| change.attribute.name()).collect();
                format!("{:?} {attributes:?} {}", change.moved, name(&case.new, case.new_uid(new)))
            }
            (None, None) => "nothing".to_owned(),
        })
        .collect();
    words.sort();
    words
}

#[test]
fn equal_kernels_in_layers_are_told_apart() {
    let mut named = 0;
    for seed in seeds(40) {
        for (kind, (mutation, mutate)) in ALL.iter().enumerate() {
            let mut rng = Rng::with_seed(seed * 1000 + kind as u64);
            let lanes = 1 + rng.usize(..4);
            let old = Program::random(&mut rng, 60, lanes, Names::Repeated);
            let mut new = old.clone();
            let Some(done) = mutate(&mut new, &mut rng, Names::Repeated) else { continue };
            let case = Case::new(old, new);
            let (a, b) = (case.old.trace(seed), case.new.trace(seed + 1));
            let report = diff(&a, &b, Parts::default());
            let words = words(&case, &report);
            let count = done.removed.len() + done.added.len() + done.moved.len() + done.changed.len();
            let count = count + usize::from(done.swapped.is_some());
            let label = format!("{mutation}, seed {seed}: {done:?}, told {words:?}");
            assert!(words.len() <= count, "{label}");
            assert_eq!(words.is_empty(), count == 0, "{label}");
            named += 1;
        }
    }
    assert!(named > 300, "{named}");
}

#[test]
fn many_streams_of_the_same_kernels_stay_apart() {
    for seed in seeds(40).take(8) {
        let mut rng = Rng::with_seed(seed);
        let old = Program::random(&mut rng, 3000, 16, Names::Repeated);
        let (mut new, mut changes) = (old.clone(), 0);
        for (name, mutate) in ALL.iter().cycle().take(4 * ALL.len()) {
            let mut next = new.clone();
            if !name.ends_with("a stream") && mutate(&mut next, &mut rng, Names::Repeated).is_some() {
                new = next;
                changes += 1;
            }
        }
        assert!(changes > 20, "{changes}");
        let case = Case::new(old, new);
        let (a, b) = (case.old.trace(seed), case.new.trace(seed + 1));
        let report = diff(&a, &b, Parts::default());
        assert!(report.streams.is_empty(), "seed {seed}: {:?}", report.streams);
        let told = report.tasks.len() + report.syncs.len();
        assert!(told <= 2 * changes, "seed {seed}: {changes} changes, {told} told");
    }
}
