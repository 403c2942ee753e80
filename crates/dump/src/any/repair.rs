//! What was irregular about a file, and how it was read all the same.

use std::fmt;

/// A kind of irregularity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepairKind {
    /// A byte order mark begins the file.
    ByteOrderMark,
    /// A comma stands behind the last record.
    TrailingComma,
    /// Two records have no comma between them.
    MissingComma,
    /// Two commas stand together.
    ExtraComma,
    /// A text holds quotes, backslashes or control characters as they are.
    Unescaped,
    /// A text is not UTF-8; what is wrong of it was replaced.
    NotUtf8,
    /// A key occurs twice in one object; the last counts.
    DuplicateKey,
    /// A key that dumps do not have was ignored.
    UnknownKey,
    /// An arrow between records, as tools add them, was left out.
    FlowEvent,
    /// An event that is no task, such as a mark or a name of a process, was left out.
    OtherEvent,
    /// A timed event without a stream was left out.
    ForeignEvent,
    /// A record's `Stream Id` was taken from its `tid`.
    StreamFromTid,
    /// `tid` and `Stream Id` differ; the latter counts.
    TidDiffers,
    /// A record without a process or with one that is no number counts as process 0.
    NoProcess,
    /// A record without `Model Id` counts as model 0.
    NoModel,
    /// A record without `Task Id` got its position on its stream.
    NoTaskId,
    /// A task type was told from the name.
    TypeFromName,
    /// `numBlocks` and `schemMode` are the names of 9.0 for `Numblocks` and `Schem Mode`.
    OldKeys,
    /// Kernel arguments that are no words, or not as many as their size says, were left out.
    KernelArgs,
    /// The records of one stream stood apart and were put together.
    Scattered,
    /// The records of a stream were put in the order of their times.
    TimeOrder,
}

impl RepairKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "the file begins with a byte order mark",
            Self::TrailingComma => "a comma stands behind the last record",
            Self::MissingComma => "a comma is missing between two records",
            Self::ExtraComma => "a comma too many stands between two records",
            Self::Unescaped => "a text holds unescaped quotes, backslashes or control characters",
            Self::NotUtf8 => "a text is not UTF-8; the bytes that are not were replaced",
            Self::DuplicateKey => "a key occurs twice in one object; the last counts",
            Self::UnknownKey => "a key that dumps do not have was ignored",
            Self::FlowEvent => "a flow event, which a tool added, was left out",
            Self::OtherEvent => "an event that is no task was left out",
            Self::ForeignEvent => "a timed event without a stream was left out",
            Self::StreamFromTid => "a record has no `Stream Id`; its `tid` tells it",
            Self::TidDiffers => "`tid` and `Stream Id` differ; `Stream Id` counts",
            Self::NoProcess => "a record has no process number; it counts as process 0",
            Self::NoModel => "a record has no `Model Id`; it counts as model 0",
            Self::NoTaskId => "a record has no `Task Id`; its position on the stream counts",
            Self::TypeFromName => "a record has no `Task Type`; its name tells it",
            Self::OldKeys => "`numBlocks` or `schemMode`, as 9.0 spelt them, stand for the keys of today",
            Self::KernelArgs => "kernel arguments that do not fit their size, or are no words, were left out",
            Self::Scattered => "records of one stream stood apart; they were put together",
            Self::TimeOrder => "records of a stream were not in the order of their times; they were sorted",
        }
    }
}

/// One kind of irregularity of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Which.
    pub kind: RepairKind,
    /// How often it occurs.
    pub count: u64,
    /// The line where it occurs first, from 1.
    pub line: u64,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, line) = (self.kind.as_str(), self.line);
        match self.count {
            1 => write!(f, "{text} (line {line})"),
            count => write!(f, "{text} ({count} times, first on line {line})"),
        }
    }
}

/// The irregularities seen so far.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    /// The line that is read.
    pub(super) line: u64,
    found: Vec<Repair>,
}

impl Repairs {
    /// Tells of one irregularity on the current line.
    pub(super) fn add(&mut self, kind: RepairKind) {
        match self.found.iter_mut().find(|repair| repair.kind == kind) {
            Some(repair) => repair.count += 1,
            None => self.found.push(Repair { kind, count: 1, line: self.line }),
        }
    }

    /// All of them by kind.
    pub(super) fn finish(mut self) -> Vec<Repair> {
        self.found.sort_by_key(|repair| repair.kind);
        self.found
    }
}
