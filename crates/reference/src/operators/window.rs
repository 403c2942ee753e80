//! Convolution, pooling and resizing.

use super::call::{Array, Call, Refusal};
use super::layout::each_place;
use super::shape::{count, strides};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnAdaptiveAvgPool2d", adaptive),
    ("aclnnAvgPool2d", avg_pool),
    ("aclnnConvDepthwise2d", depthwise),
    ("aclnnConvolution", convolution),
    ("aclnnMaxPool", max_pool),
    ("aclnnUpsampleNearest2d", nearest),
];

/// How windows move over a tensor's last dimensions.
struct Windows {
    kernel: Vec<usize>,
    stride: Vec<usize>,
    padding: Vec<usize>,
    dilation: Vec<usize>,
}

/// One number for each dimension, of a list that may give one for all.
fn spread(values: &[i64], rank: usize, name: &str) -> Result<Vec<usize>, Refusal> {
    // More than any tensor that fits, and few enough that no product of two overflows.
    const MOST: usize = 1 << 30;
    let number = |&value: &i64| {
        let value = usize::try_from(value).ok().filter(|&value| value <= MOST);
        value.ok_or_else(|| Refusal::new(format!("`{name}` has a number that is negative or too large")))
    };
    match values {
        [one] => Ok(vec![number(one)?; rank]),
        all if all.len() == rank => all.iter().map(number).collect(),
        _ => Err(Refusal::new(format!("`{name}` does not have a number for each of {rank} dimensions"))),
    }
}

impl Windows {
    /// Spends the work of `windows` windows over `image`; refuses what reaches beyond the padded image.
    fn spend(&self, call: &Call, image: &[usize], windows: usize) -> Outcome {
        let mut elements = windows as u64;
        for ((&kernel, &extent), padding) in self.kernel.iter().zip(image).zip(&self.padding) {
            if kernel > extent + 2 * padding {
                return Err(Refusal::new("a window is larger than what it moves over"));
            }
            elements = elements.saturating_mul(kernel as u64);
        }
        call.spend(elements)
    }

    /// Calls `of` with the offsets, in the kernel and in the input, of every element of the window at `place`.
    fn each(&self, place: &[usize], input: &[usize], mut of: impl FnMut(usize, usize) -> Outcome) -> Outcome {
        let (own, inputs) = (strides(&self.kernel), strides(input));
        each_place(&self.kernel, |offset| {
            let (mut kernel, mut index) = (0, 0);
            for axis in 0..offset.len() {
                let at = place[axis] * self.stride[axis] + offset[axis] * self.dilation[axis];
                match at.checked_sub(self.padding[axis]).filter(|&at| at < input[axis]) {
                    Some(at) => index += at * inputs[axis],
                    None => return Ok(()),
                }
                kernel += offset[axis] * own[axis];
            }
            of(kernel, index)
        })
    }
}

/// The last `rank` extents of a shape.
fn last(shape: &[usize], rank: usize) -> Result<&[usize], Refusal> {
    let from =
        shape.len().checked_sub(rank).ok_or_else(|| Refusal::new("a tensor has too few dimensions"))?;
    Ok(&shape[from..])
}

fn convolution(call: &mut Call) -> Outcome {
    if call.flag("transposed")? {
        return Err(Refusal::new("acg does not compute transposed convolutions"));
    }
    let groups = usize::try_from(call.int("groups")?).unwrap_or(0);
    convolve(call, "input", "dilation", groups)
}

fn depthwise(call: &mut Call) -> Outcome {
    let channels = call.tensor("self")?.shape.iter().rev().nth(2).copied().unwrap_or(1);
    convolve(call, "self", "dilation", channels)
}

fn convolve(call: &mut Call, input: &str, dilation: &str, groups: usize) -> Outcome {
    let (x, weight) = (call.tensor(input)?, call.tensor("weight")?);
    let [outputs, per_group, kernel @ ..] = weight.shape.as_slice() else {
        return Err(Refusal::new("`weight` has too few dimensions"));
    };
    let rank = kernel.len();
    let windows = Windows {
        kernel: kernel.to_vec(),
        stride: spread(&call.ints("stride")?, rank, "stride")?,
        padding: spread(&call.ints("padding")?, rank, "padding")?,
        dilation: spread(&call.ints(dilation)?, rank, dilation)?,
    };
    let (image, places) = (last(&x.shape, rank)?, last(&call.result()?.shape, rank)?.to_vec());
    let (channels, pixels) = (per_group.saturating_mul(groups), count(image));
    let batches = x.values.len() / channels.saturating_mul(pixels).max(1);
    if groups == 0
        || outputs % groups != 0
        || batches.saturating_mul(channels).saturating_mul(pixels) != x.values.len()
    {
        return Err(Refusal::new("the channels do not fit the groups"));
    }
    let bias = call.optional("bias")?;
    windows.spend(call, image, call.result()?.len().saturating_mul(*per_group))?;
    let mut values = Vec::with_capacity(call.result()?.len());
    for batch in 0..batches {
        for output in 0..*outputs {
            let group = output / (outputs / groups);
            let start = bias.map_or(Ok(Number::ZERO), |bias| bias.at(output))?;
            each_place(&places, |place| {
                let mut sum = start;
                for channel in 0..*per_group {
                    let from = (batch * channels + group * per_group + channel) * pixels;
                    let filter = (output * per_group + channel) * count(kernel);
                    windows.each(place, image, |own, index| {
                        sum = sum.plus(weight.at(filter + own)?.times(x.at(from + index)?));
                        Ok(())
                    })?;
                }
                values.push(sum);
                Ok(())
            })?;
        }
    }
    call.give(values)
}

