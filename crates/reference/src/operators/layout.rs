//! Conversion, rearrangement, joining and cutting, and tensors made from attributes.

use super::call::{Array, Call, Refusal};
use super::shape::{Lines, axis, broadcast, count, map, position, strides};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnArange", arange),
    ("aclnnCast", same),
    ("aclnnCat", |call| cat(call, false)),
    ("aclnnStack", |call| cat(call, true)),
    ("aclnnConstantPadNd", pad),
    ("aclnnExpand", same),
    ("aclnnEye", eye),
    ("aclnnFlatten", flatten),
    ("aclnnLinspace", linspace),
    ("aclnnOneHot", one_hot),
    ("aclnnPermute", permute),
    ("aclnnRepeat", repeat),
    ("aclnnSlice", slice),
    ("aclnnSplitTensor", split),
    ("aclnnSplitWithSize", split),
    ("aclnnTril", |call| triangle(call, |row, column, diagonal| column - row <= diagonal)),
    ("aclnnInplaceTril", |call| triangle(call, |row, column, diagonal| column - row <= diagonal)),
    ("aclnnTriu", |call| triangle(call, |row, column, diagonal| column - row >= diagonal)),
    ("aclnnInplaceTriu", |call| triangle(call, |row, column, diagonal| column - row >= diagonal)),
    ("aclnnDropoutDoMask", dropout),
    ("aclnnInplaceCopy", |call| from(call, "src")),
    ("aclnnInplaceFillScalar", fill),
    ("aclnnInplaceFillTensor", |call| from(call, "value")),
    ("aclnnInplaceMaskedFillScalar", masked_fill),
    ("aclnnInplaceMaskedFillTensor", masked_fill),
    ("aclnnInplaceZero", |call| {
        let zeros = vec![Number::ZERO; call.result()?.len()];
        call.give(zeros)
    }),
];

/// The first tensor, broadcast and converted to the result.
fn same(call: &mut Call) -> Outcome {
    let values = map(&call.result()?.shape, [call.subject()?], |[x]| Ok(x))?;
    call.give(values)
}

/// The tensor given for `name`, broadcast and converted to the result.
fn from(call: &mut Call, name: &str) -> Outcome {
    let source = call.tensor(name)?;
    let shape = &call.result()?.shape;
    let values = match source.single() {
        Ok(value) => vec![value; count(shape)],
        Err(_) => map(shape, [source], |[x]| Ok(x))?,
    };
    call.give(values)
}

fn fill(call: &mut Call) -> Outcome {
    let values = vec![call.number("value")?; call.result()?.len()];
    call.give(values)
}

fn masked_fill(call: &mut Call) -> Outcome {
    let (array, mask) = (call.subject()?, call.tensor("mask")?);
    let value = match call.optional("value")? {
        Some(tensor) => tensor.single()?,
        None => call.number("value")?,
    };
    let values =
        map(&call.result()?.shape, [array, mask], |[x, mask]| Ok(if mask.holds() { value } else { x }))?;
    call.give(values)
}

/// `start + index · step`, exact for integers.
fn steps(start: Number, step: Number, count: usize) -> Vec<Number> {
    (0..count).map(|index| start.plus(step.times(Number::Int(index as i128)))).collect()
}

fn arange(call: &mut Call) -> Outcome {
    let values = steps(call.number("start")?, call.number("step")?, call.result()?.len());
    call.give(values)
}

fn linspace(call: &mut Call) -> Outcome {
    let (start, end, count) = (call.number("start")?, call.number("end")?, call.result()?.len());
    let parts = Number::Int(count.saturating_sub(1).max(1) as i128);
    let mut values = steps(Number::Real(start.real()), end.minus(start).over(parts), count);
    if let [_, .., last] = values.as_mut_slice() {
        *last = end;
    }
    call.give(values)
}

