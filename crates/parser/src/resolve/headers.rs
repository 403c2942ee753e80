//! Headers of blocks: graphs, the host program, and what stands in them.

use acg_ir::{Body, Branch, Conditional, Entity};
use acg_ir::{
    BranchData, Cond, ConditionalData, ConditionalKind, Declared, GraphId, GroupData, Mode, Scope, Space,
    Step, Stream, Symbol, UpdateData,
};

use super::blocks::{Block, BlockKind, OpenBody, Opened, Owner, Part};
use super::names::{BUFFER, CONTEXT, GRAPH, LOCK, Meaning, THREAD};
use super::{Resolved, Resolver, Stop};
use crate::check::{misplaced_statement, unbalanced_block, unknown_name, wrong_kind_of_name};
use crate::syntax::{Brace, BranchSyntax, Header, HostNoun, Text};

/// A block in the body that is open.
fn plain(scope: Scope, stream: Option<Stream>) -> Opened {
    Opened { scope, stream, part: Part::None }
}

impl Resolver<'_> {
    pub(super) fn header(&mut self, text: Text, header: &Header) -> Resolved<()> {
        match *header {
            Header::Graph { name, origin, mode } => self.open_graph(text, name, origin, mode),
            Header::Run => self.open_run(text),
            Header::Stream(name) => self.open_stream(text, name),
            Header::Relaxed => self.open_lines(text, "a relaxed block", |resolver| {
                Ok(plain(Scope::Relaxed, resolver.context()))
            }),
            Header::Group { stream, name } => {
                self.open_lines(text, "a task group", |resolver| resolver.group(stream, name))
            }
            Header::Update { stream, name } => {
                self.open_explicit(text, "an update", |resolver| resolver.update(text, stream, name))
            }
            Header::Conditional { stream, kind, cond, branch } => {
                self.open_explicit(text, "a conditional task", |resolver| {
                    resolver.conditional(text, stream, kind, cond, Some(branch))
                })
            }
            Header::Switch { stream, cond } => self.open_explicit(text, "a conditional task", |resolver| {
                resolver.conditional(text, stream, ConditionalKind::Switch, cond, None)
            }),
            Header::Case(branch) => self.open_case(text, branch),
            Header::Repeat(times) => self.open_explicit(text, "`repeat`", |resolver| {
                Ok(plain(Scope::Repeat(times), resolver.context()))
            }),
            Header::Host(noun, name) => {
                self.open_explicit(text, noun.in_words(), |resolver| resolver.host_block(noun, name))
            }
            Header::Session(name) => {
                self.open_explicit(text, "a GE session", |resolver| resolver.ge_session(text, name))
            }
        }
    }

    /// Opens a block that may not stand directly in a `switch`.
    fn open_lines(
        &mut self,
        text: Text,
        what: &str,
        header: impl FnOnce(&mut Self) -> Resolved<Opened>,
    ) -> Resolved<()> {
        self.open_scope(text, what, |resolver| {
            resolver.not_in_switch(text, what)?;
            header(resolver)
        })
    }

    /// Opens a block that has no place in an `auto` graph either.
    fn open_explicit(
        &mut self,
        text: Text,
        what: &str,
        header: impl FnOnce(&mut Self) -> Resolved<Opened>,
    ) -> Resolved<()> {
        self.open_lines(text, what, |resolver| {
            if resolver.is_auto() {
                return Err(misplaced_statement::in_auto(resolver.span(text), what).into());
            }
            header(resolver)
        })
    }

    pub(super) fn not_in_switch(&self, text: Text, what: &str) -> Resolved<()> {
        match self.blocks.last() {
            Some(block) if matches!(block.part, Part::Switch(_)) => {
                let (span, switch) = (self.span(text), self.span(block.text));
                Err(misplaced_statement::in_switch(span, what, switch).into())
            }
            _ => Ok(()),
        }
    }

    /// Reports what is still open where a graph or the host program starts, and closes it.
    fn close_before(&mut self, text: Text, next: &str) {
        if let Some(before) = self.blocks.first().map(|block| block.text) {
            let what = self.in_words(before);
            self.close_all_silently();
            let (before, next_span) = (self.span(before), self.span(text));
            self.report(unbalanced_block::not_closed_before(before, &what, next, next_span));
        }
    }

    fn open_body(&mut self, text: Text, kind: BlockKind, owner: Owner) {
        self.push_block(kind, text, None);
        let mut body = Body { header: text.into(), ..Body::default() };
        let lines = self.lines_ahead(text.end);
        // A schedule adds records and waits, somewhat more than there are lines, and large lists are not to be moved for them.
        let is_auto = matches!(owner, Owner::Graph { origin: None, .. });
        body.reserve(if is_auto { lines + lines / 4 * 5 } else { lines });
        self.module.operands.reserve(4 * lines);
        self.module.attributes.reserve(2 * lines);
        self.body = Some(OpenBody { owner, body });
    }

    fn open_graph(
        &mut self,
        text: Text,
        name: Text,
        origin: Option<Text>,
        mode: Option<Mode>,
    ) -> Resolved<()> {
        self.close_before(text, "the next graph");
        // The name gets its meaning when the graph is closed, because a graph cannot execute itself.
        match self.graph_header(name, origin) {
            Ok((name, origin)) => {
                let owner = Owner::Graph { name, origin, mode: mode.unwrap_or_default() };
                self.open_body(text, BlockKind::Body, owner);
                Ok(())
            }
            Err(stop) => {
                self.poison(name);
                let name = self.module.symbols.intern(self.source(name));
                let owner = Owner::Graph { name, origin: None, mode: Mode::Global };
                self.open_body(text, BlockKind::Unknown, owner);
                Err(stop)
            }
        }
    }

    fn graph_header(&mut self, name: Text, origin: Option<Text>) -> Resolved<(Symbol, Option<Stream>)> {
        let symbol = self.free_name(name)?;
        let origin = origin.map(|origin| self.stream(origin)).transpose()?;
        Ok((symbol, origin))
    }

    fn open_run(&mut self, text: Text) -> Resolved<()> {
        self.close_before(text, "the host program");
        let first = self.run.replace(text);
        let kind = if first.is_none() { BlockKind::Body } else { BlockKind::Unknown };
        self.open_body(text, kind, Owner::Run);
        match first {
            None => Ok(()),
            Some(first) => Err(misplaced_statement::second_run(self.span(text), self.span(first)).into()),
        }
    }

    fn open_stream(&mut self, text: Text, name: Text) -> Resolved<()> {
        if acg_ir::name::is_reserved(self.source(name)) {
            // Its block is skipped with it, as that of any header that cannot be read.
            let diagnostic = crate::explain::lone_keyword(self.span(text), self.source(name));
            self.unknown_braces(text, Brace::Opens);
            return Err(diagnostic.into());
        }
        self.open_explicit(text, "a stream block", |resolver| {
            let stream = resolver.stream(name)?;
            Ok(plain(Scope::Stream(stream), Some(stream)))
        })
    }

    fn group(&mut self, stream: Option<Text>, name: Text) -> Resolved<Opened> {
        let stream = self.stream_of(name, stream)?;
        let symbol = self.task_name(name, false)?;
        if let Some(Owner::Graph { .. }) = self.owner() {
            self.groups.insert((self.module.graphs.len(), symbol));
        }
        let Some(open) = &mut self.body else { return Err(Stop::Poisoned) };
        let group = open.body.groups.push(GroupData { name: symbol, stream });
        Ok(plain(Scope::Group(group), stream))
    }

    fn update(&mut self, text: Text, stream: Option<Text>, name: Text) -> Resolved<Opened> {
        let stream = self.stream_of(name, stream)?.ok_or(Stop::Poisoned)?;
        let (graph, group) = self.group_of(name)?;
        let Some(open) = &mut self.body else { return Err(Stop::Poisoned) };
        let update = open.body.updates.push(UpdateData { stream, graph, group, span: text.into() });
        Ok(plain(Scope::Update(update), Some(stream)))
    }

    /// The graph and the name of the group that `GRAPH.GROUP` stands for; the names of both may have points.
    pub(super) fn group_of(&mut self, name: Text) -> Resolved<(GraphId, Symbol)> {
        let text = self.source(name);
        let mut graph_found = None;
        for (at, _) in text.rmatch_indices('.') {
            let part = Text { start: name.start, end: name.start + at as u32 };
            let Some(symbol) = self.module.symbols.find(&text[..at]) else { continue };
            let graph = match (self.owner(), self.names.find(symbol)) {
                (Some(Owner::Graph { name, .. }), _) if name == symbol => {
                    GraphId::at(self.module.graphs.len())
                }
                (_, Some((Meaning::Graph(graph), _))) => graph,
                (_, Some((Meaning::Poisoned, _))) => return Err(Stop::Poisoned),
                _ => continue,
            };
            graph_found = Some(part);
            let group = self.module.symbols.find(&text[at + 1..]);
            if let Some(group) = group.filter(|&group| self.groups.contains(&(graph.index(), group))) {
                return Ok((graph, group));
            }
        }
        match (graph_found, text.find('.')) {
            (Some(graph), _) => {
                let group = Text { start: graph.end + 1, end: name.end };
                let (span, group) = (self.span(group), self.source(group));
                Err(unknown_name::group(span, group, self.source(graph)).into())
            }
            (None, Some(at)) => {
                let graph = Text { start: name.start, end: name.start + at as u32 };
                Err(self.meaning(graph, GRAPH).err().unwrap_or(Stop::Poisoned))
            }
            (None, None) => Err(unknown_name::not_a_group(self.span(name), text).into()),
        }
    }

    fn conditional(
        &mut self,
        text: Text,
        stream: Option<Text>,
        kind: ConditionalKind,
        cond: Text,
        branch: Option<BranchSyntax>,
    ) -> Resolved<Opened> {
        if self.owner() == Some(Owner::Run) {
            return Err(misplaced_statement::only_in_graph(self.span(text), "a conditional task").into());
        }
        let stream = self.stream_of(cond, stream)?.ok_or(Stop::Poisoned)?;
        let cond = self.cond(cond)?;
        let origin = branch.map(|branch| self.stream(branch.origin)).transpose()?;
        let Some(open) = &mut self.body else { return Err(Stop::Poisoned) };
        let data = ConditionalData { kind, cond, stream, span: text.into() };
        let conditional = open.body.conditionals.push(data);
        let scope = Scope::Conditional(conditional);
        let (Some(branch), Some(origin)) = (branch, origin) else {
            return Ok(Opened { scope, stream: None, part: Part::Switch(conditional) });
        };
        let branch = self.branch(conditional, 0, origin, branch, text)?;
        Ok(Opened { scope, stream: Some(origin), part: Part::Branch(conditional, branch) })
    }

    /// What `if`, `while` and `switch` decide by.
    pub(super) fn cond(&mut self, name: Text) -> Resolved<Cond> {
        let Meaning::Buffer(buffer) = self.meaning(name, BUFFER)? else { return Err(Stop::Poisoned) };
        let data = self.module.buffers[buffer];
        if let (Space::Cond(cond), None) = (data.space, data.view) {
            return Ok(cond);
        }
        let (span, declared) = (self.span(name), self.span(self.declaration_of(data.name)));
        let name = self.source(name);
        Err(wrong_kind_of_name::diagnostic(span, name, "a buffer", "a condition", declared).into())
    }

    fn branch(
        &mut self,
        conditional: Conditional,
        number: u32,
        origin: Stream,
        syntax: BranchSyntax,
        header: Text,
    ) -> Resolved<Branch> {
        let outside = match self.owner() {
            Some(Owner::Graph { mode, .. }) => mode,
            _ => Mode::Global,
        };
        let Some(open) = &mut self.body else { return Err(Stop::Poisoned) };
        Ok(open.body.branches.push(BranchData {
            conditional,
            number,
            origin,
            mode: syntax.mode.unwrap_or(outside),
            span: syntax.text.into(),
            footer: header.into(),
        }))
    }

    /// `} else on STREAM {`.
    pub(super) fn open_else(&mut self, text: Text, syntax: BranchSyntax) -> Resolved<()> {
        let close = Text { start: text.start, end: text.start + 1 };
        let last = self.blocks.last().copied();
        let Some(Block { part: Part::Branch(conditional, _), branches, .. }) = last else {
            self.unknown_braces(text, Brace::ClosesAndOpens);
            return match last {
                Some(Block { kind: BlockKind::Unknown, .. }) => Err(Stop::Poisoned),
                _ => Err(misplaced_statement::else_without_if(self.span(text)).into()),
            };
        };
        let number = branches + 1;
        let opened = self.stream(syntax.origin).and_then(|origin| {
            let branch = self.branch(conditional, number, origin, syntax, text)?;
            Ok((origin, branch))
        });
        let Some(block) = self.blocks.pop() else { return Err(Stop::Poisoned) };
        self.asides.closed(block.allows, close);
        self.end_branch(block.part, close);
        self.step(Step::Close);
        match opened {
            Ok((origin, branch)) => {
                self.push_block(BlockKind::Scope, text, Some(origin));
                self.step(Step::Open(Scope::Branch(branch)));
                if let Some(block) = self.blocks.last_mut() {
                    block.part = Part::Branch(conditional, branch);
                    block.branches = number;
                }
                Ok(())
            }
            Err(stop) => {
                self.push_block(BlockKind::Unknown, text, None);
                Err(stop)
            }
        }
    }

    /// `case on STREAM {`.
    fn open_case(&mut self, text: Text, syntax: BranchSyntax) -> Resolved<()> {
        self.open_scope(text, "a branch", |resolver| {
            let at = resolver.blocks.len() - 1;
            let block = resolver.blocks[at];
            let Part::Switch(conditional) = block.part else {
                if block.kind == BlockKind::Unknown {
                    return Err(Stop::Poisoned);
                }
                return Err(misplaced_statement::case_without_switch(resolver.span(text)).into());
            };
            resolver.blocks[at].branches += 1;
            let origin = resolver.stream(syntax.origin)?;
            let branch = resolver.branch(conditional, block.branches, origin, syntax, text)?;
            let scope = Scope::Branch(branch);
            Ok(Opened { scope, stream: Some(origin), part: Part::Case(branch) })
        })
    }

    fn host_block(&mut self, noun: HostNoun, name: Text) -> Resolved<Opened> {
        let wanted = match noun {
            HostNoun::Thread => THREAD,
            HostNoun::Lock => LOCK,
            HostNoun::Context => CONTEXT,
        };
        let scope = match self.meaning(name, wanted)? {
            Meaning::Thread(thread) => Scope::Thread(thread),
            Meaning::Lock(lock) => Scope::Lock(lock),
            Meaning::Context(context) => Scope::Context(context),
            _ => return Err(Stop::Poisoned),
        };
        Ok(plain(scope, self.context()))
    }

    fn ge_session(&mut self, text: Text, name: Text) -> Resolved<Opened> {
        let declared = match self.owner() {
            Some(Owner::Run) | None => self.free_name(name),
            _ => Err(misplaced_statement::only_in_run(self.span(text), "a GE session").into()),
        };
        let symbol = declared.inspect_err(|_| self.poison(name))?;
        let session = self.module.sessions.push(Declared { name: symbol });
        self.declare(symbol, Meaning::Session(session), name);
        Ok(plain(Scope::Session(session), self.context()))
    }
}

impl HostNoun {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Thread => "a thread's block",
            Self::Lock => "a lock's block",
            Self::Context => "a context's block",
        }
    }
}
