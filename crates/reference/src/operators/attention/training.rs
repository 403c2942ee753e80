//! Attention as training calls it: with the statistics of the softmax, which the way back needs.

use super::super::call::{Array, Call, Refusal};
use super::heads::{Heads, Layout, Rows};
use super::mask::{Band, Grid, Mask};
use super::{Attended, Attention, Outcome, Sequence, Shift, one_after_another, size};
use crate::number::Number;

/// Each of the statistics is given so many times in a row.
const REPEATED: usize = 8;

/// Refuses what needs a generator of random numbers, or a kernel's own choice.
fn computed(call: &Call) -> Outcome {
    call.nothing_besides(&["query", "key", "value", "realShiftOptional", "attenMaskOptional"])?;
    let dropped = call.number("keepProb")?.real();
    if dropped.to_bits() != 1f64.to_bits() {
        return Err(Refusal::new("acg does not compute this with a `keepProb` other than 1"));
    }
    for name in ["qStartIdxOptional", "kvStartIdxOptional"] {
        if call.operator.parameter(name).is_some() && !call.ints(name)?.is_empty() {
            return Err(Refusal::new(format!("acg does not compute this with `{name}`")));
        }
    }
    Ok(())
}

/// The heads of keys or values whose tensor does not say how many there are.
fn heads_of(array: &Array, layout: Layout, width: usize) -> Result<Heads, Refusal> {
    let all = array.shape.last().copied().unwrap_or(0);
    Heads::of(&array.shape, layout, all.checked_div(width).unwrap_or(0))
}

/// The tensors, in their layout.
fn rows(call: &Call, layout: Layout) -> Result<[(&Array, Heads); 3], Refusal> {
    let (query, key, value) = (call.tensor("query")?, call.tensor("key")?, call.tensor("value")?);
    let query_heads = Heads::of(&query.shape, layout, size(call, "headNum")?)?;
    let key_heads = heads_of(key, layout, query_heads.width)?;
    // Heads of values may be smaller, but are as many.
    let value_heads = Heads::of(&value.shape, layout, key_heads.heads)?;
    if key_heads.rows != value_heads.rows
        || query_heads.batches != key_heads.batches
        || key_heads.batches != value_heads.batches
    {
        return Err(Refusal::new("queries, keys and values do not fit each other"));
    }
    Ok([(query, query_heads), (key, key_heads), (value, value_heads)])
}

fn mask(call: &Call, needed: [usize; 4]) -> Result<Mask<'_>, Refusal> {
    let Some(given) = call.optional("attenMaskOptional")? else { return Ok(Mask::Nothing) };
    let (before, after) = (call.int("preTokens")?, call.int("nextTokens")?);
    match call.int("sparseMode")? {
        mode @ 0..=1 => {
            let extents = match *given.shape.as_slice() {
                [batches, heads, queries, keys] => [batches, heads, queries, keys],
                [queries, keys] => [1, 1, queries, keys],
                _ => [0; 4],
            };
            let grid = Grid::of(given, extents, needed, "attenMaskOptional")?;
            Ok(Mask::Given(grid, (mode == 0).then_some(Band { before, after, from_end: false })))
        }
        mode @ 2..=4 => Mask::compressed(mode, given, before, after),
        mode => Err(Refusal::new(format!("acg does not compute with `sparseMode` {mode}"))),
    }
}

fn shift(call: &Call, needed: [usize; 4]) -> Result<Option<Shift<'_>>, Refusal> {
    let Some(given) = call.optional("realShiftOptional")? else { return Ok(None) };
    let kind = if call.operator.parameter("pseType").is_some() { call.int("pseType")? } else { 1 };
    if !(0..=1).contains(&kind) {
        return Err(Refusal::new(format!("acg does not compute with `pseType` {kind}")));
    }
    let extents = match *given.shape.as_slice() {
        [batches, heads, queries, keys] if queries == 1 || queries == needed[2] => {
            [batches, heads, queries, keys]
        }
        _ => [0; 4],
    };
    let grid = Grid::of(given, extents, needed, "realShiftOptional")?;
    Ok(Some(Shift { grid, is_scaled: kind == 1 }))
}

