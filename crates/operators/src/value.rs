//! A call's arguments as borrowed views, so that checking a graph of a million tasks allocates nothing per task.

use crate::DType;

/// A tensor as a shape rule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor<'a> {
    /// Element type.
    pub dtype: DType,
    /// Extents, outermost first; empty for a scalar.
    pub dims: &'a [u64],
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// An integer.
    Int(i64),
    /// A number with a point or exponent.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A quoted text.
    Text(&'a str),
    /// A data type.
    DType(DType),
    /// `[1, 2]`; an empty list of any kind is this one.
    Ints(&'a [i64]),
    /// `[1.0, 2.5]`.
    Floats(&'a [f64]),
    /// `[true, false]`.
    Bools(&'a [bool]),
}

/// What a call gives for one parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Argument<'a> {
    /// Nothing: the parameter's default, or a null pointer.
    #[default]
    Absent,
    /// Something whose type is not known, such as a buffer of plain bytes; fits everywhere.
    Unknown,
    /// A tensor.
    Tensor(Tensor<'a>),
    /// A list of tensors; `None` for an element whose type is not known.
    Tensors(&'a [Option<Tensor<'a>>]),
    /// An attribute.
    Value(Value<'a>),
}
