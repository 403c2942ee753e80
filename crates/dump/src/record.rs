//! A dump as plain data: streams in printed order, records in one array.
//!
//! Texts are borrowed from whoever has them (the call log that is replayed, the file that is read), so a record costs no
//! allocation. What the printer derives (time stamps, durations, commas) is not stored.

use std::fmt;
use std::ops::Range;

use crate::task_type::TaskType;

/// A `modelRI.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump<'t> {
    /// `Model Id` of every record.
    pub model: u32,
    /// The model's streams in the order in which they are printed: newest first, origin last. Streams without records are
    /// listed too, because a last stream without records leaves a comma behind.
    pub streams: Vec<StreamRecords>,
    /// All records, in printed order.
    pub records: Vec<Record<'t>>,
    /// Kernel argument words of all records.
    pub words: Vec<u64>,
    /// Placeholder marks before some of the words, ordered by word.
    pub marks: Vec<Mark>,
}

/// One stream of a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRecords {
    /// `Stream Id`.
    pub id: i32,
    /// Which of [`Dump::records`] are its.
    pub records: Range<u32>,
}

/// One task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'t> {
    /// `Task Id`.
    pub task: u32,
    /// `Task Type`.
    pub task_type: TaskType<'t>,
    /// The name before the suffix; `None` where it is the task type's.
    pub name: Option<&'t str>,
    /// What is put behind the name.
    pub suffix: Suffix,
    /// `ExtendInfo`.
    pub extend_info: Option<Info<'t>>,
    /// `Active Stream Id`; the 950 printer always writes -1.
    pub active_stream: Option<i32>,
    /// `Numblocks`.
    pub blocks: Option<u32>,
    /// `Task Ration`.
    pub ration: Option<u32>,
    /// `Schem Mode`.
    pub schem: Option<u32>,
    /// `Kernel Args` and `Kernel Args Size`.
    pub args: Option<KernelArgs>,
}

impl<'t> Record<'t> {
    /// A record of `task_type` with nothing but its id.
    pub const fn new(task: u32, task_type: TaskType<'t>) -> Self {
        Self {
            task,
            task_type,
            name: None,
            suffix: Suffix::None,
            extend_info: None,
            active_stream: None,
            blocks: None,
            ration: None,
            schem: None,
            args: None,
        }
    }
}

/// Text that a dump escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Info<'t> {
    /// As the program gave it.
    Plain(&'t str),
    /// As a dump writes it.
    Escaped(&'t str),
}

/// What is put behind a record's name (debug-json, section 1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Suffix {
    /// Nothing.
    #[default]
    None,
    /// The id of a hardware event.
    Event(u32),
    /// The id of a hardware event and a count.
    EventCount(u32, u32),
    /// The id of a notify.
    Notify(u32),
    /// A device address, of a memory event or a value.
    Address(u64),
}

impl fmt::Display for Suffix {
    /// Writes it as a dump does, with the underscore before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Event(number) | Self::Notify(number) => write!(f, "_{number}"),
            Self::EventCount(event, count) => write!(f, "_{event}_{count}"),
            Self::Address(address) => write!(f, "_{address}"),
        }
    }
}

/// The argument words of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelArgs {
    /// First word in [`Dump::words`].
    pub first: u32,
    /// Size in bytes; there are `size / 8` words.
    pub size: u32,
}

impl KernelArgs {
    /// Its words in [`Dump::words`].
    pub fn words(self) -> Range<usize> {
        self.first as usize..self.first as usize + self.size as usize / 8
    }
}

/// A placeholder mark before an argument word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The word in [`Dump::words`].
    pub word: u32,
    /// Whether it marks an address, otherwise it marks data.
    pub address: bool,
    /// Which placeholder.
    pub index: u32,
}

impl<'t> Dump<'t> {
    /// An empty dump of a model.
    pub fn new(model: u32) -> Self {
        Self { model, ..Self::default() }
    }

    /// Starts the next stream; records pushed from now on are its.
    pub fn begin_stream(&mut self, id: i32) {
        let at = self.records.len() as u32;
        self.streams.push(StreamRecords { id, records: at..at });
    }

    /// Adds a record to the stream that was begun last.
    ///
    /// # Panics
    /// When no stream was begun.
    pub fn push(&mut self, record: Record<'t>) {
        self.records.push(record);
        let stream = self.streams.last_mut().expect("a record belongs to a stream");
        stream.records.end = self.records.len() as u32;
    }

    /// Stores argument words for the next record; `size` is in bytes, and `words` has `size / 8` of them.
    pub fn push_args(&mut self, words: impl IntoIterator<Item = u64>, size: u32) -> KernelArgs {
        let first = self.words.len() as u32;
        self.words.extend(words);
        // A size that does not fit the words would make the printer read another record's.
        self.words.resize(first as usize + size as usize / 8, 0);
        KernelArgs { first, size }
    }

    /// The records of one stream.
    pub fn stream_records(&self, stream: &StreamRecords) -> &[Record<'t>] {
        self.records.get(stream.records.start as usize..stream.records.end as usize).unwrap_or(&[])
    }
}
