//! Names and source text as messages show them.

use std::fmt::Write;

/// The most characters of one name that a message repeats.
const LONGEST: usize = 60;

/// `text` between backquotes, shortened and with control characters spelt out.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", short(text))
}

/// `text`, shortened and with control characters spelt out.
pub(crate) fn short(text: &str) -> String {
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if c.is_control() {
            let _ = write!(shown, "\\u{{{:x}}}", c as u32);
        } else {
            shown.push(c);
        }
    }
    shown
}
