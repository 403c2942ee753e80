//! Mixtures of experts on one device.

use super::call::{Call, Refusal};
use super::shape::Lines;
use super::sort::order;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] =
    &[("aclnnMoeComputeExpertTokens", expert_tokens), ("aclnnMoeGatingTopKSoftmax", gating)];

/// How many tokens belong to each expert or one before it.
fn expert_tokens(call: &mut Call) -> Outcome {
    let experts = &call.tensor("sortedExperts")?.values;
    call.spend((experts.len() as u64).saturating_mul(call.result()?.len() as u64))?;
    let tokens = |expert: usize| experts.iter().filter(|own| own.int() <= expert as i128).count();
    let values = (0..call.result()?.len()).map(|expert| Number::Int(tokens(expert) as i128)).collect();
    call.give(values)
}

fn gating(call: &mut Call) -> Outcome {
    if call.optional("finishedOptional")?.is_some() {
        return Err(Refusal::new("acg does not compute this with `finishedOptional`"));
    }
    let x = call.tensor("x")?;
    let k = usize::try_from(call.int("k")?).map_err(|_| Refusal::new("`k` is negative"))?;
    let lines = Lines::of(&x.shape, x.shape.len().saturating_sub(1));
    let (mut weights, mut experts, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for token in 0..lines.outer {
        let at = |expert: usize| x.values[lines.index(token, expert, 0)].real();
        let largest = (0..lines.extent).map(at).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = (0..lines.extent).map(|expert| libm::exp(at(expert) - largest)).sum();
        for (rank, expert) in order(x, lines, (token, 0), true).into_iter().take(k).enumerate() {
            weights.push(Number::Real(libm::exp(at(expert) - largest) / sum));
            experts.push(Number::Int(expert as i128));
            rows.push(Number::Int((rank * lines.outer + token) as i128));
        }
    }
    call.give_to("expertIdxOut", experts)?;
    call.give_to("rowIdxOut", rows)?;
    call.give_to("yOut", weights)
}
