//! A debug dump becomes a program.
//!
//! | what | where |
//! |---|---|
//! | the machine that wrote the dump | `target` |
//! | what capturing itself added | `added` |
//! | what no program says | `unsayable` |
//! | tasks that stay together, and an order in which they can have been submitted | `units`, `schedule` |
//! | events, notifies and flags, from records and waits | `signals` |
//! | each task as a line | `tasks` |
//! | what the program has in place of what the dump does not say | `placeholders` |
//!
//! A dump tells each stream's tasks and how streams wait for each other. It does not tell what tasks work on, where task groups
//! end, and in which order calls for different streams were made; that order is chosen so that the runtime makes its streams in the
//! order of the dump.

mod added;
mod placeholders;
mod schedule;
mod signals;
mod target;
mod tasks;
mod units;
mod unsayable;

use acg_entity::Entity;
use acg_ir::{GraphId, Mode, Module, Op, Stream, StreamData, Symbol, SyncTarget, TaskData};
use acg_trace::{Kind, LaneId, Part, TaskId, Trace};

use crate::draft::{Draft, Line, MAIN_THREAD};
use crate::remark::Remark;
use crate::target::TargetName;
use added::{Added, added_lanes};
use placeholders::Placeholders;
use signals::Signals;
pub use target::detect;
use units::Units;
pub use unsayable::Unsayable;

/// Why a dump becomes no program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DumpError {
    /// It has tasks that the language has no form for.
    #[error("the dump has tasks that the language cannot say")]
    Unsayable(Vec<Unsayable>),
    /// Its streams wait for each other in a circle, so that no order of calls makes it.
    #[error("{0} tasks wait for each other in a circle, so no sequence of calls makes this graph")]
    Circle(usize),
}

/// A program made from dumps.
#[derive(Debug)]
pub struct ImportedDump {
    /// The program, with one graph for each dump.
    pub module: Module,
    /// The machine that it is for.
    pub target: TargetName,
    /// What to know about it.
    pub remarks: Vec<Remark>,
}

/// Makes a program of the models of one file; `name` is the name of its graph, for several models each has a number behind it.
///
/// `target` is the machine that the program is for, as [`detect`] finds it or as the user says.
///
/// # Errors
///
/// Dumps with tasks that the language cannot say: all kinds of them are listed.
pub fn import_dumps(traces: &[Trace], name: &str, target: TargetName) -> Result<ImportedDump, DumpError> {
    let unsayable: Vec<_> = traces.iter().flat_map(unsayable::find).collect();
    if !unsayable.is_empty() {
        return Err(DumpError::Unsayable(unsayable));
    }
    let mut draft = Draft::default();
    draft.target(&target);
    let mut placeholders = Placeholders::default();
    for trace in traces {
        let is_executed = target::was_executed(trace, &target);
        DumpImport::new(trace, &mut draft, &mut placeholders).graph(name, is_executed)?;
    }
    let remarks = placeholders.remarks();
    let count: usize = traces.iter().map(|trace| trace.tasks.len()).sum();
    draft.top_comment(&format!("imported from a dump of {count} tasks"));
    for remark in &remarks {
        draft.top_comment(&remark.to_string());
    }
    Ok(ImportedDump { module: draft.finish().module, target, remarks })
}

/// A dump that is being imported.
struct DumpImport<'t, 'd> {
    trace: &'t Trace,
    draft: &'d mut Draft,
    placeholders: &'d mut Placeholders,
    added: Added,
    streams: Vec<Stream>,
    /// The origin stream; of no lane where it has no tasks.
    origin: Option<Stream>,
    /// The stream that branches of conditional tasks are captured on, where there are some.
    branches: Option<Stream>,
    signals: Signals,
}

impl<'t, 'd> DumpImport<'t, 'd> {
    fn new(trace: &'t Trace, draft: &'d mut Draft, placeholders: &'d mut Placeholders) -> Self {
        let added = Added::of(trace);
        let signals = Signals::of(trace, &added);
        let mut import = Self {
            trace,
            draft,
            placeholders,
            added,
            streams: Vec::new(),
            origin: None,
            branches: None,
            signals,
        };
        import.placeholders.infos += lost_infos(trace);
        import.placeholders.is_unfinished |= import.is_unfinished();
        if has_empty_origin(trace) {
            import.origin = Some(import.draft.stream("main", plain_stream));
        }
        import.streams = trace.lanes.keys().map(|lane| import.declare_stream(lane)).collect();
        import.origin = import.origin.or(import.streams.first().copied());
        import
    }

    fn declare_stream(&mut self, lane: LaneId) -> Stream {
        let is_origin = lane == self.trace.origin() && self.origin.is_none();
        let name = if is_origin { "main" } else { "side" };
        let subscribed = self.takes_callbacks(lane);
        self.draft.stream(name, |name| StreamData { subscribed, ..plain_stream(name) })
    }

    /// Whether a host function on a lane does not hold it up, which only a callback with a thread of its own can do.
    fn takes_callbacks(&self, lane: LaneId) -> bool {
        let tasks = self.trace.lane_tasks(lane).iter().copied();
        tasks.filter(|&task| self.trace.tasks[task].kind == Kind::HostFunction).any(|task| !self.blocks(task))
    }

