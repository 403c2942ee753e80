//! Elements of every type as bytes, as numbers, and as text.
//!
//! Conversions to an element type: integers keep their low bits, as two's complement does; a real number becomes the nearest
//! integer towards zero, within what the type holds; floating-point is rounded to the nearest, ties to even; `bool` is whether a number is not 0.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "conversions of elements keep low bits"
)]

use acg_operators::DType;
use half::{bf16, f16};

use crate::minifloat::Minifloat;
use crate::number::Number;

/// Appends the elements that `bytes` hold, `count` of them, packed from the lowest bit on; `None` where the type has no numerics.
pub(crate) fn decode(dtype: DType, bytes: &[u8], count: usize, out: &mut Vec<Number>) -> Option<()> {
    let bits = dtype.bits() as usize;
    out.reserve(count);
    if bits >= 8 {
        for element in bytes.chunks_exact(bits / 8).take(count) {
            out.push(of_bytes(dtype, element)?);
        }
    } else {
        for index in 0..count {
            out.push(of_bits(dtype, read_bits(bytes, index * bits, bits))?);
        }
    }
    Some(())
}

/// The elements as bytes, packed; `None` where the type has no numerics.
pub(crate) fn encode(dtype: DType, numbers: &[Number]) -> Option<Vec<u8>> {
    let bits = dtype.bits() as usize;
    let mut bytes = Vec::with_capacity((numbers.len() * bits).div_ceil(8));
    if bits >= 8 {
        for &number in numbers {
            push_bytes(dtype, number, &mut bytes)?;
        }
    } else {
        bytes.resize((numbers.len() * bits).div_ceil(8), 0);
        for (index, &number) in numbers.iter().enumerate() {
            write_bits(&mut bytes, index * bits, bits, to_bits(dtype, number)?);
        }
    }
    Some(bytes)
}

/// The number as an element of `dtype` holds it.
pub(crate) fn rounded(number: Number, dtype: DType) -> Number {
    let once = |number: Number| -> Option<Number> {
        if dtype.bits() < 8 {
            return of_bits(dtype, to_bits(dtype, number)?);
        }
        let mut bytes = Vec::with_capacity(16);
        push_bytes(dtype, number, &mut bytes)?;
        of_bytes(dtype, &bytes)
    };
    #[allow(clippy::cast_precision_loss, reason = "this is the rounding")]
    match (dtype, number) {
        // The types that are common need no bytes.
        (DType::F32, Number::Int(value)) => Number::Real(f64::from(value as f32)),
        (DType::F32, Number::Real(value)) => Number::Real(f64::from(value as f32)),
        (DType::F64, Number::Real(_)) => number,
        (DType::I64, Number::Int(value)) => Number::Int(i128::from(value as i64)),
        (DType::I32, Number::Int(value)) => Number::Int(i128::from(value as i32)),
        _ => once(number).unwrap_or(number),
    }
}

fn of_bytes(dtype: DType, bytes: &[u8]) -> Option<Number> {
    use DType as D;
    let int = |value: i128| Some(Number::Int(value));
    let real = |value: f64| Some(Number::Real(value));
    match dtype {
        D::F32 => real(f32::from_le_bytes(bytes.try_into().ok()?).into()),
        D::F64 => real(f64::from_le_bytes(bytes.try_into().ok()?)),
        D::F16 => real(f16::from_le_bytes(bytes.try_into().ok()?).to_f64()),
        D::Bf16 => real(bf16::from_le_bytes(bytes.try_into().ok()?).to_f64()),
        D::I8 => int(i8::from_le_bytes(bytes.try_into().ok()?).into()),
        D::I16 => int(i16::from_le_bytes(bytes.try_into().ok()?).into()),
        D::I32 => int(i32::from_le_bytes(bytes.try_into().ok()?).into()),
        D::I64 => int(i64::from_le_bytes(bytes.try_into().ok()?).into()),
        D::U8 => int((*bytes.first()?).into()),
        D::U16 => int(u16::from_le_bytes(bytes.try_into().ok()?).into()),
        D::U32 => int(u32::from_le_bytes(bytes.try_into().ok()?).into()),
        D::U64 => int(u64::from_le_bytes(bytes.try_into().ok()?).into()),
        D::Bool => Some(Number::truth(*bytes.first()? != 0)),
        D::C32 | D::C64 | D::C128 => {
            let (first, second) = bytes.split_at_checked(bytes.len() / 2)?;
            let part = match dtype {
                D::C32 => D::F16,
                D::C64 => D::F32,
                _ => D::F64,
            };
            Some(Number::Complex(of_bytes(part, first)?.real(), of_bytes(part, second)?.real()))
        }
        other => real(Minifloat::of(other)?.decode(*bytes.first()?)),
    }
}

