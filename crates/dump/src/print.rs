//! Prints a dump byte for byte as the runtime does.
//!
//! Records of a stream differ by little more than their names and numbers, so what else they say is put together once for all that are
//! alike.

use std::fmt::Write;
use std::io;

use acg_target::{CodePath, DumpFormat};

use crate::format::Format;
use crate::record::{Dump, Info, KernelArgs, Record, Suffix};
use crate::task_type::TaskType;

/// How many bytes are put together before they are written.
const CHUNK: usize = 1 << 18;

/// How many forms of records are remembered: a stream hardly ever has more.
const MOST_FORMS: usize = 8;

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
    let mut printer = Printer::new(dump.model, format, pid, verbose, out);
    for stream in &dump.streams {
        printer.begin_stream(stream.id);
        printer.records(dump.stream_records(stream), dump)?;
    }
    printer.finish()
}

/// Writes a dump whose records nobody holds all at once; what it writes is what [`write`] does.
pub struct Printer<'t, 'o> {
    model: u32,
    format: Format,
    pid: u32,
    verbose: bool,
    out: &'o mut dyn io::Write,
    chunk: String,
    /// Whether there was any record, and whether there was one of the stream that was begun last.
    has_records: bool,
    is_stream_empty: bool,
    /// When the next record starts.
    start: u32,
    stream: i32,
    /// What every record of the stream has between its name and its time.
    before_time: String,
    /// What records of the stream have besides; of further forms than these, which one gives way.
    forms: Vec<Form<'t>>,
    oldest: usize,
}

/// What is the same for all records of a stream that differ by names and numbers alone.
struct Form<'t> {
    /// One of the records, but for its name and numbers.
    like: Record<'t>,
    /// By how much the next record of the stream starts later.
    step: u32,
    /// What is between the time and the number of the task, and what is behind the number.
    before_task: String,
    columns: String,
}

impl Form<'_> {
    fn fits(&self, record: &Record<'_>) -> bool {
        let Record { task_type, extend_info, active_stream, blocks, ration, schem, .. } = self.like;
        task_type == record.task_type
            && (blocks, schem, ration, active_stream)
                == (record.blocks, record.schem, record.ration, record.active_stream)
            && extend_info == record.extend_info
    }
}

impl<'t, 'o> Printer<'t, 'o> {
    /// Starts the dump of a model as process `pid`.
    pub fn new(model: u32, format: Format, pid: u32, verbose: bool, out: &'o mut dyn io::Write) -> Self {
        Self {
            model,
            format,
            pid,
            verbose,
            out,
            chunk: String::with_capacity(2 * CHUNK),
            has_records: false,
            is_stream_empty: true,
            start: 0,
            stream: 0,
            before_time: String::new(),
            forms: Vec::new(),
            oldest: 0,
        }
    }

    /// Starts the next stream.
    pub fn begin_stream(&mut self, id: i32) {
        (self.stream, self.start, self.is_stream_empty) = (id, 0, true);
        self.forms.clear();
        self.before_time.clear();
        // Writing to a string cannot fail.
        let _ =
            write!(self.before_time, "\",\"pid\":\"{} aclGraph\",\"tid\":\"stream{id}\",\"ts\":", self.pid);
    }

