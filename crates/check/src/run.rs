//! Executing a program on the reference executor, under one schedule or several.

use acg_diagnostics::{Diagnostic, FileId, Severity, Sources, suppress};
use acg_ir::Module;
use acg_reference::rules::RACING_EXECUTION;
use acg_reference::{Options, Outcome, Program, Schedule, run};

use crate::catalogue::rules;
use crate::compile::{CompileOptions, compile_program};
use crate::target::TargetChoice;

/// How a program is executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// Limits, inputs, and the schedule of the first execution.
    pub options: Options,
    /// How many seeds from that of a random schedule on are tried.
    pub seeds: u64,
}

/// What executing a program gave.
#[derive(Debug, Default)]
pub struct Ran {
    /// What the checks found, as for compiling.
    pub checked: Vec<Diagnostic>,
    /// What the executions found, each thing once, as far as the checks did not.
    pub found: Vec<Diagnostic>,
    /// Whether the executions found anything.
    pub failed: bool,
    /// What the first execution printed.
    pub printed: Vec<String>,
    /// What was executed without knowing what it computes.
    pub stand_ins: Vec<String>,
    /// Whether the runtime would take the program, so that it was executed.
    pub accepted: bool,
}

/// Checks and compiles the program in `file` and executes what came out.
pub fn run_program(
    sources: &Sources,
    file: FileId,
    choice: &TargetChoice,
    compile: &CompileOptions,
    execution: &Execution,
) -> Ran {
    let compiled = compile_program(sources, file, choice, compile);
    let mut ran = Ran::default();
    let checked = &compiled.checked.diagnostics;
    if let Some(accepted) = compiled.checked.accepted() {
        ran.accepted = true;
        let has_ended = execute(&accepted.module, file, execution, &mut ran);
        suppress(&mut ran.found, &accepted.execution_allows, rules());
        let (told, found): (Vec<_>, Vec<_>) = std::mem::take(&mut ran.found)
            .into_iter()
            .partition(|found| tellers(found, checked).next().is_some());
        let counts = |found: &Diagnostic| found.severity > Severity::Lint && found.allowed_by.is_none();
        // What is allowed is hidden from the report. An execution that ended early did so all the same.
        ran.failed = !has_ended
            || found.iter().any(counts)
            || told.iter().any(|race| counts(race) && tellers(race, checked).all(counts));
        ran.found = found;
    }
    ran.checked = compiled.checked.diagnostics;
    ran
}

/// The checks that name all lines of a race.
fn tellers<'d>(race: &'d Diagnostic, checked: &'d [Diagnostic]) -> impl Iterator<Item = &'d Diagnostic> {
    let is_race = *race.rule == RACING_EXECUTION;
    let places = std::iter::once(&race.primary).chain(&race.related).map(|label| label.span);
    let names = |told: &Diagnostic, span| {
        told.primary.span == span || told.related.iter().any(|label| label.span == span)
    };
    checked.iter().filter(move |told| is_race && places.clone().all(|span| names(told, span)))
}

/// Executes under all schedules; whether each execution came to its end.
fn execute(module: &Module, file: FileId, execution: &Execution, ran: &mut Ran) -> bool {
    let program = Program::new(module);
    let mut first: Option<(u64, Outcome)> = None;
    for number in 0..execution.seeds.max(1) {
        let (seed, schedule) = match execution.options.schedule {
            Schedule::Program if number > 0 => break,
            Schedule::Program => (0, Schedule::Program),
            Schedule::Random(seed) => {
                (seed.wrapping_add(number), Schedule::Random(seed.wrapping_add(number)))
            }
        };
        let options = Options { schedule, ..execution.options.clone() };
        let outcome = match run(&program, &options) {
            Ok(outcome) => outcome,
            Err(fault) => {
                if first.is_none() {
                    ran.printed.clone_from(&fault.printed);
                }
                note(fault.diagnostic(module, file), ran);
                return false;
            }
        };
        outcome.races.iter().for_each(|race| note(race.diagnostic(module, file), ran));
        outcome.unmet.iter().for_each(|unmet| note(unmet.diagnostic(module, file), ran));
        let Some((first_seed, first)) = &first else {
            ran.printed.clone_from(&outcome.printed);
            ran.stand_ins.clone_from(&outcome.stand_ins);
            first = Some((seed, outcome));
            continue;
        };
        if let Some(difference) = first.difference(&outcome, module) {
            note(outcome.schedule_dependent(&difference, (*first_seed, seed), module, file), ran);
            // The first pair of seeds that differs says all.
            break;
        }
    }
    true
}

fn note(diagnostic: Diagnostic, ran: &mut Ran) {
    if !ran.found.contains(&diagnostic) {
        ran.found.push(diagnostic);
    }
}
