//! One record's line.

use std::str::FromStr;

use super::{Line, Printed, Spelling};
use crate::record::{Info, KernelArgs, Mark, Record, Suffix};
use crate::task_type::TaskType;

/// Where argument words and their placeholder marks go.
pub(crate) struct Words<'w> {
    pub(crate) words: &'w mut Vec<u64>,
    pub(crate) marks: &'w mut Vec<Mark>,
}

/// Takes the line of one record apart, without its comma.
pub(crate) fn parse<'t>(text: &'t str, words: Words<'_>) -> Result<Line<'t>, String> {
    let mut rest = Rest { text };
    rest.pass("{\"name\":\"")?;
    // Names are not escaped, so only the last place that looks like the end of one is its end.
    let (name, behind) =
        rest.text.rsplit_once("\",\"pid\":\"").ok_or("expected `\"pid\"` behind the name")?;
    rest.text = behind;
    let pid = rest.number("`pid`")?;
    rest.pass(" aclGraph\",\"tid\":\"stream")?;
    let thread: i32 = rest.number("`tid`")?;
    rest.pass("\",\"ts\":")?;
    let start = rest.number("`ts`")?;
    rest.pass(",\"dur\":")?;
    let duration = rest.until(',')?;
    if !matches!(duration, "0.5" | "4.5" | "9.5" | "14.5") {
        return Err(format!("`dur` is `{duration}`, which no task has"));
    }
    rest.pass("\"ph\":\"X\",\"args\":{\"Model Id\":")?;
    let model = rest.number("`Model Id`")?;
    rest.pass(",\"Stream Id\":")?;
    let stream: i32 = rest.number("`Stream Id`")?;
    if stream != thread {
        return Err(format!("`Stream Id` is {stream}, but `tid` is stream{thread}"));
    }
    rest.pass(",\"Task Id\":")?;
    let task = rest.number("`Task Id`")?;
    let mut record = Record::new(task, TaskType::Other(""));
    let mut spelling = Spelling::Bare;
    if rest.eat(",\"Task Type\":\"") {
        record.task_type = TaskType::parse(rest.until('"')?);
        spelling = columns(&mut rest, &mut record, words)?;
    }
    rest.pass("}}")?;
    if !rest.text.is_empty() {
        return Err(format!("unexpected `{}` behind the record", rest.start()));
    }
    (record.name, record.suffix) = split_name(record.task_type, name);
    Ok(Line { record, printed: Printed { start, duration, spelling }, pid, model, stream })
}

/// The columns behind the task type, in their fixed order.
fn columns<'t>(rest: &mut Rest<'t>, record: &mut Record<'t>, words: Words<'_>) -> Result<Spelling, String> {
    let (mut old, mut new) = (false, false);
    if rest.eat(",\"ExtendInfo\":\"") {
        record.extend_info = Some(Info::Escaped(rest.escaped()?));
        new = true;
    }
    if rest.eat(",\"Active Stream Id\":") {
        record.active_stream = Some(rest.number("`Active Stream Id`")?);
    }
    if rest.one_of(",\"Numblocks\":", ",\"numBlocks\":", &mut new, &mut old) {
        record.blocks = Some(rest.number("`Numblocks`")?);
    }
    if rest.eat(",\"Task Ration\":") {
        record.ration = Some(rest.number("`Task Ration`")?);
    }
    if rest.one_of(",\"Schem Mode\":", ",\"schemMode\":", &mut new, &mut old) {
        record.schem = Some(rest.number("`Schem Mode`")?);
    }
    if rest.eat(",\"Kernel Args\":\"") {
        record.args = Some(args(rest, words)?);
        new = true;
    }
    match (old, new) {
        (true, true) => Err("columns of 9.0 and of later releases in one record".to_owned()),
        (true, false) => Ok(Spelling::Old),
        (false, true) => Ok(Spelling::New),
        (false, false) => Ok(Spelling::Typed),
    }
}

fn args(rest: &mut Rest<'_>, words: Words<'_>) -> Result<KernelArgs, String> {
    let first = words.words.len() as u32;
    let count = read_words(rest.until('"')?, words)?;
    rest.pass(",\"Kernel Args Size\":")?;
    let size: u32 = rest.number("`Kernel Args Size`")?;
    if count != size / 8 {
        return Err(format!("{count} argument words in {size} bytes"));
    }
    Ok(KernelArgs { first, size })
}

/// Reads the text of `Kernel Args` and says how many words it has.
pub(crate) fn read_words(list: &str, Words { words, marks }: Words<'_>) -> Result<u32, String> {
    let first = words.len();
    for (position, item) in list.split(' ').filter(|_| !list.is_empty()).enumerate() {
        let digits = match item.split_once(')') {
            Some((mark, digits)) => {
                let mark = placeholder(mark, words.len() as u32, position);
                marks.push(mark.ok_or_else(|| format!("bad mark in `{item}`"))?);
                digits
            }
            None => item,
        };
        let value = digits.strip_prefix("0x").filter(|digits| digits.len() == 16);
        let value = value.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        words.push(value.ok_or_else(|| format!("`{item}` is no argument word"))?);
    }
    Ok((words.len() - first) as u32)
}

