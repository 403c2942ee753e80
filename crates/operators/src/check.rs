//! Checks one call: what each argument is, its data type, and every rule of the operator's entry.

use crate::shape::Stop;
use crate::{Argument, DType, Default, Operator, Parameter, ParameterKind, Tensor, Value};
use std::fmt;

/// Why a call does not fit its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// Position of the parameter to look at, in [`Operator::parameters`].
    pub parameter: usize,
    /// What was expected and what was given, in words, without a final stop.
    pub message: String,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CallError {}

/// Checks a call whose `arguments` stand in the order of [`Operator::parameters`]; missing ones count as absent.
///
/// # Errors
/// Gives the first breach: of an argument's kind or data type class, then of a data type rule, then of a shape rule.
pub fn check(operator: &Operator, arguments: &[Argument<'_>]) -> Result<(), CallError> {
    let call = Call { operator, arguments };
    for at in 0..operator.parameters.len() {
        settle(call.check_argument(at))?;
    }
    for rule in &operator.dtype_rules {
        settle(rule.check(&call))?;
    }
    for rule in &operator.shape_rules {
        settle(rule.check(&call))?;
    }
    Ok(())
}

/// A rule that cannot tell has nothing to say.
fn settle(outcome: Result<(), Stop>) -> Result<(), CallError> {
    match outcome {
        Err(Stop::Breach(error)) => Err(*error),
        Ok(()) | Err(Stop::Unknown) => Ok(()),
    }
}

/// A call as rules see it: arguments by parameter position, with defaults filled in.
pub(crate) struct Call<'a> {
    pub(crate) operator: &'a Operator,
    arguments: &'a [Argument<'a>],
}

