//! For people at a terminal.

use std::fmt::Write as _;

use super::sections::{Section, renamed_streams, sections, summary};
use super::{RenderOptions, phrase};
use crate::files::Files;
use crate::report::Side;

/// The difference of two files, for people.
pub fn human(files: &Files<'_>, options: RenderOptions) -> String {
    let mut text = String::new();
    let several = files.graphs.len() + files.only.len() > 1;
    for (side, file) in [(Side::Old, files.old), (Side::New, files.new)] {
        let predicted = file
            .predicted_for
            .as_ref()
            .map_or_else(String::new, |target| format!(", predicted for {target}"));
        let _ = writeln!(text, "{} {}{predicted}", phrase::letter(side), file.name);
    }
    for graph in &files.graphs {
        let _ = if several && graph.old == graph.new {
            write!(text, "\ngraph {}: ", graph.old)
        } else if several {
            write!(text, "\ngraph {} and {}: ", graph.old, graph.new)
        } else {
            writeln!(text)
        };
        let _ = writeln!(text, "{}", summary(&graph.report));
        if let Some(renamed) = renamed_streams(&graph.report).filter(|_| !graph.report.is_empty()) {
            let _ = writeln!(text, "{renamed}");
        }
        for section in sections(&graph.report) {
            write_section(&mut text, &section, options);
        }
    }
    for (side, name) in &files.only {
        let _ = writeln!(text, "\ngraph {name}: only in {}", phrase::letter(*side));
    }
    text
}

fn write_section(text: &mut String, section: &Section, options: RenderOptions) {
    let _ = writeln!(text, "\n{}", section.title);
    for line in section.lines.iter().take(options.limit) {
        let _ = writeln!(text, "  {} {}", label(line.label, options.colour), line.text);
        for detail in &line.details {
            let _ = writeln!(text, "           {detail}");
        }
    }
    if let Some(more) = section.lines.len().checked_sub(options.limit).filter(|&more| more > 0) {
        let _ = writeln!(text, "  and {more} more");
    }
}

fn label(label: &str, colour: bool) -> String {
    let code = match label {
        "lost" | "removed" => 31,
        "gained" | "added" => 32,
        "reversed" | "moved" | "changed" => 33,
        _ => 2,
    };
    if colour { format!("\u{1b}[{code}m{label:<8}\u{1b}[0m") } else { format!("{label:<8}") }
}
