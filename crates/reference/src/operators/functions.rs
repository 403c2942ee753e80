//! Functions of one real number: roots, exponentials, trigonometry, rounding.
//!
//! They are computed in `f64` by one library on every machine, so results do not depend on where the executor runs.

use super::call::Call;
use super::elementwise::real;
use super::shape::map;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnCeil", |call| rounding(call, libm::ceil)),
    ("aclnnInplaceCeil", |call| rounding(call, libm::ceil)),
    ("aclnnFloor", |call| rounding(call, libm::floor)),
    ("aclnnInplaceFloor", |call| rounding(call, libm::floor)),
    ("aclnnCos", |call| function(call, libm::cos)),
    ("aclnnInplaceCos", |call| function(call, libm::cos)),
    ("aclnnSin", |call| function(call, libm::sin)),
    ("aclnnInplaceSin", |call| function(call, libm::sin)),
    ("aclnnErf", |call| function(call, libm::erf)),
    ("aclnnInplaceErf", |call| function(call, libm::erf)),
    ("aclnnExp", |call| function(call, libm::exp)),
    ("aclnnInplaceExp", |call| function(call, libm::exp)),
    ("aclnnLog", |call| function(call, libm::log)),
    ("aclnnInplaceLog", |call| function(call, libm::log)),
    ("aclnnReciprocal", |call| function(call, f64::recip)),
    ("aclnnInplaceReciprocal", |call| function(call, f64::recip)),
    ("aclnnRsqrt", |call| function(call, |x| 1.0 / libm::sqrt(x))),
    ("aclnnInplaceRsqrt", |call| function(call, |x| 1.0 / libm::sqrt(x))),
    ("aclnnSqrt", |call| function(call, libm::sqrt)),
    ("aclnnInplaceSqrt", |call| function(call, libm::sqrt)),
    ("aclnnTanh", |call| function(call, libm::tanh)),
    ("aclnnInplaceTanh", |call| function(call, libm::tanh)),
    ("aclnnSigmoid", |call| function(call, sigmoid)),
    ("aclnnInplaceSigmoid", |call| function(call, sigmoid)),
];

pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// A function of one tensor, computed in its type where that is a floating-point one, else in the result's.
pub(super) fn function(call: &mut Call, of: impl Fn(f64) -> f64) -> Outcome {
    let (array, place) = (call.subject()?, call.result()?);
    let dtype = if array.dtype.is_float() { array.dtype } else { place.dtype };
    let values = map(&place.shape, [array], |[x]| Ok(Number::Real(of(real(x)?.real())).to(dtype)))?;
    call.give(values)
}

/// As [`function`]; integers are what they were.
fn rounding(call: &mut Call, of: impl Fn(f64) -> f64) -> Outcome {
    let values = map(&call.result()?.shape, [call.subject()?], |[x]| {
        Ok(match real(x)? {
            Number::Real(x) => Number::Real(of(x)),
            other => other,
        })
    })?;
    call.give(values)
}
