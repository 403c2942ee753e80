//! Arithmetic element by element.

use acg_operators::{DType, promoted};

use super::call::{Array, Call, Refusal};
use super::shape::map;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnAbs", abs),
    ("aclnnAdd", |call| scaled(call, Number::plus)),
    ("aclnnInplaceAdd", |call| scaled(call, Number::plus)),
    ("aclnnSub", |call| scaled(call, Number::minus)),
    ("aclnnInplaceSub", |call| scaled(call, Number::minus)),
    ("aclnnAdds", |call| scaled_by_number(call, Number::plus)),
    ("aclnnInplaceAdds", |call| scaled_by_number(call, Number::plus)),
    ("aclnnSubs", |call| scaled_by_number(call, Number::minus)),
    ("aclnnInplaceSubs", |call| scaled_by_number(call, Number::minus)),
    ("aclnnMul", |call| binary(call, |a, b| Ok(a.times(b)))),
    ("aclnnInplaceMul", |call| binary(call, |a, b| Ok(a.times(b)))),
    ("aclnnMuls", |call| with_number(call, "other", |a, b| Ok(a.times(b)))),
    ("aclnnInplaceMuls", |call| with_number(call, "other", |a, b| Ok(a.times(b)))),
    ("aclnnDiv", div),
    ("aclnnInplaceDiv", div),
    ("aclnnDivs", divs),
    ("aclnnInplaceDivs", divs),
    ("aclnnDivMod", div_mod),
    ("aclnnFloorDivide", |call| binary(call, floor_divide)),
    ("aclnnAddcmul", addcmul),
    ("aclnnInplaceAddcmul", addcmul),
    ("aclnnMaximum", |call| binary(call, |a, b| Ok(real(a)?.larger(real(b)?)))),
    ("aclnnMinimum", |call| binary(call, |a, b| Ok(real(a)?.smaller(real(b)?)))),
    ("aclnnClamp", clamp),
    ("aclnnClampMax", |call| with_number(call, "clipValueMax", |a, b| Ok(real(a)?.smaller(b)))),
    ("aclnnInplaceClampMax", |call| with_number(call, "clipValueMax", |a, b| Ok(real(a)?.smaller(b)))),
    ("aclnnClampMin", |call| with_number(call, "clipValueMin", |a, b| Ok(real(a)?.larger(b)))),
    ("aclnnBitwiseNot", bitwise_not),
    ("aclnnNeg", |call| unary(call, |a| Ok(a.negated()))),
    ("aclnnInplaceNeg", |call| unary(call, |a| Ok(a.negated()))),
    ("aclnnPowTensorTensor", |call| binary(call, power)),
    ("aclnnInplacePowTensorTensor", |call| binary(call, power)),
    ("aclnnPowTensorScalar", |call| with_number(call, "exponent", power)),
    ("aclnnInplacePowTensorScalar", |call| with_number(call, "exponent", power)),
    ("aclnnPowScalarTensor", pow_scalar_tensor),
];

/// A number that is no complex one.
pub(super) fn real(number: Number) -> Result<Number, Refusal> {
    match number {
        Number::Complex(..) => Err(Refusal::new("acg does not compute this with complex numbers")),
        other => Ok(other),
    }
}

/// The type in which an operator computes with two tensors.
fn common(a: &Array, b: &Array) -> Result<DType, Refusal> {
    promoted(a.dtype, b.dtype)
        .ok_or_else(|| Refusal::new(format!("{} and {} have no common type", a.dtype, b.dtype)))
}

/// The second of two tensors.
fn second(call: &Call) -> Result<&Array, Refusal> {
    let name = if call.operator.parameter("other").is_some() { "other" } else { "exponent" };
    call.tensor(name)
}

/// One tensor; computed in its own type.
pub(super) fn unary(call: &mut Call, of: impl Fn(Number) -> Result<Number, Refusal>) -> Outcome {
    let array = call.subject()?;
    let values = map(&call.result()?.shape, [array], |[a]| Ok(of(a)?.to(array.dtype)))?;
    call.give(values)
}

/// Two tensors; computed in their common type.
fn binary(call: &mut Call, of: impl Fn(Number, Number) -> Result<Number, Refusal>) -> Outcome {
    let (a, b) = (call.subject()?, second(call)?);
    let dtype = common(a, b)?;
    let values = map(&call.result()?.shape, [a, b], |[a, b]| Ok(of(a.to(dtype), b.to(dtype))?.to(dtype)))?;
    call.give(values)
}

/// The type in which an operator computes with a tensor and a number.
fn with(dtype: DType, number: Number) -> DType {
    match number {
        Number::Int(_) => dtype,
        _ if dtype.is_float() || dtype.is_complex() => dtype,
        _ => DType::F32,
    }
}

/// A tensor and the number given for `name`.
fn with_number(
    call: &mut Call,
    name: &str,
    of: impl Fn(Number, Number) -> Result<Number, Refusal>,
) -> Outcome {
    let (array, number) = (call.subject()?, call.number(name)?);
    let dtype = with(array.dtype, number);
    let values = map(&call.result()?.shape, [array], |[a]| Ok(of(a, number)?.to(dtype)))?;
    call.give(values)
}

