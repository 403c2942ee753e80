//! Products of quantised matrices.

use acg_operators::DType;

use super::call::{Array, Call, Refusal};
use super::matrix::{Matrices, product};
use super::shape::map;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnQuantMatmulV3", quantised),
    ("aclnnQuantMatmulV4", quantised),
    ("aclnnWeightQuantBatchMatmulV2", weight_quantised),
];

/// A tensor that repeats one number.
fn constant(number: Number) -> Array {
    Array { dtype: DType::F32, shape: Vec::new(), values: vec![number] }
}

/// Sums of an integer product, scaled: an integer bias is added before scaling, any other after it.
pub(super) struct Scaling<'a> {
    pub(super) scale: &'a Array,
    /// By row.
    pub(super) per_token: Option<&'a Array>,
    pub(super) bias: Option<&'a Array>,
    pub(super) offset: Option<&'a Array>,
}

impl Scaling<'_> {
    /// The scaled sums; a result of integers is rounded.
    pub(super) fn apply(&self, sums: &Array, dtype: DType) -> Result<Vec<Number>, Refusal> {
        if self.scale.dtype.is_integer() {
            return Err(Refusal::new("acg computes this for a floating-point scale alone"));
        }
        let (zero, one) = (constant(Number::ZERO), constant(Number::ONE));
        let is_before = self.bias.is_some_and(|bias| bias.dtype == DType::I32);
        if self.bias.is_some_and(|bias| bias.dtype.is_integer()) && !is_before {
            return Err(Refusal::new("acg computes this for an `i32` or a floating-point bias"));
        }
        if self.offset.is_some() && (self.per_token.is_some() || (self.bias.is_some() && !is_before)) {
            return Err(Refusal::new("the reference has no offset beside these"));
        }
        // A scale for each row is a column.
        let column = self
            .per_token
            .map(|scale| Array { shape: [scale.shape.as_slice(), &[1]].concat(), ..scale.clone() });
        let operands = [
            sums,
            self.bias.unwrap_or(&zero),
            self.scale,
            column.as_ref().unwrap_or(&one),
            self.offset.unwrap_or(&zero),
        ];
        map(&sums.shape, operands, |[sum, bias, scale, token, offset]| {
            let (before, after) = if is_before { (bias, Number::ZERO) } else { (Number::ZERO, bias) };
            let value = sum.plus(before).times(scale).times(token).plus(after).plus(offset);
            Ok(if dtype.is_integer() { Number::Real(libm::rint(value.real())) } else { value })
        })
    }
}

fn quantised(call: &mut Call) -> Outcome {
    let (a, b) = (call.tensor("x1")?, call.tensor("x2")?);
    if a.dtype != DType::I8 || b.dtype != DType::I8 {
        return Err(Refusal::new("acg computes this for `i8` matrices alone"));
    }
    let (shape, values) = product(
        call,
        &Matrices::of(a, call.flag("transposeX1")?, false),
        &Matrices::of(b, call.flag("transposeX2")?, true),
    )?;
    let sums = Array { dtype: DType::I32, shape, values };
    let scaling = Scaling {
        scale: call.tensor("scale")?,
        per_token: call.possible("pertokenScaleOptional"),
        bias: call.optional("bias")?,
        offset: call.optional("offset")?,
    };
    let values = scaling.apply(&sums, call.result()?.dtype)?;
    call.give(values)
}

/// `(weight + offset) · scale`, one scale for all, for each column, or for each column of each `group` rows.
pub(super) fn dequantised(
    weight: &Array,
    scale: &Array,
    offset: Option<&Array>,
    group: usize,
) -> Result<Array, Refusal> {
    if !matches!(weight.dtype, DType::I8 | DType::I4) {
        return Err(Refusal::new(format!("acg does not compute with weights of type {}", weight.dtype)));
    }
    if scale.dtype.is_integer() || offset.is_some_and(|offset| offset.shape != scale.shape) {
        return Err(Refusal::new("scale and offset of the weight are floating-point and of the same shape"));
    }
    let &[rows, columns] = weight.shape.as_slice() else {
        return Err(Refusal::new("a weight has two dimensions"));
    };
    let groups = if group == 0 { 1 } else { rows.div_ceil(group) };
    let count = scale.values.len();
    if count != groups * columns && !(count == 1 && group == 0) {
        return Err(Refusal::new(format!("{count} scales do not fit a weight of {rows} × {columns}")));
    }
    let mut values = Vec::with_capacity(weight.values.len());
    for (at, value) in weight.values.iter().enumerate() {
        let (row, column) = (at / columns, at % columns);
        let own = if count == 1 { 0 } else { row.checked_div(group).unwrap_or(0) * columns + column };
        let offset = offset.map_or(Ok(Number::ZERO), |offset| offset.at(own))?;
        values.push(value.plus(offset).times(scale.at(own)?));
    }
    Ok(Array { dtype: scale.dtype, shape: weight.shape.clone(), values })
}

fn weight_quantised(call: &mut Call) -> Outcome {
    call.nothing_besides(&["x", "weight", "antiquantScale", "antiquantOffsetOptional", "biasOptional"])?;
    let group = usize::try_from(call.int("antiquantGroupSize")?);
    let group = group.map_err(|_| Refusal::new("`antiquantGroupSize` is negative"))?;
    let (x, scale) = (call.tensor("x")?, call.tensor("antiquantScale")?);
    let weight =
        dequantised(call.tensor("weight")?, scale, call.optional("antiquantOffsetOptional")?, group)?;
    let (shape, values) = product(call, &Matrices::of(x, false, false), &Matrices::of(&weight, false, true))?;
    let sums = Array { dtype: x.dtype, shape, values };
    let zero = constant(Number::ZERO);
    let bias = call.optional("biasOptional")?.unwrap_or(&zero);
    let values = map(&sums.shape, [&sums, bias], |[sum, bias]| Ok(sum.plus(bias)))?;
    call.give(values)
}
