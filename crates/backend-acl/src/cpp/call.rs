//! One statement for a call: its own words for a few calls, C's for all others.

use acg_calls::enums::EnumType;
use acg_calls::{Api, Arg, CallId, CallView, Kind, Name};
use acg_ir::{Entity, Stream};

use super::Emitter;
use super::literal::quoted;
use super::prelude::Fragment;
use crate::lower::{Cause, Declaration};

impl<'m> Emitter<'m> {
    /// Writes the statement of a call under a comment with its source line.
    pub(super) fn statement(&mut self, id: CallId) {
        let lowered = self.lowered;
        let call = lowered.log.view(id);
        self.on_thread(call.manner().thread);
        let line = self.show_line(id).unwrap_or(0);
        if self.task_of(id).is_some_and(|data| data.op.is_bare_call()) {
            return self.bare_call(&call, line);
        }
        match call.api() {
            Api::AclInit => self.check("runtime_.initialise()", "aclInit", line),
            Api::SetDevice if call.manner().thread == 1 => {
                let device = call.int(0).unwrap_or(0);
                self.check(&format!("device_.set({device})"), "aclrtSetDevice", line);
            }
            Api::CMalloc => self.memory_call(&call, "allocate", line),
            Api::HostRegister => self.memory_call(&call, "pin", line),
            Api::HostUnregister => self.memory_call(&call, "unpin", line),
            Api::SubscribeReport => self.subscribe(&call, line),
            Api::DestroyStream
            | Api::DestroyEvent
            | Api::DestroyNotify
            | Api::RiDestroy
            | Api::Free
            | Api::FreeHost
            | Api::CFree => self.release(&call, line),
            Api::StreamQuery => self.query(&call, "aclrtStreamStatus", "ACL_STREAM_STATUS_RESERVED", line),
            Api::QueryEventStatus => {
                self.query(&call, "aclrtEventRecordedStatus", "ACL_EVENT_RECORDED_STATUS_NOT_READY", line);
            }
            Api::EventElapsedTime => self.query(&call, "float", "0.0f", line),
            Api::RiCaptureBegin => {
                self.needs(Fragment::Capture);
                self.captures += 1;
                let arguments = self.arguments(&call);
                self.body.format(format_args!("Capture {}({arguments}, {line});", self.capture()));
            }
            Api::RiCaptureEnd if !call.out(1).is_some_and(|model| self.is_plain(model)) => {
                let model = call.out(1).map_or("", |model| self.text(model));
                self.body.format(format_args!("{}.end({model}_, {line});", self.capture()));
            }
            Api::RiCaptureGetInfo => {
                self.captured.extend(call.out(2));
                self.query(&call, "aclmdlRICaptureStatus", "ACL_MODEL_RI_CAPTURE_STATUS_NONE", line);
            }
            Api::RiAddCondTask => self.conditional(&call, line),
            Api::RiCaptureThreadExchangeMode => self.exchange(&call, line),
            Api::MemcpyBatchAsync => self.copy_batch(&call, line),
            Api::LaunchKernel => self.launch_kernel(&call, line),
            Api::AclnnGetWorkspaceSize => self.first_phase(&call, line),
            // The workspace of an operator is as large as the runtime says; its first phase has allocated it.
            Api::Malloc if matches!(self.cause(id), Cause::Task(..)) => {}
            Api::Aclnn => self.second_phase(&call, line),
            api => {
                if self.host_program_call(&call, line) {
                    return;
                }
                self.declare_recent(api);
                let arguments = self.arguments(&call);
                self.check(&format!("{api}({arguments})"), api.as_str(), line);
            }
        }
    }

    /// Writes `check(expression, "call", line);`, over two lines where it is long.
    pub(super) fn check(&mut self, expression: &str, call: &str, line: u32) {
        const LONG: usize = 100;
        let gap = if expression.len() + call.len() > LONG {
            self.body.continuation("check(")
        } else {
            " ".to_owned()
        };
        match line {
            0 => self.body.format(format_args!("check({expression},{gap}\"{call}\");")),
            _ => self.body.format(format_args!("check({expression},{gap}\"{call}\", {line});")),
        }
    }

