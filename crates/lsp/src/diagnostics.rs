//! What is wrong with a document, as the protocol says it.

use acg_check::{Checked, Diagnostic, Kind, Severity};
use lsp_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Uri,
};

use crate::document::Document;
use crate::{Settings, SettingsOf};

/// Checks a document; what is wrong with the settings stands at its beginning.
pub(crate) fn diagnostics(uri: &Uri, document: &Document, of: &SettingsOf<'_>) -> Vec<lsp_types::Diagnostic> {
    let Settings { choice, levels } = match of(document.path()) {
        Ok(settings) => settings,
        Err(wrong) => {
            return vec![lsp_types::Diagnostic {
                range: document.range(0..0),
                severity: Some(DiagnosticSeverity::ERROR),
                source: Some("acg".to_owned()),
                message: wrong,
                ..lsp_types::Diagnostic::default()
            }];
        }
    };
    let (sources, file) = document.sources();
    let Checked { mut diagnostics, .. } = match document.kind() {
        Kind::Program => acg_check::check_program(sources, file, &choice),
        Kind::Log => acg_check::check_log(sources, file, &choice),
        Kind::Dump => acg_check::check_dumps(sources, &[file], &choice),
    };
    levels.apply(&mut diagnostics);
    let shown = acg_check::limit(diagnostics).into_iter().filter(|found| found.allowed_by.is_none());
    shown.map(|found| convert(uri, document, &found)).collect()
}

fn convert(uri: &Uri, document: &Document, found: &Diagnostic) -> lsp_types::Diagnostic {
    let (sources, file) = document.sources();
    let place = |span| document.range(sources.file(file).clamp(span));
    let related = found.related.iter().map(|label| DiagnosticRelatedInformation {
        location: Location::new(uri.clone(), place(label.span)),
        message: label.text.clone(),
    });
    let is_unused = found.rule.severity == Severity::Lint && found.rule.name.starts_with("dead-");
    lsp_types::Diagnostic {
        range: place(found.primary.span),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Silent => DiagnosticSeverity::WARNING,
            Severity::Lint => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(found.rule.code.to_owned())),
        source: Some("acg".to_owned()),
        message: message(found),
        related_information: Some(related.collect()),
        tags: is_unused.then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..lsp_types::Diagnostic::default()
    }
}

/// The message with everything that the human format shows below it.
fn message(found: &Diagnostic) -> String {
    let mut lines = vec![found.message.clone()];
    lines.extend(found.returns.map(|code| format!("returns {}", acg_check::codes::Code::describe(code))));
    lines.extend(found.notes.iter().cloned());
    lines.extend(found.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}
