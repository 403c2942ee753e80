//! A window on the bytes of a file that moves on and knows its place.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::SyntaxError;

/// How much is read at once.
const CHUNK: usize = 1 << 18;
/// The longest text of one record; the runtime's longest are some 100 KiB of kernel arguments.
const MAX_RECORD: usize = 16 << 20;
/// The longest file, which keeps every index in 32 bits.
const MAX_FILE: u64 = u32::MAX as u64;

/// The part of a file that is being read.
pub(super) struct Window<'i> {
    input: Box<dyn Read + 'i>,
    buffer: Vec<u8>,
    /// How much of the buffer is passed.
    passed: usize,
    ended: bool,
    /// The place of the first byte that is not passed.
    offset: u64,
    line: u64,
    line_start: u64,
}

impl<'i> Window<'i> {
    /// The beginning of `input`, decompressed if it is compressed.
    pub(super) fn open(input: &'i mut dyn Read) -> Result<Self, SyntaxError> {
        let mut window = Self {
            input: Box::new(input),
            buffer: Vec::new(),
            passed: 0,
            ended: false,
            offset: 0,
            line: 1,
            line_start: 0,
        };
        window.need(4)?;
        if window.rest().starts_with(&[0x1f, 0x8b]) {
            let start = std::io::Cursor::new(std::mem::take(&mut window.buffer));
            window.input = Box::new(MultiGzDecoder::new(start.chain(window.input)));
            window.ended = false;
            window.need(4)?;
        }
        Ok(window)
    }

    /// What is read and not passed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer[self.passed..]
    }

    /// Whether there is nothing behind [`Self::rest`].
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// The place of the first byte of [`Self::rest`] in the (decompressed) file.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The line of the first byte of [`Self::rest`].
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Reads until there are `count` bytes or no more.
    pub(super) fn need(&mut self, count: usize) -> Result<(), SyntaxError> {
        while !self.ended && self.rest().len() < count {
            self.grow()?;
        }
        Ok(())
    }

    /// Reads more, so that [`Self::rest`] is longer or the end is known.
    pub(super) fn grow(&mut self) -> Result<(), SyntaxError> {
        self.buffer.drain(..self.passed);
        self.passed = 0;
        let old = self.buffer.len();
        if old > MAX_RECORD {
            return Err(self.error(0, "a record is longer than 16 MiB"));
        }
        // Doubling keeps the cost of scanning a long record again within the cost of reading it.
        let wanted = CHUNK.max(old) as u64;
        let read = (&mut self.input).take(wanted).read_to_end(&mut self.buffer);
        if let Err(error) = read {
            return Err(self.error(old, &format!("the file cannot be read: {error}")));
        }
        self.ended = (self.buffer.len() - old) < wanted as usize;
        if self.offset + self.buffer.len() as u64 > MAX_FILE {
            return Err(self.error(0, "the file is larger than 4 GiB, the most that can be read"));
        }
        Ok(())
    }

    /// Passes `count` bytes of [`Self::rest`].
    pub(super) fn pass(&mut self, count: usize) {
        let passed = &self.buffer[self.passed..self.passed + count];
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.line_start = self.offset + last as u64 + 1;
        }
        self.passed += count;
        self.offset += count as u64;
    }

    /// Passes blanks and gives the byte behind them without passing it; `None` at the end of the file.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, SyntaxError> {
        loop {
            let rest = self.rest();
            let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
            let next = rest.get(blanks).copied();
            self.pass(blanks);
            if next.is_some() || self.ended {
                return Ok(next);
            }
            self.grow()?;
        }
    }

    /// Something wrong `ahead` bytes into [`Self::rest`].
    pub(super) fn error(&self, ahead: usize, message: &str) -> SyntaxError {
        let ahead = ahead.min(self.rest().len());
        let before = &self.rest()[..ahead];
        let offset = self.offset + ahead as u64;
        let line_start =
            memchr::memrchr(b'\n', before).map_or(self.line_start, |at| self.offset + at as u64 + 1);
        SyntaxError {
            offset,
            line: self.line + memchr::memchr_iter(b'\n', before).count() as u64,
            column: offset - line_start + 1,
            message: message.to_owned(),
        }
    }
}
