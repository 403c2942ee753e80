//! Convolution and pooling: windows that slide over the last dimensions.

use super::{Dims, Form, Outcome, Rule, Stop};
use crate::check::Call;

pub(super) static FORMS: &[Form] = &[
    Form {
        name: "convolution",
        arity: Some(8),
        words: "{>} is {0} convolved with {1}: stride {2}, padding {3}, dilation {4}, transposed {5}, output padding {6}, groups {7}",
        check: convolution,
    },
    Form {
        name: "pool",
        arity: Some(5),
        words: "{>} is {0} under windows of {1}: stride {2}, padding {3}, rounded up if {4}",
        check: pool,
    },
    Form { name: "adaptive", arity: Some(2), words: "{>} is {0} with the last extents {1}", check: adaptive },
];

/// The value for spatial dimension `axis`: a list of one counts for all of them, an empty one is `absent`.
///
/// Values beyond 32 bits are given up on, so that sums and products stay far below 128.
fn nth(list: &[i64], axis: usize, absent: Option<i64>) -> Result<i128, Stop> {
    let value = match list {
        [] => absent,
        [one] => Some(*one),
        _ => list.get(axis).copied(),
    };
    value.and_then(|value| i32::try_from(value).ok()).map(i128::from).ok_or(Stop::Unknown)
}

/// Positions of a window over an extent; a breach where there is none.
fn positions(rule: &Rule<'_>, extent: i128, window: i128, stride: i128, up: bool) -> Result<u64, Stop> {
    if stride <= 0 {
        return Err(rule.breach(2, format!("`{}` must be positive, got {stride}", rule.name(2))));
    }
    if extent < window {
        let message = format!(
            "`{}` must be at least as large as the window, {window}, got {extent} with padding",
            rule.name(0)
        );
        return Err(rule.breach(0, message));
    }
    let free = extent - window;
    let steps = if up { (free + stride - 1) / stride } else { free / stride };
    u64::try_from(steps + 1).map_err(|_| Stop::Unknown)
}

/// Arguments: input, weight, stride, padding, dilation, transposed, output padding, groups.
fn convolution(rule: &Rule<'_>) -> Outcome {
    let (input, weight) = (rule.dims(0)?, rule.dims(1)?);
    let transposed = rule.flag(5)?;
    let groups = u64::try_from(rule.int(7)?).ok().filter(|&groups| groups > 0);
    let groups = groups.ok_or_else(|| rule.breach(7, format!("`{}` must be positive", rule.name(7))))?;
    let spatial = weight.len().checked_sub(2).filter(|&spatial| spatial > 0).ok_or_else(|| {
        let message =
            format!("`{}` must have at least three dimensions, got {}", rule.name(1), Dims::show(weight));
        rule.breach(1, message)
    })?;
    let [batch @ .., channels] = input.get(..input.len().saturating_sub(spatial)).unwrap_or_default() else {
        let message =
            format!("`{}` must have {} dimensions, got {}", rule.name(0), spatial + 2, Dims::show(input));
        return Err(rule.breach(0, message));
    };
    let (taken, given) = if transposed {
        (weight[0], weight[1].checked_mul(groups))
    } else {
        (weight[1].saturating_mul(groups), Some(weight[0]))
    };
    if taken != *channels {
        let message = format!(
            "`{}` {} takes {taken} channels in {groups} group(s), but `{}` {} has {channels}",
            rule.name(1),
            Dims::show(weight),
            rule.name(0),
            Dims::show(input)
        );
        return Err(rule.breach(1, message));
    }
    let mut expected = Dims::of(batch)?;
    expected.push(given.ok_or(Stop::Unknown)?)?;
    let (stride, padding, dilation) = (rule.ints(2)?, rule.ints(3)?, rule.ints(4)?);
    for axis in 0..spatial {
        let extent = i128::from(input[batch.len() + 1 + axis]);
        // Twice as many paddings as dimensions are before and after in turn: top, bottom, left, right.
        let pads = if padding.len() == 2 * spatial {
            nth(padding, 2 * axis, None)? + nth(padding, 2 * axis + 1, None)?
        } else {
            2 * nth(padding, axis, Some(0))?
        };
        let (step, spread) = (nth(stride, axis, Some(1))?, nth(dilation, axis, Some(1))?);
        let window = spread * (i128::from(weight[2 + axis]) - 1) + 1;
        expected.push(if transposed {
            let extra = nth(rule.ints(6)?, axis, Some(0))?;
            u64::try_from((extent - 1) * step - pads + window + extra).map_err(|_| Stop::Unknown)?
        } else {
            positions(rule, extent + pads, window, step, false)?
        })?;
    }
    rule.results_are(&expected, || {
        format!(
            "`{}` {} convolved with `{}` {}",
            rule.name(0),
            Dims::show(input),
            rule.name(1),
            Dims::show(weight)
        )
    })
}

/// Arguments: input, window, stride (none: the window), padding, whether to round up.
fn pool(rule: &Rule<'_>) -> Outcome {
    let (input, window) = (rule.dims(0)?, rule.ints(1)?);
    let (stride, padding) = (rule.ints(2)?, rule.ints(3)?);
    let up = rule.flag(4)?;
    if padding.len() > 2 {
        return Err(Stop::Unknown);
    }
    let (first @ ([_] | [_, _]), spatial) = input.split_at(input.len().saturating_sub(2)) else {
        let message =
            format!("`{}` must have three or four dimensions, got {}", rule.name(0), Dims::show(input));
        return Err(rule.breach(0, message));
    };
    let mut expected = Dims::of(first)?;
    for (axis, &extent) in spatial.iter().enumerate() {
        let size = nth(window, axis, None)?;
        let step = nth(if stride.is_empty() { window } else { stride }, axis, None)?;
        let pad = nth(padding, axis, Some(0))?;
        let extent = i128::from(extent);
        let mut count = positions(rule, extent + 2 * pad, size, step, up)?;
        // A window that starts in the padding on the right is left out.
        if up && (i128::from(count) - 1) * step >= extent + pad {
            count -= 1;
        }
        expected.push(count)?;
    }
    rule.results_are(&expected, || {
        format!("windows of {window:?} over `{}` {}", rule.name(0), Dims::show(input))
    })
}

/// Arguments: input, list of extents.
fn adaptive(rule: &Rule<'_>) -> Outcome {
    let (input, size) = (rule.dims(0)?, rule.ints(1)?);
    let kept = input.len().checked_sub(size.len()).ok_or(Stop::Unknown)?;
    let mut expected = Dims::of(&input[..kept])?;
    for &extent in size {
        expected.push(u64::try_from(extent).map_err(|_| {
            Call::breach(
                rule.at(1).unwrap_or(0),
                format!("`{}` must not be negative, got {size:?}", rule.name(1)),
            )
        })?)?;
    }
    rule.results_are(&expected, || {
        format!("`{}` {} with last extents {size:?}", rule.name(0), Dims::show(input))
    })
}
