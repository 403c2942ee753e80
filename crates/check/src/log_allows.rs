//! Lint control in the comments of a log.
//!
//! A comment line covers the call below it, or the whole log if no call stands above; a comment behind a call covers
//! that call.

use acg_calls::Log;
use acg_diagnostics::{Allow, Diagnostic, FileId, Span, allowed_rules};

/// The `allow` comments of the log that was read from `text`, and what is wrong with those that cannot be read.
pub(crate) fn read(file: FileId, text: &str, log: &Log) -> (Vec<Allow>, Vec<Diagnostic>) {
    let (mut allows, mut diagnostics) = (Vec::new(), Vec::new());
    // Comments are among the texts of the log, which has each of them once.
    if !log.names().may_contain("acg:") {
        return (allows, diagnostics);
    }
    let mut first_call = None;
    // Colons are rare and quick to find.
    for (colon, _) in text.match_indices(':').filter(|&(colon, _)| text[..colon].ends_with("acg")) {
        let at = colon - "acg".len();
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        // A string may hold slashes too; the last ones before the word are those of its comment.
        let Some(slashes) = text[start..at].rfind("//").map(|slashes| start + slashes) else { continue };
        let Some(rules) = allowed_rules(&text[slashes..end]) else { continue };
        let rules = match rules {
            Ok(rules) => rules,
            Err(malformed) => {
                diagnostics.push(malformed.diagnostic(Span::new(file, slashes as u32, end as u32)));
                continue;
            }
        };
        let covers = if text[start..slashes].trim().is_empty() {
            let first_call =
                *first_call.get_or_insert_with(|| next_call(text, 0).map_or(text.len(), |call| call.0));
            if end < first_call { (0, text.len()) } else { next_call(text, end).unwrap_or((end, end)) }
        } else {
            (start, end)
        };
        let covers = Span::new(file, covers.0 as u32, covers.1 as u32);
        allows.extend(rules.into_iter().map(|rule| Allow {
            rule: text[slashes + rule.start..slashes + rule.end].to_owned(),
            covers,
            span: Span::new(file, (slashes + rule.start) as u32, (slashes + rule.end) as u32),
        }));
    }
    (allows, diagnostics)
}

/// The bytes of the first line from `from` on that holds a call.
fn next_call(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut start = from;
    for line in text[from..].split_inclusive('\n') {
        let statement = line.trim();
        if !statement.is_empty() && !statement.starts_with("//") {
            return Some((start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    None
}
