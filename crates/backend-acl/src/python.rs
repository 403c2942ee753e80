//! A Python program that makes the calls of a lowered module, with `torch_npu` and pyACL.
//!
//! Every call of the log is said by the first of these that has it (`docs/emit.md` has the table):
//!
//! 1. `torch_npu`: memory as tensors, streams, events, `NPUGraph`, task groups and updates, operators that torch has with a given
//!    result;
//! 2. pyACL (`acl.rt`, `acl.mdl`), which names and orders its functions as C does;
//! 3. the C library itself, through `ctypes`: a few calls, and operators that torch has no such form of.
//!
//! What none of them has is no program: it comes back as [`Unsaid`], with the line that it stands on.
//!
//! | what | where |
//! |---|---|
//! | which streams and events are `torch_npu`'s | `forms` |
//! | one statement per call | `call`, `torch`, `pyacl`, `library`, `operator`, `kernel`, `host`, `threads` |
//! | what an operator is called in torch | `torch_operators` |
//! | buffers and parts of them as tensors | `tensor` |
//! | identifiers | `names` |
//! | the parts of a program that never change | `prelude/` |
//!
//! **Invariant:** the calls of a program that succeeds are those of [`Lowered::log`], in that order, without those that `torch_npu`
//! makes by itself: the first phases of operators that torch has, their workspaces, the end of the process.

mod call;
mod forms;
mod host;
mod kernel;
mod library;
mod names;
mod operator;
mod pyacl;
mod tensor;
mod threads;
mod torch;
mod torch_operators;

use std::collections::{BTreeMap, BTreeSet};

use acg_calls::{Api, CallId, Name};
use acg_ir::graph::SourceRange;
use acg_ir::{BodyId, Buffer, Task, TaskData, Verified};
use rustc_hash::FxHashMap;

use crate::emission::EmitOptions;
use crate::launch::LaunchKeys;
use crate::lower::{Cause, Declaration, Lowered, Origins, Phase, lower};
use crate::repetition::{Repetition, phases, runs};
use crate::source::SourceLines;
use crate::writer::Writer;
use forms::Forms;
use names::Names;
use threads::MAIN_THREAD;

/// Something that cannot be said in Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    /// The line of the source, where there is one.
    pub span: Option<SourceRange>,
    /// What, and why not, in one sentence without a final stop.
    pub message: String,
}

/// The text of a Python program for a module.
///
/// # Errors
/// Everything that neither `torch_npu` nor pyACL has a call for, in order of the calls.
pub fn emit_python(module: &Verified<'_>, options: &EmitOptions<'_>) -> Result<String, Vec<Unsaid>> {
    let lowered = lower(module, &options.lower);
    let mut emitter = Emitter {
        module,
        options,
        lowered: &lowered,
        origins: Origins::of(module, &lowered),
        keys: LaunchKeys::of(module),
        source: SourceLines::new(options.source_name, options.source_text),
        forms: Forms::of(module, &lowered),
        names: Names::of(&lowered.log),
        buffers: buffers(&lowered),
        constants: BTreeMap::new(),
        fragments: BTreeSet::new(),
        functions: BTreeSet::new(),
        by_c: FxHashMap::default(),
        kernels: BTreeMap::new(),
        current: Vec::new(),
        thread: MAIN_THREAD,
        thread_calls: 0,
        shown: None,
        unsaid: Vec::new(),
        body: Writer::python(1),
    };
    emitter.threads_and_locks();
    // The body comes first, because it decides what the rest has to define.
    emitter.phases();
    if emitter.unsaid.is_empty() { Ok(emitter.program()) } else { Err(emitter.unsaid) }
}

/// The name of every buffer's memory.
fn buffers(lowered: &Lowered) -> FxHashMap<Buffer, Name> {
    let allocations =
        lowered.log.iter().filter(|call| matches!(call.api(), Api::Malloc | Api::MallocHost | Api::CMalloc));
    let names = allocations.filter_map(|call| call.out(0));
    let buffers = names.filter_map(|name| match lowered.declaration(name) {
        Some(Declaration::Buffer(buffer)) => Some((buffer, name)),
        _ => None,
    });
    buffers.collect()
}

