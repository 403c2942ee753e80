//! A graph: begin, lines, end, dump; and its executions.

use acg_calls::{Api, Arg, Name};
use acg_ir::{BodyId, GraphId, Mode};

use super::{Cause, Lowerer, Phase, Problem};

/// The value of `aclmdlRICaptureMode`.
pub(super) fn mode_arg(mode: Mode) -> i64 {
    match mode {
        Mode::Global => 0,
        Mode::ThreadLocal => 1,
        Mode::Relaxed => 2,
    }
}

/// A capture that is open: of a graph, or of a branch in one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Capturing {
    /// The stream that it began on.
    pub(super) origin: Arg,
    /// What the log calls the model while it is captured, once it has been asked for.
    pub(super) model: Option<Name>,
    /// Whether a call has ended it while others in it are open.
    pub(super) ended: bool,
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

    /// The calls from begin to end of a capture, and the dumps.
    pub(super) fn capture(&mut self, graph: GraphId) {
        let data = &self.module.graphs[graph];
        let origin = self.stream(data.origin);
        self.launched = self.first_prepared[graph];
        self.segment = 1;
        self.because_at(Cause::Begin(graph), Some(data.header));
        self.call(Api::RiCaptureBegin, &[origin, Arg::Int(mode_arg(data.mode))]);
        self.captures.push(Capturing { origin, model: None, ended: false });
        self.lines_of(BodyId::Graph(graph));
        self.captures.pop();
        self.because_at(Cause::End(graph), Some(data.footer));
        self.end(graph, origin);
        self.dump_branches(graph);
    }

    /// The end of a graph's model and its dump.
    fn end(&mut self, graph: GraphId, origin: Arg) {
        let model = self.handles.model(graph, self.segment);
        self.call(Api::RiCaptureEnd, &[origin, Arg::Out(model)]);
        match self.segment {
            1 => self.dump(graph, model, None),
            number => self.dump(graph, model, Some(&number.to_string())),
        }
    }

    /// `segment`: one capture ends and the next begins.
    pub(super) fn next_segment(&mut self, graph: GraphId) {
        let data = &self.module.graphs[graph];
        let origin = self.stream(data.origin);
        self.end(graph, origin);
        self.segment += 1;
        self.call(Api::RiCaptureBegin, &[origin, Arg::Int(mode_arg(data.mode))]);
        if let Some(capturing) = self.captures.last_mut() {
            capturing.model = None;
        }
    }

    /// Dumps a model; `part` says which one of a graph that has several.
    pub(super) fn dump(&mut self, graph: GraphId, model: Name, part: Option<&str>) {
        let Some(pattern) = &self.options.dump_path else { return };
        let name = self.module.text(self.module.graphs[graph].name);
        let path = match part {
            None => pattern.replace("{graph}", name),
            Some(part) => {
                let folder = pattern.rfind('/').map_or("", |end| &pattern[..=end]);
                format!("{folder}{name}.{part}.modelRI.json")
            }
        };
        let path = self.log().text_arg(&path);
        self.call(Api::RiDebugJsonPrint, &[Arg::Name(model), path, Arg::Int(self.options.dump_flags.into())]);
    }

    /// Executes a model and waits for it, as often as the options say.
    pub(super) fn execute(&mut self, graph: GraphId) {
        let origin = self.stream(self.module.graphs[graph].origin);
        self.enter(Phase::Execute(graph));
        self.because_at(Cause::End(graph), Some(self.module.graphs[graph].footer));
        for _ in 0..self.options.executions {
            for model in self.handles.models_of(graph) {
                self.call(Api::RiExecuteAsync, &[Arg::Name(model), origin]);
            }
            self.call(Api::SynchronizeStream, &[origin]);
        }
    }
}
