//! Products of matrices in groups: each group of rows with a weight of its own.

use acg_operators::DType;

use super::activation::{Activation, silu};
use super::call::{Array, Call, Place, Refusal};
use super::matrix::{Matrices, product};
use super::quantisation::by_token;
use super::quantised_matrix::{Scaling, dequantised};
use super::shape::map;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] =
    &[("aclnnGroupedMatmulSwigluQuant", swiglu_quant), ("aclnnGroupedMatmulV4", grouped)];

/// How many rows a tensor has.
fn height(array: &Array) -> usize {
    array.shape.first().copied().unwrap_or(1)
}

/// The rows `start..end` of a matrix.
fn rows(array: &Array, start: usize, end: usize) -> Result<Array, Refusal> {
    let &[_, columns] = array.shape.as_slice() else {
        return Err(Refusal::new("a matrix has two dimensions"));
    };
    let values = array.values.get(start * columns..end * columns);
    let values = values.ok_or_else(|| Refusal::new("a group has rows that are none"))?.to_vec();
    Ok(Array { dtype: array.dtype, shape: vec![end - start, columns], values })
}

/// The part of a tensor at `index` of its first dimension.
fn part(array: &Array, index: usize) -> Result<Array, Refusal> {
    let Some((&extent, shape)) = array.shape.split_first().filter(|(extent, _)| **extent > index) else {
        return Err(Refusal::new(format!("group {index} has no part of a tensor")));
    };
    let size = array.values.len() / extent;
    let values = array.values.get(index * size..(index + 1) * size).unwrap_or_default().to_vec();
    Ok(Array { dtype: array.dtype, shape: shape.to_vec(), values })
}

/// Which weight rows belong to, group after group, and how many.
fn groups(list: &Array, kind: i64, most: usize) -> Result<Vec<(usize, usize)>, Refusal> {
    let size = |number: Number| {
        let size = usize::try_from(number.int()).ok().filter(|&size| size <= most);
        size.ok_or_else(|| Refusal::new(format!("the list of groups goes beyond {most} rows")))
    };
    let mut groups = Vec::new();
    let mut total = 0usize;
    match kind {
        0 => {
            for (weight, &end) in list.values.iter().enumerate() {
                let rows = size(end)?.checked_sub(total);
                let rows = rows.ok_or_else(|| Refusal::new("the list of groups decreases"))?;
                groups.push((weight, rows));
                total += rows;
            }
        }
        1 => {
            for (weight, &rows) in list.values.iter().enumerate() {
                groups.push((weight, size(rows)?));
            }
        }
        2 => {
            for pair in list.values.chunks_exact(2) {
                groups.push((usize::try_from(pair[0].int()).unwrap_or(usize::MAX), size(pair[1])?));
            }
        }
        kind => return Err(Refusal::new(format!("`groupListType` {kind} is none of 0, 1 and 2"))),
    }
    let all = groups.iter().try_fold(0usize, |all, group| all.checked_add(group.1));
    if all.is_none_or(|all| all > most) {
        return Err(Refusal::new(format!("the groups have more than {most} rows")));
    }
    Ok(groups)
}

/// What is given for each weight.
struct Weights<'a> {
    weight: &'a [Array],
    bias: &'a [Array],
    scale: &'a [Array],
    offset: &'a [Array],
    antiquant_scale: &'a [Array],
    antiquant_offset: &'a [Array],
    per_token: Option<&'a Array>,
    activation: Activation,
}

