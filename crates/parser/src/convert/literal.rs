//! Literals: numbers, sizes, durations, texts.
//!
//! The grammar takes any run of digits and letters for a number, so that a bad one is explained here by what it is.

use acg_ir::{Cost, Mode};

use super::{Converted, Converter};
use crate::check::{malformed_literal, number_out_of_range};
use crate::syntax::{Text, ValueSyntax};

/// A decimal number in its parts.
struct Parts<'t> {
    negative: bool,
    whole: &'t str,
    fraction: Option<&'t str>,
    exponent: bool,
    unit: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, rest) = split_digits(rest);
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (digits, rest) = split_digits(rest);
                (Some(digits), rest)
            }
            None => (None, rest),
        };
        let after_e = rest.strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        let exponent = after_e.map(split_digits).filter(|(digits, _)| !digits.is_empty());
        let unit = exponent.map_or(rest, |(_, rest)| rest);
        Self { negative, whole, fraction, exponent: exponent.is_some(), unit }
    }

    fn is_plain(&self) -> bool {
        !self.negative && self.fraction.is_none() && !self.exponent
    }
}

impl Converter<'_> {
    /// A number where any value may stand.
    pub(super) fn number(&self, number: Text) -> Converted<ValueSyntax> {
        let text = number.of(self.text);
        // Most numbers are no more than some digits.
        if let Some(value) = short(text) {
            return Ok(ValueSyntax::Int(value));
        }
        if let Some(cost) = short_duration(text) {
            return Ok(ValueSyntax::Duration(cost));
        }
        if let Some(value) = hexadecimal(text) {
            let value = value.ok().and_then(|value| i64::try_from(value).ok());
            return value
                .map(ValueSyntax::Int)
                .ok_or_else(|| self.out_of_range(number, "an integer is below 2^63"));
        }
        if matches!(text.trim_start_matches('-'), "inf" | "nan") {
            return Ok(ValueSyntax::Float(text.parse().unwrap_or(f64::NAN)));
        }
        let parts = Parts::of(text);
        if parts.unit.is_empty() {
            return self.plain_number(number, &parts);
        }
        if size_unit(parts.unit).is_some() {
            return self.size(number).map(ValueSyntax::Size);
        }
        if let Some(digits) = time_unit(parts.unit) {
            return self.duration(number, &parts, digits).map(ValueSyntax::Duration);
        }
        Err(self.malformed(number, "it ends in a unit that does not exist"))
    }

    fn plain_number(&self, number: Text, parts: &Parts<'_>) -> Converted<ValueSyntax> {
        let text = number.of(self.text);
        if parts.fraction.is_none() && !parts.exponent {
            let value = text.parse().map(ValueSyntax::Int);
            return value
                .map_err(|_| self.out_of_range(number, "an integer lies between -2^63 and 2^63 - 1"));
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(ValueSyntax::Float(value)),
            _ => Err(self
                .out_of_range(number, "a number is below 1.8e308 in magnitude; infinity is written `inf`")),
        }
    }

    /// An integer from 0 to `max`, decimal or hexadecimal.
    pub(super) fn uint(&self, number: Text, max: u64) -> Converted<u64> {
        let text = number.of(self.text);
        let value = match hexadecimal(text) {
            Some(value) => value,
            None if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().map_err(|_| ()),
            None if text.starts_with('-') => Err(()),
            None => return Err(self.malformed(number, "only a whole number from 0 on may stand here")),
        };
        value
            .ok()
            .filter(|&value| value <= max)
            .ok_or_else(|| self.out_of_range(number, &format!("a number from 0 to {max} may stand here")))
    }

    /// A number of bytes or elements: `4096`, `4KiB`.
    pub(super) fn size(&self, number: Text) -> Converted<u64> {
        let text = number.of(self.text);
        if let Some(size) = short_size(text) {
            return Ok(size);
        }
        let parts = Parts::of(text);
        let Some(unit) = size_unit(parts.unit) else { return self.uint(number, u64::MAX) };
        if !parts.is_plain() {
            return Err(self.malformed(number, "a size is a whole number of its unit"));
        }
        let size = parts.whole.parse::<u64>().ok().and_then(|count| count.checked_mul(unit));
        size.ok_or_else(|| self.out_of_range(number, "a size is below 2^64 bytes"))
    }

    /// A duration in a unit of so many decimal digits of a nanosecond count.
    fn duration(&self, number: Text, parts: &Parts<'_>, digits: u32) -> Converted<Cost> {
        if parts.negative || parts.exponent {
            return Err(
                self.malformed(number, "a duration is a decimal number from 0 on, without an exponent")
            );
        }
        let fraction = parts.fraction.unwrap_or("").trim_end_matches('0');
        if fraction.len() > digits as usize {
            return Err(self.malformed(number, "a duration is a whole number of nanoseconds"));
        }
        let nanoseconds = || {
            let whole = parts.whole.parse::<u64>().ok()?.checked_mul(10u64.pow(digits))?;
            let missing = digits - fraction.len() as u32;
            let part =
                if fraction.is_empty() { 0 } else { fraction.parse::<u64>().ok()? * 10u64.pow(missing) };
            whole.checked_add(part)
        };
        nanoseconds().map(Cost).ok_or_else(|| self.out_of_range(number, "a duration is below 584 years"))
    }

    pub(super) fn malformed(&self, number: Text, why: &str) -> super::Fault {
        Box::new(malformed_literal::number(number.span(self.file), number.of(self.text), why))
    }

    fn out_of_range(&self, number: Text, limit: &str) -> super::Fault {
        Box::new(number_out_of_range::diagnostic(number.span(self.file), number.of(self.text), limit))
    }
}

