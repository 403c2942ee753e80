//! Activations and softmax.

use super::call::{Array, Call, Refusal};
use super::functions::{function, sigmoid};
use super::shape::{Lines, axis};
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnElu", elu),
    ("aclnnFastGelu", |call| function(call, fast_gelu)),
    ("aclnnGeGlu", ge_glu),
    ("aclnnGeGluV3", ge_glu),
    ("aclnnGelu", |call| function(call, gelu_by_tanh)),
    ("aclnnGeluV2", gelu_v2),
    ("aclnnHardswish", |call| function(call, hardswish)),
    ("aclnnInplaceHardswish", |call| function(call, hardswish)),
    ("aclnnLeakyRelu", leaky_relu),
    ("aclnnInplaceLeakyRelu", leaky_relu),
    ("aclnnLogSoftmax", |call| softmax(call, |x, largest, sum| x - largest - libm::log(sum))),
    ("aclnnRelu", relu),
    ("aclnnInplaceRelu", relu),
    ("aclnnSilu", |call| function(call, silu)),
    ("aclnnSoftmax", |call| softmax(call, |x, largest, sum| libm::exp(x - largest) / sum)),
    ("aclnnSwiGlu", swi_glu),
];

/// An activation that another operator ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    None,
    Relu,
    GeluTanh,
    GeluErf,
    FastGelu,
    Silu,
}

impl Activation {
    /// The activated number; without an activation, the number as it is.
    pub(super) fn of(self, value: Number) -> Number {
        let of: fn(f64) -> f64 = match self {
            Self::None => return value,
            Self::Relu => |x| x.max(0.0),
            Self::GeluTanh => gelu_by_tanh,
            Self::GeluErf => gelu_by_erf,
            Self::FastGelu => fast_gelu,
            Self::Silu => silu,
        };
        Number::Real(of(value.real()))
    }
}

fn fast_gelu(x: f64) -> f64 {
    x * sigmoid(1.702 * x)
}

pub(super) fn silu(x: f64) -> f64 {
    x * sigmoid(x)
}

fn hardswish(x: f64) -> f64 {
    x * (x + 3.0).clamp(0.0, 6.0) / 6.0
}

fn gelu_by_tanh(x: f64) -> f64 {
    let inner = libm::sqrt(2.0 / std::f64::consts::PI) * (x + 0.044_715 * x * x * x);
    0.5 * x * (1.0 + libm::tanh(inner))
}

fn gelu_by_erf(x: f64) -> f64 {
    0.5 * x * (1.0 + libm::erf(x / std::f64::consts::SQRT_2))
}

/// The form of GELU that `approximate` names.
fn gelu(call: &Call) -> Result<fn(f64) -> f64, Refusal> {
    match call.int("approximate")? {
        0 => Ok(gelu_by_erf),
        1 => Ok(gelu_by_tanh),
        other => Err(Refusal::new(format!("`approximate` {other} is neither 0 nor 1"))),
    }
}

fn gelu_v2(call: &mut Call) -> Outcome {
    let gelu = gelu(call)?;
    function(call, gelu)
}

fn elu(call: &mut Call) -> Outcome {
    let of = |name| Ok::<_, Refusal>(call.number(name)?.real());
    let (alpha, scale, input) = (of("alpha")?, of("scale")?, of("inputScale")?);
    function(call, |x| if x > 0.0 { scale * x } else { alpha * scale * libm::expm1(input * x) })
}

fn leaky_relu(call: &mut Call) -> Outcome {
    let slope = call.number("negativeSlope")?.real();
    function(call, |x| if x > 0.0 { x } else { slope * x })
}

fn relu(call: &mut Call) -> Outcome {
    super::elementwise::unary(call, |x| Ok(super::elementwise::real(x)?.larger(Number::ZERO)))
}

fn softmax(call: &mut Call, of: fn(f64, f64, f64) -> f64) -> Outcome {
    let array = call.subject()?;
    let lines = Lines::of(&array.shape, axis(call.int("dim")?, array.shape.len())?);
    let mut values = array.values.clone();
    for (outer, inner) in lines.each() {
        let at = |row: usize| array.values[lines.index(outer, row, inner)].real();
        let largest = (0..lines.extent).map(at).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = (0..lines.extent).map(|row| libm::exp(at(row) - largest)).sum();
        for row in 0..lines.extent {
            values[lines.index(outer, row, inner)] = Number::Real(of(at(row), largest, sum));
        }
    }
    call.give(values)
}

/// Calls `of` with the elements of both halves of a tensor along a dimension, in order of the halves' elements.
fn halves(array: &Array, dim: i64, mut of: impl FnMut(f64, f64)) -> Result<(), Refusal> {
    let lines = Lines::of(&array.shape, axis(dim, array.shape.len())?);
    let half = lines.extent / 2;
    for outer in 0..lines.outer {
        for row in 0..half {
            for inner in 0..lines.inner {
                let first = array.at(lines.index(outer, row, inner))?;
                let second = array.at(lines.index(outer, row + half, inner))?;
                of(first.real(), second.real());
            }
        }
    }
    Ok(())
}

fn ge_glu(call: &mut Call) -> Outcome {
    let gelu = gelu(call)?;
    let left = call.operator.parameter("activateLeft").is_some() && call.flag("activateLeft")?;
    let (mut out, mut activated) = (Vec::new(), Vec::new());
    let array = call.subject()?;
    halves(array, call.int("dim")?, |first, second| {
        let (gate, other) = if left { (first, second) } else { (second, first) };
        let gate = Number::Real(gelu(gate)).to(array.dtype);
        activated.push(gate);
        out.push(gate.times(Number::Real(other)));
    })?;
    call.give_to("outGelu", activated)?;
    call.give_to("out", out)
}

fn swi_glu(call: &mut Call) -> Outcome {
    let mut out = Vec::new();
    halves(call.subject()?, call.int("dim")?, |first, second| out.push(Number::Real(silu(first) * second)))?;
    call.give(out)
}
