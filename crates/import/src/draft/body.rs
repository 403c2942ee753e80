//! The lines of a draft become bodies, and its comments notes.

use acg_ir::graph::SourceRange;
use acg_ir::module::{Note, NoteKind};
use acg_ir::{Body, BodyId, Entity, GraphId, Item, Module, Step, Symbol};

use super::sheet::{Line, MAIN_THREAD, Written};
use super::{Draft, DraftBranch};
use rustc_hash::FxHashMap;

/// A module, and what it was made from.
pub(crate) struct Finished {
    pub(crate) module: Module,
    /// The number that each step of each graph was made from, and of the host program.
    pub(crate) sources: Vec<Vec<Option<u32>>>,
    pub(crate) run_sources: Vec<Option<u32>>,
    /// Which branch of its graph each branch is.
    pub(crate) placed: FxHashMap<DraftBranch, acg_ir::Branch>,
}

impl Draft {
    /// The module.
    pub(crate) fn finish(self) -> Finished {
        self.finish_with(|_, _, _| ())
    }

    /// The module, where `change` may rewrite the lines of every body before.
    pub(crate) fn finish_with(
        mut self,
        mut change: impl FnMut(&mut Self, BodyId, &mut Vec<Written>),
    ) -> Finished {
        let mut bodies = Vec::with_capacity(self.graphs.len());
        for graph in (0..self.graphs.len()).map(GraphId::at) {
            let (sheet, thread) = (self.graphs[graph.index()].sheet, self.graphs[graph.index()].thread);
            let mut lines = self.unfold(BodyId::Graph(graph), sheet, thread);
            change(&mut self, BodyId::Graph(graph), &mut lines);
            bodies.push(lines);
        }
        let mut run = self.run_sheet.map(|sheet| self.unfold(BodyId::Run, sheet, MAIN_THREAD));
        if let Some(lines) = &mut run {
            change(&mut self, BodyId::Run, lines);
        }
        self.declare();
        self.put_together(bodies, run)
    }

    fn put_together(mut self, bodies: Vec<Vec<Written>>, run: Option<Vec<Written>>) -> Finished {
        let mut notes = Notes::default();
        notes.before(&self.top);
        if !self.top.is_empty() {
            notes.blank();
        }
        notes.line = self.module.items.len() as u32;
        let mut sources = Vec::with_capacity(bodies.len());
        for (draft, lines) in std::mem::take(&mut self.graphs).into_iter().zip(bodies) {
            notes.blank_between();
            notes.before(&draft.above);
            let mut graph = draft.graph;
            sources.push(fill(&mut graph.body, lines, &mut notes));
            let id = self.module.graphs.push(graph);
            self.module.items.push(Item::Graph(id));
        }
        let mut run_sources = Vec::new();
        if let Some(lines) = run {
            notes.blank_between();
            run_sources = fill(&mut self.run, lines, &mut notes);
            self.module.run = Some(std::mem::take(&mut self.run));
            self.module.items.push(Item::Run);
        }
        if !self.end.is_empty() {
            notes.blank_between();
        }
        notes.before(&self.end);
        self.module.trivia.notes = notes.notes;
        let Self { module, placed, .. } = self;
        Finished { module, sources, run_sources, placed }
    }
}

/// Gives a body its lines, and what each of its steps was made from; leaves the count of lines behind its end.
fn fill(body: &mut Body, lines: Vec<Written>, notes: &mut Notes) -> Vec<Option<u32>> {
    let mut sources = Vec::with_capacity(lines.len());
    let mut comments: Vec<(usize, Symbol)> = Vec::new();
    for Written { line, source, .. } in lines {
        match line {
            Line::Comment(text) => {
                comments.push((body.steps.len(), text));
                continue;
            }
            Line::Task(data) => {
                body.push(data, SourceRange::default());
            }
            Line::Open(scope) => body.steps.push(Step::Open(scope)),
            Line::Close => body.steps.push(Step::Close),
            // Unfolding leaves none.
            Line::Conditional(_) => continue,
        }
        sources.push(source);
    }
    notes.within(body, &comments);
    sources
}

/// Comments with the lines that they stand before.
#[derive(Default)]
struct Notes {
    line: u32,
    notes: Vec<Note>,
}

impl Notes {
    fn before(&mut self, comments: &[Symbol]) {
        self.notes
            .extend(comments.iter().map(|&text| Note { line: self.line, kind: NoteKind::Before(text) }));
    }

    fn blank(&mut self) {
        self.notes.push(Note { line: self.line, kind: NoteKind::Blank });
    }

    fn blank_between(&mut self) {
        if self.line > 0 {
            self.blank();
        }
    }

    /// Goes over the lines of a body, and puts comments before those that their steps are on.
    fn within(&mut self, body: &Body, comments: &[(usize, Symbol)]) {
        self.line += 1;
        let mut comments = comments.iter().peekable();
        let mut lines = body.lines();
        loop {
            let is_last = lines.next().is_none();
            let steps = if is_last { usize::MAX } else { body.steps.len() - lines.rest().len() };
            while let Some(&(_, text)) = comments.next_if(|(step, _)| *step < steps) {
                self.before(&[text]);
            }
            self.line += 1;
            if is_last {
                return;
            }
        }
    }
}
