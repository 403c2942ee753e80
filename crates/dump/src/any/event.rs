//! One event object that is not a line as the runtime prints it.

use std::borrow::Cow;

use super::repair::{RepairKind, Repairs};
use super::scan::{Faults, Scanner, Stop, Value};
use crate::read::Spelling;

/// What an event says, before it is known to be a task.
#[derive(Debug, Default)]
pub(super) struct Event<'b> {
    pub(super) name: Option<Cow<'b, str>>,
    pub(super) phase: Option<Cow<'b, str>>,
    pub(super) pid: Option<u32>,
    /// The number in `tid`.
    pub(super) thread: Option<i32>,
    pub(super) start: Option<f64>,
    pub(super) duration: Option<f64>,
    pub(super) model: Option<u32>,
    pub(super) stream: Option<i32>,
    pub(super) task: Option<u32>,
    pub(super) task_type: Option<Cow<'b, str>>,
    pub(super) extend_info: Option<Cow<'b, str>>,
    pub(super) active_stream: Option<i32>,
    pub(super) blocks: Option<u32>,
    pub(super) ration: Option<u32>,
    pub(super) schem: Option<u32>,
    pub(super) args: Option<Cow<'b, str>>,
    pub(super) args_size: Option<u32>,
    old: bool,
    new: bool,
    seen: u32,
    notes: Vec<RepairKind>,
}

impl<'b> Event<'b> {
    /// Passes one object.
    pub(super) fn scan(scanner: &mut Scanner<'b>) -> Result<Self, Stop> {
        let mut event = Self::default();
        if let Some(name) = runtime_name(scanner) {
            let (name, faults) = name?;
            event.note(faults);
            event.name = Some(name);
            event.seen = 1;
            event.members(scanner, Self::member)?;
        } else {
            scanner.pass(b'{')?;
            event.first_member(scanner, Self::member)?;
        }
        Ok(event)
    }

    /// Tells what was irregular, if the event turned out to be a task.
    pub(super) fn tell(&self, repairs: &mut Repairs) {
        self.notes.iter().for_each(|&kind| repairs.add(kind));
        if self.old {
            repairs.add(RepairKind::OldKeys);
        }
    }

    /// By which columns it shows its generation.
    pub(super) fn spelling(&self) -> Spelling {
        match (self.task_type.is_some(), self.new, self.old) {
            (_, true, _) => Spelling::New,
            (_, _, true) => Spelling::Old,
            (true, ..) => Spelling::Typed,
            (false, ..) => Spelling::Bare,
        }
    }

    fn note(&mut self, faults: Faults) {
        if faults.unescaped {
            self.notes.push(RepairKind::Unescaped);
        }
        if faults.not_utf8 {
            self.notes.push(RepairKind::NotUtf8);
        }
    }

    /// Passes what is behind `{`.
    fn first_member(&mut self, scanner: &mut Scanner<'b>, member: Member<'b>) -> Result<(), Stop> {
        if scanner.peek()? == b'}' {
            return scanner.pass(b'}');
        }
        let key = scanner.key()?;
        member(self, scanner, &key)?;
        self.members(scanner, member)
    }

    /// Passes what is behind a member, up to `}`.
    fn members(&mut self, scanner: &mut Scanner<'b>, member: Member<'b>) -> Result<(), Stop> {
        loop {
            if scanner.peek()? == b'}' {
                return scanner.pass(b'}');
            }
            scanner.pass(b',').map_err(|stop| match stop {
                Stop::Bad(at, _) => Stop::Bad(at, "expected `,` or `}` behind a value".to_owned()),
                Stop::More => Stop::More,
            })?;
            let key = scanner.key()?;
            member(self, scanner, &key)?;
        }
    }

    fn member(&mut self, scanner: &mut Scanner<'b>, key: &str) -> Result<(), Stop> {
        match key {
            "name" => self.name = self.text(scanner, 0, key)?,
            "pid" => {
                let pid = self.leading_number(scanner, 1, "")?;
                self.pid = pid.and_then(|pid| u32::try_from(pid).ok());
            }
            "tid" => {
                let thread = self.leading_number(scanner, 2, "stream")?;
                self.thread = thread.and_then(|thread| i32::try_from(thread).ok());
            }
            "ts" => self.start = self.real(scanner, 3, key)?,
            "dur" => self.duration = self.real(scanner, 4, key)?,
            "ph" => self.phase = self.text(scanner, 5, key)?,
            "args" if scanner.peek()? == b'{' => {
                self.once(6);
                scanner.pass(b'{')?;
                self.first_member(scanner, Self::column)?;
            }
            _ => self.unknown(scanner)?,
        }
        Ok(())
    }

    fn column(&mut self, scanner: &mut Scanner<'b>, key: &str) -> Result<(), Stop> {
        match key {
            "Model Id" => self.model = self.number(scanner, 7, key)?,
            "Stream Id" => self.stream = self.number(scanner, 8, key)?,
            "Task Id" => self.task = self.number(scanner, 9, key)?,
            "Task Type" => self.task_type = self.text(scanner, 10, key)?,
            "ExtendInfo" => {
                self.extend_info = self.text(scanner, 11, key)?;
                self.new = true;
            }
            "Active Stream Id" => self.active_stream = self.number(scanner, 12, key)?,
            "Numblocks" | "numBlocks" => {
                self.blocks = self.number(scanner, 13, key)?;
                self.age(key == "numBlocks");
            }
            "Task Ration" => self.ration = self.number(scanner, 14, key)?,
            "Schem Mode" | "schemMode" => {
                self.schem = self.number(scanner, 15, key)?;
                self.age(key == "schemMode");
            }
            "Kernel Args" => {
                self.args = self.text(scanner, 16, key)?;
                self.new = true;
            }
            "Kernel Args Size" => self.args_size = self.number(scanner, 17, key)?,
            _ => self.unknown(scanner)?,
        }
        Ok(())
    }

