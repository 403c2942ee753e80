//! The host program: its memory, executions, threads, contexts, offline models and GE sessions.

use acg_calls::{Api, Arg, Name};
use acg_ir::{BodyId, Context, Entity, GeGraph, GraphId, Mode, OmModel, Op, Operand, Symbol, Thread};

use super::task::Line;
use super::{Cause, Declaration, Lowerer, Phase, int};

/// The main thread, which is thread 1 of a log.
pub(super) const MAIN_THREAD: u32 = 1;

/// The number of a thread in the log.
pub(super) fn thread_number(thread: Thread) -> u32 {
    thread.index() as u32 + MAIN_THREAD + 1
}

/// What one host thread has set for itself.
#[derive(Clone, Debug, Default)]
pub(super) struct ThreadState {
    /// Its exchange mode.
    mode: Mode,
    /// The contexts that it has entered, innermost last.
    contexts: Vec<Context>,
}

impl Lowerer<'_> {
    /// The `init` lines that the host program starts with.
    pub(super) fn leading_inits(&mut self) {
        let Some(body) = self.body_of(BodyId::Run) else { return };
        for task in body.leading_inits() {
            self.task(BodyId::Run, task);
        }
    }

    /// The lines of the host program.
    pub(super) fn run(&mut self) {
        self.enter(Phase::Run);
        self.lines_of(BodyId::Run);
    }

    fn thread_state(&mut self) -> &mut ThreadState {
        let at = (self.thread - MAIN_THREAD) as usize;
        if at >= self.threads.len() {
            self.threads.resize(at + 1, ThreadState::default());
        }
        &mut self.threads[at]
    }

    /// The thread's exchange mode.
    pub(super) fn mode(&mut self) -> Mode {
        self.thread_state().mode
    }

    pub(super) fn set_mode(&mut self, mode: Mode) {
        self.thread_state().mode = mode;
    }

    /// Threads take the device, and contexts are made beside its own.
    pub(super) fn create_threads_and_contexts(&mut self) {
        for thread in self.module.threads.keys() {
            self.because_of(Declaration::Thread(thread));
            self.thread = thread_number(thread);
            self.call(Api::SetDevice, &[super::setup::DEVICE]);
        }
        self.thread = MAIN_THREAD;
        if self.module.contexts.is_empty() {
            return;
        }
        self.because(Cause::Program);
        let own = self.value_name("device_context");
        self.call(Api::GetCurrentContext, &[Arg::Out(own)]);
        for context in self.module.contexts.keys() {
            self.because_of(Declaration::Context(context));
            let out = Arg::Out(self.handles.contexts[context]);
            self.call(Api::CreateContext, &[out, super::setup::DEVICE]);
        }
        self.because(Cause::Program);
        self.call(Api::SetCurrentContext, &[Arg::Name(own)]);
    }

    pub(super) fn destroy_contexts(&mut self) {
        for context in self.module.contexts.keys().rev() {
            self.because_of(Declaration::Context(context));
            self.call(Api::DestroyContext, &[Arg::Name(self.handles.contexts[context])]);
        }
    }

    pub(super) fn enter_context(&mut self, context: Context) {
        self.thread_state().contexts.push(context);
        self.call(Api::SetCurrentContext, &[Arg::Name(self.handles.contexts[context])]);
    }

    pub(super) fn leave_context(&mut self) {
        self.thread_state().contexts.pop();
        let outside = self.thread_state().contexts.last().copied();
        let own = self.value_name("device_context");
        let outside = outside.map_or(own, |context| self.handles.contexts[context]);
        self.call(Api::SetCurrentContext, &[Arg::Name(outside)]);
    }

    /// `init`, `print` and `expect`: the host copies its own memory.
    pub(super) fn host_memory(&mut self, line: Line<'_>) {
        let module = self.module;
        let (operands, other) = match line.data.op {
            Op::Init => (line.data.outputs, self.value_name("initial")),
            Op::Print => (line.data.inputs, self.value_name("printed")),
            _ => (line.data.inputs, self.value_name("compared")),
        };
        for &operand in operands.of(&module.operands) {
            let Some(access) = self.access(operand) else { continue };
            let (address, size) = (self.address_of(&access), int(access.extent.len()));
            let call = match line.data.op {
                Op::Init => self.call(Api::CMemcpy, &[address, Arg::Name(other), size]),
                _ => self.call(Api::CMemcpy, &[Arg::Name(other), address, size]),
            };
            self.named(call, line);
        }
    }

    /// `execute g`: all models of the graph, one after the other.
    pub(super) fn execute_graph(&mut self, line: Line<'_>, graph: GraphId) {
        let first = self.lowered.log.next_id();
        for model in self.handles.models_of(graph) {
            self.call(Api::RiExecuteAsync, &[Arg::Name(model), line.stream]);
        }
        self.named(first, line);
    }

    /// `execute g.2`.
    pub(super) fn execute_segment(&mut self, line: Line<'_>, graph: GraphId, segment: u32) {
        let model = self.handles.model(graph, segment);
        let call = self.call(Api::RiExecuteAsync, &[Arg::Name(model), line.stream]);
        self.named(call, line);
    }

    /// `dump g "after.json"`.
    pub(super) fn print_model(&mut self, line: Line<'_>, graph: GraphId, path: Symbol, verbose: bool) {
        let model = self.handles.model(graph, 1);
        self.print_handle(line, model, path, verbose);
    }

    /// The same of whatever the name of a model stands for.
    pub(super) fn print_handle(&mut self, line: Line<'_>, model: Name, path: Symbol, verbose: bool) {
        let path = self.lowered.log.text_arg(self.module.text(path));
        let call = self.call(Api::RiDebugJsonPrint, &[Arg::Name(model), path, Arg::Int(verbose.into())]);
        self.named(call, line);
    }

    pub(super) fn load_model(&mut self, line: Line<'_>, model: OmModel) {
        let path = self.module.text(self.module.om_models[model].path);
        let path = self.lowered.log.text_arg(path);
        let call = self.call(Api::MdlLoadFromFile, &[path, Arg::Out(self.handles.om_models[model])]);
        self.named(call, line);
    }

    pub(super) fn unload_model(&mut self, line: Line<'_>, model: OmModel) {
        let call = self.call(Api::MdlUnload, &[Arg::Name(self.handles.om_models[model])]);
        self.named(call, line);
    }

    /// `execute m(in) -> out`, `execute_sync m(in) -> out`.
    pub(super) fn execute_om_model(&mut self, line: Line<'_>, model: OmModel) {
        let [inputs, outputs] = self.datasets(line);
        let args = [Arg::Name(self.handles.om_models[model]), inputs, outputs, line.stream];
        let call = match line.data.op {
            Op::ExecuteModel(_) => self.call(Api::MdlExecuteAsync, &args),
            _ => self.call(Api::MdlExecute, &args[..3]),
        };
        self.named(call, line);
    }

    /// The addresses of what a call reads and of what it writes.
    fn datasets(&mut self, line: Line<'_>) -> [Arg; 2] {
        [line.data.inputs, line.data.outputs].map(|operands| {
            let addresses: Vec<Arg> = operands
                .of(&self.module.operands)
                .iter()
                .map(|&operand: &Operand| self.address(operand))
                .collect();
            self.lowered.log.list(&addresses)
        })
    }

    /// A line of a GE session.
    pub(super) fn ge_call(&mut self, line: Line<'_>, graph: GeGraph) {
        let session = Arg::Name(self.handles.sessions[graph.session]);
        let number = Arg::Int(graph.number.into());
        let call = match line.data.op {
            Op::GeAdd { path, clone, .. } => {
                let path = self.lowered.log.text_arg(self.module.text(path));
                let api = if clone { Api::GeAddGraphClone } else { Api::GeAddGraph };
                self.call(api, &[session, number, path])
            }
            Op::GeCompile(_) => self.call(Api::GeCompileGraph, &[session, number]),
            Op::GeLoad(_) => self.call(Api::GeLoadGraph, &[session, number, Arg::Null, line.stream]),
            Op::GeRemove(_) => self.call(Api::GeRemoveGraph, &[session, number]),
            _ => {
                let [inputs, outputs] = self.datasets(line);
                match line.data.op {
                    Op::GeRun(_) => {
                        let args = [session, number, line.stream, inputs, outputs];
                        self.call(Api::GeRunGraphWithStreamAsync, &args)
                    }
                    _ => self.call(Api::GeRunGraph, &[session, number, inputs, outputs]),
                }
            }
        };
        self.named(call, line);
    }
}
