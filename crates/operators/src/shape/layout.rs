//! Tensors that are rearranged, joined, cut, or repeated.

use super::{Dims, Form, Outcome, Rule, Stop, resolve_axis};
use crate::Tensor;
use crate::check::Call;

pub(super) static FORMS: &[Form] = &[
    Form {
        name: "permute",
        arity: Some(2),
        words: "{>} is {0} with its dimensions in the order {1}",
        check: permute,
    },
    Form {
        name: "concat",
        arity: Some(2),
        words: "{>} is the elements of {0} joined along dimension {1}",
        check: concat,
    },
    Form {
        name: "stack",
        arity: Some(2),
        words: "{>} is the elements of {0}, all of one shape, along a new dimension {1}",
        check: stack,
    },
    Form {
        name: "split",
        arity: Some(3),
        words: "{>} are the parts of {0} of sizes {1} along dimension {2}",
        check: split,
    },
    Form {
        name: "expand",
        arity: Some(2),
        words: "{>} is {0} broadcast to {1}; -1 keeps an extent",
        check: expand,
    },
    Form {
        name: "repeat",
        arity: Some(2),
        words: "{>} is {0} repeated {1} times in each dimension",
        check: repeat,
    },
    Form {
        name: "slice",
        arity: Some(5),
        words: "{>} is {0} from {2} to {3} in steps of {4} along dimension {1}",
        check: slice,
    },
    Form {
        name: "pad",
        arity: Some(2),
        words: "{>} is {0} grown by {1}, a pair per dimension from the last",
        check: pad,
    },
    Form {
        name: "flatten",
        arity: Some(2),
        words: "{>} is {0} as a matrix, the dimensions before and from {1} on joined",
        check: flatten,
    },
];

fn permute(rule: &Rule<'_>) -> Outcome {
    let (dims, order) = (rule.dims(0)?, rule.ints(1)?);
    let mut expected = Dims::new();
    let mut seen = [false; 64];
    for &axis in order {
        let at = resolve_axis(axis, dims.len()).filter(|&at| at < dims.len());
        let fresh = at.and_then(|at| seen.get_mut(at)).is_some_and(|slot| !std::mem::replace(slot, true));
        match at {
            Some(at) if fresh => expected.push(dims[at])?,
            _ => return Err(no_order(rule, dims, order)),
        }
    }
    if order.len() != dims.len() {
        return Err(no_order(rule, dims, order));
    }
    rule.results_are(&expected, || format!("`{}` {} in the order {order:?}", rule.name(0), Dims::show(dims)))
}

fn no_order(rule: &Rule<'_>, dims: &[u64], order: &[i64]) -> Stop {
    let message = format!(
        "`{}` must list each of the {} dimensions of `{}` once, got {order:?}",
        rule.name(1),
        dims.len(),
        rule.name(0)
    );
    rule.breach(1, message)
}

/// The elements of a list; unknown where one of them is.
fn elements<'a>(
    rule: &Rule<'a>,
    index: usize,
) -> Result<impl Iterator<Item = Tensor<'a>> + Clone + use<'a>, Stop> {
    let list = rule.tensors(index)?;
    if list.iter().any(Option::is_none) {
        return Err(Stop::Unknown);
    }
    Ok(list.iter().copied().flatten())
}

fn concat(rule: &Rule<'_>) -> Outcome {
    // An empty vector joins with anything, as in PyTorch.
    let mut parts = elements(rule, 0)?.enumerate().filter(|(_, part)| part.dims != [0]);
    let Some((_, first)) = parts.next() else { return Err(Stop::Unknown) };
    let at = rule.axis(1, first.dims.len())?;
    let mut expected = Dims::of(first.dims)?;
    for (position, part) in parts {
        let fits = part.dims.len() == first.dims.len()
            && part.dims.iter().zip(first.dims).enumerate().all(|(axis, (a, b))| axis == at || a == b);
        if !fits {
            let message = format!(
                "element {position} of `{}` must agree with {} outside dimension {at}, got {}",
                rule.name(0),
                Dims::show(first.dims),
                Dims::show(part.dims)
            );
            return Err(rule.breach(0, message));
        }
        if let (Some(sum), Some(&extent)) = (expected.get_mut(at), part.dims.get(at)) {
            *sum = sum.checked_add(extent).ok_or(Stop::Unknown)?;
        }
    }
    rule.results_are(&expected, || format!("`{}` joined along dimension {at}", rule.name(0)))
}