/// A value for every window of every image of two dimensions.
fn pool(
    x: &Array,
    places: &[usize],
    windows: &Windows,
    of: impl Fn(&[usize], &[Number]) -> Result<Number, Refusal>,
) -> Result<Vec<Number>, Refusal> {
    let image = last(&x.shape, 2)?;
    let mut values = Vec::new();
    let mut inside = Vec::new();
    for from in (0..x.values.len()).step_by(count(image).max(1)) {
        each_place(places, |place| {
            inside.clear();
            windows.each(place, image, |_, index| {
                inside.push(x.at(from + index)?);
                Ok(())
            })?;
            values.push(of(place, &inside)?);
            Ok(())
        })?;
    }
    Ok(values)
}

fn avg_pool(call: &mut Call) -> Outcome {
    let x = call.tensor("self")?;
    let kernel = spread(&call.ints("kernelSize")?, 2, "kernelSize")?;
    let given = call.ints("strides")?;
    let stride = if given.is_empty() { kernel.clone() } else { spread(&given, 2, "strides")? };
    let windows = Windows {
        kernel,
        stride,
        padding: spread(&call.ints("paddings")?, 2, "paddings")?,
        dilation: vec![1; 2],
    };
    let (with_padding, divisor) = (call.flag("countIncludePad")?, call.int("divisorOverride")?);
    let image = last(&x.shape, 2)?;
    let places = last(&call.result()?.shape, 2)?;
    windows.spend(call, image, call.result()?.len())?;
    let values = pool(x, places, &windows, |place, inside| {
        // A window that ceilMode lets reach over the padding counts only what lies within it.
        let extent = |axis: usize| {
            let start = place[axis] * windows.stride[axis];
            let end = (start + windows.kernel[axis]).min(image[axis] + 2 * windows.padding[axis]);
            end.saturating_sub(start)
        };
        let whole = if with_padding { extent(0) * extent(1) } else { inside.len() };
        let parts = if divisor == 0 { whole as i128 } else { divisor.into() };
        Ok(super::reduction::sum(inside).over(Number::Int(parts)))
    })?;
    call.give(values)
}

fn max_pool(call: &mut Call) -> Outcome {
    if call.int("autoPad")? != 0 || call.ints("dilations")?.iter().any(|&dilation| dilation != 1) {
        return Err(Refusal::new("acg does not compute with `autoPad` or `dilations` here"));
    }
    let pads = call.ints("pads")?;
    let padding = match pads.as_slice() {
        [] => vec![0; 2],
        &[top, left, bottom, right] if top == left && left == bottom && bottom == right => {
            spread(&[top], 2, "pads")?
        }
        [_] | [_, _] => spread(&pads, 2, "pads")?,
        _ => return Err(Refusal::new("acg does not compute with `pads` that differ from side to side")),
    };
    let kernel = spread(&call.ints("kernelShape")?, 2, "kernelShape")?;
    let windows = Windows {
        kernel,
        stride: spread(&call.ints("strides")?, 2, "strides")?,
        padding,
        dilation: vec![1; 2],
    };
    let x = call.tensor("self")?;
    windows.spend(call, last(&x.shape, 2)?, call.result()?.len())?;
    let values = pool(x, last(&call.result()?.shape, 2)?, &windows, |_, inside| {
        let largest = inside.iter().copied().reduce(Number::larger);
        Ok(largest.unwrap_or(Number::Real(f64::NEG_INFINITY)))
    })?;
    call.give(values)
}

/// A value for each place of the last two dimensions, from the rows and columns that `range` gives.
fn resized(call: &mut Call, range: fn(usize, usize, usize) -> std::ops::Range<usize>) -> Outcome {
    let x = call.tensor("self")?;
    let image = last(&x.shape, 2)?;
    let places = last(&call.result()?.shape, 2)?.to_vec();
    call.spend(x.values.len() as u64 + call.result()?.len() as u64)?;
    let mut values = Vec::with_capacity(call.result()?.len());
    for from in (0..x.values.len()).step_by(count(image).max(1)) {
        each_place(&places, |place| {
            let mut inside = Vec::new();
            for row in range(place[0], image[0], places[0]) {
                for column in range(place[1], image[1], places[1]) {
                    inside.push(x.at(from + row * image[1] + column)?);
                }
            }
            values.push(match *inside {
                [one] => one,
                _ => super::reduction::sum(&inside).over(Number::Int(inside.len() as i128)),
            });
            Ok(())
        })?;
    }
    call.give(values)
}

fn adaptive(call: &mut Call) -> Outcome {
    resized(call, |at, extent, places| at * extent / places..((at + 1) * extent).div_ceil(places))
}

fn nearest(call: &mut Call) -> Outcome {
    resized(call, |at, extent, places| at * extent / places..at * extent / places + 1)
}
