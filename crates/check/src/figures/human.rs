//! The figures for people.

use std::fmt::Write as _;

use crate::duration::microseconds;

use super::{Figures, GraphFigures};

/// A word before each line, as wide as the widest.
const WORD: usize = 16;

pub(super) fn report(figures: &Figures) -> String {
    let mut out = String::new();
    for graph in &figures.graphs {
        // Writing to a string cannot fail.
        let _ = write_graph(&mut out, graph);
    }
    if let Some(updates) = &figures.updates {
        out.push_str(&updates.text());
    }
    let _ = writeln!(out, "times are those of the device model {}", figures.model);
    out
}

fn write_graph(out: &mut String, graph: &GraphFigures) -> std::fmt::Result {
    let sync = graph.sync;
    writeln!(out, "schedule of {}", graph.name)?;
    writeln!(out, "  {:WORD$}{} on {}", "tasks", graph.tasks, counted(graph.streams, "stream"))?;
    write!(
        out,
        "  {:WORD$}{} and {} of {}",
        "sync",
        counted(sync.records, "record"),
        counted(sync.waits, "wait"),
        counted(graph.events, "event")
    )?;
    let edges = [(sync.forks, "bring streams in"), (sync.joins, "bring them back")];
    let edges: Vec<String> = edges
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} only {what}"))
        .collect();
    writeln!(out, "{}{}", if edges.is_empty() { "" } else { "; of these waits " }, edges.join(", "))?;
    write!(out, "  {:WORD$}{}", "makespan", microseconds(graph.makespan))?;
    match (&graph.known, graph.best_bound()) {
        (Err(reason), _) => writeln!(out, "; no bounds, because {reason}")?,
        (Ok(_), Some(bound)) if bound.value == graph.makespan => {
            writeln!(out, ", the shortest there is ({})", bound.kind)?;
        }
        (Ok(_), Some(bound)) => {
            #[allow(clippy::cast_precision_loss, reason = "two digits of a percentage are shown")]
            let above = (graph.makespan as f64 / bound.value.max(1) as f64 - 1.0) * 100.0;
            writeln!(
                out,
                ", at most {above:.2} % above the shortest: none ends before {} ({})",
                microseconds(bound.value),
                bound.kind
            )?;
        }
        (Ok(_), None) => writeln!(out)?,
    }
    if let Ok(known) = &graph.known {
        let (path, work) = (microseconds(known.critical_path), microseconds(known.work));
        writeln!(out, "  {:WORD$}{path}; all tasks one by one take {work}", "critical path")?;
        if let Some(full) = &known.full {
            let (few, free) = (full.fewest_streams, full.fewest_syncs);
            let (streams, waits) = (counted(few.streams, "stream"), counted(few.syncs, "wait"));
            write!(out, "  {:WORD$}{streams} with {waits} between them", "full width")?;
            if free == few {
                writeln!(out, "; nothing has fewer of either")?;
            } else {
                let (streams, waits) = (counted(free.streams, "stream"), counted(free.syncs, "wait"));
                writeln!(out, ", or {streams} with {waits}; nothing has fewer of either")?;
            }
        }
    }
    if let Some(memory) = graph.memory {
        write!(out, "  {:WORD$}{} bytes for temporaries of {}", "memory", memory.peak, memory.apart)?;
        if memory.peak == memory.proved {
            writeln!(out, ", the fewest there are")?;
        } else {
            writeln!(out, "; no placement takes fewer than {}", memory.proved)?;
        }
    }
    Ok(())
}

/// `1 wait`, `2 waits`.
fn counted(count: u32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
