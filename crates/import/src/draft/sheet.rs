//! The lines of a graph, of a branch of a conditional task or of the host program, until they become a body.
//!
//! A branch has a sheet of its own, because a log may do other things between a conditional task and the captures of its
//! branches. [`Draft::unfold`] puts the sheets together, and blocks around the calls of other threads.

use acg_entity::Entity;
use acg_ir::graph::SourceRange;
use acg_ir::{
    BodyId, BranchData, Cond, ConditionalData, ConditionalKind, GraphId, Mode, Op, RareList, Scope, Stream,
    Symbol, TaskData,
};

use super::Draft;

acg_entity::entity! {
    /// Lines that follow each other.
    Sheet, "sheet"
}
acg_entity::entity! {
    /// A branch of a conditional task.
    DraftBranch, "branch"
}

/// The main thread, as logs number it.
pub(crate) const MAIN_THREAD: u32 = 1;

/// One line of a sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line {
    /// A task.
    Task(TaskData),
    /// The header of a block.
    Open(Scope),
    /// Its end.
    Close,
    /// A comment.
    Comment(Symbol),
    /// A conditional task with its branches.
    Conditional(Conditional),
}

/// A line with where it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) line: Line,
    /// The number of what it was made from.
    pub(crate) source: Option<u32>,
    /// The thread that makes its calls.
    pub(crate) thread: u32,
}

/// A conditional task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditional {
    pub(crate) kind: ConditionalKind,
    pub(crate) cond: Cond,
    pub(crate) stream: Stream,
    /// The first of its branches, and how many there are.
    pub(crate) first: DraftBranch,
    pub(crate) count: u32,
}

impl Conditional {
    /// Its branches.
    pub(crate) fn branches(self) -> impl Iterator<Item = DraftBranch> {
        let first = self.first.index();
        (first..first + self.count as usize).map(DraftBranch::at)
    }
}

/// A branch of a conditional task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BranchDraft {
    pub(crate) sheet: Sheet,
    /// What captures it, once something does.
    pub(crate) capture: Option<BranchCapture>,
}

/// The capture of a branch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BranchCapture {
    pub(crate) origin: Stream,
    pub(crate) mode: Mode,
    /// What its begin and its end were made from.
    pub(crate) begin: Option<u32>,
    pub(crate) end: Option<u32>,
}

/// What is written so far of an unfolded body, and the thread blocks that are open in it.
struct Unfolded {
    lines: Vec<Written>,
    /// For every open block, the thread that its lines are on, and the one of a thread's block in it.
    threads: Vec<(u32, Option<u32>)>,
}

impl Unfolded {
    /// Adds a line, in a block of its thread where that is not the one of the lines around it.
    fn push(&mut self, draft: &mut Draft, written: Written) {
        let is_call = !matches!(written.line, Line::Comment(_) | Line::Close);
        if is_call {
            self.turn_to(draft, Some(written.thread));
        }
        match written.line {
            Line::Open(_) => self.threads.push((written.thread, None)),
            Line::Close => {
                self.turn_to(draft, None);
                if self.threads.len() > 1 {
                    self.threads.pop();
                }
            }
            _ => {}
        }
        self.lines.push(written);
    }

    /// Ends the block of another thread, and begins one where it is needed.
    fn turn_to(&mut self, draft: &mut Draft, thread: Option<u32>) {
        let Some((own, open)) = self.threads.last_mut() else { return };
        let wanted = thread.filter(|thread| thread != own);
        if *open == wanted {
            return;
        }
        let block = |line, thread| Written { line, source: None, thread };
        if let Some(thread) = open.take() {
            self.lines.push(block(Line::Close, thread));
        }
        if let Some(thread) = wanted {
            self.lines.push(block(Line::Open(Scope::Thread(draft.thread(thread))), thread));
        }
        *open = wanted;
    }
}

impl Draft {
    /// Adds a line to a sheet.
    pub(crate) fn write(&mut self, sheet: Sheet, line: Line, source: Option<u32>, thread: u32) {
        self.sheets[sheet].push(Written { line, source, thread });
    }

    /// Adds a line that nothing in the input is made to, before the line `at` of a sheet; lines keep their numbers.
    pub(crate) fn write_before(&mut self, sheet: Sheet, at: usize, line: Line, thread: u32) {
        self.inserted.entry(sheet).or_default().push((at, Written { line, source: None, thread }));
    }

