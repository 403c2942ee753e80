//! A verified module becomes one sequence of ACL calls.
//!
//! | phase | calls | where |
//! |---|---|---|
//! | initialise | `aclInit`, device, streams, events, notifies | `setup` |
//! | allocate | device and host memory | `setup` |
//! | prepare a graph | first phase of its operators, their workspaces | `operator` |
//! | capture a graph | begin, every step in program order, end, dump | `capture`, `task` and one file per family of tasks |
//! | execute a graph | as often as asked for | `capture` |
//! | clean up | models, streams, events, notifies, memory, device | `teardown` |
//!
//! Memory outlives the models whose tasks use it, and so do events and notifies (capture-rules, section 9); that is why
//! everything is made before the first capture and destroyed after the last model.
//!
//! **Invariant:** every call has a cause, and every handle name a declaration.

mod capture;
mod copy;
mod event;
mod handles;
mod host;
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

use acg_calls::{Api, Arg, CallId, Log};
use acg_ir::graph::SourceRange;
use acg_ir::{Mode, Verified};

use crate::launch::LaunchKeys;
use handles::Handles;
pub(crate) use kernel::KernelArgument;
use lines::Lines;
use operator::Prepared;
pub use provenance::{Cause, Declaration, Lowered, Phase, Problem};

/// How a module is lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerOptions {
    /// Where each model is dumped after its capture, `{graph}` standing for the graph's name; `None` for no dump.
    pub dump_path: Option<String>,
    /// The flags of the dump: 0 summary, 1 with kernel arguments.
    pub dump_flags: u32,
    /// How often each model is executed on its origin stream and waited for; one that waits for a signal that nothing in
    /// the module gives is not executed.
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
    lowerer.initialise();
    lowerer.allocate();
    let graphs: Vec<_> = module.graphs.keys().filter(|&graph| lowerer.has_streams(graph)).collect();
    for &graph in &graphs {
        lowerer.prepare(graph);
    }
    for &graph in &graphs {
        lowerer.capture(graph);
    }
    if options.executions > 0 {
        for graph in signals::completing(module, &graphs) {
            lowerer.execute(graph);
        }
    }
    lowerer.clean_up();
    lowerer.lowered
}

/// The state of one lowering.
struct Lowerer<'m> {
    module: &'m Verified<'m>,
    options: &'m LowerOptions,
    keys: LaunchKeys,
    handles: Handles,
    lines: Lines,
    lowered: Lowered,
    /// What the first phases gave, in program order, and how many of them the captures have used.
    prepared: Vec<Prepared>,
    launched: usize,
    /// The main thread's exchange mode.
    mode: Mode,
    /// Arguments and text that are being put together.
    scratch: Vec<Arg>,
    text: String,
    /// What the calls that are being made come from.
    cause: Cause,
    span: Option<SourceRange>,
}

impl<'m> Lowerer<'m> {
    fn new(module: &'m Verified<'m>, options: &'m LowerOptions) -> Self {
        let mut lowered = Lowered::default();
        let handles = Handles::new(module, &mut lowered);
        let keys = LaunchKeys::of(module);
        Self {
            module,
            options,
            keys,
            handles,
            lines: Lines::of(module),
            lowered,
            prepared: Vec::new(),
            launched: 0,
            mode: Mode::Global,
            scratch: Vec::new(),
            text: String::new(),
            cause: Cause::Program,
            span: None,
        }
    }

    fn log(&mut self) -> &mut Log {
        &mut self.lowered.log
    }

    /// Says what the following calls come from.
    fn because(&mut self, cause: Cause, span: Option<SourceRange>) {
        self.cause = cause;
        self.span = span.filter(|span| span.end > span.start);
    }

    /// Says that the following calls come from a declaration.
    fn because_of(&mut self, declaration: Declaration) {
        self.because(Cause::Declaration(declaration), self.lines.line(declaration));
    }

    /// Makes a call.
    fn call(&mut self, api: Api, args: &[Arg]) -> CallId {
        let id = self.lowered.log.push(api, args);
        self.made(id)
    }

    /// Notes the cause of the call that was just made.
    fn made(&mut self, id: CallId) -> CallId {
        self.lowered.provenance.push(self.span);
        self.lowered.causes.push(self.cause);
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
