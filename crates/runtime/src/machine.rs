//! The machine that replays a log: the state, what names stand for, and what has been said so far.

mod arguments;
mod evidence;
mod storing;
mod words;

use acg_calls::{Api, CallView, Log, Name};
use acg_diagnostics::Rule;
use acg_entity::Entity;
use rustc_hash::FxHashMap;

use crate::bindings::{Bindings, Object};
use crate::finding::Finding;
use crate::late::{Printed, leaves_tasks_alone};
use crate::note::Note;
use crate::refusal::{Refusal, Verdict};
use crate::replay::Dumped;
use crate::state::{ContextId, InnerId, State, StreamId, Thread, ThreadId};
use crate::target::Target;

/// What a call answers.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Why it is refused, `None` if it is not.
    pub(crate) refusal: Option<Refusal>,
    /// What it hands back.
    pub(crate) note: Option<Box<Note>>,
}

impl From<Verdict> for Answer {
    fn from(verdict: Verdict) -> Self {
        Self { refusal: verdict.err(), note: None }
    }
}

impl Answer {
    /// The same answer with a note.
    pub(crate) fn with(self, note: Note) -> Self {
        Self { note: Some(Box::new(note)), ..self }
    }

    /// Success.
    pub(crate) fn fine() -> Self {
        Self::default()
    }
}

/// What is remembered of a refused call.
#[derive(Clone, Copy, Debug)]
struct Refused {
    /// The call it is a consequence of, or itself.
    root: u32,
    /// What it returned.
    code: i32,
}

/// The machine.
pub(crate) struct Machine<'l> {
    /// The log it replays.
    pub(crate) log: &'l Log,
    /// The state of the runtime.
    pub(crate) state: State,
    /// What names stand for.
    pub(crate) names: Bindings,
    /// The call being made.
    pub(crate) call: u32,
    /// The thread making it.
    pub(crate) thread: ThreadId,
    /// The numbers by which the log calls the threads, and the threads by their numbers.
    thread_numbers: Vec<u32>,
    threads: FxHashMap<u32, ThreadId>,
    /// The streams of the graph whose streams were listed last.
    pub(crate) listed: Vec<InnerId>,
    /// Whether dumps that are printed are kept.
    pub(crate) keeps_dumps: bool,
    /// Dumps printed so far.
    pub(crate) dumps: Vec<Dumped<'l>>,
    /// The graphs printed so far, if dumps are not kept and nothing has changed a graph that was printed.
    pub(crate) printed: Option<Vec<Printed>>,
    /// Findings so far.
    pub(crate) findings: Vec<Finding>,
    /// The call that started profiling, while it is on.
    pub(crate) profiled_by: Option<u32>,
    /// The refused calls.
    refused: FxHashMap<u32, Refused>,
}

impl<'l> Machine<'l> {
    /// A machine that has replayed nothing.
    pub(crate) fn new(log: &'l Log, target: Target) -> Self {
        let mut state = State::new(target);
        state.threads.push(Thread::new(ContextId::at(0)));
        // Most calls of a long log store a task, and a record a reset besides at the end of its capture. Room that is not written to costs
        // nothing, and large lists are not to be moved as they grow.
        let records = log.count(Api::RecordEvent);
        state.tasks.reserve(log.len() + records);
        state.captured.reserve(records);
        state.launches.reserve(log.count(Api::LaunchKernel));
        Self {
            log,
            state,
            names: Bindings::default(),
            call: 0,
            thread: ThreadId::at(0),
            thread_numbers: vec![1],
            threads: FxHashMap::from_iter([(1, ThreadId::at(0))]),
            listed: Vec::new(),
            keeps_dumps: true,
            dumps: Vec::new(),
            printed: Some(Vec::new()),
            findings: Vec::new(),
            profiled_by: None,
            refused: FxHashMap::default(),
        }
    }

    /// Turns to a call.
    pub(crate) fn turn_to(&mut self, view: &CallView<'_>) {
        self.call = view.id.0;
        if self.printed.as_ref().is_some_and(|printed| !printed.is_empty()) && !leaves_tasks_alone(view.api())
        {
            self.printed = None;
        }
        let number = view.manner().thread;
        if self.thread_numbers[self.thread.index()] == number {
            return;
        }
        self.thread = *self.threads.entry(number).or_insert_with(|| {
            self.thread_numbers.push(number);
            self.state.threads.push(Thread::new(ContextId::at(0)))
        });
    }

    /// How the log calls a thread.
    pub(crate) fn thread_number(&self, thread: ThreadId) -> u32 {
        self.thread_numbers.get(thread.index()).copied().unwrap_or(0)
    }

    /// Lets an out-parameter name an object.
    pub(crate) fn define(&mut self, name: Option<Name>, object: Object) {
        if let Some(name) = name {
            self.names.bind(name, Some(object), self.call);
        }
    }

    /// Sets an out-parameter to NULL.
    pub(crate) fn define_null(&mut self, name: Option<Name>) {
        if let Some(name) = name {
            self.names.bind(name, None, self.call);
        }
    }

    /// Remembers that an out-parameter was left alone.
    pub(crate) fn leave(&mut self, name: Option<Name>) {
        if let Some(name) = name {
            self.names.leave(name, self.call);
        }
    }

    /// The default stream of the current context.
    pub(crate) fn default_stream(&self) -> StreamId {
        let context = self.state.threads[self.thread].context;
        self.state.contexts[context].default_stream
    }

    /// Whether a stream is the default stream of any context.
    pub(crate) fn is_default(&self, stream: StreamId) -> bool {
        self.state.streams[stream].name.is_none()
    }

    /// Says something that the runtime does not say; of a repeated call once.
    pub(crate) fn report(&mut self, finding: Finding) {
        let is_said = self.findings.last().is_some_and(|last| {
            last.call == finding.call && last.rule == finding.rule && last.message == finding.message
        });
        if !is_said {
            self.findings.push(finding);
        }
    }

    /// Starts a finding at the call being made.
    pub(crate) fn finding(&self, rule: &'static Rule, message: String) -> Finding {
        Finding::new(rule, self.call, message)
    }

    /// Files a refusal as a finding, tracing it back to the first cause.
    pub(crate) fn file(&mut self, refusal: Refusal) {
        let code = refusal.code();
        let mut finding = refusal.into_finding(self.call);
        let root = finding.consequence_of.map(|cause| self.root_of(cause).unwrap_or(cause));
        finding.consequence_of = root.filter(|&root| root != self.call);
        self.refused.insert(self.call, Refused { root: finding.consequence_of.unwrap_or(self.call), code });
        self.findings.push(finding);
    }

    /// Whether a call was refused.
    pub(crate) fn was_refused(&self, call: u32) -> bool {
        self.refused.contains_key(&call)
    }

    /// What a refused call returned.
    pub(crate) fn code_of(&self, call: u32) -> Option<i32> {
        self.refused.get(&call).map(|refused| refused.code)
    }
}
