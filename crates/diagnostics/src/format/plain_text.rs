//! What a diagnostic says as plain text, and text that comes from a program made safe to print.

use std::borrow::Cow;

use crate::{Code, Diagnostic};

/// Everything that is said about a diagnostic except its places, a line each.
pub(super) fn story(diagnostic: &Diagnostic) -> String {
    let mut story = diagnostic.message.clone();
    let mut add = |parts: &[&str]| story.extend(parts.iter().copied());
    if let Some(returns) = diagnostic.returns {
        add(&["\nreturns ", &Code::describe(returns)]);
    }
    for note in &diagnostic.notes {
        add(&["\nnote: ", note]);
    }
    if let Some(help) = &diagnostic.help {
        add(&["\nhelp: ", help]);
    }
    story
}

/// `text` with every character replaced that would move the cursor, start an escape or hide other text.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(printable).collect())
}

/// Control characters, line breaks, marks that reorder text, and the noncharacter that `human` marks places with.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFF}')
}

/// White space becomes a blank, anything else that cannot be printed the replacement character.
fn printable(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        c if is_unprintable(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
