//! Attention: every query's weighted mean of the values, the weights a softmax over its scores with the keys.
//!
//! `training` and `inference` read what the two kinds of operators are given; the arithmetic is here, once. A query that sees no key is
//! refused, since the references leave its result open.

mod heads;
mod inference;
mod mask;
mod training;

use super::call::{Call, Refusal};
use super::{Evaluate, Outcome};
use crate::number::Number;
use heads::{Heads, Rows};
use mask::{Grid, Mask};

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnFlashAttentionScore", training::score),
    ("aclnnFlashAttentionScoreV2", training::score),
    ("aclnnFlashAttentionVarLenScore", training::score_of_sequences),
    ("aclnnFusedInferAttentionScoreV3", inference::fused),
    ("aclnnIncreFlashAttentionV4", inference::increment),
    ("aclnnPromptFlashAttentionV3", inference::prompt),
];

/// The queries and keys that belong together.
#[derive(Clone, Copy, Debug)]
struct Sequence {
    /// Rows of this sequence's queries and keys start here in their tensors.
    first_query: usize,
    first_key: usize,
    queries: usize,
    keys: usize,
}

/// What is added to scores.
struct Shift<'a> {
    grid: Grid<'a>,
    /// Whether it is added before scores are scaled.
    is_scaled: bool,
}

/// What a call computes.
struct Attention<'a> {
    query: Rows<'a>,
    key: Rows<'a>,
    value: Rows<'a>,
    heads: usize,
    sequences: Vec<Sequence>,
    scale: f64,
    mask: Mask<'a>,
    shift: Option<Shift<'a>>,
}

/// What it gives.
struct Attended {
    /// In the layout of the result.
    out: Vec<Number>,
    /// The largest score, and the sum of powers less that; by row, sequence after sequence, in each head after head.
    largest: Vec<f64>,
    sum: Vec<f64>,
}

impl Attention<'_> {
    /// Computes everything; `out` says where rows of the result go.
    fn attend(&self, call: &Call, out: Heads) -> Result<Attended, Refusal> {
        let extents =
            |rows: &Rows<'_>| rows.heads().ok_or_else(|| Refusal::new("a list of tensors is empty"));
        let (query, key, value) = (extents(&self.query)?, extents(&self.key)?, extents(&self.value)?);
        let groups = self.heads.checked_div(key.heads).unwrap_or(0);
        if query.heads != self.heads || value.heads != key.heads || groups * key.heads != self.heads {
            return Err(Refusal::new("the numbers of heads do not fit each other"));
        }
        if query.width != key.width || out.width != value.width || out.heads != self.heads {
            return Err(Refusal::new("the sizes of heads do not fit each other"));
        }
        let product =
            |factors: [usize; 4]| factors.iter().fold(1u64, |all, &factor| all.saturating_mul(factor as u64));
        for sequence in &self.sequences {
            call.spend(product([self.heads, sequence.queries, sequence.keys, key.width + value.width]))?;
        }
        let size = product([out.batches, out.heads, out.rows, out.width]);
        let size = usize::try_from(size).map_err(|_| Refusal::new("the result is too large"))?;
        let mut all = Attended { out: vec![Number::ZERO; size], largest: Vec::new(), sum: Vec::new() };
        for (number, sequence) in self.sequences.iter().enumerate() {
            for head in 0..self.heads {
                for row in 0..sequence.queries {
                    let mean = self.row([number, head, row], head / groups, value.width, &mut all)?;
                    let batch = if out.batches == 1 { 0 } else { number };
                    let start = out.start(batch, head, sequence.first_query + row);
                    let place = all.out.get_mut(start..start + mean.len());
                    let place =
                        place.ok_or_else(|| Refusal::new("the result is smaller than the queries"))?;
                    place.iter_mut().zip(mean).for_each(|(place, mean)| *place = Number::Real(mean));
                }
            }
        }
        Ok(all)
    }

    /// The mean of values for one query: `place` is its sequence, head and row.
    fn row(
        &self,
        place: [usize; 3],
        key_head: usize,
        width: usize,
        all: &mut Attended,
    ) -> Result<Vec<f64>, Refusal> {
        let [number, head, row] = place;
        let sequence = self.sequences[number];
        let query = self.query.row(number, head, sequence.first_query + row)?;
        let mut scores = Vec::with_capacity(sequence.keys);
        for at in 0..sequence.keys {
            let place = [number, head, row, at];
            if self.mask.hides(place, sequence.queries, sequence.keys)? {
                scores.push(f64::NEG_INFINITY);
                continue;
            }
            let key = self.key.row(number, key_head, sequence.first_key + at)?;
            let product: f64 = query.iter().zip(key).map(|(a, b)| a.real() * b.real()).sum();
            scores.push(match &self.shift {
                Some(shift) if shift.is_scaled => self.scale * (product + shift.grid.at(place)?),
                Some(shift) => self.scale * product + shift.grid.at(place)?,
                None => self.scale * product,
            });
        }
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if largest == f64::NEG_INFINITY && !scores.iter().any(|score| score.is_nan()) {
            return Err(Refusal::new("a query sees no key, for which the reference gives no result"));
        }
        let powers: Vec<f64> = scores.iter().map(|score| libm::exp(score - largest)).collect();
        let sum: f64 = powers.iter().sum();
        let mut mean = vec![0.0; width];
        for (at, power) in powers.iter().enumerate().filter(|(_, power)| **power != 0.0) {
            let value = self.value.row(number, key_head, sequence.first_key + at)?;
            mean.iter_mut().zip(value).for_each(|(mean, value)| *mean += power / sum * value.real());
        }
        all.largest.push(largest);
        all.sum.push(sum);
        Ok(mean)
    }
}

/// Queries and keys of sequences that stand one after the other, from where each of them ends.
fn one_after_another(queries: &[i64], keys: &[i64]) -> Result<Vec<Sequence>, Refusal> {
    if queries.len() != keys.len() || queries.is_empty() {
        return Err(Refusal::new("queries and keys take as many ends as there are sequences"));
    }
    let mut ends = (0, 0);
    let mut sequences = Vec::with_capacity(queries.len());
    for (&query, &key) in queries.iter().zip(keys) {
        let end = (usize::try_from(query).unwrap_or(0), usize::try_from(key).unwrap_or(0));
        if end.0 < ends.0 || end.1 < ends.1 {
            return Err(Refusal::new("the ends of sequences decrease"));
        }
        sequences.push(Sequence {
            first_query: ends.0,
            first_key: ends.1,
            queries: end.0 - ends.0,
            keys: end.1 - ends.1,
        });
        ends = end;
    }
    Ok(sequences)
}

/// As many heads or rows as an attribute says.
fn size(call: &Call, name: &str) -> Result<usize, Refusal> {
    usize::try_from(call.int(name)?).map_err(|_| Refusal::new(format!("`{name}` is negative")))
}
