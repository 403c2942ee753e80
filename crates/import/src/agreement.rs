//! Whether an imported program does what it was imported from: it is lowered, replayed and compared.
//!
//! This is what makes an import trustworthy: what cannot be said shows as a difference with a place, whatever the reason.

mod codes;
mod printed;

use acg_backend_acl::{LowerOptions, Lowered, lower};
use acg_calls::{Api, CallId, Log};
use acg_dump::{Pair, difference};
use acg_ir::{BodyId, Entity, GraphId, Module, Op, Step, Task, verify};
use acg_runtime::Dumped;
use acg_target::Profile;
use rustc_hash::FxHashMap;

use crate::log::ImportedLog;
use printed::Printed;

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
    codes::compare(log, imported, (&before, &summary, &after), &mut agreement);
    // Verbose dumps have their own lowering, which is not needed where the log prints none.
    let is_verbose = |call: CallId| log.view(call).int(2).is_some_and(|flags| flags & 1 == 1);
    let verbose = imported.prints.iter().any(|print| is_verbose(print.call));
    let verbose = verbose.then(|| lowered(&imported.module, 1, &mut agreement)).flatten();
    let verbose = verbose.as_ref().map(|lowered| (lowered, acg_runtime::replay(&lowered.log, profile)));
    let verbose = verbose.as_ref().map(|(lowered, replay)| Printed::of(lowered, replay));
    let plain = Printed::of(&summary, &after);
    let measured: FxHashMap<u32, &Dumped<'_>> =
        before.dumps.iter().map(|dumped| (dumped.call, dumped)).collect();
    let mut compare = |call: CallId, found: Option<String>| {
        let Some(expected) = measured.get(&call.0).map(|dumped| dumped.text(profile, 0)) else { return };
        agreement.dumps += 1;
        agreement.dump(Some(call), "the dump", &expected, found.as_deref());
    };
    for print in &imported.prints {
        let printed = verbose.as_ref().filter(|_| is_verbose(print.call)).unwrap_or(&plain);
        compare(print.call, printed.text(print.graph, print.branch, profile));
    }
    for (task, call) in dump_lines(log, imported) {
        compare(call, plain.text_of(task, profile));
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
    let refused = lowered.log.iter().zip(replay.outcomes.iter()).find(|(_, outcome)| outcome.code != 0);
    if let Some((call, outcome)) = refused {
        agreement.differs(None, format!("the program's {} returns {}", call.api(), outcome.code));
    }
    let printed = Printed::of(&lowered, &replay);
    // Where the host program prints a graph, that is what the dump shows: the graph as it is then.
    let lines = module.run.iter().flat_map(|run| run.tasks.iter());
    let later: FxHashMap<_, _> = lines
        .filter_map(|(task, data)| match data.op {
            Op::Dump { graph, .. } => Some((graph, (BodyId::Run, task))),
            _ => None,
        })
        .collect();
    for (graph, expected) in module.graphs.keys().zip(expected) {
        let within = printing_call(module, graph).map(|task| (BodyId::Graph(graph), task));
        let found = match within.as_ref().or(later.get(&graph)) {
            Some(&task) => printed.text_of(task, profile),
            None => printed.text(graph, None, profile),
        };
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

/// The line of a graph that prints it before its capture ends.
fn printing_call(module: &Module, graph: GraphId) -> Option<Task> {
    let graph = &module.graphs[graph];
    let prints = |text: &str| text.starts_with(Api::RiDebugJsonPrint.as_str());
    graph.program().find(|&task| matches!(graph.tasks[task].op, Op::Call(text) if prints(module.text(text))))
}

/// A line of a body, and the call that it was made from.
type PrintingLine = ((BodyId, Task), CallId);

/// The lines that print graphs.
fn dump_lines(log: &Log, imported: &ImportedLog) -> Vec<PrintingLine> {
    let mut lines = Vec::new();
    let prints = |call: CallId| log.view(call).api() == Api::RiDebugJsonPrint;
    for (id, body) in imported.module.bodies() {
        let sources = match id {
            BodyId::Graph(graph) => imported.steps.get(graph.index()),
            BodyId::Run => Some(&imported.run_steps),
        };
        for (step, source) in body.steps.iter().zip(sources.into_iter().flatten()) {
            if let (Step::Task(task), Some(call)) = (*step, source.filter(|&call| prints(call))) {
                lines.push(((id, task), call));
            }
        }
    }
    lines
}
