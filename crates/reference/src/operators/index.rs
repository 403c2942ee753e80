//! Elements chosen by index.

use super::call::{Array, Call, Refusal};
use super::shape::{Lines, axis, broadcast, position};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnEmbedding", |call| take(call, "weight", "indices")),
    ("aclnnGather", gather),
    ("aclnnGatherV2", |call| take(call, "self", "index")),
    ("aclnnIndexSelect", |call| take(call, "self", "index")),
    ("aclnnIndex", chosen),
];

/// Slices along a dimension, one for each index.
fn take(call: &mut Call, source: &str, index: &str) -> Outcome {
    let (array, index) = (call.tensor(source)?, call.tensor(index)?);
    let dim = if call.operator.parameter("dim").is_some() { call.int("dim")? } else { 0 };
    let lines = Lines::of(&array.shape, axis(dim, array.shape.len())?);
    let mut values = Vec::with_capacity(call.result()?.len());
    for outer in 0..lines.outer {
        for &row in &index.values {
            let row = position(row, lines.extent)?;
            for inner in 0..lines.inner {
                values.push(array.at(lines.index(outer, row, inner))?);
            }
        }
    }
    call.give(values)
}

/// The index, in a tensor of `shape`, of the element that `index` names along `at` for each of its own elements.
pub(super) fn along(
    shape: &[usize],
    at: usize,
    index: &Array,
    mut of: impl FnMut(usize, usize) -> Outcome,
) -> Outcome {
    if shape.len() != index.shape.len() {
        return Err(Refusal::new("the indices have another number of dimensions than the tensor"));
    }
    let strides = super::shape::strides(shape);
    let mut number = 0;
    super::layout::each_place(&index.shape, |place| {
        let mut target = 0;
        for (dimension, &here) in place.iter().enumerate() {
            let here = if dimension == at { position(index.at(number)?, shape[dimension])? } else { here };
            if here >= shape[dimension] {
                return Err(Refusal::new("the indices are larger than the tensor"));
            }
            target += here * strides[dimension];
        }
        of(number, target)?;
        number += 1;
        Ok(())
    })
}

fn gather(call: &mut Call) -> Outcome {
    let (array, index) = (call.tensor("self")?, call.tensor("index")?);
    let at = axis(call.int("dim")?, array.shape.len())?;
    let mut values = Vec::with_capacity(index.values.len());
    along(&array.shape, at, index, |_, source| {
        values.push(array.at(source)?);
        Ok(())
    })?;
    call.give(values)
}

/// Where the broadcast of `indices` points, in blocks of the dimensions that they leave out.
pub(super) fn pointed(shape: &[usize], indices: &[Array]) -> Result<(Vec<usize>, usize), Refusal> {
    if indices
        .iter()
        .any(|index| matches!(index.dtype, acg_operators::DType::Bool | acg_operators::DType::U8))
    {
        return Err(Refusal::new("acg does not compute with masks as indices"));
    }
    let (Some(chosen), Some(rest)) = (shape.get(..indices.len()), shape.get(indices.len()..)) else {
        return Err(Refusal::new("there are more indices than dimensions"));
    };
    let mut common: Vec<usize> = Vec::new();
    for index in indices {
        if index.shape.len() > common.len() {
            common.splice(0..0, vec![1; index.shape.len() - common.len()]);
        }
        for (extent, &own) in common.iter_mut().rev().zip(index.shape.iter().rev()) {
            *extent = if *extent == 1 { own } else { *extent };
        }
    }
    let block: usize = rest.iter().product();
    let mut starts = Vec::new();
    let mut sums = vec![0usize; common.iter().product()];
    for ((index, &extent), stride) in indices.iter().zip(chosen).zip(super::shape::strides(shape)) {
        let mut number = 0;
        broadcast(&common, [&index.shape], |[element]| {
            sums[number] += position(index.at(element)?, extent)? * stride;
            number += 1;
            Ok(())
        })?;
    }
    starts.append(&mut sums);
    Ok((starts, block))
}

fn chosen(call: &mut Call) -> Outcome {
    let array = call.tensor("self")?;
    let (starts, block) = pointed(&array.shape, call.tensors("indices")?)?;
    let mut values: Vec<Number> = Vec::new();
    for start in starts {
        for offset in 0..block {
            values.push(array.at(start + offset)?);
        }
    }
    call.give(values)
}
