//! Writing new keys and values to their places in a cache.

use super::call::{Array, Call, Refusal};
use super::normalisation::root_mean_square;
use super::rotary::turned_halves;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] =
    &[("aclnnKvRmsNormRopeCache", norm_rope_cache), ("aclnnScatterPaKvCache", scatter)];

/// How a cache's dimensions follow each other.
#[derive(Clone, Copy)]
enum Layout {
    /// Blocks, places in a block, heads, elements.
    Rows,
    /// Blocks, heads, places, elements.
    Heads,
    /// Blocks, parts of a row, places, elements of a part.
    Parts,
}

/// A cache being written.
struct Cache {
    values: Vec<Number>,
    layout: Layout,
    blocks: usize,
    places: usize,
    heads: usize,
    /// Elements of one head, or of one part.
    width: usize,
}

impl Cache {
    fn of(array: &Array, layout: Layout) -> Result<Self, Refusal> {
        let misfit = || Refusal::new(format!("a cache of shape {:?} does not fit its mode", array.shape));
        let (blocks, places, heads, width) = match (layout, array.shape.as_slice()) {
            (Layout::Rows, &[blocks, places, heads, width])
            | (Layout::Heads | Layout::Parts, &[blocks, heads, places, width]) => {
                (blocks, places, heads, width)
            }
            (Layout::Parts, &[blocks, heads, parts, places, width]) => (blocks, places, heads * parts, width),
            _ => return Err(misfit()),
        };
        Ok(Self { values: array.values.clone(), layout, blocks, places, heads, width })
    }

    /// Writes the elements of all heads to one place, counted over all blocks.
    fn write(&mut self, slot: Number, row: &[Number]) -> Outcome {
        let slot = usize::try_from(slot.int()).ok().filter(|&slot| slot < self.blocks * self.places);
        let slot = slot.ok_or_else(|| Refusal::new("a row goes to a place outside of the cache"))?;
        if row.len() != self.heads * self.width {
            return Err(Refusal::new(format!("a row of {} elements does not fit the cache", row.len())));
        }
        let (block, place) = (slot / self.places, slot % self.places);
        for (at, &value) in row.iter().enumerate() {
            let (head, element) = (at / self.width, at % self.width);
            let line = match self.layout {
                Layout::Rows => (block * self.places + place) * self.heads + head,
                Layout::Heads | Layout::Parts => (block * self.heads + head) * self.places + place,
            };
            let target = self.values.get_mut(line * self.width + element);
            *target.ok_or_else(|| Refusal::new("a row leaves the cache"))? = value;
        }
        Ok(())
    }
}

/// Each token's key and value at the slot that the mapping gives it.
fn scatter(call: &mut Call) -> Outcome {
    call.nothing_besides(&["key", "keyCacheRef", "slotMapping", "value", "valueCacheRef"])?;
    let layout = match (call.text("cacheModeOptional")?, call.text("scatterModeOptional")?) {
        ("Norm" | "", "None" | "") => Layout::Rows,
        ("Norm" | "", "NHSD") => Layout::Heads,
        ("PA_NZ", "None" | "") => Layout::Parts,
        (cache, scatter) => {
            return Err(Refusal::new(format!(
                "acg does not compute with `cacheModeOptional` \"{cache}\" and `scatterModeOptional` \"{scatter}\""
            )));
        }
    };
    let slots = &call.tensor("slotMapping")?.values;
    let written = |new: &str, cache: &str| -> Result<Vec<Number>, Refusal> {
        let (new, mut cache) = (call.tensor(new)?, Cache::of(call.tensor(cache)?, layout)?);
        let &[tokens, heads, width] = new.shape.as_slice() else {
            return Err(Refusal::new("acg computes this for keys and values of three dimensions alone"));
        };
        if tokens != slots.len() {
            return Err(Refusal::new(format!("{} slots do not fit {tokens} tokens", slots.len())));
        }
        for (row, &slot) in new.values.chunks((heads * width).max(1)).zip(slots) {
            cache.write(slot, row)?;
        }
        Ok(cache.values)
    };
    let (keys, values) = (written("key", "keyCacheRef")?, written("value", "valueCacheRef")?);
    call.give_to("keyCacheRef", keys)?;
    call.give_to("valueCacheRef", values)
}

