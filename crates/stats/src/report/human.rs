//! The report for people.

use std::fmt::Write as _;

use acg_trace::{Fingerprint, Kind, Role};

use super::{Machine, Report};
use crate::budget::{Line, shown};
use crate::graph::{Graph, Measures};
use crate::run::Run;
use crate::width::Width;

/// How many streams, and how many parts of a way, are shown before the rest is summed up.
const MOST_SHOWN: usize = 16;

/// A word before each line, as wide as the widest.
const WORD: usize = 16;

pub(super) fn report(report: &Report<'_>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for (graph, measures) in &report.graphs {
        let _ = write_graph(&mut out, graph, measures);
        out.push('\n');
    }
    for machine in &report.budgets {
        let _ = write_budget(&mut out, report, machine);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

pub(super) fn fingerprints(graphs: &[Graph]) -> String {
    let mut out = String::new();
    for graph in graphs {
        let fingerprint = Fingerprint::of(&graph.trace);
        let kinds = kinds(&fingerprint.kinds);
        let _ = writeln!(out, "{fingerprint}  {}  {kinds}", graph.name);
    }
    out
}

/// `3 vector kernels, 1 copy`, as `vector kernel 3, copy 1`.
fn kinds(kinds: &[(Kind, u32)]) -> String {
    let texts: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    if texts.is_empty() { "no tasks".to_owned() } else { texts.join(", ") }
}

/// `1 task`, `2 tasks`.
fn counted(count: u32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn write_graph(out: &mut String, graph: &Graph, measures: &Measures) -> std::fmt::Result {
    let counts = &measures.counts;
    writeln!(out, "{}", graph.name)?;
    writeln!(out, "  {:WORD$}{}", "fingerprint", measures.fingerprint)?;
    writeln!(
        out,
        "  {:WORD$}{}: {} work, {} sync, {} added by the runtime",
        "tasks", counts.tasks, counts.work, counts.sync, counts.added
    )?;
    writeln!(out, "  {:WORD$}{}", "by kind", kinds(&counts.kinds))?;
    let groups =
        if counts.groups > 0 { format!(", {}", counted(counts.groups, "task group")) } else { String::new() };
    writeln!(
        out,
        "  {:WORD$}{} on {}{groups}",
        "streams",
        counts.streams.len(),
        counted(counts.lanes, "lane")
    )?;
    for stream in counts.streams.iter().take(MOST_SHOWN) {
        let role = match stream.role {
            Role::Origin => "origin".to_owned(),
            Role::Side => "side".to_owned(),
            Role::Continues { stream: parent, named } => format!(
                "continues {}{}",
                graph.trace.streams[parent].id,
                if named { "" } else { ", which is inferred" }
            ),
        };
        let name = format!("  {}", stream.id);
        writeln!(out, "  {name:WORD$}{role}: {}: {}", counted(stream.tasks, "task"), kinds(&stream.kinds))?;
    }
    if let Some(more) = counts.streams.len().checked_sub(MOST_SHOWN).filter(|&more| more > 0) {
        writeln!(out, "  {:WORD$}and {more} more", "")?;
    }
    let path = &measures.critical_path;
    writeln!(
        out,
        "  {:WORD$}{} of work, {} with records and waits: {}",
        "critical path",
        counted(path.work, "task"),
        path.tasks,
        way(&path.runs)
    )?;
    writeln!(out, "  {:WORD$}{}", "width", width(graph, &measures.width))?;
    match counts.sync_percent() {
        Some(percent) => writeln!(
            out,
            "  {:WORD$}{percent:.1} % of the program's tasks record or wait ({} of {}); {} for another lane",
            "sync density",
            counts.sync,
            counts.work + counts.sync,
            counted(counts.crossings, "wait")
        )?,
        None => writeln!(out, "  {:WORD$}no tasks", "sync density")?,
    }
    if measures.circles > 0 {
        writeln!(
            out,
            "  {:WORD$}{}: tasks wait for each other and never run (`acg check` shows them); what is said of order ignores the waits that close them",
            "wait cycles", measures.circles
        )?;
    }
    Ok(())
}

/// `stream 4 tasks 0-3, stream 5 task 7`.
fn way(runs: &[Run]) -> String {
    let text = |run: &Run| match run.tasks {
        1 => format!("stream {} task {}", run.stream, run.from),
        _ => format!("stream {} tasks {}-{}", run.stream, run.from, run.to),
    };
    if runs.is_empty() {
        return "none".to_owned();
    }
    let mut texts: Vec<String> = runs.iter().take(MOST_SHOWN).map(text).collect();
    if runs.len() > MOST_SHOWN {
        texts.push(format!("and {} more parts", runs.len() - MOST_SHOWN));
    }
    texts.join(", ")
}

fn width(graph: &Graph, width: &Width) -> String {
    let trace = &graph.trace;
    let names: Vec<String> = width
        .together
        .iter()
        .take(MOST_SHOWN)
        .map(|&task| {
            let stream = trace.streams[trace.tasks[task].stream].id;
            format!("stream {stream} task {}", trace.record(task).task)
        })
        .collect();
    let more = if width.least() > MOST_SHOWN { ", …" } else { "" };
    let names = names.join(", ") + more;
    match (width.least(), width.most()) {
        (0, 0) => "0: there is no work".to_owned(),
        (1, 1) => format!("1, exact: all work follows {names} or leads to it, on one chain"),
        (least, most) if least == most => {
            format!("{least}, exact: no two of {names} are ordered, and {most} chains hold all work")
        }
        (least, most) => format!(
            "between {least} and {most}: no two of {names} are ordered, and {most} chains hold all work; the graph is too large to find the number"
        ),
    }
}

fn write_budget(out: &mut String, report: &Report<'_>, machine: &Machine<'_>) -> std::fmt::Result {
    let profile = machine.profile;
    let processes = match report.processes {
        0 | 1 => String::new(),
        processes => format!(", in each of {processes} processes"),
    };
    let graphs = match machine.graphs.len() {
        1 => "1 graph".to_owned(),
        count => format!("{count} graphs at once"),
    };
    let is_shown = machine.graphs.iter().any(|&index| report.graphs[index].0.is_shown);
    let shown_by = if is_shown { ", as the dumps show; --target names another" } else { "" };
    writeln!(
        out,
        "budget of {graphs}{processes} on {}: {}, {} queues, {} events{shown_by}",
        profile.name,
        profile.chip.name,
        profile.queue.as_str(),
        profile.captured_events.as_str()
    )?;
    for (&index, lines) in machine.graphs.iter().zip(&machine.budget.graphs) {
        writeln!(out, "  {}", report.graphs[index].0.name)?;
        lines.iter().try_for_each(|line| write_line(out, line))?;
    }
    writeln!(out, "  together")?;
    machine.budget.together.iter().try_for_each(|line| write_line(out, line))
}

fn write_line(out: &mut String, line: &Line) -> std::fmt::Result {
    let need = shown(line.need);
    let sum = if line.arithmetic == need { need } else { format!("{} = {need}", line.arithmetic) };
    writeln!(out, "    {:<13} {}: {sum} of {}", line.verdict.as_str(), line.what, line.limit)?;
    writeln!(out, "                  {}", line.rule)?;
    writeln!(out, "                  limit: {}", line.source)
}
