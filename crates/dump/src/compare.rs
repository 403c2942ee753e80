//! Whether predicted dumps are the measured ones, up to what no prediction can know.
//!
//! What a run is free to choose is renamed: process, and ids of models, streams, events and notifies and device addresses, one to one
//! for each kind over all dumps of one log. The event resets that end a capture are a set, because the runtime orders them by
//! heap address. The words of kernel arguments are data and not looked at, their number is. Everything else must be the
//! same byte for byte.

mod renaming;
mod resets;

use std::fmt;

use renaming::{Kind, Renaming};
use resets::Resets;

use crate::origin::type_of;
use crate::read::line::split_name;
use crate::read::{Reading, read};
use crate::record::{Mark, Record, Suffix};

/// One dump of a log as it should be and as it is.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'t> {
    /// What messages call it.
    pub name: &'t str,
    /// The text that it should be.
    pub expected: &'t str,
    /// The text that it is.
    pub actual: &'t str,
}

/// The first place where dumps differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The dump.
    pub name: String,
    /// The line of the dump, from 1.
    pub line: u32,
    /// What differs, as a sentence without a stop.
    pub message: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.name, self.line, self.message)
    }
}

/// The first difference between the dumps of one log as they should be and as they are, `None` where they agree.
///
/// All dumps of the log must come together, because renaming is one to one over all of them.
pub fn difference(pairs: &[Pair<'_>]) -> Option<Difference> {
    let mut comparison = Comparison::default();
    for (index, pair) in pairs.iter().enumerate() {
        if let Err((line, message)) = comparison.dump(index, pair) {
            return Some(Difference { name: pair.name.to_owned(), line, message });
        }
    }
    let Comparison { mut renaming, resets } = comparison;
    let found = resets.difference(&mut renaming)?;
    let name = pairs.get(found.dump).map_or("", |pair| pair.name).to_owned();
    Some(Difference { name, line: found.line, message: found.message })
}

#[derive(Default)]
struct Comparison {
    renaming: Renaming,
    resets: Resets,
}

/// A line and what is wrong with it.
type Found = (u32, String);

/// The records of a dump stand one a line, from line 2.
fn line_of(record: usize) -> u32 {
    record as u32 + 2
}

impl Comparison {
    fn dump(&mut self, index: usize, pair: &Pair<'_>) -> Result<(), Found> {
        let parse =
            |text, whose| read(text).map_err(|error| (error.line, format!("{whose}: {}", error.message)));
        let mut expected = parse(pair.expected, "the expected dump cannot be read")?;
        let mut actual = parse(pair.actual, "the dump cannot be read")?;
        for (wanted, given) in expected.dump.records.iter_mut().zip(&mut actual.dump.records) {
            if [&*wanted, &*given].iter().all(|record| record.task_type.as_str().is_empty()) {
                take_apart(wanted);
                take_apart(given);
            }
        }
        let (wanted, given) = (expected.dump.records.len(), actual.dump.records.len());
        if wanted > 0 && given > 0 {
            self.head(&expected, &actual).map_err(|message| (2, message))?;
        }
        let blocks = (resets::closing(&expected.dump), resets::closing(&actual.dump));
        let mut streams = (StreamIds::new(&expected), StreamIds::new(&actual));
        for record in 0..wanted.min(given) {
            let set = blocks.0[record] && blocks.1[record];
            let ids = (streams.0.of(record), streams.1.of(record));
            self.record(record, ids, &expected, &actual, set)
                .map_err(|message| (line_of(record), message))?;
            if set {
                let suffixes = [&expected, &actual].map(|reading| reading.dump.records[record].suffix);
                self.resets.add(index, line_of(record), suffixes);
            }
        }
        if let Some(missing) = expected.dump.records.get(given) {
            return Err((line_of(given), format!("the dump ends, expected {}", title(missing))));
        }
        if let Some(surplus) = actual.dump.records.get(wanted) {
            return Err((line_of(wanted), format!("found {}, expected the end of the dump", title(surplus))));
        }
        match (expected.has_trailing_comma(), actual.has_trailing_comma()) {
            (true, false) => Err((
                line_of(wanted.saturating_sub(1)),
                "the last record has no comma, expected one".to_owned(),
            )),
            (false, true) => {
                Err((line_of(wanted.saturating_sub(1)), "the last record has a comma".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn head(&mut self, expected: &Reading<'_>, actual: &Reading<'_>) -> Result<(), String> {
        self.renaming.bind(Kind::Process, expected.pid.into(), actual.pid.into())?;
        self.renaming.bind(Kind::Model, expected.dump.model.into(), actual.dump.model.into())
    }

    /// Compares one record; `set` says that its suffix is compared later.
    fn record(
        &mut self,
        at: usize,
        streams: (i32, i32),
        expected: &Reading<'_>,
        actual: &Reading<'_>,
        set: bool,
    ) -> Result<(), String> {
        let (wanted, given) = (&expected.dump.records[at], &actual.dump.records[at]);
        same("`Task Type`", wanted.task_type.as_str(), given.task_type.as_str())?;
        same("the name", base(wanted), base(given))?;
        self.stream(streams.0, streams.1)?;
        if !set {
            self.suffix(wanted.suffix, given.suffix)?;
        }
        same("`Task Id`", &wanted.task, &given.task)?;
        let (drawn, other) = (&expected.printed[at], &actual.printed[at]);
        same("`ts`", &drawn.start, &other.start)?;
        same("`dur`", drawn.duration, other.duration)?;
        same("the spelling of the columns", &drawn.spelling, &other.spelling)?;
        same_option("`ExtendInfo`", wanted.extend_info, given.extend_info)?;
        match (wanted.active_stream, given.active_stream) {
            (Some(wanted), Some(given)) => self.stream(wanted, given)?,
            (wanted, given) => same_option("`Active Stream Id`", wanted, given)?,
        }
        same_option("`Numblocks`", wanted.blocks, given.blocks)?;
        same_option("`Task Ration`", wanted.ration, given.ration)?;
        same_option("`Schem Mode`", wanted.schem, given.schem)?;
        let size = |record: &Record<'_>| record.args.map(|args| args.size);
        same_option("`Kernel Args Size`", size(wanted), size(given))?;
        same("the list of placeholders in `Kernel Args`", &marks(expected, wanted), &marks(actual, given))
    }

    /// Negative ids stand for no stream and are not renamed.
    fn stream(&mut self, expected: i32, actual: i32) -> Result<(), String> {
        match (u64::try_from(expected), u64::try_from(actual)) {
            (Ok(expected), Ok(actual)) => self.renaming.bind(Kind::Stream, expected, actual),
            _ => same("the stream", &expected, &actual),
        }
    }

    fn suffix(&mut self, expected: Suffix, actual: Suffix) -> Result<(), String> {
        match (renamed(expected), renamed(actual)) {
            (Some((kind, wanted)), Some((other, given))) if kind == other => {
                if let (Suffix::EventCount(_, wanted), Suffix::EventCount(_, given)) = (expected, actual) {
                    same("the count", &wanted, &given)?;
                }
                self.renaming.bind(kind, wanted, given)
            }
            (None, None) => Ok(()),
            (wanted, given) => {
                Err(format!("the name refers to {}, expected {}", words(given), words(wanted)))
            }
        }
    }
}

/// Lets the name of a record whose format tells no type tell it, so that what it refers to is renamed.
fn take_apart(record: &mut Record<'_>) {
    let name = record.name.unwrap_or_default();
    let derived = type_of(name);
    if !derived.as_str().is_empty() {
        record.task_type = derived;
        (record.name, record.suffix) = split_name(derived, name);
    }
}

/// What of a suffix is renamed.
fn renamed(suffix: Suffix) -> Option<(Kind, u64)> {
    match suffix {
        Suffix::None => None,
        Suffix::Event(id) | Suffix::EventCount(id, _) => Some((Kind::Event, id.into())),
        Suffix::Notify(id) => Some((Kind::Notify, id.into())),
        Suffix::Address(address) => Some((Kind::Address, address)),
    }
}

fn words(renamed: Option<(Kind, u64)>) -> String {
    renamed.map_or("nothing".to_owned(), |(kind, id)| format!("{} {id}", kind.as_str()))
}

fn base<'t>(record: &Record<'t>) -> &'t str {
    record.name.unwrap_or(record.task_type.as_str())
}

/// How a message calls a record.
fn title(record: &Record<'_>) -> String {
    match renamed(record.suffix) {
        Some((_, id)) => format!("`{}_{id}`", base(record)),
        None => format!("`{}`", base(record)),
    }
}

/// The placeholder marks of a record, free of where its words stand in the dump.
fn marks(reading: &Reading<'_>, record: &Record<'_>) -> Vec<Mark> {
    let Some(args) = record.args else { return Vec::new() };
    let (marks, words) = (&reading.dump.marks, args.words());
    let first = marks.partition_point(|mark| (mark.word as usize) < words.start);
    let own = marks[first..].iter().take_while(|mark| (mark.word as usize) < words.end);
    own.map(|mark| Mark { word: mark.word - args.first, ..*mark }).collect()
}

fn same<T: PartialEq + fmt::Debug + ?Sized>(what: &str, expected: &T, actual: &T) -> Result<(), String> {
    if expected == actual { Ok(()) } else { Err(format!("{what} is {actual:?}, expected {expected:?}")) }
}

fn same_option<T: PartialEq + fmt::Debug>(
    what: &str,
    expected: Option<T>,
    actual: Option<T>,
) -> Result<(), String> {
    match (expected, actual) {
        (Some(expected), Some(actual)) => same(what, &expected, &actual),
        (None, None) => Ok(()),
        (Some(expected), None) => Err(format!("{what} is missing, expected {expected:?}")),
        (None, Some(actual)) => Err(format!("{what} is {actual:?}, expected none")),
    }
}

/// Which stream each record belongs to, asked in the order of records.
struct StreamIds<'r> {
    streams: &'r [crate::record::StreamRecords],
}

impl<'r> StreamIds<'r> {
    fn new(reading: &'r Reading<'_>) -> Self {
        Self { streams: &reading.dump.streams }
    }

    fn of(&mut self, record: usize) -> i32 {
        while let [first, rest @ ..] = self.streams
            && first.records.end as usize <= record
        {
            self.streams = rest;
        }
        self.streams.first().map_or(-1, |stream| stream.id)
    }
}