fn stack(rule: &Rule<'_>) -> Outcome {
    let mut parts = elements(rule, 0)?;
    let count = parts.clone().count() as u64;
    let Some(first) = parts.next() else { return Err(Stop::Unknown) };
    if let Some((position, part)) = (1..).zip(parts).find(|(_, part)| part.dims != first.dims) {
        let message = format!(
            "element {position} of `{}` must have shape {}, got {}",
            rule.name(0),
            Dims::show(first.dims),
            Dims::show(part.dims)
        );
        return Err(rule.breach(0, message));
    }
    let at = rule.axis(1, first.dims.len() + 1)?;
    let mut expected = Dims::of(&first.dims[..at])?;
    expected.push(count)?;
    expected.extend(&first.dims[at..])?;
    rule.results_are(&expected, || format!("{count} of {} stacked", Dims::show(first.dims)))
}

/// Arguments: tensor, one size or a list of sizes, dimension.
fn split(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let at = rule.axis(2, dims.len())?;
    let &whole = dims.get(at).ok_or(Stop::Unknown)?;
    let &out = rule.results.first().ok_or(Stop::Unknown)?;
    let parts = rule.call.tensors(out)?;
    let wrong = |message| Err(Call::breach(out, message));
    if let Ok(sizes) = rule.ints(1) {
        let total = sizes.iter().try_fold(0_u64, |sum, &size| sum.checked_add(u64::try_from(size).ok()?));
        if total != Some(whole) {
            let message = format!(
                "`{}` must add up to {whole}, the extent of dimension {at} of `{}`, got {sizes:?}",
                rule.name(1),
                rule.name(0)
            );
            return Err(rule.breach(1, message));
        }
        if sizes.len() != parts.len() {
            return wrong(format!(
                "`{}` must have {} tensors, got {}",
                rule.call.name(out),
                sizes.len(),
                parts.len()
            ));
        }
        let sizes = sizes.iter().map(|&size| size.unsigned_abs());
        return parts_are(rule, (out, parts), (dims, at), sizes);
    }
    let size = match u64::try_from(rule.int(1)?) {
        Ok(size) if size > 0 => size,
        _ => return Err(rule.breach(1, format!("`{}` must be positive, got {}", rule.name(1), rule.int(1)?))),
    };
    let count = whole.div_ceil(size);
    if parts.len() as u64 != count {
        return wrong(format!("`{}` must have {count} tensors, got {}", rule.call.name(out), parts.len()));
    }
    let sizes = (0..count).map(|part| size.min(whole - part * size));
    parts_are(rule, (out, parts), (dims, at), sizes)
}

