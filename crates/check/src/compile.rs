//! Compiling a `.acg` program: check it, optimise it, check what came out.

use acg_diagnostics::{Diagnostic, FileId, Sources};
use acg_ir::{Graph, Module};
use acg_passes::{Level, Options, Pass, passes_of};

use crate::optimise::{Optimised, optimise};
use crate::program::{Checked, Program, judge, read};
use crate::target::TargetChoice;

/// What is done to a program between reading and lowering it.
#[derive(Clone, Default)]
pub struct CompileOptions {
    /// The level; `None` for the one that suits the program.
    pub level: Option<Level>,
    /// What passes are told.
    pub passes: Options,
}

/// A compiled program, or what keeps it from being one.
#[derive(Debug)]
pub struct Compiled {
    /// The diagnostics, and the program if the runtime would accept it.
    pub checked: Checked,
    /// What the passes did.
    pub optimised: Optimised,
}

/// Compiles the program in `file`.
pub fn compile_program(
    sources: &Sources,
    file: FileId,
    choice: &TargetChoice,
    options: &CompileOptions,
) -> Compiled {
    let program = match read(sources, file, choice) {
        Ok(program) => program,
        Err(checked) => return Compiled { checked, optimised: Optimised::default() },
    };
    let level = options.level.unwrap_or_else(|| Level::default_of(&program.module));
    run(sources, program, passes_of(level), &options.passes)
}

/// Runs `passes` over `program` and judges the result.
///
/// A program with explicit graphs is judged as it was written first, so that its mistakes are found where they stand and not in what
/// passes made of them; one of `auto` graphs alone has no streams or events that could be wrong.
fn run(sources: &Sources, mut program: Program, passes: &[&'static dyn Pass], options: &Options) -> Compiled {
    let mut as_written = None;
    if program.module.graphs.values().any(|graph| !graph.is_auto()) {
        let checked = judge(sources, written(&program));
        if checked.accepted().is_none() || checked.has_errors() {
            return Compiled { checked, optimised: Optimised::default() };
        }
        as_written = Some(checked);
    }
    let optimised = match optimise(&mut program.module, program.file, passes, options, |_, _| {}) {
        Ok(optimised) => optimised,
        Err(diagnostics) => {
            let checked = Checked::rejected(diagnostics);
            return Compiled { checked, optimised: Optimised::default() };
        }
    };
    let changed = optimised.runs.iter().any(|run| run.changed);
    let checked = match as_written {
        Some(checked) if !changed => checked,
        Some(written) => {
            let mut checked = judge(sources, program);
            // What passes removed or made is no news to the author; what was written is.
            if checked.accepted().is_some() {
                checked.diagnostics = written.diagnostics;
            }
            checked
        }
        None => judge(sources, program),
    };
    Compiled { checked, optimised }
}

/// Runs `passes`, or those of the level, over the program in `file` and gives what came out, without lowering it; `after` sees the module after each
/// pass that changed it.
///
/// With `verify_each` the runtime model judges the module after every pass that leaves no graph `auto`.
///
/// # Errors
///
/// What is wrong with the program, or with what a pass made of it.
pub fn optimise_program(
    sources: &Sources,
    file: FileId,
    choice: &TargetChoice,
    passes: Option<&[&'static dyn Pass]>,
    options: &CompileOptions,
    verify_each: bool,
    mut after: impl FnMut(&'static dyn Pass, &Module),
) -> Result<(Module, Optimised), Vec<Diagnostic>> {
    let mut program = read(sources, file, choice).map_err(|checked| checked.diagnostics)?;
    let level = options.level.unwrap_or_else(|| Level::default_of(&program.module));
    let passes = passes.unwrap_or_else(|| passes_of(level));
    let mut module = std::mem::take(&mut program.module);
    let mut rejected = Vec::new();
    let optimised = optimise(&mut module, file, passes, &options.passes, |pass, module| {
        if verify_each && rejected.is_empty() && !module.graphs.values().any(Graph::is_auto) {
            let checked = judge(sources, copy(&program, module.clone()));
            if checked.accepted().is_none() {
                rejected = checked.diagnostics;
            }
        }
        after(pass, module);
    })?;
    if rejected.is_empty() { Ok((module, optimised)) } else { Err(rejected) }
}

/// A copy of the program in which every `auto` graph is on one stream.
fn written(program: &Program) -> Program {
    let mut module: Module = program.module.clone();
    if module.graphs.values().any(Graph::is_auto) {
        let options = Options::default();
        for pass in passes_of(Level::O0) {
            pass.run(&mut module, &mut acg_passes::Context::new(&options));
        }
    }
    copy(program, module)
}

/// The program with another module.
fn copy(program: &Program, module: Module) -> Program {
    Program {
        file: program.file,
        module,
        profile: program.profile.clone(),
        allows: program.allows.clone(),
        diagnostics: program.diagnostics.clone(),
    }
}