fn give(call: &mut Call, all: Attended) -> Outcome {
    let repeated = |values: Vec<f64>| -> Vec<Number> {
        values.into_iter().flat_map(|value| [Number::Real(value); REPEATED]).collect()
    };
    call.give_to("softmaxMaxOut", repeated(all.largest))?;
    call.give_to("softmaxSumOut", repeated(all.sum))?;
    call.give_to("attentionOutOut", all.out)
}

/// Where rows of the result go.
fn out(call: &Call, layout: Layout, heads: usize) -> Result<Heads, Refusal> {
    let at = call.operator.parameter("attentionOutOut").map(|found| found.0);
    let place = call.places.iter().find(|place| Some(place.parameter) == at);
    let place = place.ok_or_else(|| Refusal::new("no result is taken"))?;
    Heads::of(&place.shape, layout, heads)
}

pub(super) fn score(call: &mut Call) -> Outcome {
    computed(call)?;
    let (layout, _) = Layout::parse(call.text("inputLayout")?)?;
    if layout == Layout::Tnd {
        return Err(Refusal::new("`inputLayout` \"TND\" is that of aclnnFlashAttentionVarLenScore"));
    }
    let [(query, query_heads), (key, key_heads), (value, value_heads)] = rows(call, layout)?;
    let sequence = Sequence { first_query: 0, first_key: 0, queries: query_heads.rows, keys: key_heads.rows };
    let needed = [query_heads.batches, query_heads.heads, query_heads.rows, key_heads.rows];
    let attention = Attention {
        query: Rows::Tensor(query, query_heads),
        key: Rows::Tensor(key, key_heads),
        value: Rows::Tensor(value, value_heads),
        heads: query_heads.heads,
        sequences: vec![sequence; query_heads.batches],
        scale: call.number("scaleValue")?.real(),
        mask: mask(call, needed)?,
        shift: shift(call, needed)?,
    };
    let all = attention.attend(call, out(call, layout, query_heads.heads)?)?;
    give(call, all)
}

pub(super) fn score_of_sequences(call: &mut Call) -> Outcome {
    computed(call)?;
    let (layout, _) = Layout::parse(call.text("inputLayout")?)?;
    if layout != Layout::Tnd {
        return Err(Refusal::new("`inputLayout` is \"TND\" for sequences of different lengths"));
    }
    if call.optional("realShiftOptional")?.is_some() {
        return Err(Refusal::new("acg does not compute this with `realShiftOptional`"));
    }
    let [(query, query_heads), (key, key_heads), (value, value_heads)] = rows(call, layout)?;
    let sequences =
        one_after_another(&call.ints("actualSeqQLenOptional")?, &call.ints("actualSeqKvLenOptional")?)?;
    let rows_of = |of: fn(&Sequence) -> usize| sequences.iter().map(of).sum::<usize>();
    if rows_of(|sequence| sequence.queries) != query_heads.rows
        || rows_of(|sequence| sequence.keys) != key_heads.rows
    {
        return Err(Refusal::new("the sequences do not make up the whole tensors"));
    }
    let most = |of: fn(&Sequence) -> usize| sequences.iter().map(of).max().unwrap_or(0);
    let needed = [
        sequences.len(),
        query_heads.heads,
        most(|sequence| sequence.queries),
        most(|sequence| sequence.keys),
    ];
    let mask = mask(call, needed)?;
    let attention = Attention {
        query: Rows::Tensor(query, query_heads),
        key: Rows::Tensor(key, key_heads),
        value: Rows::Tensor(value, value_heads),
        heads: query_heads.heads,
        sequences,
        scale: call.number("scaleValue")?.real(),
        mask,
        shift: None,
    };
    let mut all = attention.attend(call, out(call, layout, query_heads.heads)?)?;
    // Statistics are given head after head, in each for the rows of all sequences.
    let (largest, sum) = (by_head(&attention, &all.largest), by_head(&attention, &all.sum));
    (all.largest, all.sum) = (largest, sum);
    give(call, all)
}

/// Values of rows, sequence after sequence and in each head after head, as values of rows head after head.
pub(super) fn by_head(attention: &Attention<'_>, values: &[f64]) -> Vec<f64> {
    let mut ordered = Vec::with_capacity(values.len());
    for head in 0..attention.heads {
        let mut start = 0;
        for sequence in &attention.sequences {
            let first = start + head * sequence.queries;
            ordered.extend(values.get(first..first + sequence.queries).unwrap_or_default());
            start += attention.heads * sequence.queries;
        }
    }
    ordered
}
