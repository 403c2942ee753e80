//! Sums, means, extremes and tests over dimensions, and running sums.

use super::call::{Array, Call, Refusal};
use super::shape::{Lines, axis, broadcast, count};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnAll", |call| reduce(call, "dim", |part| Ok(Number::truth(part.iter().all(|x| x.holds()))))),
    ("aclnnAny", |call| reduce(call, "dim", |part| Ok(Number::truth(part.iter().any(|x| x.holds()))))),
    ("aclnnAmax", |call| reduce(call, "dim", |part| extreme(part, Number::larger))),
    ("aclnnAmin", |call| reduce(call, "dim", |part| extreme(part, Number::smaller))),
    ("aclnnMax", max),
    ("aclnnMean", |call| reduce(call, "dim", |part| Ok(mean(part)))),
    ("aclnnReduceSum", |call| reduce(call, "dims", |part| Ok(sum(part)))),
    ("aclnnCumsum", |call| running(call, false, false)),
    ("aclnnCumsumV2", |call| {
        let (exclusive, reverse) = (call.flag("exclusive")?, call.flag("reverse")?);
        running(call, exclusive, reverse)
    }),
];

pub(super) fn sum(part: &[Number]) -> Number {
    part.iter().copied().reduce(Number::plus).unwrap_or(Number::ZERO)
}

fn mean(part: &[Number]) -> Number {
    sum(part).over(Number::Int(part.len() as i128))
}

fn extreme(part: &[Number], of: fn(Number, Number) -> Number) -> Result<Number, Refusal> {
    part.iter().copied().reduce(of).ok_or_else(|| Refusal::new("no element has no extreme"))
}

/// The elements that fall together when the dimensions `dims` go, all of them if none is named.
fn parts(array: &Array, dims: &[i64]) -> Result<Vec<Vec<Number>>, Refusal> {
    let rank = array.shape.len();
    let mut kept = array.shape.clone();
    if dims.is_empty() {
        kept.fill(1);
    }
    for &dim in dims {
        if let Some(extent) = kept.get_mut(axis(dim, rank)?) {
            *extent = 1;
        }
    }
    let mut parts = vec![Vec::with_capacity(array.values.len() / count(&kept).max(1)); count(&kept)];
    let mut index = 0;
    broadcast(&array.shape, [&kept], |[part]| {
        parts[part].push(array.at(index)?);
        index += 1;
        Ok(())
    })?;
    Ok(parts)
}

fn reduce(call: &mut Call, dims: &str, of: impl Fn(&[Number]) -> Result<Number, Refusal>) -> Outcome {
    let parts = parts(call.subject()?, &call.ints(dims)?)?;
    let values = parts.iter().map(|part| of(part)).collect::<Result<_, _>>()?;
    call.give(values)
}

fn max(call: &mut Call) -> Outcome {
    let largest = extreme(&call.subject()?.values, Number::larger)?;
    call.give(vec![largest])
}

fn running(call: &mut Call, exclusive: bool, reverse: bool) -> Outcome {
    let array = call.subject()?;
    let lines = Lines::of(&array.shape, axis(call.int("dim")?, array.shape.len())?);
    let mut values = array.values.clone();
    for (outer, inner) in lines.each() {
        let mut sum = Number::ZERO;
        for step in 0..lines.extent {
            let row = if reverse { lines.extent - 1 - step } else { step };
            let index = lines.index(outer, row, inner);
            let with = sum.plus(array.at(index)?);
            values[index] = if exclusive { sum } else { with };
            sum = with;
        }
    }
    call.give(values)
}
