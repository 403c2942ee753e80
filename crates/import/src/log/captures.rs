//! Where captures begin and end, and where a call becomes a line.
//!
//! Graphs of a program stand one behind the other; captures that are not like that (`shape`) are said call by call, and what is
//! called meanwhile is a line of the host program. A call belongs to the capture of its stream; where that is in none, or the call
//! takes no stream, to the one that began last. The capture of a branch is in that of the
//! graph, so the calls of the graph meanwhile are lines of the branch, in the order in which they are made.

use acg_calls::{Api, Arg, CallId, CallView, Handle, Kind};
use acg_ir::{BodyId, Entity, Event, GraphId, Mode, Op, Stream, TaskData};
use rustc_hash::{FxHashMap, FxHashSet};

use super::bare_captures::BareCaptures;
use super::objects::Object;
use super::say::Said;
use super::{DraftPrint, LogImport};
use crate::draft::{BranchCapture, DraftBranch, Line, MAIN_THREAD, Sheet};
use crate::remark::RemarkKind;

/// Where calls become lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) body: BodyId,
    pub(super) sheet: Sheet,
}

/// A capture that has begun and not ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) place: Place,
    /// The capture in which it was begun, and the branch that it captures; none of a graph.
    inside: Option<(Sheet, DraftBranch)>,
    origin: Stream,
    /// How many blocks are around its lines.
    pub(super) depth: usize,
}

/// Captures in the order in which they began; those that have ended are taken off when they come up.
#[derive(Debug, Default)]
struct Begun(Vec<Sheet>);

impl Begun {
    fn last(&mut self, open: &FxHashMap<Sheet, Open>) -> Option<Sheet> {
        while self.0.last().is_some_and(|sheet| !open.contains_key(sheet)) {
            self.0.pop();
        }
        self.0.last().copied()
    }
}

/// Where a log asks for the model of a capture: a line, if anything but the language's own forms uses it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) place: Place,
    pub(super) at: usize,
    pub(super) thread: u32,
}

/// All captures of the log, each by the sheet of its lines.
#[derive(Debug, Default)]
pub(super) struct Captures {
    open: FxHashMap<Sheet, Open>,
    /// Of all of them, of those on a stream, and in another capture.
    begun: Begun,
    by_origin: FxHashMap<Stream, Begun>,
    inside: FxHashMap<Sheet, Begun>,
    /// The capture that a stream is or was in.
    of_stream: FxHashMap<Stream, Sheet>,
    /// The capture in which an event was recorded last.
    of_event: FxHashMap<Event, Sheet>,
    /// Captures that are said call by call.
    pub(super) bare: BareCaptures,
    /// Begin and end of each graph.
    pub(super) sessions: Vec<(CallId, Option<CallId>)>,
    /// Each thread's exchange mode.
    modes: FxHashMap<u32, Mode>,
    /// The mode before each exchange, by its call.
    pub(super) modes_before: FxHashMap<u32, Mode>,
    /// Graphs that were executed or updated since.
    changed: FxHashSet<GraphId>,
    /// All graphs before this one may have changed.
    changed_below: usize,
}

impl Captures {
    /// Notes a thread's exchange mode.
    pub(super) fn exchanged(&mut self, call: &CallView<'_>, mode: Mode) {
        let before = self.modes.insert(call.manner().thread, mode).unwrap_or_default();
        self.modes_before.insert(call.id.0, before);
    }

    /// The capture whose lines a sheet has.
    pub(super) fn of_sheet(&self, sheet: Sheet) -> Option<&Open> {
        self.open.get(&sheet)
    }

    fn begin(&mut self, open: Open) {
        let sheet = open.place.sheet;
        self.begun.0.push(sheet);
        self.by_origin.entry(open.origin).or_default().0.push(sheet);
        if let Some((outside, _)) = open.inside {
            self.inside.entry(outside).or_default().0.push(sheet);
        }
        self.of_stream.insert(open.origin, sheet);
        self.open.insert(sheet, open);
    }

    /// The capture that a stream is in.
    fn of_stream(&self, stream: Stream) -> Option<Sheet> {
        self.of_stream.get(&stream).copied().filter(|sheet| self.open.contains_key(sheet))
    }

