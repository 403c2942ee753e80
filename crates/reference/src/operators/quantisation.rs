//! Quantisation: real numbers scaled and rounded to short integers, and back.

use acg_operators::DType;

use super::call::{Array, Call, Refusal};
use super::shape::map;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnAscendAntiQuant", anti_quant),
    ("aclnnAscendQuant", quant),
    ("aclnnDequantSwigluQuant", dequant_swiglu_quant),
    ("aclnnDynamicQuant", dynamic_quant),
    ("aclnnDynamicQuantV2", dynamic_quant_v2),
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

/// Each token times what the group that it is in takes: groups end where `index` says.
fn smoothed_by_group(array: &Array, smooth: &Array, index: &Array) -> Result<Array, Refusal> {
    let length = array.shape.last().copied().unwrap_or(1).max(1);
    let mut values = Vec::with_capacity(array.values.len());
    for (token, row) in array.values.chunks(length).enumerate() {
        let group = index.values.iter().position(|end| end.int() > token as i128);
        let group = group.ok_or_else(|| Refusal::new("a token is in no group"))?;
        for (at, x) in row.iter().enumerate() {
            values.push(x.times(smooth.at(group * length + at)?));
        }
    }
    Ok(Array { dtype: array.dtype, shape: array.shape.clone(), values })
}

fn dynamic_quant_v2(call: &mut Call) -> Outcome {
    let (x, smooth) = (call.tensor("x")?, call.optional("smoothScalesOptional")?);
    let dtype = call.result()?.dtype;
    let by_group = match (smooth, call.optional("groupIndexOptional")?) {
        (Some(smooth), Some(index)) => Some(smoothed_by_group(x, smooth, index)?),
        _ => None,
    };
    let (x, smooth) = by_group.as_ref().map_or((x, smooth), |array| (array, None));
    let at = call.operator.parameter("offsetOut").map(|found| found.0);
    if !call.places.iter().any(|place| Some(place.parameter) == at) {
        let (out, scales) = by_token(x, smooth, dtype)?;
        call.give_to("scaleOut", scales)?;
        return call.give_to("yOut", out);
    }
    let (steps, last) = match dtype {
        DType::I8 => (255.0, 127.0),
        DType::I4 => (15.0, 7.0),
        other => return Err(Refusal::new(format!("acg does not compute this for results of type {other}"))),
    };
    let one = Array { dtype: DType::F32, shape: Vec::new(), values: vec![Number::Real(1.0)] };
    let smoothed = map(&x.shape, [x, smooth.unwrap_or(&one)], |[x, smooth]| Ok(x.times(smooth)))?;
    let (mut out, mut scales, mut offsets) = (Vec::new(), Vec::new(), Vec::new());
    for token in smoothed.chunks(x.shape.last().copied().unwrap_or(1).max(1)) {
        let extreme = |from, of: fn(f64, f64) -> f64| token.iter().map(|x| x.real()).fold(from, of);
        let (low, high) = (extreme(f64::INFINITY, f64::min), extreme(f64::NEG_INFINITY, f64::max));
        let scale = (high - low) / steps;
        let offset = last - high / scale;
        out.extend(token.iter().map(|x| Number::Real(libm::rint(x.real() / scale + offset))));
        scales.push(Number::Real(scale));
        offsets.push(Number::Real(offset));
    }
    call.give_to("scaleOut", scales)?;
    call.give_to("offsetOut", offsets)?;
    call.give_to("yOut", out)
}

fn dequant_swiglu_quant(call: &mut Call) -> Outcome {
    call.nothing_besides(&[
        "x",
        "weightScaleOptional",
        "activationScaleOptional",
        "biasOptional",
        "quantScaleOptional",
    ])?;
    if call.text("quantModeOptional")? != "dynamic" {
        return Err(Refusal::new("acg computes this for `quantModeOptional` \"dynamic\" alone"));
    }
    let x = call.tensor("x")?;
    let bias = call.optional("biasOptional")?;
    if bias.is_some_and(|bias| bias.dtype != DType::I32) {
        return Err(Refusal::new("acg computes this for an `i32` bias alone"));
    }
    let length = x.shape.last().copied().unwrap_or(1).max(1);
    let (tokens, half) = (x.values.len() / length, length / 2);
    let per_element = |name: &str| -> Result<Option<&Array>, Refusal> {
        let array = call.optional(name)?;
        if array.is_some_and(|array| array.values.len() != length) {
            return Err(Refusal::new(format!("`{name}` has not one element for each of a token")));
        }
        Ok(array)
    };
    let (weight, bias) = (
        per_element("weightScaleOptional")?,
        bias.map(|_| per_element("biasOptional")).transpose()?.flatten(),
    );
    let activation = call.optional("activationScaleOptional")?;
    if activation.is_some_and(|scale| scale.values.len() != tokens) {
        return Err(Refusal::new("`activationScaleOptional` has not one element for each token"));
    }
    let is_left = call.flag("activateLeft")?;
    let mut gated = Vec::with_capacity(tokens * half);
    for (token, row) in x.values.chunks(length).enumerate() {
        let plain = |at: usize| -> Result<f64, Refusal> {
            let of = |array: Option<&Array>, at: usize, otherwise: Number| {
                array.map_or(Ok(otherwise), |array| array.at(at))
            };
            let sum = row[at].plus(of(bias, at, Number::ZERO)?);
            let scaled = sum.times(of(weight, at, Number::ONE)?).times(of(activation, token, Number::ONE)?);
            Ok(scaled.real())
        };
        for at in 0..half {
            let (gate, other) = if is_left { (at, at + half) } else { (at + half, at) };
            gated.push(Number::Real(super::activation::silu(plain(gate)?) * plain(other)?));
        }
    }
    let gated = Array { dtype: DType::F32, shape: vec![tokens, half], values: gated };
    let (out, scales) = by_token(&gated, call.optional("quantScaleOptional")?, call.result()?.dtype)?;
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