    /// The lines of a sheet, with those that were added between others.
    fn take_lines(&mut self, sheet: Sheet) -> Vec<Written> {
        let lines = std::mem::take(&mut self.sheets[sheet]);
        let Some(mut inserted) = self.inserted.remove(&sheet) else { return lines };
        inserted.sort_by_key(|&(at, _)| at);
        let mut inserted = inserted.into_iter().peekable();
        let mut all = Vec::with_capacity(lines.len() + inserted.len());
        for (at, line) in lines.into_iter().enumerate() {
            while let Some((_, before)) = inserted.next_if(|&(before, _)| before <= at) {
                all.push(before);
            }
            all.push(line);
        }
        all.extend(inserted.map(|(_, line)| line));
        all
    }

    /// A conditional task with `count` branches that nothing captures yet.
    pub(crate) fn conditional(
        &mut self,
        kind: ConditionalKind,
        cond: Cond,
        stream: Stream,
        count: u32,
    ) -> Conditional {
        let first = DraftBranch::at(self.branches.len());
        for _ in 0..count {
            let sheet = self.sheets.push(Vec::new());
            self.branches.push(BranchDraft { sheet, capture: None });
        }
        Conditional { kind, cond, stream, first, count }
    }

    /// Whether the last line of a sheet is the conditional task of a branch.
    pub(crate) fn ends_with_branch(&self, sheet: Sheet, branch: DraftBranch) -> bool {
        match self.sheets[sheet].last().map(|written| written.line) {
            Some(Line::Conditional(conditional)) => conditional.branches().any(|other| other == branch),
            _ => false,
        }
    }

    /// All lines of a sheet and of the sheets in it, where `thread` is the one that makes the calls of the body.
    pub(super) fn unfold(&mut self, body: BodyId, sheet: Sheet, thread: u32) -> Vec<Written> {
        let mut unfolded = Unfolded { lines: Vec::new(), threads: vec![(thread, None)] };
        self.unfold_into(body, sheet, &mut unfolded);
        unfolded.turn_to(self, None);
        unfolded.lines
    }

    fn unfold_into(&mut self, body: BodyId, sheet: Sheet, out: &mut Unfolded) {
        for written in self.take_lines(sheet) {
            match (written.line, body) {
                (Line::Conditional(conditional), BodyId::Graph(graph)) => {
                    self.unfold_conditional(graph, conditional, written, out);
                }
                _ => out.push(self, written),
            }
        }
    }

    /// The header, each branch, the end; of a conditional task whose branches nothing captures, one line.
    fn unfold_conditional(
        &mut self,
        graph: GraphId,
        conditional: Conditional,
        written: Written,
        out: &mut Unfolded,
    ) {
        let Conditional { kind, cond, stream, .. } = conditional;
        let captures = conditional.branches().map(|branch| self.branches[branch].capture);
        let Some(known) = captures.flatten().next() else {
            let op = Op::AddCond { kind, cond, branches: conditional.count, models: RareList::default() };
            let task = TaskData::new(op, Some(stream));
            return out.push(self, Written { line: Line::Task(task), ..written });
        };
        let span = SourceRange::default();
        let body = &mut self.graphs[graph.index()].graph.body;
        let id = body.conditionals.push(ConditionalData { kind, cond, stream, span });
        out.push(self, Written { line: Line::Open(Scope::Conditional(id)), ..written });
        for (number, branch) in (0..).zip(conditional.branches()) {
            let BranchDraft { sheet, capture } = self.branches[branch];
            // There is none that nothing captures: its task would be said call by call.
            let capture = capture.unwrap_or(BranchCapture { begin: None, end: None, ..known });
            let data = BranchData {
                conditional: id,
                number,
                origin: capture.origin,
                mode: capture.mode,
                span,
                footer: span,
            };
            let placed = self.graphs[graph.index()].graph.branches.push(data);
            self.placed.insert(branch, placed);
            let line = Line::Open(Scope::Branch(placed));
            out.push(self, Written { line, source: capture.begin, ..written });
            self.unfold_into(BodyId::Graph(graph), sheet, out);
            out.push(self, Written { line: Line::Close, source: capture.end, ..written });
        }
        out.push(self, Written { line: Line::Close, source: None, ..written });
    }
}
