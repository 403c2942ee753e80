//! Every rule of every crate, in one table ordered by code.

use std::sync::LazyLock;

use acg_diagnostics::Rule;

/// What the pipeline itself finds wrong.
pub static RULES: &[&Rule] = &[
    &UNKNOWN_TARGET,
    &CODE_DIFFERS,
    &UNLOWERED_OPERANDS,
    &BROKEN_INVARIANT,
    &UNPROVED_PASS,
    &REPETITIONS_CUT,
    &UNSAID_IN_PYTHON,
    &UNDIVIDED_UPDATES,
];

/// The `target` line names no profile or release.
pub(crate) static UNKNOWN_TARGET: Rule =
    Rule::error("ACG480", "unknown-target", &[], "the target line names no known profile or release");

/// A log holds another code than the runtime model predicts.
pub(crate) static CODE_DIFFERS: Rule =
    Rule::error("ACG481", "code-differs", &[], "the code in the log is not the one that is predicted");

/// The regions of a line are of a form that no call takes.
pub(crate) static UNLOWERED_OPERANDS: Rule =
    Rule::error("ACG482", "unlowered-operands", &[], "no ACL call takes regions of this form");

/// The parser let a module through that the verifier refuses.
pub(crate) static BROKEN_INVARIANT: Rule = Rule::error(
    "ACG483",
    "broken-invariant",
    &[],
    "an invariant of the compiler itself does not hold for this program",
);

/// A pass made a program of which the proof does not go through.
pub(crate) static UNPROVED_PASS: Rule = Rule::error(
    "ACG484",
    "unproved-pass",
    &[],
    "a pass of the compiler gave a program that could not be proved to mean the same",
);

/// A loop of the host program is longer than what is unrolled.
pub(crate) static REPETITIONS_CUT: Rule =
    Rule::lint("ACG485", "repetitions-cut", "a block is repeated more often than is checked");

/// A line of a program that is emitted in Python has no call there.
pub(crate) static UNSAID_IN_PYTHON: Rule =
    Rule::error("ACG486", "unsaid-in-python", &[], "neither torch_npu nor pyACL has a call for a line");

/// A program that is to be divided at its updates cannot be.
pub(crate) static UNDIVIDED_UPDATES: Rule = Rule::error(
    "ACG493",
    "undivided-updates",
    &[],
    "updates cannot be done by separate models, although that is asked for",
);

static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let tables = [
        RULES,
        acg_calls::RULES,
        acg_diagnostics::RULES,
        acg_dump_check::RULES,
        acg_hazards::RULES,
        acg_parser::RULES,
        acg_reference::RULES,
        acg_runtime::rules::RULES,
    ];
    let mut rules: Vec<&'static Rule> = tables.concat();
    rules.sort_by_key(|rule| rule.code);
    rules
});

/// Every rule, by code.
pub fn rules() -> &'static [&'static Rule] {
    &ALL
}

/// The rule with that code or name, whatever its case.
pub fn rule(name: &str) -> Option<&'static Rule> {
    rules()
        .iter()
        .copied()
        .find(|rule| rule.code.eq_ignore_ascii_case(name) || rule.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_unique() {
        for pair in rules().windows(2) {
            assert_ne!(pair[0].code, pair[1].code);
        }
        let mut names: Vec<_> = rules().iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }
}
