//! A graph needs more streams than one execution, or the device, has.

use acg_diagnostics::{Diagnostic, Rule};
use acg_entity::Entity;
use acg_stats::{Budget, Quota, Usage, Verdict};

use crate::subject::Subject;

/// ACG388.
pub static RULE: Rule = Rule::error(
    "ACG388",
    "streams-over-budget",
    &[207_005],
    "a graph needs more streams than the target can give it",
);

/// Checks the streams of a dump against its target.
pub(crate) fn check(dump: &Subject<'_>, usage: &Usage, diagnostics: &mut Vec<Diagnostic>) {
    let budget = Budget::of(&[("", usage)], dump.profile, 1, Quota::default());
    let is_over =
        |line: &&acg_stats::Line| line.verdict == Verdict::DoesNotFit && line.what.contains("streams");
    let Some(line) = budget.lines().find(is_over) else { return };
    if dump.trace.tasks.is_empty() {
        return;
    }
    let message = format!(
        "the graph needs {} streams; target {} has {}",
        line.need.least, dump.profile.name, line.limit
    );
    diagnostics.push(
        Diagnostic::new(&RULE, dump.span(Entity::at(0)), message)
            .note(format!("Needed are {}. The limit is from: {}.", line.arithmetic, line.source))
            .help("use fewer streams, or split the graph; `acg stats` shows the whole budget")
            .returns(207_005),
    );
}
