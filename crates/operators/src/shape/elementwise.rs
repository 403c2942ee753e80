//! Shapes that are equal or broadcast.

use super::{Dims, Form, Outcome, Rule, Stop};
use crate::DType;
use crate::check::Call;

pub(super) static FORMS: &[Form] = &[
    Form { name: "same", arity: None, words: "{all} have one shape", check: same },
    Form { name: "broadcast", arity: None, words: "{>} has the broadcast shape of {*}", check: broadcast },
    Form { name: "broadcast_into", arity: None, words: "{*} broadcast to {>}", check: broadcast_into },
    Form {
        name: "same_elements",
        arity: Some(1),
        words: "{>} has as many elements as {0}",
        check: same_elements,
    },
    Form { name: "one_element", arity: None, words: "{*}: one element", check: one_element },
    Form { name: "rank", arity: None, words: "{rest}: {0} dimensions", check: rank },
    Form {
        name: "packed",
        arity: Some(1),
        words: "{>} has the shape of {0}, unless 4-bit values are packed into `i32`",
        check: packed,
    },
];

/// Every given tensor and every result has the shape of the first one that is known.
fn same(rule: &Rule<'_>) -> Outcome {
    let known = |index| rule.dims(index).ok().map(|dims| (index, dims));
    let Some((first, dims)) = (0..rule.given.len()).find_map(known) else { return Err(Stop::Unknown) };
    for (index, other) in (first + 1..rule.given.len()).filter_map(known) {
        if other != dims {
            let message = format!(
                "`{}` must have the shape of `{}`, {}, got {}",
                rule.name(index),
                rule.name(first),
                Dims::show(dims),
                Dims::show(other)
            );
            return Err(rule.breach(index, message));
        }
    }
    rule.results_are(dims, || format!("that of `{}`", rule.name(first)))
}

/// The shape that `a` and `b` broadcast to: aligned at the last dimension, extents equal or one of them 1.
pub(crate) fn broadcast_dims(a: &[u64], b: &[u64]) -> Result<Option<Dims>, Stop> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut dims = Dims::of(long)?;
    let offset = long.len() - short.len();
    for (extent, &other) in dims[offset..].iter_mut().zip(short) {
        match (*extent, other) {
            (1, _) => *extent = other,
            (x, y) if x == y || y == 1 => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(dims))
}

/// The broadcast shape of all given tensors; a breach where two do not go together.
fn broadcast_all(rule: &Rule<'_>) -> Result<Dims, Stop> {
    let mut dims = Dims::new();
    for index in 0..rule.given.len() {
        // An optional tensor that is not given takes no part; one of unknown shape leaves the result unknown.
        let at = rule.at(index)?;
        if rule.call.is_absent(at) {
            continue;
        }
        let other = rule.dims(index)?;
        dims = broadcast_dims(&dims, other)?.ok_or_else(|| {
            let before: Vec<String> = (0..index)
                .filter_map(|index| {
                    Some(format!("`{}` {}", rule.name(index), Dims::show(rule.dims(index).ok()?)))
                })
                .collect();
            let message = format!(
                "`{}` must broadcast with {}, got {}",
                rule.name(index),
                before.join(" and "),
                Dims::show(other)
            );
            Call::breach(at, message)
        })?;
    }
    Ok(dims)
}

fn broadcast(rule: &Rule<'_>) -> Outcome {
    let dims = broadcast_all(rule)?;
    rule.results_are(&dims, || {
        let names: Vec<String> =
            (0..rule.given.len()).map(|index| format!("`{}`", rule.name(index))).collect();
        format!("the broadcast of {}", names.join(" and "))
    })
}

/// Every given tensor broadcasts to the shape of the result, which it does not widen.
fn broadcast_into(rule: &Rule<'_>) -> Outcome {
    let &at = rule.results.first().ok_or(Stop::Unknown)?;
    let target = rule.call.tensor(at)?.dims;
    for index in 0..rule.given.len() {
        let Ok(dims) = rule.dims(index) else { continue };
        let fits = broadcast_dims(target, dims)?.is_some_and(|wide| *wide == *target);
        if !fits {
            let message = format!(
                "`{}` must broadcast to the shape of `{}`, {}, got {}",
                rule.name(index),
                rule.call.name(at),
                Dims::show(target),
                Dims::show(dims)
            );
            return Err(rule.breach(index, message));
        }
    }
    Ok(())
}

fn same_elements(rule: &Rule<'_>) -> Outcome {
    let count = |dims: &[u64]| dims.iter().try_fold(1_u64, |product, &extent| product.checked_mul(extent));
    let dims = rule.dims(0)?;
    for &at in rule.results {
        let Ok(result) = rule.call.tensor(at) else { continue };
        if count(dims) != count(result.dims) {
            let message = format!(
                "`{}` must have as many elements as `{}` {}, got {}",
                rule.call.name(at),
                rule.name(0),
                Dims::show(dims),
                Dims::show(result.dims)
            );
            return Err(Call::breach(at, message));
        }
    }
    Ok(())
}

fn one_element(rule: &Rule<'_>) -> Outcome {
    for index in 0..rule.given.len() {
        let Ok(dims) = rule.dims(index) else { continue };
        if dims.iter().any(|&extent| extent != 1) {
            let message = format!("`{}` must have one element, got {}", rule.name(index), Dims::show(dims));
            return Err(rule.breach(index, message));
        }
    }
    Ok(())
}

/// Arguments: the number of dimensions, then the tensors that have it.
fn rank(rule: &Rule<'_>) -> Outcome {
    let wanted = usize::try_from(rule.int(0)?).map_err(|_| Stop::Unknown)?;
    for index in 1..rule.given.len() {
        let Ok(dims) = rule.dims(index) else { continue };
        if dims.len() != wanted {
            let plural = if wanted == 1 { "" } else { "s" };
            let message = format!(
                "`{}` must have {wanted} dimension{plural}, got {}",
                rule.name(index),
                Dims::show(dims)
            );
            return Err(rule.breach(index, message));
        }
    }
    Ok(())
}

fn packed(rule: &Rule<'_>) -> Outcome {
    let is_i32 = |tensor: crate::Tensor<'_>| tensor.dtype == DType::I32;
    let mut results = rule.results.iter().filter_map(|&at| rule.call.tensor(at).ok());
    if is_i32(rule.tensor(0)?) || results.any(is_i32) { Err(Stop::Unknown) } else { same(rule) }
}
