//! What comments and blank lines belong to, while passes move lines.
//!
//! [`crate::module::Trivia`] counts printed statements; a pass that adds, moves or removes statements takes the anchors first
//! and puts them back afterwards. A comment before or after a line goes where the line goes, and away with it.

use std::ops::ControlFlow;

use acg_entity::Entity;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::body::{BodyId, Line};
use crate::module::{Item, Module, Note, NoteKind};
use crate::symbols::Symbol;
use crate::task::Task;

/// What a note belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Anchor {
    /// The `target` line.
    Target,
    /// A declaration, by the first name that it declares.
    Declaration(Symbol),
    /// The header of the host program.
    Run,
    /// A task.
    Task(BodyId, Task),
    /// The closing brace of a graph or of the host program.
    Footer(BodyId),
    /// The end of the file.
    End,
}

impl Anchor {
    /// One bit of many, so that nearly all statements to which nothing belongs are known by it where little belongs to any.
    fn mark(self) -> u64 {
        let number = match self {
            Self::Declaration(name) => name.index(),
            Self::Task(_, task) => task.index(),
            Self::Target | Self::Run | Self::Footer(_) | Self::End => 0,
        };
        1 << (number % 64)
    }
}

/// A printed statement.
enum Statement {
    /// One that notes can belong to.
    Anchor(Anchor),
    /// The header of a block in a body.
    Open,
    /// The closing brace of one.
    Close,
}

/// The anchors of a module's notes.
#[derive(Debug)]
pub struct Anchors(Vec<(Anchor, NoteKind)>);

impl Anchors {
    /// Takes the notes out of `module`, with what each belongs to.
    ///
    /// What stands before a block or at its header belongs to the next line that is no brace, what stands after a closing
    /// brace to the task before it.
    pub fn take(module: &mut Module) -> Self {
        let notes = std::mem::take(&mut module.trivia.notes);
        let mut taken = Taken::default();
        if notes.is_empty() {
            return Self(taken.notes);
        }
        let mut notes = notes.into_iter().peekable();
        _ = statements(module, |ordinal, statement| {
            while let Some(note) = notes.next_if(|note| note.line <= ordinal) {
                taken.note(note.kind, &statement);
            }
            taken.pass(&statement);
            unless(notes.peek().is_none() && taken.waiting.is_empty())
        });
        notes.for_each(|note| taken.waiting.push(note.kind));
        taken.pass(&Statement::Anchor(Anchor::End));
        Self(taken.notes)
    }

    /// Puts the notes back where their anchors stand now; those without one are dropped.
    pub fn restore(self, module: &mut Module) {
        if self.0.is_empty() {
            return;
        }
        let mut places: FxHashMap<Anchor, Option<u32>> =
            self.0.iter().map(|&(anchor, _)| (anchor, None)).collect();
        let marks = self.0.iter().fold(0, |marks, (anchor, _)| marks | anchor.mark());
        // The end of the file is found behind all others.
        let mut missing = places.len();
        let mut end = 0;
        // No blank line stands at the start of a block.
        let mut starts: FxHashSet<u32> = FxHashSet::default();
        let mut is_behind_line = false;
        _ = statements(module, |ordinal, statement| {
            end = ordinal + 1;
            let is_line = matches!(statement, Statement::Anchor(Anchor::Task(..)));
            if is_line && !is_behind_line {
                starts.insert(ordinal);
            }
            is_behind_line = is_line || matches!(statement, Statement::Close);
            if let Statement::Anchor(anchor) = statement
                && anchor.mark() & marks != 0
                && let Some(place) = places.get_mut(&anchor)
            {
                missing -= usize::from(place.replace(ordinal).is_none());
            }
            unless(missing == 0)
        });
        places.insert(Anchor::End, Some(end));
        let place = |anchor| places.get(&anchor).copied().flatten();
        let mut notes: Vec<Note> = self
            .0
            .into_iter()
            .filter_map(|(anchor, kind)| Some(Note { line: place(anchor)?, kind }))
            .filter(|note| note.kind != NoteKind::Blank || !starts.contains(&note.line))
            .collect();
        // Stable: notes of one line stay in their order, and what ends a line comes last.
        notes.sort_by_key(|note| (note.line, matches!(note.kind, NoteKind::Trailing(_))));
        module.trivia.notes = notes;
    }
}

#[derive(Default)]
struct Taken {
    notes: Vec<(Anchor, NoteKind)>,
    /// Notes whose anchor comes later.
    waiting: Vec<NoteKind>,
    last: Option<Anchor>,
}

impl Taken {
    fn note(&mut self, kind: NoteKind, at: &Statement) {
        match (kind, at, self.last) {
            (NoteKind::Trailing(_), Statement::Close, Some(last)) => self.notes.push((last, kind)),
            (NoteKind::Trailing(comment), Statement::Open, _) => {
                self.waiting.push(NoteKind::Before(comment));
            }
            _ => self.waiting.push(kind),
        }
    }

    fn pass(&mut self, statement: &Statement) {
        if let Statement::Anchor(anchor) = *statement {
            // Nearly no line has a note.
            if !self.waiting.is_empty() {
                self.notes.extend(self.waiting.drain(..).map(|kind| (anchor, kind)));
            }
            self.last = Some(anchor);
        }
    }
}

/// Goes on unless it is `over`: what notes belong to mostly stands at the top.
fn unless(over: bool) -> ControlFlow<()> {
    if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Calls `visit` for every statement with the number that it is printed as, until that breaks off.
fn statements(module: &Module, mut visit: impl FnMut(u32, Statement) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut ordinal = 0;
    let mut next = |statement| {
        ordinal += 1;
        visit(ordinal - 1, statement)
    };
    for &item in &module.items {
        next(Statement::Anchor(declaration(module, item)))?;
        let id = match item {
            Item::Graph(graph) => BodyId::Graph(graph),
            Item::Run => BodyId::Run,
            _ => continue,
        };
        let Some(body) = module.body(id) else { continue };
        for line in body.lines() {
            next(match line {
                Line::Task(task) => Statement::Anchor(Anchor::Task(id, task)),
                Line::Open(..) | Line::Else(_) => Statement::Open,
                Line::Close => Statement::Close,
            })?;
        }
        next(Statement::Anchor(Anchor::Footer(id)))?;
    }
    ControlFlow::Continue(())
}

fn declaration(module: &Module, item: Item) -> Anchor {
    Anchor::Declaration(match item {
        Item::Target => return Anchor::Target,
        Item::Buffers { first, .. } | Item::View(first) => module.buffers[first].name,
        Item::Streams { first, .. } => module.streams[first].name,
        Item::Events { first, .. } => module.events[first].name,
        Item::Notifies { first, .. } => module.notifies[first].name,
        Item::Graph(graph) => module.graphs[graph].name,
        Item::Threads { first, .. } => module.threads[first].name,
        Item::Handles { first, .. } => module.handles[first].name,
        Item::Locks { first, .. } => module.locks[first].name,
        Item::Contexts { first, .. } => module.contexts[first].name,
        Item::Model(model) => module.om_models[model].name,
        Item::Run => return Anchor::Run,
    })
}
