//! Which bytes an operand covers, exactly.
//!
//! A slice of a row-major tensor is a set of equally long rows at nested strides. [`Extent`] keeps just that, so that
//! views of views and reinterpreted views compare with each other byte by byte.
//!
//! **Invariant:** the rows of an extent do not overlap and ascend in order of their indices.

use std::sync::Arc;

use crate::module::{Buffer, Module, TensorType};
use crate::task::{Operand, SliceDim};

/// The most dimensions a tensor may have, as for an `aclTensor` of the aclnn operators.
pub const MAX_RANK: usize = 8;

/// Bytes of one allocation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Access {
    /// The buffer that owns the bytes; never a view.
    pub root: Buffer,
    /// Which of its bytes.
    pub extent: Extent,
}

/// A set of bytes: rows of `row` bytes, repeated `count` times at `stride` for every outer dimension.
///
/// Hardly any set has outer dimensions, so that those of one that has are kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extent {
    start: u64,
    row: u64,
    /// `None` for a range.
    outer: Option<Arc<[Repeat]>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Repeat {
    count: u64,
    stride: u64,
}

/// Why an operand has no bytes to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionError {
    /// The slice has more dimensions than the tensor.
    TooManyDimensions {
        /// How many the slice has.
        given: usize,
        /// How many the tensor has.
        rank: usize,
    },
    /// A bound lies outside of its dimension.
    OutOfBounds {
        /// Which dimension, from 0.
        dimension: usize,
        /// The bound.
        bound: u64,
        /// The extent of the dimension.
        extent: u64,
    },
    /// A range has no elements.
    Empty {
        /// Which dimension, from 0.
        dimension: usize,
    },
    /// The tensor has more dimensions than [`MAX_RANK`].
    RankTooHigh(usize),
    /// The size does not fit in 64 bits.
    TooLarge,
    /// The bytes of a reinterpreted view are not contiguous.
    NotContiguous,
    /// The slice of a type smaller than a byte does not start and end at a byte.
    NotByteAligned,
}

/// A slice of a tensor while views are followed: an offset and (count, stride) per dimension, in bits.
#[derive(Clone, Copy)]
struct Layout {
    offset: u64,
    element: u64,
    dims: [Repeat; MAX_RANK],
    rank: usize,
}

impl Layout {
    fn contiguous(element: u64, shape: &[u64], offset: u64) -> Result<Self, RegionError> {
        if shape.len() > MAX_RANK {
            return Err(RegionError::RankTooHigh(shape.len()));
        }
        let mut dims = [Repeat::default(); MAX_RANK];
        let mut stride = element;
        for (dim, &count) in dims.iter_mut().zip(shape).rev() {
            *dim = Repeat { count, stride };
            stride = stride.checked_mul(count).ok_or(RegionError::TooLarge)?;
        }
        Ok(Self { offset, element, dims, rank: shape.len() })
    }

    fn slice(mut self, slice: &[SliceDim]) -> Result<Self, RegionError> {
        if slice.len() > self.rank {
            return Err(RegionError::TooManyDimensions { given: slice.len(), rank: self.rank });
        }
        let mut kept = 0;
        for dimension in 0..self.rank {
            let mut dim = self.dims[dimension];
            let outside = |bound| RegionError::OutOfBounds { dimension, bound, extent: dim.count };
            match slice.get(dimension).copied().unwrap_or(SliceDim::All) {
                SliceDim::At(index) if index >= dim.count => return Err(outside(index)),
                SliceDim::At(index) => {
                    self.offset += index * dim.stride;
                    continue;
                }
                SliceDim::Range(_, high) if high > dim.count => return Err(outside(high)),
                SliceDim::Range(low, high) if low >= high => return Err(RegionError::Empty { dimension }),
                SliceDim::Range(low, high) => {
                    self.offset += low * dim.stride;
                    dim.count = high - low;
                }
                SliceDim::All => {}
            }
            self.dims[kept] = dim;
            kept += 1;
        }
        self.rank = kept;
        Ok(self)
    }

