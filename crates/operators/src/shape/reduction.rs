//! Reductions over dimensions, and results that shorten one dimension.

use super::{Dims, Form, Outcome, Rule, Stop, out_of_range, resolve_axis};

pub(super) static FORMS: &[Form] = &[
    Form {
        name: "reduce",
        arity: Some(3),
        words: "{>} is {0} with the dimensions {1} removed (kept as 1 if {2}); none given means all",
        check: reduce,
    },
    Form { name: "reduce_all", arity: Some(1), words: "{>} is a scalar", check: reduce_all },
    Form { name: "axis", arity: Some(2), words: "{1} is a dimension of {0}", check: axis },
    Form {
        name: "with_extent",
        arity: Some(3),
        words: "{>} is {0} with extent {2} in dimension {1}",
        check: with_extent,
    },
    Form {
        name: "halved",
        arity: Some(2),
        words: "{>} is {0} with half the extent in dimension {1}",
        check: halved,
    },
];

/// Arguments: tensor, one dimension or a list, whether to keep it as 1.
fn reduce(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let keep = rule.flag(2)?;
    let rank = dims.len();
    let mut dropped = [false; 64];
    let dropped = dropped.get_mut(..rank).ok_or(Stop::Unknown)?;
    if let Ok(axes) = rule.ints(1) {
        dropped.fill(axes.is_empty());
        for &axis in axes {
            let at = resolve_axis(axis, rank)
                .ok_or_else(|| rule.breach(1, out_of_range(rule.name(1), axis, rank)))?;
            // A scalar accepts an axis that it does not have.
            if let Some(slot) = dropped.get_mut(at) {
                *slot = true;
            }
        }
    } else {
        let at = rule.axis(1, rank)?;
        if let Some(slot) = dropped.get_mut(at) {
            *slot = true;
        }
    }
    let mut expected = Dims::new();
    for (&extent, &gone) in dims.iter().zip(dropped.iter()) {
        if keep {
            expected.push(if gone { 1 } else { extent })?;
        } else if !gone {
            expected.push(extent)?;
        }
    }
    rule.results_are(&expected, || format!("`{}` {} reduced", rule.name(0), Dims::show(dims)))
}

fn reduce_all(rule: &Rule<'_>) -> Outcome {
    // One element in any number of dimensions serves as a scalar.
    for &at in rule.results {
        let Ok(tensor) = rule.call.tensor(at) else { continue };
        if tensor.dims.iter().any(|&extent| extent != 1) {
            let message =
                format!("`{}` must be a scalar, got {}", rule.call.name(at), Dims::show(tensor.dims));
            return Err(crate::check::Call::breach(at, message));
        }
    }
    Ok(())
}

fn axis(rule: &Rule<'_>) -> Outcome {
    rule.axis(1, rule.dims(0)?.len()).map(|_| ())
}

/// Arguments: tensor, dimension, its new extent.
fn with_extent(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let at = rule.axis(1, dims.len())?;
    let wanted = rule.int(2)?;
    let mut expected = Dims::of(dims)?;
    let Some(extent) = expected.get_mut(at) else { return Err(Stop::Unknown) };
    match u64::try_from(wanted) {
        Ok(wanted) if wanted <= *extent => *extent = wanted,
        _ => {
            let message = format!(
                "`{}` must be from 0 to {extent}, the extent of dimension {at} of `{}`, got {wanted}",
                rule.name(2),
                rule.name(0)
            );
            return Err(rule.breach(2, message));
        }
    }
    rule.results_are(&expected, || format!("`{}` with {wanted} in dimension {at}", rule.name(0)))
}

/// Arguments: tensor, dimension.
fn halved(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let at = rule.axis(1, dims.len())?;
    let mut expected = Dims::of(dims)?;
    let Some(extent) = expected.get_mut(at) else { return Err(Stop::Unknown) };
    if *extent % 2 != 0 {
        let message = format!(
            "`{}` must have an even extent in dimension {at}, got {}",
            rule.name(0),
            Dims::show(dims)
        );
        return Err(rule.breach(0, message));
    }
    *extent /= 2;
    rule.results_are(&expected, || {
        format!("half of `{}` {} in dimension {at}", rule.name(0), Dims::show(dims))
    })
}
