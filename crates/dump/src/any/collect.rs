//! Records on their way into dumps: by process and model, by stream, in order of time.

use std::ops::Range;
use std::sync::Arc;

use acg_entity::Texts;
use rustc_hash::FxHashMap;

use super::event::Event;
use super::repair::{RepairKind, Repairs};
use crate::origin::Evidence;
use crate::owned::{OwnedDump, OwnedRecord, Text};
use crate::read::line::{Words, read_words, split_name};
use crate::read::{Line, Spelling};
use crate::record::{Info, KernelArgs, Mark, Record, StreamRecords};
use crate::task_type::TaskType;

/// A record with what decides where it goes.
pub(super) struct Entry<'t> {
    pub(super) record: Record<'t>,
    pub(super) pid: u32,
    pub(super) model: u32,
    pub(super) stream: i32,
    pub(super) start: Option<f64>,
    pub(super) duration: Option<f64>,
    pub(super) spelling: Spelling,
}

impl<'t> Entry<'t> {
    /// The entry of a line as the runtime prints it.
    pub(super) fn of_line(line: &Line<'t>) -> Self {
        Self {
            record: line.record,
            pid: line.pid,
            model: line.model,
            stream: line.stream,
            start: Some(f64::from(line.printed.start)),
            duration: line.printed.duration.parse().ok(),
            spelling: line.printed.spelling,
        }
    }
}

/// All dumps of a file as far as it is read.
#[derive(Default)]
pub(super) struct Collector {
    texts: Texts<Text>,
    dumps: Vec<Building>,
    /// Which dump is that of a process and a model.
    index: FxHashMap<(u32, u32), usize>,
    /// The dump of the last record.
    last: usize,
    count: u64,
    comma: bool,
    /// Which bytes the next record stands in.
    place: Range<u32>,
    words: Vec<u64>,
    marks: Vec<Mark>,
}

/// One dump as far as it is read.
#[derive(Default)]
struct Building {
    pid: u32,
    model: u32,
    evidence: Evidence,
    records: Vec<OwnedRecord>,
    places: Vec<Range<u32>>,
    /// For each record, which of `streams` it belongs to, and when it starts.
    turns: Vec<(u32, f64)>,
    streams: Vec<Growing>,
    index: FxHashMap<i32, u32>,
    last: u32,
    words: Vec<u64>,
    marks: Vec<Mark>,
    scattered: bool,
    unordered: bool,
}

/// A stream as far as it is read.
struct Growing {
    id: i32,
    length: u32,
    latest: f64,
}

impl Collector {
    /// How many records there are.
    pub(super) fn len(&self) -> u64 {
        self.count
    }

    /// Where the argument words of the next record go.
    pub(super) fn scratch(&mut self) -> (&mut Vec<u64>, &mut Vec<Mark>) {
        self.words.clear();
        self.marks.clear();
        (&mut self.words, &mut self.marks)
    }

    /// Says which bytes the next record stands in; a file has no more than 4 GiB.
    pub(super) fn locate(&mut self, start: u64, length: usize) {
        let bound = |at: u64| u32::try_from(at).unwrap_or(u32::MAX);
        self.place = bound(start)..bound(start + length as u64);
    }

    /// Notes the comma behind the last record; one of the runtime tells of a last stream without records.
    pub(super) fn end_with_comma(&mut self, from_runtime: bool) {
        self.comma = from_runtime;
    }

    /// Adds an event if it is a task.
    pub(super) fn event(&mut self, event: &Event<'_>, repairs: &mut Repairs) {
        match event.phase.as_deref() {
            Some("X") | None => {}
            Some("s" | "t" | "f") => return repairs.add(RepairKind::FlowEvent),
            Some(_) => return repairs.add(RepairKind::OtherEvent),
        }
        let Some(stream) = event.stream.or(event.thread) else {
            return repairs.add(RepairKind::ForeignEvent);
        };
        if event.stream.is_none() && event.task.is_none() && event.model.is_none() {
            return repairs.add(RepairKind::ForeignEvent);
        }
        event.tell(repairs);
        let note = |missing: bool, kind, repairs: &mut Repairs| {
            if missing {
                repairs.add(kind);
            }
        };
        note(event.stream.is_none(), RepairKind::StreamFromTid, repairs);
        note(event.thread.is_some_and(|thread| thread != stream), RepairKind::TidDiffers, repairs);
        note(event.pid.is_none(), RepairKind::NoProcess, repairs);
        note(event.model.is_none(), RepairKind::NoModel, repairs);
        note(event.task.is_none(), RepairKind::NoTaskId, repairs);
        let (pid, model) = (event.pid.unwrap_or(0), event.model.unwrap_or(0));
        let task = event.task.unwrap_or_else(|| self.next_task(pid, model, stream));
        let task_type = TaskType::parse(event.task_type.as_deref().unwrap_or(""));
        let mut record = Record::new(task, task_type);
        (record.name, record.suffix) =
            split_name(task_type, event.name.as_deref().unwrap_or(task_type.as_str()));
        let info = event.extend_info.as_deref().filter(|info| !info.is_empty()).map(crate::print::escaped);
        record.extend_info = info.as_deref().map(Info::Escaped);
        record.active_stream = event.active_stream;
        record.blocks = event.blocks;
        record.ration = event.ration;
        record.schem = event.schem;
        record.args = self.args(event, repairs);
        let (start, duration, spelling) = (event.start, event.duration, event.spelling());
        self.push(&Entry { record, pid, model, stream, start, duration, spelling }, repairs);
    }