    fn extent(&self) -> Result<Extent, RegionError> {
        let mut row = self.element;
        let mut inner = self.rank;
        while inner > 0 && (self.dims[inner - 1].stride == row || self.dims[inner - 1].count == 1) {
            row *= self.dims[inner - 1].count;
            inner -= 1;
        }
        let outer = || self.dims[..inner].iter().filter(|dim| dim.count != 1);
        let start = self.offset / 8;
        let is_aligned = self.offset.is_multiple_of(8) && row.is_multiple_of(8);
        if is_aligned && outer().all(|dim| dim.stride.is_multiple_of(8)) {
            let outer = (outer().next().is_some())
                .then(|| outer().map(|dim| Repeat { count: dim.count, stride: dim.stride / 8 }).collect());
            return Ok(Extent { start, row: row / 8, outer });
        }
        // Half a byte cannot be moved by itself; a whole tensor of them may still end in the middle of one.
        if outer().next().is_none() && self.offset.is_multiple_of(8) {
            return Ok(Extent { start, row: row.div_ceil(8), outer: None });
        }
        Err(RegionError::NotByteAligned)
    }
}

impl Extent {
    /// The bytes `start..end`.
    pub fn range(start: u64, end: u64) -> Self {
        Self { start, row: end - start, outer: None }
    }

    /// `rows` rows of `row` bytes, `pitch` bytes from row to row; `None` where rows overlap or bytes do not fit in 62 bits.
    pub fn rows(start: u64, row: u64, rows: u64, pitch: u64) -> Option<Self> {
        const MOST: u64 = 1 << 62;
        let whole = rows.checked_mul(pitch)?.checked_add(row)?.checked_add(start)?;
        if whole > MOST || (rows > 1 && pitch < row) {
            return None;
        }
        if rows <= 1 || pitch == row || row == 0 {
            return Some(Self::range(start, start + row * rows));
        }
        Some(Self { start, row, outer: Some(Arc::new([Repeat { count: rows, stride: pitch }])) })
    }

    /// The first byte.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// One past the last byte.
    pub fn end(&self) -> u64 {
        self.start + self.row + self.repeats().iter().map(|dim| (dim.count - 1) * dim.stride).sum::<u64>()
    }

    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        self.row * self.repeats().iter().map(|dim| dim.count).product::<u64>()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the bytes are one range.
    pub fn is_contiguous(&self) -> bool {
        self.outer.is_none()
    }

    /// How many of the bytes lie before byte `at`.
    pub fn bytes_before(&self, at: u64) -> u64 {
        self.rows_before(self.start, self.repeats(), at)
    }

    /// Calls `each` with the numbers that say how the bytes lie to the first of them.
    pub fn form(&self, mut each: impl FnMut(u64)) {
        each(self.row);
        for dim in self.repeats() {
            each(dim.count);
            each(dim.stride);
        }
    }

    /// The rows of a two-dimensional copy: (bytes a row, rows, bytes from row to row); `None` with more dimensions.
    pub fn pitched(&self) -> Option<(u64, u64, u64)> {
        match self.repeats() {
            [] => Some((self.row, 1, self.row)),
            [dim] => Some((self.row, dim.count, dim.stride)),
            _ => None,
        }
    }

    /// Appends the first byte and one past the last byte of every row to `rows`, in ascending order of their indices; appends
    /// nothing and says no where there are more than `most`.
    pub fn rows_into(&self, most: u64, rows: &mut Vec<(u64, u64)>) -> bool {
        let count = self.repeats().iter().try_fold(1u64, |count, dim| count.checked_mul(dim.count));
        let Some(count) = count.filter(|&count| count <= most) else { return false };
        for row in 0..count {
            let (mut rest, mut start) = (row, self.start);
            for dim in self.repeats().iter().rev() {
                start += rest % dim.count * dim.stride;
                rest /= dim.count;
            }
            rows.push((start, start + self.row));
        }
        true
    }

