//! Whether an imported program does what it was imported from: it is lowered, replayed and compared.
//!
//! This is what makes an import trustworthy: what cannot be said shows as a difference with a place, whatever the reason.

use acg_backend_acl::{Cause, LowerOptions, Lowered, Phase, lower};
use acg_calls::{CallId, Log};
use acg_dump::{Pair, difference};
use acg_ir::{BodyId, Entity, GraphId, Module, Op, Scope, Step, verify};
use acg_runtime::{Dumped, Replay};
use acg_target::Profile;
use rustc_hash::FxHashMap;

use crate::log::ImportedLog;

/// One difference between an input and its program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The call of a log that it is about.
    pub call: Option<CallId>,
    /// What differs, as a sentence without a stop.
    pub text: String,
}

/// How a program compares with what it was imported from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Calls of the log that are in the program.
    pub calls: usize,
    /// Dumps that the input has of graphs that are in the program.
    pub dumps: usize,
    /// Where they differ, in the order of the input.
    pub disagreements: Vec<Disagreement>,
}

/// Compares a log with the program made from it, on one machine: the codes of the calls that both make, and the dumps.
pub fn log_agreement(log: &Log, imported: &ImportedLog, profile: &Profile) -> Agreement {
    let mut agreement = Agreement::default();
    let Some(summary) = lowered(&imported.module, 0, &mut agreement) else { return agreement };
    let before = acg_runtime::replay(log, profile);
    let after = acg_runtime::replay(&summary.log, profile);
    codes(log, imported, (&before, &summary, &after), &mut agreement);
    // Verbose dumps have their own lowering, which is not needed where the log prints none.
    let is_verbose = |call: CallId| log.view(call).int(2).is_some_and(|flags| flags & 1 == 1);
    let verbose = imported.prints.iter().any(|&(_, call)| is_verbose(call));
    let verbose = verbose.then(|| lowered(&imported.module, 1, &mut agreement)).flatten();
    let verbose = verbose.as_ref().map(|lowered| (lowered, acg_runtime::replay(&lowered.log, profile)));
    let verbose = verbose.as_ref().map(|(lowered, replay)| Printed::of(&imported.module, lowered, replay));
    let plain = Printed::of(&imported.module, &summary, &after);
    let measured: FxHashMap<u32, &Dumped<'_>> =
        before.dumps.iter().map(|dumped| (dumped.call, dumped)).collect();
    for &(graph, call) in &imported.prints {
        let Some(expected) = measured.get(&call.0).map(|dumped| dumped.text(profile, 0)) else { continue };
        let printed = verbose.as_ref().filter(|_| is_verbose(call)).unwrap_or(&plain);
        let found = printed.text(graph, profile);
        agreement.dumps += 1;
        agreement.dump(Some(call), "the dump", &expected, found.as_deref());
    }
    agreement.disagreements.sort_by_key(|disagreement| disagreement.call);
    agreement
}

/// Compares dumps with what the program made from them prints, on one machine: the `n`-th with the `n`-th graph.
///
/// The dumps are texts as the runtime of that machine prints them; one process printed them all.
pub fn dump_agreement(
    expected: &[String],
    module: &Module,
    is_verbose: bool,
    profile: &Profile,
) -> Agreement {
    let mut agreement = Agreement { dumps: expected.len(), ..Agreement::default() };
    let Some(lowered) = lowered(module, u32::from(is_verbose), &mut agreement) else { return agreement };
    let replay = acg_runtime::replay(&lowered.log, profile);
    let refused = lowered.log.iter().zip(&replay.outcomes).find(|(_, outcome)| outcome.code != 0);
    if let Some((call, outcome)) = refused {
        agreement.differs(None, format!("the program's {} returns {}", call.api(), outcome.code));
    }
    let printed = Printed::of(module, &lowered, &replay);
    for (graph, expected) in module.graphs.keys().zip(expected) {
        let found = printed.text(graph, profile);
        agreement.dump(None, "the dump", expected, found.as_deref());
    }
    agreement
}

impl Agreement {
    /// Whether nothing differs.
    pub fn is_complete(&self) -> bool {
        self.disagreements.is_empty()
    }

    fn differs(&mut self, call: Option<CallId>, text: String) {
        self.disagreements.push(Disagreement { call, text });
    }

    fn dump(&mut self, call: Option<CallId>, name: &str, expected: &str, found: Option<&str>) {
        let Some(actual) = found else {
            return self.differs(call, format!("{name} is not printed by the program"));
        };
        if let Some(difference) = difference(&[Pair { name, expected, actual }]) {
            self.differs(call, difference.to_string());
        }
    }
}

