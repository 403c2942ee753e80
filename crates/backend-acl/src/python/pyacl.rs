//! Calls through pyACL: `acl.rt.memcpy_async(…)` for `aclrtMemcpyAsync(…)`.
//!
//! A pyACL function takes the parameters of C in their order without those that C writes, and gives these before its code
//! (pyACL API reference).

use acg_calls::enums::EnumType;
use acg_calls::{Api, Arg, CallView, Handle, Kind, Name};

use super::forms::{EventForm, is_torch_stream};
use super::{Emitter, Fragment, quoted};
use crate::lower::Declaration;

/// The pyACL function for a call.
fn function(api: Api) -> Option<&'static str> {
    Some(match api {
        Api::CreateContext => "acl.rt.create_context",
        Api::SetCurrentContext => "acl.rt.set_context",
        Api::GetCurrentContext => "acl.rt.get_context",
        Api::DestroyContext => "acl.rt.destroy_context",
        Api::CreateStreamWithConfig => "acl.rt.create_stream_with_config",
        Api::DestroyStream => "acl.rt.destroy_stream",
        Api::SynchronizeStream => "acl.rt.synchronize_stream",
        Api::SynchronizeStreamWithTimeout => "acl.rt.synchronize_stream_with_timeout",
        Api::StreamQuery => "acl.rt.stream_query",
        Api::SynchronizeDevice => "acl.rt.synchronize_device",
        Api::CreateEvent => "acl.rt.create_event",
        Api::CreateEventWithFlag => "acl.rt.create_event_with_flag",
        Api::CreateEventExWithFlag => "acl.rt.create_event_ex_with_flag",
        Api::DestroyEvent => "acl.rt.destroy_event",
        Api::RecordEvent => "acl.rt.record_event",
        Api::StreamWaitEvent => "acl.rt.stream_wait_event",
        Api::ResetEvent => "acl.rt.reset_event",
        Api::SynchronizeEvent => "acl.rt.synchronize_event",
        Api::SynchronizeEventWithTimeout => "acl.rt.synchronize_event_with_timeout",
        Api::QueryEventStatus => "acl.rt.query_event_status",
        Api::EventElapsedTime => "acl.rt.event_elapsed_time",
        Api::CreateNotify => "acl.rt.create_notify",
        Api::DestroyNotify => "acl.rt.destroy_notify",
        Api::RecordNotify => "acl.rt.record_notify",
        Api::WaitAndResetNotify => "acl.rt.wait_and_reset_notify",
        Api::HostRegister => "acl.rt.host_register",
        Api::HostUnregister => "acl.rt.host_unregister",
        Api::Memcpy => "acl.rt.memcpy",
        Api::MemcpyAsync => "acl.rt.memcpy_async",
        Api::Memcpy2d => "acl.rt.memcpy2d",
        Api::Memcpy2dAsync => "acl.rt.memcpy2d_async",
        Api::Memset => "acl.rt.memset",
        Api::MemsetAsync => "acl.rt.memset_async",
        Api::CmoAsync => "acl.rt.cmo_async",
        Api::ReduceAsync => "acl.rt.reduce_async",
        Api::ValueWrite => "acl.rt.value_write",
        Api::ValueWait => "acl.rt.value_wait",
        Api::LaunchCallback => "acl.rt.launch_callback",
        Api::MdlLoadFromFile => "acl.mdl.load_from_file",
        Api::MdlUnload => "acl.mdl.unload",
        _ => return None,
    })
}

impl Emitter<'_> {
    /// Writes a call through pyACL; says so where it has none.
    pub(super) fn pyacl(&mut self, call: &CallView<'_>, line: u32) {
        let Some(function) = function(call.api()) else { return self.library(call, line) };
        let mut arguments = Vec::new();
        let mut made = Vec::new();
        for (param, arg) in call.api().params().iter().zip(call.args()) {
            match (param.kind, arg) {
                (Kind::Out(_) | Kind::OutAddress | Kind::OutValue, Arg::Out(name)) => made.push(name),
                (kind, arg) => arguments.push(self.argument(arg, kind)),
            }
        }
        let expression = format!("{function}({})", arguments.join(", "));
        match made.first() {
            Some(&name) => {
                let name = self.names.of_name(name).to_owned();
                self.assign(&name, &expression, call.api().as_str(), line);
            }
            None => self.check(&expression, call.api().as_str(), line),
        }
    }

    /// Writes `check(expression, "call", line)`.
    pub(super) fn check(&mut self, expression: &str, call: &str, line: u32) {
        self.needs(Fragment::Check);
        self.body.format(format_args!("check({expression}, \"{call}\"{})", at(line)));
    }

    /// Writes `name = made(expression, "call", line)`.
    pub(super) fn assign(&mut self, name: &str, expression: &str, call: &str, line: u32) {
        self.needs(Fragment::Made);
        self.body.format(format_args!("{name} = made({expression}, \"{call}\"{})", at(line)));
    }

    /// One argument.
    pub(super) fn argument(&mut self, arg: Arg, kind: Kind) -> String {
        match (arg, kind) {
            (Arg::Null, Kind::Address) => "[]".to_owned(),
            (Arg::Null, _) => "0".to_owned(),
            (Arg::Int(value), Kind::Enum(ty) | Kind::Flags(ty) | Kind::Number(ty)) => {
                self.enumerator(ty, value)
            }
            (Arg::Int(value), _) => value.to_string(),
            (Arg::Name(name), Kind::In(Handle::Stream)) => self.stream_handle(name),
            (Arg::Name(name), Kind::Function) => {
                self.functions.insert(name);
                format!("host_function_{}", self.lowered.log.text(name))
            }
            (Arg::Name(name), _) => self.address_of(name),
            (Arg::Offset { base, bytes }, _) => format!("{} + {bytes}", self.address_of(base)),
            (Arg::Text(text), _) => quoted(self.lowered.log.text(text)),
            (Arg::Out(_) | Arg::Exchange(_) | Arg::Kernel(_) | Arg::Struct(_) | Arg::List(_), _) => {
                "None".to_owned()
            }
        }
    }

    /// An enumerator, defined at the top of the program, or its number.
    fn enumerator(&mut self, ty: &'static EnumType, value: i64) -> String {
        match ty.symbol(value) {
            Some(symbol) => {
                self.constants.insert(symbol, value);
                symbol.to_owned()
            }
            None => value.to_string(),
        }
    }

    /// The `aclrtStream` of a stream; asking `torch_npu` for it also hands over what its own queue of tasks still holds.
    pub(super) fn stream_handle(&self, name: Name) -> String {
        let identifier = self.names.of_name(name);
        if is_torch_stream(self.module, self.lowered, name) {
            format!("{identifier}.npu_stream")
        } else {
            identifier.to_owned()
        }
    }

    /// The address of memory, or the handle of anything else.
    fn address_of(&self, name: Name) -> String {
        let identifier = self.names.of_name(name);
        match self.lowered.declaration(name) {
            Some(Declaration::Buffer(_)) => format!("{identifier}.data_ptr()"),
            _ => identifier.to_owned(),
        }
    }

    /// Whether an event goes by its handle.
    pub(super) fn is_handle(&self, event: Option<Name>) -> bool {
        event.is_none_or(|event| self.forms.event(event) == EventForm::Handle)
    }
}

/// The source line as the last argument of a check.
fn at(line: u32) -> String {
    if line == 0 { String::new() } else { format!(", {line}") }
}