impl<'a> Call<'a> {
    pub(crate) fn parameter(&self, at: usize) -> &'a Parameter {
        &self.operator.parameters[at]
    }

    fn argument(&self, at: usize) -> Argument<'a> {
        self.arguments.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn is_absent(&self, at: usize) -> bool {
        self.argument(at) == Argument::Absent
    }

    /// The known element types of a parameter's tensor or tensors.
    pub(crate) fn dtypes(&self, at: usize) -> impl Iterator<Item = DType> + use<'a> {
        let (single, list) = match self.argument(at) {
            Argument::Tensor(tensor) => (Some(tensor), &[][..]),
            Argument::Tensors(tensors) => (None, tensors),
            _ => (None, &[][..]),
        };
        single.into_iter().chain(list.iter().copied().flatten()).map(|tensor| tensor.dtype)
    }

    pub(crate) fn tensor(&self, at: usize) -> Result<Tensor<'a>, Stop> {
        match self.argument(at) {
            Argument::Tensor(tensor) => Ok(tensor),
            _ => Err(Stop::Unknown),
        }
    }

    /// The elements of a list, or a single tensor as a list of one.
    pub(crate) fn tensors(&self, at: usize) -> Result<&'a [Option<Tensor<'a>>], Stop> {
        match self.argument(at) {
            Argument::Tensors(tensors) => Ok(tensors),
            _ => Err(Stop::Unknown),
        }
    }

    pub(crate) fn int(&self, at: usize) -> Result<i64, Stop> {
        match (self.argument(at), &self.parameter(at).default) {
            (Argument::Value(Value::Int(value)), _) | (Argument::Absent, &Some(Default::Int(value))) => {
                Ok(value)
            }
            _ => Err(Stop::Unknown),
        }
    }

    pub(crate) fn flag(&self, at: usize) -> Result<bool, Stop> {
        match (self.argument(at), &self.parameter(at).default) {
            (Argument::Value(Value::Bool(value)), _) | (Argument::Absent, &Some(Default::Bool(value))) => {
                Ok(value)
            }
            (Argument::Value(Value::Int(value)), _) => Ok(value != 0),
            _ => Err(Stop::Unknown),
        }
    }

    /// A list of integers; a null pointer is an empty one.
    pub(crate) fn ints(&self, at: usize) -> Result<&'a [i64], Stop> {
        match (self.argument(at), &self.parameter(at).default) {
            (Argument::Value(Value::Ints(values)), _) => Ok(values),
            (Argument::Absent, Some(Default::Ints(values))) => Ok(values),
            (Argument::Absent, Some(Default::Null)) => Ok(&[]),
            _ => Err(Stop::Unknown),
        }
    }

    pub(crate) fn value(&self, at: usize) -> Result<Value<'a>, Stop> {
        match self.argument(at) {
            Argument::Value(value) => Ok(value),
            _ => Err(Stop::Unknown),
        }
    }

    /// A breach that points at parameter `at`.
    pub(crate) fn breach(at: usize, message: String) -> Stop {
        Stop::Breach(Box::new(CallError { parameter: at, message }))
    }

    /// A parameter's name as messages quote it.
    pub(crate) fn name(&self, at: usize) -> &'a str {
        &self.parameter(at).name
    }

    fn check_argument(&self, at: usize) -> Result<(), Stop> {
        let parameter = self.parameter(at);
        let fits = match self.argument(at) {
            Argument::Unknown => true,
            Argument::Absent => parameter.optional || parameter.default.is_some(),
            Argument::Tensor(tensor) => {
                self.check_dtype(at, tensor)?;
                parameter.kind == ParameterKind::Tensor
            }
            Argument::Tensors(tensors) => {
                tensors.iter().flatten().try_for_each(|&tensor| self.check_dtype(at, tensor))?;
                parameter.kind == ParameterKind::TensorList
            }
            Argument::Value(value) => value_fits(parameter.kind, value),
        };
        if fits {
            return Ok(());
        }
        let got = match self.argument(at) {
            Argument::Absent => "nothing",
            Argument::Tensor(_) => "a tensor",
            Argument::Tensors(_) => "a list of tensors",
            Argument::Value(value) => value_in_words(value),
            Argument::Unknown => "something of unknown type",
        };
        let message = format!("`{}` must be {}, got {got}", parameter.name, parameter.kind.in_words());
        Err(Self::breach(at, message))
    }

    fn check_dtype(&self, at: usize, tensor: Tensor<'_>) -> Result<(), Stop> {
        let parameter = self.parameter(at);
        if parameter.dtypes.contains(tensor.dtype) {
            return Ok(());
        }
        let message = format!(
            "`{}` must have a data type of `{}`, got {}",
            parameter.name, parameter.dtypes.name, tensor.dtype
        );
        Err(Self::breach(at, message))
    }
}

fn value_fits(kind: ParameterKind, value: Value<'_>) -> bool {
    use ParameterKind as K;
    match value {
        Value::Int(_) => matches!(kind, K::Int | K::Float | K::Double | K::Scalar),
        Value::Float(_) => matches!(kind, K::Float | K::Double | K::Scalar),
        Value::Bool(_) => matches!(kind, K::Bool | K::Scalar),
        Value::Text(_) => kind == K::Text,
        Value::DType(_) => kind == K::DType,
        Value::Ints(values) => {
            matches!(kind, K::IntArray | K::FloatArray | K::ScalarList)
                || (values.is_empty() && matches!(kind, K::BoolArray | K::TensorList))
        }
        Value::Floats(_) => matches!(kind, K::FloatArray | K::ScalarList),
        Value::Bools(_) => kind == K::BoolArray,
    }
}

fn value_in_words(value: Value<'_>) -> &'static str {
    match value {
        Value::Int(_) => "an integer",
        Value::Float(_) => "a number with a fraction",
        Value::Bool(_) => "a boolean",
        Value::Text(_) => "a text",
        Value::DType(_) => "a data type",
        Value::Ints(_) => "a list of integers",
        Value::Floats(_) => "a list of numbers",
        Value::Bools(_) => "a list of booleans",
    }
}
