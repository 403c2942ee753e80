//! A sequence of ACL calls as flat data.
//!
//! Calls, arguments and texts stand in one array each, so a call costs no allocation of its own. The back end builds
//! a log with [`Log::push`], [`read`](crate::read()) makes one from text, the runtime model replays it.

use std::ops::{Index, Range};

use acg_diagnostics::Span;
use acg_entity::Distinct;

use crate::api::{APIS, Api};
use crate::args::{ArgPool, Args, Kept, Mark};
use crate::kernel::{Kernel, KernelId, Kernels};
use crate::names::{Name, Names};
use crate::view::CallView;

/// The position of a call in its log, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

impl CallId {
    /// The position as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A run of arguments in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ArgRange {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl ArgRange {
    pub(crate) fn indices(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arg {
    /// `NULL`.
    Null,
    /// A number, and every enumerator or set of flags.
    Int(i64),
    /// A handle, an address, or anything else that has a name.
    Name(Name),
    /// `&name`: the call writes it.
    Out(Name),
    /// `&ENUMERATOR`: the call reads and replaces it.
    Exchange(i64),
    /// `base+bytes`: an address inside an allocation.
    Offset {
        /// The allocation.
        base: Name,
        /// Bytes from its start.
        bytes: u64,
    },
    /// `"text"`.
    Text(Name),
    /// `Name{aivec}`.
    Kernel(KernelId),
    /// `{a, b}`.
    Struct(ArgRange),
    /// `[a, b]`.
    List(ArgRange),
}

/// One call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which function.
    pub api: Api,
    pub(crate) args: ArgRange,
    /// In [`Log::manners`], from 1; 0 for the plain one.
    manner: u32,
}

/// How a call is made, which is the same for most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Manner {
    /// The number of the host thread that makes it; 1 is the main thread.
    pub thread: u32,
    /// How many times in a row it is made, at least 1.
    pub repeat: u32,
    /// The operator of an `aclnn` call, without the prefix and suffix: `Add` of `aclnnAdd`.
    pub operator: Option<Name>,
    /// How many kernels it is annotated with; they stand right before its arguments.
    launches: u32,
}

impl Manner {
    /// Once, on the main thread.
    const PLAIN: Self = Self { thread: 1, repeat: 1, operator: None, launches: 0 };
}

/// What a log says of a call beside the call itself; nothing, for calls that were neither read nor measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// What it returned, where the log says so; for a repeated call the first non-zero code.
    pub returned: Option<i32>,
    /// The comment behind it.
    pub note: Option<Name>,
    /// Where it stands in the source, if it was read from one.
    pub span: Option<Span>,
}

/// A comment line or an empty line between calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The call that follows it; the number of calls for one at the end.
    pub before: CallId,
    /// The text behind `//`, `None` for an empty line.
    pub text: Option<Name>,
}

/// A sequence of calls.
#[derive(Clone, Debug, Default)]
pub struct Log {
    calls: Vec<Call>,
    /// By [`Api`], how many calls are of it; empty where there is none.
    count: Vec<u32>,
    /// By call, up to the last of which anything is recorded.
    recorded: Vec<Recorded>,
    args: ArgPool,
    names: Names,
    kernels: Kernels,
    manners: Distinct<Manner>,
    comments: Vec<Comment>,
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for so many more calls, arguments and names than there are; `longer` of the arguments are lists and the like or have
    /// offsets.
    pub fn reserve(&mut self, calls: usize, args: usize, longer: usize, names: usize) {
        self.calls.reserve(calls);
        self.args.reserve(args, longer);
        self.names.reserve(names);
        self.kernels.reserve(names);
    }

    /// Gives back the memory that serves to make names and kernels, for when the last call is there; more can be made all the same.
    pub fn settle(&mut self) {
        self.names.settle();
        self.kernels.settle();
    }

    /// How many calls there are, a repeated one counting once.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether there are no calls.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether a call of `api` was ever pushed: what only looks for such calls need not go through the others.
    pub fn uses(&self, api: Api) -> bool {
        self.count(api) > 0
    }

    /// How many calls of `api` there are.
    pub fn count(&self, api: Api) -> usize {
        self.count.get(api as usize).copied().unwrap_or(0) as usize
    }

    /// The id that the next pushed call will have.
    pub fn next_id(&self) -> CallId {
        CallId(self.calls.len() as u32)
    }