impl Weights<'_> {
    /// That of one group, of a list of all or of one tensor with all in its first dimension.
    fn of(list: &[Array], group: usize, is_stacked: bool) -> Result<Option<Array>, Refusal> {
        match list {
            [] => Ok(None),
            [all] if is_stacked => part(all, group).map(Some),
            list => match list.get(group) {
                Some(array) => Ok(Some(array.clone())),
                None => Err(Refusal::new(format!("group {group} has no tensor"))),
            },
        }
    }

    /// The product of one group's rows, the first of which is row `start` of all, with its weight.
    fn product(
        &self,
        call: &Call,
        x: &Array,
        group: usize,
        start: usize,
        dtype: DType,
    ) -> Result<Vec<Number>, Refusal> {
        let is_stacked = matches!(self.weight, [only] if only.shape.len() == 3);
        let of = |list: &[Array]| Self::of(list, group, is_stacked);
        let missing = || Refusal::new(format!("group {group} has no weight"));
        let mut weight = of(self.weight)?.ok_or_else(missing)?;
        let (bias, scale) = (of(self.bias)?, of(self.scale)?);
        if let Some(scale) = of(self.antiquant_scale)? {
            let depth = weight.shape.first().copied().unwrap_or(0);
            // As many scales for a column as there are groups along it.
            let along = if scale.shape.len() == 2 { scale.shape[0] } else { 1 };
            if along == 0 || !depth.is_multiple_of(along) {
                return Err(Refusal::new(format!("{along} groups do not fit {depth} rows of a weight")));
            }
            let size = if along == 1 { 0 } else { depth / along };
            weight = dequantised(&weight, &scale, of(self.antiquant_offset)?.as_ref(), size)?;
        }
        let is_plain = x.dtype.is_float() && weight.dtype.is_float() && scale.is_none();
        let is_quantised = x.dtype == DType::I8 && weight.dtype == DType::I8;
        if !is_plain && !is_quantised {
            return Err(Refusal::new(format!(
                "acg does not compute this for {} and {}",
                x.dtype, weight.dtype
            )));
        }
        let (shape, values) =
            product(call, &Matrices::of(x, false, false), &Matrices::of(&weight, false, true))?;
        let sums = Array { dtype: if is_plain { x.dtype } else { DType::I32 }, shape, values };
        let values = if let Some(scale) = scale {
            let per_token = self.per_token.map(|scales| {
                let values = scales.values.get(start..start + height(x)).unwrap_or_default().to_vec();
                Array { dtype: scales.dtype, shape: vec![values.len()], values }
            });
            let offset = of(self.offset)?;
            let scaling = Scaling {
                scale: &scale,
                per_token: per_token.as_ref(),
                bias: bias.as_ref(),
                offset: offset.as_ref(),
            };
            scaling.apply(&sums, dtype)?
        } else {
            let zero = Array { dtype: DType::F32, shape: Vec::new(), values: vec![Number::ZERO] };
            map(&sums.shape, [&sums, bias.as_ref().unwrap_or(&zero)], |[sum, bias]| Ok(sum.plus(bias)))?
        };
        Ok(values.into_iter().map(|value| self.activation.of(value)).collect())
    }
}

fn grouped(call: &mut Call) -> Outcome {
    let list = |name: &str| call.tensors(name).unwrap_or_default();
    for name in ["activationInputOptional", "activationQuantScaleOptional", "activationQuantOffsetOptional"] {
        if !list(name).is_empty() {
            return Err(Refusal::new(format!("acg does not compute this with `{name}`")));
        }
    }
    let x = call.tensors("x")?;
    let weights = Weights {
        weight: call.tensors("weight")?,
        bias: list("biasOptional"),
        scale: list("scaleOptional"),
        offset: list("offsetOptional"),
        antiquant_scale: list("antiquantScaleOptional"),
        antiquant_offset: list("antiquantOffsetOptional"),
        per_token: match list("perTokenScaleOptional") {
            [] => None,
            [scale] if matches!(x, [x] if height(x) == scale.values.len()) => Some(scale),
            _ => return Err(Refusal::new("there is one scale for each row of one tensor")),
        },
        activation: match call.int("actType")? {
            0 => Activation::None,
            1 => Activation::Relu,
            2 => Activation::GeluTanh,
            3 => Activation::GeluErf,
            4 => Activation::FastGelu,
            5 => Activation::Silu,
            kind => return Err(Refusal::new(format!("`actType` {kind} is none of 0 to 5"))),
        },
    };
    let dtype = call.result()?.dtype;
    let list = call.optional("groupListOptional")?;
    let results = match call.int("groupType")? {
        -1 if list.is_none() => {
            let each = x.iter().enumerate();
            each.map(|(group, x)| weights.product(call, x, group, 0, dtype)).collect::<Result<Vec<_>, _>>()?
        }
        0 => vec![by_rows(call, x, &weights, list, dtype)?],
        kind => {
            return Err(Refusal::new(format!("acg does not compute with `groupType` {kind} in this form")));
        }
    };
    give_list(call, results)
}

