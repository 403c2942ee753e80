//! Blocks: what is open, what closes it, and what lines inside of it lack.

use acg_ir::Scope;
use acg_ir::{Body, Branch, Conditional, Graph, Item, Mode, Session, Step, Stream, Symbol};

use super::names::Meaning;
use super::{Resolved, Resolver, Stop};
use crate::check::{
    duplicate_name, misplaced_statement, missing_stream, needless_stream, nesting_too_deep, reserved_name,
    unbalanced_block,
};
use crate::syntax::{Brace, Text};

/// Hardly any declaration takes fewer bytes: a file of blank lines asks for no more room than any other.
const SHORT_LINE: usize = 16;

/// The body that is being read.
pub(super) struct OpenBody {
    pub(super) owner: Owner,
    pub(super) body: Body,
}

/// Whose body it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Graph { name: Symbol, origin: Option<Stream>, mode: Mode },
    Run,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// A graph or the host program.
    Body,
    /// A block that the body's steps know.
    Scope,
    /// A block whose header was reported: its lines are read, and what they lack because of it is not reported.
    Unknown,
}

/// What a block has to do with conditional tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    None,
    /// A branch of an `if` or `while`, whose closing brace may go on with `else` and closes the task as well.
    Branch(Conditional, Branch),
    /// A branch of a `switch`.
    Case(Branch),
    /// A `switch`, in which only branches stand.
    Switch(Conditional),
}

/// A block that is open.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// Its header.
    pub(super) text: Text,
    /// The stream of lines that name none.
    pub(super) stream: Option<Stream>,
    /// The allows at its header, which cover it.
    pub(super) allows: (usize, usize),
    pub(super) part: Part,
    /// How many branches its conditional task has so far.
    pub(super) branches: u32,
    /// The GE session that it is in.
    pub(super) session: Option<Session>,
}

/// What a header says of the block that it opens.
pub(super) struct Opened {
    pub(super) scope: Scope,
    pub(super) stream: Option<Stream>,
    pub(super) part: Part,
}

