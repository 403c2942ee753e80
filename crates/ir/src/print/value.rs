//! Types, operands and values.

use std::fmt::Write;

use crate::list::List;
use crate::module::{Module, TensorType};
use crate::task::{Attribute, Cost, Operand, SliceDim, Value};

pub(super) fn tensor_type(out: &mut String, module: &Module, ty: &TensorType) {
    match ty {
        TensorType::Bytes(bytes) => {
            out.push_str("bytes[");
            size(out, *bytes);
        }
        TensorType::Tensor { dtype, dims } => {
            out.push_str(dtype.as_str());
            out.push('[');
            separated(out, dims.of(&module.dims), |out, dim| {
                let _ = write!(out, "{dim}");
            });
        }
    }
    out.push(']');
}

pub(super) fn operand(out: &mut String, module: &Module, operand: Operand) {
    out.push_str(module.text(module.buffers[operand.buffer].name));
    let Some(slice) = operand.slice else { return };
    out.push('[');
    separated(out, module.slices[slice].of(&module.slice_dims), |out, dim| {
        let _ = match dim {
            SliceDim::At(index) => write!(out, "{index}"),
            SliceDim::Range(low, high) => write!(out, "{low}..{high}"),
            SliceDim::All => write!(out, ".."),
        };
    });
    out.push(']');
}

/// `name = value, name = value`.
pub(super) fn attributes(out: &mut String, module: &Module, attributes: List<Attribute>) {
    separated(out, attributes.of(&module.attributes), |out, attribute| {
        out.push_str(module.text(attribute.name));
        out.push_str(" = ");
        value(out, module, attribute.value);
    });
}

pub(super) fn value(out: &mut String, module: &Module, value: Value) {
    match value {
        Value::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Value::Float(_, text) | Value::Word(text) => out.push_str(module.text(text)),
        Value::Size(bytes) => size(out, bytes),
        Value::Duration(cost) => duration(out, cost),
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Text(text) => quoted(out, module.text(text)),
        Value::DType(dtype) => out.push_str(dtype.as_str()),
        Value::Operand(operand) => self::operand(out, module, operand),
        Value::List(list) => {
            out.push('[');
            // A list of lists cannot be written, so this does not go deeper.
            separated(out, list.of(&module.values), |out, &element| match element {
                Value::List(_) => out.push_str("[]"),
                element => self::value(out, module, element),
            });
            out.push(']');
        }
    }
}

/// Elements with commas between them.
pub(super) fn separated<T>(out: &mut String, elements: &[T], mut write: impl FnMut(&mut String, &T)) {
    for (at, element) in elements.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(out, element);
    }
}

/// A text in quotes, on one line whatever it holds.
pub(super) fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A number of bytes in the largest unit that divides it.
fn size(out: &mut String, bytes: u64) {
    let units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = units.into_iter().find(|&(_, shift)| bytes != 0 && bytes.trailing_zeros() >= shift);
    let _ = match unit {
        Some((unit, shift)) => write!(out, "{}{unit}", bytes >> shift),
        None => write!(out, "{bytes}"),
    };
}

/// A duration in the largest unit that needs at most three decimals.
fn duration(out: &mut String, Cost(nanoseconds): Cost) {
    let units = [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1)];
    let fits =
        |&(_, unit): &(&str, u64)| nanoseconds >= unit && nanoseconds.is_multiple_of((unit / 1000).max(1));
    let (name, unit) = units.into_iter().find(fits).unwrap_or(("ns", 1));
    let _ = write!(out, "{}", nanoseconds / unit);
    if let rest @ 1.. = nanoseconds % unit {
        let thousandths = format!("{:03}", rest / (unit / 1000));
        out.push('.');
        out.push_str(thousandths.trim_end_matches('0'));
    }
    out.push_str(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn durations_take_the_largest_unit_with_three_decimals() {
        let cases = [
            (0, "0ns"),
            (7, "7ns"),
            (1000, "1us"),
            (12_500, "12.5us"),
            (1_500_000, "1.5ms"),
            (1_234_567, "1234.567us"),
            (3_000_000, "3ms"),
            (2_000_000_000, "2s"),
            (2_050_000_000, "2.05s"),
        ];
        for (nanoseconds, text) in cases {
            assert_eq!(printed(|out| duration(out, Cost(nanoseconds))), text);
        }
    }

    #[test]
    fn sizes_take_the_largest_unit_that_divides_them() {
        for (bytes, text) in
            [(0, "0"), (70_000_000, "70000000"), (4096, "4KiB"), (3 << 20, "3MiB"), (1 << 40, "1TiB")]
        {
            assert_eq!(printed(|out| size(out, bytes)), text);
        }
    }
}
