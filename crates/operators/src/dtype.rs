//! Element types of tensors: aclDataType with the names that `.acg` writes.

use std::fmt;
use std::str::FromStr;

/// What arithmetic an element type belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Bool,
    Unsigned,
    Signed,
    Float,
    Complex,
    /// Scale factors and packed values that no ordinary operator computes with.
    Storage,
}

/// An element type: one of aclDataType's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "each variant is its own name")]
pub enum DType {
    F32,
    F16,
    Bf16,
    F64,
    I4,
    I8,
    I16,
    I32,
    I64,
    U1,
    U8,
    U16,
    U32,
    U64,
    Bool,
    C32,
    C64,
    C128,
    HiF8,
    F8E5M2,
    F8E4M3FN,
    F8E8M0,
    F6E3M2,
    F6E2M3,
    F4E2M1,
    F4E1M2,
}

/// One row of the table of element types.
struct Row {
    dtype: DType,
    name: &'static str,
    acl_name: &'static str,
    acl_number: i32,
    bits: u32,
    kind: Kind,
}

const fn row(
    dtype: DType,
    name: &'static str,
    acl_name: &'static str,
    acl_number: i32,
    bits: u32,
    kind: Kind,
) -> Row {
    Row { dtype, name, acl_name, acl_number, bits, kind }
}

/// In the order of the enum, so that a discriminant is an index. Names and numbers: ACL reference, aclDataType.
const ROWS: [Row; 26] = [
    row(DType::F32, "f32", "ACL_FLOAT", 0, 32, Kind::Float),
    row(DType::F16, "f16", "ACL_FLOAT16", 1, 16, Kind::Float),
    row(DType::Bf16, "bf16", "ACL_BF16", 27, 16, Kind::Float),
    row(DType::F64, "f64", "ACL_DOUBLE", 11, 64, Kind::Float),
    row(DType::I4, "i4", "ACL_INT4", 29, 4, Kind::Signed),
    row(DType::I8, "i8", "ACL_INT8", 2, 8, Kind::Signed),
    row(DType::I16, "i16", "ACL_INT16", 6, 16, Kind::Signed),
    row(DType::I32, "i32", "ACL_INT32", 3, 32, Kind::Signed),
    row(DType::I64, "i64", "ACL_INT64", 9, 64, Kind::Signed),
    row(DType::U1, "u1", "ACL_UINT1", 30, 1, Kind::Storage),
    row(DType::U8, "u8", "ACL_UINT8", 4, 8, Kind::Unsigned),
    row(DType::U16, "u16", "ACL_UINT16", 7, 16, Kind::Unsigned),
    row(DType::U32, "u32", "ACL_UINT32", 8, 32, Kind::Unsigned),
    row(DType::U64, "u64", "ACL_UINT64", 10, 64, Kind::Unsigned),
    row(DType::Bool, "bool", "ACL_BOOL", 12, 8, Kind::Bool),
    row(DType::C32, "c32", "ACL_COMPLEX32", 33, 32, Kind::Complex),
    row(DType::C64, "c64", "ACL_COMPLEX64", 16, 64, Kind::Complex),
    row(DType::C128, "c128", "ACL_COMPLEX128", 17, 128, Kind::Complex),
    row(DType::HiF8, "hif8", "ACL_HIFLOAT8", 34, 8, Kind::Float),
    row(DType::F8E5M2, "f8e5m2", "ACL_FLOAT8_E5M2", 35, 8, Kind::Float),
    row(DType::F8E4M3FN, "f8e4m3fn", "ACL_FLOAT8_E4M3FN", 36, 8, Kind::Float),
    row(DType::F8E8M0, "f8e8m0", "ACL_FLOAT8_E8M0", 37, 8, Kind::Storage),
    row(DType::F6E3M2, "f6e3m2", "ACL_FLOAT6_E3M2", 38, 6, Kind::Storage),
    row(DType::F6E2M3, "f6e2m3", "ACL_FLOAT6_E2M3", 39, 6, Kind::Storage),
    row(DType::F4E2M1, "f4e2m1", "ACL_FLOAT4_E2M1", 40, 4, Kind::Float),
    row(DType::F4E1M2, "f4e1m2", "ACL_FLOAT4_E1M2", 41, 4, Kind::Float),
];

impl DType {
    /// What `.acg` calls the element types, in the order of declaration.
    pub const NAMES: [&str; ROWS.len()] = {
        let mut names = [""; ROWS.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = ROWS[at].name;
            at += 1;
        }
        names
    };

    /// Every element type, in the order of declaration.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.dtype)
    }

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The name that `.acg` writes: `f32`, `bf16`, `bool`.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The enumerator of aclDataType: `ACL_FLOAT`.
    pub fn acl_name(self) -> &'static str {
        self.row().acl_name
    }

    /// The value of that enumerator.
    pub fn acl_number(self) -> i32 {
        self.row().acl_number
    }

    /// Bits that one element takes; 4 for `i4`, 8 for `bool`.
    pub fn bits(self) -> u32 {
        self.row().bits
    }

    /// The bytes that `elements` elements take, packed and rounded up to a whole byte; `None` where they do not fit 64 bits.
    pub fn bytes(self, elements: u64) -> Option<u64> {
        elements.checked_mul(u64::from(self.bits())).map(|bits| bits.div_ceil(8))
    }

    /// The type with aclDataType value `number`.
    pub fn from_acl_number(number: i32) -> Option<Self> {
        ROWS.iter().find(|row| row.acl_number == number).map(|row| row.dtype)
    }

    /// The type that the language calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.name == name).map(|row| row.dtype)
    }

    /// The type whose enumerator is `name`, as in `ACL_FLOAT`.
    pub fn from_acl_name(name: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.acl_name == name).map(|row| row.dtype)
    }

    /// Whether it is a real floating-point type.
    pub fn is_float(self) -> bool {
        self.kind() == Kind::Float
    }

    /// Whether it is an integer type, `bool` not counted.
    pub fn is_integer(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned)
    }

    /// Whether it is a complex type.
    pub fn is_complex(self) -> bool {
        self.kind() == Kind::Complex
    }

    pub(crate) fn kind(self) -> Kind {
        self.row().kind
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no element type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownDType(pub String);

impl fmt::Display for UnknownDType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a data type", self.0)
    }
}

impl std::error::Error for UnknownDType {}

impl FromStr for DType {
    type Err = UnknownDType;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::named(name).ok_or_else(|| UnknownDType(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discriminants_index_the_rows() {
        for (index, row) in ROWS.iter().enumerate() {
            assert_eq!(row.dtype as usize, index, "{}", row.name);
        }
    }

    #[test]
    fn every_name_and_number_finds_its_type() {
        for dtype in DType::all() {
            assert_eq!(dtype.as_str().parse(), Ok(dtype));
            assert_eq!(DType::from_acl_name(dtype.acl_name()), Some(dtype));
            assert_eq!(DType::from_acl_number(dtype.acl_number()), Some(dtype));
        }
        assert_eq!("float".parse::<DType>(), Err(UnknownDType("float".to_owned())));
        assert_eq!(DType::from_acl_number(5), None);
    }

    #[test]
    fn packed_types_round_up_to_bytes() {
        assert_eq!(DType::I4.bytes(3), Some(2));
        assert_eq!(DType::Bool.bytes(3), Some(3));
        assert_eq!(DType::C128.bytes(2), Some(32));
        assert_eq!(DType::F64.bytes(u64::MAX), None);
    }
}
