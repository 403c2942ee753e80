//! Cells: runs of bytes of one buffer with one history.

use std::collections::BTreeMap;

use acg_ir::Extent;

use crate::value::Value;

/// The end of a list, and the number of nothing.
pub(crate) const NIL: u32 = u32::MAX;

/// A run of bytes with one history; lists are numbers of their first elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) end: u64,
    pub(crate) value: Value,
    /// The last task that wrote all of it.
    pub(crate) writer: u32,
    /// Who has read it since.
    pub(crate) readers: u32,
    /// Strided writes since, the latest first.
    pub(crate) layers: u32,
    /// Earlier accesses that were not ordered before what hides them.
    pub(crate) open: u32,
}

impl Cell {
    /// Bytes up to `end` that hold `value` and that nothing has touched.
    pub(crate) fn untouched(end: u64, value: Value) -> Self {
        Self { end, value, writer: NIL, readers: NIL, layers: NIL, open: NIL }
    }

    /// Whether all that has touched it touched all of it, and what came later was ordered after that.
    pub(crate) fn is_plain(&self) -> bool {
        self.layers == NIL && self.open == NIL
    }
}

/// The cells of one buffer.
#[derive(Clone, Debug)]
pub(crate) enum Cells {
    /// Hardly any buffer is ever accessed in part.
    One(Cell),
    Many(BTreeMap<u64, Cell>),
}

impl Cells {
    /// The cell that is all of `extent`, if it was cut so before, as it mostly was.
    #[inline]
    pub(crate) fn only(&mut self, extent: &Extent) -> Option<&mut Cell> {
        let (start, end) = extent.is_contiguous().then(|| (extent.start(), extent.end()))?;
        match self {
            Self::One(cell) => Some(cell).filter(|cell| start == 0 && end >= cell.end),
            Self::Many(_) => self.one_of_many(start, end),
        }
    }

    #[inline(never)]
    fn one_of_many(&mut self, start: u64, end: u64) -> Option<&mut Cell> {
        let Self::Many(map) = self else { return None };
        map.get_mut(&start).filter(|cell| cell.end == end)
    }

    /// Calls `each` with every cell in `start..end` and where it starts; cells that reach out of the range are cut.
    pub(crate) fn visit(&mut self, start: u64, end: u64, mut each: impl FnMut(u64, &mut Cell)) {
        if let Self::One(cell) = self
            && start == 0
            && end >= cell.end
        {
            each(0, cell);
        } else if let Some(cell) = self.one_of_many(start, end) {
            each(start, cell);
        } else if let Some(map) = self.cut(start, end) {
            map.range_mut(start..end).for_each(|(&at, cell)| each(at, cell));
        }
    }

    /// The cells, none of which reaches over `start` or `end`.
    fn cut(&mut self, start: u64, end: u64) -> Option<&mut BTreeMap<u64, Cell>> {
        if let Self::One(cell) = self {
            *self = Self::Many(BTreeMap::from([(0, *cell)]));
        }
        let Self::Many(map) = self else { return None };
        split(map, start);
        split(map, end);
        Some(map)
    }

    /// Calls `each` with every cell and where it starts.
    pub(crate) fn all(&self, mut each: impl FnMut(u64, &Cell)) {
        match self {
            Self::One(cell) => each(0, cell),
            Self::Many(map) => map.iter().for_each(|(&at, cell)| each(at, cell)),
        }
    }

    /// Makes one cell of those in `start..cell.end`, at whose ends cells have been cut already.
    pub(crate) fn replace(&mut self, start: u64, cell: Cell) {
        match self {
            Self::One(_) => *self = Self::One(cell),
            Self::Many(map) => {
                if let Some(only) = map.get_mut(&start).filter(|only| only.end == cell.end) {
                    *only = cell;
                    return;
                }
                let inside: Vec<u64> = map.range(start..cell.end).map(|(&at, _)| at).skip(1).collect();
                for at in &inside {
                    map.remove(at);
                }
                map.insert(start, cell);
            }
        }
    }
}

/// Cuts the cell that byte `at` is inside of.
fn split(map: &mut BTreeMap<u64, Cell>, at: u64) {
    let Some((&start, cell)) = map.range_mut(..at).next_back() else { return };
    if cell.end <= at {
        return;
    }
    let rest = Cell { value: cell.value.skip(at - start), ..*cell };
    cell.end = at;
    map.insert(at, rest);
}