/// A part of a program that never changes, in the order in which parts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fragment {
    Check,
    Made,
    Library,
    ExchangeMode,
    HostFunction,
    ReportThread,
    Operator,
    Show,
    Expect,
    Dataset,
}

impl Fragment {
    const fn text(self) -> &'static str {
        match self {
            Self::Check => include_str!("python/prelude/check.py"),
            Self::Made => include_str!("python/prelude/made.py"),
            Self::Library => include_str!("python/prelude/library.py"),
            Self::HostFunction => include_str!("python/prelude/host_function.py"),
            Self::ExchangeMode => include_str!("python/prelude/exchange_mode.py"),
            Self::ReportThread => include_str!("python/prelude/report_thread.py"),
            Self::Operator => include_str!("python/prelude/operator.py"),
            Self::Show => include_str!("python/prelude/show.py"),
            Self::Expect => include_str!("python/prelude/expect.py"),
            Self::Dataset => include_str!("python/prelude/dataset.py"),
        }
    }

    /// The parts that it builds on.
    const fn needs(self) -> &'static [Self] {
        match self {
            Self::Check | Self::HostFunction | Self::Show | Self::Expect => &[],
            Self::Made | Self::Library | Self::Operator | Self::Dataset => &[Self::Check],
            Self::ExchangeMode => &[Self::Library],
            Self::ReportThread => &[Self::Made],
        }
    }
}

/// The state of one emission.
struct Emitter<'m> {
    module: &'m Verified<'m>,
    options: &'m EmitOptions<'m>,
    lowered: &'m Lowered,
    origins: Origins<'m>,
    keys: LaunchKeys,
    source: SourceLines<'m>,
    forms: Forms,
    names: Names,
    /// The name of every buffer that has memory of its own.
    buffers: FxHashMap<Buffer, Name>,
    /// Enumerators that are used, with their values.
    constants: BTreeMap<&'static str, i64>,
    fragments: BTreeSet<Fragment>,
    /// Host functions that are called.
    functions: BTreeSet<Name>,
    /// The executors of operators that go by their C functions, by line.
    by_c: FxHashMap<(BodyId, Task), String>,
    /// The number of each kernel, by its file and name.
    kernels: BTreeMap<(String, String), usize>,
    /// The streams that are current, the innermost last: each is one open `with`.
    current: Vec<Name>,
    /// Whether another host thread's calls are being written, and how many functions there are of them.
    thread: u32,
    thread_calls: usize,
    /// The source line that the last comment shows.
    shown: Option<u32>,
    unsaid: Vec<Unsaid>,
    body: Writer,
}

impl<'m> Emitter<'m> {
    /// Writes the statements of all phases.
    fn phases(&mut self) {
        phases(self.lowered).for_each(|phase| self.phase(phase));
        self.leave_streams(0);
    }

    fn phase(&mut self, bounds: (Phase, CallId, CallId)) {
        self.leave_streams(0);
        self.shown = None;
        match (bounds.0, &self.module.run) {
            (Phase::Capture(graph), _) => self.load_kernels(&self.module.graphs[graph].body),
            (Phase::Run, Some(body)) => self.load_kernels(body),
            _ => {}
        }
        let executions = self.options.lower.executions;
        for run in runs(self.module, self.lowered, &self.origins, executions, bounds) {
            self.repeated(run);
        }
    }

    fn repeated(&mut self, repetition: Repetition) {
        let (times, (start, end)) = (repetition.times, repetition.run());
        if times > 1 {
            self.leave_streams(0);
            self.body.open(format_args!("for _repetition in range({times}):"));
        }
        self.statements(start, end);
        if times > 1 {
            self.body.dedent();
        }
    }

    fn statements(&mut self, start: CallId, end: CallId) {
        (start.0..end.0).for_each(|id| self.statement(CallId(id)));
        self.leave_thread();
        self.leave_streams(0);
    }

    /// Makes `stream` the current one for the statements that follow.
    fn on(&mut self, stream: Name) {
        if let Some(at) = self.current.iter().position(|&open| open == stream) {
            return self.leave_streams(at + 1);
        }
        // The origin of a capture stays open around the other streams' statements.
        self.leave_streams(1);
        let name = self.names.of_name(stream).to_owned();
        self.body.open(format_args!("with torch.npu.stream({name}):"));
        self.current.push(stream);
    }

