//! What an execution finds out, as rules.

use acg_diagnostics::{Diagnostic, FileId, Rule, Span};
use acg_ir::{Conflict, Module};

use crate::fault::{Fault, FaultKind, Line, RacePair, Site, Unmet};

/// Every rule of the executor, by code.
pub static RULES: &[&Rule] = &[
    &NOT_EXECUTABLE,
    &STUCK_EXECUTION,
    &EXECUTION_LIMIT,
    &UNMET_EXPECTATION,
    &RACING_EXECUTION,
    &SCHEDULE_DEPENDENT,
];

/// Something has no numerics, or a result that the reference leaves open.
pub static NOT_EXECUTABLE: Rule =
    Rule::error("ACG487", "not-executable", &[], "the reference executor cannot compute this line");

/// All that is left waits.
pub static STUCK_EXECUTION: Rule =
    Rule::error("ACG488", "stuck-execution", &[], "an execution waits for something that never comes");

/// Memory or steps.
pub static EXECUTION_LIMIT: Rule =
    Rule::error("ACG489", "execution-limit", &[], "an execution takes more memory or steps than are allowed");

/// `expect` does not hold.
pub static UNMET_EXPECTATION: Rule =
    Rule::error("ACG490", "unmet-expectation", &[], "a buffer does not hold what the program expects");

/// Two accesses of an execution are unordered.
pub static RACING_EXECUTION: Rule =
    Rule::silent("ACG491", "racing-execution", "two lines touched the same memory and nothing orders them");

/// Two schedules give different results.
pub static SCHEDULE_DEPENDENT: Rule =
    Rule::error("ACG492", "schedule-dependent", &[], "a program gives other results under another schedule");

/// The place of a line in the file that `module` was read from; the start of its body for a line that a pass made.
pub(crate) fn span(module: &Module, site: Site, file: FileId) -> Span {
    let Some(body) = module.body(site.body) else { return Span::new(file, 0, 0) };
    let range = match site.line {
        Line::Task(task) => body.spans[task],
        Line::Conditional(conditional) => body.conditionals[conditional].span,
        Line::Update(update) => body.updates[update].span,
    };
    let range = if range.start == range.end { body.header } else { range };
    Span::new(file, range.start, range.end)
}

impl Fault {
    /// The diagnostic for a program that was read from `file`.
    pub fn diagnostic(&self, module: &Module, file: FileId) -> Diagnostic {
        let (rule, help) = match self.kind {
            FaultKind::NotExecutable => (&NOT_EXECUTABLE, None),
            FaultKind::Stuck => (
                &STUCK_EXECUTION,
                Some("record the event, give the notify or write the value on a stream that gets there"),
            ),
            FaultKind::Limit => {
                (&EXECUTION_LIMIT, Some("`--memory-limit`, `--steps` and `--rounds` allow more"))
            }
        };
        let place = self.site.map_or(Span::new(file, 0, 0), |site| span(module, site, file));
        let mut diagnostic = Diagnostic::new(rule, place, self.message.clone());
        for (site, text) in &self.related {
            diagnostic = diagnostic.related(span(module, *site, file), text.clone());
        }
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

impl Unmet {
    /// The diagnostic for a program that was read from `file`.
    pub fn diagnostic(&self, module: &Module, file: FileId) -> Diagnostic {
        Diagnostic::new(&UNMET_EXPECTATION, span(module, self.site, file), self.message.clone())
    }
}

impl RacePair {
    /// The diagnostic for a program that was read from `file`.
    pub fn diagnostic(&self, module: &Module, file: FileId) -> Diagnostic {
        let does = match self.conflict {
            Conflict::ReadAfterWrite => "reads what the other line writes",
            Conflict::WriteAfterRead => "writes what the other line reads",
            Conflict::WriteAfterWrite => "writes what the other line writes",
        };
        Diagnostic::new(
            &RACING_EXECUTION,
            span(module, self.second, file),
            format!("this line {does}, {}, and nothing orders the two", self.about),
        )
        .related(span(module, self.first, file), "the other line")
        .help("order them by a stream, an event, or a synchronisation of the host")
    }
}
