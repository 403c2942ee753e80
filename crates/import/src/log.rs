//! A call log becomes a program.
//!
//! | what | where |
//! |---|---|
//! | what names stand for | `objects` |
//! | which captures are blocks | `shape` |
//! | where captures begin and end, which call belongs to which | `captures` |
//! | calls outside of captures; calls that become no line, and why | `aside` |
//! | addresses and lengths as operands | `regions` |
//! | each call as a line | `say`, one file per family |
//! | task groups, updates and exchange modes as blocks | `blocks` |
//!
//! What a program makes by itself (handles, memory, dumps, clean-up) becomes declarations, every call of a capture a line of its
//! graph, and every other call a line of the host program. A call that the language has no form of its own for stands as it is in a
//! line with `call`, or where that cannot be, as a comment.
//!
//! **Invariant:** every call is a declaration, a line, a comment, or one that only asks.

mod aside;
mod bare_captures;
mod blocks;
mod captures;
mod objects;
mod regions;
mod say;
mod shape;

use acg_calls::{Api, Arg, CallId, CallView, Log};
use acg_ir::{Branch, Buffer, DType, GraphId, Module, Symbol};
use acg_runtime::{Note, Outcome};
use acg_target::Profile;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::draft::{Draft, DraftBranch, Finished};
use crate::remark::{Remark, RemarkKind};
use crate::target::TargetName;
use aside::Asides;
use captures::{Asked, Captures};
use objects::Objects;
use shape::Shape;

/// How many lines a program has at most; repeated calls are written out.
const MOST_LINES: usize = 1 << 22;

/// Why a log becomes no program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Nothing in it becomes a line.
    #[error("the log begins no capture and does nothing else that a program says")]
    Nothing,
    /// Written out it is too long.
    #[error("the repeated calls of the log are more than {MOST_LINES} lines")]
    TooLong,
}

/// A program made from a log.
#[derive(Debug)]
pub struct ImportedLog {
    /// The program.
    pub module: Module,
    /// What to know about it, in the order of the calls.
    pub remarks: Vec<Remark>,
    /// For each graph, the call that each of its steps was made from.
    pub steps: Vec<Vec<Option<CallId>>>,
    /// The same for the host program.
    pub run_steps: Vec<Option<CallId>>,
    /// For each graph, the calls that begin and end its capture.
    pub sessions: Vec<(CallId, Option<CallId>)>,
    /// The calls that print a graph of the program as it was captured.
    pub prints: Vec<Print>,
}

/// A call that prints a graph, or one of its branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// The graph.
    pub graph: GraphId,
    /// The branch, for no branch the graph itself.
    pub branch: Option<Branch>,
    /// The call.
    pub call: CallId,
}

/// Makes a program of `log`.
///
/// `profile` is the machine that the log ran on: whether a call succeeded is taken from the log where it says so, and
/// predicted otherwise. `target` is what the `target` line says, for no line `None`.
///
/// # Errors
///
/// A log in which nothing becomes a line, or one that is too long when it is written out.
pub fn import_log(
    log: &Log,
    profile: &Profile,
    target: Option<&TargetName>,
) -> Result<ImportedLog, LogError> {
    let replay = acg_runtime::replay(log, profile);
    let predicted = replay.outcomes.iter().map(|outcome| outcome.code);
    let codes =
        log.iter().zip(predicted).map(|(call, code)| call.recorded().returned.unwrap_or(code)).collect();
    let mut import = LogImport::new(log, codes);
    let made_null = |outcome: &Outcome| matches!(outcome.note.as_deref(), Some(Note::ModelNull));
    let outcomes = (0..).map(CallId).zip(replay.outcomes.iter());
    import.made_null = outcomes.filter(|(_, outcome)| made_null(outcome)).map(|(call, _)| call).collect();
    if let Some(target) = target {
        import.draft.target(target);
    }
    for call in log.iter() {
        import.call(&call)?;
    }
    import.finish()
}

/// A call that prints a graph, before branches have their places.
struct DraftPrint {
    graph: GraphId,
    branch: Option<DraftBranch>,
    call: CallId,
}

