//! Which captures, conditional tasks and subscriptions of a log are what the language has blocks and declarations for.
//!
//! A graph of a program is a block: it begins and ends on one stream and one thread, and no other capture begins in it. A capture
//! of a log that is not like this is said call by call, and so are a conditional task with a branch that is not captured to its
//! end, and a subscription to a stream's reports that comes behind the first callback.

use acg_calls::{Api, Arg, CallId, CallView, Log, Name};
use rustc_hash::{FxHashMap, FxHashSet};

/// The calls that no block and no declaration says: those that begin captures, add conditional tasks and subscribe.
#[derive(Debug, Default)]
pub(super) struct Shape {
    bare: FxHashSet<CallId>,
}

impl Shape {
    pub(super) fn of(log: &Log, codes: &[i32]) -> Self {
        let mut walk = Walk::default();
        for call in log.iter() {
            walk.call(&call, codes.get(call.id.index()) == Some(&0));
        }
        walk.finish()
    }

    /// Whether a call is said as a call.
    pub(super) fn is_bare(&self, call: CallId) -> bool {
        self.bare.contains(&call)
    }
}

/// A stream by its variable and by how often that was set before; the default stream is none.
type Stream = Option<(Name, u32)>;

/// The subscriptions to the reports of a stream.
#[derive(Default)]
struct Subscriptions {
    calls: Vec<CallId>,
    has_callback: bool,
    is_late: bool,
}

/// A capture that has begun and not ended.
struct Open {
    begin: CallId,
    thread: u32,
    /// The branch that is captured, none of a graph.
    branch: Option<Name>,
}

/// A branch of a conditional task, by the variable of its model.
#[derive(Clone, Copy)]
struct BranchState {
    conditional: CallId,
    begun: bool,
    ended: bool,
}

#[derive(Default)]
struct Walk {
    shape: Shape,
    /// By their streams.
    open: FxHashMap<Stream, Open>,
    /// How many of them are graphs.
    graphs: usize,
    /// The one of them beside which no other has begun so far.
    alone: Option<CallId>,
    /// A stream on which the last capture did not begin.
    unbegun: Option<Stream>,
    branches: FxHashMap<Name, BranchState>,
    /// Conditional tasks with a branch that is not captured.
    incomplete: FxHashSet<CallId>,
    /// Conditional tasks whose next branch nothing captures at the moment, and how many branches of each are left.
    waiting: Vec<CallId>,
    left: FxHashMap<CallId, usize>,
    subscriptions: FxHashMap<Stream, Subscriptions>,
    /// The variables that streams are in, with how often each was set; one that was never set is null.
    variables: FxHashMap<Name, u32>,
}

/// Whether a call only makes something that a program declares.
const fn makes(api: Api) -> bool {
    matches!(
        api,
        Api::CreateEvent
            | Api::CreateEventWithFlag
            | Api::CreateEventExWithFlag
            | Api::CreateNotify
            | Api::Malloc
            | Api::MallocHost
            | Api::CMalloc
            | Api::CtxGetCurrentDefaultStream
            | Api::RiCondHandleGetCondPtr
    )
}

impl Walk {
    fn call(&mut self, call: &CallView<'_>, succeeded: bool) {
        match call.api() {
            Api::RiCaptureBegin => self.begin(call, succeeded),
            Api::RiCaptureToModelRiBegin => self.begin_branch(call),
            Api::RiCaptureEnd if call.out(1).is_some() => self.end(call),
            Api::RiAddCondTask => self.conditional(call),
            Api::LaunchCallback => self.called_back(call.name(3)),
            Api::LaunchHostFunc => self.called_back(call.name(0)),
            Api::SubscribeReport | Api::UnSubscribeReport => self.subscribe(call),
            Api::CreateStream | Api::CreateStreamWithConfig => {
                // A call that fails leaves a variable that was set before as it was.
                if let Some(name) = call.out(0) {
                    let times = self.variables.entry(name).or_default();
                    *times += u32::from(succeeded || *times == 0);
                }
            }
            api => {
                if !succeeded {
                    self.refused(call);
                }
                if !super::aside::only_asks(api) && !makes(api) {
                    self.no_branch_is_next(None);
                }
                for name in call.args().iter().filter_map(Arg::out) {
                    self.variables.remove(&name);
                }
            }
        }
    }

    fn stream(&self, name: Option<Name>) -> Stream {
        let name = name?;
        Some((name, *self.variables.get(&name)?))
    }

    fn called_back(&mut self, stream: Option<Name>) {
        let stream = self.stream(stream);
        self.subscriptions.entry(stream).or_default().has_callback = true;
    }

    fn subscribe(&mut self, call: &CallView<'_>) {
        let stream = self.stream(call.name(1));
        let subscriptions = self.subscriptions.entry(stream).or_default();
        subscriptions.calls.push(call.id);
        subscriptions.is_late |= call.api() == Api::SubscribeReport && subscriptions.has_callback;
    }

