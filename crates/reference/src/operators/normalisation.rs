//! Normalisations over the last dimensions, over channels, and over groups of channels.

use super::call::{Array, Call, Refusal};
use super::quantisation::{by_token, quantised};
use super::shape::{count, map};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnAddLayerNorm", add_layer_norm),
    ("aclnnAddRmsNorm", add_rms_norm),
    ("aclnnAddRmsNormDynamicQuant", add_rms_norm_dynamic_quant),
    ("aclnnAddRmsNormQuant", add_rms_norm_quant),
    ("aclnnBatchNorm", batch_norm),
    ("aclnnGroupNorm", group_norm),
    ("aclnnLayerNorm", layer_norm),
    ("aclnnRmsNorm", rms_norm),
];

fn reals(values: &[Number]) -> Vec<f64> {
    values.iter().map(|value| value.real()).collect()
}

fn numbers(values: Vec<f64>) -> Vec<Number> {
    values.into_iter().map(Number::Real).collect()
}

/// Mean and variance, both over all elements.
fn moments(part: &[f64]) -> (f64, f64) {
    let length = part.len().max(1) as f64;
    let mean = part.iter().sum::<f64>() / length;
    let variance = part.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / length;
    (mean, variance)
}

/// What normalising gives: the elements, and a value of each statistic for each part.
#[derive(Default)]
struct Normalised {
    out: Vec<f64>,
    mean: Vec<f64>,
    rstd: Vec<f64>,
}

/// Parts of `length` elements, each less its mean, over its deviation.
fn standardised(values: &[f64], length: usize, epsilon: f64) -> Normalised {
    let mut all = Normalised::default();
    for part in values.chunks(length.max(1)) {
        let (mean, variance) = moments(part);
        let rstd = 1.0 / libm::sqrt(variance + epsilon);
        all.out.extend(part.iter().map(|x| (x - mean) * rstd));
        all.mean.push(mean);
        all.rstd.push(rstd);
    }
    all
}

/// Parts of `length` elements, each over its root mean square.
fn over_root_mean_square(values: &[f64], length: usize, epsilon: f64) -> Normalised {
    let mut all = Normalised::default();
    for part in values.chunks(length.max(1)) {
        let mean_square = part.iter().map(|x| x * x).sum::<f64>() / part.len() as f64;
        let rstd = 1.0 / libm::sqrt(mean_square + epsilon);
        all.out.extend(part.iter().map(|x| x * rstd));
        all.rstd.push(rstd);
    }
    all
}

/// One row over its root mean square, times `gamma`.
pub(super) fn root_mean_square(row: &[Number], gamma: &Array, epsilon: f64) -> Result<Vec<Number>, Refusal> {
    let mut all = over_root_mean_square(&reals(row), row.len(), epsilon);
    affine(&mut all.out, row.len(), Some(gamma), None)?;
    Ok(numbers(all.out))
}

/// Each part times `gamma` plus `beta`.
fn affine(out: &mut [f64], length: usize, gamma: Option<&Array>, beta: Option<&Array>) -> Outcome {
    for part in out.chunks_mut(length.max(1)) {
        for (at, x) in part.iter_mut().enumerate() {
            *x *= gamma.map_or(Ok(1.0), |gamma| Ok::<_, Refusal>(gamma.at(at)?.real()))?;
            *x += beta.map_or(Ok(0.0), |beta| Ok::<_, Refusal>(beta.at(at)?.real()))?;
        }
    }
    Ok(())
}

/// The sum of `x1`, `x2` and, if there is one, a bias.
fn summed(call: &Call) -> Result<Vec<f64>, Refusal> {
    let (a, b) = (call.tensor("x1")?, call.tensor("x2")?);
    let zero = Array { dtype: a.dtype, shape: Vec::new(), values: vec![Number::ZERO] };
    let has_bias = call.operator.parameter("biasOptional").is_some();
    let bias = if has_bias { call.optional("biasOptional")? } else { None };
    let values = map(&a.shape, [a, b, bias.unwrap_or(&zero)], |[a, b, bias]| Ok(a.plus(b).plus(bias)))?;
    Ok(reals(&values))
}

fn layer_norm(call: &mut Call) -> Outcome {
    let x = reals(&call.tensor("input")?.values);
    let extents = call.ints("normalizedShape")?;
    let length = extents.iter().fold(1usize, |length, &extent| length.saturating_mul(extent.max(1) as usize));
    let mut all = standardised(&x, length, call.number("eps")?.real());
    affine(&mut all.out, length, call.optional("weightOptional")?, call.optional("biasOptional")?)?;
    call.give_to("meanOutOptional", numbers(all.mean))?;
    call.give_to("rstdOutOptional", numbers(all.rstd))?;
    call.give_to("out", numbers(all.out))
}

