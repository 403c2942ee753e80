//! Elements as numbers, and arithmetic on them.
//!
//! Integers are exact, floating-point is computed in `f64`; what an element type cannot hold is lost where a number is converted to
//! it, and nowhere else.

use std::cmp::Ordering;

use acg_operators::DType;

use crate::element;

/// Real and imaginary part.
type Pair = (f64, f64);

/// The value of one element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer, or a truth value as 0 or 1.
    Int(i128),
    /// A real number.
    Real(f64),
    /// Real and imaginary part.
    Complex(f64, f64),
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self::Int(0);
    /// One.
    pub const ONE: Self = Self::Int(1);

    /// A truth value.
    pub const fn truth(value: bool) -> Self {
        Self::Int(value as i128)
    }

    /// The real part as `f64`.
    #[allow(clippy::cast_precision_loss, reason = "an integer in real arithmetic is rounded once")]
    pub fn real(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Real(value) | Self::Complex(value, _) => value,
        }
    }

    fn parts(self) -> Pair {
        match self {
            Self::Complex(real, imaginary) => (real, imaginary),
            other => (other.real(), 0.0),
        }
    }

    /// The integer that the number converts to: towards zero, to the nearest there is, nan to 0.
    pub fn int(self) -> i128 {
        match self {
            Self::Int(value) => value,
            Self::Real(value) | Self::Complex(value, _) => value as i128,
        }
    }

    /// Whether it counts as true.
    pub fn holds(self) -> bool {
        match self {
            Self::Int(value) => value != 0,
            Self::Real(value) => value != 0.0,
            Self::Complex(real, imaginary) => real != 0.0 || imaginary != 0.0,
        }
    }

    /// Whether it is no number.
    pub fn is_nan(self) -> bool {
        match self {
            Self::Int(_) => false,
            Self::Real(value) => value.is_nan(),
            Self::Complex(real, imaginary) => real.is_nan() || imaginary.is_nan(),
        }
    }

    /// The number as an element of `dtype` holds it.
    #[must_use]
    pub fn to(self, dtype: DType) -> Self {
        element::rounded(self, dtype)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.arithmetic(other, i128::wrapping_add, |a, b| a + b, |a, b| (a.0 + b.0, a.1 + b.1))
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.arithmetic(other, i128::wrapping_sub, |a, b| a - b, |a, b| (a.0 - b.0, a.1 - b.1))
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.arithmetic(
            other,
            i128::wrapping_mul,
            |a, b| a * b,
            |a, b| (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0),
        )
    }

    /// The quotient, in real or complex arithmetic.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        if matches!((self, other), (Self::Complex(..), _) | (_, Self::Complex(..))) {
            let ((a, b), (c, d)) = (self.parts(), other.parts());
            let norm = c * c + d * d;
            return Self::Complex((a * c + b * d) / norm, (b * c - a * d) / norm);
        }
        Self::Real(self.real() / other.real())
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Int(value) => Self::Int(value.wrapping_neg()),
            Self::Real(value) => Self::Real(-value),
            Self::Complex(real, imaginary) => Self::Complex(-real, -imaginary),
        }
    }

    fn arithmetic(
        self,
        other: Self,
        ints: fn(i128, i128) -> i128,
        reals: fn(f64, f64) -> f64,
        complex: fn(Pair, Pair) -> Pair,
    ) -> Self {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Self::Int(ints(a, b)),
            (Self::Complex(..), _) | (_, Self::Complex(..)) => {
                let (real, imaginary) = complex(self.parts(), other.parts());
                Self::Complex(real, imaginary)
            }
            _ => Self::Real(reals(self.real(), other.real())),
        }
    }

    /// The order of two numbers that are no complex ones; `None` if one is no number.
    pub fn compared(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            _ => self.real().partial_cmp(&other.real()),
        }
    }

    /// The order of sorting: what is no number comes last.
    pub fn sorted(self, other: Self) -> Ordering {
        self.compared(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan()))
    }

    /// Whether both are the same number.
    pub fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a == b,
            _ => self.parts() == other.parts(),
        }
    }

    /// The larger; no number if one is none.
    #[must_use]
    pub fn larger(self, other: Self) -> Self {
        if self.is_nan() || (!other.is_nan() && self.compared(other) != Some(Ordering::Less)) {
            self
        } else {
            other
        }
    }

    /// The smaller; no number if one is none.
    #[must_use]
    pub fn smaller(self, other: Self) -> Self {
        if self.is_nan() || (!other.is_nan() && self.compared(other) != Some(Ordering::Greater)) {
            self
        } else {
            other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number::{self, Complex, Int, Real};

    #[test]
    fn domains_combine() {
        assert_eq!(Int(2).plus(Real(0.5)), Real(2.5));
        assert_eq!(Int(2).times(Complex(1.0, 3.0)), Complex(2.0, 6.0));
        assert_eq!(Complex(0.0, 1.0).times(Complex(0.0, 1.0)), Complex(-1.0, 0.0));
        assert_eq!(Complex(1.0, 2.0).over(Complex(1.0, 2.0)), Complex(1.0, 0.0));
    }

    #[test]
    fn no_number_spreads_and_sorts_last() {
        let nan = Real(f64::NAN);
        assert!(nan.larger(Real(1.0)).is_nan() && Real(1.0).larger(nan).is_nan());
        assert!(nan.smaller(Real(1.0)).is_nan() && Real(1.0).smaller(nan).is_nan());
        assert_eq!(nan.sorted(Real(f64::INFINITY)), std::cmp::Ordering::Greater);
        assert_eq!(Number::ONE.larger(Real(0.5)), Int(1));
    }
}
