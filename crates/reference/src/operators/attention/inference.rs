//! Attention as inference calls it: keys and values in a cache, of which each sequence has filled a part.

use super::super::call::{Array, Call, Refusal};
use super::heads::{Heads, Layout, Pages, Rows};
use super::mask::{Band, Grid, Mask};
use super::training::by_head;
use super::{Attention, Outcome, Sequence, one_after_another, size};
use crate::number::Number;

/// What the three operators call the same things.
struct Names {
    mask: &'static str,
    /// Lengths of queries; one decode step has none.
    queries: Option<&'static str>,
    keys: &'static str,
    table: Option<&'static str>,
    /// Whether keys and values are lists.
    listed: bool,
    has_modes: bool,
}

pub(super) fn prompt(call: &mut Call) -> Outcome {
    evaluate(
        call,
        &Names {
            mask: "attenMask",
            queries: Some("actualSeqLengths"),
            keys: "actualSeqLengthsKv",
            table: None,
            listed: false,
            has_modes: true,
        },
    )
}

pub(super) fn increment(call: &mut Call) -> Outcome {
    evaluate(
        call,
        &Names {
            mask: "attenMask",
            queries: None,
            keys: "actualSeqLengths",
            table: Some("blocktable"),
            listed: true,
            has_modes: false,
        },
    )
}

pub(super) fn fused(call: &mut Call) -> Outcome {
    evaluate(
        call,
        &Names {
            mask: "attenMaskOptional",
            queries: Some("actualSeqLengthsOptional"),
            keys: "actualSeqLengthsKvOptional",
            table: Some("blockTableOptional"),
            listed: true,
            has_modes: true,
        },
    )
}

/// Keys or values: a tensor, a list of one or of one for each batch, or a cache in blocks.
fn stored<'a>(
    call: &'a Call,
    name: &str,
    names: &Names,
    (layout, heads, batches): (Layout, usize, usize),
) -> Result<Rows<'a>, Refusal> {
    let list = if names.listed { call.tensors(name)? } else { std::slice::from_ref(call.tensor(name)?) };
    if let Some(table) = names.table.and_then(|table| call.possible(table)) {
        let [cache] = list else { return Err(Refusal::new("a cache in blocks is one tensor")) };
        return paged(call, cache, table, layout, heads).map(Rows::Paged);
    }
    let of = |array: &'a Array, batches: usize| {
        let heads = Heads::of(&array.shape, layout, heads)?;
        if layout != Layout::Tnd && heads.batches != batches {
            return Err(Refusal::new(format!("`{name}` has not as many batches as `query`")));
        }
        Ok((array, heads))
    };
    match list {
        [array] => of(array, batches).map(|(array, heads)| Rows::Tensor(array, heads)),
        list if layout != Layout::Tnd && list.len() == batches => {
            list.iter().map(|array| of(array, 1)).collect::<Result<_, _>>().map(Rows::List)
        }
        list => Err(Refusal::new(format!(
            "`{name}` has {} tensors, neither one nor one for each batch",
            list.len()
        ))),
    }
}

fn paged<'a>(
    call: &Call,
    cache: &'a Array,
    table: &'a Array,
    layout: Layout,
    heads: usize,
) -> Result<Pages<'a>, Refusal> {
    let &[_, places] = table.shape.as_slice() else {
        return Err(Refusal::new("the table of blocks has two dimensions"));
    };
    // Blocks of rows of all heads, or blocks of heads of rows.
    let blocks = match cache.shape.len() {
        3 => Heads::of(&cache.shape, Layout::Bsh, heads)?,
        4 if matches!(layout, Layout::Bnsd | Layout::Tnd) => Heads::of(&cache.shape, Layout::Bnsd, heads)?,
        _ => return Err(Refusal::new("acg does not compute with a cache of this layout")),
    };
    if blocks.rows != size(call, "blockSize")? {
        return Err(Refusal::new(format!("blocks of {} rows do not have `blockSize`", blocks.rows)));
    }
    Ok(Pages { cache, blocks, table, places })
}

/// One length for each batch: one for all, or at least as many as there are.
fn lengths(given: &[i64], batches: usize, most: usize) -> Result<Vec<usize>, Refusal> {
    let all = match given {
        [] => vec![most; batches],
        &[length] => vec![usize::try_from(length).unwrap_or(usize::MAX); batches],
        given if given.len() >= batches => {
            given.iter().take(batches).map(|&length| usize::try_from(length).unwrap_or(usize::MAX)).collect()
        }
        _ => return Err(Refusal::new("there are fewer lengths than sequences")),
    };
    if all.iter().any(|&length| length > most) {
        return Err(Refusal::new(format!("a sequence is longer than {most}, or its length negative")));
    }
    Ok(all)
}