    /// The capture that the function at hand began last.
    fn capture(&self) -> String {
        match self.captures {
            0 | 1 => "capture".to_owned(),
            number => format!("capture_{number}"),
        }
    }

    /// `aclmdlRIAddCondTask`: the models of the branches come back in an array.
    fn conditional(&mut self, call: &CallView<'_>, line: u32) {
        let fields = call.list(0).unwrap_or_default();
        let Some([handle, kind, count, models]) = fields.exactly() else { return };
        let models = call.items(models).unwrap_or_default().iter();
        let models: Vec<&str> = models.filter_map(|arg| Some(self.text(arg.out()?))).collect();
        let count = count.int().unwrap_or(0);
        let handle = self.argument(handle, Kind::Any);
        let kind = self.argument(kind, Kind::Enum(&acg_calls::enums::COND_TYPE));
        let stream = self.argument(call.arg(1).unwrap_or(Arg::Null), Kind::Any);
        self.body.open(format_args!("{{"));
        self.body.format(format_args!("aclmdlRI branches[{}] = {{}};", count.max(1)));
        self.body.format(format_args!(
            "const aclmdlRICondTaskParams task = {{{handle}, {kind}, {count}, branches}};"
        ));
        self.check(&format!("aclmdlRIAddCondTask(task, {stream}, 0)"), "aclmdlRIAddCondTask", line);
        for (at, model) in models.iter().enumerate() {
            self.body.format(format_args!("{model}_ = branches[{at}];"));
        }
        self.body.close("}");
    }

    pub(super) fn cause(&self, id: CallId) -> Cause {
        self.lowered.causes.of(id).unwrap_or(Cause::Program)
    }

