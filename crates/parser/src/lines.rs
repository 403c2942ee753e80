//! Cuts a file into runs of lines that parse by themselves, and sets comments and blank lines aside.
//!
//! A statement is one line, so a run may start at any line. Runs are short: pairs take some fifty times the memory of
//! the text they describe, and a bad line costs its run a second reading.

use crate::syntax::Text;

/// A run ends at the first line after this many lines or bytes.
const RUN_LINES: usize = 64;
const RUN_BYTES: usize = 16 << 10;

/// One line that holds a statement, from its first character to its last, its comment included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) text: Text,
}

/// A blank line or a comment on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aside {
    /// One or more blank lines that start at this byte.
    Blank(u32),
    /// A comment with its slashes.
    Comment(Text),
}

impl Aside {
    /// Where it stands.
    pub(crate) const fn at(self) -> u32 {
        match self {
            Self::Blank(at) => at,
            Self::Comment(text) => text.start,
        }
    }
}

/// The lines of one file.
pub(crate) struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// Whether the line before the next one is blank.
    after_blank: bool,
    /// Blank lines and comments up to the end of the last run.
    pub(crate) asides: Vec<Aside>,
}

impl<'a> Lines<'a> {
    /// Starts at the first line; a byte order mark is no part of it.
    pub(crate) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, after_blank: false, asides: Vec::new() }
    }

    /// Appends the lines of the next run that hold statements to `run`; says whether there are any, which is not so at the end of the file.
    pub(crate) fn next_run(&mut self, run: &mut Vec<Line>) -> bool {
        let begin = run.len();
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let start = self.at;
            self.at = (start + length + 1).min(self.text.len());
            let Some(line) = statement(&rest[..length]) else {
                self.aside(start, &rest[..length]);
                continue;
            };
            self.after_blank = false;
            let text = Text { start: (start + line.start) as u32, end: (start + line.end) as u32 };
            run.push(Line { text });
            let length = text.end - run[begin].text.start;
            if run.len() - begin == RUN_LINES || length as usize >= RUN_BYTES {
                break;
            }
        }
        run.len() > begin
    }

    fn aside(&mut self, start: usize, line: &str) {
        let comment = line.trim();
        if comment.is_empty() {
            if !std::mem::replace(&mut self.after_blank, true) {
                self.asides.push(Aside::Blank(start as u32));
            }
            return;
        }
        self.after_blank = false;
        let indent = line.len() - line.trim_start().len();
        let text = Text { start: (start + indent) as u32, end: (start + indent + comment.len()) as u32 };
        self.asides.push(Aside::Comment(text));
    }
}

/// The statement lines of a run, in order.
pub(crate) fn of_run(text: &str, run: Text) -> impl Iterator<Item = Line> {
    let (mut start, end) = (run.start as usize, run.end as usize);
    let breaks = memchr::memchr_iter(b'\n', run.of(text).as_bytes()).map(move |at| start + at);
    breaks.chain([end]).filter_map(move |end| {
        let at = start;
        start = end + 1;
        let range = statement(&text[at..end])?;
        Some(Line { text: Text { start: (at + range.start) as u32, end: (at + range.end) as u32 } })
    })
}

/// Which bytes of a line hold a statement; `None` for a blank line and for a comment alone.
fn statement(line: &str) -> Option<std::ops::Range<usize>> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let start = line.bytes().position(|byte| byte != b' ' && byte != b'\t')?;
    let end = line.len() - line.bytes().rev().take_while(|&byte| byte == b' ' || byte == b'\t').count();
    (!line[start..].starts_with("//")).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_and_comments_stand_aside() {
        let text = "\u{feff}\n\n  // a\r\n b // c\n\nc\r\n";
        let mut lines = Lines::new(text);
        let mut run = Vec::new();
        assert!(lines.next_run(&mut run));
        assert!(!lines.next_run(&mut run));
        assert_eq!(lines.asides.len(), 3);
        assert!(matches!(lines.asides[1], Aside::Comment(comment) if comment.of(text) == "// a"));
        let texts = |lines: &[Line]| lines.iter().map(|line| line.text.of(text)).collect::<Vec<_>>();
        assert_eq!(texts(&run), ["b // c", "c"]);
        let again: Vec<Line> = of_run(text, run[0].text.to(run[1].text)).collect();
        assert_eq!(texts(&again), texts(&run));
    }

    #[test]
    fn a_long_file_is_cut_into_short_runs() {
        let text = "x\n".repeat(1000);
        let mut lines = Lines::new(&text);
        let mut all = Vec::new();
        let runs = std::iter::from_fn(|| lines.next_run(&mut all).then_some(())).count();
        assert_eq!((runs, all.len()), (1000usize.div_ceil(RUN_LINES), 1000));
    }
}
