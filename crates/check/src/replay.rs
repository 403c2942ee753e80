//! Replaying a `.calls` log: the same log with predicted codes and notes, and the dumps that it prints.

use acg_calls::{Api, CallId};
use acg_diagnostics::{Diagnostic, FileId, Severity, Sources};

use crate::emit::Artefact;
use crate::log::differences;
use crate::target::{TargetChoice, TargetLine};

/// A replayed log.
pub struct Replayed {
    /// The log with the predicted code and note behind every call.
    pub log: String,
    /// The dumps, in the order in which they are printed, by the path that the log gives.
    pub dumps: Vec<Artefact<'static>>,
    /// Where the log held another code, with the rule that explains the predicted one.
    pub differences: Vec<Diagnostic>,
}

/// Replays the log in `file` and prints process id `pid` into its dumps.
///
/// # Errors
///
/// Everything that keeps the log from being read.
///
/// # Panics
///
/// Never: a choice was resolved when it was made, and logs add nothing to it.
pub fn replay_log(
    sources: &Sources,
    file: FileId,
    choice: &TargetChoice,
    pid: u32,
) -> Result<Replayed, Vec<Diagnostic>> {
    let acg_calls::Reading { log, diagnostics } = acg_calls::read(file, &sources.file(file).text);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    let profile = choice.resolve(TargetLine::default()).expect("a choice is checked when it is made");
    let replay = acg_runtime::replay(&log, &profile);
    let differences = differences(&log, file, &replay);
    let mut answered = log.clone();
    for (index, outcome) in replay.outcomes.iter().enumerate() {
        let id = CallId(index as u32);
        // The C library's own functions return no `aclError`.
        answered.recorded_mut(id).returned = (log[id].api != Api::CMalloc).then_some(outcome.code);
        if let Some(note) = &outcome.note {
            answered.note(id, &note.to_string());
        }
    }
    let dumps = replay
        .dumps
        .iter()
        .map(|dumped| Artefact::of_text(dumped.path.to_owned(), dumped.text(&profile, pid)))
        .collect();
    Ok(Replayed { log: answered.to_text(), dumps, differences })
}
