//! Operators: the first phase with its tensors and values, and the second.

use std::fmt::Write;

use acg_calls::{Arg, CallView, Kind};
use acg_ir::{DType, Module, Op, Operand, TaskData, TensorType, Value};
use acg_operators::{Default as ParameterDefault, Operator, Parameter, ParameterKind};

use super::Emitter;
use super::literal::quoted;
use super::prelude::Fragment;
use crate::binding::{Given, for_each_parameter};

impl Emitter<'_> {
    /// Makes the arguments, calls the first phase, allocates the workspace.
    pub(super) fn first_phase(&mut self, call: &CallView<'_>, line: u32) {
        let (Some(data), Some(executor)) = (self.task_of(call.id), call.args().last().and_then(Arg::out))
        else {
            return;
        };
        let module = self.module;
        let Op::Operator(id) = data.op else { return };
        self.needs(Fragment::Operands);
        self.operators.insert(id);
        // An operator of the host program has a first phase in every repetition.
        self.executors.insert(executor);
        let operator = id.operator();
        self.body.open(format_args!("{{"));
        let mut arguments = String::new();
        let dtypes = tensor_dtypes(module, operator, data);
        for_each_parameter(module, operator, data, |parameter, given| {
            self.parameter(parameter, given, &dtypes);
            let _ = write!(arguments, "{}, ", parameter.name);
        });
        let executor = self.text(executor);
        let name = operator.phase1_name();
        let outs = format!("{executor}_.workspace_size_out(), {executor}_.out()");
        self.check(&format!("{name}({arguments}{outs})"), &name, line);
        self.check(&format!("{executor}_.allocate_workspace()"), "aclrtMalloc", line);
        self.body.close("}");
    }

    pub(super) fn second_phase(&mut self, call: &CallView<'_>, line: u32) {
        let (Some(data), Some(executor)) = (self.task_of(call.id), call.name(2)) else { return };
        let Op::Operator(id) = data.op else { return };
        let executor = self.text(executor);
        let stream = self.argument(call.arg(3).unwrap_or(Arg::Null), Kind::Any);
        let name = &id.operator().name;
        let arguments =
            format!("{executor}_.workspace(), {executor}_.workspace_size(), {executor}_.take(), {stream}");
        self.check(&format!("{name}({arguments})"), name, line);
    }

    /// Declares one argument under its parameter's name.
    fn parameter(&mut self, parameter: &'static Parameter, given: Given<'_>, dtypes: &[(&str, DType)]) {
        let value = match given {
            Given::Tensor(operand) => format!("operands_.tensor({})", self.tensor(operand)),
            Given::Tensors(operands) => self.tensor_list(operands.iter().copied()),
            Given::Value(Value::List(list)) if parameter.kind == ParameterKind::TensorList => {
                self.tensor_list(list.of(&self.module.values).iter().filter_map(as_operand))
            }
            Given::Value(value) => self.value(parameter, value),
            Given::Absent => self.default(parameter, dtypes),
        };
        if parameter.kind == ParameterKind::Text
            && !parameter.c_type.starts_with("const ")
            && value != "nullptr"
        {
            self.body.format(format_args!("char {}_text[] = {value};", parameter.name));
            self.body.format(format_args!("{parameter} = {}_text;", parameter.name));
        } else {
            self.body.format(format_args!("{parameter} = {value};"));
        }
    }

    fn tensor_list(&mut self, operands: impl Iterator<Item = Operand>) -> String {
        let tensors: Vec<_> =
            operands.map(|operand| format!("operands_.listed({})", self.tensor(operand))).collect();
        format!("operands_.tensor_list({{{}}})", tensors.join(", "))
    }

    /// Data type, shape, strides, storage and address of a tensor.
    fn tensor(&mut self, operand: Operand) -> String {
        let dtype = dtype_of(self.module, operand);
        let (mut shape, mut strides) = (Vec::new(), Vec::new());
        // A verified module has no operand without bytes.
        let _ = self.module.operand_shape(operand, &mut shape);
        let _ = self.module.operand_strides(operand, &mut strides);
        // The elements from the first to the last, which is all that the tensor may touch.
        let span =
            shape.iter().zip(&strides).map(|(&dim, &stride)| dim.saturating_sub(1).saturating_mul(stride));
        let span = span.fold(1u64, u64::saturating_add);
        let whole = shape.iter().product::<u64>() == span;
        let storage = if whole { numbers(&shape) } else { format!("{{{span}}}") };
        let address = self.operand_address(operand);
        format!("{}, {}, {}, {storage}, {address}", dtype.acl_name(), numbers(&shape), numbers(&strides))
    }

    /// The address of an operand's first byte.
    pub(super) fn operand_address(&mut self, operand: Operand) -> String {
        let Ok(access) = self.module.access(operand) else { return "nullptr".to_owned() };
        let name = self.name_of(crate::lower::Declaration::Buffer(access.root));
        let of_model = matches!(self.module.buffers[access.root].space, acg_ir::Space::Cond(_));
        let base = format!("{name}_{}", if of_model { "" } else { ".get()" });
        match access.extent.start() {
            0 => base,
            bytes => {
                self.needs(Fragment::At);
                format!("at({base}, {bytes})")
            }
        }
    }

    fn value(&self, parameter: &Parameter, value: Value) -> String {
        let items = match value {
            Value::List(list) => list.of(&self.module.values),
            _ => &[],
        };
        let all = |item: fn(&Value) -> String| items.iter().map(item).collect::<Vec<_>>().join(", ");
        match parameter.kind {
            ParameterKind::Tensor | ParameterKind::TensorList => "nullptr".to_owned(),
            ParameterKind::Scalar => format!("operands_.scalar<{}", scalar(&value)),
            ParameterKind::ScalarList => {
                let scalars: Vec<_> =
                    items.iter().map(|item| format!("operands_.element<{}", scalar(item))).collect();
                format!("operands_.scalar_list({{{}}})", scalars.join(", "))
            }
            ParameterKind::IntArray => format!("operands_.ints({{{}}})", all(|item| integer(whole(item)))),
            ParameterKind::FloatArray => format!("operands_.floats({{{}}})", all(|item| float(real(item)))),
            ParameterKind::BoolArray => {
                format!("operands_.bools({{{}}})", all(|item| (*item == Value::Bool(true)).to_string()))
            }
            ParameterKind::Int => typed_integer(parameter, whole(&value)),
            ParameterKind::Float => float(real(&value)),
            ParameterKind::Double => double(real(&value)),
            ParameterKind::Bool => (value == Value::Bool(true)).to_string(),
            ParameterKind::Text => match value {
                Value::Text(text) | Value::Word(text) => quoted(self.module.text(text)),
                _ => "nullptr".to_owned(),
            },
            ParameterKind::DType => match value {
                Value::DType(dtype) => dtype.acl_name().to_owned(),
                _ => "ACL_DT_UNDEFINED".to_owned(),
            },
        }
    }

    /// What a parameter is that the call does not give.
    fn default(&self, parameter: &'static Parameter, dtypes: &[(&str, DType)]) -> String {
        let value = match &parameter.default {
            Some(ParameterDefault::Int(value)) => Value::Int(*value),
            Some(ParameterDefault::Bool(value)) => Value::Bool(*value),
            Some(ParameterDefault::Float(value, _)) => return default_float(parameter, *value),
            Some(ParameterDefault::Text(text)) => return quoted(text),
            Some(ParameterDefault::Ints(values)) => {
                let values: Vec<_> = values.iter().map(|&value| integer(value)).collect();
                return format!("operands_.ints({{{}}})", values.join(", "));
            }
            Some(ParameterDefault::DTypeOf(tensor)) => {
                let dtype = dtypes.iter().find(|(name, _)| name == tensor);
                return dtype.map_or("ACL_DT_UNDEFINED", |(_, dtype)| dtype.acl_name()).to_owned();
            }
            Some(ParameterDefault::Null) | None => {
                let pointer = parameter.c_type.ends_with('*');
                return if pointer { "nullptr" } else { "{}" }.to_owned();
            }
        };
        self.value(parameter, value)
    }
}

