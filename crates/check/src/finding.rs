//! From a finding at a call to a diagnostic at a place in the source.

use acg_diagnostics::{Code, Diagnostic, Severity, Span};
use acg_runtime::Finding;
use rustc_hash::{FxHashMap, FxHashSet};

/// Turns findings into diagnostics, first causes first.
///
/// `place` gives the span of a call. What is only the consequence of an earlier finding is told with that finding, not as a
/// finding of its own; a call without a place of its own is told where its cause is.
pub(crate) fn diagnostics<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    place: impl Fn(u32) -> Span,
) -> Vec<Diagnostic> {
    let mut by_call: FxHashMap<u32, usize> = FxHashMap::default();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for finding in findings {
        if let Some(&cause) = finding.consequence_of.and_then(|call| by_call.get(&call)) {
            by_call.entry(finding.call).or_insert(cause);
            consequence(&mut diagnostics[cause], finding, place(finding.call));
            continue;
        }
        by_call.entry(finding.call).or_insert(diagnostics.len());
        diagnostics.push(diagnostic(finding, &place));
    }
    diagnostics
}

/// The hazards that no finding of the replay explains.
///
/// A call that is refused or does something else than it reads like leaves work unordered and memory unwritten; that is
/// told with the call, once.
pub(crate) fn unexplained<'f>(
    hazards: &'f [Finding],
    replayed: &[Finding],
) -> impl Iterator<Item = &'f Finding> + use<'f> {
    let explained = replayed.iter().filter(|finding| finding.rule.severity != Severity::Lint);
    let explained: FxHashSet<u32> = explained.map(|finding| finding.call).collect();
    hazards.iter().filter(move |hazard| {
        let calls = std::iter::once(hazard.call).chain(hazard.labels.iter().map(|label| label.0));
        !calls.into_iter().any(|call| explained.contains(&call))
    })
}

fn diagnostic(finding: &Finding, place: &impl Fn(u32) -> Span) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(finding.rule, place(finding.call), finding.message.clone());
    for (call, text) in &finding.labels {
        diagnostic = diagnostic.related(place(*call), text.clone());
    }
    diagnostic.notes.clone_from(&finding.notes);
    diagnostic.help.clone_from(&finding.help);
    diagnostic.returns = finding.returns;
    if let Some(code) = finding.returns {
        diagnostic.primary.text = format!("returns {}", Code::describe(code));
    }
    diagnostic
}

/// A cause that breaks a hundred calls is still one story; the first few say enough.
const MAX_CONSEQUENCES: usize = 8;

fn consequence(cause: &mut Diagnostic, finding: &Finding, span: Span) {
    let told = cause.related.iter().filter(|label| label.text.starts_with("therefore")).count();
    if told < MAX_CONSEQUENCES {
        let code = finding.returns.map_or(String::new(), |code| format!(" with {code}"));
        cause.related.push(acg_diagnostics::Label {
            span,
            text: format!("therefore this fails{code}: {}", finding.message),
        });
    } else if told == MAX_CONSEQUENCES {
        cause.notes.push("more calls fail for the same reason".to_owned());
    }
}
