//! What the word under the pointer is: an operator, a function of a log, a rule, a return code.

use std::fmt::Write as _;

use acg_calls::Api;
use acg_check::Kind;
use acg_operators::Operator;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use crate::document::Document;

/// What stands at `position`, if it is anything that is known.
pub(crate) fn hover(document: &Document, position: Position) -> Option<Hover> {
    let range = word(document.text(), document.offset(position));
    let value = meaning(document.kind(), document.text().get(range.clone())?)?;
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: Some(document.range(range)),
    })
}

/// The word around a byte.
fn word(text: &str, at: usize) -> std::ops::Range<usize> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let start = text[..at]
        .rfind(|character| !is_part(character))
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(|character| !is_part(character)).map_or(text.len(), |length| at + length);
    start..end
}

fn meaning(kind: Kind, word: &str) -> Option<String> {
    if kind == Kind::Log
        && let Some(api) = Api::find(word)
    {
        return Some(format!("```c\n{}\n```", api.signature()));
    }
    let first_phase = word.strip_suffix("GetWorkspaceSize").unwrap_or(word);
    if let Some(operator) = Operator::find(first_phase) {
        return Some(described(operator));
    }
    let is_code = word.starts_with("ACG")
        || word.starts_with("ACL_ERROR")
        || word.starts_with("EE")
        || (kind == Kind::Log && word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
    is_code.then(|| acg_check::explain(word).ok()).flatten()
}

/// An operator as a call of it is written, and what it computes.
fn described(operator: &Operator) -> String {
    let list = |parameters: Vec<String>| parameters.join(", ");
    let inputs = operator.inputs().chain(operator.attributes()).map(|(_, parameter)| parameter.to_string());
    let results = operator.results().map(|(_, parameter)| parameter.to_string()).collect();
    let mut text =
        format!("```acg\n{}({}) -> {}\n```\n", operator.name, list(inputs.collect()), list(results));
    let _ = write!(text, "\n{}; {}, on {}", operator.summary, operator.category, operator.core);
    text
}