    /// The task that a call comes from.
    pub(super) fn task_of(&self, id: CallId) -> Option<&'m acg_ir::TaskData> {
        let Cause::Task(body, task) = self.cause(id) else { return None };
        let module: &'m acg_ir::Module = self.module;
        Some(&module.body(body)?.tasks[task])
    }

    fn memory_call(&mut self, call: &CallView<'_>, method: &str, line: u32) {
        let name = call.out(0).or_else(|| call.name(0)).map_or("", |name| self.text(name));
        let size = call.int(1).map(|size| size.to_string()).unwrap_or_default();
        self.check(&format!("{name}_.{method}({size})"), call.api().as_str(), line);
    }

    fn subscribe(&mut self, call: &CallView<'_>, line: u32) {
        let Cause::Declaration(Declaration::Stream(stream)) = self.cause(call.id) else { return };
        let handle = self.argument(call.arg(1).unwrap_or(Arg::Null), Kind::Any);
        let expression =
            format!("subscription_{}_.subscribe(report_thread_.id(), {handle})", Stream::index(stream));
        self.check(&expression, "aclrtSubscribeReport", line);
    }

    /// A task that destroys something; part of an allocation has no owner to tell.
    fn release(&mut self, call: &CallView<'_>, line: u32) {
        let expression = match call.arg(0) {
            Some(Arg::Name(name)) => format!("{}_.destroy()", self.text(name)),
            other => format!("{}({})", call.api(), self.argument(other.unwrap_or(Arg::Null), Kind::Address)),
        };
        self.check(&expression, call.api().as_str(), line);
    }

    /// A call that writes a value which the program does not use any further.
    fn query(&mut self, call: &CallView<'_>, ty: &str, start: &str, line: u32) {
        let arguments = self.arguments(call);
        let name = call.args().iter().find_map(Arg::out).map_or("", |name| self.text(name));
        self.body.open(format_args!("{{"));
        self.body.format(format_args!("{ty} {name} = {start};"));
        self.check(&format!("{}({arguments})", call.api()), call.api().as_str(), line);
        self.body.close("}");
    }

    /// A `relaxed` block is a scope; an exchange on its own is not undone.
    fn exchange(&mut self, call: &CallView<'_>, line: u32) {
        let mode = self.argument(call.arg(0).unwrap_or(Arg::Null), Kind::Any);
        match self.cause(call.id) {
            Cause::Close(_) => {
                self.body.format(format_args!("relaxed.restore({line});"));
                self.body.close("}");
            }
            Cause::Open(_) => {
                self.needs(Fragment::ExchangeMode);
                self.body.open(format_args!("{{"));
                self.body.format(format_args!("ExchangeMode relaxed({mode}, {line});"));
            }
            _ => {
                self.body.open(format_args!("{{"));
                self.body.format(format_args!("aclmdlRICaptureMode mode = {mode};"));
                self.check(&format!("{}(&mode)", call.api()), call.api().as_str(), line);
                self.body.close("}");
            }
        }
    }

    /// The arguments of a call, as C takes them.
    pub(super) fn arguments(&mut self, call: &CallView<'_>) -> String {
        let params = call.api().params();
        let mut text = String::new();
        for (at, arg) in call.args().iter().enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            let kind = params.get(at).map_or(Kind::Any, |param| param.kind);
            text.push_str(&self.argument(arg, kind));
        }
        text
    }

    /// One argument.
    pub(super) fn argument(&mut self, arg: Arg, kind: Kind) -> String {
        match (arg, kind) {
            (Arg::Null, _) => "nullptr".to_owned(),
            (Arg::Int(value), Kind::Enum(ty)) => enumerator(ty, value),
            (Arg::Int(value), Kind::Number(ty)) if *ty == acg_calls::enums::COND_HANDLE_FLAG => {
                enumerator(ty, value)
            }
            (Arg::Int(value), Kind::Number(ty) | Kind::Flags(ty)) => flags(ty, value),
            (Arg::Int(value), _) => value.to_string(),
            (Arg::Exchange(value), _) => enumerator(&acg_calls::enums::CAPTURE_MODE, value),
            (Arg::Out(name), Kind::Out(_) | Kind::OutAddress) => self.out_parameter(name),
            (Arg::Out(name), _) => format!("&{}", self.text(name)),
            (Arg::Name(name), Kind::Function) => {
                self.functions.insert(name);
                format!("host_{}", self.text(name))
            }
            (Arg::Name(name), _) if self.is_plain(name) => format!("{}_", self.text(name)),
            (Arg::Name(name), _) => format!("{}_.get()", self.text(name)),
            (Arg::Offset { base, bytes }, _) => {
                self.needs(Fragment::At);
                format!("at({}_.get(), {bytes})", self.text(base))
            }
            (Arg::Text(text), _) => quoted(self.text(text)),
            // Calls with other arguments have statements of their own.
            (Arg::Kernel(_) | Arg::Struct(_) | Arg::List(_), _) => "{}".to_owned(),
        }
    }

    fn out_parameter(&self, name: Name) -> String {
        let text = self.text(name);
        if self.is_plain(name) { format!("&{text}_") } else { format!("{text}_.out()") }
    }
}

/// An enumerator, or its number as the enumeration's type.
fn enumerator(ty: &EnumType, value: i64) -> String {
    ty.symbol(value).map_or_else(|| format!("static_cast<{}>({value})", ty.name), str::to_owned)
}

/// A set of flags, or its number where some have no name.
fn flags(ty: &EnumType, value: i64) -> String {
    if let Some(symbol) = ty.symbol(value) {
        return symbol.to_owned();
    }
    let set: Vec<_> =
        ty.members.iter().filter(|member| member.1 != 0 && value & member.1 == member.1).collect();
    let named = set.iter().fold(0, |all, member| all | member.1);
    if set.is_empty() || named != value {
        return value.to_string();
    }
    set.iter().map(|member| member.0).collect::<Vec<_>>().join(" | ")
}
