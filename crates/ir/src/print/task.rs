//! One task, without its stream.

mod bare;
mod host;

use std::fmt::Write;

use super::value::{self, attributes, operand, separated};
use crate::body::Body;
use crate::list::{List, RareList};
use crate::module::Module;
use crate::symbols::Symbol;
use crate::task::{
    ArgumentForm, Compare, DestroyTarget, Op, Operand, QueryTarget, ReduceKind, SyncTarget, TaskData, Value,
};

pub(super) fn write(out: &mut String, module: &Module, body: &Body, task: &TaskData) {
    op(out, module, body, task);
    if let Some(name) = task.name {
        out.push_str(" as ");
        out.push_str(module.text(name));
    }
    if !task.after.is_empty() {
        out.push_str(" after ");
        separated(out, module.after(task), |out, name| {
            if let Value::Word(name) = name {
                out.push_str(module.text(*name));
            }
        });
    }
    if !task.attributes.is_empty() {
        out.push_str(" [");
        attributes(out, module, task.attributes);
        out.push(']');
    }
}

fn op(out: &mut String, module: &Module, body: &Body, task: &TaskData) {
    match task.op {
        op if op.is_bare_call() => bare::call(out, module, body, op),
        Op::Copy => transfers(out, module, "copy ", task),
        Op::CopySync => transfers(out, module, "copy_sync ", task),
        Op::Copy2d => transfers(out, module, "copy2d ", task),
        Op::CopyBatch => transfers(out, module, "copy_batch ", task),
        Op::Reduce(kind) => {
            transfers(out, module, "reduce ", task);
            out.push_str(match kind {
                ReduceKind::Sum => " sum",
                ReduceKind::Max => " max",
                ReduceKind::Min => " min",
            });
        }
        Op::Fill(byte) => assignment(out, module, "fill ", task.outputs, u64::from(byte)),
        Op::FillSync(byte) => assignment(out, module, "fill_sync ", task.outputs, u64::from(byte)),
        Op::Cache(kind) => {
            let _ = write!(out, "cache {} ", kind.as_str());
            operands(out, module, task.inputs, RareList::default());
        }
        Op::WriteValue(value) => assignment(out, module, "write ", task.outputs, value),
        Op::WaitValue(compare, value) => {
            out.push_str("wait_value ");
            operands(out, module, task.inputs, RareList::default());
            let _ = write!(out, " {} {value}", compare_word(compare));
        }
        Op::Operator(operator) => {
            out.push_str(&operator.operator().name);
            call(out, module, task);
        }
        Op::Kernel(name) => {
            out.push_str("kernel ");
            value::quoted(out, module.text(name));
            call(out, module, task);
        }
        Op::Init | Op::Print | Op::Expect => host::memory(out, module, task),
        Op::ExecuteModel(_) | Op::ExecuteModelSync(_) | Op::GeRun(_) | Op::GeRunSync(_) => {
            host::call_of_names(out, module, task.op);
            call(out, module, task);
        }
        _ => call_of_names(out, module, task.op),
    }
}