fn add_layer_norm(call: &mut Call) -> Outcome {
    let x = summed(call)?;
    let gamma = call.tensor("gamma")?;
    let length = gamma.values.len();
    let mut all = standardised(&x, length, call.number("epsilon")?.real());
    affine(&mut all.out, length, Some(gamma), Some(call.tensor("beta")?))?;
    call.give_to("meanOut", numbers(all.mean))?;
    call.give_to("rstdOut", numbers(all.rstd))?;
    if call.flag("additionalOutput")? {
        call.give_to("xOut", numbers(x))?;
    }
    call.give_to("yOut", numbers(all.out))
}

fn rms_norm(call: &mut Call) -> Outcome {
    let x = reals(&call.tensor("x")?.values);
    let gamma = call.tensor("gamma")?;
    let length = gamma.values.len();
    let mut all = over_root_mean_square(&x, length, call.number("epsilon")?.real());
    affine(&mut all.out, length, Some(gamma), None)?;
    call.give_to("rstdOut", numbers(all.rstd))?;
    call.give_to("yOut", numbers(all.out))
}

/// The root-mean-square normalisation of `x1 + x2`, and the sum.
fn added_rms(call: &Call) -> Result<(Normalised, Vec<f64>), Refusal> {
    let x = summed(call)?;
    let gamma = call.tensor("gamma")?;
    let length = gamma.values.len();
    let mut all = over_root_mean_square(&x, length, call.number("epsilon")?.real());
    affine(&mut all.out, length, Some(gamma), None)?;
    Ok((all, x))
}

fn add_rms_norm(call: &mut Call) -> Outcome {
    let (all, x) = added_rms(call)?;
    call.give_to("rstdOut", numbers(all.rstd))?;
    call.give_to("xOut", numbers(x))?;
    call.give_to("yOut", numbers(all.out))
}

fn add_rms_norm_dynamic_quant(call: &mut Call) -> Outcome {
    let (all, x) = added_rms(call)?;
    let array = call.tensor("x1")?;
    let normalised = Array { dtype: array.dtype, shape: array.shape.clone(), values: numbers(all.out) };
    let dtype = call.result()?.dtype;
    let (first, second) = (call.optional("smoothScale1Optional")?, call.optional("smoothScale2Optional")?);
    if first.is_none() && second.is_some() {
        return Err(Refusal::new("`smoothScale2Optional` takes `smoothScale1Optional` beside it"));
    }
    let (y1, scale1) = by_token(&normalised, first, dtype)?;
    let second = second.map(|smooth| by_token(&normalised, Some(smooth), dtype)).transpose()?;
    call.give_to("xOut", numbers(x))?;
    // Without a second scale the second results are what they were.
    if let Some((y2, scale2)) = second {
        call.give_to("y2Out", y2)?;
        call.give_to("scale2Out", scale2)?;
    }
    call.give_to("scale1Out", scale1)?;
    call.give_to("y1Out", y1)
}

fn add_rms_norm_quant(call: &mut Call) -> Outcome {
    let (all, x) = added_rms(call)?;
    let shape = call.tensor("x1")?.shape.clone();
    let normalised = Array { dtype: call.tensor("x1")?.dtype, shape, values: numbers(all.out) };
    let divide = call.flag("divMode")?;
    let of = |scale: &str, zero: &str| -> Result<Option<Vec<Number>>, Refusal> {
        let Some(scale) = call.optional(scale)? else { return Ok(None) };
        let of = move |x: Number, scale: Number| if divide { x.over(scale) } else { x.times(scale) };
        quantised(&normalised, scale, call.optional(zero)?, of).map(Some)
    };
    let (first, second) =
        (of("scales1", "zeroPoints1Optional")?, of("scales2Optional", "zeroPoints2Optional")?);
    call.give_to("xOut", numbers(x))?;
    second.map_or(Ok(()), |second| call.give_to("y2Out", second))?;
    first.map_or(Ok(()), |first| call.give_to("y1Out", first))
}