/// Tensors one after the other along a dimension, which is a new one if `stacked`.
fn cat(call: &mut Call, stacked: bool) -> Outcome {
    let arrays: Vec<&Array> = call.tensors("tensors")?.iter().filter(|array| array.shape != [0]).collect();
    let rank = arrays.first().map_or(0, |array| array.shape.len()) + usize::from(stacked);
    let at = axis(call.int("dim")?, rank)?;
    // A new dimension stands before the one at its place, so the runs are the same for both forms.
    let runs = arrays.iter().map(|array| Lines::of(&array.shape, at));
    let parts: Vec<(usize, usize)> = runs.map(|lines| (lines.outer, lines.extent * lines.inner)).collect();
    let outer = parts.first().map_or(0, |part| part.0);
    let mut values = Vec::with_capacity(call.result()?.len());
    for block in 0..outer {
        for (array, &(_, run)) in arrays.iter().zip(&parts) {
            let run = array.values.get(block * run..(block + 1) * run);
            values.extend(run.ok_or_else(|| Refusal::new("the tensors do not fit together"))?);
        }
    }
    call.give(values)
}

fn split(call: &mut Call) -> Outcome {
    let array = call.subject()?.clone();
    let at = axis(call.int("dim")?, array.shape.len())?;
    let lines = Lines::of(&array.shape, at);
    let mut from = 0;
    for place in 0..call.places.len() {
        let rows = call.places[place].shape.get(at).copied().unwrap_or(0);
        let mut values = Vec::new();
        for outer in 0..lines.outer {
            for row in from..from + rows {
                for inner in 0..lines.inner {
                    values.push(array.at(lines.index(outer, row, inner))?);
                }
            }
        }
        from += rows;
        call.give_at(place, values)?;
    }
    Ok(())
}

/// Calls `of` with the place of every element of a shape, in order.
pub(super) fn each_place(shape: &[usize], mut of: impl FnMut(&[usize]) -> Outcome) -> Outcome {
    let mut place = vec![0; shape.len()];
    for _ in 0..count(shape) {
        of(&place)?;
        for axis in (0..shape.len()).rev() {
            place[axis] += 1;
            if place[axis] < shape[axis] {
                break;
            }
            place[axis] = 0;
        }
    }
    Ok(())
}

/// The element of `array` at a place of its own, `None` outside of it.
fn element(array: &Array, place: impl Iterator<Item = i64>) -> Option<Number> {
    let mut index = 0;
    for ((at, &extent), stride) in place.zip(&array.shape).zip(strides(&array.shape)) {
        let at = usize::try_from(at).ok().filter(|&at| at < extent)?;
        index += at * stride;
    }
    array.values.get(index).copied()
}

/// A result whose element at each place is the first tensor's at `from` of it, or `otherwise`.
fn gathered(call: &mut Call, otherwise: Option<Number>, from: impl Fn(usize, i64) -> i64) -> Outcome {
    let (array, shape) = (call.subject()?, call.result()?.shape.clone());
    let added = shape.len().saturating_sub(array.shape.len());
    let mut values = Vec::with_capacity(count(&shape));
    each_place(&shape, |place| {
        let source = place.iter().enumerate().skip(added).map(|(axis, &at)| from(axis - added, at as i64));
        let found = element(array, source).or(otherwise);
        values.push(found.ok_or_else(|| Refusal::new("the result is larger than what it is made of"))?);
        Ok(())
    })?;
    call.give(values)
}

fn pad(call: &mut Call) -> Outcome {
    let (pads, value) = (call.ints("pad")?, call.number("value")?);
    let rank = call.subject()?.shape.len();
    let before = |axis: usize| pads.get(2 * (rank - 1 - axis)).copied().unwrap_or(0);
    gathered(call, Some(value), |axis, at| at.saturating_sub(before(axis)))
}

fn repeat(call: &mut Call) -> Outcome {
    let shape = call.subject()?.shape.clone();
    gathered(call, None, |axis, at| at % shape[axis].max(1) as i64)
}

