//! Comparisons, logic, and choice by a condition.

use std::cmp::Ordering;

use acg_operators::promoted;

use super::call::{Call, Refusal};
use super::elementwise::real;
use super::shape::map;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnEqScalar", |call| with_number(call, &Number::equals)),
    ("aclnnEqTensor", |call| with_tensor(call, &Number::equals)),
    ("aclnnGeScalar", |call| ordered(call, with_number, &[Ordering::Greater, Ordering::Equal])),
    ("aclnnGeTensor", |call| ordered(call, with_tensor, &[Ordering::Greater, Ordering::Equal])),
    ("aclnnGtScalar", |call| ordered(call, with_number, &[Ordering::Greater])),
    ("aclnnGtTensor", |call| ordered(call, with_tensor, &[Ordering::Greater])),
    ("aclnnLeTensor", |call| ordered(call, with_tensor, &[Ordering::Less, Ordering::Equal])),
    ("aclnnLtScalar", |call| ordered(call, with_number, &[Ordering::Less])),
    ("aclnnLtTensor", |call| ordered(call, with_tensor, &[Ordering::Less])),
    ("aclnnNeTensor", |call| with_tensor(call, &|a, b| !a.equals(b))),
    ("aclnnLogicalAnd", |call| logic(call, |a, b| a && b)),
    ("aclnnInplaceLogicalAnd", |call| logic(call, |a, b| a && b)),
    ("aclnnLogicalOr", |call| logic(call, |a, b| a || b)),
    ("aclnnInplaceLogicalOr", |call| logic(call, |a, b| a || b)),
    ("aclnnLogicalNot", not),
    ("aclnnInplaceLogicalNot", not),
    ("aclnnSWhere", where_),
];

type Test<'t> = &'t dyn Fn(Number, Number) -> bool;

fn with_tensor(call: &mut Call, holds: Test<'_>) -> Outcome {
    let (a, b) = (call.subject()?, call.tensor("other")?);
    let dtype = promoted(a.dtype, b.dtype)
        .ok_or_else(|| Refusal::new(format!("{} and {} have no common type", a.dtype, b.dtype)))?;
    let values =
        map(&call.result()?.shape, [a, b], |[a, b]| Ok(Number::truth(holds(a.to(dtype), b.to(dtype)))))?;
    call.give(values)
}

fn with_number(call: &mut Call, holds: Test<'_>) -> Outcome {
    let (array, other) = (call.subject()?, call.number("other")?);
    // A number that the tensor's type can hold is compared as that type holds it.
    let other = if array.dtype.is_float() { other.to(array.dtype) } else { other };
    let values = map(&call.result()?.shape, [array], |[a]| Ok(Number::truth(holds(a, other))))?;
    call.give(values)
}

fn ordered(call: &mut Call, form: fn(&mut Call, Test<'_>) -> Outcome, orders: &[Ordering]) -> Outcome {
    real(call.subject()?.values.first().copied().unwrap_or(Number::ZERO))?;
    form(call, &|a, b| a.compared(b).is_some_and(|order| orders.contains(&order)))
}

fn logic(call: &mut Call, of: fn(bool, bool) -> bool) -> Outcome {
    let (a, b) = (call.subject()?, call.tensor("other")?);
    let values = map(&call.result()?.shape, [a, b], |[a, b]| Ok(Number::truth(of(a.holds(), b.holds()))))?;
    call.give(values)
}

fn not(call: &mut Call) -> Outcome {
    let values = map(&call.result()?.shape, [call.subject()?], |[a]| Ok(Number::truth(!a.holds())))?;
    call.give(values)
}

fn where_(call: &mut Call) -> Outcome {
    let operands = [call.tensor("condition")?, call.tensor("self")?, call.tensor("other")?];
    let values =
        map(&call.result()?.shape, operands, |[condition, a, b]| Ok(if condition.holds() { a } else { b }))?;
    call.give(values)
}
