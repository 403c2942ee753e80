//! The frame of a file: an array of events, bare or in a chrome-trace object.

use std::borrow::Cow;
use std::io::Read;

use super::collect::{Collector, Entry};
use super::event::Event;
use super::repair::{RepairKind, Repairs};
use super::scan::{Scanner, Stop};
use super::window::Window;
use super::{AnyReading, SyntaxError};
use crate::read::Spelling;
use crate::read::line::{self, Words};

/// Reads a file.
pub(super) fn read(input: &mut dyn Read) -> Result<AnyReading, SyntaxError> {
    let mut file =
        File { window: Window::open(input)?, repairs: Repairs::default(), collector: Collector::default() };
    file.start()?;
    match file.window.peek()? {
        Some(b'[') => {
            file.window.pass(1);
            file.array()?;
        }
        Some(b'{') => file.object()?,
        Some(_) => return Err(file.error("this is no dump: expected `[` or a chrome-trace object")),
        None => return Err(file.error("the file is empty")),
    }
    if file.window.peek()?.is_some() {
        return Err(file.error("expected the end of the file behind the dump"));
    }
    let dumps = file.collector.finish(&mut file.repairs);
    Ok(AnyReading { dumps, repairs: file.repairs.finish() })
}

struct File<'i> {
    window: Window<'i>,
    repairs: Repairs,
    collector: Collector,
}