    /// Whether any byte is in both; both extents are of the same buffer.
    pub fn overlaps(&self, other: &Self) -> bool {
        if self.is_empty() || other.is_empty() || self.end() <= other.start || other.end() <= self.start {
            return false;
        }
        if self.is_contiguous() && other.is_contiguous() {
            return true;
        }
        if let ([mine], [theirs]) = (self.repeats(), other.repeats())
            && mine.stride == theirs.stride
        {
            return self.meets_at_pitch(other, *mine, *theirs);
        }
        // Leapfrog: each side jumps to its first row that ends after the other's row starts.
        let mut after = self.start.max(other.start);
        loop {
            let (Some(mine), Some(theirs)) = (self.row_ending_after(after), other.row_ending_after(after))
            else {
                return false;
            };
            if mine < theirs + other.row && theirs < mine + self.row {
                return true;
            }
            after = mine.max(theirs);
        }
    }

    /// Whether every byte of `other` is in `self`; may say no for strided extents that do contain each other.
    pub fn contains(&self, other: &Self) -> bool {
        self == other || (self.is_contiguous() && self.start <= other.start && other.end() <= self.end())
    }

    fn rows_before(&self, start: u64, repeats: &[Repeat], at: u64) -> u64 {
        let Some((dim, inner)) = repeats.split_first() else {
            return at.saturating_sub(start).min(self.row);
        };
        let span = self.row + inner.iter().map(|dim| (dim.count - 1) * dim.stride).sum::<u64>();
        let bytes = self.row * inner.iter().map(|dim| dim.count).product::<u64>();
        // Blocks that end at or before the byte, and the one that it is inside of.
        let whole = at.checked_sub(start + span).map_or(0, |rest| (rest / dim.stride + 1).min(dim.count));
        let cut = if whole < dim.count { self.rows_before(start + whole * dim.stride, inner, at) } else { 0 };
        whole * bytes + cut
    }

    fn repeats(&self) -> &[Repeat] {
        self.outer.as_deref().unwrap_or(&[])
    }

    /// Whether rows of two extents with one pitch meet: whether some distance in rows brings one row onto another.
    fn meets_at_pitch(&self, other: &Self, mine: Repeat, theirs: Repeat) -> bool {
        if self.start > other.start {
            return other.meets_at_pitch(self, theirs, mine);
        }
        // Row `t` of this one, counted from the other's first, starts at most a pitch before it.
        let ahead = other.start - self.start;
        let (rows, rest) = (ahead / mine.stride, ahead % mine.stride);
        (rows < mine.count && rest < self.row) || (rows + 1 < mine.count && mine.stride - rest < other.row)
    }

    /// The start of the first row that ends after byte `after`.
    fn row_ending_after(&self, after: u64) -> Option<u64> {
        self.first_row(self.start, self.repeats(), after)
    }

    fn first_row(&self, start: u64, repeats: &[Repeat], after: u64) -> Option<u64> {
        let Some((dim, inner)) = repeats.split_first() else {
            return (start + self.row > after).then_some(start);
        };
        let span = self.row + inner.iter().map(|dim| (dim.count - 1) * dim.stride).sum::<u64>();
        // Blocks before this one end at or before `after`.
        let block = if start + span > after { 0 } else { (after - start - span) / dim.stride + 1 };
        (block < dim.count).then(|| self.first_row(start + block * dim.stride, inner, after)).flatten()
    }
}

fn element_bits(ty: &TensorType) -> u64 {
    match ty {
        TensorType::Tensor { dtype, .. } => u64::from(dtype.bits()),
        TensorType::Bytes(_) => 8,
    }
}

impl Module {
    /// The bytes that an operand covers, with views followed to the buffer that owns them.
    ///
    /// # Errors
    ///
    /// A [`RegionError`] where the slice does not fit; the parser reports those, so a resolved module has none.
    #[inline]
    pub fn access(&self, operand: Operand) -> Result<Access, RegionError> {
        match self.whole(operand) {
            Some(extent) => Ok(Access { root: operand.buffer, extent }),
            None => self.part(operand),
        }
    }

    fn part(&self, operand: Operand) -> Result<Access, RegionError> {
        if let Some(access) = self.within_bytes(operand) {
            return Ok(access);
        }
        let (root, layout) = self.layout(operand)?;
        Ok(Access { root, extent: layout.extent()? })
    }

