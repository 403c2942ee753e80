//! Operators: the first phase before the captures, or before the launch in the host program; the second where the task stands.
//!
//! An executor serves one launch, so every task has its own first phase, as the capture guide says.

use std::fmt::Write;

use acg_calls::{Api, Arg, Core, Kernel, Name};
use acg_ir::{BodyId, GraphId, Op, Step, Task, Value};
use acg_operators::{Default as ParameterDefault, Operator, Parameter, ParameterKind};

use super::setup::HUGE_FIRST;
use super::task::Line;
use super::walk::Walk;
use super::{Cause, Declaration, Lowerer, Phase, Problem, int};
use crate::binding::{Given, for_each_parameter};
use crate::launch::Launch;

/// What the first phase of one task gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prepared {
    pub(super) body: BodyId,
    pub(super) task: Task,
    executor: Name,
    /// The workspace and its size in bytes.
    workspace: Option<(Name, u64)>,
}

impl Prepared {
    /// The name of its workspace.
    pub(super) fn workspace(&self) -> Option<Name> {
        self.workspace.map(|(name, _)| name)
    }
}

impl Lowerer<'_> {
    /// The first phases of a graph's operators, in program order.
    pub(super) fn prepare(&mut self, graph: GraphId) {
        self.enter(Phase::Prepare(graph));
        let body = BodyId::Graph(graph);
        let Some(lines) = self.body_of(body) else { return };
        self.first_prepared[graph] = self.prepared.len();
        if !lines.tasks.values().any(|data| matches!(data.op, Op::Operator(_))) {
            return;
        }
        for (_, step) in Walk::new(lines) {
            let Step::Task(task) = step else { continue };
            let data = &lines.tasks[task];
            if let Op::Operator(operator) = data.op {
                let line = Line { body, task, data, stream: Arg::Null };
                self.because(Cause::Task(body, task));
                let prepared = self.first_phase(line, operator.operator());
                self.prepared.push(prepared);
            }
        }
    }

    /// What the first phase of a launch gave; of one that runs at once, it comes here, and its workspace serves every repetition.
    fn prepared(&mut self, line: Line<'_>, operator: &'static Operator) -> Option<Prepared> {
        if line.body != BodyId::Run {
            self.launched += 1;
            return self.prepared.get(self.launched - 1).copied();
        }
        if let Some(&known) = self.eager.get(&line.task) {
            let prepared = self.prepared[known];
            self.ask_for_executor(line, operator, prepared.executor);
            return Some(prepared);
        }
        self.eager.insert(line.task, self.prepared.len());
        let prepared = self.first_phase(line, operator);
        self.prepared.push(prepared);
        Some(prepared)
    }

    fn first_phase(&mut self, line: Line<'_>, operator: &'static Operator) -> Prepared {
        let number = self.prepared.len() + 1;
        let executor = self.numbered(line, "executor", number);
        self.ask_for_executor(line, operator, executor);
        let bytes = Launch::of(self.module, &self.keys, line.data).workspace.filter(|&bytes| bytes > 0);
        let workspace = bytes.map(|bytes| {
            let workspace = self.numbered(line, "workspace", number);
            self.call(Api::Malloc, &[Arg::Out(workspace), int(bytes), HUGE_FIRST]);
            (workspace, bytes)
        });
        Prepared { body: line.body, task: line.task, executor, workspace }
    }

    fn ask_for_executor(&mut self, line: Line<'_>, operator: &'static Operator, executor: Name) {
        // A log says what a size is where it is used, so the variable that takes it needs no name of its own.
        let size = self.value_name("workspace_size");
        let mut args = std::mem::take(&mut self.scratch);
        args.clear();
        let module = self.module;
        let fits = for_each_parameter(module, operator, line.data, |parameter, given| {
            args.push(self.argument(parameter, given));
        });
        if !fits {
            self.problem(Problem::Operands(line.body, line.task));
        }
        args.extend([Arg::Out(size), Arg::Out(executor)]);
        let name = self.lowered.log.name(short_name(operator));
        let call = self.lowered.log.push_operator(Api::AclnnGetWorkspaceSize, name, &[], &args);
        self.made(call);
        self.scratch = args;
    }

    fn numbered(&mut self, line: Line<'_>, what: &str, number: usize) -> Name {
        self.text.clear();
        write!(self.text, "{what}_{number}").expect("a string takes all text");
        let name = self.handles.generated(&mut self.lowered.log, &self.text);
        self.lowered.declare(name, Declaration::Operator(line.body, line.task));
        name
    }

    /// One argument of a first phase: addresses stand for tensors, names for other `acl` objects.
    fn argument(&mut self, parameter: &'static Parameter, given: Given<'_>) -> Arg {
        match given {
            Given::Tensor(operand) => self.address(operand),
            Given::Tensors(operands) => {
                let addresses: Vec<_> = operands.iter().map(|&operand| self.address(operand)).collect();
                self.lowered.log.list(&addresses)
            }
            Given::Value(Value::List(list)) if parameter.kind == ParameterKind::TensorList => {
                let addresses = list.of(&self.module.values).iter().map(|value| match *value {
                    Value::Operand(operand) => self.address(operand),
                    _ => Arg::Null,
                });
                let addresses: Vec<_> = addresses.collect();
                self.lowered.log.list(&addresses)
            }
            Given::Value(value) => self.value(parameter, Some(value)),
            Given::Absent => match parameter.default {
                Some(ParameterDefault::Null) => Arg::Null,
                None if parameter.c_type.ends_with('*') => Arg::Null,
                _ => self.value(parameter, None),
            },
        }
    }

    fn value(&mut self, parameter: &'static Parameter, value: Option<Value>) -> Arg {
        match (parameter.kind, value, &parameter.default) {
            (ParameterKind::Int, Some(Value::Int(value)), _) => Arg::Int(value),
            (ParameterKind::Int, None, Some(ParameterDefault::Int(value))) => Arg::Int(*value),
            (ParameterKind::Int | ParameterKind::Bool, None, None) => Arg::Int(0),
            (ParameterKind::Bool, Some(Value::Bool(value)), _) => Arg::Int(value.into()),
            (ParameterKind::Bool, None, Some(ParameterDefault::Bool(value))) => Arg::Int((*value).into()),
            (ParameterKind::DType, Some(Value::DType(dtype)), _) => Arg::Int(dtype.acl_number().into()),
            (ParameterKind::Text, Some(Value::Text(text) | Value::Word(text)), _) => {
                self.lowered.log.text_arg(self.module.text(text))
            }
            (ParameterKind::Text, None, Some(ParameterDefault::Text(text))) => {
                self.lowered.log.text_arg(text)
            }
            _ => Arg::Name(self.value_name(&parameter.name)),
        }
    }

    /// The second phase, annotated with the kernel that it launches.
    pub(super) fn launch_operator(&mut self, line: Line<'_>) {
        let Op::Operator(operator) = line.data.op else { return };
        let operator = operator.operator();
        let Some(prepared) = self.prepared(line, operator) else { return };
        let launch = Launch::of(self.module, &self.keys, line.data);
        let log = &mut self.lowered.log;
        let kernel = launch.kernel.map_or(short_name(operator), |kernel| self.module.text(kernel));
        let core = launch.core.or_else(|| Core::parse(operator.core.as_str())).unwrap_or_default();
        let kernel = Kernel {
            blocks: launch.blocks,
            schem: launch.schem,
            ration: launch.ration,
            ..Kernel::new(log.name(kernel), core)
        };
        let kernel = log.kernel_id(kernel);
        let name = log.name(short_name(operator));
        let (workspace, size) =
            prepared.workspace.map_or((Arg::Null, 0), |(name, size)| (Arg::Name(name), size));
        let args = [workspace, int(size), Arg::Name(prepared.executor), line.stream];
        let call = log.push_operator(Api::Aclnn, name, &[kernel], &args);
        self.made(call);
        self.named(call, line);
    }
}

/// The operator's name without `aclnn`.
fn short_name(operator: &'static Operator) -> &'static str {
    operator.name.strip_prefix("aclnn").unwrap_or(&operator.name)
}
