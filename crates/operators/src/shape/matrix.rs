//! Matrix products.

use super::elementwise::broadcast_dims;
use super::{Dims, Form, Outcome, Rule, Stop};
use crate::DType;

pub(super) static FORMS: &[Form] = &[
    Form {
        name: "matmul",
        arity: Some(2),
        words: "{>} is the matrix product of {0} and {1}, batches broadcast",
        check: matmul,
    },
    Form {
        name: "matrix_product",
        arity: Some(4),
        words: "{>} is the product of the matrices {0} (transposed if {1}) and {2} (transposed if {3}), batches broadcast",
        check: matrix_product,
    },
    Form {
        name: "matrix_vector",
        arity: Some(2),
        words: "{>} is the product of matrix {0} and vector {1}",
        check: matrix_vector,
    },
];

fn shapes(rule: &Rule<'_>, left: usize, right: usize) -> String {
    let show = |index| rule.dims(index).map_or(String::new(), Dims::show);
    format!("the product of `{}` {} and `{}` {}", rule.name(left), show(left), rule.name(right), show(right))
}

fn inner_differs(rule: &Rule<'_>, left: usize, right: usize, inner: (u64, u64)) -> Stop {
    let message = format!(
        "`{}` must have the inner extent of `{}`, {}, got {}: {}",
        rule.name(right),
        rule.name(left),
        inner.0,
        inner.1,
        shapes(rule, left, right)
    );
    rule.breach(right, message)
}

/// The product as `torch.matmul` defines it: vectors are rows on the left and columns on the right.
fn matmul(rule: &Rule<'_>) -> Outcome {
    let (a, b) = (rule.dims(0)?, rule.dims(1)?);
    let rank_error = |index| {
        rule.breach(index, format!("`{}` must have at least one dimension, got a scalar", rule.name(index)))
    };
    let (&a_inner, a_rest) = a.split_last().ok_or_else(|| rank_error(0))?;
    let (b_batch, b_inner, b_columns) = match b {
        [] => return Err(rank_error(1)),
        [inner] => (&[][..], *inner, None),
        [batch @ .., inner, columns] => (batch, *inner, Some(*columns)),
    };
    if a_inner != b_inner {
        return Err(inner_differs(rule, 0, 1, (a_inner, b_inner)));
    }
    let (a_batch, a_rows) = match a_rest {
        [] => (&[][..], None),
        [batch @ .., rows] => (batch, Some(*rows)),
    };
    let mut expected = batches(rule, (0, a_batch), (1, b_batch))?;
    for extent in [a_rows, b_columns].into_iter().flatten() {
        expected.push(extent)?;
    }
    rule.results_are(&expected, || shapes(rule, 0, 1))
}

fn batches(rule: &Rule<'_>, left: (usize, &[u64]), right: (usize, &[u64])) -> Result<Dims, Stop> {
    broadcast_dims(left.1, right.1)?.ok_or_else(|| {
        let message = format!(
            "`{}` must have batch dimensions that broadcast with those of `{}`, {}, got {}",
            rule.name(right.0),
            rule.name(left.0),
            Dims::show(left.1),
            Dims::show(right.1)
        );
        rule.breach(right.0, message)
    })
}

/// Arguments: left, whether it is transposed, right, whether it is transposed.
fn matrix_product(rule: &Rule<'_>) -> Outcome {
    // An `i32` matrix holds eight 4-bit values per element, along which dimension is the operator's affair.
    if [0, 2].into_iter().any(|index| rule.tensor(index).is_ok_and(|tensor| tensor.dtype == DType::I32)) {
        return Err(Stop::Unknown);
    }
    let (a_batch, mut a) = matrix(rule, 0)?;
    let (b_batch, mut b) = matrix(rule, 2)?;
    if rule.flag(1)? {
        a = (a.1, a.0);
    }
    if rule.flag(3)? {
        b = (b.1, b.0);
    }
    if a.1 != b.0 {
        return Err(inner_differs(rule, 0, 2, (a.1, b.0)));
    }
    let mut expected = batches(rule, (0, a_batch), (2, b_batch))?;
    expected.push(a.0)?;
    expected.push(b.1)?;
    rule.results_are(&expected, || shapes(rule, 0, 2))
}

/// Batch dimensions, rows and columns of argument `index`.
fn matrix<'a>(rule: &Rule<'a>, index: usize) -> Result<(&'a [u64], (u64, u64)), Stop> {
    let dims = rule.dims(index)?;
    let [batch @ .., rows, columns] = dims else {
        let message =
            format!("`{}` must have at least two dimensions, got {}", rule.name(index), Dims::show(dims));
        return Err(rule.breach(index, message));
    };
    Ok((batch, (*rows, *columns)))
}

fn matrix_vector(rule: &Rule<'_>) -> Outcome {
    let (_, (rows, columns)) = matrix(rule, 0)?;
    let vector = rule.dims(1)?;
    if *vector != [columns] {
        let message = format!("`{}` must have shape [{columns}], got {}", rule.name(1), Dims::show(vector));
        return Err(rule.breach(1, message));
    }
    rule.results_are(&[rows], || shapes(rule, 0, 1))
}
