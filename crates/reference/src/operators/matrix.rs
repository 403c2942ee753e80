//! Products of matrices. Products are summed up in `f64`, integers exactly.

use acg_operators::{DType, promoted};

use super::call::{Array, Call, Refusal};
use super::shape::{broadcast, count, map};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnAddmm", |call| added(call, "mat1", "mat2")),
    ("aclnnBaddbmm", |call| added(call, "batch1", "batch2")),
    ("aclnnBatchMatMul", |call| multiply(call, "mat2")),
    ("aclnnGemm", gemm),
    ("aclnnMatmul", |call| multiply(call, "mat2")),
    ("aclnnMm", |call| multiply(call, "mat2")),
    ("aclnnMv", |call| multiply(call, "vec")),
];

/// A tensor as batches of matrices, transposed on request.
pub(super) struct Matrices<'a> {
    array: &'a Array,
    batch: Vec<usize>,
    rows: usize,
    columns: usize,
    transposed: bool,
}

impl<'a> Matrices<'a> {
    /// A vector is one row, or one column if `upright`.
    pub(super) fn of(array: &'a Array, transposed: bool, upright: bool) -> Self {
        let (batch, rows, columns) = match array.shape.as_slice() {
            [] => (Vec::new(), 1, 1),
            &[extent] if upright => (Vec::new(), extent, 1),
            &[extent] => (Vec::new(), 1, extent),
            [batch @ .., rows, columns] => (batch.to_vec(), *rows, *columns),
        };
        let (rows, columns) = if transposed { (columns, rows) } else { (rows, columns) };
        Self { array, batch, rows, columns, transposed }
    }

    fn at(&self, batch: usize, row: usize, column: usize) -> Result<Number, Refusal> {
        let within = if self.transposed { column * self.rows + row } else { row * self.columns + column };
        self.array.at(batch * self.rows * self.columns + within)
    }
}

/// The products of two batches of matrices, in order.
pub(super) fn product(
    call: &Call,
    a: &Matrices<'_>,
    b: &Matrices<'_>,
) -> Result<(Vec<usize>, Vec<Number>), Refusal> {
    if a.columns != b.rows {
        return Err(Refusal::new(format!("{} columns do not fit {} rows", a.columns, b.rows)));
    }
    if a.array.dtype.is_complex() || b.array.dtype.is_complex() {
        return Err(Refusal::new("acg does not compute this with complex numbers"));
    }
    let rank = a.batch.len().max(b.batch.len());
    let extent = |batch: &[usize], at: usize| (at + batch.len()).checked_sub(rank).map_or(1, |at| batch[at]);
    let batch: Vec<usize> = (0..rank).map(|at| extent(&a.batch, at).max(extent(&b.batch, at))).collect();
    let elements = (count(&batch) as u64).saturating_mul(a.rows as u64).saturating_mul(b.columns as u64);
    call.spend(elements.saturating_mul(a.columns as u64))?;
    let mut values = Vec::new();
    broadcast(&batch, [&a.batch, &b.batch], |[of_a, of_b]| {
        for row in 0..a.rows {
            for column in 0..b.columns {
                let mut sum = Number::ZERO;
                for inner in 0..a.columns {
                    sum = sum.plus(a.at(of_a, row, inner)?.times(b.at(of_b, inner, column)?));
                }
                values.push(sum);
            }
        }
        Ok(())
    })?;
    Ok(([batch.as_slice(), &[a.rows, b.columns]].concat(), values))
}

fn common(a: &Array, b: &Array) -> Result<DType, Refusal> {
    promoted(a.dtype, b.dtype).ok_or_else(|| Refusal::new("the matrices have no common type"))
}

fn multiply(call: &mut Call, second: &str) -> Outcome {
    let (a, b) = (call.subject()?, call.tensor(second)?);
    let dtype = common(a, b)?;
    let (_, values) =
        product(call, &Matrices::of(a, false, false), &Matrices::of(b, false, b.shape.len() == 1))?;
    let values = values.into_iter().map(|value| value.to(dtype)).collect();
    call.give(values)
}

/// `beta · c + alpha · (a × b)`.
fn combined(call: &Call, c: &Array, a: &Matrices<'_>, b: &Matrices<'_>) -> Result<Vec<Number>, Refusal> {
    let (alpha, beta) = (call.number("alpha")?, call.number("beta")?);
    let dtype = promoted(common(a.array, b.array)?, c.dtype)
        .ok_or_else(|| Refusal::new("the matrices have no common type"))?;
    let (shape, values) = product(call, a, b)?;
    let product = Array { dtype, shape, values };
    map(&product.shape, [&product, c], |[product, c]| {
        let scaled = alpha.times(product);
        // What is multiplied by zero does not count, not even if it is no number.
        Ok(if beta.holds() { beta.times(c).plus(scaled) } else { scaled }.to(dtype))
    })
}

fn added(call: &mut Call, first: &str, second: &str) -> Outcome {
    let (a, b) = (call.tensor(first)?, call.tensor(second)?);
    let values =
        combined(call, call.tensor("self")?, &Matrices::of(a, false, false), &Matrices::of(b, false, true))?;
    call.give(values)
}

fn gemm(call: &mut Call) -> Outcome {
    let a = Matrices::of(call.tensor("A")?, call.flag("transA")?, false);
    let b = Matrices::of(call.tensor("B")?, call.flag("transB")?, true);
    let values = combined(call, call.tensor("C")?, &a, &b)?;
    call.give(values)
}