fn group_norm(call: &mut Call) -> Outcome {
    let array = call.subject()?;
    let size = |name| Ok::<_, Refusal>(usize::try_from(call.int(name)?).unwrap_or(0).max(1));
    let (batches, channels, pixels, groups) = (size("N")?, size("C")?, size("HxW")?, size("group")?);
    let whole = batches.checked_mul(channels).and_then(|product| product.checked_mul(pixels));
    if whole != Some(array.values.len()) || channels % groups != 0 {
        return Err(Refusal::new("`N`, `C`, `HxW` and `group` do not fit the tensor"));
    }
    let mut all = standardised(&reals(&array.values), channels / groups * pixels, call.number("eps")?.real());
    per_channel(&mut all.out, channels, pixels, call.optional("gamma")?, call.optional("beta")?)?;
    call.give_to("meanOut", numbers(all.mean))?;
    call.give_to("rstdOut", numbers(all.rstd))?;
    call.give_to("out", numbers(all.out))
}

/// Each channel of `pixels` elements times its `gamma` plus its `beta`.
fn per_channel(
    out: &mut [f64],
    channels: usize,
    pixels: usize,
    gamma: Option<&Array>,
    beta: Option<&Array>,
) -> Outcome {
    for (number, part) in out.chunks_mut(pixels.max(1)).enumerate() {
        let of = |array: Option<&Array>, otherwise: f64| {
            array.map_or(Ok(otherwise), |array| Ok::<_, Refusal>(array.at(number % channels)?.real()))
        };
        let (gamma, beta) = (of(gamma, 1.0)?, of(beta, 0.0)?);
        for x in part {
            *x = *x * gamma + beta;
        }
    }
    Ok(())
}

fn batch_norm(call: &mut Call) -> Outcome {
    let array = call.tensor("input")?;
    let [batches, channels, rest @ ..] = array.shape.as_slice() else {
        return Err(Refusal::new("`input` has at least two dimensions"));
    };
    let (batches, channels, pixels) = (*batches, *channels, count(rest));
    let (training, epsilon) = (call.flag("training")?, call.number("eps")?.real());
    let x = reals(&array.values);
    let of_channel = |channel: usize| {
        let starts = (0..batches).map(move |batch| (batch * channels + channel) * pixels);
        starts.flat_map(|start| x[start..start + pixels].iter().copied()).collect::<Vec<f64>>()
    };
    let running = |name| Ok::<_, Refusal>(call.optional(name)?.map(|array| reals(&array.values)));
    let (old_mean, old_variance) = (running("runningMean")?, running("runningVar")?);
    let statistics: Vec<(f64, f64)> = if training {
        (0..channels).map(|channel| moments(&of_channel(channel))).collect()
    } else {
        let missing = || Refusal::new("without training, `runningMean` and `runningVar` are needed");
        let (mean, variance) =
            (old_mean.clone().ok_or_else(missing)?, old_variance.clone().ok_or_else(missing)?);
        mean.into_iter().zip(variance).collect()
    };
    let mut out = x.clone();
    for (number, part) in out.chunks_mut(pixels.max(1)).enumerate() {
        let &(mean, variance) = statistics
            .get(number % channels.max(1))
            .ok_or_else(|| Refusal::new("a channel has no statistics"))?;
        for x in part {
            *x = (*x - mean) / libm::sqrt(variance + epsilon);
        }
    }
    per_channel(&mut out, channels, pixels, call.optional("weight")?, call.optional("bias")?)?;
    if training {
        let (momentum, length) = (call.number("momentum")?.real(), (batches * pixels) as f64);
        let unbiased = if length > 1.0 { length / (length - 1.0) } else { 1.0 };
        let moved = |old: Option<Vec<f64>>, new: &dyn Fn(&(f64, f64)) -> f64| {
            old.map(|old| {
                let pairs = old.into_iter().zip(&statistics);
                numbers(pairs.map(|(old, pair)| (1.0 - momentum) * old + momentum * new(pair)).collect())
            })
        };
        let (mean, variance) =
            (moved(old_mean, &|pair| pair.0), moved(old_variance, &|pair| pair.1 * unbiased));
        mean.map_or(Ok(()), |mean| call.give_to("runningMean", mean))?;
        variance.map_or(Ok(()), |variance| call.give_to("runningVar", variance))?;
        let inverse = statistics.iter().map(|pair| 1.0 / libm::sqrt(pair.1 + epsilon)).collect();
        call.give_to("saveMean", numbers(statistics.iter().map(|pair| pair.0).collect()))?;
        call.give_to("saveInvstd", numbers(inverse))?;
    }
    call.give_to("output", numbers(out))
}
