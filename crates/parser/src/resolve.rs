//! Statements into a module: names, types, blocks, in the order of the file.
//!
//! Each statement is resolved wholly or reported once. What a statement that was reported would have declared is
//! *poisoned*: its uses are not reported, because they are not mistakes of their own.

mod arguments;
mod asides;
mod blocks;
mod calls;
mod declarations;
mod names;
mod operands;
mod tasks;
mod transfers;

use acg_diagnostics::{Diagnostic, FileId, Span};
use acg_ir::graph::SourceRange;
use acg_ir::{Graph, Module, Symbol};
use rustc_hash::FxHashMap;

use crate::Parsed;
use crate::check::{not_yet_supported, too_many_errors};
use crate::lines::Aside;
use crate::resolve::asides::Asides;
use crate::resolve::blocks::Block;
use crate::resolve::names::Names;
use crate::syntax::{Brace, Kind, Statement, Text, Tree};

/// Why a statement has no meaning.
pub(crate) enum Stop {
    /// A mistake.
    Fault(Box<Diagnostic>),
    /// It uses what another mistake took away.
    Poisoned,
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Fault(Box::new(diagnostic))
    }
}

type Resolved<T> = Result<T, Stop>;

/// The module so far, and what is open.
pub(crate) struct Resolver<'a> {
    file: FileId,
    text: &'a str,
    module: Module,
    names: Names,
    diagnostics: Vec<Diagnostic>,
    /// Diagnostics beyond those that are kept.
    dropped: usize,
    /// Open blocks, the graph first.
    blocks: Vec<Block>,
    /// The graph whose body is being read.
    graph: Option<Graph>,
    /// Names of tasks and groups of that graph, and whether each is a task.
    task_names: FxHashMap<Symbol, (Text, bool)>,
    /// How many views each view stands on, by buffer.
    view_depths: FxHashMap<acg_ir::Buffer, u32>,
    asides: Asides,
    scratch: operands::Scratch,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(file: FileId, text: &'a str) -> Self {
        Self {
            file,
            text,
            module: Module::new(),
            names: Names::default(),
            diagnostics: Vec::new(),
            dropped: 0,
            blocks: Vec::new(),
            graph: None,
            task_names: FxHashMap::default(),
            view_depths: FxHashMap::default(),
            asides: Asides::default(),
            scratch: operands::Scratch::default(),
        }
    }

    /// Resolves the statements of one run; `asides` are the file's so far.
    pub(crate) fn tree(&mut self, tree: &Tree, asides: &[Aside]) {
        let mut trailing = tree.trailing.iter().peekable();
        for (index, statement) in tree.statements.iter().enumerate() {
            self.asides_before(statement, asides);
            if let Err(Stop::Fault(diagnostic)) = self.statement(tree, statement) {
                self.report(*diagnostic);
            }
            let line = SourceRange::from(statement.text);
            self.module.item_spans.resize(self.module.items.len(), line);
            if let Some((_, comment)) = trailing.next_if(|(at, _)| *at as usize == index) {
                self.trailing_comment(statement, *comment);
                if let (true, Some(block)) = (statement.is_header(), self.blocks.last_mut()) {
                    block.allows = self.asides.at_hand();
                }
            }
            self.asides.after(statement);
        }
    }

    /// The module, once all of the file is read.
    pub(crate) fn finish(mut self, asides: &[Aside]) -> Parsed {
        self.close_all();
        self.asides_at_end(asides);
        if self.dropped > 0 {
            let end = self.text.len() as u32;
            self.diagnostics.push(too_many_errors::diagnostic(Span::new(self.file, end, end), self.dropped));
        }
        let allows = self.asides.take_allows(self.text);
        Parsed { module: self.module, diagnostics: self.diagnostics, allows, complete: false }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < too_many_errors::MOST {
            self.diagnostics.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    fn statement(&mut self, tree: &Tree, statement: &Statement) -> Resolved<()> {
        let text = statement.text;
        if self.skips() {
            self.skip(&statement.kind);
            return Ok(());
        }
        match &statement.kind {
            Kind::Graph { name, origin, mode } => self.open_graph(text, *name, *origin, *mode),
            Kind::StreamBlock(name) => self.open_stream(text, *name),
            Kind::Relaxed => self.open_relaxed(text),
            Kind::Group { stream, name } => self.open_group(text, *stream, *name),
            Kind::Close => self.close(text),
            Kind::Task(task) => self.task(tree, text, task),
            Kind::Planned { word, brace } => self.planned(text, *word, *brace),
            Kind::Bad { diagnostic, brace, declared } => {
                for &name in declared.of(&tree.names) {
                    self.poison(name);
                }
                self.unknown_braces(text, *brace);
                Err(Stop::Fault(diagnostic.clone()))
            }
            _ => self.declaration(tree, statement),
        }
    }

    fn planned(&mut self, text: Text, word: Text, brace: Brace) -> Resolved<()> {
        let spelt = word.of(self.text);
        if matches!(spelt, "model" | "cond") {
            for name in crate::recover::words_after(self.text, word, text.end) {
                self.poison(name);
            }
        }
        self.skip_braces(text, brace);
        Err(not_yet_supported::diagnostic(word.span(self.file), spelt).into())
    }

    fn span(&self, text: Text) -> Span {
        text.span(self.file)
    }

    fn source(&self, text: Text) -> &'a str {
        text.of(self.text)
    }
}

impl From<Text> for SourceRange {
    fn from(text: Text) -> Self {
        Self { start: text.start, end: text.end }
    }
}
