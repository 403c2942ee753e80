//! Source excerpts with marked places, drawn by `annotate-snippets`.
//!
//! The renderer is handed windows of a few short lines, never a file, because it walks and measures all that it is
//! given. It would count columns in the window, so it is handed a mark where the path goes, and the true place is
//! put in afterwards.

mod window;

use std::fmt::Write as _;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};

use self::window::{Mark, Window, windows};
use super::plain_text::one_line;
use super::{RenderOptions, shown};
use crate::{Code, Diagnostic, Severity, Sources};

/// Stands for a path until the drawing is done; `plain_text` keeps it out of everything else.
const PATH_MARK: char = '\u{FFFF}';

/// How many related places are drawn; more would bury the first.
const MOST_RELATED: usize = 16;

/// Lines narrower than this cannot hold a path and an excerpt.
const LEAST_WIDTH: usize = 40;

pub(super) fn write(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(options.width.max(LEAST_WIDTH));
    for diagnostic in shown(diagnostics) {
        let windows = windows(diagnostic, sources, MOST_RELATED);
        let drawing = draw(diagnostic, &windows, &renderer);
        writeln!(out, "{}\n", with_places(&drawing, &windows, sources))?;
    }
    Ok(())
}

/// The diagnostic as lines, with marks in place of paths.
fn draw(diagnostic: &Diagnostic, windows: &[Window], renderer: &Renderer) -> String {
    let rule = diagnostic.rule;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Silent | Severity::Lint => Level::WARNING.with_name(diagnostic.severity.as_str()),
    };
    let title = level.primary_title(one_line(&diagnostic.message)).id(format!("{} {}", rule.code, rule.name));
    let group = title.elements(windows.iter().map(snippet)).elements(messages(diagnostic));
    renderer.render(&[group])
}

fn snippet(window: &Window) -> Element<'_> {
    let annotation = |mark: &Mark| {
        let kind = if mark.is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = (!mark.text.is_empty()).then(|| mark.text.clone());
        kind.span(mark.range.clone()).label(label)
    };
    Snippet::source(window.text.as_str())
        .line_start(window.first_line as usize)
        .path(String::from(PATH_MARK))
        .annotations(window.marks.iter().map(annotation))
        .into()
}

/// What follows the excerpts: the code, the facts and the remedy.
fn messages(diagnostic: &Diagnostic) -> Vec<Element<'_>> {
    let mut messages = Vec::new();
    let mut note = |text: String| messages.push(Level::NOTE.message(text).into());
    if let Some(returns) = diagnostic.returns.filter(|_| !diagnostic.primary.text.starts_with("returns")) {
        note(format!("returns {}", Code::describe(returns)));
    }
    for text in &diagnostic.notes {
        note(one_line(text).into_owned());
    }
    let left_out = diagnostic.related.len().saturating_sub(MOST_RELATED);
    if left_out > 0 {
        note(format!("{left_out} more related places are not shown"));
    }
    if let Some(help) = &diagnostic.help {
        messages.push(Level::HELP.message(one_line(help)).into());
    }
    messages
}

/// `drawing` with the place of each window where its mark and the renderer's own line and column are.
fn with_places(drawing: &str, windows: &[Window], sources: &Sources) -> String {
    let mut parts = drawing.split(PATH_MARK);
    let mut text = String::with_capacity(drawing.len() + 64 * windows.len());
    text.push_str(parts.next().unwrap_or_default());
    for (part, window) in parts.zip(windows) {
        let name = one_line(&sources.file(window.file).name);
        // Writing to a string cannot fail.
        let _ = write!(text, "{name}:{}:{}", window.place.line, window.place.column);
        text.push_str(part.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    text
}
