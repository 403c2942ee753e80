//! Operators: as torch calls them with a given result, or by their C functions.
//!
//! torch's functions make both phases of an operator where they stand. By its C functions an operator has its first phase before the
//! capture, as in C++.

use std::collections::BTreeMap;

use acg_calls::{Arg, CallView, Handle, Kind};
use acg_ir::{DType, Op, Operand, TaskData, TensorType, Value};
use acg_operators::{Default as ParameterDefault, Parameter, ParameterKind};

use super::forms::is_plain;
use super::tensor::{torch_dtype, tuple};
use super::torch_operators::torch_form;
use super::{Emitter, Fragment, quoted};
use crate::binding::{Given, for_each_parameter};
use crate::lower::Declaration;

impl Emitter<'_> {
    /// The first phase of an operator that torch has no form of.
    pub(super) fn first_phase(&mut self, call: &CallView<'_>, line: u32) {
        let executor = call.args().last().and_then(Arg::out);
        let (Some(line_of_task), Some(data), Some(executor)) =
            (self.line(call.id), self.task(call.id), executor)
        else {
            return;
        };
        let Op::Operator(id) = data.op else { return };
        self.needs(Fragment::Operator);
        let operator = id.operator();
        let mut dtypes = Vec::new();
        for_each_parameter(self.module, operator, data, |parameter, given| {
            if let Given::Tensor(operand) = given {
                dtypes.push((parameter.name.as_str(), self.dtype(operand)));
            }
        });
        let mut arguments = vec![format!("\"{}\"", operator.name)];
        for_each_parameter(self.module, operator, data, |parameter, given| {
            arguments.push(self.c_argument(parameter, given, &dtypes));
        });
        let executor = self.names.of_name(executor).to_owned();
        self.body.open(format_args!("{executor} = Operator("));
        for argument in arguments {
            self.body.format(format_args!("{argument},"));
        }
        self.body.format(format_args!("line={line},"));
        self.body.close(")");
        self.by_c.insert(line_of_task, executor);
    }

    /// The statement of an operator, on its stream.
    pub(super) fn operator(&mut self, call: &CallView<'_>, line: u32) {
        let Some(data) = self.task(call.id) else { return };
        let executor = self.line(call.id).and_then(|line| self.by_c.get(&line)).cloned();
        if let Some(executor) = executor {
            let stream = self.argument(call.arg(3).unwrap_or(Arg::Null), Kind::In(Handle::Stream));
            self.body.format(format_args!("{executor}.launch({stream}, {line})"));
        } else if let (Some(statement), Some(stream)) = (self.torch_statement(data), call.name(3)) {
            self.on(stream);
            self.body.line(&statement);
        }
    }

    /// Gives the workspace of an operator back with its executor, if it goes by its C functions.
    pub(super) fn free_workspace(&mut self, call: &CallView<'_>) {
        let Some(Declaration::Operator(body, task)) =
            call.name(0).and_then(|name| self.lowered.declaration(name))
        else {
            return;
        };
        if let Some(executor) = self.by_c.get(&(body, task)).cloned() {
            self.release(&executor);
        }
    }

    /// What torch calls an operator; `None` where it has no such form, or knows no such stream or elements.
    pub(super) fn torch_statement(&self, data: &TaskData) -> Option<String> {
        let Op::Operator(id) = data.op else { return None };
        let operator = id.operator();
        let form = torch_form(&operator.name)?;
        let stream = data.stream.map(|stream| &self.module.streams[stream])?;
        if !is_plain(stream) {
            return None;
        }
        let mut arguments = BTreeMap::new();
        let operands =
            data.inputs.of(&self.module.operands).iter().chain(data.outputs.of(&self.module.operands));
        let on_device = |operand: &Operand| !self.module.buffers[operand.buffer].space.is_host();
        let mut fits = operands.copied().all(|operand| on_device(&operand));
        let bound = for_each_parameter(self.module, operator, data, |parameter, given| {
            fits &= given == Given::Absent || form.contains(&format!("{{{}}}", parameter.name));
            match self.torch_argument(parameter, given) {
                Some(argument) => drop(arguments.insert(parameter.name.as_str(), argument)),
                None => fits = false,
            }
        });
        (fits && bound).then(|| filled(form, &arguments))
    }

    /// What stands for a parameter in torch's form; `None` for a tensor that torch cannot hold.
    fn torch_argument(&self, parameter: &'static Parameter, given: Given<'_>) -> Option<String> {
        Some(match given {
            Given::Tensor(operand) => self.tensor(operand)?,
            Given::Tensors(operands) => self.torch_tensors(operands.iter().copied())?,
            Given::Value(Value::List(list)) if parameter.kind == ParameterKind::TensorList => {
                self.torch_tensors(list.of(&self.module.values).iter().filter_map(as_operand))?
            }
            Given::Value(value) => self.literal(value),
            Given::Absent => match &parameter.default {
                Some(ParameterDefault::Int(value)) => value.to_string(),
                Some(ParameterDefault::Float(value, _)) => number(*value),
                Some(ParameterDefault::Bool(value)) => boolean(*value).to_owned(),
                Some(ParameterDefault::Text(text)) => quoted(text),
                Some(ParameterDefault::Ints(values)) => format!("{values:?}"),
                Some(ParameterDefault::Null | ParameterDefault::DTypeOf(_)) | None => "None".to_owned(),
            },
        })
    }

    fn torch_tensors(&self, operands: impl Iterator<Item = Operand>) -> Option<String> {
        let tensors: Option<Vec<_>> = operands.map(|operand| self.tensor(operand)).collect();
        Some(format!("[{}]", tensors?.join(", ")))
    }

    /// A value as Python writes it.
    pub(super) fn literal(&self, value: Value) -> String {
        match value {
            Value::Int(value) => value.to_string(),
            Value::Size(bytes) => bytes.to_string(),
            Value::Float(value, _) => number(value),
            Value::Bool(value) => boolean(value).to_owned(),
            Value::Text(text) | Value::Word(text) => quoted(self.module.text(text)),
            Value::DType(dtype) => torch_dtype(dtype).unwrap_or("None").to_owned(),
            Value::List(list) => {
                let items: Vec<_> =
                    list.of(&self.module.values).iter().map(|&item| self.literal(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Operand(operand) => self.tensor(operand).unwrap_or_else(|| "None".to_owned()),
            Value::Duration(_) => "None".to_owned(),
        }
    }

    /// One argument of an operator's first phase.
    fn c_argument(
        &self,
        parameter: &'static Parameter,
        given: Given<'_>,
        dtypes: &[(&str, DType)],
    ) -> String {
        match given {
            Given::Tensor(operand) => self.c_tensor(operand),
            Given::Tensors(operands) => self.c_tensors(operands.iter().copied()),
            Given::Value(Value::List(list)) if parameter.kind == ParameterKind::TensorList => {
                self.c_tensors(list.of(&self.module.values).iter().filter_map(as_operand))
            }
            Given::Value(value) => self.c_value(parameter, value),
            Given::Absent => match &parameter.default {
                Some(ParameterDefault::Int(value)) => self.c_value(parameter, Value::Int(*value)),
                Some(ParameterDefault::Bool(value)) => self.c_value(parameter, Value::Bool(*value)),
                Some(ParameterDefault::Float(value, _)) => c_number(parameter, &number(*value)),
                Some(ParameterDefault::Text(text)) => c_text(text),
                Some(ParameterDefault::Ints(values)) => format!("operands.ints({values:?})"),
                Some(ParameterDefault::DTypeOf(tensor)) => {
                    let dtype = dtypes.iter().find(|(name, _)| name == tensor);
                    // ACL_DT_UNDEFINED
                    dtype.map_or("-1".to_owned(), |(_, dtype)| dtype.acl_number().to_string())
                }
                Some(ParameterDefault::Null) | None if parameter.c_type.ends_with('*') => "None".to_owned(),
                Some(ParameterDefault::Null) | None => c_number(parameter, "0"),
            },
        }
    }

    fn c_value(&self, parameter: &Parameter, value: Value) -> String {
        let items = match value {
            Value::List(list) => list.of(&self.module.values),
            _ => &[],
        };
        match parameter.kind {
            ParameterKind::Tensor | ParameterKind::TensorList => "None".to_owned(),
            ParameterKind::Scalar => c_scalar(&value),
            ParameterKind::ScalarList => {
                format!("operands.scalars([{}])", items.iter().map(c_scalar).collect::<Vec<_>>().join(", "))
            }
            ParameterKind::IntArray => format!("operands.ints({})", self.literal(value)),
            ParameterKind::FloatArray => format!("operands.floats({})", self.literal(value)),
            ParameterKind::BoolArray => format!("operands.bools({})", self.literal(value)),
            ParameterKind::Text => match value {
                Value::Text(text) | Value::Word(text) => c_text(self.module.text(text)),
                _ => "None".to_owned(),
            },
            ParameterKind::DType => match value {
                Value::DType(dtype) => dtype.acl_number().to_string(),
                // ACL_DT_UNDEFINED
                _ => "-1".to_owned(),
            },
            ParameterKind::Int | ParameterKind::Float | ParameterKind::Double | ParameterKind::Bool => {
                c_number(parameter, &self.literal(value))
            }
        }
    }

    /// Address, element type, shape and strides of a tensor.
    fn c_tensor(&self, operand: Operand) -> String {
        let (mut shape, mut strides) = (Vec::new(), Vec::new());
        // A verified module has no operand without bytes.
        let _ = self.module.operand_shape(operand, &mut shape);
        let _ = self.module.operand_strides(operand, &mut strides);
        let (address, dtype) = (self.operand_address(operand), self.dtype(operand).acl_number());
        format!("operands.tensor({address}, {dtype}, {}, {})", tuple(&shape), tuple(&strides))
    }

    fn c_tensors(&self, operands: impl Iterator<Item = Operand>) -> String {
        let tensors: Vec<_> = operands.map(|operand| self.c_tensor(operand)).collect();
        format!("operands.tensors([{}])", tensors.join(", "))
    }

    /// The data type of an operand; plain bytes count as `u8`.
    pub(super) fn dtype(&self, operand: Operand) -> DType {
        match self.module.buffers[operand.buffer].ty {
            TensorType::Tensor { dtype, .. } => dtype,
            TensorType::Bytes(_) => DType::U8,
        }
    }
}

/// The form with what stands for each parameter in its braces.
fn filled(form: &str, arguments: &BTreeMap<&str, String>) -> String {
    let mut text = String::with_capacity(form.len() + 32);
    let mut rest = form;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        text.push_str(before);
        text.push_str(arguments.get(name).map_or("None", String::as_str));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn as_operand(value: &Value) -> Option<Operand> {
    if let Value::Operand(operand) = *value { Some(operand) } else { None }
}

/// A scalar: whole numbers are 64 bits wide, others are `float`, as in the guides.
fn c_scalar(value: &Value) -> String {
    let (ty, value, dtype) = match *value {
        Value::Int(value) => ("c_int64", value.to_string(), DType::I64),
        Value::Bool(value) => ("c_bool", boolean(value).to_owned(), DType::Bool),
        Value::Float(value, _) => ("c_float", number(value), DType::F32),
        _ => ("c_float", "0.0".to_owned(), DType::F32),
    };
    format!("operands.scalar(ctypes.{ty}({value}), {})", dtype.acl_number())
}

/// A plain number as the parameter's C type.
fn c_number(parameter: &Parameter, value: &str) -> String {
    match parameter.kind {
        ParameterKind::Scalar => format!("operands.scalar(ctypes.c_float({value}), 0)"),
        ParameterKind::Float => format!("ctypes.c_float({value})"),
        ParameterKind::Double => format!("ctypes.c_double({value})"),
        ParameterKind::Bool => format!("ctypes.c_bool({value})"),
        _ => {
            let ty = parameter.c_type.trim_start_matches("const ").trim_end_matches("_t");
            format!("ctypes.c_{ty}({value})")
        }
    }
}

fn c_text(text: &str) -> String {
    format!("ctypes.c_char_p({}.encode())", quoted(text))
}

/// A number that Python reads back as it is.
pub(super) fn number(value: f64) -> String {
    match value {
        value if value.is_nan() => "float(\"nan\")".to_owned(),
        value if value.is_infinite() => format!("float(\"{}inf\")", if value < 0.0 { "-" } else { "" }),
        value => format!("{value:?}"),
    }
}

const fn boolean(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