    /// Prints records of the stream that was begun last; what they have of kernel arguments is in `dump`.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written to.
    pub fn records(&mut self, records: &[Record<'t>], dump: &Dump<'_>) -> io::Result<()> {
        for record in records {
            // Writing to a string cannot fail.
            let _ = self.record(record, dump);
            if self.chunk.len() >= CHUNK {
                self.out.write_all(self.chunk.as_bytes())?;
                self.chunk.clear();
            }
        }
        Ok(())
    }

    /// Ends the dump. A last stream without records leaves a comma behind.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written to.
    pub fn finish(mut self) -> io::Result<()> {
        self.chunk.push_str(match (self.has_records, self.is_stream_empty) {
            (false, _) => "[\n]",
            (true, true) => "}},\n]",
            (true, false) => "}}\n]",
        });
        self.out.write_all(self.chunk.as_bytes())
    }

    fn record(&mut self, record: &Record<'t>, dump: &Dump<'_>) -> std::fmt::Result {
        let form = match self.forms.iter().position(|form| form.fits(record)) {
            Some(known) => known,
            None => self.add_form(record)?,
        };
        let Form { step, before_task, columns, .. } = &self.forms[form];
        let out = &mut self.chunk;
        out.push_str(if self.has_records { "}},\n{\"name\":\"" } else { "[\n{\"name\":\"" });
        out.push_str(record.name.unwrap_or(record.task_type.as_str()));
        push_suffix(out, record.suffix);
        out.push_str(&self.before_time);
        push_number(out, self.start);
        out.push_str(before_task);
        push_number(out, record.task);
        out.push_str(columns);
        (self.has_records, self.is_stream_empty) = (true, false);
        self.start = self.start.wrapping_add(*step);
        match record.args {
            Some(args) if self.format.generation == DumpFormat::Full && self.verbose => {
                push_args(out, args, dump)
            }
            _ => Ok(()),
        }
    }

    /// Where the form of `record` now is.
    fn add_form(&mut self, record: &Record<'t>) -> Result<usize, std::fmt::Error> {
        let place = if self.forms.len() < MOST_FORMS {
            self.forms.push(Form {
                like: *record,
                step: 0,
                before_task: String::new(),
                columns: String::new(),
            });
            self.forms.len() - 1
        } else {
            self.oldest = (self.oldest + 1) % MOST_FORMS;
            self.oldest
        };
        let (model, stream) = (self.model, self.stream);
        let Form { like, step, before_task, columns } = &mut self.forms[place];
        let time = Time::of(record.task_type, self.format);
        (*like, *step) = (*record, time.step);
        before_task.clear();
        write!(before_task, ",\"dur\":{},\"ph\":\"X\",\"args\":{{", time.duration)?;
        write!(before_task, "\"Model Id\":{model},\"Stream Id\":{stream},\"Task Id\":")?;
        columns.clear();
        push_columns(columns, record, self.format);
        Ok(place)
    }
}

/// The columns behind the number of the task, but for the arguments of kernels.
fn push_columns(out: &mut String, record: &Record<'_>, format: Format) {
    if format.generation == DumpFormat::Bare {
        return;
    }
    let full = format.generation == DumpFormat::Full;
    out.push_str(",\"Task Type\":\"");
    out.push_str(if format.typed { record.task_type.as_str() } else { "" });
    out.push('"');
    if let Some(info) = record.extend_info.filter(|_| full) {
        push_info(out, info);
    }
    // The 950 printer has the column of the active stream and never fills it.
    let active_stream =
        record.active_stream.map(|id| if format.path == CodePath::David { -1 } else { i64::from(id) });
    let numbers = [
        ("Active Stream Id", active_stream),
        (if full { "Numblocks" } else { "numBlocks" }, record.blocks.map(i64::from)),
        ("Task Ration", record.ration.map(i64::from)),
        (if full { "Schem Mode" } else { "schemMode" }, record.schem.map(i64::from)),
    ];
    for (key, value) in numbers {
        if let Some(value) = value.filter(|_| format.typed) {
            out.push_str(",\"");
            out.push_str(key);
            out.push_str("\":");
            push_number(out, value);
        }
    }
}

fn push_args(out: &mut String, args: KernelArgs, dump: &Dump<'_>) -> std::fmt::Result {
    out.push_str(",\"Kernel Args\":\"");
    let words = dump.words.get(args.words()).unwrap_or(&[]);
    let mut mark = dump.marks.partition_point(|mark| mark.word < args.first);
    for (position, word) in words.iter().enumerate() {
        if position > 0 {
            out.push(' ');
        }
        if let Some(found) = dump.marks.get(mark).filter(|mark| mark.word == args.first + position as u32) {
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
