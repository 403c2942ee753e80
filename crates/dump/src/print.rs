//! Prints a dump byte for byte as the runtime does.

use std::borrow::Borrow;
use std::fmt::Write;
use std::io;

use acg_target::{CodePath, DumpFormat};

use crate::format::Format;
use crate::record::{Dump, Info, KernelArgs, Record, StreamRecords, Suffix};
use crate::task_type::TaskType;

/// How many bytes are put together before they are written.
const CHUNK: usize = 1 << 16;

/// The printed form of `dump` as process `pid`; with `verbose`, kernel arguments are included where the format has them.
pub fn print(dump: &Dump<'_>, format: Format, pid: u32, verbose: bool) -> String {
    let mut out = Vec::with_capacity(4 + dump.records.len() * 176);
    // Writing to a vector cannot fail, and texts are UTF-8.
    let _ = write(dump, format, pid, verbose, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes the printed form of `dump`, as [`print`] gives it, without holding all of it.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write(
    dump: &Dump<'_>,
    format: Format,
    pid: u32,
    verbose: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write_parts([dump], format, pid, verbose, out)
}

/// As [`write`], of a dump in parts: each holds some of the streams, and is gone before the next one is made.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write_parts<'t, D: Borrow<Dump<'t>>>(
    parts: impl IntoIterator<Item = D, IntoIter: ExactSizeIterator>,
    format: Format,
    pid: u32,
    verbose: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut chunk = String::with_capacity(2 * CHUNK);
    chunk.push_str("[\n");
    let mut parts = parts.into_iter();
    while let Some(part) = parts.next() {
        let dump: &Dump<'_> = part.borrow();
        let last_stream = if parts.len() == 0 { dump.streams.len().checked_sub(1) } else { None };
        for (position, stream) in dump.streams.iter().enumerate() {
            let printer = Printer::new(dump, format, pid, verbose, stream);
            printer.records(&mut chunk, Some(position) == last_stream, out)?;
        }
    }
    chunk.push(']');
    out.write_all(chunk.as_bytes())
}

/// Prints the records of one stream.
struct Printer<'d> {
    dump: &'d Dump<'d>,
    format: Format,
    verbose: bool,
    stream: &'d StreamRecords,
    /// What every record of the stream has between its name and its time, and between its duration and its number.
    before_time: String,
    before_task: String,
}

impl<'d> Printer<'d> {
    fn new(dump: &'d Dump<'d>, format: Format, pid: u32, verbose: bool, stream: &'d StreamRecords) -> Self {
        let (id, model) = (stream.id, dump.model);
        let before_time = format!("\",\"pid\":\"{pid} aclGraph\",\"tid\":\"stream{id}\",\"ts\":");
        let before_task =
            format!(",\"ph\":\"X\",\"args\":{{\"Model Id\":{model},\"Stream Id\":{id},\"Task Id\":");
        Self { dump, format, verbose, stream, before_time, before_task }
    }

    fn records(&self, chunk: &mut String, last_stream: bool, out: &mut dyn io::Write) -> io::Result<()> {
        let records = self.dump.stream_records(self.stream);
        let mut start = 0u32;
        for (position, record) in records.iter().enumerate() {
            let time = Time::of(record.task_type, self.format);
            // Writing to a string cannot fail.
            let _ = self.record(chunk, record, start, time);
            let last = last_stream && position + 1 == records.len();
            chunk.push_str(if last { "\n" } else { ",\n" });
            if chunk.len() >= CHUNK {
                out.write_all(chunk.as_bytes())?;
                chunk.clear();
            }
            start = start.wrapping_add(time.step);
        }
        Ok(())
    }

    fn record(&self, out: &mut String, record: &Record<'_>, start: u32, time: Time) -> std::fmt::Result {
        out.push_str("{\"name\":\"");
        out.push_str(record.name.unwrap_or(record.task_type.as_str()));
        push_suffix(out, record.suffix);
        out.push_str(&self.before_time);
        push_number(out, start);
        out.push_str(",\"dur\":");
        out.push_str(time.duration);
        out.push_str(&self.before_task);
        push_number(out, record.task);
        self.columns(out, record)?;
        out.push_str("}}");
        Ok(())
    }

