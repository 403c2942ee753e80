//! Operators: the second phase with what the first one was given.
//!
//! A log has addresses and no shapes, so the operands are plain bytes, which fit every operator. An operator that is in no
//! table, or that launches several kernels, becomes its kernels.

use acg_calls::{Address, Arg, CallView, Core, Kernel};
use acg_ir::{ArgumentForm, List, Op, Operand, TaskData, Value};
use acg_operators::{Default as ParameterDefault, Direction, Operator, Parameter, ParameterKind};

use super::copy::dtype;
use crate::log::LogImport;
use crate::remark::RemarkKind;

/// Operands with the lists that they come in.
#[derive(Default)]
struct Side {
    operands: Vec<Operand>,
    forms: Vec<ArgumentForm>,
}

impl Side {
    fn push(&mut self, given: &Tensors) {
        self.operands.extend_from_slice(&given.operands);
        self.forms.push(if given.is_list {
            ArgumentForm::Many(given.operands.len() as u32)
        } else {
            ArgumentForm::One
        });
    }

    fn has_lists(&self) -> bool {
        self.forms.iter().any(|form| matches!(form, ArgumentForm::Many(_)))
    }
}

/// What the log gives for one tensor parameter.
struct Tensors {
    operands: Vec<Operand>,
    is_list: bool,
}

impl<'l> LogImport<'l> {
    /// The second phase of an operator.
    pub(super) fn operator(&mut self, call: &CallView<'l>) -> Result<Vec<TaskData>, String> {
        let name = format!("aclnn{}", call.operator().unwrap_or_default());
        let first =
            call.name(2).and_then(|executor| self.executors.get(&executor)).map(|&id| self.log.view(id));
        let launches: Vec<Kernel> = call.launches().collect();
        if let (Some(operator), Some(first), 0..=1) = (Operator::find(&name), first, launches.len()) {
            match self.in_table(call, operator, &first, launches.first().copied()) {
                Ok(task) => return Ok(vec![task]),
                Err(why) => {
                    self.remark(RemarkKind::Assumed, call, format!("it is written as a kernel: {why}"));
                }
            }
        } else {
            let why = "it is written as its kernels: the language says one operator of the table, with its first phase";
            self.remark(RemarkKind::Assumed, call, why);
        }
        self.as_kernels(call, first, &launches)
    }

    /// `aclnnAdd(self, other, alpha = 1.1) -> out`.
    fn in_table(
        &mut self,
        call: &CallView<'l>,
        operator: &'static Operator,
        first: &CallView<'l>,
        launch: Option<Kernel>,
    ) -> Result<TaskData, String> {
        let (mut inputs, mut outputs) = (Side::default(), Side::default());
        let mut named: Vec<(&str, Value)> = Vec::new();
        let parameters = operator.parameters();
        if first.args().len() != parameters.len() + 2 {
            return Err("its first phase has another number of arguments".to_owned());
        }
        for (parameter, arg) in parameters.iter().zip(first.args()) {
            if !parameter.kind.is_tensor() {
                if let Some(value) = self.value(call, parameter, arg)? {
                    named.push((&parameter.name, value));
                }
                continue;
            }
            let Some(tensors) = self.tensors(first, parameter, arg)? else { continue };
            if parameter.is_positional() {
                inputs.push(&tensors);
            } else if parameter.direction != Direction::Out {
                named.push((&parameter.name, self.named_tensors(&tensors)));
            }
            if parameter.is_result() {
                outputs.push(&tensors);
            }
        }
        let stream = Some(self.stream_at(call, 3));
        let mut task = TaskData::new(Op::Operator(operator.id), stream);
        task.inputs = self.draft.operands(&inputs.operands);
        task.outputs = self.draft.operands(&outputs.operands);
        if inputs.has_lists() {
            let forms = List::push_to(&mut self.draft.module.argument_forms, inputs.forms);
            task.input_forms = self.draft.module.rare_lists.keep(forms);
        }
        if outputs.has_lists() {
            let forms = List::push_to(&mut self.draft.module.argument_forms, outputs.forms);
            task.output_forms = self.draft.module.rare_lists.keep(forms);
        }
        let arguments = self.draft.attributes(&named);
        task.arguments = self.draft.module.rare_lists.keep(arguments);
        task.attributes = self.operator_attributes(call, operator, launch)?;
        self.remark(
            RemarkKind::Assumed,
            call,
            "a log has no shapes: operands are plain bytes to the end of their memory",
        );
        Ok(task)
    }

    /// The tensor or tensors of a parameter; `None` where it is NULL and may be.
    fn tensors(
        &mut self,
        first: &CallView<'l>,
        parameter: &Parameter,
        arg: Arg,
    ) -> Result<Option<Tensors>, String> {
        if let Some(items) = first.items(arg) {
            let addresses: Option<Vec<Address>> = items.iter().map(Arg::address).collect();
            let addresses = addresses.ok_or_else(|| format!("`{}` has no addresses", parameter.name))?;
            let operands =
                addresses.into_iter().map(|address| self.rest(address)).collect::<Result<_, _>>()?;
            return Ok(Some(Tensors { operands, is_list: true }));
        }
        match arg.address() {
            Some(address) if parameter.kind == ParameterKind::Tensor => {
                Ok(Some(Tensors { operands: vec![self.rest(address)?], is_list: false }))
            }
            None if parameter.optional => Ok(None),
            _ => Err(format!("the log does not show `{}`", parameter.name)),
        }
    }

