//! Quantisation: real numbers scaled and rounded to short integers, and back.

use acg_operators::DType;

use super::call::{Array, Call, Refusal};
use super::shape::map;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnAscendAntiQuant", anti_quant),
    ("aclnnAscendQuant", quant),
    ("aclnnDynamicQuant", dynamic_quant),
];

/// `of(x, scale)` plus the zero point, rounded to the nearest, ties to even.
pub(super) fn quantised(
    array: &Array,
    scale: &Array,
    zero: Option<&Array>,
    of: impl Fn(Number, Number) -> Number,
) -> Result<Vec<Number>, Refusal> {
    let none = Array { dtype: DType::F32, shape: Vec::new(), values: vec![Number::Real(0.0)] };
    map(&array.shape, [array, scale, zero.unwrap_or(&none)], |[x, scale, zero]| {
        Ok(Number::Real(libm::rint(of(x, scale).plus(zero).real())))
    })
}

fn unpacked(dtype: DType) -> Outcome {
    if dtype == DType::I32 {
        return Err(Refusal::new("acg does not compute with 4-bit integers that are packed into `i32`"));
    }
    Ok(())
}

fn quant(call: &mut Call) -> Outcome {
    unpacked(call.result()?.dtype)?;
    let (array, scale) = (call.tensor("x")?, call.tensor("scale")?);
    let none = Array { dtype: DType::F32, shape: Vec::new(), values: vec![Number::Real(0.0)] };
    let squared = call.flag("sqrtMode")?;
    let round: fn(f64) -> f64 = match call.text("roundMode")? {
        "round" => libm::rint,
        "floor" => libm::floor,
        "ceil" => libm::ceil,
        "trunc" => libm::trunc,
        other => return Err(Refusal::new(format!("`roundMode` \"{other}\" is not known"))),
    };
    let offset = call.optional("offset")?.unwrap_or(&none);
    let values = map(&array.shape, [array, scale, offset], |[x, scale, offset]| {
        let scaled = if squared { x.times(scale).times(scale) } else { x.times(scale) };
        Ok(Number::Real(round(scaled.plus(offset).real())))
    })?;
    call.give(values)
}

fn anti_quant(call: &mut Call) -> Outcome {
    let (array, scale) = (call.tensor("x")?, call.tensor("scale")?);
    unpacked(array.dtype)?;
    let none = Array { dtype: DType::F32, shape: Vec::new(), values: vec![Number::Real(0.0)] };
    let squared = call.flag("sqrtMode")?;
    let offset = call.optional("offset")?.unwrap_or(&none);
    let values = map(&array.shape, [array, scale, offset], |[x, scale, offset]| {
        let scaled = x.plus(offset).times(scale);
        Ok(if squared { scaled.times(scale) } else { scaled })
    })?;
    call.give(values)
}

fn dynamic_quant(call: &mut Call) -> Outcome {
    let array = call.tensor("x")?;
    let (out, scales) = by_token(array, call.optional("smoothScalesOptional")?, call.result()?.dtype)?;
    call.give_to("scaleOut", scales)?;
    call.give_to("yOut", out)
}

/// Every token, which is a row, times `smooth`, over a scale at which its largest element is the largest of `dtype`; and the scales.
pub(super) fn by_token(
    array: &Array,
    smooth: Option<&Array>,
    dtype: DType,
) -> Result<(Vec<Number>, Vec<Number>), Refusal> {
    let largest = match dtype {
        DType::I8 => 127.0,
        DType::I4 => 7.0,
        other => return Err(Refusal::new(format!("acg does not compute this for results of type {other}"))),
    };
    let one = Array { dtype: DType::F32, shape: Vec::new(), values: vec![Number::Real(1.0)] };
    let smooth = smooth.unwrap_or(&one);
    let smoothed = map(&array.shape, [array, smooth], |[x, smooth]| Ok(x.times(smooth)))?;
    let length = array.shape.last().copied().unwrap_or(1).max(1);
    let (mut out, mut scales) = (Vec::new(), Vec::new());
    for token in smoothed.chunks(length) {
        let most = token.iter().map(|x| x.real().abs()).fold(0.0, f64::max);
        let scale = most / largest;
        out.extend(token.iter().map(|x| Number::Real(libm::rint(x.real() / scale))));
        scales.push(Number::Real(scale));
    }
    Ok((out, scales))
}
