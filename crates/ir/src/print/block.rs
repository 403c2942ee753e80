//! Graphs and the blocks in them.

use std::fmt::Write;

use super::line::Printer;
use super::task;
use crate::graph::{Graph, Mode, Scope, Step};
use crate::module::{GraphId, Module, Stream};

/// The longest line that holds a whole block, in characters.
const FOLDED: usize = 80;

pub(super) fn graph(printer: &mut Printer<'_>, id: GraphId) {
    let module = printer.module;
    let graph = &module.graphs[id];
    printer.line(|out, module| graph_header(out, module, graph));
    printer.indent += 1;
    // The stream of lines that name none, for each open block.
    let mut streams: Vec<Option<Stream>> = vec![None];
    let mut text = String::new();
    let mut steps = graph.steps.as_slice();
    while let Some((&step, rest)) = steps.split_first() {
        steps = rest;
        let stream = streams.last().copied().flatten();
        match step {
            Step::Task(task) => {
                printer.task_lines[id][task] = printer.next_line();
                printer.line(|out, module| task_line(out, module, graph, task, stream));
            }
            Step::Open(scope) => {
                let inside = stream_inside(graph, scope, stream);
                text.clear();
                header(&mut text, module, graph, scope, stream);
                if let Some(taken) = fold(printer, graph, &mut text, inside, steps) {
                    let line = printer.next_line();
                    if let Some(Step::Task(task)) = steps.first() {
                        printer.task_lines[id][*task] = line;
                    }
                    printer.folded(&text, taken + 1);
                    steps = &steps[taken as usize..];
                } else {
                    printer.line(|out, _| out.push_str(&text));
                    printer.indent += 1;
                    streams.push(inside);
                }
            }
            Step::Close => {
                // A step too many is the verifier's to report.
                let outside = printer.indent.saturating_sub(1).max(1);
                streams.pop();
                printer.close(outside);
            }
        }
    }
    printer.close(0);
}

/// Appends the rest of a block to its header where both fit on one line; gives the steps that it took.
fn fold(
    printer: &Printer<'_>,
    graph: &Graph,
    text: &mut String,
    stream: Option<Stream>,
    steps: &[Step],
) -> Option<u32> {
    let length = text.len();
    let taken = match steps {
        [Step::Close, ..] if printer.may_fold(2) => {
            text.push('}');
            1
        }
        [Step::Task(task), Step::Close, ..] if printer.may_fold(3) => {
            text.push(' ');
            task_line(text, printer.module, graph, *task, stream);
            text.push_str(" }");
            2
        }
        _ => return None,
    };
    if printer.indent * 2 + text.chars().count() <= FOLDED {
        return Some(taken);
    }
    text.truncate(length);
    None
}

fn task_line(
    out: &mut String,
    module: &Module,
    graph: &Graph,
    task: crate::task::Task,
    stream: Option<Stream>,
) {
    let data = &graph.tasks[task];
    if let Some(own) = data.stream.filter(|own| Some(*own) != stream) {
        out.push_str(module.text(module.streams[own].name));
        out.push_str(": ");
    }
    task::write(out, module, data);
}

fn graph_header(out: &mut String, module: &Module, graph: &Graph) {
    out.push_str("graph ");
    out.push_str(module.text(graph.name));
    match graph.origin {
        Some(origin) => {
            let origin = module.text(module.streams[origin].name);
            let _ = write!(out, " on {origin} mode {}", graph.mode.as_str());
        }
        None if graph.mode == Mode::Global => out.push_str(" auto"),
        None => {
            let _ = write!(out, " auto mode {}", graph.mode.as_str());
        }
    }
    out.push_str(" {");
}

fn header(out: &mut String, module: &Module, graph: &Graph, scope: Scope, stream: Option<Stream>) {
    match scope {
        Scope::Stream(own) => out.push_str(module.text(module.streams[own].name)),
        Scope::Relaxed => out.push_str("relaxed"),
        Scope::Group(group) => {
            let group = graph.groups[group];
            if let Some(own) = group.stream.filter(|own| Some(*own) != stream) {
                out.push_str(module.text(module.streams[own].name));
                out.push_str(": ");
            }
            out.push_str("group ");
            out.push_str(module.text(group.name));
        }
    }
    out.push_str(" {");
}

/// The stream of lines in a block that name none.
fn stream_inside(graph: &Graph, scope: Scope, outside: Option<Stream>) -> Option<Stream> {
    match scope {
        Scope::Stream(stream) => Some(stream),
        Scope::Relaxed => outside,
        Scope::Group(group) => graph.groups[group].stream,
    }
}