    fn named_tensors(&mut self, tensors: &Tensors) -> Value {
        match tensors.operands.as_slice() {
            &[operand] if !tensors.is_list => Value::Operand(operand),
            operands => {
                let values = operands.iter().map(|&operand| Value::Operand(operand));
                Value::List(List::push_to(&mut self.draft.module.values, values))
            }
        }
    }

    /// The value of an attribute; `None` where it is the default.
    fn value(
        &mut self,
        call: &CallView<'l>,
        parameter: &Parameter,
        arg: Arg,
    ) -> Result<Option<Value>, String> {
        let known = match (parameter.kind, arg) {
            (_, Arg::Null) if parameter.default.is_some() => return Ok(None),
            (ParameterKind::Int, Arg::Int(value)) => Some(Value::Int(value)),
            (ParameterKind::Bool, Arg::Int(value)) => Some(Value::Bool(value != 0)),
            (ParameterKind::DType, Arg::Int(_)) => {
                Some(Value::DType(dtype(Some(arg)).ok_or("the language has no such element type")?))
            }
            (ParameterKind::Text, Arg::Text(text)) => {
                let text = self.draft.symbol(self.log.text(text));
                Some(Value::Text(text))
            }
            _ => None,
        };
        let is_default = match (&parameter.default, known) {
            (Some(ParameterDefault::Int(default)), Some(Value::Int(value))) => *default == value,
            (Some(ParameterDefault::Bool(default)), Some(Value::Bool(value))) => *default == value,
            _ => false,
        };
        if is_default {
            return Ok(None);
        }
        if known.is_some() {
            return Ok(known);
        }
        let text = format!("the log does not show `{}` of `{}`", parameter.name, call.api());
        self.remark(RemarkKind::Placeholder, call, text);
        Ok(if parameter.default.is_some() { None } else { Some(self.placeholder(parameter.kind)) })
    }

    /// A value of the right kind.
    fn placeholder(&mut self, kind: ParameterKind) -> Value {
        let mut list = |value| Value::List(List::push_to(&mut self.draft.module.values, [value]));
        match kind {
            ParameterKind::IntArray | ParameterKind::FloatArray | ParameterKind::ScalarList => {
                list(Value::Int(0))
            }
            ParameterKind::BoolArray => list(Value::Bool(false)),
            ParameterKind::Bool => Value::Bool(false),
            ParameterKind::Text => Value::Text(self.draft.symbol("")),
            ParameterKind::DType => Value::DType(acg_ir::DType::F32),
            _ => Value::Int(1),
        }
    }

    fn operator_attributes(
        &mut self,
        call: &CallView<'l>,
        operator: &Operator,
        launch: Option<Kernel>,
    ) -> Result<List<acg_ir::Attribute>, String> {
        // An operator without an annotation launches a vector kernel of its own name.
        let launch = launch.unwrap_or(Kernel { core: Core::AiVec, ..Kernel::default() });
        let short = operator.name.strip_prefix("aclnn").unwrap_or(&operator.name);
        let mut attributes = Vec::new();
        if let Some(name) = launch.name.map(|name| self.log.text(name)).filter(|&name| name != short) {
            attributes.push(("kernel", Value::Text(self.draft.symbol(name))));
        }
        let values = self.launch_values(launch, launch.blocks.map(i64::from))?;
        let is_default_core = launch.core.as_str() == operator.core.as_str();
        attributes.extend(values.into_iter().filter(|&(name, _)| name != "core" || !is_default_core));
        if let Some(bytes) =
            call.int(1).and_then(|bytes| u64::try_from(bytes).ok()).filter(|&bytes| bytes > 0)
        {
            attributes.push(("workspace", Value::Size(bytes)));
        }
        Ok(self.draft.attributes(&attributes))
    }

    /// The kernels of an operator, each with all of its addresses.
    fn as_kernels(
        &mut self,
        call: &CallView<'l>,
        first: Option<CallView<'l>>,
        launches: &[Kernel],
    ) -> Result<Vec<TaskData>, String> {
        let mut operands = Vec::new();
        if let Some(first) = first {
            for address in first.args().iter().flat_map(|arg| first.flat(arg)).filter_map(Arg::address) {
                // Names of scalars and arrays are no addresses.
                operands.extend(self.rest(address).ok());
            }
        }
        let own = Kernel { name: call.manner().operator, core: Core::AiVec, ..Kernel::default() };
        let launches = if launches.is_empty() { &[own][..] } else { launches };
        let mut tasks = Vec::with_capacity(launches.len());
        for &kernel in launches {
            let kernel = Kernel { name: kernel.name.or(call.manner().operator), ..kernel };
            let mut task = TaskData::new(self.kernel_op(kernel), Some(self.stream_at(call, 3)));
            let values = self.launch_values(kernel, Some(kernel.blocks.unwrap_or(1).into()))?;
            task.attributes = self.draft.attributes(&values);
            self.give_operands(call, &mut task, &operands);
            tasks.push(task);
        }
        Ok(tasks)
    }
}
