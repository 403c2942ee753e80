//! Rotary embeddings: pairs of elements turned by the angle of their position.

use super::call::{Array, Call, Refusal};
use super::shape::broadcast;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] =
    &[("aclnnApplyRotaryPosEmb", apply), ("aclnnRotaryPositionEmbedding", embed)];

/// Which elements of the last dimension form pairs.
#[derive(Clone, Copy)]
enum Pairs {
    /// The i-th of one half and of the other.
    Halves,
    /// Neighbours.
    Neighbours,
}

impl Pairs {
    /// The partner of element `at` of `length`, and whether it comes in with a minus.
    fn partner(self, at: usize, length: usize) -> (usize, bool) {
        match self {
            Self::Halves if at < length / 2 => (at + length / 2, true),
            Self::Halves => (at - length / 2, false),
            Self::Neighbours => (at ^ 1, at.is_multiple_of(2)),
        }
    }
}

fn rotated(x: &Array, cos: &Array, sin: &Array, pairs: Pairs) -> Result<Vec<Number>, Refusal> {
    let length = x.shape.last().copied().unwrap_or(0);
    if !length.is_multiple_of(2) {
        return Err(Refusal::new("the last dimension has an odd extent"));
    }
    let mut values = Vec::with_capacity(x.values.len());
    broadcast(&x.shape, [&x.shape, &cos.shape, &sin.shape], |[own, cosine, sine]| {
        let (partner, is_negative) = pairs.partner(own % length, length);
        let partner = x.at(own - own % length + partner)?;
        let partner = if is_negative { partner.negated() } else { partner };
        values.push(x.at(own)?.times(cos.at(cosine)?).plus(partner.times(sin.at(sine)?)));
        Ok(())
    })?;
    Ok(values)
}

/// As halves, what was even and what was odd, turned.
pub(super) fn turned_halves(x: &Array, cos: &Array, sin: &Array) -> Result<Vec<Number>, Refusal> {
    let length = x.shape.last().copied().unwrap_or(0).max(1);
    let mut values = Vec::with_capacity(x.values.len());
    for row in x.values.chunks(length) {
        values.extend(row.iter().step_by(2).chain(row.iter().skip(1).step_by(2)));
    }
    let halves = Array { dtype: x.dtype, shape: x.shape.clone(), values };
    rotated(&halves, cos, sin, Pairs::Halves)
}

fn embed(call: &mut Call) -> Outcome {
    let pairs = match call.int("mode")? {
        0 => Pairs::Halves,
        1 => Pairs::Neighbours,
        other => return Err(Refusal::new(format!("acg does not compute with `mode` {other}"))),
    };
    let values = rotated(call.tensor("x")?, call.tensor("cos")?, call.tensor("sin")?, pairs)?;
    call.give(values)
}

fn apply(call: &mut Call) -> Outcome {
    let layout = call.int("layout")?;
    if layout != 1 {
        return Err(Refusal::new(format!("acg does not compute with `layout` {layout}")));
    }
    let (cos, sin) = (call.tensor("cos")?, call.tensor("sin")?);
    let query = rotated(call.tensor("queryRef")?, cos, sin, Pairs::Halves)?;
    let key = rotated(call.tensor("keyRef")?, cos, sin, Pairs::Halves)?;
    call.give_to("queryRef", query)?;
    call.give_to("keyRef", key)
}
