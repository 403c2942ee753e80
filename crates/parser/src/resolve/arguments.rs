//! What a call gives for each parameter, as the operator table wants to see it, and the table's verdict.

use acg_ir::{DType, Operand, TaskData, TensorType, Value};
use acg_operators::{Argument, MAX_PARAMETERS, Tensor, Value as TableValue, check};

use super::calls::{Call, Given};
use super::{Resolved, Resolver};
use crate::check::{wrong_argument, wrong_operand};
use crate::syntax::{Text, Tree};

/// A run of one of the pools.
type Run = std::ops::Range<usize>;

/// Types and list values of one call, in pools that are used again for the next.
#[derive(Default)]
pub(super) struct Arguments {
    shapes: Vec<u64>,
    /// Types of all operands, inputs before outputs, then tensors in named arguments.
    tensors: Vec<(Option<DType>, Run)>,
    ints: Vec<i64>,
    floats: Vec<f64>,
    bools: Vec<bool>,
    named: Vec<Named>,
}

/// A named argument.
enum Named {
    Tensor(usize),
    Tensors(Run),
    Ints(Run),
    Floats(Run),
    Bools(Run),
    Plain(Value),
}

impl Arguments {
    fn clear(&mut self) {
        self.shapes.clear();
        self.tensors.clear();
        self.ints.clear();
        self.floats.clear();
        self.bools.clear();
        self.named.clear();
    }

    fn tensor(&self, at: usize) -> Option<Tensor<'_>> {
        let (dtype, run) = self.tensors.get(at)?;
        Some(Tensor { dtype: (*dtype)?, dims: self.shapes.get(run.clone())? })
    }
}

