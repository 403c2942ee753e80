//! Checking a `.calls` log: read, replay, compare with the codes that it holds.

use acg_calls::{CallId, Log};
use acg_diagnostics::{Diagnostic, FileId, Severity, Sources, Span, suppress};
use acg_runtime::Replay;

use crate::catalogue::{CODE_DIFFERS, rules};
use crate::program::Checked;
use crate::target::{TargetChoice, TargetLine};

/// Checks the log in `file`.
///
/// Logs name no target; `choice` or the default decides. A log of a run whose own refusals are recorded is right about
/// itself: what it says and what is predicted is compared, and every refusal is reported with its rule all the same.
///
/// # Panics
///
/// Never: a choice was resolved when it was made, and logs add nothing to it.
pub fn check_log(sources: &Sources, file: FileId, choice: &TargetChoice) -> Checked {
    let acg_calls::Reading { log, mut diagnostics } = acg_calls::read(file, &sources.file(file).text);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Checked::rejected(diagnostics);
    }
    let profile = choice.resolve(TargetLine::default()).expect("a choice is checked when it is made");
    let replay = acg_runtime::replay_without_dumps(&log, &profile);
    let hazards = acg_hazards::hazards(&log, &replay, &acg_hazards::Arguments::of(&log));
    let findings = replay.findings.iter().chain(crate::finding::unexplained(&hazards, &replay.findings));
    diagnostics.extend(crate::finding::diagnostics(findings, |call| span(&log, file, call)));
    diagnostics.extend(differences(&log, file, &replay));
    let (allows, malformed) = crate::log_allows::read(file, &sources.file(file).text, &log);
    diagnostics.extend(malformed);
    suppress(&mut diagnostics, &allows, rules());
    Checked::rejected(diagnostics)
}

/// Where the codes in the log and the predicted ones differ; status codes of the graph engine are not predicted.
pub(crate) fn differences(log: &Log, file: FileId, replay: &Replay<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for &call in &replay.differing {
        let call = log.view(CallId(call));
        let Some(returned) = call.recorded().returned.filter(|_| !call.api().is_graph_engine()) else {
            continue;
        };
        let outcome = &replay.outcomes[call.id.index()];
        let message =
            format!("the log says that {} returned {returned}; {} is predicted", call.api(), outcome.code);
        let diagnostic = Diagnostic::new(&CODE_DIFFERS, span(log, file, call.id.0), message)
            .note("a log from another machine or release than the target differs; `--target` and `--cann` choose")
            .returns(outcome.code);
        diagnostics.push(diagnostic);
    }
    diagnostics
}

fn span(log: &Log, file: FileId, call: u32) -> Span {
    log.recorded(CallId(call)).span.unwrap_or(Span::new(file, 0, 0))
}
