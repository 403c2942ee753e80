//! Reads `.acg` text into a module and says everything that is wrong with it, in one run.
//!
//! | step | where |
//! |---|---|
//! | cut the file into runs of lines | `lines` |
//! | read a run; line by line where it fails | `recover`, `grammar` |
//! | say what is wrong with a line | `explain`, `expected`, `forms` |
//! | pairs into statements | `convert`, `syntax` |
//! | names, types, blocks into a module | `resolve` |
//! | the rules that lines can break | `check` |
//!
//! **Invariant:** no input makes the parser panic, recurse without bound, or take more than linear time.
//! **Invariant:** at most one diagnostic is reported for one statement.

mod allow;
mod check;
mod convert;
mod expected;
mod explain;
mod format;
mod forms;
mod grammar;
mod lines;
mod quote;
mod recover;
mod resolve;
mod syntax;

use std::ops::Range;

use acg_diagnostics::{Diagnostic, FileId, Severity, Span};
use acg_ir::Module;
use rayon::prelude::*;
use recover::Detail;

pub use allow::{Allow, Cover};
pub use check::RULES;
pub use format::format;

/// What a file says, and what is wrong with it.
#[derive(Debug)]
pub struct Parsed {
    /// The module; it says all of the file only where [`Self::complete`].
    pub module: Module,
    /// Everything that is wrong, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Lint control, in the order of the file.
    pub allows: Vec<Allow>,
    /// Whether every statement was understood, so that the module may be used.
    pub complete: bool,
}

/// How many runs of lines are read before the first are resolved. Later it is twice as many each time, so that little is said about
/// the lines of a file that is no program.
const FIRST_RUNS: usize = 4;
/// How many it is at most; bounds the memory that statements take.
const MOST_RUNS: usize = 256;

/// Reads `text`, the contents of `file`.
///
/// Never fails: a line that cannot be understood is reported and left out.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut resolver = resolve::Resolver::new(file, text);
    if u32::try_from(text.len()).is_err() {
        let diagnostic = check::file_too_large::diagnostic(Span::new(file, 0, 0), text.len());
        return Parsed {
            module: Module::new(),
            diagnostics: vec![diagnostic],
            allows: Vec::new(),
            complete: false,
        };
    }
    let mut lines = lines::Lines::new(text);
    let mut at_once = FIRST_RUNS;
    loop {
        let mut all = Vec::new();
        let mut next_run = || {
            let begin = all.len();
            let is_there = lines.next_run(&mut all);
            is_there.then_some(begin..all.len())
        };
        let runs: Vec<_> = std::iter::from_fn(&mut next_run).take(at_once).collect();
        at_once = (2 * at_once).min(MOST_RUNS);
        if runs.is_empty() {
            break;
        }
        let detail = if resolver.is_full() { Detail::Counted } else { Detail::Explained };
        let read = |run: &Range<usize>| recover::read(file, text, &all[run.clone()], detail);
        let trees: Vec<_> = runs.par_iter().map(read).collect();
        for tree in &trees {
            resolver.tree(tree, &lines.asides);
        }
    }
    let mut parsed = resolver.finish(&lines.asides);
    parsed.complete = parsed.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    parsed
}
