//! Blocks: graphs, stream blocks, relaxed blocks, task groups, and blocks that are not understood.

use acg_ir::graph::GroupData;
use acg_ir::{Graph, Item, Mode, Scope, Step, Stream};

use super::names::Meaning;
use super::{Resolved, Resolver, Stop};
use crate::check::{
    duplicate_name, misplaced_statement, missing_stream, needless_stream, nesting_too_deep, reserved_name,
    unbalanced_block,
};
use crate::syntax::{Brace, Kind, Text};

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    Graph,
    /// A block that the graph's steps know.
    Scope,
    /// A block whose header was reported: its lines are read, and what they lack because of it is not reported.
    Unknown,
    /// A block of a later release: its lines are skipped.
    Planned,
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
}

impl Resolver<'_> {
    pub(super) fn open_graph(
        &mut self,
        text: Text,
        name: Text,
        origin: Option<Text>,
        mode: Option<Mode>,
    ) -> Resolved<()> {
        let nested = self.blocks.first().map(|block| block.text);
        if let Some(before) = nested {
            let what = self.in_words(before);
            self.close_all_silently();
            let diagnostic = unbalanced_block::not_closed_before(self.span(before), &what, self.span(text));
            self.report(diagnostic);
        }
        let header = self.graph_header(name, origin);
        let kind = if header.is_ok() { BlockKind::Graph } else { BlockKind::Unknown };
        self.push_block(kind, text, None);
        match header {
            Ok((symbol, origin)) => {
                let mut graph = Graph::new(symbol, origin, mode.unwrap_or_default());
                graph.header = text.into();
                self.graph = Some(graph);
                // The name gets its meaning when the graph is closed, because a graph cannot execute itself.
                Ok(())
            }
            Err(stop) => {
                self.poison(name);
                let symbol = self.module.symbols.intern(self.source(name));
                self.graph = Some(Graph::new(symbol, None, Mode::Global));
                Err(stop)
            }
        }
    }

    fn graph_header(
        &mut self,
        name: Text,
        origin: Option<Text>,
    ) -> Resolved<(acg_ir::Symbol, Option<Stream>)> {
        let symbol = self.free_name(name)?;
        let origin = origin.map(|origin| self.stream(origin)).transpose()?;
        Ok((symbol, origin))
    }

    pub(super) fn open_stream(&mut self, text: Text, name: Text) -> Resolved<()> {
        let what = "a stream block";
        if acg_ir::name::is_reserved(self.source(name)) {
            // Its block is skipped with it, as that of any header that cannot be read.
            let diagnostic = crate::explain::lone_keyword(self.span(text), self.source(name));
            self.unknown_braces(text, Brace::Opens);
            return Err(diagnostic.into());
        }
        self.open_scope(text, what, |resolver| {
            let stream = resolver.stream(name)?;
            if resolver.is_auto() {
                return Err(misplaced_statement::in_auto(resolver.span(text), what).into());
            }
            Ok((Scope::Stream(stream), Some(stream)))
        })
    }

    pub(super) fn open_relaxed(&mut self, text: Text) -> Resolved<()> {
        self.open_scope(text, "a relaxed block", |resolver| Ok((Scope::Relaxed, resolver.context())))
    }

    pub(super) fn open_group(&mut self, text: Text, stream: Option<Text>, name: Text) -> Resolved<()> {
        self.open_scope(text, "a task group", |resolver| {
            let stream = resolver.stream_of(name, stream)?;
            let symbol = resolver.task_name(name, false)?;
            let Some(graph) = &mut resolver.graph else { return Err(Stop::Poisoned) };
            let group = graph.groups.push(GroupData { name: symbol, stream });
            Ok((Scope::Group(group), stream))
        })
    }

    fn push_block(&mut self, kind: BlockKind, text: Text, stream: Option<Stream>) {
        let allows = self.asides.at_hand();
        self.blocks.push(Block { kind, text, stream, allows });
    }

    /// Opens a block of a graph; it stays open when its header is wrong, so that its `}` closes it.
    fn open_scope(
        &mut self,
        text: Text,
        what: &str,
        header: impl FnOnce(&mut Self) -> Resolved<(Scope, Option<Stream>)>,
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
            Ok((scope, stream)) => {
                self.push_block(BlockKind::Scope, text, stream);
                self.step(Step::Open(scope));
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
        if block.kind == BlockKind::Scope {
            self.step(Step::Close);
        }
        if self.blocks.is_empty() {
            self.close_graph(block, text);
        }
        Ok(())
    }

    fn close_graph(&mut self, block: Block, footer: Text) {
        self.task_names.clear();
        let Some(mut graph) = self.graph.take() else { return };
        if block.kind == BlockKind::Graph {
            let name = graph.name;
            graph.footer = footer.into();
            let id = self.module.graphs.push(graph);
            self.module.items.push(Item::Graph(id));
            self.declare(name, Meaning::Graph(id), block.text);
        }
    }

    /// Closes what is open at the end of the file, reporting the outermost block.
    pub(super) fn close_all(&mut self) {
        if let Some(block) = self.blocks.first().copied() {
            let planned = block.kind == BlockKind::Planned;
            let what = if planned { "the block".to_owned() } else { self.in_words(block.text) };
            self.report(unbalanced_block::not_closed(self.span(block.text), &what));
            self.close_all_silently();
        }
    }

    fn close_all_silently(&mut self) {
        while let Some(block) = self.blocks.pop() {
            self.asides.closed(block.allows, block.text);
            if self.blocks.is_empty() {
                self.close_graph(block, block.text);
            }
        }
    }

    /// A block's header as messages name it.
    fn in_words(&self, header: Text) -> String {
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
            let origin = self.graph.as_ref().and_then(|graph| graph.origin);
            let origin = origin.map_or("STREAM", |origin| self.module.text(self.module.streams[origin].name));
            return Err(missing_stream::diagnostic(self.span(line), origin).into());
        }
        Ok(context)
    }

    /// Gives a task or group of the open graph its name.
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
    fn context(&self) -> Option<Stream> {
        self.blocks.last().and_then(|block| block.stream)
    }

    pub(super) fn is_auto(&self) -> bool {
        !self.is_unknown() && self.graph.as_ref().is_some_and(Graph::is_auto)
    }

    /// Whether an open block's header was reported.
    pub(super) fn is_unknown(&self) -> bool {
        self.blocks.iter().any(|block| block.kind == BlockKind::Unknown)
    }

    pub(super) fn step(&mut self, step: Step) {
        if let Some(graph) = &mut self.graph {
            graph.steps.push(step);
        }
    }

    /// Follows the braces of a line that is not understood.
    pub(super) fn unknown_braces(&mut self, text: Text, brace: Brace) {
        self.follow(text, brace, BlockKind::Unknown);
    }

    /// Follows the braces of a statement of a later release.
    pub(super) fn skip_braces(&mut self, text: Text, brace: Brace) {
        self.follow(text, brace, BlockKind::Planned);
    }

    fn follow(&mut self, text: Text, brace: Brace, kind: BlockKind) {
        if matches!(brace, Brace::Closes | Brace::ClosesAndOpens) && !self.blocks.is_empty() {
            // A brace that closes is there whatever else is wrong with its line.
            let _ = self.close(text);
        }
        if matches!(brace, Brace::Opens | Brace::ClosesAndOpens) {
            self.push_block(kind, text, None);
        }
    }

    /// Whether lines are skipped because a block of a later release is open.
    pub(super) fn skips(&self) -> bool {
        self.blocks.last().is_some_and(|block| block.kind == BlockKind::Planned)
    }

    /// Follows the braces of a statement that is skipped.
    pub(super) fn skip(&mut self, kind: &Kind) {
        let text = self.blocks.last().map(|block| block.text).unwrap_or_default();
        let brace = match kind {
            Kind::Graph { .. } | Kind::StreamBlock(_) | Kind::Relaxed | Kind::Group { .. } => Brace::Opens,
            Kind::Close => Brace::Closes,
            Kind::Planned { brace, .. } | Kind::Bad { brace, .. } => *brace,
            _ => Brace::None,
        };
        self.skip_braces(text, brace);
    }
}
