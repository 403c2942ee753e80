//! Values as text: what `print` prints.

use acg_ir::{Module, Operand, SliceDim, TensorType};
use acg_operators::DType;

use crate::element;
use crate::memory::{Memory, access, shape};
use crate::number::Number;
use crate::operators::Refusal;

/// Elements beyond which only the first are shown.
const MOST_ELEMENTS: usize = 1024;

/// `NAME = [1.0, 2.0]`: the elements row by row; of a scalar, the one.
pub(crate) fn line(module: &Module, memory: &Memory, operand: Operand) -> Result<String, Refusal> {
    let (dtype, values) = elements(module, memory, operand)?;
    let is_scalar = matches!(module.buffers[operand.buffer].ty, TensorType::Tensor { .. })
        && shape(module, operand)?.is_empty();
    let shown: Vec<String> =
        values.iter().take(MOST_ELEMENTS).map(|&value| element::show(dtype, value)).collect();
    let more = match values.len().saturating_sub(MOST_ELEMENTS) {
        0 => String::new(),
        more => format!(", … {more} more"),
    };
    let name = name(module, operand);
    Ok(match shown.as_slice() {
        [one] if is_scalar => format!("{name} = {one}"),
        all => format!("{name} = [{}{more}]", all.join(", ")),
    })
}

/// The elements of an operand; plain bytes are elements of one byte.
pub(crate) fn elements(
    module: &Module,
    memory: &Memory,
    operand: Operand,
) -> Result<(DType, Vec<Number>), Refusal> {
    if let TensorType::Bytes(_) = module.buffers[operand.buffer].ty {
        let bytes = memory.gather(&access(module, operand)?)?;
        return Ok((DType::U8, bytes.into_iter().map(|byte| Number::Int(byte.into())).collect()));
    }
    let array = memory.array(module, operand)?;
    Ok((array.dtype, array.values))
}

/// An operand as it is written.
pub(crate) fn name(module: &Module, operand: Operand) -> String {
    let name = module.text(module.buffers[operand.buffer].name);
    let Some(slice) = operand.slice else { return name.to_owned() };
    let entry = |dim: &SliceDim| match *dim {
        SliceDim::At(index) => index.to_string(),
        SliceDim::Range(low, high) => format!("{low}..{high}"),
        SliceDim::All => "..".to_owned(),
    };
    let entries: Vec<String> = module.slices[slice].of(&module.slice_dims).iter().map(entry).collect();
    format!("{name}[{}]", entries.join(", "))
}