/// Calls whose arguments are names and words alone.
fn call_of_names(out: &mut String, module: &Module, op: Op) {
    let text = |symbol: Symbol| module.text(symbol);
    let stream = |stream| text(module.streams[stream].name);
    let event = |event| text(module.events[event].name);
    let notify = |notify| text(module.notifies[notify].name);
    let graph = |graph| text(module.graphs[graph].name);
    let handle = |handle| text(module.handles[handle].name);
    let external = |external| if external { " external" } else { "" };
    let _ = match op {
        Op::Record { event: e, external: x } => write!(out, "record {}{}", event(e), external(x)),
        Op::Wait { event: e, external: x } => write!(out, "wait {}{}", event(e), external(x)),
        Op::Reset(e) => write!(out, "reset {}", event(e)),
        Op::RecordNotify(n) => write!(out, "record {}", notify(n)),
        Op::WaitNotify(n) => write!(out, "wait {}", notify(n)),
        Op::Callback { function, block } => {
            write!(out, "callback {}{}", text(function), if block { " block" } else { "" })
        }
        Op::HostFunc(function) => write!(out, "host_func {}", text(function)),
        Op::Sync(SyncTarget::Stream(s)) => write!(out, "sync {}", stream(s)),
        Op::Sync(SyncTarget::Event(e)) => write!(out, "sync event {}", event(e)),
        Op::Sync(SyncTarget::Device) => write!(out, "sync device"),
        Op::Query(QueryTarget::Stream(s)) => write!(out, "query {}", stream(s)),
        Op::Query(QueryTarget::Event(e)) => write!(out, "query event {}", event(e)),
        Op::Elapsed(start, end) => write!(out, "elapsed {} {}", event(start), event(end)),
        Op::Destroy(target) => {
            let name = match target {
                DestroyTarget::Stream(s) => stream(s),
                DestroyTarget::Event(e) => event(e),
                DestroyTarget::Notify(n) => notify(n),
                DestroyTarget::Buffer(buffer) => text(module.buffers[buffer].name),
                DestroyTarget::Graph(g) => graph(g),
                DestroyTarget::Handle(h) => handle(h),
            };
            write!(out, "destroy {name}")
        }
        Op::Execute(g) => write!(out, "execute {}", graph(g)),
        Op::Exchange(mode) => write!(out, "exchange {}", mode.as_str()),
        Op::Capture(g) => write!(out, "capture {}", graph(g)),
        Op::ExecuteSegment { graph: g, segment } => write!(out, "execute {}.{segment}", graph(g)),
        Op::Dump { graph: g, path, verbose } => {
            let _ = write!(out, "dump {} ", graph(g));
            value::quoted(out, text(path));
            out.write_str(if verbose { " verbose" } else { "" })
        }
        Op::AddCond { kind, cond, branches, models } => {
            let _ = write!(out, "add_cond {} {} ", kind.as_str(), text(module.conds[cond].name));
            separated(out, module.rare_lists.list(models).of(&module.handle_lists), |out, &each| {
                out.push_str(handle(each));
            });
            if models.is_empty() { write!(out, "{branches}") } else { Ok(()) }
        }
        Op::UpdateBegin(None) => write!(out, "begin_update null"),
        Op::UpdateBegin(Some((g, group))) => write!(out, "begin_update {}.{}", graph(g), text(group)),
        Op::UpdateEnd => write!(out, "end_update"),
        Op::Segment => write!(out, "segment"),
        Op::Cond(cond) => {
            let cond = module.conds[cond];
            let default = cond.default.map_or(String::new(), |value| format!(" default {value}"));
            let flag = cond.flag.map_or(String::new(), |flag| format!(" flag {flag}"));
            write!(out, "cond {}{default}{flag}", text(cond.name))
        }
        // The others have operands and are printed by `op`, or belong to the host program alone.
        _ => return host::call_of_names(out, module, op),
    };
}

const fn compare_word(compare: Compare) -> &'static str {
    match compare {
        Compare::GreaterEqual => ">=",
        Compare::Equal => "==",
        Compare::And => "&",
        Compare::Nor => "nor",
    }
}

/// `a -> b, c -> d`.
fn transfers(out: &mut String, module: &Module, word: &str, task: &TaskData) {
    out.push_str(word);
    let pairs = task.inputs.of(&module.operands).iter().zip(task.outputs.of(&module.operands));
    for (at, (&source, &target)) in pairs.enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        operand(out, module, source);
        out.push_str(" -> ");
        operand(out, module, target);
    }
}

/// `fill b = 0`.
fn assignment(out: &mut String, module: &Module, word: &str, outputs: List<Operand>, value: u64) {
    out.push_str(word);
    operands(out, module, outputs, RareList::default());
    let _ = write!(out, " = {value}");
}

/// `(a, [b, c], alpha = 1.1) -> d`.
fn call(out: &mut String, module: &Module, task: &TaskData) {
    out.push('(');
    operands(out, module, task.inputs, task.input_forms);
    let has_inputs = !task.inputs.is_empty() || !task.input_forms.is_empty();
    if has_inputs && !task.arguments.is_empty() {
        out.push_str(", ");
    }
    attributes(out, module, module.rare_lists.list(task.arguments));
    out.push(')');
    if !task.outputs.is_empty() || !task.output_forms.is_empty() {
        out.push_str(" -> ");
        operands(out, module, task.outputs, task.output_forms);
    }
}

/// Operands with commas between them, in the lists that `forms` says.
fn operands(out: &mut String, module: &Module, operands: List<Operand>, forms: RareList<ArgumentForm>) {
    let mut rest = operands.of(&module.operands);
    if forms.is_empty() {
        return separated(out, rest, |out, &each| operand(out, module, each));
    }
    separated(out, module.rare_lists.list(forms).of(&module.argument_forms), |out, &form| {
        let count = match form {
            ArgumentForm::One => 1,
            ArgumentForm::Many(count) => count as usize,
        };
        let (taken, others) = rest.split_at(count.min(rest.len()));
        rest = others;
        if matches!(form, ArgumentForm::Many(_)) {
            out.push('[');
        }
        separated(out, taken, |out, &each| operand(out, module, each));
        if matches!(form, ArgumentForm::Many(_)) {
            out.push(']');
        }
    });
}