/// `self ± alpha · other`.
fn scaled(call: &mut Call, of: fn(Number, Number) -> Number) -> Outcome {
    let (a, b, alpha) = (call.subject()?, call.tensor("other")?, call.number("alpha")?);
    let dtype = common(a, b)?;
    if matches!(alpha, Number::Real(_)) && !dtype.is_float() && !dtype.is_complex() {
        return Err(Refusal::new("`alpha` has a fraction, and the operator computes with integers"));
    }
    let values =
        map(&call.result()?.shape, [a, b], |[a, b]| Ok(of(a.to(dtype), alpha.times(b.to(dtype))).to(dtype)))?;
    call.give(values)
}

/// `self ± alpha · other`, `other` a number.
fn scaled_by_number(call: &mut Call, of: fn(Number, Number) -> Number) -> Outcome {
    let alpha = call.number("alpha")?;
    with_number(call, "other", |a, other| Ok(of(a, alpha.times(other))))
}

fn abs(call: &mut Call) -> Outcome {
    let dtype = call.result()?.dtype;
    if dtype.is_complex() {
        return Err(Refusal::new("acg does not compute this with complex numbers"));
    }
    let values = map(&call.result()?.shape, [call.subject()?], |[a]| {
        Ok(match a {
            Number::Int(value) => Number::Int(value.wrapping_abs()),
            Number::Real(value) => Number::Real(value.abs()),
            Number::Complex(real, imaginary) => Number::Real(libm::hypot(real, imaginary)),
        })
    })?;
    call.give(values)
}

/// The type in which quotients are computed.
fn quotient_type(dtype: DType) -> DType {
    if dtype.is_float() || dtype.is_complex() { dtype } else { DType::F32 }
}

fn div(call: &mut Call) -> Outcome {
    let (a, b) = (call.subject()?, call.tensor("other")?);
    let dtype = quotient_type(common(a, b)?);
    let values = map(&call.result()?.shape, [a, b], |[a, b]| Ok(a.to(dtype).over(b.to(dtype)).to(dtype)))?;
    call.give(values)
}

fn divs(call: &mut Call) -> Outcome {
    let (array, other) = (call.subject()?, call.number("other")?);
    let dtype = quotient_type(array.dtype);
    let values = map(&call.result()?.shape, [array], |[a]| Ok(a.over(other).to(dtype)))?;
    call.give(values)
}

fn div_mod(call: &mut Call) -> Outcome {
    match call.int("mode")? {
        0 => div(call),
        1 => binary(call, |a, b| match (a, b) {
            (Number::Int(a), Number::Int(b)) => a.checked_div(b).map(Number::Int).ok_or_else(by_zero),
            _ => Ok(Number::Real(libm::trunc(real(a)?.over(real(b)?).real()))),
        }),
        2 => binary(call, floor_divide),
        mode => Err(Refusal::new(format!("`mode` {mode} is none of 0, 1 and 2"))),
    }
}

fn by_zero() -> Refusal {
    Refusal::new("an integer is divided by zero")
}

fn floor_divide(a: Number, b: Number) -> Result<Number, Refusal> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => {
            let quotient = a.checked_div(b).ok_or_else(by_zero)?;
            let inexact = a.wrapping_rem(b) != 0 && (a < 0) != (b < 0);
            Ok(Number::Int(quotient - i128::from(inexact)))
        }
        _ => Ok(Number::Real(libm::floor(real(a)?.over(real(b)?).real()))),
    }
}

fn addcmul(call: &mut Call) -> Outcome {
    let (a, b, c) = (call.subject()?, call.tensor("tensor1")?, call.tensor("tensor2")?);
    let value = call.number("value")?;
    let dtype = promoted(common(a, b)?, c.dtype)
        .ok_or_else(|| Refusal::new("the three tensors have no common type"))?;
    let values = map(&call.result()?.shape, [a, b, c], |[a, b, c]| {
        Ok(a.to(dtype).plus(value.times(b.to(dtype)).times(c.to(dtype))).to(dtype))
    })?;
    call.give(values)
}

fn clamp(call: &mut Call) -> Outcome {
    let (low, high) = (call.maybe("clipValueMin")?, call.maybe("clipValueMax")?);
    unary(call, |a| {
        let a = low.map_or(Ok(a), |low| Ok(real(a)?.larger(low)))?;
        high.map_or(Ok(a), |high| Ok(real(a)?.smaller(high)))
    })
}

fn bitwise_not(call: &mut Call) -> Outcome {
    let is_truth = call.subject()?.dtype == DType::Bool;
    unary(call, |a| Ok(if is_truth { Number::truth(!a.holds()) } else { Number::Int(!a.int()) }))
}

fn pow_scalar_tensor(call: &mut Call) -> Outcome {
    let (base, exponent) = (call.number("self")?, call.tensor("exponent")?);
    let dtype = with(exponent.dtype, base);
    let values = map(&call.result()?.shape, [exponent], |[b]| Ok(power(base, b)?.to(dtype)))?;
    call.give(values)
}

fn power(a: Number, b: Number) -> Result<Number, Refusal> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => {
            let Ok(exponent) = u32::try_from(b) else {
                return match a {
                    1 => Ok(Number::ONE),
                    -1 => Ok(Number::Int(if b % 2 == 0 { 1 } else { -1 })),
                    0 => Err(by_zero()),
                    _ if b < 0 => Ok(Number::ZERO),
                    _ => Err(Refusal::new("an exponent is too large")),
                };
            };
            Ok(Number::Int(a.wrapping_pow(exponent)))
        }
        _ => Ok(Number::Real(libm::pow(real(a)?.real(), real(b)?.real()))),
    }
}
