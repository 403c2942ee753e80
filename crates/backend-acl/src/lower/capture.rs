//! A graph: begin, steps, end, dump; and its executions.

use acg_calls::{Api, Arg};
use acg_ir::graph::SourceRange;
use acg_ir::{GraphId, Mode, Scope, Step};

use super::{Cause, Lowerer, Phase, Problem};

/// The value of `aclmdlRICaptureMode`.
pub(super) fn mode_arg(mode: Mode) -> i64 {
    match mode {
        Mode::Global => 0,
        Mode::ThreadLocal => 1,
        Mode::Relaxed => 2,
    }
}

/// A block that is open.
struct Open {
    scope: Scope,
    span: Option<SourceRange>,
    /// The thread's exchange mode before it.
    mode: Mode,
}

impl Lowerer<'_> {
    /// Whether a graph can be captured; one that cannot is a problem.
    pub(super) fn has_streams(&mut self, graph: GraphId) -> bool {
        let auto = self.module.graphs[graph].is_auto();
        if auto {
            self.problem(Problem::NoStreams(graph));
        }
        !auto
    }

    fn origin(&self, graph: GraphId) -> Arg {
        self.module.graphs[graph].origin.map_or(Arg::Null, |origin| self.handles.streams[origin])
    }

    /// The calls from begin to end of a capture, and the dump.
    pub(super) fn capture(&mut self, graph: GraphId) {
        let data = &self.module.graphs[graph];
        let (origin, model) = (self.origin(graph), self.handles.models[graph]);
        self.enter(Phase::Capture(graph));
        self.because(Cause::Begin(graph), Some(data.header));
        self.call(Api::RiCaptureBegin, &[origin, Arg::Int(mode_arg(data.mode))]);
        let mut open = Vec::new();
        for (at, step) in data.steps.iter().enumerate() {
            match *step {
                Step::Task(task) => self.task(graph, task),
                Step::Open(scope) => {
                    self.because(Cause::Open(graph), self.next_line(graph, at));
                    open.push(Open { scope, span: self.span, mode: self.mode });
                    self.open(graph, scope);
                }
                Step::Close => {
                    if let Some(block) = open.pop() {
                        self.because(Cause::Close(graph), block.span);
                        self.close(graph, &block);
                    }
                }
            }
        }
        self.because(Cause::End(graph), Some(data.footer));
        self.call(Api::RiCaptureEnd, &[origin, Arg::Out(model)]);
        if let Some(pattern) = &self.options.dump_path {
            let path = pattern.replace("{graph}", self.module.text(data.name));
            let path = self.log().text_arg(&path);
            self.call(
                Api::RiDebugJsonPrint,
                &[Arg::Name(model), path, Arg::Int(self.options.dump_flags.into())],
            );
        }
    }

    /// A block's header has no range of its own; the first line in it stands for it.
    fn next_line(&self, graph: GraphId, at: usize) -> Option<SourceRange> {
        let data = &self.module.graphs[graph];
        match data.steps.get(at + 1..)?.iter().find(|step| !matches!(step, Step::Open(_)))? {
            Step::Task(task) => self.line(graph, *task),
            Step::Open(_) | Step::Close => None,
        }
    }

    fn open(&mut self, graph: GraphId, scope: Scope) {
        match scope {
            Scope::Stream(_) => {}
            Scope::Relaxed => self.exchange(Mode::Relaxed),
            Scope::Group(group) => {
                let stream = self.group_stream(graph, group);
                self.call(Api::RiCaptureTaskGrpBegin, &[stream]);
            }
            _ => {}
        }
    }

    fn close(&mut self, graph: GraphId, block: &Open) {
        match block.scope {
            Scope::Stream(_) => {}
            Scope::Relaxed => self.exchange(block.mode),
            Scope::Group(group) => {
                let stream = self.group_stream(graph, group);
                let handle = self.handles.groups[graph][group];
                self.call(Api::RiCaptureTaskGrpEnd, &[stream, Arg::Out(handle)]);
            }
            _ => {}
        }
    }

    fn group_stream(&self, graph: GraphId, group: acg_ir::Group) -> Arg {
        self.module.graphs[graph].groups[group]
            .stream
            .map_or(Arg::Null, |stream| self.handles.streams[stream])
    }

    /// Executes a model and waits for it, as often as the options say.
    pub(super) fn execute(&mut self, graph: GraphId) {
        let (origin, model) = (self.origin(graph), self.handles.models[graph]);
        self.enter(Phase::Execute(graph));
        self.because(Cause::End(graph), Some(self.module.graphs[graph].footer));
        for _ in 0..self.options.executions {
            self.call(Api::RiExecuteAsync, &[Arg::Name(model), origin]);
            self.call(Api::SynchronizeStream, &[origin]);
        }
    }
}
