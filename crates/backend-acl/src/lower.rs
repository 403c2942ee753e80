//! A verified module becomes one sequence of ACL calls.
//!
//! | phase | calls | where |
//! |---|---|---|
//! | initialise | `aclInit`, device, streams, events, notifies | `setup` |
//! | allocate | device and host memory, and what the host program writes there first | `setup`, `host_program` |
//! | prepare a graph | first phase of its operators, their workspaces | `operator` |
//! | capture a graph | begin, every line in program order, end, dumps | `capture`, `body`, `task` and one file per family of tasks |
//! | execute a graph | as often as asked for, where there is no host program | `capture` |
//! | the host program | its lines, `repeat` unrolled | `host_program`, `walk` |
//! | clean up | models, streams, events, notifies, memory, device | `teardown` |
//!
//! Memory outlives the models whose tasks use it, and so do events and notifies (capture-rules, section 9); that is why
//! everything is made before the first capture and destroyed after the last model.
//!
//! **Invariant:** every call has a cause, and every handle name a declaration.

mod bare_call;
mod body;
mod capture;
mod causes;
mod conditional;
mod copy;
mod event;
mod handles;
mod host;
mod host_program;
mod kernel;
mod lines;
mod memory;
mod names;
mod operator;
mod provenance;
mod setup;
mod signals;
mod task;
mod teardown;
mod walk;

use acg_calls::{Api, Arg, CallId, Kept, Log};
use acg_ir::graph::SourceRange;
use acg_ir::{Arena, Buffer, GraphId, Module, Op, Task, Verified};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::launch::LaunchKeys;
use bare_call::CallNames;
use capture::Capturing;
pub use causes::Causes;
use handles::Handles;
use host_program::{MAIN_THREAD, ThreadState};
pub(crate) use kernel::KernelArgument;
use operator::Prepared;
pub use provenance::{Cause, Declaration, Lowered, Origins, Phase, Problem};

/// How a module is lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerOptions {
    /// Where each model is dumped after its capture, `{graph}` standing for the graph's name; `None` for no dump.
    pub dump_path: Option<String>,
    /// The flags of the dump: 0 summary, 1 with kernel arguments.
    pub dump_flags: u32,
    /// How often each model is executed on its origin stream and waited for where the module has no host program; one that waits
    /// for a signal that nothing in the module gives is not executed.
    pub executions: u32,
}

impl Default for LowerOptions {
    fn default() -> Self {
        Self { dump_path: Some("{graph}.modelRI.json".to_owned()), dump_flags: 0, executions: 0 }
    }
}

/// Lowers a module; what has no calls is listed in [`Lowered::problems`].
pub fn lower(module: &Verified<'_>, options: &LowerOptions) -> Lowered {
    let mut lowerer = Lowerer::new(module, options);
    lowerer.keep_addresses();
    lowerer.initialise();
    lowerer.allocate();
    lowerer.leading_inits();
    let graphs: Vec<_> = module.graphs.keys().filter(|&graph| lowerer.has_streams(graph)).collect();
    for &graph in &graphs {
        lowerer.prepare(graph);
    }
    let captured_later = captured_by_host(module);
    for &graph in graphs.iter().filter(|graph| !captured_later.contains(graph)) {
        lowerer.enter(Phase::Capture(graph));
        lowerer.capture(graph);
    }
    if module.run.is_some() {
        lowerer.run();
    } else if options.executions > 0 {
        for graph in signals::completing(module, &graphs) {
            lowerer.execute(graph);
        }
    }
    lowerer.clean_up();
    lowerer.lowered.log.settle();
    lowerer.lowered
}

/// The graphs that the host program captures itself.
fn captured_by_host(module: &Module) -> FxHashSet<GraphId> {
    let tasks = module.run.iter().flat_map(|run| run.program().map(|task| run.tasks[task].op));
    tasks.filter_map(|op| if let Op::Capture(graph) = op { Some(graph) } else { None }).collect()
}

/// The state of one lowering.
struct Lowerer<'m> {
    module: &'m Verified<'m>,
    options: &'m LowerOptions,
    keys: LaunchKeys,
    handles: Handles,
    /// Where each buffer starts.
    addresses: Arena<Buffer, Kept>,
    lowered: Lowered,
    /// What the first phases gave, in program order, and how many of them the captures have used.
    prepared: Vec<Prepared>,
    launched: usize,
    /// Where in `prepared` each graph starts.
    first_prepared: Arena<GraphId, usize>,
    /// Where in `prepared` each operator of the host program is.
    eager: FxHashMap<Task, usize>,
    /// What the names in lines with `call` stand for.
    call_names: CallNames,
    /// Open captures, the graph's first; and which of its models the graph is at, from 1.
    captures: Vec<Capturing>,
    /// By their streams, where those are among them that calls end.
    capture_ends: FxHashMap<Arg, Vec<usize>>,
    segment: u32,
    /// The thread that calls, and what each has set.
    thread: u32,
    threads: Vec<ThreadState>,
    /// Arguments and text that are being put together.
    scratch: Vec<Arg>,
    kept: Vec<Kept>,
    text: String,
    /// What the calls that are being made come from, and their line where the cause does not say it.
    cause: Cause,
    line: Option<SourceRange>,
}

impl<'m> Lowerer<'m> {
    fn new(module: &'m Verified<'m>, options: &'m LowerOptions) -> Self {
        let mut lowered = Lowered::with_room_for(module);
        let handles = Handles::new(module, &mut lowered);
        let keys = LaunchKeys::of(module);
        Self {
            module,
            options,
            keys,
            handles,
            addresses: Arena::new(),
            lowered,
            prepared: Vec::new(),
            launched: 0,
            first_prepared: Arena::filled(module.graphs.len(), 0),
            eager: FxHashMap::default(),
            call_names: CallNames::default(),
            captures: Vec::new(),
            capture_ends: FxHashMap::default(),
            segment: 1,
            thread: MAIN_THREAD,
            threads: Vec::new(),
            scratch: Vec::new(),
            kept: Vec::new(),
            text: String::new(),
            cause: Cause::Program,
            line: None,
        }
    }

    fn log(&mut self) -> &mut Log {
        &mut self.lowered.log
    }

    /// Says what the following calls come from.
    fn because(&mut self, cause: Cause) {
        self.because_at(cause, None);
    }

    /// Says what the following calls come from, and the line, where it is neither that of a task nor that of a declaration.
    fn because_at(&mut self, cause: Cause, line: Option<SourceRange>) {
        self.cause = cause;
        self.line = line.filter(|line| line.end > line.start);
    }

    /// Says that the following calls come from a declaration.
    fn because_of(&mut self, declaration: Declaration) {
        self.because(Cause::Declaration(declaration));
    }

    /// Makes a call.
    fn call(&mut self, api: Api, args: &[Arg]) -> CallId {
        let id = self.lowered.log.push(api, args);
        self.made(id)
    }

    /// Notes the cause of the call that was just made.
    #[inline]
    fn made(&mut self, id: CallId) -> CallId {
        if self.thread != MAIN_THREAD {
            self.lowered.log.make(id, self.thread, 1);
        }
        self.lowered.causes.push(self.cause, self.line);
        id
    }

    fn enter(&mut self, phase: Phase) {
        let at = self.lowered.log.next_id();
        self.lowered.phases.push((phase, at));
    }

    fn problem(&mut self, problem: Problem) {
        self.lowered.problems.push(problem);
    }
}

/// A number as an argument; sizes past `i64` are no sizes of anything that exists.
fn int(value: u64) -> Arg {
    Arg::Int(i64::try_from(value).unwrap_or(i64::MAX))
}
