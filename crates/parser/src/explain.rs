//! Turns the place where the grammar gave up on a line into a message that a person can act on.
//!
//! The grammar knows where a line stops making sense and what could stand there; the rest is judged from the text: a first
//! word that starts no statement, marks of other languages, a keyword whose statement is not complete.

use acg_diagnostics::{Diagnostic, FileId, Rule as DiagnosticRule, Span};
use pest::error::{Error, ErrorVariant, InputLocation};

use crate::grammar::Rule;
use crate::lines::Line;
use crate::quote::quote;
use crate::{expected, forms};
use acg_diagnostics::closest;

pub(crate) static SYNTAX_ERROR: DiagnosticRule = DiagnosticRule::error(
    "ACG400",
    "syntax-error",
    &[],
    "a line does not have the form of any statement of the language",
);

/// Marks that other languages use, what they are, and what to write.
const MARKS: &[(&str, &str, &str)] = &[
    (";", "`;` ends no statement here", "a statement ends with its line; delete the `;`"),
    ("#", "`#` starts no comment here", "write comments as `// text`"),
    ("/*", "`/*` starts no comment here", "write comments as `// text`"),
    ("'", "`'` does not quote texts", "write texts in double quotes: `\"text\"`"),
    ("=>", "`=>` is no arrow here", "write the arrow as `->`"),
    ("→", "`→` is no arrow here", "write the arrow as `->`"),
    ("，", "`，` is a full-width comma", "write the ASCII `,`"),
    ("：", "`：` is a full-width colon", "write the ASCII `:`"),
    ("；", "`；` ends no statement here", "a statement ends with its line; delete the `；`"),
    ("（", "`（` is a full-width parenthesis", "write the ASCII `(`"),
    ("）", "`）` is a full-width parenthesis", "write the ASCII `)`"),
    ("【", "`【` is a full-width bracket", "write the ASCII `[`"),
    ("】", "`】` is a full-width bracket", "write the ASCII `]`"),
    ("“", "`“` is a typographic quote", "write the ASCII `\"`"),
    ("”", "`”` is a typographic quote", "write the ASCII `\"`"),
    ("＝", "`＝` is a full-width sign", "write the ASCII `=`"),
    ("\u{a0}", "a no-break space stands here", "write an ordinary blank"),
    ("\u{3000}", "a full-width space stands here", "write an ordinary blank"),
    ("\u{feff}", "a byte order mark stands inside of the file", "delete it"),
    ("\r", "a carriage return without a newline stands here", "end lines with a newline"),
    ("\0", "a NUL byte stands here", "check that the file is text"),
    ("|", "`|` separates nothing here", "write flags with blanks between them: `sync time_line`"),
];

/// The message for a block header that is only the keyword of another statement: `graph {`.
pub(crate) fn lone_keyword(span: Span, word: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&SYNTAX_ERROR, span, format!("`{word}` is a keyword and names no stream"));
    match forms::usage(word) {
        Some(usage) => diagnostic.help(format!("write `{usage}`")),
        None => diagnostic,
    }
}

/// The message for a line that the grammar rejects.
pub(crate) fn explain(file: FileId, text: &str, line: Line, error: &Error<Rule>) -> Diagnostic {
    let source = line.text.of(text);
    let place = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(source.len()),
    };
    let start = line.text.start as usize;
    let problem = Problem {
        source,
        place,
        span: |from, length| Span::new(file, (start + from) as u32, (start + from + length) as u32),
    };
    let rules: &[Rule] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    problem
        .mark()
        .or_else(|| problem.open_text())
        .or_else(|| problem.first_word())
        .unwrap_or_else(|| problem.token(rules))
}

/// A line, the byte of it where the grammar gave up, and how to name a part of it.
struct Problem<'t, F: Fn(usize, usize) -> Span> {
    source: &'t str,
    place: usize,
    span: F,
}