fn push_bytes(dtype: DType, number: Number, out: &mut Vec<u8>) -> Option<()> {
    use DType as D;
    match dtype {
        D::F32 => out.extend((number.real() as f32).to_le_bytes()),
        D::F64 => out.extend(number.real().to_le_bytes()),
        D::F16 => out.extend(f16::from_f32(to_odd(number.real())).to_le_bytes()),
        D::Bf16 => out.extend(bf16::from_f32(to_odd(number.real())).to_le_bytes()),
        D::Bool => out.push(number.holds().into()),
        D::C32 | D::C64 | D::C128 => {
            let (real, imaginary) = match number {
                Number::Complex(real, imaginary) => (real, imaginary),
                other => (other.real(), 0.0),
            };
            let part = match dtype {
                D::C32 => D::F16,
                D::C64 => D::F32,
                _ => D::F64,
            };
            push_bytes(part, Number::Real(real), out)?;
            push_bytes(part, Number::Real(imaginary), out)?;
        }
        _ if dtype.is_integer() => {
            let value = whole(dtype, number);
            out.extend(value.to_le_bytes().get(..dtype.bits() as usize / 8)?);
        }
        other => out.push(Minifloat::of(other)?.encode(number.real())),
    }
    Some(())
}

fn of_bits(dtype: DType, bits: u8) -> Option<Number> {
    match dtype {
        DType::I4 => Some(Number::Int(i128::from((bits << 4) as i8 >> 4))),
        DType::U1 => Some(Number::Int(bits.into())),
        other => Some(Number::Real(Minifloat::of(other)?.decode(bits))),
    }
}

fn to_bits(dtype: DType, number: Number) -> Option<u8> {
    match dtype {
        DType::I4 => Some((whole(dtype, number) & 0xf) as u8),
        DType::U1 => Some(number.holds().into()),
        other => Some(Minifloat::of(other)?.encode(number.real())),
    }
}

/// An integer of whose low bits the element consists.
fn whole(dtype: DType, number: Number) -> i128 {
    match number {
        Number::Int(value) => value,
        Number::Real(value) | Number::Complex(value, _) => {
            let signed = matches!(dtype, DType::I4 | DType::I8 | DType::I16 | DType::I32 | DType::I64);
            let bits = dtype.bits() - u32::from(signed);
            let most = (1i128 << bits) - 1;
            let least = if signed { -most - 1 } else { 0 };
            (value as i128).clamp(least, most)
        }
    }
}

/// Rounds to odd, so that rounding once more to a shorter type gives the nearest of that.
fn to_odd(value: f64) -> f32 {
    let near = value as f32;
    let is_exact = f64::from(near).to_bits() == value.to_bits();
    if is_exact || value.is_nan() || value.is_infinite() {
        return near;
    }
    let below = if f64::from(near).abs() > value.abs() { near.to_bits() - 1 } else { near.to_bits() };
    f32::from_bits(below | 1)
}

fn read_bits(bytes: &[u8], at: usize, bits: usize) -> u8 {
    let byte = |index: usize| u16::from(bytes.get(index).copied().unwrap_or(0));
    let window = byte(at / 8) | byte(at / 8 + 1) << 8;
    (window >> (at % 8) & ((1 << bits) - 1)) as u8
}

fn write_bits(bytes: &mut [u8], at: usize, bits: usize, value: u8) {
    let mask = ((1u16 << bits) - 1) << (at % 8);
    let window = u16::from(value) << (at % 8);
    for (offset, (mask, window)) in mask.to_le_bytes().into_iter().zip(window.to_le_bytes()).enumerate() {
        if let Some(byte) = bytes.get_mut(at / 8 + offset) {
            *byte = *byte & !mask | window & mask;
        }
    }
}

/// The element as text: the shortest number that reads back as the same element.
pub(crate) fn show(dtype: DType, number: Number) -> String {
    match number {
        Number::Int(value) if dtype == DType::Bool => (value != 0).to_string(),
        Number::Int(value) => value.to_string(),
        Number::Real(value) => show_real(dtype, value),
        Number::Complex(real, imaginary) => {
            let part = match dtype {
                DType::C32 => DType::F16,
                DType::C128 => DType::F64,
                _ => DType::F32,
            };
            format!("({}, {})", show_real(part, real), show_real(part, imaginary))
        }
    }
}