    /// The position of the next record on a stream.
    fn next_task(&self, pid: u32, model: u32, stream: i32) -> u32 {
        let dump = self.index.get(&(pid, model)).and_then(|&dump| self.dumps.get(dump));
        let stream = dump.and_then(|dump| dump.streams.get(*dump.index.get(&stream)? as usize));
        stream.map_or(0, |stream| stream.length)
    }

    /// Reads the argument words of an event; they are left out where they make no sense.
    fn args(&mut self, event: &Event<'_>, repairs: &mut Repairs) -> Option<KernelArgs> {
        let text = event.args.as_deref()?;
        let (words, marks) = self.scratch();
        let count = read_words(text, Words { words, marks }).ok();
        let size = event.args_size.or(count.and_then(|count| count.checked_mul(8)));
        match (count, size) {
            (Some(count), Some(size)) if count == size / 8 => Some(KernelArgs { first: 0, size }),
            _ => {
                repairs.add(RepairKind::KernelArgs);
                None
            }
        }
    }

    /// Adds a record, whose argument words are those in [`Self::scratch`].
    pub(super) fn push(&mut self, entry: &Entry<'_>, repairs: &mut Repairs) {
        let key = (entry.pid, entry.model);
        let is_last = self.dumps.get(self.last).is_some_and(|dump| (dump.pid, dump.model) == key);
        if !is_last {
            let (dumps, next) = (&mut self.dumps, self.index.len());
            self.last = *self.index.entry(key).or_insert_with(|| {
                dumps.push(Building { pid: key.0, model: key.1, ..Building::default() });
                next
            });
        }
        let mut record = entry.record;
        if record.task_type.as_str().is_empty() {
            let name = record.name.unwrap_or_default();
            let derived = crate::origin::type_of(name);
            if !derived.as_str().is_empty() {
                repairs.add(RepairKind::TypeFromName);
                record.task_type = derived;
                (record.name, record.suffix) = split_name(derived, name);
            }
        }
        let texts = &mut self.texts;
        let record = OwnedRecord {
            task: record.task,
            task_type: texts.intern(record.task_type.as_str()),
            name: record.name.map(|name| texts.intern(name)),
            suffix: record.suffix,
            extend_info: record
                .extend_info
                .map(|(Info::Plain(info) | Info::Escaped(info))| texts.intern(info)),
            active_stream: record.active_stream,
            blocks: record.blocks,
            ration: record.ration,
            schem: record.schem,
            args: record.args,
        };
        let dump = &mut self.dumps[self.last];
        dump.evidence.see(&entry.record, entry.spelling, entry.duration);
        dump.places.push(self.place.clone());
        dump.push(record, entry, &self.words, &self.marks);
        self.count += 1;
    }

    /// The dumps; told is what it took to put their records in order.
    pub(super) fn finish(self, repairs: &mut Repairs) -> Vec<OwnedDump> {
        let texts = Arc::new(self.texts);
        let mut dumps: Vec<_> = self.dumps.into_iter().map(|dump| dump.finish(&texts, repairs)).collect();
        if dumps.is_empty() {
            dumps.push(Building::default().finish(&texts, repairs));
        }
        if self.comma
            && let Some(dump) = dumps.get_mut(self.last)
        {
            let end = dump.records.len() as u32;
            dump.streams.push(StreamRecords { id: -1, records: end..end });
        }
        dumps
    }
}

impl Building {
    fn push(&mut self, mut record: OwnedRecord, entry: &Entry<'_>, words: &[u64], marks: &[Mark]) {
        if let Some(args) = &mut record.args {
            args.first = self.words.len() as u32;
            self.words.extend_from_slice(words);
            let first = args.first;
            self.marks.extend(marks.iter().map(|mark| Mark { word: mark.word + first, ..*mark }));
        }
        let stream = self.stream(entry.stream);
        let growing = &mut self.streams[stream as usize];
        // A record without a time stays behind the one before it.
        let start = entry.start.unwrap_or(growing.latest);
        self.unordered |= start < growing.latest;
        growing.latest = growing.latest.max(start);
        growing.length += 1;
        self.records.push(record);
        self.turns.push((stream, start));
    }

    fn stream(&mut self, id: i32) -> u32 {
        if self.streams.get(self.last as usize).is_some_and(|stream| stream.id == id) {
            return self.last;
        }
        let next = self.streams.len() as u32;
        let stream = *self.index.entry(id).or_insert(next);
        if stream == next {
            self.streams.push(Growing { id, length: 0, latest: f64::NEG_INFINITY });
        } else {
            self.scattered = true;
        }
        self.last = stream;
        stream
    }

    fn finish(mut self, texts: &Arc<Texts<Text>>, repairs: &mut Repairs) -> OwnedDump {
        if self.scattered {
            repairs.add(RepairKind::Scattered);
        }
        if self.unordered {
            repairs.add(RepairKind::TimeOrder);
        }
        if self.scattered || self.unordered {
            let mut order: Vec<u32> = (0..self.records.len() as u32).collect();
            let turn = |&record: &u32| self.turns[record as usize];
            order.sort_by(|a, b| {
                let ((stream, start), (other, behind)) = (turn(a), turn(b));
                stream.cmp(&other).then(start.total_cmp(&behind))
            });
            self.records = order.iter().map(|&record| self.records[record as usize]).collect();
            self.places = order.iter().map(|&record| self.places[record as usize].clone()).collect();
        }
        let mut at = 0;
        let streams = self.streams.iter().map(|stream| {
            let records = at..at + stream.length;
            at = records.end;
            StreamRecords { id: stream.id, records }
        });
        OwnedDump {
            pid: self.pid,
            model: self.model,
            origin: self.evidence.origin(),
            texts: Arc::clone(texts),
            streams: streams.collect(),
            records: self.records,
            places: self.places,
            words: self.words,
            marks: self.marks,
        }
    }
}
