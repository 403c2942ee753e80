//! Where a row of elements of one head is: in a tensor with a layout, in a list of tensors, in a paged cache.

use super::super::call::{Array, Refusal};
use crate::number::Number;

/// The order of dimensions: B batches, S rows of a sequence, N heads, D elements of a head, H those of all heads, T rows of all sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Bsh,
    Sbh,
    Bsnd,
    Bnsd,
    Tnd,
}

impl Layout {
    /// The layouts of inputs and of the result that `inputLayout` names.
    pub(super) fn parse(text: &str) -> Result<(Self, Self), Refusal> {
        Ok(match text {
            "BSH" => (Self::Bsh, Self::Bsh),
            "SBH" => (Self::Sbh, Self::Sbh),
            "BSND" => (Self::Bsnd, Self::Bsnd),
            "BNSD" => (Self::Bnsd, Self::Bnsd),
            "BNSD_BSND" => (Self::Bnsd, Self::Bsnd),
            "TND" => (Self::Tnd, Self::Tnd),
            other => {
                return Err(Refusal::new(format!("acg does not compute with `inputLayout` \"{other}\"")));
            }
        })
    }
}

/// Extents, and distances between neighbours, of a tensor of heads. A tensor with all sequences in a row is one batch.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_field_names, reason = "`heads` is how many there are")]
pub(super) struct Heads {
    pub(super) batches: usize,
    pub(super) rows: usize,
    pub(super) heads: usize,
    /// Elements of one head.
    pub(super) width: usize,
    batch_step: usize,
    row_step: usize,
    head_step: usize,
}

impl Heads {
    /// Of a shape, with as many heads as `heads` says where the shape does not.
    pub(super) fn of(shape: &[usize], layout: Layout, heads: usize) -> Result<Self, Refusal> {
        let misfit = || Refusal::new(format!("{shape:?} does not fit the layout {layout:?}"));
        let width = |all: usize| match heads {
            0 => Err(misfit()),
            heads if all.is_multiple_of(heads) => Ok(all / heads),
            _ => Err(Refusal::new(format!("{all} elements are not {heads} heads of the same size"))),
        };
        Ok(match (layout, shape) {
            (Layout::Bsh, &[batches, rows, all]) => {
                let width = width(all)?;
                Self { batches, rows, heads, width, batch_step: rows * all, row_step: all, head_step: width }
            }
            (Layout::Sbh, &[rows, batches, all]) => {
                let width = width(all)?;
                Self {
                    batches,
                    rows,
                    heads,
                    width,
                    batch_step: all,
                    row_step: batches * all,
                    head_step: width,
                }
            }
            (Layout::Bsnd, &[batches, rows, heads, width]) => {
                let row_step = heads * width;
                Self { batches, rows, heads, width, batch_step: rows * row_step, row_step, head_step: width }
            }
            (Layout::Bnsd, &[batches, heads, rows, width]) => {
                let head_step = rows * width;
                Self {
                    batches,
                    rows,
                    heads,
                    width,
                    batch_step: heads * head_step,
                    row_step: width,
                    head_step,
                }
            }
            (Layout::Tnd, &[rows, heads, width]) => Self {
                batches: 1,
                rows,
                heads,
                width,
                batch_step: 0,
                row_step: heads * width,
                head_step: width,
            },
            _ => return Err(misfit()),
        })
    }

    /// The index of the first element of a row of a head.
    pub(super) fn start(&self, batch: usize, head: usize, row: usize) -> usize {
        batch * self.batch_step + head * self.head_step + row * self.row_step
    }
}

/// Rows of heads, by sequence.
pub(super) enum Rows<'a> {
    /// One tensor.
    Tensor(&'a Array, Heads),
    /// A tensor for each sequence.
    List(Vec<(&'a Array, Heads)>),
    /// Blocks of rows, found by a table.
    Paged(Pages<'a>),
}

/// A cache of blocks of rows.
pub(super) struct Pages<'a> {
    pub(super) cache: &'a Array,
    /// The cache as a batch for each block.
    pub(super) blocks: Heads,
    /// The number of the block, by sequence and by place in it.
    pub(super) table: &'a Array,
    /// Places of one sequence in the table.
    pub(super) places: usize,
}

impl<'a> Rows<'a> {
    /// Extents of one sequence's rows.
    pub(super) fn heads(&self) -> Option<Heads> {
        match self {
            Self::Tensor(_, heads) => Some(*heads),
            Self::List(list) => list.first().map(|entry| entry.1),
            Self::Paged(pages) => Some(pages.blocks),
        }
    }

    /// The elements of a row of a head. Rows of a tensor with all sequences in a row count over all of them.
    pub(super) fn row(&self, sequence: usize, head: usize, row: usize) -> Result<&'a [Number], Refusal> {
        let outside = || Refusal::new("a row leaves its tensor");
        let (array, start, width) = match self {
            Self::Tensor(array, heads) => {
                let batch = if heads.batches == 1 { 0 } else { sequence };
                (*array, heads.start(batch, head, row), heads.width)
            }
            Self::List(list) => {
                let (array, heads) = list.get(sequence).ok_or_else(outside)?;
                if row >= heads.rows {
                    return Err(outside());
                }
                (*array, heads.start(0, head, row), heads.width)
            }
            Self::Paged(pages) => {
                let (place, row) = (row / pages.blocks.rows.max(1), row % pages.blocks.rows.max(1));
                if place >= pages.places {
                    return Err(Refusal::new("a sequence has more rows than its blocks"));
                }
                let block = pages.table.at(sequence * pages.places + place)?.int();
                let block = usize::try_from(block).ok().filter(|&block| block < pages.blocks.batches);
                let block = block.ok_or_else(|| Refusal::new("the table names a block that is none"))?;
                (pages.cache, pages.blocks.start(block, head, row), pages.blocks.width)
            }
        };
        array.values.get(start..start + width).ok_or_else(outside)
    }
}