    fn begin(&mut self, call: &CallView<'_>, succeeded: bool) {
        // One that did not begin is a graph as long as nothing else begins.
        if let Some(open) = self.unbegun.take().and_then(|stream| self.take(stream)) {
            self.shape.bare.insert(open.begin);
        }
        let stream = self.stream(call.name(0));
        let is_mode = matches!(call.int(1), Some(0..=2));
        if !is_mode || self.open.contains_key(&stream) || (!succeeded && self.graphs > 0) {
            self.shape.bare.insert(call.id);
            return;
        }
        if self.graphs > 0 {
            self.shape.bare.insert(call.id);
            self.shape.bare.extend(self.alone.take());
        } else {
            self.alone = Some(call.id);
        }
        self.unbegun = (!succeeded).then_some(stream);
        self.graphs += 1;
        self.open.insert(stream, Open { begin: call.id, thread: call.manner().thread, branch: None });
    }

    fn take(&mut self, stream: Stream) -> Option<Open> {
        let open = self.open.remove(&stream)?;
        self.graphs -= usize::from(open.branch.is_none());
        Some(open)
    }

    fn begin_branch(&mut self, call: &CallView<'_>) {
        let (stream, model) = (self.stream(call.name(0)), call.name(1));
        let is_busy = self.open.contains_key(&stream);
        let next = model.and_then(|model| self.branches.get(&model)).map(|branch| branch.conditional);
        self.no_branch_is_next(next);
        let Some(branch) = model.and_then(|model| self.branches.get_mut(&model)) else { return };
        if is_busy || branch.begun || self.graphs == 0 {
            // Begun twice, or where it cannot begin.
            self.shape.bare.insert(branch.conditional);
        }
        branch.begun = true;
        if !is_busy {
            self.open.insert(stream, Open { begin: call.id, thread: call.manner().thread, branch: model });
        }
    }

    fn end(&mut self, call: &CallView<'_>) {
        let Some(ended) = self.take(self.stream(call.name(0))) else { return };
        let by_another = ended.thread != call.manner().thread;
        match ended.branch {
            None => {
                if by_another {
                    self.shape.bare.insert(ended.begin);
                }
                self.alone = self.alone.filter(|&begin| begin != ended.begin);
                // The captures of branches are over with that of their graph.
                if self.graphs == 0 {
                    self.open.clear();
                }
            }
            Some(model) => {
                if let Some(branch) = self.branches.get_mut(&model) {
                    branch.ended = true;
                    if let Some(left @ 2..) = self.left.get_mut(&branch.conditional) {
                        *left -= 1;
                        self.waiting.push(branch.conditional);
                    }
                    if by_another {
                        self.shape.bare.insert(branch.conditional);
                    }
                }
            }
        }
    }

    /// What is called between a conditional task and the captures of its branches would be called behind those of a block.
    fn no_branch_is_next(&mut self, but: Option<CallId>) {
        self.shape.bare.extend(self.waiting.drain(..).filter(|&conditional| Some(conditional) != but));
    }

    /// What is refused of a branch can be said only where the branch has a name, which those of blocks have not.
    fn refused(&mut self, call: &CallView<'_>) {
        let named = call.args().iter().filter_map(Arg::name);
        let branches = named.filter_map(|name| self.branches.get(&name));
        self.shape.bare.extend(branches.map(|branch| branch.conditional));
    }

    fn conditional(&mut self, call: &CallView<'_>) {
        self.no_branch_is_next(None);
        let fields = call.arg(0).and_then(|fields| call.items(fields)).unwrap_or_default();
        let models = fields.get(3).and_then(|models| call.items(models)).unwrap_or_default();
        self.left.insert(call.id, models.len());
        self.waiting.push(call.id);
        for model in models.iter().filter_map(Arg::out) {
            let state = BranchState { conditional: call.id, begun: false, ended: false };
            if let Some(before) = self.branches.insert(model, state) {
                self.settle(before);
            }
        }
    }

    fn settle(&mut self, branch: BranchState) {
        if !(branch.begun && branch.ended) {
            self.incomplete.insert(branch.conditional);
        }
    }

    fn finish(mut self) -> Shape {
        let graphs = self.open.values().filter(|open| open.branch.is_none());
        self.shape.bare.extend(graphs.map(|open| open.begin));
        for branch in std::mem::take(&mut self.branches).into_values() {
            self.settle(branch);
        }
        self.shape.bare.extend(self.incomplete);
        let late = self.subscriptions.into_values().filter(|of_stream| of_stream.is_late);
        self.shape.bare.extend(late.flat_map(|of_stream| of_stream.calls));
        self.shape
    }
}
