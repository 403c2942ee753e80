//! Where captures begin and end, and to which of them a call belongs.
//!
//! Captures of a log may overlap, graphs of a program stand one behind the other. A call belongs to the capture of its stream;
//! where that is in none, or the call takes no stream, to the one that began last.

use acg_calls::{Api, Arg, CallId, CallView, Handle, Kind};
use acg_ir::{Entity, Event, GraphId, Group, Mode, Stream};
use rustc_hash::{FxHashMap, FxHashSet};

use super::LogImport;
use super::objects::Object;
use crate::remark::{Remark, RemarkKind};

/// A capture that has begun and not ended.
#[derive(Debug)]
struct Open {
    graph: GraphId,
    origin: Stream,
    thread: u32,
    groups: Vec<OpenGroup>,
}

/// A task group that has begun and not ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenGroup {
    pub(super) group: Group,
    pub(super) stream: Stream,
    /// Its line in the graph.
    pub(super) line: usize,
}

/// All captures of the log.
#[derive(Debug, Default)]
pub(super) struct Captures {
    open: Vec<Open>,
    /// The capture that a stream is in.
    of_stream: FxHashMap<Stream, GraphId>,
    /// The capture in which an event was recorded last.
    of_event: FxHashMap<Event, GraphId>,
    /// Begin and end of each graph.
    pub(super) sessions: Vec<(CallId, Option<CallId>)>,
    /// Each thread's exchange mode.
    modes: FxHashMap<u32, Mode>,
    /// The exchange mode with which each graph begins.
    pub(super) entry_modes: Vec<Mode>,
    /// Graphs that were executed or updated since.
    changed: FxHashSet<GraphId>,
}

impl Captures {
    /// The thread that captures a graph.
    pub(super) fn thread(&self, graph: GraphId) -> u32 {
        self.open.iter().find(|open| open.graph == graph).map_or(1, |open| open.thread)
    }

    /// The open task groups of a graph, the innermost last.
    pub(super) fn groups(&mut self, graph: GraphId) -> Option<&mut Vec<OpenGroup>> {
        self.open.iter_mut().find(|open| open.graph == graph).map(|open| &mut open.groups)
    }

    /// Notes a thread's exchange mode.
    pub(super) fn exchanged(&mut self, thread: u32, mode: Mode) {
        self.modes.insert(thread, mode);
    }
}

/// The mode that a number of `aclmdlRICaptureMode` stands for.
pub(super) fn mode(number: Option<i64>) -> Option<Mode> {
    match number? {
        0 => Some(Mode::Global),
        1 => Some(Mode::ThreadLocal),
        2 => Some(Mode::Relaxed),
        _ => None,
    }
}

impl<'l> LogImport<'l> {
    /// A capture begins, whether or not the runtime lets it, unless its stream is in one.
    pub(super) fn begin(&mut self, call: &CallView<'l>) {
        let Some(mode) = mode(call.int(1)) else {
            return self.left_out(call, "the language has no such mode");
        };
        let origin = self.stream_at(call, 0);
        if self.captures.of_stream.contains_key(&origin) {
            return self.left_out(call, "its stream is captured already, and graphs do not nest");
        }
        if !self.captures.open.is_empty() {
            self.remark(
                RemarkKind::Assumed,
                call,
                "this capture begins before the one before it ends; in the program they follow each other",
            );
        }
        let graph = self.draft.graph(origin, mode);
        self.put_asides_above(graph);
        self.captures.open.push(Open { graph, origin, thread: call.call.thread, groups: Vec::new() });
        self.captures.of_stream.insert(origin, graph);
        self.captures.sessions.push((call.id, None));
        let entry = self.captures.modes.get(&call.call.thread).copied().unwrap_or_default();
        self.captures.entry_modes.push(entry);
    }

