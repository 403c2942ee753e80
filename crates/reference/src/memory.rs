//! Memory: the bytes of every buffer, which views share.

use acg_ir::{Access, Buffer, Entity, Extent, Module, Operand, TensorType};
use acg_operators::DType;

use crate::element;
use crate::fault::Fault;
use crate::operators::{Array, Refusal};
use crate::random::Random;

/// More rows than a strided operand may have.
const MOST_ROWS: u64 = 1 << 26;

/// The bytes of every buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Those of views are empty.
    buffers: Vec<Vec<u8>>,
}

impl Memory {
    /// The buffers of `module`, all zero.
    ///
    /// # Errors
    /// Where they take more than `limit` bytes.
    pub fn new(module: &Module, limit: u64) -> Result<Self, Fault> {
        let size = |buffer: Buffer| {
            let data = &module.buffers[buffer];
            if data.view.is_some() { Some(0) } else { module.byte_size(&data.ty) }
        };
        let total = module
            .buffers
            .keys()
            .try_fold(0u64, |total, buffer| total.checked_add(size(buffer)?))
            .filter(|&total| total <= limit);
        if total.is_none() {
            return Err(Fault::too_much_memory(limit));
        }
        let bytes = |buffer| vec![0; usize::try_from(size(buffer).unwrap_or(0)).unwrap_or(0)];
        Ok(Self { buffers: module.buffers.keys().map(bytes).collect() })
    }

    /// The bytes of a buffer; those of a view are with the buffer that it views.
    pub fn bytes(&self, buffer: Buffer) -> &[u8] {
        self.buffers.get(buffer.index()).map_or(&[], Vec::as_slice)
    }

    /// Fills every buffer that `is_input` accepts with bytes that are the same for the same seed, buffer name and size.
    pub fn randomise(&mut self, module: &Module, seed: u64, is_input: impl Fn(Buffer) -> bool) {
        for (buffer, bytes) in module.buffers.keys().zip(&mut self.buffers) {
            if is_input(buffer) {
                let name = module.text(module.buffers[buffer].name);
                Random::of(seed, name.as_bytes()).plausible(bytes);
            }
        }
    }

    /// The bytes of an access, row after row.
    pub(crate) fn gather(&self, access: &Access) -> Result<Vec<u8>, Refusal> {
        let bytes = self.bytes(access.root);
        let mut out = Vec::with_capacity(access.extent.len() as usize);
        each_row(&access.extent, |start, end| {
            out.extend_from_slice(bytes.get(start..end)?);
            Some(())
        })?;
        Ok(out)
    }

    /// Writes bytes row after row.
    pub(crate) fn scatter(&mut self, access: &Access, bytes: &[u8]) -> Result<(), Refusal> {
        let target = self.buffers.get_mut(access.root.index()).ok_or_else(outside)?;
        let mut rest = bytes;
        each_row(&access.extent, |start, end| {
            let (row, after) = rest.split_at_checked(end - start)?;
            target.get_mut(start..end)?.copy_from_slice(row);
            rest = after;
            Some(())
        })
    }

    /// Fills an access with one byte.
    pub(crate) fn fill(&mut self, access: &Access, byte: u8) -> Result<(), Refusal> {
        let target = self.buffers.get_mut(access.root.index()).ok_or_else(outside)?;
        each_row(&access.extent, |start, end| {
            target.get_mut(start..end)?.fill(byte);
            Some(())
        })
    }

    /// The 64-bit word at an access.
    pub(crate) fn word(&self, access: &Access) -> Result<u64, Refusal> {
        let bytes = self.gather(access)?;
        let word = bytes.first_chunk::<8>().ok_or_else(|| Refusal::new("the word has fewer than 8 bytes"))?;
        Ok(u64::from_le_bytes(*word))
    }

    /// The tensor that an operand names.
    pub(crate) fn array(&self, module: &Module, operand: Operand) -> Result<Array, Refusal> {
        let name = || module.text(module.buffers[operand.buffer].name);
        let dtype = dtype(module, operand).ok_or_else(|| {
            Refusal::new(format!("`{}` is plain bytes; a view `as` a type says what they hold", name()))
        })?;
        let shape = shape(module, operand)?;
        let bytes = self.gather(&access(module, operand)?)?;
        let mut values = Vec::new();
        element::decode(dtype, &bytes, shape.iter().product(), &mut values)
            .ok_or_else(|| Refusal::new(format!("acg does not compute with elements of type {dtype}")))?;
        Ok(Array { dtype, shape, values })
    }
}

/// The element type of an operand; none of plain bytes.
pub(crate) fn dtype(module: &Module, operand: Operand) -> Option<DType> {
    match module.buffers[operand.buffer].ty {
        TensorType::Tensor { dtype, .. } => Some(dtype),
        TensorType::Bytes(_) => None,
    }
}

/// The shape of an operand.
pub(crate) fn shape(module: &Module, operand: Operand) -> Result<Vec<usize>, Refusal> {
    let mut shape = Vec::new();
    module.operand_shape(operand, &mut shape).map_err(|_| outside())?;
    shape.into_iter().map(|extent| usize::try_from(extent).map_err(|_| outside())).collect()
}

/// The bytes of an operand.
pub(crate) fn access(module: &Module, operand: Operand) -> Result<Access, Refusal> {
    module.access(operand).map_err(|_| outside())
}

fn outside() -> Refusal {
    Refusal::new("an operand names bytes that do not exist")
}

/// Calls `each` with the first byte and one past the last of every row.
fn each_row(extent: &Extent, mut each: impl FnMut(usize, usize) -> Option<()>) -> Result<(), Refusal> {
    if extent.is_contiguous() {
        return each(extent.start() as usize, extent.end() as usize).ok_or_else(outside);
    }
    let mut rows = Vec::new();
    if !extent.rows_into(MOST_ROWS, &mut rows) {
        return Err(Refusal::new(format!("an operand has more than {MOST_ROWS} rows")));
    }
    rows.into_iter().try_for_each(|(start, end)| each(start as usize, end as usize)).ok_or_else(outside)
}