/// Rows of one tensor in groups, or those of a tensor for each group, in one result.
fn by_rows(
    call: &Call,
    x: &[Array],
    weights: &Weights<'_>,
    list: Option<&Array>,
    dtype: DType,
) -> Result<Vec<Number>, Refusal> {
    let mut values = Vec::new();
    if let [all] = x {
        let list = list.ok_or_else(|| Refusal::new("`groupType` 0 takes `groupListOptional`"))?;
        let mut start = 0;
        for (group, count) in groups(list, call.int("groupListType")?, height(all))? {
            if count > 0 {
                values.extend(weights.product(
                    call,
                    &rows(all, start, start + count)?,
                    group,
                    start,
                    dtype,
                )?);
            }
            start += count;
        }
        return Ok(values);
    }
    if let Some(list) = list {
        let most = x.iter().map(height).sum();
        let given = groups(list, call.int("groupListType")?, most)?;
        if !given.iter().map(|group| group.1).eq(x.iter().map(height)) {
            return Err(Refusal::new("`groupListOptional` does not fit the tensors"));
        }
    }
    for (group, x) in x.iter().enumerate() {
        values.extend(weights.product(call, x, group, 0, dtype)?);
    }
    Ok(values)
}

/// Gives the tensors of a result; what one has behind its last group is what it was.
fn give_list(call: &mut Call, results: Vec<Vec<Number>>) -> Outcome {
    let at = call.operator.parameter("out").map(|found| found.0);
    let places: Vec<&mut Place> =
        call.places.iter_mut().filter(|place| Some(place.parameter) == at).collect();
    if places.len() != results.len() {
        return Err(Refusal::new(format!("{} results do not fit {} groups", places.len(), results.len())));
    }
    for (place, values) in places.into_iter().zip(results) {
        if values.len() > place.len() {
            return Err(Refusal::new("a result is smaller than its groups"));
        }
        place.values = Some(values);
    }
    Ok(())
}

fn swiglu_quant(call: &mut Call) -> Outcome {
    call.nothing_besides(&["x", "weight", "weightScale", "xScale", "groupList"])?;
    let (x, weight, scale) = (call.tensor("x")?, call.tensor("weight")?, call.tensor("weightScale")?);
    if x.dtype != DType::I8 || weight.dtype != DType::I8 || weight.shape.len() != 3 {
        return Err(Refusal::new("acg computes this for `i8` tensors, the weight of three dimensions"));
    }
    let token_scale = call.tensor("xScale")?;
    if token_scale.values.len() != height(x) {
        return Err(Refusal::new("`xScale` has not one element for each row"));
    }
    let (mut out, mut scales) = (Vec::new(), Vec::new());
    let mut start = 0;
    for (group, count) in groups(call.tensor("groupList")?, 0, height(x))? {
        let own = rows(x, start, start + count)?;
        let weight = part(weight, group)?;
        let (shape, values) =
            product(call, &Matrices::of(&own, false, false), &Matrices::of(&weight, false, true))?;
        let sums = Array { dtype: DType::I32, shape, values };
        let token = Array {
            dtype: token_scale.dtype,
            shape: vec![count],
            values: token_scale.values[start..start + count].to_vec(),
        };
        let scaling =
            Scaling { scale: &part(scale, group)?, per_token: Some(&token), bias: None, offset: None };
        let products = scaling.apply(&sums, DType::F32)?;
        let length = sums.shape.last().copied().unwrap_or(0);
        let half = length / 2;
        let gated = products
            .chunks(length.max(1))
            .flat_map(|row| (0..half).map(|at| Number::Real(silu(row[at].real()) * row[at + half].real())));
        let gated = Array { dtype: DType::F32, shape: vec![count, half], values: gated.collect() };
        let (row, scale) = by_token(&gated, None, call.result()?.dtype)?;
        out.extend(row);
        scales.extend(scale);
        start += count;
    }
    call.give_start_of("output", out)?;
    call.give_start_of("outputScale", scales)
}