    /// Closes `with` blocks until `keep` are open.
    fn leave_streams(&mut self, keep: usize) {
        while self.current.len() > keep {
            self.current.pop();
            self.body.dedent();
        }
    }

    /// Shows the source line of a call, unless the last comment does; gives its number, 0 for none.
    fn show_line(&mut self, id: CallId) -> u32 {
        let range = self.origins.line(id);
        let Some(number) = range.and_then(|range| self.source.number(range)) else { return 0 };
        if self.shown != Some(number) {
            self.shown = Some(number);
            self.body.comment(&format!("{}:{number}: {}", self.source.name, self.source.line(number)));
        }
        number
    }

    /// Says that a call has no Python.
    fn unsaid(&mut self, id: CallId, message: impl Into<String>) {
        let span = self.origins.line(id);
        let unsaid = Unsaid { span, message: message.into() };
        // A line with several calls that have none is told once.
        if self.unsaid.last() != Some(&unsaid) {
            self.unsaid.push(unsaid);
        }
    }

    /// The task that a call comes from.
    fn task(&self, id: CallId) -> Option<&'m TaskData> {
        let module: &'m Verified<'m> = self.module;
        let (body, task) = self.line(id)?;
        Some(&module.body(body)?.tasks[task])
    }

    fn line(&self, id: CallId) -> Option<(BodyId, Task)> {
        let Cause::Task(body, task) = self.lowered.causes.of(id)? else { return None };
        Some((body, task))
    }

    fn needs(&mut self, fragment: Fragment) {
        self.fragments.insert(fragment);
        fragment.needs().iter().for_each(|&needed| self.needs(needed));
    }

    /// Puts the parts of the program together.
    fn program(self) -> String {
        let mut out = Writer::python(0);
        let source = self.options.source_name;
        out.comment(&format!("Generated by acg from {source}; change that file rather than this one."));
        out.line("#");
        out.comment(
            "Run: python3 FILE.py, where there are torch, torch_npu and pyACL (the module acl of CANN).",
        );
        let by_c =
            self.fragments.contains(&Fragment::Library) || self.fragments.contains(&Fragment::Operator);
        let standard = [
            (by_c, "import ctypes"),
            (!self.kernels.is_empty(), "import struct"),
            (!self.module.threads.is_empty(), "from concurrent.futures import ThreadPoolExecutor"),
            (!self.module.locks.is_empty(), "from threading import Lock"),
        ];
        out.line("");
        if standard.iter().any(|(needed, _)| *needed) {
            standard.iter().filter(|(needed, _)| *needed).for_each(|(_, line)| out.line(line));
            out.line("");
        }
        out.line("import acl");
        out.line("import torch");
        out.line("import torch_npu");
        out.line("");
        out.format(format_args!("SOURCE = {}", quoted(source)));
        for (name, value) in &self.constants {
            out.format(format_args!("{name} = {value}"));
        }
        for fragment in &self.fragments {
            out.line("\n");
            out.verbatim(fragment.text());
        }
        for &function in &self.functions {
            out.line("\n");
            out.format(format_args!("def host_function_{}(_user_data):", self.lowered.log.text(function)));
            out.line("    \"\"\"What the host does at this point of the graph goes here.\"\"\"");
        }
        out.line("\n");
        out.line("def program():");
        self.body.into_parts().iter().for_each(|part| out.verbatim(part));
        out.line("\n");
        out.line("if __name__ == \"__main__\":");
        out.line("    program()");
        out.into_parts().concat()
    }
}

/// A Python literal with the characters of `text`.
fn quoted(text: &str) -> String {
    use std::fmt::Write;
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            ' '..='~' => literal.push(character),
            // Writing to a string cannot fail.
            other => write!(literal, "\\U{:08x}", u32::from(other)).unwrap_or_default(),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn literals_hold_any_text() {
        assert_eq!(quoted("a\"b\\c\nü"), "\"a\\\"b\\\\c\\n\\U000000fc\"");
    }
}
