//! Operands as addresses.

use acg_calls::{Arg, Kept};
use acg_ir::{Access, Buffer, Extent, Operand, Space, TensorType};

use super::{Lowerer, int};

impl Lowerer<'_> {
    /// Where an operand's bytes start; `None` for one that has none, which no verified module holds.
    pub(super) fn access(&self, operand: Operand) -> Option<Access> {
        self.module.access(operand).ok()
    }

    /// The address `base+offset` of an operand.
    #[inline]
    pub(super) fn address(&self, operand: Operand) -> Arg {
        match operand.slice {
            None => self.lowered.log.kept(self.addresses[operand.buffer]),
            Some(_) => self.access(operand).map_or(Arg::Null, |access| self.address_of(&access)),
        }
    }

    /// The same, kept for arrays.
    pub(super) fn kept_address(&mut self, operand: Operand) -> Kept {
        if operand.slice.is_none() {
            return self.addresses[operand.buffer];
        }
        let address = self.address(operand);
        self.log().keep(address)
    }

    /// Keeps the addresses of all buffers: tasks name each of them several times, and in no order that a cache could foresee.
    pub(super) fn keep_addresses(&mut self) {
        self.addresses.reserve(self.module.buffers.len());
        for buffer in self.module.buffers.keys() {
            let access = self.access(Operand { buffer, slice: None });
            let address = access.map_or(Arg::Null, |access| self.address_of(&access));
            let address = self.log().keep(address);
            self.addresses.push(address);
        }
    }

    /// The address at which an access starts.
    pub(super) fn address_of(&self, access: &Access) -> Arg {
        let base = self.handles.buffers[access.root];
        match access.extent.start() {
            0 => Arg::Name(base),
            bytes => Arg::Offset { base, bytes },
        }
    }

    /// Where the bytes of an access live.
    pub(super) fn space(&self, access: &Access) -> Space {
        self.module.buffers[access.root].space
    }

    /// The size of a buffer in bytes.
    pub(super) fn size(&self, buffer: Buffer) -> Arg {
        int(self.module.byte_size(&self.module.buffers[buffer].ty).unwrap_or(u64::MAX))
    }

    /// The value of `aclDataType` for an operand's elements; plain bytes count as `u8`.
    pub(super) fn data_type(&self, operand: Operand) -> i64 {
        let dtype = match self.module.buffers[operand.buffer].ty {
            TensorType::Tensor { dtype, .. } => dtype,
            TensorType::Bytes(_) => acg_ir::DType::U8,
        };
        i64::from(dtype.acl_number())
    }
}

/// The two sides of a two-dimensional copy, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) source_pitch: u64,
    pub(super) destination_pitch: u64,
}

impl Rows {
    /// The rows that both sides agree on; a side without gaps takes the rows of the other.
    pub(super) fn of(source: &Extent, destination: &Extent) -> Option<Self> {
        let (from_width, from_height, source_pitch) = source.pitched()?;
        let (to_width, to_height, destination_pitch) = destination.pitched()?;
        let rows = Self { width: from_width, height: from_height, source_pitch, destination_pitch };
        match (from_height, to_height) {
            (1, 1) => (from_width == to_width).then_some(rows),
            (1, _) => {
                Some(Self { width: to_width, height: to_height, source_pitch: to_width, destination_pitch })
            }
            (_, 1) => Some(Self { destination_pitch: from_width, ..rows }),
            _ => (from_width == to_width && from_height == to_height).then_some(rows),
        }
    }

    /// One row without gaps, cut into rows of `width` bytes.
    pub(super) fn cut(self, width: u64) -> Self {
        if self.height != 1 || width == 0 || !self.width.is_multiple_of(width) {
            return self;
        }
        Self { width, height: self.width / width, source_pitch: width, destination_pitch: width }
    }
}
