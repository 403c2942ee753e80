//! A C++17 program that makes the calls of a lowered module.
//!
//! It is what one would write by hand: a class with one member per resource and one function per phase, every return
//! code checked, every resource released on every way out. Its text is printed by a small writer rather than from a
//! template: nearly all of it is one statement per call, and the parts that never change are C++ files of their own
//! (`prelude/`), which an editor understands.
//!
//! | what | where |
//! |---|---|
//! | classes that own resources | `prelude` |
//! | headers, and declarations of operators where there are none | `declarations` |
//! | members, in an order whose reverse is the clean-up | `members` |
//! | one function per phase | `phase` |
//! | one statement per call | `call`, `operator`, `kernel`, `copy_batch`, `bare_call` |
//!
//! **Invariant:** the calls of a program that succeeds are those of [`Lowered::log`], in that order.

mod bare_call;
mod call;
mod copy_batch;
mod declarations;
mod host_program;
mod kernel;
mod literal;
mod members;
mod operator;
mod phase;
mod prelude;

use std::collections::{BTreeMap, BTreeSet};

use acg_calls::Name;
use acg_ir::{GraphId, Handle, Symbol, Verified};
use acg_operators::OperatorId;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::emission::EmitOptions;
use crate::launch::LaunchKeys;
use crate::lower::{Declaration, Lowered, Origins, lower};
use crate::source::SourceLines;
use crate::writer::Writer;
use prelude::{Fragment, Fragments};

/// The text of a C++17 program for a module.
pub fn emit_cpp(module: &Verified<'_>, options: &EmitOptions<'_>) -> String {
    emit_lowered_cpp(module, &lower(module, &options.lower), options).concat()
}

/// As [`emit_cpp`], of a module that was lowered as `options` say: the text in parts that follow each other, because that of a large
/// program is not to be there twice.
pub fn emit_lowered_cpp(module: &Verified<'_>, lowered: &Lowered, options: &EmitOptions<'_>) -> Vec<String> {
    let mut emitter = Emitter {
        module,
        options,
        lowered,
        origins: Origins::of(module, lowered),
        keys: LaunchKeys::of(module),
        source: SourceLines::new(options.source_name, options.source_text),
        fragments: Fragments::default(),
        names: names(lowered),
        operators: BTreeSet::new(),
        prototypes: BTreeSet::new(),
        functions: BTreeSet::new(),
        binaries: BTreeMap::new(),
        kernels: BTreeMap::new(),
        executors: BTreeSet::new(),
        captures: 0,
        captured: BTreeSet::new(),
        variables: BTreeMap::new(),
        graphs_of_calls: module.graphs_of_calls(),
        datasets: BTreeSet::new(),
        threads: Vec::new(),
        suffixes: BTreeMap::new(),
        calls: Vec::new(),
        shown: None,
        body: Writer::cpp(1),
    };
    // The body comes first, because it decides what the rest has to declare.
    emitter.phases();
    emitter.program()
}

/// The name that a declaration has in the log; the first, where it has several.
fn names(lowered: &Lowered) -> FxHashMap<Declaration, Name> {
    let mut names = FxHashMap::default();
    let args = lowered.log.iter().flat_map(|call| call.args());
    for name in args.filter_map(|arg| arg.out().or_else(|| arg.name())) {
        if let Some(declaration) = lowered.declaration(name) {
            names.entry(declaration).or_insert(name);
        }
    }
    names
}

/// The state of one emission.
struct Emitter<'m> {
    module: &'m Verified<'m>,
    options: &'m EmitOptions<'m>,
    lowered: &'m Lowered,
    origins: Origins<'m>,
    keys: LaunchKeys,
    source: SourceLines<'m>,
    fragments: Fragments,
    /// The name of the log for each declaration.
    names: FxHashMap<Declaration, Name>,
    /// The operators that are called.
    operators: BTreeSet<OperatorId>,
    /// Functions that older headers do not declare.
    prototypes: BTreeSet<&'static str>,
    /// The host functions that are launched.
    functions: BTreeSet<Name>,
    /// The number of each kernel file, and of each kernel in one.
    binaries: BTreeMap<String, usize>,
    kernels: BTreeMap<(usize, Symbol), usize>,
    /// The executors in the order of their first phases.
    executors: BTreeSet<Name>,
    /// How many captures the function at hand has begun, and the models that are asked for while they are captured.
    captures: usize,
    captured: BTreeSet<Name>,
    /// What only lines with `call` name, with its types.
    variables: BTreeMap<Name, Vec<&'static str>>,
    graphs_of_calls: FxHashSet<Handle>,
    /// The tasks that execute offline models, by their numbers.
    datasets: BTreeSet<usize>,
    /// Host threads whose calls are being written, the innermost last, and how deep their lines stand.
    threads: Vec<(u32, usize)>,
    /// What the functions of each graph's phases are named after, and the functions in order of their calls.
    suffixes: BTreeMap<GraphId, String>,
    calls: Vec<String>,
    /// The source line that the last comment shows.
    shown: Option<u32>,
    body: Writer,
}

impl<'m> Emitter<'m> {
    /// The text of a name of the log.
    fn text(&self, name: Name) -> &'m str {
        let lowered: &'m Lowered = self.lowered;
        lowered.log.text(name)
    }

    /// Puts the parts of the program together.
    fn program(mut self) -> Vec<String> {
        let mut rest = Writer::cpp(1);
        self.members(&mut rest);
        let mut out = Writer::cpp(0);
        self.headline(&mut out);
        self.declarations(&mut out);
        out.line("namespace {");
        out.line("");
        out.format(format_args!(
            "constexpr const char *kSource = {};",
            literal::quoted(self.options.source_name)
        ));
        out.line("");
        for fragment in Fragment::ALL.into_iter().filter(|&fragment| self.fragments.contains(fragment)) {
            if !fragment.text().is_empty() {
                out.verbatim(fragment.text());
                out.line("");
            }
        }
        self.host_functions(&mut out);
        out.line("class Program {");
        out.line("public:");
        self.run(&mut out);
        out.line("");
        out.line("private:");
        rest.dedent();
        rest.line("};");
        rest.line("");
        rest.line("}  // namespace");
        rest.line("");
        rest.verbatim(include_str!("cpp/prelude/main.hpp"));
        [out, self.body, rest].into_iter().flat_map(Writer::into_parts).collect()
    }

    fn headline(&self, out: &mut Writer) {
        out.comment(&format!(
            "Generated by acg from {}; change that file rather than this one.",
            self.options.source_name
        ));
        out.line("//");
        out.line("// Build: g++ -std=c++17 -pthread -I${ASCEND_HOME_PATH}/include FILE.cpp -L${ASCEND_HOME_PATH}/lib64");
        let libraries =
            if self.operators.is_empty() { "-lascendcl" } else { "-lopapi -lnnopbase -lascendcl" };
        out.format(format_args!("//        {libraries}"));
        out.line("");
    }

    fn host_functions(&self, out: &mut Writer) {
        for &name in &self.functions {
            out.format(format_args!("void host_{}(void *)", self.text(name)));
            out.line("{");
            out.line("    // What the host does at this point of the graph goes here.");
            out.line("}");
            out.line("");
        }
    }
}
