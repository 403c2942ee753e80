//! What operators compute: one file per family, each with a table of names and functions.
//!
//! Semantics: ACL operator reference. A result is rounded to the type in which the operator computes, then converted to the type of the
//! result; sums and products inside of one operator are `f64` and rounded once. Where the reference leaves a result open, the
//! operator refuses rather than guess.
//!
//! **Invariant:** an operator reads all of its inputs before it writes a result, and nothing an input holds makes it panic.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "extents and indices are those of tensors in memory, of which there are far fewer than 2^52 elements"
)]

mod activation;
mod attention;
mod cache;
mod call;
mod comparison;
mod elementwise;
mod experts;
mod functions;
mod grouped;
mod index;
mod layout;
mod matrix;
mod normalisation;
mod quantisation;
mod quantised_matrix;
mod reduction;
mod rotary;
mod routing;
mod scatter;
mod shape;
mod sort;
mod window;

use std::sync::LazyLock;

use acg_operators::OperatorId;

pub(crate) use call::{Argument, Array, Call, Place, Refusal, Setting};

/// What a function of an operator gives.
type Outcome = Result<(), Refusal>;

/// One operator's function.
type Evaluate = fn(&mut Call) -> Outcome;

/// The operators of each family.
const FAMILIES: &[&[(&str, Evaluate)]] = &[
    activation::OPERATORS,
    attention::OPERATORS,
    cache::OPERATORS,
    comparison::OPERATORS,
    elementwise::OPERATORS,
    experts::OPERATORS,
    functions::OPERATORS,
    grouped::OPERATORS,
    index::OPERATORS,
    layout::OPERATORS,
    matrix::OPERATORS,
    normalisation::OPERATORS,
    quantisation::OPERATORS,
    quantised_matrix::OPERATORS,
    reduction::OPERATORS,
    rotary::OPERATORS,
    routing::OPERATORS,
    scatter::OPERATORS,
    sort::OPERATORS,
    window::OPERATORS,
];

/// By place in the operator table.
static EVALUATE: LazyLock<Vec<Option<Evaluate>>> = LazyLock::new(|| {
    let named = |name: &str| {
        FAMILIES.iter().copied().flatten().find(|entry| entry.0 == name).map(|&(_, evaluate)| evaluate)
    };
    acg_operators::operators().iter().map(|operator| named(&operator.name)).collect()
});

/// Whether the executor computes the operator.
pub fn has_numerics(operator: OperatorId) -> bool {
    EVALUATE.get(operator.index()).is_some_and(Option::is_some)
}

/// Computes the results of a call.
pub(crate) fn evaluate(operator: OperatorId, call: &mut Call) -> Outcome {
    let evaluate = EVALUATE.get(operator.index()).copied().flatten();
    let evaluate = evaluate.ok_or_else(|| Refusal::new("acg has no numerics for this operator"))?;
    evaluate(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_that_of_one_operator() {
        let mut names: Vec<_> = FAMILIES.iter().copied().flatten().map(|entry| entry.0).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
        for name in names {
            assert!(acg_operators::Operator::find(name).is_some(), "{name}");
        }
    }
}