/// The calls of a program that prints its graphs with `flags`.
fn lowered(module: &Module, flags: u32, agreement: &mut Agreement) -> Option<Lowered> {
    match verify(module) {
        Ok(verified) => {
            let lowered = lower(&verified, &LowerOptions { dump_flags: flags, ..LowerOptions::default() });
            if !lowered.problems.is_empty() {
                agreement
                    .differs(None, format!("{} lines of the program have no calls", lowered.problems.len()));
            }
            Some(lowered)
        }
        Err(violations) => {
            for violation in violations {
                agreement.differs(None, format!("the program breaks an invariant: {violation}"));
            }
            None
        }
    }
}

/// What a program prints of its graphs, each behind its capture or where the host program says.
struct Printed<'a> {
    of_graph: FxHashMap<GraphId, &'a Dumped<'a>>,
}

impl<'a> Printed<'a> {
    fn of(module: &Module, lowered: &'a Lowered, replay: &'a Replay<'a>) -> Self {
        let mut of_graph = FxHashMap::default();
        for dumped in &replay.dumps {
            match lowered.causes.get(dumped.call as usize) {
                // The dumps of branches follow that of the graph.
                Some(&Cause::End(graph)) => {
                    of_graph.entry(graph).or_insert(dumped);
                }
                // What the host program prints is the graph as it is then.
                Some(&Cause::Task(BodyId::Run, task)) => {
                    if let Some(Op::Dump { graph, .. }) = module.run.as_ref().map(|run| run.tasks[task].op) {
                        of_graph.insert(graph, dumped);
                    }
                }
                _ => {}
            }
        }
        Self { of_graph }
    }

    fn text(&self, graph: GraphId, profile: &Profile) -> Option<String> {
        self.of_graph.get(&graph).map(|dumped| dumped.text(profile, 0))
    }
}

/// Compares the code of every call that became a line.
fn codes(
    log: &Log,
    imported: &ImportedLog,
    (before, lowered, after): (&Replay<'_>, &Lowered, &Replay<'_>),
    agreement: &mut Agreement,
) {
    let mut answered: Vec<Option<i32>> = vec![None; log.len()];
    let mut answer = |call: CallId, code: i32| {
        let slot = &mut answered[call.index()];
        // Of a repeated call the log has the first code that is not zero.
        *slot = Some(slot.filter(|&first| first != 0).unwrap_or(code));
    };
    let starts = lowered.phases.iter().filter_map(|&(phase, call)| match phase {
        Phase::Capture(graph) => Some((graph, call.index())),
        _ => None,
    });
    let starts: FxHashMap<GraphId, usize> = starts.collect();
    for (graph, data) in imported.module.graphs.iter() {
        let at = starts.get(&graph).copied().unwrap_or(usize::MAX);
        let mut calls = Calls { lowered, replay: after, at };
        let (begin, end) = imported.sessions[graph.index()];
        answer(begin, calls.next(1));
        for (step, source) in data.steps.iter().zip(&imported.steps[graph.index()]) {
            let code = match *step {
                Step::Task(task) => calls.while_cause(Cause::Task(BodyId::Graph(graph), task)),
                Step::Open(Scope::Stream(_)) => 0,
                Step::Open(_) | Step::Close => calls.next(1),
            };
            if let Some(source) = *source {
                answer(source, code);
            }
        }
        let code = calls.next(1);
        if let Some(end) = end {
            answer(end, code);
        }
    }
    for (call, code) in answered.into_iter().enumerate() {
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

/// The calls of one capture, in order.
struct Calls<'a> {
    lowered: &'a Lowered,
    replay: &'a Replay<'a>,
    at: usize,
}

impl Calls<'_> {
    /// The first code of the next `count` calls that is not zero.
    fn next(&mut self, count: usize) -> i32 {
        let start = self.at.min(self.replay.outcomes.len());
        let end = start.saturating_add(count).min(self.replay.outcomes.len());
        self.at = end;
        self.replay.outcomes[start..end]
            .iter()
            .map(|outcome| outcome.code)
            .find(|&code| code != 0)
            .unwrap_or(0)
    }

    /// The same for the next calls with one cause.
    fn while_cause(&mut self, cause: Cause) -> i32 {
        let rest = self.lowered.causes.get(self.at..).unwrap_or(&[]);
        let count = rest.iter().take_while(|&&other| other == cause).count();
        self.next(count)
    }
}
