//! Floating-point types of at most eight bits: a sign, an exponent, a fraction (OCP formats and aclDataType).

#![allow(clippy::cast_possible_wrap, reason = "exponents have at most eight bits")]

use acg_operators::DType;

/// What the codes beyond the largest number mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Specials {
    /// They are numbers like all others.
    None,
    /// All exponent and fraction bits set is no number.
    Nan,
    /// The highest exponent is infinity and no number.
    Ieee,
}

/// One such type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Minifloat {
    exponent: u32,
    fraction: u32,
    bias: i32,
    signed: bool,
    specials: Specials,
}

impl Minifloat {
    /// The format of a type, if it is one of these.
    pub(crate) fn of(dtype: DType) -> Option<Self> {
        let (exponent, fraction, bias, specials) = match dtype {
            DType::F8E5M2 => (5, 2, 15, Specials::Ieee),
            DType::F8E4M3FN => (4, 3, 7, Specials::Nan),
            DType::F8E8M0 => (8, 0, 127, Specials::Nan),
            DType::F6E3M2 => (3, 2, 3, Specials::None),
            DType::F6E2M3 => (2, 3, 1, Specials::None),
            DType::F4E2M1 => (2, 1, 1, Specials::None),
            DType::F4E1M2 => (1, 2, 1, Specials::None),
            _ => return None,
        };
        Some(Self { exponent, fraction, bias, signed: dtype != DType::F8E8M0, specials })
    }

    /// The value of a code.
    pub(crate) fn decode(self, code: u8) -> f64 {
        let magnitude = u32::from(code) & ((1 << (self.exponent + self.fraction)) - 1);
        let negative = self.signed && u32::from(code) >> (self.exponent + self.fraction) & 1 == 1;
        let (exponent, fraction) = (magnitude >> self.fraction, magnitude & ((1 << self.fraction) - 1));
        let top = exponent == (1 << self.exponent) - 1;
        let value = if top && self.specials == Specials::Ieee {
            if fraction == 0 { f64::INFINITY } else { f64::NAN }
        } else if top && self.specials == Specials::Nan && fraction == (1 << self.fraction) - 1 {
            f64::NAN
        } else if exponent == 0 && self.signed {
            self.scaled(fraction, 1)
        } else {
            self.scaled(fraction + (1 << self.fraction), exponent as i32)
        };
        if negative { -value } else { value }
    }

    fn scaled(self, units: u32, exponent: i32) -> f64 {
        f64::from(units) * f64::powi(2.0, exponent - self.bias - self.fraction as i32)
    }

    /// The code of the nearest value, ties to the even one; what is too large becomes the largest number.
    pub(crate) fn encode(self, value: f64) -> u8 {
        let codes = 1u16 << (self.exponent + self.fraction);
        let sign = if self.signed && value.is_sign_negative() { codes as u8 } else { 0 };
        let target = if self.signed { value.abs() } else { value.max(0.0) };
        let mut best = (f64::INFINITY, 0u8);
        for code in (0..codes).map(|code| code as u8) {
            let candidate = self.decode(code);
            if value.is_nan() {
                if candidate.is_nan() {
                    return code | sign;
                }
                continue;
            }
            if !candidate.is_finite() {
                continue;
            }
            let distance = if target.is_infinite() { -candidate } else { (candidate - target).abs() };
            if distance < best.0 || (distance <= best.0 && code % 2 == 0) {
                best = (distance, code);
            }
        }
        if target.is_infinite() && self.specials == Specials::Ieee {
            return ((codes - (1 << self.fraction)) as u8) | sign;
        }
        best.1 | sign
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [DType; 7] = [
        DType::F8E5M2,
        DType::F8E4M3FN,
        DType::F8E8M0,
        DType::F6E3M2,
        DType::F6E2M3,
        DType::F4E2M1,
        DType::F4E1M2,
    ];

    #[test]
    fn every_number_is_its_own_nearest() {
        for dtype in ALL {
            let format = Minifloat::of(dtype).unwrap();
            for code in 0..=((1u16 << dtype.bits()) - 1) as u8 {
                let value = format.decode(code);
                if !value.is_nan() {
                    assert_eq!(format.encode(value), code, "{dtype} {value}");
                }
            }
        }
    }

    #[test]
    fn the_largest_numbers_are_those_of_the_formats() {
        for (dtype, largest) in [
            (DType::F8E5M2, 57344.0),
            (DType::F8E4M3FN, 448.0),
            (DType::F6E3M2, 28.0),
            (DType::F6E2M3, 7.5),
            (DType::F4E2M1, 6.0),
        ] {
            let format = Minifloat::of(dtype).unwrap();
            assert_eq!(format.decode(format.encode(1e9)).to_bits(), f64::to_bits(largest), "{dtype}");
        }
        let format = Minifloat::of(DType::F8E4M3FN).unwrap();
        assert!(format.decode(format.encode(f64::NAN)).is_nan());
        assert_eq!(Minifloat::of(DType::F8E5M2).unwrap().encode(f64::INFINITY), 0x7c);
    }
}
