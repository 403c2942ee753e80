//! How many diagnostics of one file are shown: as many as somebody may read, the gravest of them, and how many there are beyond.

use std::cmp::Reverse;

use crate::{Diagnostic, Rule, Span, Summary};

/// More was found in a file than is shown.
pub static TOO_MANY: Rule =
    Rule::error("ACG426", "too-many-errors", &[], "a file has so many errors that the rest are not shown");

/// The most diagnostics of one file that are shown.
pub const MOST_SHOWN: usize = 1000;

/// `more` errors of a file are not shown.
pub fn too_many(span: Span, more: usize) -> Diagnostic {
    unshown(span, more, Summary { errors: more, ..Summary::default() })
}

fn unshown(span: Span, more: usize, counts: Summary) -> Diagnostic {
    let what = if more == 1 { "1 more is not shown" } else { &format!("{more} more are not shown") };
    let more = Diagnostic::new(&TOO_MANY, span, format!("{what} after the first {MOST_SHOWN}"))
        .help("mend what is shown, and check that the file is of the kind that its name says");
    Diagnostic { unshown: Some(counts), ..more }
}

/// Keeps [`MOST_SHOWN`] diagnostics of every file, of which each has its diagnostics in a row: the gravest, in their order. How
/// many more there are is said behind them, as grave as the gravest of those.
pub fn limit(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if diagnostics.len() <= MOST_SHOWN {
        return diagnostics;
    }
    let mut kept = Vec::with_capacity(diagnostics.len().min(2 * MOST_SHOWN));
    let mut rest = diagnostics.into_iter().peekable();
    while let Some(first) = rest.next() {
        let file = first.primary.span.file;
        let mut of_file = vec![first];
        while let Some(next) = rest.next_if(|next| next.primary.span.file == file) {
            of_file.push(next);
        }
        kept.append(&mut limit_one(of_file));
    }
    kept
}

/// The same for the diagnostics of one file.
fn limit_one(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    // That something is not shown is no finding of its own.
    let (counts, found): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|diagnostic| diagnostic.rule.code == TOO_MANY.code);
    let mut order: Vec<usize> = (0..found.len()).collect();
    // The sort is stable: of those that are equally grave the first are kept.
    order.sort_by_key(|&at| (found[at].allowed_by.is_some(), Reverse(found[at].severity)));
    let Some(&beyond) = order.get(MOST_SHOWN) else {
        return found.into_iter().chain(counts).collect();
    };
    let counts_beyond = Summary::new(order[MOST_SHOWN..].iter().map(|&at| &found[at]));
    let more = Diagnostic {
        severity: found[beyond].severity,
        allowed_by: found[beyond].allowed_by,
        ..unshown(found[beyond].primary.span, found.len() - MOST_SHOWN, counts_beyond)
    };
    let mut is_kept = vec![false; found.len()];
    for &at in &order[..MOST_SHOWN] {
        is_kept[at] = true;
    }
    let kept =
        found.into_iter().zip(is_kept).filter_map(|(diagnostic, is_kept)| is_kept.then_some(diagnostic));
    kept.chain(counts).chain([more]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;

    static LINT: Rule = Rule::lint("ACG000", "lint", "a lint");
    static ERROR: Rule = Rule::error("ACG001", "error", &[], "an error");

    #[test]
    fn the_gravest_of_every_file_are_kept_in_order() {
        let mut sources = Sources::new();
        let files = [sources.add("a", "x".repeat(3000)), sources.add("b", "x")];
        let mut all: Vec<Diagnostic> = (0..2500)
            .map(|at| {
                Diagnostic::new(if at % 5 == 4 { &ERROR } else { &LINT }, Span::new(files[0], at, at), "")
            })
            .collect();
        all.push(Diagnostic::new(&LINT, Span::new(files[1], 0, 0), ""));
        let kept = limit(all);
        assert_eq!(kept.len(), MOST_SHOWN + 2);
        assert_eq!(kept.iter().filter(|found| found.rule.code == "ACG001").count(), 500);
        assert!(kept[..MOST_SHOWN].is_sorted_by_key(|found| found.primary.span.start));
        let more = &kept[MOST_SHOWN];
        assert_eq!((more.rule.code, more.severity), ("ACG426", LINT.severity));
        assert_eq!(more.message, "1500 more are not shown after the first 1000");
        assert_eq!(kept[MOST_SHOWN + 1].primary.span.file, files[1]);
        let summary = Summary::new(&kept);
        assert_eq!((summary.errors, summary.lints), (500, 2001));
    }

    #[test]
    fn as_many_as_are_shown_are_left_alone() {
        let mut sources = Sources::new();
        let span = Span::new(sources.add("a", "x"), 0, 0);
        let mut all = vec![Diagnostic::new(&ERROR, span, ""); MOST_SHOWN];
        all.push(too_many(span, 7));
        assert_eq!(limit(all.clone()), all);
    }
}
