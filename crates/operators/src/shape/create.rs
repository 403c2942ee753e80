//! Tensors made from attributes alone.

use super::{Dims, Form, Outcome, Rule, Stop};

pub(super) static FORMS: &[Form] = &[
    Form {
        name: "range",
        arity: Some(3),
        words: "{>} is a vector of the values from {0} to {1} in steps of {2}",
        check: range,
    },
    Form { name: "vector", arity: Some(1), words: "{>} is a vector of {0} elements", check: vector },
    Form {
        name: "matrix",
        arity: Some(2),
        words: "{>} is a matrix of {0} rows and {1} columns",
        check: matrix,
    },
];

/// Arguments: start, end, step; numbers with a fraction are not checked, since rounding is the kernel's.
fn range(rule: &Rule<'_>) -> Outcome {
    let (start, end, step) = (i128::from(rule.int(0)?), i128::from(rule.int(1)?), i128::from(rule.int(2)?));
    if step == 0 || (end - start).signum() * step.signum() < 0 {
        let message = format!("`{}` must lead from {start} to {end}, got {step}", rule.name(2));
        return Err(rule.breach(2, message));
    }
    let distance = (end - start).unsigned_abs();
    let count = u64::try_from(distance.div_ceil(step.unsigned_abs())).map_err(|_| Stop::Unknown)?;
    rule.results_are(&[count], || format!("the values from {start} to {end} in steps of {step}"))
}

fn extent(rule: &Rule<'_>, index: usize) -> Result<u64, Stop> {
    let value = rule.int(index)?;
    u64::try_from(value)
        .map_err(|_| rule.breach(index, format!("`{}` must not be negative, got {value}", rule.name(index))))
}

fn vector(rule: &Rule<'_>) -> Outcome {
    let count = extent(rule, 0)?;
    rule.results_are(&[count], || format!("{count} elements"))
}

fn matrix(rule: &Rule<'_>) -> Outcome {
    let dims: [u64; 2] = [extent(rule, 0)?, extent(rule, 1)?];
    rule.results_are(&dims, || format!("a matrix {}", Dims::show(&dims)))
}