    /// The shape of an operand, in elements; `[element count]` in bytes for `bytes[n]`.
    ///
    /// # Errors
    ///
    /// As [`Module::access`].
    pub fn operand_shape(&self, operand: Operand, shape: &mut Vec<u64>) -> Result<(), RegionError> {
        shape.clear();
        if let Some(whole) = self.whole_shape(operand) {
            shape.extend_from_slice(whole);
            return Ok(());
        }
        let (_, layout) = self.layout(operand)?;
        shape.extend(layout.dims[..layout.rank].iter().map(|dim| dim.count));
        Ok(())
    }

    /// The strides of an operand's dimensions, in elements; as many as [`Module::operand_shape`] gives extents.
    ///
    /// # Errors
    ///
    /// As [`Module::access`].
    pub fn operand_strides(&self, operand: Operand, strides: &mut Vec<u64>) -> Result<(), RegionError> {
        let (_, layout) = self.layout(operand)?;
        strides.clear();
        strides.extend(layout.dims[..layout.rank].iter().map(|dim| dim.stride / layout.element));
        Ok(())
    }

    /// The bytes of a whole buffer of whole bytes, which most operands are, without following dimensions.
    #[inline]
    fn whole(&self, operand: Operand) -> Option<Extent> {
        let data = &self.buffers[operand.buffer];
        match data.ty {
            TensorType::Bytes(bytes) if operand.slice.is_none() && data.view.is_none() => {
                Some(Extent::range(0, bytes))
            }
            _ => None,
        }
    }

    /// The shape of a whole buffer that is no view, or of a whole view of a range of bytes, without following dimensions.
    fn whole_shape(&self, operand: Operand) -> Option<&[u64]> {
        let data = &self.buffers[operand.buffer];
        let shape = self.shape(&data.ty);
        let is_whole = match data.view {
            None => operand.slice.is_none() && shape.len() <= MAX_RANK,
            Some(_) => self.within_bytes(operand).is_some(),
        };
        let bits = shape.iter().rev().try_fold(element_bits(&data.ty), |bits, &dim| bits.checked_mul(dim));
        bits.filter(|_| is_whole).map(|_| shape)
    }

    /// The bytes of a whole view of a range of bytes, as temporaries that share memory are, without following dimensions.
    fn within_bytes(&self, operand: Operand) -> Option<Access> {
        let data = &self.buffers[operand.buffer];
        let view = data.view.filter(|_| operand.slice.is_none())?;
        let base = &self.buffers[view.base.buffer];
        let (TensorType::Bytes(bytes), None) = (base.ty, base.view) else { return None };
        let &[SliceDim::Range(low, high)] = self.slices[view.base.slice?].of(&self.slice_dims) else {
            return None;
        };
        let size = self.byte_size(&data.ty)?;
        let is_sound =
            low < high && high <= bytes && size == high - low && self.shape(&data.ty).len() <= MAX_RANK;
        is_sound.then(|| Access { root: view.base.buffer, extent: Extent::range(low, high) })
    }

    fn layout(&self, operand: Operand) -> Result<(Buffer, Layout), RegionError> {
        let data = &self.buffers[operand.buffer];
        let element = element_bits(&data.ty);
        let (root, layout) = match data.view {
            None => (operand.buffer, Layout::contiguous(element, self.shape(&data.ty), 0)?),
            Some(view) => {
                let (root, base) = self.layout(view.base)?;
                if view.reinterpreted {
                    let extent = base.extent()?;
                    if !extent.is_contiguous() {
                        return Err(RegionError::NotContiguous);
                    }
                    (root, Layout::contiguous(element, self.shape(&data.ty), base.offset)?)
                } else {
                    (root, base)
                }
            }
        };
        match operand.slice {
            None => Ok((root, layout)),
            Some(slice) => Ok((root, layout.slice(self.slices[slice].of(&self.slice_dims))?)),
        }
    }

    /// The buffer that owns the bytes of `buffer`, with views followed.
    pub fn root(&self, mut buffer: Buffer) -> Buffer {
        while let Some(view) = self.buffers[buffer].view {
            buffer = view.base.buffer;
        }
        buffer
    }
}
