//! The rules that the parser enforces, one file each, named like the rule.
//!
//! A file holds the rule and the functions that say how a given line breaks it; `resolve` decides when to ask.

pub(crate) mod duplicate_name;
pub(crate) mod file_too_large;
pub(crate) mod invalid_flag;
pub(crate) mod invalid_type;
pub(crate) mod malformed_literal;
pub(crate) mod misplaced_statement;
pub(crate) mod missing_stream;
pub(crate) mod needless_stream;
pub(crate) mod nesting_too_deep;
pub(crate) mod number_out_of_range;
pub(crate) mod region_out_of_bounds;
pub(crate) mod reserved_name;
pub(crate) mod size_mismatch;
pub(crate) mod strided_region;
pub(crate) mod type_mismatch;
pub(crate) mod unbalanced_block;
pub(crate) mod unknown_name;
pub(crate) mod unknown_operator;
pub(crate) mod wrong_argument;
pub(crate) mod wrong_arity;
pub(crate) mod wrong_attribute;
pub(crate) mod wrong_kind_of_name;
pub(crate) mod wrong_memory;
pub(crate) mod wrong_operand;

use acg_diagnostics::Rule;

/// Every rule that the parser can report, in order of code.
pub static RULES: &[&Rule] = &[
    &crate::explain::SYNTAX_ERROR,
    &unbalanced_block::RULE,
    &misplaced_statement::RULE,
    &unknown_name::RULE,
    &duplicate_name::RULE,
    &wrong_kind_of_name::RULE,
    &reserved_name::RULE,
    &missing_stream::RULE,
    &needless_stream::RULE,
    &malformed_literal::RULE,
    &number_out_of_range::RULE,
    &invalid_type::RULE,
    &region_out_of_bounds::RULE,
    &strided_region::RULE,
    &type_mismatch::RULE,
    &size_mismatch::RULE,
    &wrong_memory::RULE,
    &unknown_operator::RULE,
    &wrong_arity::RULE,
    &wrong_operand::RULE,
    &wrong_argument::RULE,
    &wrong_attribute::RULE,
    &invalid_flag::RULE,
    &nesting_too_deep::RULE,
    &file_too_large::RULE,
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn codes_ascend_and_names_are_unique() {
        for pair in RULES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
        }
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
    }
}