/// The first part of each row normalised, the rest turned, both written to their caches.
fn norm_rope_cache(call: &mut Call) -> Outcome {
    call.nothing_besides(&["kv", "gamma", "cos", "sin", "index", "kCacheRef", "ckvCacheRef"])?;
    let (kv, gamma) = (call.tensor("kv")?, call.tensor("gamma")?);
    let &[batches, heads, rows, all] = kv.shape.as_slice() else {
        return Err(Refusal::new("`kv` has four dimensions"));
    };
    let normalised = gamma.values.len();
    if heads != 1 || normalised >= all || !(all - normalised).is_multiple_of(2) {
        return Err(Refusal::new(
            "acg computes this for one head, of which an even number of elements is turned",
        ));
    }
    if call.tensor("kCacheRef")?.dtype != kv.dtype || call.tensor("ckvCacheRef")?.dtype != kv.dtype {
        return Err(Refusal::new("acg does not compute this with quantised caches"));
    }
    let epsilon = call.number("epsilon")?.real();
    let (mut turned, mut plain) = (Vec::new(), Vec::new());
    for row in kv.values.chunks(all) {
        plain.extend(root_mean_square(&row[..normalised], gamma, epsilon)?);
        turned.extend(row[normalised..].iter().copied());
    }
    let shape = vec![batches, 1, rows, all - normalised];
    let turned = Array { dtype: kv.dtype, shape, values: turned };
    let turned = turned_halves(&turned, call.tensor("cos")?, call.tensor("sin")?)?;
    let round =
        |values: Vec<Number>| -> Vec<Number> { values.into_iter().map(|value| value.to(kv.dtype)).collect() };
    let (turned, plain) = (round(turned), round(plain));
    let stored = |cache: &str, new: &[Number], width: usize| stored(call, cache, new, width, rows);
    let keys = stored("kCacheRef", &turned, all - normalised)?;
    let values = stored("ckvCacheRef", &plain, normalised)?;
    call.give_to("kCacheRef", keys)?;
    call.give_to("ckvCacheRef", values)?;
    if call.flag("isOutputKv")? {
        call.give_to("kRopeOut", turned)?;
        call.give_to("cKvOut", plain)?;
    }
    Ok(())
}

/// The cache with the rows that have a place; those with -1 have none.
fn stored(
    call: &Call,
    cache: &str,
    new: &[Number],
    width: usize,
    rows: usize,
) -> Result<Vec<Number>, Refusal> {
    let array = call.tensor(cache)?;
    let index = call.tensor("index")?;
    let by_batch = match call.text("cacheModeOptional")? {
        "Norm" | "" => true,
        "PA" | "PA_BNSD" => false,
        mode => {
            return Err(Refusal::new(format!("acg does not compute with `cacheModeOptional` \"{mode}\"")));
        }
    };
    let mut cache = Cache::of(array, if by_batch { Layout::Heads } else { Layout::Rows })?;
    if index.values.len() * width != new.len() || (by_batch && index.shape.len() != 2) {
        return Err(Refusal::new("`index` does not have a place for each row"));
    }
    for (number, (row, &place)) in new.chunks(width.max(1)).zip(&index.values).enumerate() {
        if place.int() == -1 {
            continue;
        }
        let first = if by_batch {
            // A place counts within the row's batch.
            if place.int() < 0 || place.int() >= cache.places as i128 {
                return Err(Refusal::new("a row goes to a place outside of the cache"));
            }
            number / rows.max(1) * cache.places
        } else {
            0
        };
        cache.write(Number::Int(first as i128).plus(place), row)?;
    }
    Ok(cache.values)
}
