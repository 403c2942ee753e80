//! The `//~` comments: which rules are broken on which line.

use std::collections::BTreeMap;

use acg_check::{Diagnostic, Sources};

/// Rule codes by line, in order.
pub(crate) type Expectations = BTreeMap<u32, Vec<String>>;

/// What the `//~` comments of `input` say.
pub(crate) fn expected(input: &str) -> Expectations {
    let mut expectations = Expectations::new();
    for (index, line) in input.lines().enumerate() {
        if let Some((_, codes)) = line.split_once("//~") {
            let mut codes: Vec<_> = codes.split_whitespace().map(str::to_owned).collect();
            codes.sort();
            expectations.insert(index as u32 + 1, codes);
        }
    }
    expectations
}

/// What `diagnostics` say in the same form.
pub(crate) fn actual(diagnostics: &[Diagnostic], sources: &Sources) -> Expectations {
    let mut expectations = Expectations::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.allowed_by.is_none()) {
        let span = diagnostic.primary.span;
        let line = sources.file(span.file).line_column(span.start).line;
        expectations.entry(line).or_default().push(diagnostic.rule.code.to_owned());
    }
    for codes in expectations.values_mut() {
        codes.sort();
    }
    expectations
}

/// `input` with its `//~` comments replaced by what `actual` says.
pub(crate) fn bless(input: &str, actual: &Expectations) -> String {
    let mut text = String::new();
    for (index, line) in input.lines().enumerate() {
        let statement = line.split_once("//~").map_or(line, |(statement, _)| statement.trim_end());
        text.push_str(statement);
        if let Some(codes) = actual.get(&(index as u32 + 1)) {
            text.push_str(" //~ ");
            text.push_str(&codes.join(" "));
        }
        text.push('\n');
    }
    text
}

/// The differences between two sets of expectations, a line each; empty if there are none.
pub(crate) fn differences(expected: &Expectations, actual: &Expectations) -> Vec<String> {
    let lines: std::collections::BTreeSet<_> = expected.keys().chain(actual.keys()).collect();
    let none = Vec::new();
    lines
        .into_iter()
        .filter_map(|line| {
            let (expected, actual) = (expected.get(line).unwrap_or(&none), actual.get(line).unwrap_or(&none));
            (expected != actual).then(|| format!("line {line}: expected {expected:?}, found {actual:?}"))
        })
        .collect()
}
