//! Parameters of an operator's first phase, and their compact text in the table.
//!
//! An entry is the C declaration itself with little around it:
//! `[in|out|inout] DECLARATION[?] [: DTYPES] [= DEFAULT]`. Without a direction a `const` pointer is read and a plain
//! tensor pointer is written; `?` marks what may be a null pointer.

use crate::DType;
use crate::dtype::Kind;
use std::fmt;

/// The C type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is its C type's name")]
pub enum ParameterKind {
    Tensor,
    TensorList,
    Scalar,
    ScalarList,
    IntArray,
    FloatArray,
    BoolArray,
    /// Any integer type; [`Parameter::c_type`] says which.
    Int,
    Float,
    Double,
    Bool,
    Text,
    DType,
}

impl ParameterKind {
    /// The kind of a C type without `const` and `*`.
    fn of(base: &str) -> Option<Self> {
        Some(match base {
            "aclTensor" => Self::Tensor,
            "aclTensorList" => Self::TensorList,
            "aclScalar" => Self::Scalar,
            "aclScalarList" => Self::ScalarList,
            "aclIntArray" => Self::IntArray,
            "aclFloatArray" => Self::FloatArray,
            "aclBoolArray" => Self::BoolArray,
            "int" | "int8_t" | "int16_t" | "int32_t" | "int64_t" | "uint32_t" | "uint64_t" => Self::Int,
            "float" => Self::Float,
            "double" => Self::Double,
            "bool" => Self::Bool,
            "char" => Self::Text,
            "aclDataType" => Self::DType,
            _ => return None,
        })
    }

    /// Whether it stands for device memory, which a call reads or writes.
    pub const fn is_tensor(self) -> bool {
        matches!(self, Self::Tensor | Self::TensorList)
    }

    /// What `.acg` text gives for it, in words with an article.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Tensor => "a tensor",
            Self::TensorList => "a list of tensors",
            Self::Scalar | Self::Float | Self::Double => "a number",
            Self::ScalarList | Self::FloatArray => "a list of numbers",
            Self::IntArray => "a list of integers",
            Self::BoolArray => "a list of booleans",
            Self::Int => "an integer",
            Self::Bool => "a boolean",
            Self::Text => "a text",
            Self::DType => "a data type",
        }
    }
}

/// What a call does with a parameter's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Reads it.
    In,
    /// Writes it.
    Out,
    /// Reads and writes it.
    InOut,
}

/// What a parameter is when a call does not give it.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// A null pointer.
    Null,
    /// An integer.
    Int(i64),
    /// A number; its text is kept because emitted code repeats it.
    Float(f64, String),
    /// A boolean.
    Bool(bool),
    /// A text.
    Text(String),
    /// A list of integers.
    Ints(Vec<i64>),
    /// The data type of the tensor parameter with this name.
    DTypeOf(String),
}

impl fmt::Display for Default {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Int(value) => value.fmt(f),
            Self::Float(_, text) => f.write_str(text),
            Self::Bool(value) => value.fmt(f),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Ints(values) => write!(f, "{values:?}"),
            Self::DTypeOf(name) => write!(f, "dtype of {name}"),
        }
    }
}

/// Which element types a tensor parameter accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DTypeClass {
    /// How the table writes it: `float`, `index`, `f16|bf16`.
    pub name: String,
    mask: u32,
}

impl DTypeClass {
    fn parse(name: &str) -> Result<Self, String> {
        let mut mask = 0;
        for part in name.split('|').map(str::trim) {
            mask |= class_mask(part).ok_or_else(|| format!("`{part}` is no class of data types"))?;
        }
        Ok(Self { name: name.to_owned(), mask })
    }

    /// Whether `dtype` belongs to it.
    pub fn contains(&self, dtype: DType) -> bool {
        self.mask & bit(dtype) != 0
    }
}

const fn bit(dtype: DType) -> u32 {
    1 << dtype as u32
}

fn class_mask(name: &str) -> Option<u32> {
    let of = |accept: &dyn Fn(DType) -> bool| DType::all().filter(|&dtype| accept(dtype)).map(bit).sum();
    Some(match name {
        "any" => of(&|_| true),
        "float" => of(&|dtype| dtype.is_float() && dtype.bits() >= 16),
        "half" => of(&|dtype| dtype.is_float() && dtype.bits() == 16),
        "int" => of(&|dtype| dtype.is_integer() && dtype.bits() >= 8),
        "index" => bit(DType::I32) | bit(DType::I64),
        "complex" => of(&DType::is_complex),
        "number" => of(&|dtype| !matches!(dtype.kind(), Kind::Storage) && dtype.bits() >= 8),
        "quantised" => of(&|dtype| dtype.bits() <= 8 && dtype != DType::Bool && dtype != DType::U1),
        _ => bit(name.parse().ok()?),
    })
}

/// One parameter of `aclnnXxxGetWorkspaceSize`, workspace and executor not counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The C name.
    pub name: String,
    /// The C declaration without the name: `const aclTensor *`.
    pub c_type: String,
    /// What it is.
    pub kind: ParameterKind,
    /// What the call does with it; attributes are always read.
    pub direction: Direction,
    /// Whether it may be a null pointer.
    pub optional: bool,
    /// What it is when not given; `None` where a call must give it.
    pub default: Option<Default>,
    /// Accepted element types, for tensors.
    pub dtypes: DTypeClass,
}

