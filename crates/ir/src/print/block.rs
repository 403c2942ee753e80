//! Bodies: graphs, the host program, and the blocks in them.

use std::fmt::Write;

use super::line::Printer;
use super::task;
use crate::body::{Body, BodyId, Branch, Line, Scope, Step};
use crate::graph::{Graph, Mode};
use crate::module::{GraphId, Module, Stream};
use crate::symbols::Symbol;

/// The longest line that holds a whole block, in characters.
const FOLDED: usize = 80;

pub(super) fn graph(printer: &mut Printer<'_>, id: GraphId) {
    let graph = &printer.module.graphs[id];
    printer.line(|out, module| graph_header(out, module, graph));
    body(printer, &graph.body, BodyId::Graph(id), graph.mode);
}

pub(super) fn run(printer: &mut Printer<'_>) {
    let Some(run) = &printer.module.run else { return };
    printer.line(|out, _| out.push_str("run {"));
    body(printer, run, BodyId::Run, Mode::Global);
}

/// The lines of a body and its closing brace; `mode` is what branches have that say none.
fn body(printer: &mut Printer<'_>, body: &Body, id: BodyId, mode: Mode) {
    let module = printer.module;
    printer.indent += 1;
    // The stream of lines that name none, for each open block.
    let mut streams: Vec<Option<Stream>> = vec![None];
    let mut text = String::new();
    let mut lines = body.lines();
    while let Some(line) = lines.next() {
        let stream = streams.last().copied().flatten();
        match line {
            Line::Task(task) => {
                printer.at_task(id, task);
                printer.line(|out, module| task_line(out, module, body, task, stream));
            }
            Line::Open(scope, branch) => {
                let innermost = branch.map_or(scope, Scope::Branch);
                let inside = body.stream_inside(innermost, stream);
                text.clear();
                header(&mut text, module, body, scope, stream);
                if let Some(branch) = branch {
                    text.push(' ');
                    branch_header(&mut text, module, body, branch, mode);
                } else if let Scope::Branch(branch) = scope {
                    branch_header(&mut text, module, body, branch, mode);
                }
                text.push_str(" {");
                let steps = lines.rest();
                let closes = 1 + usize::from(branch.is_some());
                if let Some(taken) = fold(printer, body, &mut text, inside, steps, closes) {
                    if let Some(Step::Task(task)) = steps.first() {
                        printer.at_task(id, *task);
                    }
                    printer.folded(&text, taken + 1);
                    lines.by_ref().take(taken as usize).for_each(drop);
                } else {
                    printer.line(|out, _| out.push_str(&text));
                    printer.indent += 1;
                    streams.push(inside);
                }
            }
            Line::Else(branch) => {
                streams.pop();
                let outside = streams.last().copied().flatten();
                streams.push(body.stream_inside(Scope::Branch(branch), outside));
                let outside = printer.indent.saturating_sub(1).max(1);
                printer.close(outside, |out, module| {
                    out.push_str("} else ");
                    branch_header(out, module, body, branch, mode);
                    out.push_str(" {");
                });
                printer.indent += 1;
            }
            Line::Close => {
                // A step too many is the verifier's to report.
                let outside = printer.indent.saturating_sub(1).max(1);
                streams.pop();
                printer.close(outside, |out, _| out.push('}'));
            }
        }
    }
    printer.close(0, |out, _| out.push('}'));
}

/// Appends the rest of a block to its header where both fit on one line; gives the lines that it took.
///
/// `closes` steps close the block.
fn fold(
    printer: &Printer<'_>,
    body: &Body,
    text: &mut String,
    stream: Option<Stream>,
    steps: &[Step],
    closes: usize,
) -> Option<u32> {
    let length = text.len();
    let is_end = |steps: &[Step]| {
        steps.len() >= closes && steps[..closes].iter().all(|step| matches!(step, Step::Close))
    };
    let taken = match steps {
        steps if is_end(steps) && printer.may_fold(2) => {
            text.push('}');
            1
        }
        [Step::Task(task), rest @ ..] if is_end(rest) && printer.may_fold(3) => {
            text.push(' ');
            task_line(text, printer.module, body, *task, stream);
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
    body: &Body,
    task: crate::task::Task,
    stream: Option<Stream>,
) {
    let data = &body.tasks[task];
    on_stream(out, module, data.stream, stream);
    task::write(out, module, body, data);
}

/// `main: `, unless it is the stream of lines that name none.
fn on_stream(out: &mut String, module: &Module, own: Option<Stream>, outside: Option<Stream>) {
    if let Some(own) = own.filter(|own| Some(*own) != outside) {
        out.push_str(module.text(module.streams[own].name));
        out.push_str(": ");
    }
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

/// What a block says before its brace and its branch.
fn header(out: &mut String, module: &Module, body: &Body, scope: Scope, stream: Option<Stream>) {
    let mut words = |word: &str, name: Symbol| {
        out.push_str(word);
        out.push_str(module.text(name));
    };
    match scope {
        Scope::Stream(own) => words("", module.streams[own].name),
        Scope::Thread(thread) => words("thread ", module.threads[thread].name),
        Scope::Context(context) => words("context ", module.contexts[context].name),
        Scope::Lock(lock) => words("lock ", module.locks[lock].name),
        Scope::Session(session) => words("ge session ", module.sessions[session].name),
        Scope::Relaxed => out.push_str("relaxed"),
        Scope::Repeat(times) => {
            let _ = write!(out, "repeat {times}");
        }
        Scope::Group(group) => {
            let group = body.groups[group];
            on_stream(out, module, group.stream, stream);
            out.push_str("group ");
            out.push_str(module.text(group.name));
        }
        Scope::Update(update) => {
            let update = body.updates[update];
            on_stream(out, module, Some(update.stream), stream);
            let (graph, group) = (module.graphs[update.graph].name, update.group);
            let _ = write!(out, "update {}.{}", module.text(graph), module.text(group));
        }
        Scope::Conditional(conditional) => {
            let conditional = body.conditionals[conditional];
            on_stream(out, module, Some(conditional.stream), stream);
            out.push_str(conditional.kind.as_str());
            out.push(' ');
            out.push_str(module.text(module.conds[conditional.cond].name));
        }
        Scope::Branch(_) => out.push_str("case "),
    }
}

/// `on sub`, with the mode where it is not `outside`.
fn branch_header(out: &mut String, module: &Module, body: &Body, branch: Branch, outside: Mode) {
    let branch = body.branches[branch];
    out.push_str("on ");
    out.push_str(module.text(module.streams[branch.origin].name));
    if branch.mode != outside {
        out.push_str(" mode ");
        out.push_str(branch.mode.as_str());
    }
}