    /// Whether a host function holds its lane up.
    fn blocks(&self, function: TaskId) -> bool {
        let mut next = self.trace.next(function);
        while let Some(task) = next.filter(|&task| self.trace.tasks[task].part == Part::Cascade) {
            next = self.trace.next(task);
        }
        next.is_some_and(|task| self.trace.tasks[task].part == Part::Callback)
    }

    fn graph(mut self, name: &str, is_executed: bool) -> Result<(), DumpError> {
        let Some(origin) = self.origin else { return Ok(()) };
        let graph: GraphId = self.draft.graph(origin, Mode::Global, MAIN_THREAD);
        self.draft.name_graph(graph, name);
        let units = Units::of(self.trace, &self.added);
        let mut added = added_lanes(self.trace);
        let order = schedule::order(self.trace, &units)?;
        // A stream without tasks of its own is there from the start.
        for lane in self.trace.lanes.keys().rev().filter(|&lane| units.lane_units(lane).is_empty()) {
            self.add_stream(graph, lane, &mut added);
        }
        for unit in order {
            if let Some(&first) = units.tasks(unit).first() {
                self.add_stream(graph, self.trace.tasks[first].lane, &mut added);
            }
            self.unit(graph, units.tasks(unit));
        }
        if self.is_unfinished() {
            self.print_unfinished(graph, name);
        } else if is_executed {
            self.run(graph, name);
        }
        Ok(())
    }

    /// The call below the ACL calls that adds a stream to the graph, where one did.
    fn add_stream(&mut self, graph: GraphId, lane: LaneId, added: &mut [bool]) {
        if !std::mem::take(&mut added[lane.index()]) {
            return;
        }
        let model = self.captured_model(graph);
        let side = self.draft.module.streams[self.streams[lane.index()]].name;
        let side = self.draft.module.text(side);
        let call = format!("rtStreamAddToModel({side}, {model})");
        self.call(graph, &call);
    }

    /// Whether the dump was made before the capture ended, or is that of a branch.
    fn is_unfinished(&self) -> bool {
        self.signals.is_unfinished || has_empty_origin(self.trace)
    }

    /// A dump that was made before the capture ended is printed there.
    fn print_unfinished(&mut self, graph: GraphId, name: &str) {
        let model = self.captured_model(graph);
        let verbose = self.trace.dump.records.iter().any(|record| record.args.is_some());
        let call =
            format!("aclmdlRIDebugJsonPrint({model}, {:?}, {})", format!("{name}.json"), i32::from(verbose));
        self.call(graph, &call);
    }

    /// Asks for the model of the capture; the variable that it is in.
    fn captured_model(&mut self, graph: GraphId) -> String {
        let [status, model] = ["status", "model_"].map(|name| self.draft.name(name));
        let main = self.origin.map_or(status, |main| self.draft.module.streams[main].name);
        let [main, status, model] = [main, status, model].map(|name| self.draft.module.text(name));
        let (call, model) =
            (format!("aclmdlRICaptureGetInfo({main}, &{status}, &{model})"), model.to_owned());
        self.call(graph, &call);
        model
    }

    fn call(&mut self, graph: GraphId, call: &str) {
        let sheet = self.draft.sheet_of(graph);
        let op = Op::Call(self.draft.symbol(call));
        self.draft.write(sheet, Line::Task(TaskData::new(op, None)), None, MAIN_THREAD);
    }

    /// The execution that added the record of the end to a graph, and the dump behind it.
    fn run(&mut self, graph: GraphId, name: &str) {
        self.placeholders.executions += 1;
        let origin = self.streams[0];
        let path = self.draft.symbol(&format!("{name}.executed.json"));
        let verbose = self.trace.dump.records.iter().any(|record| record.args.is_some());
        self.draft.run(TaskData::new(Op::Execute(graph), Some(origin)));
        self.draft.run(TaskData::new(Op::Sync(SyncTarget::Stream(origin)), None));
        self.draft.run(TaskData::new(Op::Dump { graph, path, verbose }, None));
    }
}

/// Whether the origin stream has no tasks; it leaves a comma behind. Capturing puts some on it at the end at the latest.
fn has_empty_origin(trace: &Trace) -> bool {
    trace.dump.streams.last().is_some_and(|origin| origin.records.is_empty())
}

/// A stream without anything special.
fn plain_stream(name: Symbol) -> StreamData {
    StreamData { name, is_default: false, priority: None, flags: 0, subscribed: false }
}

/// How many records have an `ExtendInfo` that stands for no line: group placeholders, conditional tasks, what capturing adds.
fn lost_infos(trace: &Trace) -> u32 {
    let is_lost = |(task, data): &(TaskId, &acg_trace::Task)| {
        let is_line = match data.part {
            Part::Body => !matches!(data.kind, Kind::Conditional | Kind::HostFunction),
            Part::Callback => trace.next(*task).is_none_or(|next| trace.tasks[next].part != Part::Callback),
            _ => false,
        };
        !is_line && trace.record(*task).extend_info.is_some()
    };
    trace.tasks.iter().filter(is_lost).count() as u32
}