/// A log that is being imported.
struct LogImport<'l> {
    log: &'l Log,
    /// What each call returned.
    codes: Vec<i32>,
    draft: Draft,
    /// Calls that end captures and make the variable of the graph null.
    made_null: FxHashSet<CallId>,
    objects: Objects,
    captures: Captures,
    asides: Asides,
    remarks: Vec<Remark>,
    prints: Vec<DraftPrint>,
    /// Which captures are blocks.
    shape: Shape,
    /// Variables that only lines with `call` use, and one for what a capture's state is.
    variables: FxHashMap<acg_calls::Name, Symbol>,
    status: Option<Symbol>,
    /// Where models of captures are asked for, as long as no line does.
    asked_models: FxHashMap<acg_calls::Name, Asked>,
    /// Views that were made, by what they show.
    views: FxHashMap<(Buffer, u64, u64, DType, Vec<u64>), Buffer>,
    /// First phases of operators, by the name of the executor.
    executors: FxHashMap<acg_calls::Name, CallId>,
    lines: usize,
}

impl<'l> LogImport<'l> {
    fn new(log: &'l Log, codes: Vec<i32>) -> Self {
        Self {
            log,
            shape: Shape::of(log, &codes),
            codes,
            draft: Draft::default(),
            made_null: FxHashSet::default(),
            objects: Objects::default(),
            captures: Captures::default(),
            asides: Asides::default(),
            remarks: Vec::new(),
            prints: Vec::new(),
            variables: FxHashMap::default(),
            status: None,
            asked_models: FxHashMap::default(),
            views: FxHashMap::default(),
            executors: FxHashMap::default(),
            lines: 0,
        }
    }

    fn succeeded(&self, call: &CallView<'l>) -> bool {
        self.codes[call.id.index()] == 0
    }

    fn call(&mut self, call: &CallView<'l>) -> Result<(), LogError> {
        self.lines += call.manner().repeat as usize;
        if self.lines > MOST_LINES {
            return Err(LogError::TooLong);
        }
        if self.declare(call) {
            return Ok(());
        }
        self.may_change(call);
        match call.api() {
            Api::RiCaptureBegin => self.begin(call),
            Api::RiCaptureEnd => self.end(call),
            Api::RiDebugJsonPrint => self.print(call),
            Api::SubscribeReport | Api::UnSubscribeReport => self.subscribe(call),
            Api::HostRegister | Api::HostRegisterV2 => self.register(call),
            Api::AclnnGetWorkspaceSize => {
                if let Some(name) = call.args().last().and_then(Arg::out) {
                    self.executors.insert(name, call.id);
                }
            }
            api if aside::only_asks(api) => {
                if api == Api::RiCaptureGetInfo {
                    self.capture_info(call);
                }
                self.asides.asked += 1;
            }
            _ => match self.place_of(call) {
                Some(place) => self.say(call, place),
                None => self.outside(call),
            },
        }
        Ok(())
    }

    fn remark(&mut self, kind: RemarkKind, call: &CallView<'_>, text: impl Into<String>) {
        self.remarks.push(Remark { kind, call: Some(call.id), text: text.into() });
    }

    fn finish(mut self) -> Result<ImportedLog, LogError> {
        if self.draft.graphs.is_empty() && !self.asides.has_run {
            return Err(LogError::Nothing);
        }
        self.close_asides();
        self.name_graphs();
        let Captures { sessions, modes_before, .. } = self.captures;
        let finished = self.draft.finish_with(|draft, body, lines| {
            blocks::fold_groups(lines);
            blocks::fold_exchanges(lines, &modes_before);
            blocks::fold_updates(draft, body, lines);
        });
        let Finished { module, sources, run_sources, placed } = finished;
        let calls = |steps: Vec<Option<u32>>| steps.into_iter().map(|source| source.map(CallId)).collect();
        let prints = self.prints.into_iter().filter_map(|DraftPrint { graph, branch, call }| {
            let branch = branch.map(|branch| placed.get(&branch).copied().ok_or(()));
            Some(Print { graph, branch: branch.transpose().ok()?, call })
        });
        Ok(ImportedLog {
            module,
            remarks: self.remarks,
            steps: sources.into_iter().map(calls).collect(),
            run_steps: calls(run_sources),
            sessions,
            prints: prints.collect(),
        })
    }
}