fn show_real(dtype: DType, value: f64) -> String {
    match dtype {
        _ if value.is_nan() => "nan".to_owned(),
        DType::F32 => format!("{:?}", value as f32),
        DType::F64 => format!("{value:?}"),
        _ => {
            let same = |text: &f64| rounded(Number::Real(*text), dtype) == Number::Real(value);
            let tries = (0..17).filter_map(|digits| format!("{value:.digits$e}").parse().ok());
            format!("{:?}", tries.into_iter().find(same).unwrap_or(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(dtype: DType, number: Number) -> Number {
        let bytes = encode(dtype, &[number]).unwrap();
        let mut out = Vec::new();
        decode(dtype, &bytes, 1, &mut out).unwrap();
        assert_eq!(out[0], rounded(number, dtype), "{dtype} {number:?}");
        out[0]
    }

    #[test]
    fn integers_wrap_and_reals_saturate() {
        assert_eq!(through(DType::I8, Number::Int(130)), Number::Int(-126));
        assert_eq!(through(DType::I8, Number::Real(1e9)), Number::Int(127));
        assert_eq!(through(DType::U8, Number::Real(-3.0)), Number::Int(0));
        assert_eq!(through(DType::I32, Number::Real(-2.9)), Number::Int(-2));
        assert_eq!(through(DType::I32, Number::Real(f64::NAN)), Number::Int(0));
        assert_eq!(through(DType::U64, Number::Int(-1)), Number::Int(u64::MAX.into()));
        assert_eq!(through(DType::I4, Number::Int(9)), Number::Int(-7));
        assert_eq!(through(DType::Bool, Number::Real(0.5)), Number::Int(1));
    }

    #[test]
    fn short_floats_are_rounded_once() {
        // Halfway between two f16 but for a bit that f32 does not have: the upper one is nearer.
        let above = 1.0 + f64::powi(2.0, -11) + f64::powi(2.0, -40);
        assert_eq!(through(DType::F16, Number::Real(above)), Number::Real(1.0 + f64::powi(2.0, -10)));
        assert_eq!(through(DType::F16, Number::Real(1.0 + f64::powi(2.0, -11))), Number::Real(1.0));
        assert_eq!(through(DType::F16, Number::Real(1e300)), Number::Real(f64::INFINITY));
        assert_eq!(through(DType::Bf16, Number::Real(-1e-300)), Number::Real(-0.0));
    }

    #[test]
    fn packed_elements_stay_apart() {
        let numbers: Vec<_> = (-8..8).map(Number::Int).collect();
        let bytes = encode(DType::I4, &numbers).unwrap();
        assert_eq!(bytes.len(), 8);
        let mut back = Vec::new();
        decode(DType::I4, &bytes, 16, &mut back).unwrap();
        assert_eq!(back, numbers);
        let numbers: Vec<_> = [0.0, 1.0, -1.5, 28.0, 0.25].map(Number::Real).to_vec();
        let bytes = encode(DType::F6E3M2, &numbers).unwrap();
        assert_eq!(bytes.len(), 4);
        let mut back = Vec::new();
        decode(DType::F6E3M2, &bytes, 5, &mut back).unwrap();
        assert_eq!(back, numbers);
    }

    #[test]
    fn text_is_the_shortest_that_reads_back() {
        for (dtype, value, text) in [
            (DType::F32, 1.1, "1.1"),
            (DType::F32, 3.300_000_2, "3.3000002"),
            (DType::F16, 1.1, "1.1"),
            (DType::Bf16, 1.0078, "1.01"),
            (DType::F64, 0.1, "0.1"),
            (DType::F32, 1e30, "1e30"),
            (DType::F32, f64::INFINITY, "inf"),
            (DType::F16, f64::NAN, "nan"),
            (DType::F8E4M3FN, 448.0, "450.0"),
        ] {
            let number = rounded(Number::Real(value), dtype);
            assert_eq!(show(dtype, number), text, "{dtype}");
        }
        assert_eq!(show(DType::Bool, Number::ONE), "true");
        assert_eq!(show(DType::C64, Number::Complex(1.0, -2.5)), "(1.0, -2.5)");
    }
}