fn default_float(parameter: &Parameter, value: f64) -> String {
    match parameter.kind {
        ParameterKind::Scalar => format!("operands_.scalar<float>({}, ACL_FLOAT)", float(value)),
        ParameterKind::Float => float(value),
        _ => double(value),
    }
}

/// The data types of the tensors that a call gives, by parameter.
fn tensor_dtypes(
    module: &Module,
    operator: &'static Operator,
    data: &TaskData,
) -> Vec<(&'static str, DType)> {
    let mut dtypes = Vec::new();
    for_each_parameter(module, operator, data, |parameter, given| {
        if let Given::Tensor(operand) = given {
            dtypes.push((parameter.name.as_str(), dtype_of(module, operand)));
        }
    });
    dtypes
}

/// The data type of an operand; plain bytes count as `u8`.
pub(super) fn dtype_of(module: &Module, operand: Operand) -> DType {
    match module.buffers[operand.buffer].ty {
        TensorType::Tensor { dtype, .. } => dtype,
        TensorType::Bytes(_) => DType::U8,
    }
}

/// The rest of `scalar<type>(value, dtype)`: whole numbers are 64 bits wide, others are `float`, as in the guides.
fn scalar(value: &Value) -> String {
    match *value {
        Value::Int(value) => format!("int64_t>({}, ACL_INT64)", integer(value)),
        Value::Bool(value) => format!("bool>({value}, ACL_BOOL)"),
        ref other => format!("float>({}, ACL_FLOAT)", float(real(other))),
    }
}

fn as_operand(value: &Value) -> Option<Operand> {
    if let Value::Operand(operand) = *value { Some(operand) } else { None }
}

fn whole(value: &Value) -> i64 {
    match *value {
        Value::Int(value) => value,
        Value::Size(bytes) => i64::try_from(bytes).unwrap_or(i64::MAX),
        Value::Bool(value) => value.into(),
        _ => 0,
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a whole number where C takes a real one is rounded as C rounds it"
)]
fn real(value: &Value) -> f64 {
    match *value {
        Value::Float(value, _) => value,
        ref other => whole(other) as f64,
    }
}

fn numbers(values: &[u64]) -> String {
    let values: Vec<_> = values.iter().map(u64::to_string).collect();
    format!("{{{}}}", values.join(", "))
}

/// An `int64_t`; C has no literal for the smallest.
pub(super) fn integer(value: i64) -> String {
    if value == i64::MIN { "INT64_MIN".to_owned() } else { value.to_string() }
}

fn typed_integer(parameter: &Parameter, value: i64) -> String {
    match parameter.c_type.as_str() {
        "int64_t" => integer(value),
        ty => format!("static_cast<{}>({})", ty.trim_start_matches("const "), integer(value)),
    }
}

/// A `float` literal.
#[allow(clippy::cast_possible_truncation, reason = "the parameter is a float")]
pub(super) fn float(value: f64) -> String {
    let value = value as f32;
    if value.is_finite() { format!("{value:?}f") } else { special("float", f64::from(value)) }
}

/// A value as a `double` literal.
pub(super) fn double_of(value: &Value) -> String {
    double(real(value))
}

fn double(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { special("double", value) }
}

fn special(ty: &str, value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let what = if value.is_nan() { "quiet_NaN" } else { "infinity" };
    format!("{sign}std::numeric_limits<{ty}>::{what}()")
}
