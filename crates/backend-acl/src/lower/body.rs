//! The lines of a body, in the order in which they are called; what blocks call at their ends.

use acg_calls::{Api, Arg};
use acg_ir::graph::SourceRange;
use acg_ir::{Body, BodyId, Mode, Scope, Step, Stream};

use super::walk::Walk;
use super::{Cause, Lowerer};

/// A block that is open.
struct Block {
    scope: Scope,
    line: Option<SourceRange>,
    /// The thread's exchange mode before it, and the thread.
    mode: Mode,
    thread: u32,
}

impl<'m> Lowerer<'m> {
    pub(super) fn body_of(&self, id: BodyId) -> Option<&'m Body> {
        let module: &'m acg_ir::Module = self.module;
        module.body(id)
    }

    /// The calls of all lines of a body.
    pub(super) fn lines_of(&mut self, id: BodyId) {
        let Some(body) = self.body_of(id) else { return };
        let mut walk = Walk::new(body);
        let mut open: Vec<Block> = Vec::new();
        let made = if id == BodyId::Run { body.leading_inits().count() } else { 0 };
        for (at, step) in walk.by_ref().skip(made) {
            match step {
                Step::Task(task) => self.task(id, task),
                Step::Open(scope) => {
                    let span = header(body, scope).or_else(|| next_line(body, at));
                    self.because_at(Cause::Open(id), span);
                    open.push(Block { scope, line: self.line, mode: self.mode(), thread: self.thread });
                    self.open(id, body, scope);
                }
                Step::Close => {
                    if let Some(block) = open.pop() {
                        self.because_at(Cause::Close(id), block.line);
                        self.close(id, body, &block);
                    }
                }
            }
        }
        if let (Some(at), None) = (walk.cut, self.lowered.cut) {
            self.lowered.cut = next_line(body, at.saturating_sub(1));
        }
    }

    fn open(&mut self, id: BodyId, body: &Body, scope: Scope) {
        match scope {
            Scope::Stream(_) | Scope::Repeat(_) => {}
            Scope::Relaxed => self.exchange(Mode::Relaxed),
            Scope::Group(group) => {
                let stream = self.stream(body.groups[group].stream);
                self.call(Api::RiCaptureTaskGrpBegin, &[stream]);
            }
            Scope::Update(update) => {
                let update = body.updates[update];
                let stream = self.stream(Some(update.stream));
                let group = self.handles.group(update.graph, update.group);
                self.call(Api::RiCaptureTaskUpdateBegin, &[stream, group]);
            }
            Scope::Conditional(conditional) => self.conditional(id, body, conditional),
            Scope::Branch(branch) => self.begin_branch(id, body, branch),
            Scope::Thread(thread) => self.thread = super::host_program::thread_number(thread),
            Scope::Context(context) => self.enter_context(context),
            Scope::Lock(lock) => {
                let lock = Arg::Name(self.handles.locks[lock]);
                self.call(Api::MutexLock, &[lock]);
            }
            Scope::Session(session) => {
                let session = Arg::Out(self.handles.sessions[session]);
                self.call(Api::GeSessionNew, &[session, Arg::Null]);
            }
        }
    }

    fn close(&mut self, id: BodyId, body: &Body, block: &Block) {
        match block.scope {
            Scope::Stream(_) | Scope::Repeat(_) | Scope::Conditional(_) => {}
            Scope::Relaxed => self.exchange(block.mode),
            Scope::Group(group) => {
                let stream = self.stream(body.groups[group].stream);
                let handle = Arg::Out(self.handles.groups(id)[group]);
                self.call(Api::RiCaptureTaskGrpEnd, &[stream, handle]);
            }
            Scope::Update(update) => {
                let stream = self.stream(Some(body.updates[update].stream));
                self.call(Api::RiCaptureTaskUpdateEnd, &[stream]);
            }
            Scope::Branch(branch) => self.end_branch(id, body, branch),
            Scope::Thread(_) => self.thread = block.thread,
            Scope::Context(_) => self.leave_context(),
            Scope::Lock(lock) => {
                let lock = Arg::Name(self.handles.locks[lock]);
                self.call(Api::MutexUnlock, &[lock]);
            }
            Scope::Session(session) => {
                let session = Arg::Name(self.handles.sessions[session]);
                self.call(Api::GeSessionDelete, &[session]);
            }
        }
    }

    pub(super) fn stream(&self, stream: Option<Stream>) -> Arg {
        stream.map_or(Arg::Null, |stream| self.handles.streams[stream])
    }
}

/// The header of a block that knows where it stands.
fn header(body: &Body, scope: Scope) -> Option<SourceRange> {
    match scope {
        Scope::Update(update) => Some(body.updates[update].span),
        Scope::Conditional(conditional) => Some(body.conditionals[conditional].span),
        Scope::Branch(branch) => Some(body.branches[branch].span),
        _ => None,
    }
}

/// Other headers have no range of their own; the first line in the block stands for it.
fn next_line(body: &Body, at: usize) -> Option<SourceRange> {
    match body.steps.get(at + 1..)?.iter().find(|step| !matches!(step, Step::Open(_)))? {
        Step::Task(task) => body.spans.values().as_slice().get(acg_ir::Entity::index(*task)).copied(),
        Step::Open(_) | Step::Close => None,
    }
}