impl File<'_> {
    fn error(&self, message: &str) -> SyntaxError {
        self.window.error(0, message)
    }

    fn note(&mut self, kind: RepairKind) {
        self.repairs.line = self.window.line();
        self.repairs.add(kind);
    }

    /// Passes a byte order mark and refuses what is no UTF-8.
    fn start(&mut self) -> Result<(), SyntaxError> {
        let rest = self.window.rest();
        if rest.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.note(RepairKind::ByteOrderMark);
            self.window.pass(3);
            return Ok(());
        }
        let wide =
            [&[0xFF, 0xFE][..], &[0xFE, 0xFF], &[b'[', 0], &[b'{', 0], &[0, b'['], &[0, b'{'], &[0, 0]];
        if wide.iter().any(|start| rest.starts_with(start)) {
            return Err(self.error("the file is in UTF-16 or UTF-32; convert it to UTF-8"));
        }
        Ok(())
    }

    /// Reads a chrome-trace object, of which only `traceEvents` matters.
    fn object(&mut self) -> Result<(), SyntaxError> {
        self.window.pass(1);
        let mut found = false;
        loop {
            match self.window.peek()? {
                Some(b'}') => {
                    self.window.pass(1);
                    break;
                }
                Some(b',') => {
                    self.window.pass(1);
                    continue;
                }
                _ => {}
            }
            let key = self.scan(|scanner| scanner.key().map(Cow::into_owned))?;
            if key == "traceEvents" && self.window.peek()? == Some(b'[') {
                self.window.pass(1);
                self.array()?;
                found = true;
            } else {
                self.scan(|scanner| {
                    scanner.peek()?;
                    scanner.skip()
                })?;
            }
        }
        if found { Ok(()) } else { Err(self.error("the object has no `traceEvents`; this is no dump")) }
    }

    /// Scans something of bounded length, reading on as needed, and passes it.
    fn scan<T>(&mut self, scan: impl Fn(&mut Scanner<'_>) -> Result<T, Stop>) -> Result<T, SyntaxError> {
        loop {
            let mut scanner = Scanner { bytes: self.window.rest(), at: 0 };
            match scan(&mut scanner) {
                Ok(value) => {
                    let length = scanner.at;
                    self.window.pass(length);
                    return Ok(value);
                }
                Err(stop) => self.go_on(stop)?,
            }
        }
    }

    /// Reads more where more can help.
    fn go_on(&mut self, stop: Stop) -> Result<(), SyntaxError> {
        match stop {
            Stop::Bad(at, message) => Err(self.window.error(at, &message)),
            Stop::More if self.window.ended() => Err(self.truncated()),
            Stop::More => self.window.grow(),
        }
    }

    fn truncated(&self) -> SyntaxError {
        let count = self.collector.len();
        let end = self.window.rest().len();
        self.window.error(end, &format!("the file ends in the middle, behind {count} complete records"))
    }

    /// Reads what is behind `[`, up to `]`.
    fn array(&mut self) -> Result<(), SyntaxError> {
        // Whether there is a comma behind the last event, and whether the event is as the runtime prints it.
        let (mut first, mut comma, mut from_runtime) = (true, false, false);
        loop {
            match self.window.peek()? {
                Some(b']') => {
                    if comma && !first {
                        self.note(RepairKind::TrailingComma);
                        self.collector.end_with_comma(from_runtime);
                    }
                    self.window.pass(1);
                    return Ok(());
                }
                Some(b',') => {
                    if comma || first {
                        self.note(RepairKind::ExtraComma);
                    }
                    comma = true;
                    self.window.pass(1);
                }
                Some(b'{') => {
                    if !first && !comma {
                        self.note(RepairKind::MissingComma);
                    }
                    from_runtime = self.window.rest().starts_with(b"{\"name\":\"");
                    comma = match self.line()? {
                        Some(comma) => comma,
                        None => self.event()?,
                    };
                    first = false;
                }
                Some(_) => return Err(self.error("expected a record or `]`")),
                None => return Err(self.truncated()),
            }
        }
    }

    /// Reads a record that is a line as the runtime prints it, and says whether a comma is behind it; `None`, with nothing
    /// passed, where it is none.
    fn line(&mut self) -> Result<Option<bool>, SyntaxError> {
        let mut end = memchr::memchr(b'\n', self.window.rest());
        if end.is_none() && !self.window.ended() {
            self.window.need(LONGEST_LINE)?;
            end = memchr::memchr(b'\n', self.window.rest());
        }
        let Some(end) = end else { return Ok(None) };
        let bytes = &self.window.rest()[..end];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let Ok(text) = std::str::from_utf8(bytes) else { return Ok(None) };
        let (text, comma) = text.strip_suffix(',').map_or((text, false), |text| (text, true));
        // Two records on one line would look like one with a long name.
        if memchr::memmem::find_iter(text.as_bytes(), b"\"ph\":").nth(1).is_some() {
            return Ok(None);
        }
        let (words, marks) = self.collector.scratch();
        let Ok(line) = line::parse(text, Words { words, marks }) else { return Ok(None) };
        self.repairs.line = self.window.line();
        if line.record.name.is_some_and(needs_escapes) {
            self.repairs.add(RepairKind::Unescaped);
        }
        if line.printed.spelling == Spelling::Old {
            self.repairs.add(RepairKind::OldKeys);
        }
        self.collector.locate(self.window.offset(), text.len());
        self.collector.push(&Entry::of_line(&line), &mut self.repairs);
        self.window.pass(end);
        Ok(Some(comma))
    }

    /// Reads an event of any form; there is never a comma behind it that it has passed.
    fn event(&mut self) -> Result<bool, SyntaxError> {
        loop {
            let mut scanner = Scanner { bytes: self.window.rest(), at: 0 };
            match Event::scan(&mut scanner) {
                Ok(event) => {
                    let length = scanner.at;
                    self.repairs.line = self.window.line();
                    self.collector.locate(self.window.offset(), length);
                    self.collector.event(&event, &mut self.repairs);
                    self.window.pass(length);
                    return Ok(false);
                }
                Err(stop) => self.go_on(stop)?,
            }
        }
    }
}

/// Lines are looked for in this much text; the runtime's are longer only with kilobytes of kernel arguments.
const LONGEST_LINE: usize = 1 << 16;

/// Whether JSON wants something in `text` escaped.
fn needs_escapes(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
}