    /// The capture that began last, of that of a sheet and those in it.
    fn innermost_in(&mut self, mut sheet: Sheet) -> Sheet {
        while let Some(inner) = self.inside.get_mut(&sheet).and_then(|begun| begun.last(&self.open)) {
            sheet = inner;
        }
        sheet
    }

    /// A capture ends, and those in it with it.
    fn take(&mut self, sheet: Sheet) {
        let mut ended = vec![sheet];
        while let Some(sheet) = ended.pop() {
            self.open.remove(&sheet);
            ended.extend(self.inside.remove(&sheet).unwrap_or_default().0);
        }
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
    /// A capture begins, whether or not the runtime lets it.
    pub(super) fn begin(&mut self, call: &CallView<'l>) {
        let mode = mode(call.int(1));
        let origin = self.stream_at(call, 0);
        let (Some(mode), false) = (mode, self.shape.is_bare(call.id)) else {
            let place = self.place_or_run(call);
            return self.say(call, place);
        };
        let thread = call.manner().thread;
        let graph = self.draft.graph(origin, mode, thread);
        let place = Place { body: BodyId::Graph(graph), sheet: self.draft.sheet_of(graph) };
        if self.asides.has_run || self.asides.has_released() || thread != MAIN_THREAD {
            // Where the host program does something before, it says when the graph is captured.
            let run = self.run_place();
            let capture = TaskData::new(Op::Capture(graph), None);
            self.draft.write(run.sheet, Line::Task(capture), None, thread);
            self.asides.has_run = true;
        }
        self.put_asides_above(graph);
        self.captures.begin(Open { place, inside: None, origin, depth: 0 });
        self.captures.sessions.push((call.id, None));
    }

    /// The capture of a branch of a conditional task begins.
    pub(super) fn begin_branch(&mut self, call: &CallView<'l>, place: Place) -> Result<(), String> {
        let mode = mode(call.int(2)).ok_or("the language has no such mode")?;
        let origin = self.stream_at(call, 0);
        let (outside, branch) = match call.name(1).and_then(|name| self.objects.find(name)) {
            Some(Object::Branch(outside, branch)) => (outside, branch),
            Some(Object::Handle(model)) => {
                if self.succeeded(call) {
                    self.captures.bare.begin(origin, Some(model));
                }
                if self.captures.of_stream(origin).is_none() && self.captures.of_sheet(place.sheet).is_some()
                {
                    self.captures.of_stream.insert(origin, place.sheet);
                }
                let task = TaskData::new(Op::CaptureBegin { into: Some(model), mode }, Some(origin));
                self.add(call, place, task);
                return Ok(());
            }
            _ => return Err("no conditional task in the log has this branch".to_owned()),
        };
        if self.captures.of_stream(origin).is_some() {
            return Err("its stream is captured already".to_owned());
        }
        let around = self.captures.of_sheet(outside.sheet).map(|open| open.depth);
        let depth = around.ok_or("the capture with the conditional task has ended")?;
        let sheet = self.draft.branches[branch].sheet;
        if self.draft.branches[branch].capture.is_some() {
            return Err("the branch has been captured before".to_owned());
        }
        if !self.draft.ends_with_branch(outside.sheet, branch) {
            self.remark(
                RemarkKind::Assumed,
                call,
                "calls between a conditional task and the capture of its branch come behind the branch",
            );
        }
        let capture = BranchCapture { origin, mode, begin: Some(call.id.0), end: None };
        self.draft.branches[branch].capture = Some(capture);
        let place = Place { body: outside.body, sheet };
        self.captures.begin(Open {
            place,
            inside: Some((outside.sheet, branch)),
            origin,
            depth: depth + super::blocks::BRANCH_DEPTH,
        });
        Ok(())
    }

    /// `aclmdlRICaptureBegin` of a capture that no block says.
    pub(super) fn bare_begin(&mut self, call: &CallView<'l>, place: Place) -> Said {
        let mode = mode(call.int(1)).ok_or("the language has no such mode")?;
        let origin = self.stream_at(call, 0);
        if place.body == BodyId::Run && self.succeeded(call) {
            self.captures.bare.begin(origin, None);
        }
        Ok(TaskData::new(Op::CaptureBegin { into: None, mode }, Some(origin)))
    }

    /// `aclmdlRICaptureEnd` that ends no block.
    pub(super) fn bare_end(&mut self, call: &CallView<'l>) -> Said {
        let origin = self.stream_at(call, 0);
        let name = call.out(1).ok_or("it gives no variable for the graph")?;
        // An end without a capture leaves the variable as it was, one of a capture that is lost makes it null.
        let is_set = self.succeeded(call) || self.made_null.contains(&call.id);
        let ended = if is_set { self.captures.bare.end(origin) } else { None };
        let branch = ended.and_then(|ended| ended.model);
        if branch.is_some() {
            self.captures.of_stream.remove(&origin);
        }
        let known = self.objects.find(name);
        let handle = match (known, branch) {
            (Some(Object::Handle(handle)), _) => handle,
            (_, Some(model)) => model,
            _ => self.draft.handle(self.log.text(name)),
        };
        if is_set || known.is_none() {
            self.objects.bind(name, Object::Handle(handle));
        }
        Ok(TaskData::new(Op::CaptureEnd(handle), Some(origin)))
    }

    /// A capture ends where the call is made for its origin stream and can take the graph.
    pub(super) fn end(&mut self, call: &CallView<'l>) {
        let stream = self.stream_at(call, 0);
        let Captures { open, by_origin, .. } = &mut self.captures;
        let last = by_origin.get_mut(&stream).and_then(|begun| begun.last(open));
        let (Some(open), Some(name)) = (last.and_then(|sheet| open.get(&sheet)).copied(), call.out(1)) else {
            let place = self.place_or_run(call);
            return self.say(call, place);
        };
        self.captures.take(open.place.sheet);
        match (open.inside, open.place.body) {
            (Some((outside, branch)), body) => {
                if let Some(capture) = &mut self.draft.branches[branch].capture {
                    capture.end = Some(call.id.0);
                }
                self.objects.bind(name, Object::Branch(Place { body, sheet: outside }, branch));
            }
            (None, BodyId::Graph(graph)) => {
                self.captures.sessions[graph.index()].1 = Some(call.id);
                self.captures.bare = BareCaptures::default();
                self.draft.name_graph(graph, self.log.text(name));
                self.objects.bind(name, Object::Graph(graph));
            }
            (None, BodyId::Run) => {}
        }
    }

    /// The program prints every graph once, behind its capture; what became of it later is printed by the host program.
    pub(super) fn print(&mut self, call: &CallView<'l>) {
        let found = call.name(0).and_then(|name| self.objects.find(name));
        let place = self.place_or_run(call);
        let (graph, branch) = match found {
            Some(Object::Graph(graph)) => (graph, None),
            Some(Object::Branch(Place { body: BodyId::Graph(graph), .. }, branch)) => (graph, Some(branch)),
            _ => return self.say(call, place),
        };
        if call.text(1).is_none() || !matches!(call.int(2), Some(0 | 1)) {
            return self.say(call, place);
        }
        // What fails although there is a graph fails for what the call gives, which the program's own dump does not.
        let is_like_own = self.succeeded(call) || !self.is_captured(graph);
        let is_changed =
            graph.index() < self.captures.changed_below || self.captures.changed.contains(&graph);
        if is_like_own && !is_changed {
            return self.prints.push(DraftPrint { graph, branch, call: call.id });
        }
        self.say(call, place);
    }

    /// `aclmdlRIDebugJsonPrint` at another place than behind the capture.
    pub(super) fn dump_line(&mut self, call: &CallView<'l>, place: Place) -> Said {
        let path = call.text(1).ok_or("it names no file")?;
        let path = self.draft.symbol(path);
        let verbose = match call.int(2) {
            Some(flags @ (0 | 1)) => flags == 1,
            _ => return Err("the language has no such flags of a dump".to_owned()),
        };
        let op = match call.name(0).and_then(|name| self.objects.find(name)) {
            _ if place.body != BodyId::Run => return Err("a graph has no line for a dump".to_owned()),
            Some(Object::Graph(graph)) => Op::Dump { graph, path, verbose },
            Some(Object::Handle(handle)) => Op::DumpHandle { handle, path, verbose },
            _ => return Err("it prints no graph that is captured".to_owned()),
        };
        Ok(TaskData::new(op, None))
    }

    /// Whether the capture of a graph has ended well.
    fn is_captured(&self, graph: GraphId) -> bool {
        let (_, end) = self.captures.sessions[graph.index()];
        end.is_some_and(|end| self.codes[end.index()] == 0)
    }

    /// A line with `call` may change anything, and how dumps look.
    pub(super) fn all_may_change(&mut self) {
        self.captures.changed_below = self.draft.graphs.len() - usize::from(!self.captures.open.is_empty());
    }

    /// An execution adds the record of the end to a graph, an update changes its kernels.
    pub(super) fn may_change(&mut self, call: &CallView<'l>) {
        let handle = match call.api() {
            Api::RiExecute | Api::RiExecuteAsync | Api::RiUpdate | Api::RiDestroy => call.name(0),
            Api::RiCaptureTaskUpdateBegin => call.name(1),
            _ => return,
        };
        if let Some(Object::Graph(graph) | Object::Group(BodyId::Graph(graph), _)) =
            handle.and_then(|name| self.objects.find(name))
        {
            self.captures.changed.insert(graph);
        }
    }

    /// Where a call becomes a line of a graph; outside of captures nowhere.
    pub(super) fn place_of(&mut self, call: &CallView<'l>) -> Option<Place> {
        let Captures { open, begun, .. } = &mut self.captures;
        let last = begun.last(open)?;
        let stream = call.api().params().iter().rposition(|param| param.kind == Kind::In(Handle::Stream));
        let Some(stream) = stream.map(|position| self.stream_at(call, position)) else {
            return self.captures.of_sheet(last).map(|open| open.place);
        };
        self.follow(call, stream);
        let own = self.captures.of_stream(stream).map(|sheet| self.captures.innermost_in(sheet));
        self.captures.of_sheet(own.unwrap_or(last)).map(|open| open.place)
    }

    /// The same, where calls outside of captures become lines of the host program.
    pub(super) fn place_or_run(&mut self, call: &CallView<'l>) -> Place {
        match self.place_of(call) {
            Some(place) => place,
            None => self.run_place(),
        }
    }

    /// The model of a stream's capture gets a name.
    pub(super) fn capture_info(&mut self, call: &CallView<'l>) {
        let Some(name) = call.out(2) else { return };
        let stream = self.stream_at(call, 0);
        self.asked_models.remove(&name);
        let sheet = self.captures.of_stream(stream);
        if sheet.is_none() && self.captures.bare.innermost().is_none() {
            return self.objects.forget(name);
        }
        let place = self.place_or_run(call);
        let at = self.draft.length(place.sheet);
        self.asked_models.insert(name, Asked { place, at, thread: call.manner().thread });
        self.objects.bind(name, Object::Captured(sheet, stream));
    }

    /// A wait draws its stream into the capture in which its event was recorded.
    fn follow(&mut self, call: &CallView<'l>, stream: Stream) {
        let event = call.args().iter().find_map(|arg| match arg {
            Arg::Name(name) => match self.objects.find(name) {
                Some(Object::Event(event)) => Some(event),
                _ => None,
            },
            _ => None,
        });
        let (Some(event), true) = (event, self.succeeded(call)) else { return };
        match call.api() {
            Api::RecordEvent => {
                if let Some(sheet) = self.captures.of_stream(stream) {
                    self.captures.of_event.insert(event, sheet);
                }
            }
            Api::StreamWaitEvent | Api::StreamWaitEventWithTimeout => {
                let recorded = self.captures.of_event.get(&event).copied();
                if let Some(sheet) = recorded.filter(|sheet| self.captures.open.contains_key(sheet))
                    && self.captures.of_stream(stream).is_none()
                {
                    self.captures.of_stream.insert(stream, sheet);
                }
            }
            _ => {}
        }
    }

    /// Gives names to graphs whose captures the log does not end: their ends set none.
    pub(super) fn name_graphs(&mut self) {
        for (graph, _) in (0..).zip(&self.captures.sessions).filter(|(_, (_, end))| end.is_none()) {
            self.draft.name_graph(GraphId::at(graph), "captured");
        }
    }
}
