//! Sorting, and the choice of extremes with their indices. Equal elements keep their order; no number counts as the largest.

use std::cmp::Ordering;

use super::call::{Array, Call, Refusal};
use super::shape::{Lines, axis};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnArgMax", |call| first(call, true)),
    ("aclnnArgMin", |call| first(call, false)),
    ("aclnnArgsort", argsort),
    ("aclnnMaxDim", max_dim),
    ("aclnnSort", sort),
    ("aclnnTopk", topk),
];

/// The rows of one line, sorted.
pub(super) fn order(array: &Array, lines: Lines, line: (usize, usize), descending: bool) -> Vec<usize> {
    let at = |row: usize| array.values[lines.index(line.0, row, line.1)];
    let mut rows: Vec<usize> = (0..lines.extent).collect();
    rows.sort_by(|&a, &b| {
        let order: Ordering = at(a).sorted(at(b));
        if descending { order.reverse() } else { order }
    });
    rows
}

/// The `taken` first rows of every line in sorted order: their values and indices, with the line's extent cut to that.
fn sorted(
    array: &Array,
    dim: i64,
    descending: bool,
    taken: Option<usize>,
) -> Result<(Vec<Number>, Vec<Number>), Refusal> {
    let lines = Lines::of(&array.shape, axis(dim, array.shape.len())?);
    let taken = taken.unwrap_or(lines.extent);
    if taken > lines.extent {
        return Err(Refusal::new(format!("{taken} of {} elements cannot be chosen", lines.extent)));
    }
    let out = Lines { extent: taken, ..lines };
    let mut values = vec![Number::ZERO; out.outer * out.extent * out.inner];
    let mut indices = values.clone();
    for (outer, inner) in lines.each() {
        for (place, row) in
            order(array, lines, (outer, inner), descending).into_iter().take(taken).enumerate()
        {
            values[out.index(outer, place, inner)] = array.at(lines.index(outer, row, inner))?;
            indices[out.index(outer, place, inner)] = Number::Int(row as i128);
        }
    }
    Ok((values, indices))
}

fn first(call: &mut Call, largest: bool) -> Outcome {
    let (_, indices) = sorted(call.subject()?, call.int("dim")?, largest, Some(1))?;
    call.give(indices)
}

fn max_dim(call: &mut Call) -> Outcome {
    let (values, indices) = sorted(call.subject()?, call.int("dim")?, true, Some(1))?;
    call.give_to("indices", indices)?;
    call.give_to("out", values)
}

fn argsort(call: &mut Call) -> Outcome {
    let (_, indices) = sorted(call.subject()?, call.int("dim")?, call.flag("descending")?, None)?;
    call.give(indices)
}

fn sort(call: &mut Call) -> Outcome {
    let (values, indices) = sorted(call.subject()?, call.int("dim")?, call.flag("descending")?, None)?;
    call.give_to("indicesOut", indices)?;
    call.give_to("valuesOut", values)
}

fn topk(call: &mut Call) -> Outcome {
    let count = usize::try_from(call.int("k")?).map_err(|_| Refusal::new("`k` is negative"))?;
    let (values, indices) = sorted(call.subject()?, call.int("dim")?, call.flag("largest")?, Some(count))?;
    call.give_to("indicesOut", indices)?;
    call.give_to("valuesOut", values)
}
