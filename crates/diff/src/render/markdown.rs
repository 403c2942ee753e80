//! For reviews: Markdown, as forges show it.

use std::fmt::Write as _;

use super::sections::{renamed_streams, sections, summary};
use super::{RenderOptions, phrase};
use crate::files::Files;
use crate::graph::File;

/// The difference of two files, as Markdown.
pub fn markdown(files: &Files<'_>, options: RenderOptions) -> String {
    let mut text = String::new();
    let verdict = if files.is_empty() { "No differences" } else { "The graphs differ" };
    let file = |file: &File| match &file.predicted_for {
        Some(target) => format!("`{}` (predicted for {target})", file.name),
        None => format!("`{}`", file.name),
    };
    let _ = writeln!(text, "### {verdict}\n\nA: {}, B: {}", file(files.old), file(files.new));
    let several = files.graphs.len() + files.only.len() > 1;
    for graph in &files.graphs {
        if several {
            let _ = writeln!(text, "\n#### Graph `{}` and `{}`", graph.old, graph.new);
        }
        let _ = writeln!(text, "\n**{}**", summary(&graph.report));
        if let Some(renamed) = renamed_streams(&graph.report).filter(|_| !graph.report.is_empty()) {
            let _ = writeln!(text, "\n{renamed}");
        }
        for section in sections(&graph.report) {
            let _ = writeln!(text, "\n| {} | |\n|---|---|", section.title);
            for line in section.lines.iter().take(options.limit) {
                let lines = [&line.text].into_iter().chain(&line.details).map(|line| cell(line));
                let _ = writeln!(text, "| {} | {} |", line.label, lines.collect::<Vec<_>>().join("<br>"));
            }
            if let Some(more) = section.lines.len().checked_sub(options.limit).filter(|&more| more > 0) {
                let _ = writeln!(text, "| | and {more} more |");
            }
        }
    }
    for (side, name) in &files.only {
        let _ = writeln!(text, "\nGraph `{name}` is only in {}.", phrase::letter(*side));
    }
    text
}

/// Text that does not end the cell that it is in.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
