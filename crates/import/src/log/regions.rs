//! Addresses and lengths as operands: buffers of plain bytes, parts and views of them.

use acg_calls::Address;
use acg_ir::{Buffer, DType, Operand, SliceDim, TensorType};

use super::LogImport;

impl LogImport<'_> {
    /// The size of a buffer in bytes.
    pub(super) fn size_of(&self, buffer: Buffer) -> u64 {
        self.draft.module.byte_size(&self.draft.module.buffers[buffer].ty).unwrap_or(0)
    }

    /// `length` bytes from an address on.
    pub(super) fn region(&mut self, address: Option<Address>, length: i64) -> Result<Operand, String> {
        let address = address.ok_or("its address is NULL")?;
        let length = u64::try_from(length).ok().filter(|&length| length > 0).ok_or("it is about no bytes")?;
        let buffer = self.buffer_of(address)?;
        let size = self.size_of(buffer);
        let end = address.offset.checked_add(length).filter(|&end| end <= size);
        let end = end.ok_or_else(|| format!("it reaches outside of `{}`", self.log.text(address.base)))?;
        Ok(self.part(buffer, address.offset, end))
    }

    /// The bytes from an address to the end of its allocation.
    pub(super) fn rest(&mut self, address: Address) -> Result<Operand, String> {
        let buffer = self.buffer_of(address)?;
        let size = self.size_of(buffer);
        if address.offset >= size {
            return Err(format!("it reaches outside of `{}`", self.log.text(address.base)));
        }
        Ok(self.part(buffer, address.offset, size))
    }

    fn part(&mut self, buffer: Buffer, start: u64, end: u64) -> Operand {
        if start == 0 && end == self.size_of(buffer) {
            return Operand { buffer, slice: None };
        }
        self.draft.slice(buffer, &[SliceDim::Range(start, end)])
    }

    /// `length` bytes from an address on, as elements of a type.
    pub(super) fn typed(
        &mut self,
        address: Option<Address>,
        length: i64,
        dtype: DType,
    ) -> Result<Operand, String> {
        let region = self.region(address, length)?;
        let bits = u64::from(dtype.bits());
        let elements = length.unsigned_abs() * 8 / bits;
        if elements * bits != length.unsigned_abs() * 8 {
            return Err(format!("{length} bytes are no whole number of elements"));
        }
        Ok(self.seen_as(region, &format!(".{dtype}"), dtype, &[elements]))
    }

    /// `height` rows of `width` bytes, `pitch` bytes apart, from an address on.
    pub(super) fn rows(
        &mut self,
        address: Option<Address>,
        [width, height, pitch]: [u64; 3],
    ) -> Result<Operand, String> {
        let whole = pitch.checked_mul(height).and_then(|whole| i64::try_from(whole).ok());
        let whole = whole.ok_or("it is larger than any memory")?;
        let region = self.region(address, whole)?;
        let rows = self.seen_as(region, ".rows", DType::U8, &[height, pitch]);
        if width == pitch {
            return Ok(rows);
        }
        Ok(self.draft.slice(rows.buffer, &[SliceDim::All, SliceDim::Range(0, width)]))
    }

    /// A view of `region`; equal views are one.
    fn seen_as(&mut self, region: Operand, suffix: &str, dtype: DType, dims: &[u64]) -> Operand {
        let module = &self.draft.module;
        let (start, length) =
            module.access(region).map_or((0, 0), |access| (access.extent.start(), access.extent.len()));
        let key = (region.buffer, start, length, dtype, dims.to_vec());
        let view = if let Some(&view) = self.views.get(&key) {
            view
        } else {
            let name = module.text(module.buffers[region.buffer].name).to_owned() + suffix;
            let ty: TensorType = self.draft.tensor(dtype, dims);
            let view = self.draft.view(&name, region, ty);
            self.views.insert(key, view);
            view
        };
        Operand { buffer: view, slice: None }
    }
}
