//! Ranks of one group issue different collectives.

use std::collections::BTreeMap;

use acg_diagnostics::{Diagnostic, Rule};
use acg_trace::stem;

use crate::collective::collectives;
use crate::rank::Group;
use crate::subject::Subject;

/// ACG387.
pub static RULE: Rule = Rule::lint(
    "ACG387",
    "collective-counts-differ",
    "ranks of one group issue different numbers of a collective",
);

/// Tells the ranks whose collectives are not those of the first rank.
pub(crate) fn check(dumps: &[Subject<'_>], group: &Group, diagnostics: &mut Vec<Diagnostic>) {
    let counts = |dump: &Subject<'_>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for task in collectives(dump.trace) {
            *counts.entry(stem(dump.trace.name(task))).or_default() += 1;
        }
        counts
    };
    let Some((&(reference, first), others)) = group.ranks.split_first() else { return };
    let expected = counts(&dumps[first]);
    for &(rank, index) in others {
        let found = counts(&dumps[index]);
        let names = expected.keys().chain(found.keys());
        let differing = names.filter(|name| expected.get(*name) != found.get(*name)).min();
        let Some(name) = differing else { continue };
        let count = |counts: &BTreeMap<String, usize>| counts.get(name).copied().unwrap_or(0);
        let message = format!(
            "rank {rank} issues {name} {} times, rank {reference} {} times",
            count(&found),
            count(&expected)
        );
        let at = |index: usize| {
            let dump = &dumps[index];
            let all = collectives(dump.trace);
            let last = all.iter().copied().rfind(|&task| stem(dump.trace.name(task)) == *name);
            last.or_else(|| dump.trace.tasks.keys().next()).map(|task| (dump.span(task), last.is_some()))
        };
        let Some((span, has_one)) = at(index) else { continue };
        let label = if has_one { "its last one is here" } else { "it has none" };
        let mut diagnostic = Diagnostic::new(&RULE, span, message).label(label);
        if let Some((span, has_one)) = at(first) {
            let label = if has_one { "the last one" } else { "none is here" };
            diagnostic = diagnostic.related(span, format!("rank {reference}: {label}"));
        }
        diagnostics.push(
            diagnostic
                .note(group.explanation(dumps))
                .note("A collective that one rank does not issue never ends on the others. Ranks that run different parts of a model, such as pipeline stages, differ rightly."),
        );
    }
}