fn sequences(
    call: &Call,
    names: &Names,
    query: Heads,
    keys: &Rows<'_>,
    is_joined: bool,
) -> Result<Vec<Sequence>, Refusal> {
    let given_queries = names.queries.map_or(Ok(Vec::new()), |name| call.ints(name))?;
    let given_keys = call.ints(names.keys)?;
    let stored = keys.heads().ok_or_else(|| Refusal::new("a list of tensors is empty"))?;
    let most = match keys {
        Rows::Paged(pages) => pages.places.saturating_mul(pages.blocks.rows),
        Rows::List(list) => list.iter().map(|entry| entry.1.rows).max().unwrap_or(0),
        Rows::Tensor(..) => stored.rows,
    };
    if is_joined {
        let is_paged = matches!(keys, Rows::Paged(_));
        let mut all = one_after_another(&given_queries, if is_paged { &given_queries } else { &given_keys })?;
        let queries = all.last().map_or(0, |last| last.first_query + last.queries);
        let last = all.last().map_or(0, |last| last.first_key + last.keys);
        if queries != query.rows || (!is_paged && last != stored.rows) {
            return Err(Refusal::new("the sequences do not make up the whole tensors"));
        }
        if is_paged {
            let lengths = lengths(&given_keys, all.len(), most)?;
            all.iter_mut().zip(lengths).for_each(|(sequence, keys)| {
                (sequence.first_key, sequence.keys) = (0, keys);
            });
        }
        return Ok(all);
    }
    if matches!(keys, Rows::Paged(_)) && given_keys.is_empty() {
        return Err(Refusal::new(format!("a cache in blocks takes `{}`", names.keys)));
    }
    let queries = lengths(&given_queries, query.batches, query.rows)?;
    if queries.iter().any(|&length| length != query.rows) {
        return Err(Refusal::new("the reference leaves rows behind the last query of a sequence open"));
    }
    let keys = match keys {
        Rows::List(list) if given_keys.is_empty() => list.iter().map(|entry| entry.1.rows).collect(),
        _ => lengths(&given_keys, query.batches, most)?,
    };
    let of = |keys| Sequence { first_query: 0, first_key: 0, queries: query.rows, keys };
    Ok(keys.into_iter().map(of).collect())
}

fn mask<'a>(call: &'a Call, names: &Names, needed: [usize; 4]) -> Result<Mask<'a>, Refusal> {
    let given = call.possible(names.mask);
    let is_step = needed[2] == 1;
    // For a single query, modes and windows have no effect.
    let mode = if names.has_modes && !is_step { call.int("sparseMode")? } else { 0 };
    let Some(given) = given else {
        return if mode == 0 {
            Ok(Mask::Nothing)
        } else {
            Err(Refusal::new(format!("`sparseMode` {mode} takes `{}`", names.mask)))
        };
    };
    let window = || Ok::<_, Refusal>((call.int("preTokens")?, call.int("nextTokens")?));
    match mode {
        0 | 1 => {
            let extents = match *given.shape.as_slice() {
                [batches, heads, queries, keys] => [batches, heads, queries, keys],
                [batches, queries, keys] => [batches, 1, queries, keys],
                [batches, keys] if is_step => [batches, 1, 1, keys],
                [queries, keys] => [1, 1, queries, keys],
                _ => [0; 4],
            };
            let grid = Grid::of(given, extents, needed, names.mask)?;
            let band = if mode == 0 && !is_step {
                let (before, after) = window()?;
                Some(Band { before, after, from_end: false })
            } else {
                None
            };
            Ok(Mask::Given(grid, band))
        }
        2..=4 => {
            let (before, after) = window()?;
            Mask::compressed(mode, given, before, after)
        }
        mode => Err(Refusal::new(format!("acg does not compute with `sparseMode` {mode}"))),
    }
}

fn evaluate(call: &mut Call, names: &Names) -> Outcome {
    let table = names.table.unwrap_or_default();
    call.nothing_besides(&["query", "key", "value", names.mask, table])?;
    let (layout, out_layout) = Layout::parse(call.text("inputLayout")?)?;
    let heads = size(call, "numHeads")?;
    let key_heads = match size(call, "numKeyValueHeads")? {
        0 => heads,
        key_heads => key_heads,
    };
    let query = call.tensor("query")?;
    let query_heads = Heads::of(&query.shape, layout, heads)?;
    let form = (layout, key_heads, query_heads.batches);
    let (key, value) = (stored(call, "key", names, form)?, stored(call, "value", names, form)?);
    let is_joined = layout == Layout::Tnd;
    let sequences = sequences(call, names, query_heads, &key, is_joined)?;
    if !is_joined && sequences.len() != query_heads.batches {
        return Err(Refusal::new("there are not as many sequences of keys as of queries"));
    }
    let most = |of: fn(&Sequence) -> usize| sequences.iter().map(of).max().unwrap_or(0);
    let needed = [sequences.len(), heads, most(|sequence| sequence.queries), most(|sequence| sequence.keys)];
    let attention = Attention {
        query: Rows::Tensor(query, query_heads),
        key,
        value,
        heads,
        scale: call.number("scaleValue")?.real(),
        mask: mask(call, names, needed)?,
        shift: None,
        sequences,
    };
    if call.result()?.dtype.is_integer() {
        return Err(Refusal::new("acg does not compute this with a quantised result"));
    }
    let all = attention.attend(call, Heads::of(&call.result()?.shape, out_layout, heads)?)?;
    if call.operator.parameter("softmaxLseFlag").is_some() && call.flag("softmaxLseFlag")? {
        let logarithms: Vec<f64> =
            all.largest.iter().zip(&all.sum).map(|(largest, sum)| libm::log(*sum) + largest).collect();
        let logarithms = if is_joined { by_row(&attention, &logarithms) } else { logarithms };
        call.give_to("softmaxLse", logarithms.into_iter().map(Number::Real).collect())?;
    }
    call.give_to("attentionOut", all.out)
}

/// Values of rows, sequence after sequence and in each head after head, as values of heads row after row.
fn by_row(attention: &Attention<'_>, values: &[f64]) -> Vec<f64> {
    let ordered = by_head(attention, values);
    let rows = ordered.len().checked_div(attention.heads).unwrap_or(0);
    let place = |at: usize| (at % attention.heads) * rows + at / attention.heads;
    (0..ordered.len()).filter_map(|at| ordered.get(place(at)).copied()).collect()
}
