//! A dump that was repaired to be read.

use acg_diagnostics::{Diagnostic, FileId, Rule, Span};
use acg_dump::{Repair, RepairKind};

/// ACG391.
pub static RULE: Rule = Rule::lint(
    "ACG391",
    "irregular-dump",
    "a dump is not what a JSON reader expects, and was repaired to be read",
);

/// What was repaired in `file`, whose text is `text`.
///
/// What other releases write and what tools add on purpose is no irregularity.
pub(crate) fn diagnostics(file: FileId, text: &str, repairs: &[Repair]) -> Vec<Diagnostic> {
    let is_expected = |kind| {
        matches!(
            kind,
            RepairKind::OldKeys | RepairKind::FlowEvent | RepairKind::OtherEvent | RepairKind::TypeFromName
        )
    };
    let irregular = repairs.iter().filter(|repair| !is_expected(repair.kind));
    irregular
        .map(|repair| {
            let diagnostic = Diagnostic::new(&RULE, line(file, text, repair.line), repair.to_string());
            match repair.kind {
                RepairKind::TrailingComma | RepairKind::Unescaped => {
                    diagnostic.note("The runtime writes this itself; other JSON readers refuse the file.")
                }
                _ => diagnostic,
            }
        })
        .collect()
}

/// The bytes of line `number`, from 1.
fn line(file: FileId, text: &str, number: u64) -> Span {
    let mut start = 0;
    for _ in 1..number {
        match text[start..].find('\n') {
            Some(end) => start += end + 1,
            None => break,
        }
    }
    let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
    Span::new(file, start as u32, end as u32)
}