    fn columns(&self, out: &mut String, record: &Record<'_>) -> std::fmt::Result {
        if self.format.generation == DumpFormat::Bare {
            return Ok(());
        }
        let full = self.format.generation == DumpFormat::Full;
        out.push_str(",\"Task Type\":\"");
        out.push_str(if self.format.typed { record.task_type.as_str() } else { "" });
        out.push('"');
        if let Some(info) = record.extend_info.filter(|_| full) {
            push_info(out, info);
        }
        let numbers = [
            ("Active Stream Id", self.active_stream(record)),
            (if full { "Numblocks" } else { "numBlocks" }, self.kernel_column(record.blocks)),
            ("Task Ration", self.kernel_column(record.ration)),
            (if full { "Schem Mode" } else { "schemMode" }, self.kernel_column(record.schem)),
        ];
        for (key, value) in numbers {
            if let Some(value) = value {
                out.push_str(",\"");
                out.push_str(key);
                out.push_str("\":");
                push_number(out, value);
            }
        }
        match record.args {
            Some(args) if full && self.verbose => self.args(out, args),
            _ => Ok(()),
        }
    }

    fn active_stream(&self, record: &Record<'_>) -> Option<i64> {
        let id = record.active_stream.filter(|_| self.format.typed)?;
        // The 950 printer has the column and never fills it.
        Some(if self.format.path == CodePath::David { -1 } else { i64::from(id) })
    }

    fn kernel_column(&self, value: Option<u32>) -> Option<i64> {
        value.map(i64::from).filter(|_| self.format.typed)
    }

    fn args(&self, out: &mut String, args: KernelArgs) -> std::fmt::Result {
        out.push_str(",\"Kernel Args\":\"");
        let words = self.dump.words.get(args.words()).unwrap_or(&[]);
        let mut mark = self.dump.marks.partition_point(|mark| mark.word < args.first);
        for (position, word) in words.iter().enumerate() {
            if position > 0 {
                out.push(' ');
            }
            if let Some(found) =
                self.dump.marks.get(mark).filter(|mark| mark.word == args.first + position as u32)
            {
                let kind = if found.address { "Addr" } else { "Data" };
                // The runtime's stream stays in hexadecimal after the first word.
                match position {
                    0 => write!(out, "(placeHolder{kind}{})", found.index)?,
                    _ => write!(out, "(placeHolder{kind}{:x})", found.index)?,
                }
                mark += 1;
            }
            write!(out, "{word:#018x}")?;
        }
        write!(out, "\",\"Kernel Args Size\":{}", args.size)
    }
}

/// How long a record is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Time {
    /// The printed duration.
    pub(crate) duration: &'static str,
    /// By how much the next record of the stream starts later.
    pub(crate) step: u32,
}

impl Time {
    /// The time of a record, which only depends on its type (debug-json, section 1.3).
    pub(crate) fn of(task_type: TaskType<'_>, format: Format) -> Self {
        let by_type = format.path == CodePath::V100 && format.generation != DumpFormat::Bare;
        if !by_type || task_type.is_kernel() {
            return Self { duration: "9.5", step: 10 };
        }
        match task_type.as_str() {
            "NOP" => Self { duration: "0.5", step: 1 },
            name if name.contains("RECORD") => Self { duration: "4.5", step: 5 },
            name if name.contains("WAIT") => Self { duration: "14.5", step: 15 },
            _ => Self { duration: "9.5", step: 10 },
        }
    }
}

/// A dump is mostly numbers, and this is quicker than to format them.
fn push_number(out: &mut String, number: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(number));
}

fn push_suffix(out: &mut String, suffix: Suffix) {
    let mut push = |number: u64| {
        out.push('_');
        push_number(out, number);
    };
    match suffix {
        Suffix::None => {}
        Suffix::Event(number) | Suffix::Notify(number) => push(number.into()),
        Suffix::EventCount(event, count) => [event, count].into_iter().for_each(|number| push(number.into())),
        Suffix::Address(address) => push(address),
    }
}

fn push_info(out: &mut String, info: Info<'_>) {
    let (Info::Plain(text) | Info::Escaped(text)) = info;
    if text.is_empty() {
        return;
    }
    out.push_str(",\"ExtendInfo\":\"");
    match info {
        Info::Plain(text) => escape(out, text),
        Info::Escaped(text) => out.push_str(text),
    }
    out.push('"');
}

/// `text`, escaped as the runtime does.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(&mut out, text);
    out
}

/// Escapes text as the runtime does: only quotes, backslashes and control characters.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                let code = control as u32;
                out.push_str("\\u00");
                out.extend([code >> 4, code & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')));
            }
            other => out.push(other),
        }
    }
}
