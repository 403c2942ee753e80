//! Shapes, axes, and walking several tensors at once.

use super::call::{Array, Refusal};
use crate::number::Number;

/// How many elements a shape has.
pub(super) fn count(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// Distances between neighbours in each dimension of a row-major tensor.
pub(super) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}

/// `axis` counted from the front; a scalar has the axes of a vector.
pub(super) fn axis(axis: i64, rank: usize) -> Result<usize, Refusal> {
    let rank = rank.max(1) as i64;
    if (-rank..rank).contains(&axis) {
        return Ok(axis.rem_euclid(rank) as usize);
    }
    Err(Refusal::new(format!("dimension {axis} is none of {rank}")))
}

/// A tensor as `outer` blocks of `extent` rows of `inner` elements, about one dimension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    pub(super) outer: usize,
    pub(super) extent: usize,
    pub(super) inner: usize,
}

impl Lines {
    /// About dimension `at` of a shape.
    pub(super) fn of(shape: &[usize], at: usize) -> Self {
        let (before, rest) = shape.split_at(at.min(shape.len()));
        match rest.split_first() {
            Some((&extent, after)) => Self { outer: count(before), extent, inner: count(after) },
            None => Self { outer: count(before), extent: 1, inner: 1 },
        }
    }

    /// The index of an element.
    pub(super) fn index(self, outer: usize, at: usize, inner: usize) -> usize {
        (outer * self.extent + at) * self.inner + inner
    }

    /// The indices of each line along the dimension.
    pub(super) fn each(self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.outer).flat_map(move |outer| (0..self.inner).map(move |inner| (outer, inner)))
    }
}

/// Calls `each` with the indices, in tensors of `operands` shapes, of every element of `shape` that they broadcast to.
pub(super) fn broadcast<const N: usize>(
    shape: &[usize],
    operands: [&[usize]; N],
    mut each: impl FnMut([usize; N]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut steps = vec![[0; N]; shape.len()];
    for (number, operand) in operands.into_iter().enumerate() {
        let misfit = || Refusal::new(format!("{operand:?} does not broadcast to {shape:?}"));
        let added = shape.len().checked_sub(operand.len()).ok_or_else(misfit)?;
        for (axis, (&extent, stride)) in operand.iter().zip(strides(operand)).enumerate() {
            match extent {
                extent if extent == shape[added + axis] => steps[added + axis][number] = stride,
                1 => {}
                _ => return Err(misfit()),
            }
        }
    }
    let mut place = vec![0; shape.len()];
    let mut indices = [0; N];
    for _ in 0..count(shape) {
        each(indices)?;
        for axis in (0..shape.len()).rev() {
            place[axis] += 1;
            for (index, step) in indices.iter_mut().zip(steps[axis]) {
                *index += step;
            }
            if place[axis] < shape[axis] {
                break;
            }
            for (index, step) in indices.iter_mut().zip(steps[axis]) {
                *index -= step * place[axis];
            }
            place[axis] = 0;
        }
    }
    Ok(())
}

/// `of` applied to every element of `shape`, with the operands broadcast to it.
pub(super) fn map<const N: usize>(
    shape: &[usize],
    operands: [&Array; N],
    of: impl Fn([Number; N]) -> Result<Number, Refusal>,
) -> Result<Vec<Number>, Refusal> {
    let mut values = Vec::with_capacity(count(shape));
    broadcast(shape, operands.map(|operand| operand.shape.as_slice()), |indices| {
        let mut elements = [Number::ZERO; N];
        for ((element, operand), index) in elements.iter_mut().zip(operands).zip(indices) {
            *element = operand.at(index)?;
        }
        values.push(of(elements)?);
        Ok(())
    })?;
    Ok(values)
}

/// An index that a tensor holds, counted from the front of `extent` elements; negative ones count from the end.
pub(super) fn position(index: Number, extent: usize) -> Result<usize, Refusal> {
    let value = index.int();
    let from_front = if value < 0 { value + extent as i128 } else { value };
    match usize::try_from(from_front) {
        Ok(position) if position < extent => Ok(position),
        _ => Err(Refusal::new(format!("index {value} is outside of {extent} elements"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcasting_repeats_extents_of_one() {
        let mut seen = Vec::new();
        broadcast(&[2, 3], [&[3], &[2, 1]], |pair| {
            seen.push(pair);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]);
        assert!(broadcast(&[2, 3], [&[2]], |_| Ok(())).is_err());
        let mut calls = 0;
        broadcast(&[], [&[]], |_| {
            calls += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(calls, 1);
    }

    #[test]
    fn lines_cover_a_tensor() {
        let lines = Lines::of(&[2, 3, 4], 1);
        assert_eq!((lines.outer, lines.extent, lines.inner), (2, 3, 4));
        assert_eq!(lines.each().count(), 8);
        assert_eq!(lines.index(1, 2, 3), 23);
        let scalar = Lines::of(&[], 0);
        assert_eq!((scalar.outer, scalar.extent, scalar.inner), (1, 1, 1));
    }

    #[test]
    fn indices_count_from_both_ends_and_stay_inside() {
        assert_eq!(position(Number::Int(-1), 4), Ok(3));
        assert!(position(Number::Int(4), 4).is_err() && position(Number::Int(-5), 4).is_err());
        assert!(axis(2, 2).is_err());
        assert_eq!(axis(-1, 3), Ok(2));
        assert_eq!(axis(0, 0), Ok(0));
    }
}
