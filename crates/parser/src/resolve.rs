//! Statements into a module: names, types, blocks, in the order of the file.
//!
//! Each statement is resolved wholly or reported once. What a statement that was reported would have declared is
//! *poisoned*: its uses are not reported, because they are not mistakes of their own.

mod arguments;
mod asides;
mod bare_calls;
mod blocks;
mod calls;
mod declarations;
mod headers;
mod host;
mod names;
mod operands;
mod tasks;
mod transfers;

use acg_diagnostics::{Diagnostic, FileId, MOST_SHOWN, Span, too_many};
use acg_ir::graph::SourceRange;
use acg_ir::{Module, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Parsed;
use crate::lines::Aside;
use crate::resolve::asides::Asides;
use crate::resolve::blocks::{Block, OpenBody};
use crate::resolve::names::Names;
use crate::syntax::{Kind, Statement, Text, Tree};

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
    /// Open blocks, the graph or host program first.
    blocks: Vec<Block>,
    /// The body that is being read.
    body: Option<OpenBody>,
    /// Names of tasks and groups of that body, and whether each is a task.
    task_names: FxHashMap<Symbol, (Text, bool)>,
    /// Task groups of all graphs, by the graph's number and the group's name.
    groups: FxHashSet<(usize, Symbol)>,
    /// Into how many models each graph is captured.
    segments: Vec<u32>,
    /// Graphs that the host program captures itself, and where.
    captured: FxHashMap<acg_ir::GraphId, Text>,
    /// The header of the host program.
    run: Option<Text>,
    /// Up to which byte lines have been counted.
    counted: u32,
    /// The statement at hand.
    at: Text,
    /// Whether any buffer is host memory, which not every call can use.
    declares_host: bool,
    /// How many views each view stands on, by buffer.
    view_depths: FxHashMap<acg_ir::Buffer, u32>,
    asides: Asides,
    scratch: operands::Scratch<'a>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(file: FileId, text: &'a str) -> Self {
        let mut resolver = Self {
            file,
            text,
            module: Module::new(),
            names: Names::default(),
            diagnostics: Vec::new(),
            dropped: 0,
            blocks: Vec::new(),
            body: None,
            task_names: FxHashMap::default(),
            groups: FxHashSet::default(),
            segments: Vec::new(),
            captured: FxHashMap::default(),
            run: None,
            counted: 0,
            at: Text::default(),
            declares_host: false,
            view_depths: FxHashMap::default(),
            asides: Asides::default(),
            scratch: operands::Scratch::default(),
        };
        resolver.reserve_declarations();
        resolver
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
            self.diagnostics.push(too_many(Span::new(self.file, end, end), self.dropped));
        }
        let allows = self.asides.take_allows(self.text);
        Parsed { module: self.module, diagnostics: self.diagnostics, allows, complete: false }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.is_full() {
            self.dropped += 1;
        } else {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Whether what else is wrong is only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST_SHOWN
    }

    fn statement(&mut self, tree: &Tree, statement: &Statement) -> Resolved<()> {
        let text = statement.text;
        self.at = text;
        match &statement.kind {
            Kind::Open(header) => self.header(text, header),
            Kind::Else(branch) => self.open_else(text, *branch),
            Kind::Close => self.close(text),
            Kind::Task(task) => self.task(tree, text, task),
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