    fn age(&mut self, old: bool) {
        self.old |= old;
        self.new |= !old;
    }

    /// Notes that the key with this number is there, and whether it was before.
    fn once(&mut self, key: u32) {
        if self.seen & (1 << key) != 0 {
            self.notes.push(RepairKind::DuplicateKey);
        }
        self.seen |= 1 << key;
    }

    fn unknown(&mut self, scanner: &mut Scanner<'b>) -> Result<(), Stop> {
        self.notes.push(RepairKind::UnknownKey);
        scanner.peek()?;
        scanner.skip()
    }

    fn text(
        &mut self,
        scanner: &mut Scanner<'b>,
        number: u32,
        key: &str,
    ) -> Result<Option<Cow<'b, str>>, Stop> {
        self.once(number);
        let at = start(scanner)?;
        match scanner.value()? {
            Value::Text(text, faults) => {
                self.note(faults);
                Ok(Some(text))
            }
            Value::Null => Ok(None),
            _ => Err(Stop::Bad(at, format!("`{key}` is not a text"))),
        }
    }

    fn number<N: TryFrom<i64>>(
        &mut self,
        scanner: &mut Scanner<'b>,
        number: u32,
        key: &str,
    ) -> Result<Option<N>, Stop> {
        self.once(number);
        let at = start(scanner)?;
        match scanner.value()? {
            Value::Number(text) => match integer(text).and_then(|value| N::try_from(value).ok()) {
                Some(value) => Ok(Some(value)),
                None => Err(Stop::Bad(at, format!("`{key}` is {text}, which is no number that it can be"))),
            },
            Value::Null => Ok(None),
            _ => Err(Stop::Bad(at, format!("`{key}` is not a number"))),
        }
    }

    fn real(&mut self, scanner: &mut Scanner<'b>, number: u32, key: &str) -> Result<Option<f64>, Stop> {
        self.once(number);
        let at = start(scanner)?;
        match scanner.value()? {
            Value::Number(text) => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Some(value)),
                _ => Err(Stop::Bad(at, format!("`{key}` is {text}, which is no time"))),
            },
            Value::Null => Ok(None),
            _ => Err(Stop::Bad(at, format!("`{key}` is not a number"))),
        }
    }

    /// The number that a value is, or that stands behind `prefix` at its beginning.
    fn leading_number(
        &mut self,
        scanner: &mut Scanner<'b>,
        number: u32,
        prefix: &str,
    ) -> Result<Option<i64>, Stop> {
        self.once(number);
        Ok(match scanner.value()? {
            Value::Number(text) => integer(text),
            Value::Text(text, _) => text.strip_prefix(prefix).and_then(|text| {
                let length = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
                text[..length].parse().ok()
            }),
            Value::Null | Value::Other => None,
        })
    }
}

/// What reads the value of a key.
type Member<'b> = fn(&mut Event<'b>, &mut Scanner<'b>, &str) -> Result<(), Stop>;

/// Where the next value starts.
fn start(scanner: &mut Scanner<'_>) -> Result<usize, Stop> {
    scanner.peek()?;
    Ok(scanner.at)
}

/// A whole number; JavaScript tools may write one with a fraction of zero.
fn integer(text: &str) -> Option<i64> {
    match text.split_once('.') {
        Some((whole, fraction)) => whole.parse().ok().filter(|_| fraction.bytes().all(|digit| digit == b'0')),
        None => text.parse().ok(),
    }
}

/// A name and how it differs from JSON.
type Name<'b> = (Cow<'b, str>, Faults);

/// Passes the name of an object that begins as the runtime prints it, if it holds anything that JSON wants escaped; the
/// runtime does not, so it is taken as it is.
///
/// `None` where the object does not begin like that or its name is plain.
fn runtime_name<'b>(scanner: &mut Scanner<'b>) -> Option<Result<Name<'b>, Stop>> {
    const START: &[u8] = b"{\"name\":\"";
    const END: &[u8] = b"\",\"pid\":\"";
    let rest = scanner.bytes.get(scanner.at..)?.strip_prefix(START)?;
    let plain = rest.iter().take_while(|&&byte| byte >= b' ' && byte != b'"' && byte != b'\\').count();
    if rest[plain..].starts_with(END) {
        return None;
    }
    // The name ends before the first thing that looks like the rest of the line, and that before anything of the next.
    let limit = memchr::memmem::find(rest, b"\"ph\":").unwrap_or(rest.len());
    let end = memchr::memmem::find_iter(&rest[..limit], END)
        .find(|&at| is_process(&rest[at + END.len()..limit]))
        .filter(|&end| memchr::memmem::find(&rest[..end], b"\":").is_none())?;
    let text = String::from_utf8_lossy(&rest[..end]);
    let faults = Faults { unescaped: plain < end, not_utf8: matches!(text, Cow::Owned(_)) };
    scanner.at += START.len() + end + 1;
    Some(Ok((text, faults)))
}

/// Whether `rest` goes on as `pid` and `tid` do.
fn is_process(rest: &[u8]) -> bool {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && rest[digits..].starts_with(b" aclGraph\",\"tid\":\"stream")
}
