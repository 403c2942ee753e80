//! Calls that neither `torch_npu` nor pyACL has, through the C library itself.

use acg_calls::{Api, Arg, CallView, Kind};

use super::{Emitter, Fragment};

impl Emitter<'_> {
    /// Writes a call of the C library; says so where its arguments are more than handles and numbers.
    pub(super) fn library(&mut self, call: &CallView<'_>, line: u32) {
        match call.api() {
            Api::RecordEventWithFlag
            | Api::StreamWaitEventWithFlag
            | Api::StreamWaitEventWithTimeout
            | Api::SynchronizeDeviceWithTimeout => {}
            Api::LaunchHostFunc => return self.host_function(call, line),
            api => return self.unsaid(call.id, format!("neither torch_npu nor pyACL has a call for {api}")),
        }
        let mut arguments = Vec::new();
        for (param, arg) in call.api().params().iter().zip(call.args()) {
            let argument = self.argument(arg, param.kind);
            arguments.push(match param.kind {
                Kind::In(_) | Kind::Address => format!("ctypes.c_void_p({argument})"),
                _ => argument,
            });
        }
        self.library_call(call.api(), &arguments, line);
    }

    /// `aclrtLaunchHostFunc`: the function lives as long as the program.
    fn host_function(&mut self, call: &CallView<'_>, line: u32) {
        let stream = self.argument(call.arg(0).unwrap_or(Arg::Null), Kind::In(acg_calls::Handle::Stream));
        let function = self.argument(call.arg(1).unwrap_or(Arg::Null), Kind::Function);
        self.needs(Fragment::HostFunction);
        let arguments =
            [format!("ctypes.c_void_p({stream})"), format!("host_function({function})"), "None".to_owned()];
        self.library_call(call.api(), &arguments, line);
    }

    fn library_call(&mut self, api: Api, arguments: &[String], line: u32) {
        self.needs(Fragment::Library);
        self.check(&format!("library().{api}({})", arguments.join(", ")), api.as_str(), line);
    }
}
