//! Replays a log: every call's code and note, every dump, every finding.

use acg_calls::{CallView, Log};
use acg_target::Profile;

use crate::finding::Finding;
use crate::handlers;
use crate::late::Printed;
use crate::machine::Machine;
use crate::outcome::{Outcome, Outcomes};
use crate::rules;
use crate::state::{ModelId, State};
use crate::target::Target;

/// How often a repeated call is made at most; no graph takes more tasks.
const MOST_REPEATS: u32 = 1 << 20;

/// What one `aclmdlRIDebugJsonPrint` wrote.
#[derive(Clone, Debug)]
pub struct Dumped<'l> {
    /// The call, by its position in the log.
    pub call: u32,
    /// The path it was given.
    pub path: &'l str,
    /// Whether kernel arguments were asked for.
    pub is_verbose: bool,
    /// The graph it printed.
    pub model: ModelId,
    /// The records, ready to be printed or compared.
    pub dump: acg_dump::Dump<'l>,
}

/// What a log does on a machine.
#[derive(Debug)]
pub struct Replay<'l> {
    /// What each call answered, by its position in the log.
    pub outcomes: Outcomes,
    /// The calls whose code the log states otherwise, by their positions in it.
    pub differing: Vec<u32>,
    /// Every dump, in order.
    pub dumps: Vec<Dumped<'l>>,
    /// What was printed, where the dumps are not kept and can still be made of the state.
    pub(crate) printed: Option<Vec<Printed>>,
    /// Every finding, in the order of the calls.
    pub findings: Vec<Finding>,
    /// The state after the last call.
    pub state: State,
}

/// Replays `log` on the machine that `profile` describes.
///
/// Never fails: what the runtime refuses is an outcome, and arguments of a wrong form count as NULL.
pub fn replay<'l>(log: &'l Log, profile: &Profile) -> Replay<'l> {
    run(log, Machine::new(log, Target::of(profile)))
}

/// As [`replay`], for who does not look at dumps, or writes them later by [`LateDumps`](crate::LateDumps): those of large graphs take
/// more memory than all the rest.
pub fn replay_without_dumps<'l>(log: &'l Log, profile: &Profile) -> Replay<'l> {
    let mut machine = Machine::new(log, Target::of(profile));
    machine.keeps_dumps = false;
    run(log, machine)
}

fn run<'l>(log: &'l Log, mut machine: Machine<'l>) -> Replay<'l> {
    let mut outcomes = Outcomes::default();
    let mut differing = Vec::new();
    for view in log.iter() {
        machine.turn_to(&view);
        let outcome = make(&mut machine, &view);
        if view.recorded().returned.is_some_and(|returned| returned != outcome.code) {
            differing.push(view.id.0);
        }
        outcomes.push(outcome);
    }
    rules::at_the_end(&mut machine);
    let printed = machine.printed.filter(|_| !machine.keeps_dumps);
    let mut findings = machine.findings;
    findings.sort_by_key(|finding| finding.call);
    Replay { outcomes, differing, dumps: machine.dumps, printed, findings, state: machine.state }
}

/// Makes a call as often as the log says.
fn make<'l>(machine: &mut Machine<'l>, view: &CallView<'l>) -> Outcome {
    let mut outcome = Outcome { code: 0, note: None };
    for _ in 0..view.manner().repeat.clamp(1, MOST_REPEATS) {
        let answer = handlers::answer(machine, view);
        outcome.note = answer.note;
        if let Some(refusal) = answer.refusal
            && outcome.code == 0
        {
            outcome.code = refusal.code();
            machine.file(refusal);
        }
    }
    outcome
}

impl Dumped<'_> {
    /// The text of the file, byte for byte, as process `pid` of a machine with `profile` would write it.
    pub fn text(&self, profile: &Profile, pid: u32) -> String {
        acg_dump::print(&self.dump, acg_dump::Format::of(profile), pid, self.is_verbose)
    }

    /// Writes what [`Dumped::text`] gives, without holding all of it.
    ///
    /// # Errors
    ///
    /// Where `out` cannot be written to.
    pub fn write(&self, profile: &Profile, pid: u32, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        acg_dump::write(&self.dump, acg_dump::Format::of(profile), pid, self.is_verbose, out)
    }
}