fn parts_are(
    rule: &Rule<'_>,
    (out, parts): (usize, &[Option<Tensor<'_>>]),
    (dims, at): (&[u64], usize),
    sizes: impl Iterator<Item = u64>,
) -> Outcome {
    for (position, (part, size)) in parts.iter().zip(sizes).enumerate() {
        let Some(part) = part else { continue };
        let mut expected = Dims::of(dims)?;
        expected[at] = size;
        if *part.dims != *expected {
            let message = format!(
                "element {position} of `{}` must have shape {}, got {}",
                rule.call.name(out),
                Dims::show(&expected),
                Dims::show(part.dims)
            );
            return Err(Call::breach(out, message));
        }
    }
    Ok(())
}

fn expand(rule: &Rule<'_>) -> Outcome {
    let (dims, size) = (rule.dims(0)?, rule.ints(1)?);
    let impossible = || {
        let message = format!(
            "`{}` must be a shape that `{}` {} broadcasts to, got {size:?}",
            rule.name(1),
            rule.name(0),
            Dims::show(dims)
        );
        rule.breach(1, message)
    };
    let added = size.len().checked_sub(dims.len()).ok_or_else(impossible)?;
    let mut expected = Dims::new();
    for (axis, &wanted) in size.iter().enumerate() {
        let old = axis.checked_sub(added).map(|axis| dims[axis]);
        let extent = match (u64::try_from(wanted).ok(), old) {
            (Some(wanted), None | Some(1)) => wanted,
            (Some(wanted), Some(old)) if wanted == old => old,
            (None, Some(old)) if wanted == -1 => old,
            _ => return Err(impossible()),
        };
        expected.push(extent)?;
    }
    rule.results_are(&expected, || format!("`{}` {} expanded to {size:?}", rule.name(0), Dims::show(dims)))
}

fn repeat(rule: &Rule<'_>) -> Outcome {
    let (dims, repeats) = (rule.dims(0)?, rule.ints(1)?);
    let Some(added) = repeats.len().checked_sub(dims.len()) else {
        let message = format!(
            "`{}` must have a number for each of the {} dimensions of `{}`, got {repeats:?}",
            rule.name(1),
            dims.len(),
            rule.name(0)
        );
        return Err(rule.breach(1, message));
    };
    let mut expected = Dims::new();
    for (axis, &times) in repeats.iter().enumerate() {
        let old = axis.checked_sub(added).map_or(1, |axis| dims[axis]);
        let times = u64::try_from(times).map_err(|_| {
            rule.breach(1, format!("`{}` must not be negative, got {repeats:?}", rule.name(1)))
        })?;
        expected.push(old.checked_mul(times).ok_or(Stop::Unknown)?)?;
    }
    rule.results_are(&expected, || format!("`{}` {} repeated {repeats:?}", rule.name(0), Dims::show(dims)))
}

/// Arguments: tensor, dimension, start, end, step.
fn slice(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let at = rule.axis(1, dims.len())?;
    let &extent = dims.get(at).ok_or(Stop::Unknown)?;
    let step = match u64::try_from(rule.int(4)?) {
        Ok(step) if step > 0 => step,
        _ => return Err(rule.breach(4, format!("`{}` must be positive, got {}", rule.name(4), rule.int(4)?))),
    };
    // Bounds count from the end when negative and are clamped, as in Python.
    let bound = |value: i64| match u64::try_from(value) {
        Ok(value) => value.min(extent),
        Err(_) => extent.saturating_sub(value.unsigned_abs()),
    };
    let (start, end) = (bound(rule.int(2)?), bound(rule.int(3)?));
    let mut expected = Dims::of(dims)?;
    expected[at] = end.saturating_sub(start).div_ceil(step);
    rule.results_are(&expected, || {
        format!("{start}..{end} of dimension {at} of `{}` {}", rule.name(0), Dims::show(dims))
    })
}

fn pad(rule: &Rule<'_>) -> Outcome {
    let (dims, padding) = (rule.dims(0)?, rule.ints(1)?);
    if padding.len() % 2 != 0 || padding.len() > 2 * dims.len() {
        let message = format!(
            "`{}` must have a pair for each of at most {} dimensions, got {padding:?}",
            rule.name(1),
            dims.len()
        );
        return Err(rule.breach(1, message));
    }
    let mut expected = Dims::of(dims)?;
    for (extent, pair) in expected.iter_mut().rev().zip(padding.chunks_exact(2)) {
        let grown = i128::from(*extent) + i128::from(pair[0]) + i128::from(pair[1]);
        *extent = u64::try_from(grown).map_err(|_| {
            rule.breach(1, format!("`{}` must not cut more than there is, got {padding:?}", rule.name(1)))
        })?;
    }
    rule.results_are(&expected, || format!("`{}` {} padded by {padding:?}", rule.name(0), Dims::show(dims)))
}

fn flatten(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let axis = rule.int(1)?;
    let rank = i64::try_from(dims.len()).map_err(|_| Stop::Unknown)?;
    let at = if axis < 0 { axis + rank } else { axis };
    let Some((before, after)) = usize::try_from(at).ok().and_then(|at| dims.split_at_checked(at)) else {
        return Err(rule.breach(1, format!("`{}` must be from -{rank} to {rank}, got {axis}", rule.name(1))));
    };
    let product = |part: &[u64]| part.iter().try_fold(1_u64, |product, &extent| product.checked_mul(extent));
    let expected = [product(before).ok_or(Stop::Unknown)?, product(after).ok_or(Stop::Unknown)?];
    rule.results_are(&expected, || format!("`{}` {} as a matrix", rule.name(0), Dims::show(dims)))
}
