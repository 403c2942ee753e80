//! Elements replaced or added to by index. Where indices repeat, the later element of the source wins.

use super::call::{Array, Call, Refusal};
use super::index::{along, pointed};
use super::shape::{Lines, axis, position};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnIndexAdd", index_add),
    ("aclnnIndexCopy", index_copy),
    ("aclnnInplaceIndexCopy", index_copy),
    ("aclnnIndexPutImpl", index_put),
    ("aclnnScatter", |call| scatter(call, "src")),
    ("aclnnInplaceScatter", |call| scatter(call, "src")),
    ("aclnnScatterValue", |call| scatter(call, "value")),
    ("aclnnInplaceScatterValue", |call| scatter(call, "value")),
    ("aclnnScatterAdd", |call| put(call, Some("src"), Number::plus)),
    ("aclnnScatterNd", scatter_nd),
    ("aclnnScatterNdUpdate", scatter_nd),
];

type Combine = fn(Number, Number) -> Number;

/// How `reduce` combines what is there with what comes.
fn combine(reduce: i64) -> Result<Combine, Refusal> {
    match reduce {
        0 => Ok(|_, new| new),
        1 => Ok(Number::plus),
        2 => Ok(Number::times),
        other => Err(Refusal::new(format!("`reduce` {other} is none of 0, 1 and 2"))),
    }
}

fn scatter(call: &mut Call, source: &str) -> Outcome {
    let combine = combine(call.int("reduce")?)?;
    put(call, (source == "src").then_some(source), combine)
}

fn slot(values: &mut [Number], index: usize) -> Result<&mut Number, Refusal> {
    values.get_mut(index).ok_or_else(|| Refusal::new("an index leaves its tensor"))
}

/// Combines elements of `source`, or the number `value`, into the first tensor.
fn put(call: &mut Call, source: Option<&str>, combine: Combine) -> Outcome {
    let (array, index) = (call.subject()?, call.tensor("index")?);
    let at = axis(call.int("dim")?, array.shape.len())?;
    let source = source.map(|name| call.tensor(name)).transpose()?;
    let number = if source.is_none() { call.number("value")? } else { Number::ZERO };
    let strides = source.map(|source| super::shape::strides(&source.shape));
    let own = super::shape::strides(&index.shape);
    let mut values = array.values.clone();
    along(&array.shape, at, index, |element, target| {
        let new = match (source, &strides) {
            (Some(source), Some(strides)) => {
                // The source may be larger than the indices; both start at the same corner.
                let places =
                    own.iter().zip(&index.shape).map(|(&own, &extent)| element / own.max(1) % extent.max(1));
                source.at(places.zip(strides).map(|(place, stride)| place * stride).sum())?
            }
            _ => number,
        };
        let slot = slot(&mut values, target)?;
        *slot = combine(*slot, new).to(array.dtype);
        Ok(())
    })?;
    call.give(values)
}

/// Rows of `source` combined into those that `index` names along `dim`.
fn rows(call: &mut Call, of: impl Fn(Number, Number) -> Number) -> Outcome {
    let (array, index, source) = (call.subject()?, call.tensor("index")?, call.tensor("source")?);
    let at = axis(call.int("dim")?, array.shape.len())?;
    let (lines, from) = (Lines::of(&array.shape, at), Lines::of(&source.shape, at));
    let mut values = array.values.clone();
    for outer in 0..lines.outer {
        for (number, &row) in index.values.iter().enumerate() {
            let row = position(row, lines.extent)?;
            for inner in 0..lines.inner {
                let slot = slot(&mut values, lines.index(outer, row, inner))?;
                *slot = of(*slot, source.at(from.index(outer, number, inner))?).to(array.dtype);
            }
        }
    }
    call.give(values)
}

fn index_add(call: &mut Call) -> Outcome {
    let alpha = call.number("alpha")?;
    rows(call, |old, new| old.plus(alpha.times(new)))
}

fn index_copy(call: &mut Call) -> Outcome {
    rows(call, |_, new| new)
}

/// Blocks of `source` combined into those of the tensor that start at `starts`.
fn blocks(
    array: &Array,
    starts: &[usize],
    block: usize,
    source: &Array,
    of: Combine,
) -> Result<Vec<Number>, Refusal> {
    let mut values = array.values.clone();
    let repeated = source.values.len() == 1;
    for (number, start) in starts.iter().enumerate() {
        for offset in 0..block {
            let new = source.at(if repeated { 0 } else { number * block + offset })?;
            let slot = slot(&mut values, start + offset)?;
            *slot = of(*slot, new).to(array.dtype);
        }
    }
    Ok(values)
}

fn index_put(call: &mut Call) -> Outcome {
    let array = call.subject()?;
    let (starts, block) = pointed(&array.shape, call.tensors("indices")?)?;
    let combine: Combine = if call.flag("accumulate")? { Number::plus } else { |_, new| new };
    let source = call.tensor("values")?;
    if source.values.len() != 1 && source.values.len() != starts.len() * block {
        return Err(Refusal::new("acg does not broadcast `values` here; give it in full"));
    }
    let values = blocks(array, &starts, block, source, combine)?;
    call.give(values)
}

fn scatter_nd(call: &mut Call) -> Outcome {
    let (array, indices, updates) = (call.subject()?, call.tensor("indices")?, call.tensor("updates")?);
    let depth = indices.shape.last().copied().unwrap_or(1);
    let strides = super::shape::strides(&array.shape);
    let mut starts = Vec::new();
    for tuple in indices.values.chunks_exact(depth.max(1)) {
        let mut start = 0;
        for ((&index, &extent), stride) in tuple.iter().zip(&array.shape).zip(&strides) {
            start += position(index, extent)? * stride;
        }
        starts.push(start);
    }
    let block = array.shape.get(depth..).map_or(1, |rest| rest.iter().product());
    let values = blocks(array, &starts, block, updates, |_, new| new)?;
    call.give(values)
}
