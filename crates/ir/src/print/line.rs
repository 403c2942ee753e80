//! Lines: indentation, comments and blank lines around them, and their numbers.

use crate::body::BodyId;
use crate::module::{GraphId, Item, Module, Note, NoteKind};
use crate::print::{Printed, block, declaration};
use crate::symbols::Symbol;
use crate::task::Task;
use acg_entity::Arena;

/// Text so far, and what is next.
pub(super) struct Printer<'m> {
    pub(super) module: &'m Module,
    pub(super) out: String,
    /// Statements printed so far, which trivia count.
    statement: u32,
    /// Lines printed so far.
    lines: u32,
    notes: &'m [Note],
    pub(super) indent: usize,
    task_lines: Arena<GraphId, Arena<Task, u32>>,
    run_lines: Arena<Task, u32>,
}

impl<'m> Printer<'m> {
    pub(super) fn new(module: &'m Module) -> Self {
        let notes = &module.trivia.notes;
        let task_lines = module.graphs.values().map(|graph| Arena::filled(graph.tasks.len(), 0)).collect();
        // A line of a graph takes some forty bytes.
        let tasks: usize = module.graphs.values().map(|graph| graph.steps.len()).sum();
        let out = String::with_capacity(tasks * 40);
        let run_lines = Arena::filled(module.run.as_ref().map_or(0, |run| run.tasks.len()), 0);
        Self { module, out, statement: 0, lines: 0, notes, indent: 0, task_lines, run_lines }
    }

    pub(super) fn item(&mut self, item: Item) {
        match item {
            Item::Graph(graph) => block::graph(self, graph),
            Item::Run => block::run(self),
            _ => self.line(|out, module| declaration::write(out, module, item)),
        }
    }

    /// Comments after the last statement, and the whole.
    pub(super) fn finish(mut self) -> Printed {
        self.before();
        Printed { text: self.out, lines: self.task_lines, run_lines: self.run_lines }
    }

    /// Notes that the next line is that of a task.
    pub(super) fn at_task(&mut self, body: BodyId, task: Task) {
        let line = self.next_line();
        match body {
            BodyId::Graph(graph) => self.task_lines[graph][task] = line,
            BodyId::Run => self.run_lines[task] = line,
        }
    }

    /// Prints one statement on a line of its own.
    pub(super) fn line(&mut self, write: impl FnOnce(&mut String, &'m Module)) {
        self.before();
        self.start();
        write(&mut self.out, self.module);
        self.end();
    }

    /// Prints a line that closes a block; comments before it belong to the inside.
    pub(super) fn close(&mut self, outside: usize, write: impl FnOnce(&mut String, &'m Module)) {
        self.before();
        self.indent = outside;
        self.line(write);
    }

    /// Prints several statements, which have no comments between them, on one line.
    pub(super) fn folded(&mut self, text: &str, statements: u32) {
        self.before();
        self.start();
        self.out.push_str(text);
        self.statement += statements - 1;
        self.end();
    }

    /// The number of the line that is printed next, with its comments before it.
    fn next_line(&self) -> u32 {
        let before = self.notes.iter().take_while(|note| note.line <= self.statement);
        let own_lines = before.filter(|note| !matches!(note.kind, NoteKind::Trailing(_))).count();
        self.lines + own_lines as u32 + 1
    }

    /// Whether the next `statements` statements can share a line: the first may have comments before it and the last one at its end.
    pub(super) fn may_fold(&self, statements: u32) -> bool {
        let last = self.statement + statements - 1;
        self.notes.iter().take_while(|note| note.line <= last).all(|note| match note.kind {
            NoteKind::Trailing(_) => note.line == last,
            NoteKind::Blank | NoteKind::Before(_) => note.line <= self.statement,
        })
    }

    /// Comments and blank lines before the next statement.
    fn before(&mut self) {
        while let Some((note, rest)) = self.notes.split_first() {
            match note.kind {
                _ if note.line > self.statement => break,
                NoteKind::Blank => self.newline(),
                NoteKind::Before(comment) => {
                    self.start();
                    self.comment(comment);
                    self.newline();
                }
                NoteKind::Trailing(_) if note.line == self.statement => break,
                // The statement that the comment ended is gone.
                NoteKind::Trailing(_) => {}
            }
            self.notes = rest;
        }
    }

    fn end(&mut self) {
        while let Some((&Note { line, kind: NoteKind::Trailing(comment) }, rest)) = self.notes.split_first() {
            if line > self.statement {
                break;
            }
            self.out.push(' ');
            self.comment(comment);
            self.notes = rest;
        }
        self.newline();
        self.statement += 1;
    }

    fn comment(&mut self, comment: Symbol) {
        self.out.push_str("//");
        let text = self.module.text(comment);
        // A comment ends with its line whatever a pass wrote into it.
        self.out.extend(text.trim_end().chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
    }

    fn start(&mut self) {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.lines += 1;
    }
}
