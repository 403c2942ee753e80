//! Elements chosen by index tensors.

use super::{Dims, Form, Outcome, Rule, Stop};

pub(super) static FORMS: &[Form] = &[
    Form {
        name: "take",
        arity: Some(3),
        words: "{>} is {0} with dimension {1} replaced by the shape of {2}",
        check: take,
    },
    Form {
        name: "gather",
        arity: Some(3),
        words: "{>} has the shape of {2}, which is no larger than {0} outside dimension {1}",
        check: gather,
    },
    Form {
        name: "scatter",
        arity: Some(4),
        words: "{2} is no larger than {3}, nor than {0} outside dimension {1}",
        check: scatter,
    },
    Form { name: "put", arity: Some(4), words: "{3} is {0} with dimension {1} as long as {2}", check: put },
    Form {
        name: "scatter_nd",
        arity: Some(3),
        words: "{2} is the shape of {1} without its last dimension, then the dimensions of {0} that it does not address",
        check: scatter_nd,
    },
    Form {
        name: "one_hot",
        arity: Some(3),
        words: "{>} is {0} with a dimension of {1} inserted at {2}",
        check: one_hot,
    },
    Form {
        name: "select",
        arity: Some(3),
        words: "{>} is {0} with dimension {1} as long as {2}",
        check: select,
    },
];

/// Arguments: tensor, dimension, indices.
fn take(rule: &Rule<'_>) -> Outcome {
    let (dims, index) = (rule.dims(0)?, rule.dims(2)?);
    let at = rule.axis(1, dims.len())?;
    let mut expected = Dims::of(dims.get(..at).unwrap_or_default())?;
    expected.extend(index)?;
    expected.extend(dims.get(at + 1..).unwrap_or_default())?;
    rule.results_are(&expected, || {
        format!("`{}` {} at `{}` {}", rule.name(0), Dims::show(dims), rule.name(2), Dims::show(index))
    })
}

/// Arguments: tensor, dimension, vector of indices.
fn select(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let expected = with_count(rule)?;
    rule.results_are(&expected, || format!("`{}` {} at `{}`", rule.name(0), Dims::show(dims), rule.name(2)))
}

/// The tensor's shape with the dimension as long as the vector of indices; a single index counts as a vector of one.
fn with_count(rule: &Rule<'_>) -> Result<Dims, Stop> {
    let (dims, index) = (rule.dims(0)?, rule.dims(2)?);
    let at = rule.axis(1, dims.len())?;
    let count = match index {
        [] => 1,
        [count] => *count,
        _ => {
            let message = format!("`{}` must be a vector, got {}", rule.name(2), Dims::show(index));
            return Err(rule.breach(2, message));
        }
    };
    let mut expected = Dims::of(dims)?;
    if let Some(extent) = expected.get_mut(at) {
        *extent = count;
    }
    Ok(expected)
}

/// Whether `part` fits into `whole`, dimension `free` not counted.
fn fits_into(part: &[u64], whole: &[u64], free: Option<usize>) -> bool {
    part.len() == whole.len()
        && part.iter().zip(whole).enumerate().all(|(axis, (part, whole))| Some(axis) == free || part <= whole)
}

fn index_too_large(rule: &Rule<'_>, other: usize, index: &[u64], dims: &[u64]) -> Stop {
    let message = format!(
        "`{}` must have as many dimensions as `{}` {} and fit into it, got {}",
        rule.name(2),
        rule.name(other),
        Dims::show(dims),
        Dims::show(index)
    );
    rule.breach(2, message)
}

/// Arguments: tensor, dimension, indices.
fn gather(rule: &Rule<'_>) -> Outcome {
    let (dims, index) = (rule.dims(0)?, rule.dims(2)?);
    let at = rule.axis(1, dims.len())?;
    if !fits_into(index, dims, Some(at)) && !index.contains(&0) {
        return Err(index_too_large(rule, 0, index, dims));
    }
    rule.results_are(index, || format!("that of `{}`", rule.name(2)))
}

/// Arguments: tensor, dimension, indices, source.
fn scatter(rule: &Rule<'_>) -> Outcome {
    let (dims, index, source) = (rule.dims(0)?, rule.dims(2)?, rule.dims(3)?);
    let at = rule.axis(1, dims.len())?;
    if index.contains(&0) {
        return Ok(());
    }
    if !fits_into(index, dims, Some(at)) {
        return Err(index_too_large(rule, 0, index, dims));
    }
    if !fits_into(index, source, None) {
        return Err(index_too_large(rule, 3, index, source));
    }
    Ok(())
}

/// Arguments: tensor, dimension, vector of indices, source.
fn put(rule: &Rule<'_>) -> Outcome {
    let (dims, source) = (rule.dims(0)?, rule.dims(3)?);
    let expected = with_count(rule)?;
    if *source != *expected {
        let message = format!(
            "`{}` must have shape {} (`{}` {} as long as `{}`), got {}",
            rule.name(3),
            Dims::show(&expected),
            rule.name(0),
            Dims::show(dims),
            rule.name(2),
            Dims::show(source)
        );
        return Err(rule.breach(3, message));
    }
    Ok(())
}

/// Arguments: tensor, indices, updates.
fn scatter_nd(rule: &Rule<'_>) -> Outcome {
    let (dims, index, updates) = (rule.dims(0)?, rule.dims(1)?, rule.dims(2)?);
    let depth =
        index.last().and_then(|&depth| usize::try_from(depth).ok()).filter(|&depth| depth <= dims.len());
    let (Some(depth), Some((_, batch))) = (depth, index.split_last()) else {
        let message = format!(
            "`{}` must end in a dimension of at most {}, the rank of `{}`, got {}",
            rule.name(1),
            dims.len(),
            rule.name(0),
            Dims::show(index)
        );
        return Err(rule.breach(1, message));
    };
    let mut expected = Dims::of(batch)?;
    expected.extend(&dims[depth..])?;
    if *updates != *expected {
        let message = format!(
            "`{}` must have shape {}, got {}",
            rule.name(2),
            Dims::show(&expected),
            Dims::show(updates)
        );
        return Err(rule.breach(2, message));
    }
    Ok(())
}

/// Arguments: tensor, number of classes, where the new dimension goes (-1: last).
fn one_hot(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let at = rule.axis(2, dims.len() + 1)?;
    let classes = u64::try_from(rule.int(1)?).map_err(|_| Stop::Unknown)?;
    let mut expected = Dims::of(&dims[..at])?;
    expected.push(classes)?;
    expected.extend(&dims[at..])?;
    rule.results_are(&expected, || format!("`{}` {} with {classes} classes", rule.name(0), Dims::show(dims)))
}
