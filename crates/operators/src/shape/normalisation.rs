//! Scales and statistics of normalisations and of quantisation per token.

use super::{Dims, Form, Outcome, Rule, Stop};
use crate::check::Call;

pub(super) static FORMS: &[Form] = &[
    Form { name: "trailing", arity: Some(1), words: "{>} have the last dimensions of {0}", check: trailing },
    Form {
        name: "normalised",
        arity: Some(2),
        words: "{1} lists the last extents of {0}, which {>} have",
        check: normalised,
    },
    Form {
        name: "channel",
        arity: Some(2),
        words: "{>} are vectors over dimension {1} of {0}",
        check: channel,
    },
    Form {
        name: "statistic",
        arity: Some(2),
        words: "{>} is {0} with 1 for each dimension of {1}, or without these",
        check: statistic,
    },
    Form {
        name: "per_token",
        arity: Some(1),
        words: "{>} is {0} without its last dimension",
        check: per_token,
    },
];

fn is_tail(whole: &[u64], tail: &[u64]) -> bool {
    whole.ends_with(tail)
}

fn trailing(rule: &Rule<'_>) -> Outcome {
    tails(rule, rule.dims(0)?, rule.results)
}

fn tails(rule: &Rule<'_>, dims: &[u64], results: &[usize]) -> Outcome {
    for &at in results {
        let Ok(tensor) = rule.call.tensor(at) else { continue };
        if tensor.dims.is_empty() || !is_tail(dims, tensor.dims) {
            let message = format!(
                "`{}` must have the last dimensions of `{}` {}, got {}",
                rule.call.name(at),
                rule.name(0),
                Dims::show(dims),
                Dims::show(tensor.dims)
            );
            return Err(Call::breach(at, message));
        }
    }
    Ok(())
}

/// Arguments: tensor, list of its last extents.
fn normalised(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let mut tail = Dims::new();
    for &extent in rule.ints(1)? {
        tail.push(u64::try_from(extent).map_err(|_| Stop::Unknown)?)?;
    }
    if tail.is_empty() || !is_tail(dims, &tail) {
        let message = format!(
            "`{}` must list the last extents of `{}` {}, got {}",
            rule.name(1),
            rule.name(0),
            Dims::show(dims),
            Dims::show(&tail)
        );
        return Err(rule.breach(1, message));
    }
    rule.results_are(&tail, || format!("that of `{}`", rule.name(1)))
}

/// Arguments: tensor, its channel dimension.
fn channel(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let at = usize::try_from(rule.int(1)?).map_err(|_| Stop::Unknown)?;
    let Some(&extent) = dims.get(at) else {
        let message =
            format!("`{}` must have more than {at} dimension(s), got {}", rule.name(0), Dims::show(dims));
        return Err(rule.breach(0, message));
    };
    rule.results_are(&[extent], || {
        format!("one value per channel of `{}` {}", rule.name(0), Dims::show(dims))
    })
}

/// Arguments: tensor, and the scale, or the list of extents, that it is normalised over.
fn statistic(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let reduced = rule.dims(1).map(<[u64]>::len).or_else(|_| rule.ints(1).map(<[i64]>::len))?;
    let kept = dims.len().checked_sub(reduced).ok_or(Stop::Unknown)?;
    let mut expected = Dims::of(dims)?;
    expected[kept..].fill(1);
    // The reference leaves open whether the normalised dimensions stay as 1.
    let dropped = |&at: &usize| rule.call.tensor(at).is_ok_and(|tensor| tensor.dims == &expected[..kept]);
    if rule.results.iter().all(dropped) {
        return Ok(());
    }
    rule.results_are(&expected, || {
        format!("one value per normalised part of `{}` {}", rule.name(0), Dims::show(dims))
    })
}

fn per_token(rule: &Rule<'_>) -> Outcome {
    let dims = rule.dims(0)?;
    let Some((_, tokens)) = dims.split_last() else {
        return Err(
            rule.breach(0, format!("`{}` must have at least one dimension, got a scalar", rule.name(0)))
        );
    };
    rule.results_are(tokens, || format!("one value per token of `{}` {}", rule.name(0), Dims::show(dims)))
}