/// The capture mode that a word of the grammar's names.
pub(super) fn mode(word: &str) -> Mode {
    match word {
        "relaxed" => Mode::Relaxed,
        "thread_local" => Mode::ThreadLocal,
        _ => Mode::Global,
    }
}

/// The bytes that the suffix of a size stands for.
fn size_unit(unit: &str) -> Option<u64> {
    Some(match unit {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return None,
    })
}

/// How many decimal digits of a nanosecond count the suffix of a duration stands for.
fn time_unit(unit: &str) -> Option<u32> {
    Some(match unit {
        "ns" => 0,
        "us" => 3,
        "ms" => 6,
        "s" => 9,
        _ => return None,
    })
}

/// The value of up to eighteen digits.
fn short(text: &str) -> Option<i64> {
    let digits = text.as_bytes();
    let all = matches!(digits.len(), 1..=18).then_some(digits)?.iter();
    all.copied().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| 10 * value + i64::from(byte - b'0')))
}

/// A duration of few digits with a unit that has as many decimal digits as it, or more.
fn short_duration(text: &str) -> Option<Cost> {
    let (whole, rest) = first_digits(text)?;
    let (value, decimals, unit) = match rest.strip_prefix('.') {
        None => (whole, 0, rest),
        Some(rest) => {
            let (part, unit) = first_digits(rest)?;
            let decimals = (rest.len() - unit.len()) as u32;
            (whole.checked_mul(10u64.pow(decimals))?.checked_add(part)?, decimals, unit)
        }
    };
    let missing = time_unit(unit)?.checked_sub(decimals)?;
    value.checked_mul(10u64.pow(missing)).map(Cost)
}

/// A size of few digits.
fn short_size(text: &str) -> Option<u64> {
    let (count, unit) = first_digits(text)?;
    if unit.is_empty() { Some(count) } else { count.checked_mul(size_unit(unit)?) }
}

/// The number that a text starts with, if it has up to eighteen digits, and what is behind it.
fn first_digits(text: &str) -> Option<(u64, &str)> {
    let mut value = 0;
    let mut count = 0;
    for byte in text.bytes().take_while(u8::is_ascii_digit) {
        value = 10 * value + u64::from(byte - b'0');
        count += 1;
        if count > 18 {
            return None;
        }
    }
    (count > 0).then(|| (value, &text[count..]))
}

/// `0x1f`; `Some(Err)` where it is too large or has other letters.
fn hexadecimal(text: &str) -> Option<Result<u64, ()>> {
    let digits = text.strip_prefix("0x")?;
    Some(u64::from_str_radix(digits, 16).map_err(|_| ()))
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// The text that a quoted literal stands for; the error is the escape that does not exist.
pub(crate) fn unquote(quoted: &str) -> Result<std::borrow::Cow<'_, str>, &str> {
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted);
    if !inner.contains('\\') {
        return Ok(inner.into());
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (unescaped, length) = unescape(rest).ok_or_else(|| &rest[..rest.len().min(2)])?;
        text.push(unescaped);
        rest = &rest[length..];
    }
    text.push_str(rest);
    Ok(text.into())
}

/// The character that the escape at the start of `text` stands for, and the bytes that it takes.
fn unescape(text: &str) -> Option<(char, usize)> {
    let simple = |c| Some((c, 2));
    match text.as_bytes().get(1)? {
        b'\\' => simple('\\'),
        b'"' => simple('"'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'u' => {
            let digits = text.get(2..)?.strip_prefix('{')?;
            let (digits, _) = digits.split_once('}')?;
            let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
            Some((char::from_u32(number)?, digits.len() + 4))
        }
        _ => None,
    }
}
