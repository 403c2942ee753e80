//! What one task does to memory.

use std::cell::Cell;

use acg_ir::binding::{Given, for_each_parameter};
use acg_ir::dependence::reads;
use acg_ir::{Module, Op, Operand, ReduceKind, TaskData, Value};
use acg_operators::{OperatorId, Parameter, ParameterKind};

use crate::element;
use crate::memory::{Memory, access, dtype, shape};
use crate::number::Number;
use crate::operators::{self, Argument, Array, Call, Place, Refusal, Setting};
use crate::overlap;
use crate::stand_in;

type Outcome = Result<(), Refusal>;

/// Does what the task says, at once. `budget` is how many elements may still be worked on.
///
/// Tasks that only order, and calls that have no effect on memory, do nothing.
pub(crate) fn perform(
    module: &Module,
    memory: &mut Memory,
    data: &TaskData,
    stand_ins: bool,
    budget: &mut u64,
) -> Outcome {
    let (inputs, outputs) = (data.inputs.of(&module.operands), data.outputs.of(&module.operands));
    spend_bytes(module, data, budget)?;
    match data.op {
        Op::Copy | Op::CopySync | Op::Copy2d | Op::CopyBatch => copy(module, memory, inputs, outputs),
        Op::Fill(byte) | Op::FillSync(byte) => {
            outputs.iter().try_for_each(|&operand| memory.fill(&access(module, operand)?, byte))
        }
        Op::Reduce(kind) => reduce(module, memory, kind, inputs, outputs),
        Op::WriteValue(value) => outputs
            .iter()
            .try_for_each(|&operand| memory.scatter(&access(module, operand)?, &value.to_le_bytes())),
        Op::Operator(id) if operators::has_numerics(id) => operate(module, memory, id, data, budget),
        Op::Operator(id) if !stand_ins => Err(Refusal::new(format!(
            "acg has no numerics for {id}; `--stand-ins` lets made-up values take their place"
        ))),
        _ if stand_in::stands_in(data.op) => stand_in::perform(module, memory, data),
        _ => Ok(()),
    }
}

/// Takes the bytes that a task touches off the budget, 64 as one step.
fn spend_bytes(module: &Module, data: &TaskData, budget: &mut u64) -> Outcome {
    let operands = reads(module, data).chain(data.outputs.of(&module.operands).iter().copied());
    let bytes = operands.fold(0u64, |bytes, operand| {
        bytes.saturating_add(module.access(operand).map_or(0, |access| access.extent.len()))
    });
    let left = budget.checked_sub(bytes / 64);
    *budget =
        left.ok_or_else(|| Refusal::new("it takes more steps than are allowed; `--steps` allows more"))?;
    Ok(())
}

fn copy(module: &Module, memory: &mut Memory, from: &[Operand], to: &[Operand]) -> Outcome {
    overlap::copies(module, from, to)?;
    let sources = from
        .iter()
        .map(|&operand| memory.gather(&access(module, operand)?))
        .collect::<Result<Vec<_>, _>>()?;
    sources.iter().zip(to).try_for_each(|(bytes, &operand)| memory.scatter(&access(module, operand)?, bytes))
}

fn reduce(
    module: &Module,
    memory: &mut Memory,
    kind: ReduceKind,
    inputs: &[Operand],
    outputs: &[Operand],
) -> Outcome {
    let of = match kind {
        ReduceKind::Sum => Number::plus,
        ReduceKind::Max => Number::larger,
        ReduceKind::Min => Number::smaller,
    };
    overlap::copies(module, inputs, outputs)?;
    for (&input, &output) in inputs.iter().zip(outputs) {
        let dtype = dtype(module, output).or_else(|| dtype(module, input));
        let dtype = dtype.ok_or_else(|| {
            Refusal::new("plain bytes cannot be reduced; a view `as` a type says what they hold")
        })?;
        let target = access(module, output)?;
        let (mut a, mut b) = (Vec::new(), Vec::new());
        let count = (target.extent.len() * 8 / u64::from(dtype.bits())) as usize;
        let unknown = || Refusal::new(format!("acg does not compute with elements of type {dtype}"));
        element::decode(dtype, &memory.gather(&target)?, count, &mut a).ok_or_else(unknown)?;
        element::decode(dtype, &memory.gather(&access(module, input)?)?, count, &mut b)
            .ok_or_else(unknown)?;
        let values: Vec<Number> = a.into_iter().zip(b).map(|(a, b)| of(a, b)).collect();
        memory.scatter(&target, &element::encode(dtype, &values).ok_or_else(unknown)?)?;
    }
    Ok(())
}

