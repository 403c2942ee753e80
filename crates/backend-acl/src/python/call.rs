//! One call of the log: which of the ways to say it is taken.

use acg_calls::{Api, CallId, CallView, Handle, Kind, Name};
use acg_ir::Entity;

use super::Emitter;
use super::forms::is_torch_stream;
use crate::lower::Declaration;

impl Emitter<'_> {
    /// Writes the statements of a call under a comment with its source line.
    pub(super) fn statement(&mut self, id: CallId) {
        let lowered = self.lowered;
        let call = lowered.log.view(id);
        // torch_npu resets the device and finalises ACL when the interpreter ends; operators have their workspaces.
        let is_workspace = |position: usize| {
            let name = call.out(position).or_else(|| call.name(position));
            matches!(name.and_then(|name| lowered.declaration(name)), Some(Declaration::Operator(..)))
        };
        match call.api() {
            Api::ResetDevice | Api::AclFinalize => return,
            Api::Malloc if is_workspace(0) => return,
            Api::Free if is_workspace(0) => return self.free_workspace(&call),
            Api::AclnnGetWorkspaceSize
                if self.task(id).is_some_and(|data| self.torch_statement(data).is_some()) =>
            {
                return;
            }
            _ => {}
        }
        if self.task(id).is_some_and(|data| data.op.is_bare_call()) {
            return self
                .unsaid(id, "torch_npu and pyACL begin and end captures and task groups in blocks alone");
        }
        if !self.on_thread(&call) {
            return;
        }
        let stream = call
            .api()
            .params()
            .iter()
            .zip(call.args())
            .find(|(param, _)| param.kind == Kind::In(Handle::Stream));
        if stream.and_then(|(_, arg)| arg.name()) != self.current.last().copied() {
            self.leave_streams(1);
        }
        let line = self.show_line(id);
        match call.api() {
            Api::AclInit => self.body.line("torch.npu.init()"),
            Api::SetDevice => {
                self.body.format(format_args!("torch.npu.set_device({})", call.int(0).unwrap_or(0)));
            }
            Api::Malloc | Api::MallocHost | Api::CMalloc => self.allocate(&call),
            Api::Free | Api::FreeHost | Api::CFree => self.free(&call),
            Api::MutexLock | Api::MutexUnlock => self.lock(&call),
            Api::MdlExecute | Api::MdlExecuteAsync => self.execute_model(&call, line),
            Api::CMemcpy => self.host_memory(&call, line),
            Api::MemcpyAsync => self.copy(&call, line),
            Api::LaunchKernel => self.launch_kernel(&call, line),
            Api::SubscribeReport => self.subscribe(&call, line),
            Api::UnSubscribeReport => self.unsubscribe(&call, line),
            Api::AclnnGetWorkspaceSize => self.first_phase(&call, line),
            Api::Aclnn => self.operator(&call, line),
            api => {
                if !self.torch(api, &call, line) {
                    self.pyacl(&call, line);
                }
            }
        }
    }

    /// Whether the stream at a position is one of `torch_npu`'s.
    pub(super) fn is_torch(&self, call: &CallView<'_>, position: usize) -> bool {
        call.name(position).is_some_and(|stream| is_torch_stream(self.module, self.lowered, stream))
    }

    /// The identifier of the name at a position.
    pub(super) fn at(&self, call: &CallView<'_>, position: usize) -> String {
        let name: Option<Name> = call.out(position).or_else(|| call.name(position));
        name.map_or("None", |name| self.names.of_name(name)).to_owned()
    }

    /// The buffer that a name stands for.
    pub(super) fn buffer(&self, name: Name) -> Option<acg_ir::Buffer> {
        match self.lowered.declaration(name) {
            Some(Declaration::Buffer(buffer)) if buffer.index() < self.module.buffers.len() => Some(buffer),
            _ => None,
        }
    }
}