    /// Every call in order.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// Every call in order with its arguments.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = CallView<'_>> + DoubleEndedIterator {
        (0..self.calls.len() as u32).map(|index| self.view(CallId(index)))
    }

    /// The calls from `first` on, in order; none where that is behind the last.
    pub fn iter_from(&self, first: CallId) -> impl Iterator<Item = CallView<'_>> {
        (first.0..self.calls.len() as u32).map(|index| self.view(CallId(index)))
    }

    /// One call with its arguments.
    #[inline]
    pub fn view(&self, id: CallId) -> CallView<'_> {
        CallView { log: self, id, call: &self.calls[id.index()] }
    }

    /// How a call is made.
    #[inline]
    pub fn manner(&self, id: CallId) -> Manner {
        let manner = self[id].manner.checked_sub(1).and_then(|number| self.manners.value(number));
        manner.unwrap_or(Manner::PLAIN)
    }

    /// Lets a call be made by `thread`, `repeat` times in a row.
    pub fn make(&mut self, id: CallId, thread: u32, repeat: u32) {
        let manner = Manner { thread, repeat, ..self.manner(id) };
        self.calls[id.index()].manner = self.manner_number(manner);
    }

    /// The kernels that a call is annotated with.
    pub(crate) fn launches(&self, id: CallId) -> ArgRange {
        let start = self[id].args.start;
        ArgRange { start: start - self.manner(id).launches, end: start }
    }

    /// What the log says of a call beside the call itself.
    #[inline]
    pub fn recorded(&self, id: CallId) -> Recorded {
        self.recorded.get(id.index()).copied().unwrap_or_default()
    }

    /// What the log is to say of a call beside the call itself.
    pub fn recorded_mut(&mut self, id: CallId) -> &mut Recorded {
        if id.index() >= self.recorded.len() {
            self.recorded.resize(id.index() + 1, Recorded::default());
        }
        &mut self.recorded[id.index()]
    }

    /// Comment lines and empty lines, in order of the call that follows them.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The texts of the log.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// A kernel's description; the default one for an id of another log.
    pub fn kernel(&self, id: KernelId) -> Kernel {
        self.kernels.kernel(id).unwrap_or_default()
    }

    /// A run of arguments.
    #[inline]
    pub fn args(&self, range: ArgRange) -> Args<'_> {
        self.args.range(range)
    }

    /// The name of `text`, made if there is none yet.
    pub fn name(&mut self, text: &str) -> Name {
        self.names.intern(text)
    }

    /// Adds `api(args…)` on the main thread and returns its id.
    pub fn push(&mut self, api: Api, args: &[Arg]) -> CallId {
        self.push_made(api, 0, args)
    }

    fn manner_number(&mut self, manner: Manner) -> u32 {
        if manner == Manner::PLAIN { 0 } else { self.manners.number(manner) + 1 }
    }

    fn push_made(&mut self, api: Api, manner: u32, args: &[Arg]) -> CallId {
        let args = self.store(args);
        let id = self.next_id();
        if self.count.is_empty() {
            self.count.resize(APIS.len(), 0);
        }
        self.count[api as usize] += 1;
        self.calls.push(Call { api, args, manner });
        id
    }

    /// Adds `aclnnOperator{kernels…}(args…)`, or its `GetWorkspaceSize` where `api` says so; `operator` is the name without
    /// `aclnn`, `kernels` are what it launches.
    pub fn push_operator(&mut self, api: Api, operator: Name, kernels: &[KernelId], args: &[Arg]) -> CallId {
        self.args.extend(kernels.iter().map(|&kernel| Arg::Kernel(kernel)));
        let (operator, launches) = (Some(operator), kernels.len() as u32);
        let manner = self.manner_number(Manner { operator, launches, ..Manner::PLAIN });
        self.push_made(api, manner, args)
    }

    /// Puts `text` behind a call; a comment is one line without blanks around it, so others are taken away.
    pub fn note(&mut self, id: CallId, text: &str) {
        let text = self.name(text.trim());
        self.recorded_mut(id).note = Some(text);
    }

    /// Adds a comment line before the next call.
    pub fn comment(&mut self, text: &str) {
        let text = Some(self.name(text.trim()));
        self.comments.push(Comment { before: self.next_id(), text });
    }

    /// Adds an empty line before the next call.
    pub fn empty_line(&mut self) {
        self.comments.push(Comment { before: self.next_id(), text: None });
    }

    /// The id of a kernel description, made if there is none equal to it.
    pub fn kernel_id(&mut self, kernel: Kernel) -> KernelId {
        self.kernels.id(kernel)
    }

    /// The string argument `text`.
    pub fn text_arg(&mut self, text: &str) -> Arg {
        Arg::Text(self.name(text))
    }

    /// The array argument of `items`.
    pub fn list(&mut self, items: &[Arg]) -> Arg {
        Arg::List(self.store(items))
    }

    /// Keeps an argument that many arrays have as an item: the log holds it once.
    pub fn keep(&mut self, arg: Arg) -> Kept {
        self.args.keep(arg)
    }

    /// What was kept.
    pub fn kept(&self, kept: Kept) -> Arg {
        self.args.kept(kept)
    }

    /// As [`Log::list`], of items that were kept.
    pub fn list_of_kept(&mut self, items: &[Kept]) -> Arg {
        let start = self.args.len() as u32;
        self.args.extend_kept(items);
        Arg::List(self.args_since(start))
    }

    /// The struct argument of `fields`.
    pub fn structure(&mut self, fields: &[Arg]) -> Arg {
        Arg::Struct(self.store(fields))
    }

    /// Forgets the arguments from `mark` on, which belong to no call.
    pub(crate) fn forget_args(&mut self, mark: Mark) {
        self.args.truncate(mark);
    }

    /// How far the arguments go; see [`Log::forget_args`].
    pub(crate) fn args_mark(&self) -> Mark {
        self.args.mark()
    }

    pub(crate) fn store(&mut self, args: &[Arg]) -> ArgRange {
        let start = self.args.len() as u32;
        self.args.extend(args.iter().copied());
        self.args_since(start)
    }

    fn args_since(&self, start: u32) -> ArgRange {
        ArgRange {
            start,
            end: u32::try_from(self.args.len()).expect("a log holds fewer than u32::MAX arguments"),
        }
    }
}

impl Index<CallId> for Log {
    type Output = Call;

    fn index(&self, id: CallId) -> &Call {
        &self.calls[id.index()]
    }
}
