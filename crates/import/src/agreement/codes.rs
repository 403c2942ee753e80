//! The codes of the calls that a log and its program both make.

use acg_backend_acl::{Cause, Declaration, Lowered, Phase};
use acg_calls::{Api, CallId, Log};
use acg_ir::{Body, BodyId, Branch, Entity, GraphId, Op, Scope, Step};
use acg_runtime::Replay;
use rustc_hash::FxHashMap;

use super::Agreement;
use crate::log::ImportedLog;

/// Compares the code of every call that became a line.
pub(super) fn compare(
    log: &Log,
    imported: &ImportedLog,
    (before, lowered, after): (&Replay<'_>, &Lowered, &Replay<'_>),
    agreement: &mut Agreement,
) {
    let mut answers = Answers { of_call: vec![None; log.len()] };
    let mut calls = calls_of_bodies(lowered, after);
    for (graph, data) in imported.module.graphs.iter() {
        let mut calls = Calls { list: calls.remove(&BodyId::Graph(graph)).unwrap_or_default(), at: 0 };
        let (begin, end) = imported.sessions[graph.index()];
        answers.give(begin, calls.next(1));
        answers.body(BodyId::Graph(graph), data, &imported.steps[graph.index()], &mut calls);
        let code = calls.next(1);
        if let Some(end) = end {
            answers.give(end, code);
        }
    }
    if let Some(run) = &imported.module.run {
        let mut calls = Calls { list: calls.remove(&BodyId::Run).unwrap_or_default(), at: 0 };
        answers.body(BodyId::Run, run, &imported.run_steps, &mut calls);
    }
    let printed = codes_of_prints(lowered, after);
    for print in &imported.prints {
        if let Some(&code) = printed.get(&(print.graph, print.branch)) {
            answers.give(print.call, code);
        }
    }
    for (call, code) in answers.of_call.into_iter().enumerate() {
        let Some(code) = code else { continue };
        agreement.calls += 1;
        let expected = before.outcomes[call].code;
        if code != expected {
            let id = CallId(call as u32);
            let text = format!("{} returns {code} in the program, {expected} in the log", log.view(id).api());
            agreement.differs(Some(id), text);
        }
    }
}

/// What the program's calls return, by the calls of the log.
struct Answers {
    of_call: Vec<Option<i32>>,
}

impl Answers {
    fn give(&mut self, call: CallId, code: i32) {
        let slot = &mut self.of_call[call.index()];
        // Of a repeated call the log has the first code that is not zero.
        *slot = Some(slot.filter(|&first| first != 0).unwrap_or(code));
    }

    /// The calls of a body, step by step.
    fn body(&mut self, id: BodyId, body: &Body, sources: &[Option<CallId>], calls: &mut Calls) {
        let mut open = Vec::new();
        for (step, source) in body.steps.iter().zip(sources) {
            let code = match *step {
                // The capture of a graph is made of its own calls.
                Step::Task(task) if matches!(body.tasks[task].op, Op::Capture(_)) => 0,
                Step::Task(task) => calls.while_cause(Cause::Task(id, task)),
                Step::Open(scope) => {
                    open.push(scope);
                    calls.next(usize::from(!is_silent(scope)))
                }
                Step::Close => {
                    let closes = |scope| !is_silent(scope) && !matches!(scope, Scope::Conditional(_));
                    calls.next(usize::from(open.pop().is_some_and(closes)))
                }
            };
            if let Some(source) = *source {
                self.give(source, code);
            }
        }
    }
}

/// Whether a block calls nothing by itself.
fn is_silent(scope: Scope) -> bool {
    matches!(scope, Scope::Stream(_) | Scope::Thread(_) | Scope::Repeat(_))
}

/// The calls of one body, in order, with their codes.
struct Calls {
    list: Vec<(Cause, i32)>,
    at: usize,
}

impl Calls {
    /// The first code of the next `count` calls that is not zero.
    fn next(&mut self, count: usize) -> i32 {
        let start = self.at.min(self.list.len());
        let end = start.saturating_add(count).min(self.list.len());
        self.at = end;
        self.list[start..end].iter().map(|&(_, code)| code).find(|&code| code != 0).unwrap_or(0)
    }

    /// The same for the next calls with one cause.
    fn while_cause(&mut self, cause: Cause) -> i32 {
        let rest = self.list.get(self.at..).unwrap_or(&[]);
        let count = rest.iter().take_while(|&&(other, _)| other == cause).count();
        self.next(count)
    }
}

/// What each body calls, from the first capture or the host program on; what prepares a graph comes before.
fn calls_of_bodies(lowered: &Lowered, replay: &Replay<'_>) -> FxHashMap<BodyId, Vec<(Cause, i32)>> {
    let starts = |phase: Phase| matches!(phase, Phase::Capture(_) | Phase::Run);
    let first = lowered.phases.iter().find(|&&(phase, _)| starts(phase));
    let first = first.map_or(usize::MAX, |(_, call)| call.index());
    let mut calls: FxHashMap<BodyId, Vec<(Cause, i32)>> = FxHashMap::default();
    for (cause, outcome) in lowered.causes.iter().zip(replay.outcomes.iter()).skip(first) {
        let body = match cause {
            Cause::Begin(graph) | Cause::End(graph) => BodyId::Graph(graph),
            Cause::Open(body) | Cause::Close(body) | Cause::Task(body, _) => body,
            Cause::Program | Cause::Declaration(_) => continue,
        };
        calls.entry(body).or_default().push((cause, outcome.code));
    }
    calls
}

/// What the dumps behind the captures return.
fn codes_of_prints(lowered: &Lowered, replay: &Replay<'_>) -> FxHashMap<(GraphId, Option<Branch>), i32> {
    let mut codes = FxHashMap::default();
    for ((call, outcome), cause) in lowered.log.iter().zip(replay.outcomes.iter()).zip(lowered.causes.iter())
    {
        if let (Api::RiDebugJsonPrint, Cause::End(_)) = (call.api(), cause) {
            let key = match call.name(0).and_then(|model| lowered.declaration(model)) {
                Some(Declaration::Model(graph)) => (graph, None),
                Some(Declaration::Branch(graph, branch)) => (graph, Some(branch)),
                _ => continue,
            };
            codes.entry(key).or_insert(outcome.code);
        }
    }
    codes
}