impl Resolver<'_> {
    pub(super) fn push_block(&mut self, kind: BlockKind, text: Text, stream: Option<Stream>) {
        let allows = self.asides.at_hand();
        let session = self.blocks.last().and_then(|block| block.session);
        let (part, branches) = (Part::None, 0);
        self.blocks.push(Block { kind, text, stream, allows, part, branches, session });
    }

    /// Opens a block of a body; it stays open when its header is wrong, so that its `}` closes it.
    pub(super) fn open_scope(
        &mut self,
        text: Text,
        what: &str,
        header: impl FnOnce(&mut Self) -> Resolved<Opened>,
    ) -> Resolved<()> {
        let scope = if self.blocks.is_empty() {
            Err(misplaced_statement::block_outside(self.span(text), what).into())
        } else if self.blocks.len() == nesting_too_deep::MOST_BLOCKS {
            Err(nesting_too_deep::block(self.span(text)).into())
        } else if self.blocks.len() > nesting_too_deep::MOST_BLOCKS {
            Err(Stop::Poisoned)
        } else {
            header(self)
        };
        match scope {
            Ok(opened) => {
                self.push_block(BlockKind::Scope, text, opened.stream);
                if let Some(block) = self.blocks.last_mut() {
                    block.part = opened.part;
                    if let Scope::Session(session) = opened.scope {
                        block.session = Some(session);
                    }
                }
                self.step(Step::Open(opened.scope));
                if let Part::Branch(_, branch) = opened.part {
                    self.step(Step::Open(Scope::Branch(branch)));
                }
                Ok(())
            }
            Err(stop) => {
                self.push_block(BlockKind::Unknown, text, None);
                Err(stop)
            }
        }
    }

    pub(super) fn close(&mut self, text: Text) -> Resolved<()> {
        let Some(block) = self.blocks.pop() else {
            return Err(unbalanced_block::closes_nothing(self.span(text)).into());
        };
        self.asides.closed(block.allows, text);
        self.end_branch(block.part, text);
        if block.kind == BlockKind::Scope {
            self.step(Step::Close);
            if matches!(block.part, Part::Branch(..)) {
                self.step(Step::Close);
            }
        }
        if self.blocks.is_empty() {
            self.close_body(block, text);
        }
        Ok(())
    }

    /// Notes where a branch ends.
    pub(super) fn end_branch(&mut self, part: Part, footer: Text) {
        if let (Part::Branch(_, branch) | Part::Case(branch), Some(open)) = (part, &mut self.body) {
            open.body.branches[branch].footer = footer.into();
        }
    }

    /// About how many lines a body that starts at byte `start` has: those before the next line that starts with a brace.
    ///
    /// No byte is looked at twice, whatever the file; room that turns out to be too small grows.
    pub(super) fn lines_ahead(&mut self, start: u32) -> usize {
        if start < self.counted {
            return 0;
        }
        let rest = &self.text.as_bytes()[start as usize..];
        let end = memchr::memmem::find(rest, b"\n}").unwrap_or(rest.len());
        self.counted = start + end as u32;
        memchr::memchr_iter(b'\n', &rest[..end]).count()
    }

    /// Makes room for what stands before the first graph, for the most part buffers.
    pub(super) fn reserve_declarations(&mut self) {
        let text = self.text.as_bytes();
        let end = memchr::memmem::find(text, b"\ngraph ").unwrap_or(text.len());
        let lines = memchr::memchr_iter(b'\n', &text[..end]).count().min(end / SHORT_LINE);
        self.module.buffers.reserve(lines);
        self.module.items.reserve(lines);
        self.module.item_spans.reserve(lines);
        // Kernels have names as well.
        self.module.symbols.reserve(2 * lines);
        self.names.reserve(lines);
    }

    fn close_body(&mut self, block: Block, footer: Text) {
        self.task_names.clear();
        let Some(OpenBody { owner, mut body }) = self.body.take() else { return };
        if block.kind != BlockKind::Body {
            return;
        }
        body.footer = footer.into();
        match owner {
            Owner::Graph { name, origin, mode } => {
                let segments = body.tasks.values().filter(|task| task.op == acg_ir::Op::Segment).count();
                self.segments.push(1 + segments as u32);
                let id = self.module.graphs.push(Graph { name, origin, mode, body });
                self.module.items.push(Item::Graph(id));
                self.declare(name, Meaning::Graph(id), block.text);
            }
            Owner::Run => {
                self.module.run = Some(body);
                self.module.items.push(Item::Run);
            }
        }
    }

    /// Closes what is open at the end of the file, reporting the outermost block.
    pub(super) fn close_all(&mut self) {
        if let Some(block) = self.blocks.first().copied() {
            let what = self.in_words(block.text);
            self.report(unbalanced_block::not_closed(self.span(block.text), &what));
            self.close_all_silently();
        }
    }

    pub(super) fn close_all_silently(&mut self) {
        while let Some(block) = self.blocks.pop() {
            self.asides.closed(block.allows, block.text);
            if self.blocks.is_empty() {
                self.close_body(block, block.text);
            }
        }
    }

    /// A block's header as messages name it.
    pub(super) fn in_words(&self, header: Text) -> String {
        let header = self.source(header).trim_end_matches(['{', ' ', '\t']);
        crate::quote::quote(header)
    }

    /// The stream of a line that may name one.
    pub(super) fn stream_of(&mut self, line: Text, stream: Option<Text>) -> Resolved<Option<Stream>> {
        if let Some(name) = stream {
            if self.is_auto() {
                return Err(needless_stream::in_auto(self.span(name), self.source(name)).into());
            }
            return self.stream(name).map(Some);
        }
        let context = self.context();
        if context.is_none() && !self.is_auto() && !self.is_unknown() {
            let origin = match self.owner() {
                Some(Owner::Graph { origin, .. }) => origin,
                _ => None,
            };
            let origin = origin.map_or("STREAM", |origin| self.module.text(self.module.streams[origin].name));
            return Err(missing_stream::diagnostic(self.span(line), origin).into());
        }
        Ok(context)
    }

    /// Gives a task or group of the open body its name.
    pub(super) fn task_name(&mut self, name: Text, is_task: bool) -> Resolved<acg_ir::Symbol> {
        let text = self.source(name);
        if !acg_ir::name::is_name(text) {
            return Err(reserved_name::diagnostic(self.span(name), text).into());
        }
        let symbol = self.module.symbols.intern(text);
        match self.task_names.get(&symbol) {
            None => {
                self.task_names.insert(symbol, (name, is_task));
                Ok(symbol)
            }
            Some(&(first, _)) => {
                Err(duplicate_name::in_graph(self.span(name), text, self.span(first)).into())
            }
        }
    }

    /// The stream of lines that name none.
    pub(super) fn context(&self) -> Option<Stream> {
        self.blocks.last().and_then(|block| block.stream)
    }

    pub(super) fn owner(&self) -> Option<Owner> {
        self.body.as_ref().map(|open| open.owner)
    }

    pub(super) fn is_auto(&self) -> bool {
        !self.is_unknown() && matches!(self.owner(), Some(Owner::Graph { origin: None, .. }))
    }

    /// Whether an open block's header was reported.
    pub(super) fn is_unknown(&self) -> bool {
        self.blocks.iter().any(|block| block.kind == BlockKind::Unknown)
    }

    pub(super) fn step(&mut self, step: Step) {
        if let Some(open) = &mut self.body {
            open.body.steps.push(step);
        }
    }

    /// Follows the braces of a line that is not understood.
    pub(super) fn unknown_braces(&mut self, text: Text, brace: Brace) {
        if matches!(brace, Brace::Closes | Brace::ClosesAndOpens) && !self.blocks.is_empty() {
            // A brace that closes is there whatever else is wrong with its line.
            let _ = self.close(text);
        }
        if matches!(brace, Brace::Opens | Brace::ClosesAndOpens) {
            self.push_block(BlockKind::Unknown, text, None);
        }
    }
}