/// The mark `(placeHolderAddr3`; behind the first word the number is hexadecimal.
fn placeholder(mark: &str, word: u32, position: usize) -> Option<Mark> {
    let kind = mark.strip_prefix("(placeHolder")?;
    let (address, index) = match kind.strip_prefix("Addr") {
        Some(index) => (true, index),
        None => (false, kind.strip_prefix("Data")?),
    };
    let index = u32::from_str_radix(index, if position == 0 { 10 } else { 16 }).ok()?;
    Some(Mark { word, address, index })
}

/// Takes a printed name apart into the name before the suffix, `None` for the task type's, and the suffix.
pub(crate) fn split_name<'t>(task_type: TaskType<'t>, name: &'t str) -> (Option<&'t str>, Suffix) {
    if task_type.is_kernel() {
        return (Some(name), Suffix::None);
    }
    let Some(behind) = name.strip_prefix(task_type.as_str()).filter(|_| !task_type.as_str().is_empty())
    else {
        return (Some(name), Suffix::None);
    };
    if behind.is_empty() {
        return (None, Suffix::None);
    }
    match behind.strip_prefix('_').and_then(|numbers| suffix(task_type, numbers)) {
        Some(suffix) => (None, suffix),
        None => (Some(name), Suffix::None),
    }
}

fn suffix(task_type: TaskType<'_>, numbers: &str) -> Option<Suffix> {
    let kind = task_type.as_str();
    if kind.starts_with("NOTIFY") || kind.starts_with("IPC") {
        return decimal(numbers).map(Suffix::Notify);
    }
    if kind.starts_with("MEM") {
        return decimal(numbers).map(Suffix::Address);
    }
    if let Some((event, count)) = numbers.split_once('_') {
        return Some(Suffix::EventCount(decimal(event)?, decimal(count)?));
    }
    // Event ids are small; device addresses lie above 4 GiB.
    match decimal::<u32>(numbers) {
        Some(event) => Some(Suffix::Event(event)),
        None => decimal(numbers).map(Suffix::Address),
    }
}

/// The number that `digits` is, if printing it gives `digits` back.
fn decimal<N: FromStr>(digits: &str) -> Option<N> {
    let canonical = digits == "0" || !digits.starts_with(['0', '+']);
    digits.parse().ok().filter(|_| canonical)
}

/// What is left of a line.
struct Rest<'t> {
    text: &'t str,
}

impl<'t> Rest<'t> {
    /// Passes `wanted` if it is next.
    fn eat(&mut self, wanted: &str) -> bool {
        let behind = self.text.strip_prefix(wanted);
        self.text = behind.unwrap_or(self.text);
        behind.is_some()
    }

    /// Passes `new` or `old`, and says which it was.
    fn one_of(&mut self, new: &str, old: &str, is_new: &mut bool, is_old: &mut bool) -> bool {
        let (found_new, found_old) = (self.eat(new), self.eat(old));
        *is_new |= found_new;
        *is_old |= found_old;
        found_new || found_old
    }

    /// Passes `wanted`, which must be next.
    fn pass(&mut self, wanted: &str) -> Result<(), String> {
        if self.eat(wanted) { Ok(()) } else { Err(format!("expected `{wanted}`, found `{}`", self.start())) }
    }

    /// The first characters, for a message.
    fn start(&self) -> String {
        self.text.chars().take(32).collect()
    }

    /// Passes everything up to `end` and `end` itself.
    fn until(&mut self, end: char) -> Result<&'t str, String> {
        let (found, behind) = self.text.split_once(end).ok_or_else(|| format!("expected `{end}`"))?;
        self.text = behind;
        Ok(found)
    }

    /// Passes an escaped string and the quote behind it.
    fn escaped(&mut self) -> Result<&'t str, String> {
        let mut backslash = false;
        for (at, byte) in self.text.bytes().enumerate() {
            match byte {
                b'"' if !backslash => {
                    let (found, behind) = (&self.text[..at], &self.text[at + 1..]);
                    self.text = behind;
                    return Ok(found);
                }
                b'\\' => backslash = !backslash,
                _ => backslash = false,
            }
        }
        Err("a string is not closed".to_owned())
    }

    /// Passes the number of `column`.
    fn number<N: FromStr>(&mut self, column: &str) -> Result<N, String> {
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b'-';
        let length = self.text.bytes().take_while(|&byte| digits(byte)).count();
        let (number, behind) = self.text.split_at(length);
        self.text = behind;
        decimal(number).ok_or_else(|| format!("{column} is `{number}`, which is no number that it can be"))
    }
}