    /// A capture ends where the call is made for its origin stream and can take the graph.
    pub(super) fn end(&mut self, call: &CallView<'l>) {
        let stream = self.stream_at(call, 0);
        let Some(at) = self.captures.open.iter().position(|open| open.origin == stream) else {
            return self.left_out(call, "it ends no capture that began on its stream");
        };
        let Some(name) = call.out(1) else {
            return self.left_out(call, "it gives no variable for the graph");
        };
        let open = self.captures.open.remove(at);
        if open.thread != call.call.thread {
            self.remark(RemarkKind::LeftOut, call, "another thread ends this capture than began it");
        }
        self.captures.of_stream.retain(|_, graph| *graph != open.graph);
        self.captures.of_event.retain(|_, graph| *graph != open.graph);
        self.captures.sessions[open.graph.index()].1 = Some(call.id);
        self.draft.name_graph(open.graph, self.log.text(name));
        self.close_groups(open.graph, &open.groups);
        self.objects.bind(name, Object::Graph(open.graph));
    }

    /// The program prints every graph once, behind its capture.
    pub(super) fn print(&mut self, call: &CallView<'l>) {
        match call.name(0).and_then(|name| self.objects.find(name)) {
            Some(Object::Graph(graph)) if self.captures.changed.contains(&graph) => {
                self.remark(
                    RemarkKind::LeftOut,
                    call,
                    "a dump of the graph as executions and updates left it",
                );
            }
            Some(Object::Graph(graph)) if self.succeeded(call) => self.prints.push((graph, call.id)),
            _ => self.left_out(call, "it prints no graph that is captured"),
        }
    }

    /// An execution adds the record of the end to a graph, an update changes its kernels.
    pub(super) fn may_change(&mut self, call: &CallView<'l>) {
        let handle = match call.api() {
            Api::RiExecute | Api::RiExecuteAsync | Api::RiUpdate => call.name(0),
            Api::RiCaptureTaskUpdateBegin => call.name(1),
            _ => return,
        };
        if let Some(Object::Graph(graph) | Object::Group(graph)) =
            handle.and_then(|name| self.objects.find(name))
        {
            self.captures.changed.insert(graph);
        }
    }

    /// The graph to which a call belongs.
    pub(super) fn capture_of(&mut self, call: &CallView<'l>) -> Option<GraphId> {
        let last = self.captures.open.last()?.graph;
        let stream = call.api().params().iter().rposition(|param| param.kind == Kind::In(Handle::Stream));
        let Some(stream) = stream.map(|position| self.stream_at(call, position)) else { return Some(last) };
        self.follow(call, stream);
        Some(self.captures.of_stream.get(&stream).copied().unwrap_or(last))
    }

    /// A wait draws its stream into the capture in which its event was recorded.
    fn follow(&mut self, call: &CallView<'l>, stream: Stream) {
        let event = call.args().iter().find_map(|arg| match arg {
            Arg::Name(name) => match self.objects.find(*name) {
                Some(Object::Event(event)) => Some(event),
                _ => None,
            },
            _ => None,
        });
        let (Some(event), true) = (event, self.succeeded(call)) else { return };
        match call.api() {
            Api::RecordEvent => {
                if let Some(&graph) = self.captures.of_stream.get(&stream) {
                    self.captures.of_event.insert(event, graph);
                }
            }
            Api::StreamWaitEvent | Api::StreamWaitEventWithTimeout => {
                if let Some(&graph) = self.captures.of_event.get(&event) {
                    self.captures.of_stream.entry(stream).or_insert(graph);
                }
            }
            _ => {}
        }
    }

    /// Ends what the log does not.
    pub(super) fn close_captures(&mut self) {
        for open in std::mem::take(&mut self.captures.open) {
            self.draft.name_graph(open.graph, "captured");
            self.close_groups(open.graph, &open.groups);
            let begin = self.captures.sessions[open.graph.index()].0;
            self.remarks.push(Remark {
                kind: RemarkKind::Assumed,
                call: Some(begin),
                text: "the log never ends this capture; the program does".to_owned(),
            });
        }
    }
}