impl Parameter {
    /// Whether a call gives it by position: tensors that must be there and are read.
    pub fn is_positional(&self) -> bool {
        self.kind.is_tensor() && !self.optional && self.direction != Direction::Out
    }

    /// Whether a call gives it after the arrow: tensors that are written.
    pub fn is_result(&self) -> bool {
        self.kind.is_tensor() && self.direction != Direction::In
    }

    /// Whether a call gives it by name: attributes, and optional tensors that are read.
    pub fn is_named(&self) -> bool {
        !self.is_positional() && self.direction != Direction::Out
    }

    /// Reads an entry of the table.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (rest, default) = match text.split_once('=') {
            Some((rest, default)) => (rest, Some(parse_default(default.trim())?)),
            None => (text, None),
        };
        let (rest, dtypes) = match rest.split_once(':') {
            Some((rest, class)) => (rest, DTypeClass::parse(class.trim())?),
            None => (rest, DTypeClass::parse("any")?),
        };
        let rest = rest.trim();
        let (rest, optional) = rest.strip_suffix('?').map_or((rest, false), |rest| (rest, true));
        let (direction, declaration) = split_direction(rest);
        let name_at = declaration.rfind([' ', '*']).map_or(0, |at| at + 1);
        let (c_type, name) = declaration.split_at(name_at);
        let base = c_type.trim_start_matches("const ").trim_end_matches(['*', ' ']);
        let kind =
            ParameterKind::of(base).ok_or_else(|| format!("`{text}`: `{base}` is no parameter type"))?;
        let written = kind.is_tensor() && !c_type.starts_with("const ");
        let direction = direction.unwrap_or(if written { Direction::Out } else { Direction::In });
        Ok(Self {
            name: name.to_owned(),
            c_type: c_type.trim_end().to_owned(),
            kind,
            direction,
            optional,
            default: default.or(optional.then_some(Default::Null)),
            dtypes,
        })
    }
}

impl fmt::Display for Parameter {
    /// The C declaration: `const aclTensor *self`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if self.c_type.ends_with('*') { "" } else { " " };
        write!(f, "{}{gap}{}", self.c_type, self.name)
    }
}

fn split_direction(text: &str) -> (Option<Direction>, &str) {
    let words = [("in ", Direction::In), ("out ", Direction::Out), ("inout ", Direction::InOut)];
    words
        .iter()
        .find_map(|&(word, direction)| {
            text.strip_prefix(word).map(|rest| (Some(direction), rest.trim_start()))
        })
        .unwrap_or((None, text))
}

fn parse_default(text: &str) -> Result<Default, String> {
    if let Some(name) = text.strip_prefix("dtype(").and_then(|rest| rest.strip_suffix(')')) {
        return Ok(Default::DTypeOf(name.to_owned()));
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = inner.split(',').map(str::trim).filter(|item| !item.is_empty());
        let values = items.map(str::parse).collect::<Result<_, _>>();
        return values.map(Default::Ints).map_err(|error| format!("`{text}`: {error}"));
    }
    if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Ok(Default::Text(inner.to_owned()));
    }
    match text {
        "null" => return Ok(Default::Null),
        "true" => return Ok(Default::Bool(true)),
        "false" => return Ok(Default::Bool(false)),
        _ => {}
    }
    if let Ok(value) = text.parse() {
        return Ok(Default::Int(value));
    }
    text.parse()
        .map(|value| Default::Float(value, text.to_owned()))
        .map_err(|error| format!("`{text}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn const_decides_the_direction_unless_said() {
        let direction = |text| Parameter::parse(text).unwrap().direction;
        assert_eq!(direction("const aclTensor *self"), Direction::In);
        assert_eq!(direction("aclTensor *out"), Direction::Out);
        assert_eq!(direction("out const aclTensor *yOut"), Direction::Out);
        assert_eq!(direction("inout aclTensor *selfRef"), Direction::InOut);
        assert_eq!(direction("char *layout"), Direction::In);
    }

    #[test]
    fn a_declaration_prints_as_written() {
        for text in [
            "const aclTensor *self",
            "int64_t dim",
            "aclTensorList *out",
            "const char *mode",
            "const bool keepDim",
        ] {
            assert_eq!(Parameter::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn optional_parameters_default_to_null() {
        let parameter = Parameter::parse("const aclTensor *bias? : float").unwrap();
        assert!(parameter.optional && parameter.is_named() && !parameter.is_positional());
        assert_eq!(parameter.default, Some(Default::Null));
        assert!(parameter.dtypes.contains(DType::Bf16) && !parameter.dtypes.contains(DType::I32));
    }

    #[test]
    fn defaults_keep_their_kind() {
        let default = |text| Parameter::parse(text).unwrap().default.unwrap();
        assert_eq!(default("double eps = 1e-5"), Default::Float(1e-5, "1e-5".to_owned()));
        assert_eq!(default("const aclScalar *alpha = 1"), Default::Int(1));
        assert_eq!(default("bool keepDim = false"), Default::Bool(false));
        assert_eq!(default("const aclIntArray *dims = [0, -1]"), Default::Ints(vec![0, -1]));
        assert_eq!(default("char *layout = 'BSH'"), Default::Text("BSH".to_owned()));
        assert_eq!(default("aclDataType dtype = dtype(out)"), Default::DTypeOf("out".to_owned()));
        assert!(Parameter::parse("double eps = tiny").is_err());
        assert!(Parameter::parse("aclThing *x").is_err());
    }
}
