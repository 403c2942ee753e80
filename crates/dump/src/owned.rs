//! A dump that owns what it holds, for tools that read dumps of any origin.
//!
//! Every different text is kept once, and a record is a row of small numbers, so a dump of a million tasks takes less
//! memory than its file. [`OwnedDump::borrow`] gives the same data as the [`Dump`] that is printed and compared.

use std::ops::Range;
use std::sync::Arc;

use acg_entity::Texts;

use crate::origin::Origin;
use crate::record::{Dump, Info, KernelArgs, Mark, Record, StreamRecords, Suffix};
use crate::task_type::TaskType;

acg_entity::entity! {
    /// A text of a dump: a name, a task type, an `ExtendInfo`.
    Text, "text"
}

/// The dump of one model.
#[derive(Clone, Debug)]
pub struct OwnedDump {
    /// The process that wrote it, 0 where the file does not say.
    pub pid: u32,
    /// `Model Id` of every record.
    pub model: u32,
    /// What the file shows of the runtime that wrote it.
    pub origin: Origin,
    /// Every text of the file; shared by all dumps of one file.
    pub texts: Arc<Texts<Text>>,
    /// The model's streams in file order, each once: newest first, origin last.
    ///
    /// As in [`crate::Reading`], a comma that the runtime left behind the last record shows as a last stream without records, whose id is -1.
    pub streams: Vec<StreamRecords>,
    /// All records, stream by stream.
    pub records: Vec<OwnedRecord>,
    /// Kernel argument words of all records.
    pub words: Vec<u64>,
    /// Placeholder marks before some of the words, ordered by word.
    pub marks: Vec<Mark>,
    /// Which bytes of the (decompressed) file each record stands in.
    pub places: Vec<Range<u32>>,
}

/// One task; see [`Record`] for the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnedRecord {
    /// `Task Id`.
    pub task: u32,
    /// `Task Type`; empty where the file has none and the name does not tell.
    pub task_type: Text,
    /// The name before the suffix; `None` where it is the task type's.
    pub name: Option<Text>,
    /// What is put behind the name.
    pub suffix: Suffix,
    /// `ExtendInfo`, escaped as the runtime does.
    pub extend_info: Option<Text>,
    /// `Active Stream Id`.
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

impl OwnedDump {
    /// The text of `text`.
    pub fn text(&self, text: Text) -> &str {
        self.texts.text(text)
    }

    /// `Task Type` of a record.
    pub fn task_type(&self, record: &OwnedRecord) -> TaskType<'_> {
        TaskType::parse(self.text(record.task_type))
    }

    /// The name of a record before its suffix.
    pub fn base_name(&self, record: &OwnedRecord) -> &str {
        self.text(record.name.unwrap_or(record.task_type))
    }

    /// The argument words of a record.
    pub fn args(&self, record: &OwnedRecord) -> &[u64] {
        record.args.and_then(|args| self.words.get(args.words())).unwrap_or(&[])
    }

    /// The same data, borrowed.
    pub fn borrow(&self) -> Dump<'_> {
        let records = self.records.iter().map(|record| self.borrow_record(record)).collect();
        Dump {
            model: self.model,
            streams: self.streams.clone(),
            records,
            words: self.words.clone(),
            marks: self.marks.clone(),
        }
    }

    fn borrow_record(&self, record: &OwnedRecord) -> Record<'_> {
        Record {
            task: record.task,
            task_type: self.task_type(record),
            name: record.name.map(|name| self.text(name)),
            suffix: record.suffix,
            extend_info: record.extend_info.map(|info| Info::Escaped(self.text(info))),
            active_stream: record.active_stream,
            blocks: record.blocks,
            ration: record.ration,
            schem: record.schem,
            args: record.args,
        }
    }
}