/// Reads the operands of a call, computes, and writes the results.
fn operate(
    module: &Module,
    memory: &mut Memory,
    id: OperatorId,
    data: &TaskData,
    budget: &mut u64,
) -> Outcome {
    let operator = id.operator();
    let mut call = Call { budget: Cell::new(*budget), operator, arguments: Vec::new(), places: Vec::new() };
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    let mut refused = None;
    let fits = for_each_parameter(module, operator, data, |parameter, given| {
        let read = argument(module, memory, parameter, given, &mut call, (&mut sources, &mut targets));
        refused = refused.take().or(read.err());
    });
    if let Some(refusal) = refused {
        return Err(refusal);
    }
    if !fits {
        return Err(Refusal::new("the operands do not fit the operator"));
    }
    overlap::operator(module, &call, &sources, &targets)?;
    let elements = |argument: &Argument| match argument {
        Argument::Tensor(array) => array.values.len(),
        Argument::Tensors(arrays) => arrays.iter().map(|array| array.values.len()).sum(),
        _ => 0,
    };
    let read: usize = call.arguments.iter().map(elements).sum();
    let written: usize = call.places.iter().map(Place::len).sum();
    call.spend(read as u64 + written as u64)?;
    operators::evaluate(id, &mut call)?;
    *budget = call.budget.get();
    for (place, target) in call.places.iter().zip(targets) {
        let is_whole = place.values.as_ref().is_some_and(|values| values.len() == place.len());
        if !is_whole && operator.keeps.is_empty() {
            return Err(Refusal::new("the operator's entry does not say that a result may be left as it is"));
        }
        let Some(values) = &place.values else { continue };
        let access = access(module, target)?;
        let unknown = || Refusal::new(format!("acg does not compute with elements of type {}", place.dtype));
        let bytes = if is_whole {
            element::encode(place.dtype, values).ok_or_else(unknown)?
        } else {
            let mut all = Vec::new();
            let before = memory.gather(&access)?;
            element::decode(place.dtype, &before, place.len(), &mut all).ok_or_else(unknown)?;
            all.iter_mut().zip(values).for_each(|(old, &new)| *old = new);
            element::encode(place.dtype, &all).ok_or_else(unknown)?
        };
        memory.scatter(&access, &bytes)?;
    }
    Ok(())
}

/// Adds what the call gives for one parameter, and its place if it is written; and its operands to those that are read and written.
fn argument(
    module: &Module,
    memory: &Memory,
    parameter: &Parameter,
    given: Given<'_>,
    call: &mut Call,
    (sources, targets): (&mut Vec<(Operand, usize)>, &mut Vec<Operand>),
) -> Outcome {
    let position = call.arguments.len();
    let operands = match given {
        Given::Tensor(operand) => vec![operand],
        Given::Tensors(operands) => operands.to_vec(),
        Given::Value(Value::List(list)) if parameter.kind == ParameterKind::TensorList => list
            .of(&module.values)
            .iter()
            .filter_map(|value| if let Value::Operand(operand) = *value { Some(operand) } else { None })
            .collect(),
        Given::Value(value) => {
            call.arguments
                .push(setting(module, parameter, value).map_or(Argument::Absent, Argument::Setting));
            return Ok(());
        }
        Given::Absent => Vec::new(),
    };
    if parameter.is_result() {
        for &operand in &operands {
            let name = || module.text(module.buffers[operand.buffer].name);
            let dtype = dtype(module, operand).ok_or_else(|| {
                Refusal::new(format!("`{}` is plain bytes; a view `as` a type says what they hold", name()))
            })?;
            call.places.push(Place {
                parameter: position,
                dtype,
                shape: shape(module, operand)?,
                values: None,
            });
            targets.push(operand);
        }
    }
    let is_read = parameter.direction != acg_operators::Direction::Out;
    if is_read {
        sources.extend(operands.iter().map(|&operand| (operand, position)));
    }
    let arrays: Vec<Array> = if is_read {
        operands.iter().map(|&operand| memory.array(module, operand)).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    call.arguments.push(match (parameter.kind, <[Array; 1]>::try_from(arrays)) {
        (ParameterKind::Tensor, Ok([array])) => Argument::Tensor(array),
        (ParameterKind::TensorList, Ok([array])) => Argument::Tensors(vec![array]),
        (ParameterKind::TensorList, Err(arrays)) if is_read => Argument::Tensors(arrays),
        _ => Argument::Absent,
    });
    Ok(())
}

/// The value of an attribute. Numbers with a fraction are `float` where C takes a scalar, as in emitted code.
fn setting(module: &Module, parameter: &Parameter, value: Value) -> Option<Setting> {
    let is_double = matches!(parameter.kind, ParameterKind::Double);
    Some(match value {
        Value::Text(text) | Value::Word(text) => Setting::Text(module.text(text).to_owned()),
        Value::DType(dtype) => Setting::DType(dtype),
        Value::List(list) => Setting::Numbers(
            list.of(&module.values).iter().filter_map(|value| number(*value, is_double)).collect(),
        ),
        other => Setting::Number(number(other, is_double)?),
    })
}

/// A value as a number.
pub(crate) fn number(value: Value, is_double: bool) -> Option<Number> {
    Some(match value {
        Value::Int(value) => Number::Int(value.into()),
        Value::Size(bytes) => Number::Int(bytes.into()),
        Value::Bool(value) => Number::truth(value),
        Value::Float(value, _) if is_double => Number::Real(value),
        Value::Float(value, _) => Number::Real(value).to(acg_operators::DType::F32),
        _ => return None,
    })
}
