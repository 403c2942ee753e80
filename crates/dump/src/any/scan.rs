//! A forgiving scanner of JSON: texts may hold what JSON wants escaped.

use std::borrow::Cow;

/// Why scanning stops.
pub(super) enum Stop {
    /// The bytes end, and more of them could make sense.
    More,
    /// What stands at a place makes no sense.
    Bad(usize, String),
}

/// How a text differs from JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// It holds something that must be escaped.
    pub(super) unescaped: bool,
    /// It is not UTF-8.
    pub(super) not_utf8: bool,
}

/// A place in some bytes.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) at: usize,
}

/// A value that is no object.
pub(super) enum Value<'b> {
    Text(Cow<'b, str>, Faults),
    /// A number as it is written.
    Number(&'b str),
    /// `null`, which says as much as no value.
    Null,
    /// An object, an array, `true` or `false`: nothing that a column holds.
    Other,
}

impl<'b> Scanner<'b> {
    /// Passes blanks and gives the byte behind them without passing it.
    pub(super) fn peek(&mut self) -> Result<u8, Stop> {
        while let Some(&byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(Stop::More)
    }

    /// Passes `wanted`, with blanks before it.
    pub(super) fn pass(&mut self, wanted: u8) -> Result<(), Stop> {
        if self.peek()? == wanted {
            self.at += 1;
            return Ok(());
        }
        Err(self.bad(&format!("expected `{}`", char::from(wanted))))
    }

    /// Something wrong here.
    pub(super) fn bad(&self, message: &str) -> Stop {
        Stop::Bad(self.at, message.to_owned())
    }

    /// Passes the key of a member and the colon behind it.
    pub(super) fn key(&mut self) -> Result<Cow<'b, str>, Stop> {
        if self.peek()? != b'"' {
            return Err(self.bad("expected a key in quotes"));
        }
        let (key, _) = self.text(|next| next == b':')?;
        self.pass(b':')?;
        Ok(key)
    }

    /// Passes one value.
    pub(super) fn value(&mut self) -> Result<Value<'b>, Stop> {
        match self.peek()? {
            b'"' => {
                let (text, faults) = self.text(|next| matches!(next, b',' | b'}' | b']'))?;
                Ok(Value::Text(text, faults))
            }
            b'-' | b'0'..=b'9' => self.number().map(Value::Number),
            _ => {
                let start = self.at;
                self.skip()?;
                Ok(if &self.bytes[start..self.at] == b"null" { Value::Null } else { Value::Other })
            }
        }
    }

    fn number(&mut self) -> Result<&'b str, Stop> {
        let rest = &self.bytes[self.at..];
        let part = |byte: &&u8| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9' | b'e' | b'E');
        let length = rest.iter().take_while(part).count();
        if length == rest.len() {
            return Err(Stop::More);
        }
        self.at += length;
        Ok(std::str::from_utf8(&rest[..length]).unwrap_or_default())
    }

    /// Passes a text; a quote ends it where `follows` accepts what comes next.
    fn text(&mut self, follows: fn(u8) -> bool) -> Result<(Cow<'b, str>, Faults), Stop> {
        let start = self.at + 1;
        let mut faults = Faults::default();
        let mut own: Option<Vec<u8>> = None;
        let mut at = start;
        loop {
            let rest = self.bytes.get(at..).unwrap_or(&[]);
            let plain =
                rest.iter().take_while(|&&byte| byte >= b' ' && byte != b'"' && byte != b'\\').count();
            if let Some(own) = &mut own {
                own.extend_from_slice(&rest[..plain]);
            }
            at += plain;
            let byte = *self.bytes.get(at).ok_or(Stop::More)?;
            if byte == b'"' && ends(self.bytes, at + 1, follows)? {
                break;
            }
            let escape = if byte == b'\\' { unescape(&self.bytes[at..])? } else { None };
            if let Some((character, length)) = escape {
                let own = own.get_or_insert_with(|| self.bytes[start..at].to_vec());
                own.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                at += length;
            } else {
                faults.unescaped = true;
                if let Some(own) = &mut own {
                    own.push(byte);
                }
                at += 1;
            }
        }
        self.at = at + 1;
        let text = own.map_or_else(
            || String::from_utf8_lossy(&self.bytes[start..at]),
            |own| {
                Cow::Owned(match String::from_utf8_lossy(&own) {
                    Cow::Borrowed(text) => text.to_owned(),
                    Cow::Owned(text) => {
                        faults.not_utf8 = true;
                        text
                    }
                })
            },
        );
        faults.not_utf8 |=
            matches!(&text, Cow::Owned(_)) && std::str::from_utf8(&self.bytes[start..at]).is_err();
        Ok((text, faults))
    }

    /// Passes any value without looking into it.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => self.skip_text()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                _ => self.skip_word()?,
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn skip_text(&mut self) -> Result<(), Stop> {
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return Ok(());
            }
        }
        Err(Stop::More)
    }

    /// Passes a number or one of the three words of JSON.
    fn skip_word(&mut self) -> Result<(), Stop> {
        let rest = &self.bytes[self.at..];
        let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let length = rest.iter().take_while(part).count();
        if length == rest.len() {
            return Err(Stop::More);
        }
        let word = &rest[..length];
        let is_number = word.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
        if !is_number && !matches!(word, b"true" | b"false" | b"null") {
            return Err(self.bad("expected a value"));
        }
        self.at += length;
        Ok(())
    }
}

/// Whether a text may end before `at`: what comes next must be accepted, and behind a comma there must be another key or value.
fn ends(bytes: &[u8], at: usize, follows: fn(u8) -> bool) -> Result<bool, Stop> {
    let mut behind = Scanner { bytes, at };
    let next = behind.peek()?;
    if !follows(next) {
        return Ok(false);
    }
    if next == b',' {
        behind.at += 1;
        return Ok(matches!(behind.peek()?, b'"' | b'}' | b']'));
    }
    Ok(true)
}

/// The character that `bytes` begin with as an escape, and the escape's length; `None` where it is no escape.
fn unescape(bytes: &[u8]) -> Result<Option<(char, usize)>, Stop> {
    let plain = match *bytes.get(1).ok_or(Stop::More)? {
        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(bytes),
        _ => return Ok(None),
    };
    Ok(Some((plain, 2)))
}

fn unicode(bytes: &[u8]) -> Result<Option<(char, usize)>, Stop> {
    let unit = |at: usize| -> Result<Option<u32>, Stop> {
        let digits = bytes.get(at..at + 4).ok_or(Stop::More)?;
        let digits = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'));
        Ok(digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()))
    };
    let Some(first) = unit(2)? else { return Ok(None) };
    if let Some(character) = char::from_u32(first) {
        return Ok(Some((character, 6)));
    }
    // A pair of surrogates is one character; half a pair is none.
    if (0xD800..0xDC00).contains(&first)
        && bytes.get(6..8) == Some(b"\\u")
        && let Some(second) = unit(8)?.filter(|second| (0xDC00..0xE000).contains(second))
    {
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return Ok(char::from_u32(code).map(|character| (character, 12)));
    }
    Ok(Some((char::REPLACEMENT_CHARACTER, 6)))
}