impl<F: Fn(usize, usize) -> Span> Problem<'_, F> {
    fn error(&self, at: usize, length: usize, message: String) -> Diagnostic {
        Diagnostic::new(&SYNTAX_ERROR, (self.span)(at, length), message)
    }

    /// A mark of another language where the grammar gave up.
    fn mark(&self) -> Option<Diagnostic> {
        let rest = &self.source[self.place..];
        let &(mark, message, help) = MARKS.iter().find(|(mark, ..)| rest.starts_with(mark))?;
        Some(self.error(self.place, mark.len(), message.to_owned()).help(help))
    }

    /// A text without its closing quote.
    fn open_text(&self) -> Option<Diagnostic> {
        let rest = self.source[self.place..].strip_prefix('"')?;
        (!rest.contains('"')).then(|| {
            let message = "the text that starts here has no closing `\"`".to_owned();
            self.error(self.place, rest.len() + 1, message).help("close it on the same line")
        })
    }

    /// A line, or what follows `STREAM:` on it, whose first word starts no statement or only starts one.
    fn first_word(&self) -> Option<Diagnostic> {
        let body = self.body();
        let rest = &self.source[body..];
        let word = &rest[..word_length(rest)];
        let after = rest[word.len()..].trim_start();
        if word.is_empty() || after.starts_with(['(', ':', '{']) {
            return None;
        }
        if let Some(usage) = forms::usage(word) {
            // The grammar got past the first word, so it knows better what is missing.
            if self.place > body + word.len() {
                return None;
            }
            let message = format!("`{word}` is not complete");
            return Some(self.error(body, word.len(), message).help(format!("write `{usage}`")));
        }
        let message = format!("{} starts no statement", quote(word));
        let mut diagnostic = self.error(body, word.len(), message).label("not a statement");
        let second = &after[..word_length(after)];
        if let Some(near) = closest(word, forms::words()) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        } else if body == 0 && (forms::usage(second).is_some() || second.starts_with("aclnn")) {
            diagnostic = diagnostic
                .help(format!("if it is a stream, write `{}: {second} …`", crate::quote::short(word)));
        } else if after.starts_with("->") {
            diagnostic = diagnostic.help("to copy, write `copy SOURCE -> TARGET`");
        }
        Some(diagnostic)
    }

    /// Where the task of a line starts: behind `STREAM:`, if there is one.
    fn body(&self) -> usize {
        let prefix = word_length(self.source);
        let after = self.source[prefix..].trim_start();
        match after.strip_prefix(':') {
            Some(rest) if prefix > 0 => self.source.len() - rest.trim_start().len(),
            _ => 0,
        }
    }

    /// The token that does not fit.
    fn token(&self, rules: &[Rule]) -> Diagnostic {
        let rest = &self.source[self.place..];
        let token = match word_length(rest) {
            0 if rest.starts_with("->") => 2,
            0 => rest.chars().next().map_or(0, char::len_utf8),
            length => length,
        };
        let before = self.source[..self.place].trim_end();
        let expected = expected::in_words(rules, before).unwrap_or_else(|| "something else".to_owned());
        let found = if token == 0 { "the end of the line".to_owned() } else { quote(&rest[..token]) };
        let last = last_token(before);
        let behind = if last.is_empty() { String::new() } else { format!(" after {}", quote(last)) };
        let message = format!("expected {expected}{behind}, found {found}");
        let diagnostic = self.error(self.place, token, message).label("not expected here");
        if before.ends_with('{') && forms::usage(&rest[..token]).is_some() {
            return diagnostic.help("start a new line behind the `{`; a block on one line holds one task");
        }
        let body = &self.source[self.body()..];
        match forms::usage(&body[..word_length(body)]) {
            Some(usage) => diagnostic.help(format!("write `{usage}`")),
            None => diagnostic,
        }
    }
}

/// The length of the word or number that `text` starts with.
fn word_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The word or mark that `text` ends with.
fn last_token(text: &str) -> &str {
    let word = text.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
    if word.len() < text.len() {
        return &text[word.len()..];
    }
    if text.ends_with("->") {
        return "->";
    }
    text.char_indices().next_back().map_or("", |(at, _)| &text[at..])
}