fn slice(call: &mut Call) -> Outcome {
    let shape = &call.subject()?.shape;
    let dim = axis(call.int("dim")?, shape.len())?;
    let extent = shape.get(dim).copied().unwrap_or(1) as i64;
    let start = call.int("start")?;
    let start = if start < 0 { (start + extent).max(0) } else { start.min(extent) };
    let step = call.int("step")?;
    gathered(
        call,
        None,
        |axis, at| if axis == dim { start.saturating_add(at.saturating_mul(step)) } else { at },
    )
}

fn flatten(call: &mut Call) -> Outcome {
    let values = call.subject()?.values.clone();
    call.give(values)
}

fn permute(call: &mut Call) -> Outcome {
    let array = call.subject()?;
    let rank = array.shape.len();
    let order = call.ints("dims")?.iter().map(|&dim| axis(dim, rank)).collect::<Result<Vec<_>, _>>()?;
    let steps = strides(&array.shape);
    let shape: Vec<usize> = order.iter().map(|&at| array.shape.get(at).copied().unwrap_or(1)).collect();
    let mut values = Vec::with_capacity(array.values.len());
    each_place(&shape, |place| {
        let index =
            place.iter().zip(&order).map(|(at, &axis)| at * steps.get(axis).copied().unwrap_or(0)).sum();
        values.push(array.at(index)?);
        Ok(())
    })?;
    call.give(values)
}

fn eye(call: &mut Call) -> Outcome {
    let mut values = Vec::new();
    each_place(&call.result()?.shape, |place| {
        values.push(Number::truth(place.first() == place.get(1)));
        Ok(())
    })?;
    call.give(values)
}

/// Keeps of each matrix what `keeps` a row, a column and the diagonal.
fn triangle(call: &mut Call, keeps: fn(i64, i64, i64) -> bool) -> Outcome {
    let (array, diagonal) = (call.subject()?, call.int("diagonal")?);
    let [.., rows, columns] = *array.shape.as_slice() else {
        return Err(Refusal::new("a triangle has at least two dimensions"));
    };
    let values = array.values.iter().enumerate().map(|(index, &value)| {
        let (row, column) = (index / columns.max(1) % rows.max(1), index % columns.max(1));
        if keeps(row as i64, column as i64, diagonal) { value } else { Number::ZERO }
    });
    let values = values.collect();
    call.give(values)
}

fn one_hot(call: &mut Call) -> Outcome {
    let (indices, shape) = (call.subject()?, call.result()?.shape.clone());
    let (on, off) = (call.tensor("onValue")?.single()?, call.tensor("offValue")?.single()?);
    let at = axis(call.int("axis")?, indices.shape.len() + 1)?;
    let lines = Lines::of(&shape, at);
    let classes = lines.extent;
    if i64::try_from(classes) != Ok(call.int("numClasses")?)
        || count(&shape) != indices.values.len() * classes
    {
        return Err(Refusal::new("the result does not have a place for each class"));
    }
    let mut values = vec![off; count(&shape)];
    for (number, &index) in indices.values.iter().enumerate() {
        // A class that there is not is off everywhere.
        if let Ok(class) = position(index, classes)
            && index.int() >= 0
        {
            values[lines.index(number / lines.inner, class, number % lines.inner)] = on;
        }
    }
    call.give(values)
}

fn dropout(call: &mut Call) -> Outcome {
    let (array, mask, prob) = (call.tensor("self")?, call.tensor("mask")?, call.number("prob")?.real());
    let mut values = Vec::with_capacity(array.values.len());
    broadcast(&array.shape, [&array.shape], |[index]| {
        let bits = mask.at(index / 8)?.int();
        let kept = bits >> (index % 8) & 1 == 1;
        let scaled = Number::Real(array.at(index)?.real() / (1.0 - prob));
        values.push(if kept { scaled } else { Number::ZERO });
        Ok(())
    })?;
    call.give(values)
}
