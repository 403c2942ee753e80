//! The event resets with which a capture ends, compared as a set.
//!
//! They are compared after all other records of all dumps, when nearly every event is known by its record or wait. What
//! is not is matched by how often it is reset in each dump, which is all that a set can tell.

use std::collections::BTreeMap;

use super::renamed;
use super::renaming::{Kind, Renaming};
use crate::record::{Dump, Suffix};
use crate::task_type::TaskType;

/// For each record, whether it is one of the resets that close its stream.
///
/// The runtime appends them to the origin stream. That a cascade may split them does not matter, since every other stream ends in
/// an event record.
pub(super) fn closing(dump: &Dump<'_>) -> Vec<bool> {
    let mut found = vec![false; dump.records.len()];
    for stream in &dump.streams {
        let range = stream.records.start as usize..stream.records.end as usize;
        let mut records = range.clone().rev().peekable();
        let ends = |&at: &usize| {
            matches!(dump.records[at].task_type, TaskType::NotifyRecord | TaskType::StreamActive)
        };
        records.next_if(ends);
        while let Some(at) = records.next_if(|&at| dump.records[at].task_type == TaskType::EventReset) {
            found[at] = true;
        }
    }
    found
}

/// The closing resets of all dumps.
#[derive(Default)]
pub(super) struct Resets {
    /// Dump, line, and what is reset there in the expectation and in the dump.
    pairs: Vec<(usize, u32, [Suffix; 2])>,
}

/// A difference between sets of resets.
pub(super) struct Found {
    /// The position of the dump.
    pub(super) dump: usize,
    /// The line of its first closing reset.
    pub(super) line: u32,
    /// What differs.
    pub(super) message: String,
}

/// How often something is reset in each dump, by position of the dump.
type Counts = BTreeMap<usize, u32>;

/// How often each thing is reset.
type Table = BTreeMap<(Kind, u64), Counts>;

impl Resets {
    /// Adds one line.
    pub(super) fn add(&mut self, dump: usize, line: u32, suffixes: [Suffix; 2]) {
        self.pairs.push((dump, line, suffixes));
    }

    /// The first difference under `renaming`, which is completed by what only resets name.
    pub(super) fn difference(&self, renaming: &mut Renaming) -> Option<Found> {
        let mut expected = self.table(0);
        let mut actual = self.table(1);
        let known: Vec<_> =
            expected.keys().copied().filter_map(|key| Some((key, renaming.actual(key.0, key.1)?))).collect();
        for (key, id) in known {
            let (wanted, given) = (expected.remove(&key), actual.remove(&(key.0, id)));
            if wanted != given {
                return self.found(key, &wanted.unwrap_or_default(), id, &given.unwrap_or_default());
            }
        }
        if let Some((&(kind, id), counts)) =
            actual.iter().find(|((kind, id), _)| renaming.expected(*kind, *id).is_some())
        {
            return self.found((kind, renaming.expected(kind, id)?), &Counts::new(), id, counts);
        }
        // What is left occurs in resets only; any matching that keeps the counts is a renaming.
        let order = |table: &Table| {
            let mut list: Vec<_> = table.iter().map(|(key, counts)| (key.0, counts.clone(), key.1)).collect();
            list.sort();
            list
        };
        let (expected, actual) = (order(&expected), order(&actual));
        for pair in expected.iter().zip(&actual) {
            let ((kind, wanted, expected), (other, given, actual)) = pair;
            if kind != other || wanted != given {
                return self.found((*kind, *expected), wanted, *actual, given);
            }
            if let Err(message) = renaming.bind(*kind, *expected, *actual) {
                return self.at(wanted, message);
            }
        }
        let (missing, surplus) = (expected.get(actual.len()), actual.get(expected.len()));
        let (kind, counts, id) = missing.or(surplus)?;
        let how = if missing.is_some() { "missing" } else { "too many" };
        self.at(counts, format!("among the closing event resets, {} {id} is {how}", kind.as_str()))
    }

    fn table(&self, side: usize) -> Table {
        let mut table = Table::new();
        for (dump, _, suffixes) in &self.pairs {
            if let Some(key) = renamed(suffixes[side]) {
                *table.entry(key).or_default().entry(*dump).or_default() += 1;
            }
        }
        table
    }

    fn found(
        &self,
        (kind, expected): (Kind, u64),
        wanted: &Counts,
        actual: u64,
        given: &Counts,
    ) -> Option<Found> {
        let dump = wanted.keys().chain(given.keys()).find(|dump| wanted.get(dump) != given.get(dump))?;
        let count = |counts: &Counts| counts.get(dump).copied().unwrap_or(0);
        let what = kind.as_str();
        let message = format!(
            "the closing event resets hold {what} {actual} {} times, expected {} times, as {what} {expected} of the expectation",
            count(given),
            count(wanted)
        );
        self.at(&Counts::from([(*dump, 1)]), message)
    }

    /// A difference in the first dump of `counts`.
    fn at(&self, counts: &Counts, message: String) -> Option<Found> {
        let &dump = counts.keys().next()?;
        let line = self.pairs.iter().find(|pair| pair.0 == dump).map_or(1, |pair| pair.1);
        Some(Found { dump, line, message })
    }
}