impl Resolver<'_> {
    /// Checks shapes, data types and kinds of arguments against the operator table.
    pub(super) fn check_shapes(&mut self, tree: &Tree, call: &Call<'_>, data: &TaskData) -> Resolved<()> {
        let mut arguments = std::mem::take(&mut self.scratch.arguments);
        arguments.clear();
        for operands in [data.inputs, data.outputs] {
            for at in 0..operands.len() {
                let operand = operands.of(&self.module.operands)[at];
                self.tensor(&mut arguments, operand);
            }
        }
        let filled = self.fill_named(tree, call, data, &mut arguments);
        let checked = filled.and_then(|()| self.ask_table(tree, call, &arguments));
        self.scratch.arguments = arguments;
        checked
    }

    /// Adds the type of an operand.
    fn tensor(&mut self, arguments: &mut Arguments, operand: Operand) {
        let ty = self.module.buffers[operand.buffer].ty;
        let start = arguments.shapes.len();
        if operand.slice.is_some() {
            let mut shape = std::mem::take(&mut self.scratch.shape);
            // The slice was checked when the operand was resolved.
            let _ = self.module.operand_shape(operand, &mut shape);
            arguments.shapes.extend_from_slice(&shape);
            self.scratch.shape = shape;
        } else {
            arguments.shapes.extend_from_slice(self.module.shape(&ty));
        }
        let dtype = match ty {
            TensorType::Tensor { dtype, .. } => Some(dtype),
            TensorType::Bytes(_) => None,
        };
        arguments.tensors.push((dtype, start..arguments.shapes.len()));
    }

    fn fill_named(
        &mut self,
        tree: &Tree,
        call: &Call<'_>,
        data: &TaskData,
        arguments: &mut Arguments,
    ) -> Resolved<()> {
        for (index, syntax) in call.task.arguments.of(&tree.attributes).iter().enumerate() {
            let Some(argument) = self.module.arguments(data).get(index).copied() else {
                break;
            };
            let named = match argument.value {
                Value::Operand(operand) => {
                    self.tensor(arguments, operand);
                    Named::Tensor(arguments.tensors.len() - 1)
                }
                Value::List(list) => {
                    let values = list.of(&self.module.values).to_vec();
                    let listed = self.fill_list(&values, arguments);
                    listed.ok_or_else(|| self.mixed(syntax.name, syntax.text))?
                }
                value => Named::Plain(value),
            };
            arguments.named.push(named);
        }
        Ok(())
    }

    /// A list whose elements are all of one kind; integers may stand among numbers.
    fn fill_list(&mut self, values: &[Value], arguments: &mut Arguments) -> Option<Named> {
        let all = |kind: fn(&Value) -> bool| values.iter().all(kind);
        if all(|value| matches!(value, Value::Int(_))) {
            let start = arguments.ints.len();
            arguments.ints.extend(values.iter().filter_map(|value| match value {
                Value::Int(value) => Some(*value),
                _ => None,
            }));
            return Some(Named::Ints(start..arguments.ints.len()));
        }
        if all(|value| matches!(value, Value::Int(_) | Value::Float(..))) {
            let start = arguments.floats.len();
            arguments.floats.extend(values.iter().filter_map(|value| match value {
                // An integer among numbers is converted as C would.
                #[allow(clippy::cast_precision_loss)]
                Value::Int(value) => Some(*value as f64),
                Value::Float(value, _) => Some(*value),
                _ => None,
            }));
            return Some(Named::Floats(start..arguments.floats.len()));
        }
        if all(|value| matches!(value, Value::Bool(_))) {
            let start = arguments.bools.len();
            arguments.bools.extend(values.iter().map(|value| matches!(value, Value::Bool(true))));
            return Some(Named::Bools(start..arguments.bools.len()));
        }
        if all(|value| matches!(value, Value::Operand(_))) {
            let start = arguments.tensors.len();
            for value in values {
                if let Value::Operand(operand) = value {
                    self.tensor(arguments, *operand);
                }
            }
            return Some(Named::Tensors(start..arguments.tensors.len()));
        }
        None
    }

    fn mixed(&self, name: Text, text: Text) -> super::Stop {
        wrong_argument::value(self.span(text), self.source(name), "a list of different kinds of values")
            .into()
    }

    fn ask_table(&self, tree: &Tree, call: &Call<'_>, arguments: &Arguments) -> Resolved<()> {
        // Lists are views into one row of all tensors; calls without lists need no row.
        let has_lists = call.given.iter().any(|given| matches!(given, Given::Operands { listed: true, .. }))
            || arguments.named.iter().any(|named| matches!(named, Named::Tensors(_)));
        let count = if has_lists { arguments.tensors.len() } else { 0 };
        let row: Vec<Option<Tensor<'_>>> = (0..count).map(|at| arguments.tensor(at)).collect();
        let mut given = [Argument::Absent; MAX_PARAMETERS];
        for (slot, given) in given.iter_mut().zip(&call.given) {
            *slot = match given {
                Given::Nothing => Argument::Absent,
                Given::Operands { start, listed: false, .. } => known(arguments.tensor(*start)),
                Given::Operands { start, count, .. } => {
                    Argument::Tensors(row.get(*start..start + count).unwrap_or(&[]))
                }
                Given::Named(index) => {
                    arguments.named.get(*index).map_or(Argument::Unknown, |named| match named {
                        Named::Tensor(at) => known(arguments.tensor(*at)),
                        Named::Tensors(run) => Argument::Tensors(row.get(run.clone()).unwrap_or(&[])),
                        Named::Ints(run) => Argument::Value(TableValue::Ints(&arguments.ints[run.clone()])),
                        Named::Floats(run) => {
                            Argument::Value(TableValue::Floats(&arguments.floats[run.clone()]))
                        }
                        Named::Bools(run) => {
                            Argument::Value(TableValue::Bools(&arguments.bools[run.clone()]))
                        }
                        Named::Plain(value) => self.plain(*value),
                    })
                }
            };
        }
        let Err(error) = check(call.operator, &given[..call.operator.parameters().len()]) else {
            return Ok(());
        };
        let place = self.span(call.place(tree, error.parameter));
        Err(wrong_operand::diagnostic(place, &call.operator.name, &error.message).into())
    }

    fn plain(&self, value: Value) -> Argument<'_> {
        Argument::Value(match value {
            Value::Int(value) => TableValue::Int(value),
            Value::Float(value, _) => TableValue::Float(value),
            Value::Bool(value) => TableValue::Bool(value),
            Value::Text(text) => TableValue::Text(self.module.text(text)),
            Value::DType(dtype) => TableValue::DType(dtype),
            _ => return Argument::Unknown,
        })
    }
}

fn known(tensor: Option<Tensor<'_>>) -> Argument<'_> {
    tensor.map_or(Argument::Unknown, Argument::Tensor)
}
