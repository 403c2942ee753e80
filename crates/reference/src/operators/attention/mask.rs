//! Which keys a query does not see, and what is added to its scores.

use super::super::call::{Array, Refusal};

/// A tensor by sequence, head, query and key; extents of 1 repeat.
pub(super) struct Grid<'a> {
    array: &'a Array,
    extents: [usize; 4],
}

impl<'a> Grid<'a> {
    /// `extents` are those of the tensor's dimensions, with 1 where it has none; they hold at least what `needed` says, or repeat.
    pub(super) fn of(
        array: &'a Array,
        extents: [usize; 4],
        needed: [usize; 4],
        name: &str,
    ) -> Result<Self, Refusal> {
        let fits = extents.iter().zip(needed).all(|(&extent, needed)| extent == 1 || extent >= needed);
        if fits && extents.iter().product::<usize>() == array.values.len() {
            return Ok(Self { array, extents });
        }
        Err(Refusal::new(format!("acg does not compute with a `{name}` of shape {:?}", array.shape)))
    }

    /// The index of an element.
    fn index(&self, place: [usize; 4]) -> usize {
        self.extents
            .iter()
            .zip(place)
            .fold(0, |index, (&extent, at)| index * extent + if extent == 1 { 0 } else { at })
    }

    pub(super) fn at(&self, place: [usize; 4]) -> Result<f64, Refusal> {
        Ok(self.array.at(self.index(place))?.real())
    }
}

/// How far a query sees, from its own position on: to keys before it, and to keys after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) before: i64,
    pub(super) after: i64,
    /// Whether the last query is at the last key; else the first is at the first.
    pub(super) from_end: bool,
}

impl Band {
    /// Whether a query of `queries` sees a key of `keys`.
    fn sees(self, query: usize, key: usize, queries: usize, keys: usize) -> bool {
        let shift = if self.from_end { keys as i64 - queries as i64 } else { 0 };
        let (query, key) = (query as i64 + shift, key as i64);
        key >= query.saturating_sub(self.before) && key <= query.saturating_add(self.after)
    }
}

/// Which keys are hidden from a query.
pub(super) enum Mask<'a> {
    Nothing,
    Beyond(Band),
    /// What the tensor says, which is at least what the band says.
    Given(Grid<'a>, Option<Band>),
}

/// The extent of masks that hold every band, cut out as needed.
const COMPRESSED: usize = 2048;

impl Mask<'_> {
    /// The mask of a mode that takes a compressed one, after a look at what was given.
    pub(super) fn compressed(mode: i64, given: &Array, before: i64, after: i64) -> Result<Self, Refusal> {
        let is_square = matches!(given.shape.as_slice(), [leading @ .., COMPRESSED, COMPRESSED] if leading.iter().all(|&extent| extent == 1));
        let hides_what_follows = || {
            let rows = given.values.chunks(COMPRESSED).enumerate();
            rows.into_iter().all(|(query, row)| {
                row.iter().enumerate().all(|(key, hidden)| hidden.holds() == (key > query))
            })
        };
        if !is_square || !hides_what_follows() {
            return Err(Refusal::new(format!(
                "`sparseMode` {mode} takes a mask of {COMPRESSED} × {COMPRESSED} that hides what follows each query"
            )));
        }
        Ok(Self::Beyond(match mode {
            2 => Band { before: i64::MAX, after: 0, from_end: false },
            3 => Band { before: i64::MAX, after: 0, from_end: true },
            _ => Band { before, after, from_end: true },
        }))
    }

    /// Whether the key is hidden. `place` is sequence, head, query and key.
    pub(super) fn hides(&self, place: [usize; 4], queries: usize, keys: usize) -> Result<bool, Refusal> {
        let [_, _, query, key] = place;
        match self {
            Self::Nothing => Ok(false),
            Self::Beyond(band) => Ok(!band.sees(query, key, queries, keys)),
            Self::Given(grid, band) => {
                let hidden = grid.at(place)? != 0.0;
                if !hidden && band.is_some_and(|band| !band.sees(query, key, queries, keys)) {
                    return Err(Refusal::new("the mask shows keys that `preTokens` and `nextTokens` hide"));
                }
                Ok(hidden)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_counted_from_either_corner() {
        let seen = |band: Band| -> Vec<String> {
            (0..2)
                .map(|query| (0..4).map(|key| if band.sees(query, key, 2, 4) { '1' } else { '0' }).collect())
                .collect()
        };
        assert_eq!(seen(Band { before: i64::MAX, after: 0, from_end: false }), ["1000", "1100"]);
        assert_eq!(seen(Band { before: i64::MAX, after: 0, from_end: true }), ["1110", "1111"]);
        assert_eq!(seen(Band { before: 1, after: 0, from_end: true }), ["0110", "0011"]);
        assert_eq!(seen(Band { before: 1, after: -1, from_end: false }), ["0000", "1000"]);
    }
}
