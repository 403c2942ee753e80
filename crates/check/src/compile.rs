//! Compiling a `.acg` program: check it, optimise it, check what came out.

use std::rc::Rc;
use std::time::Duration;

use acg_backend_acl::Lowered;
use acg_diagnostics::{Diagnostic, FileId, Sources, Span};
use acg_import::CostTable;
use acg_ir::{Graph, Module};
use acg_passes::{Level, Options, Pass, Queue, Streams, passes_of, spell_out_ge_steps};
use acg_runtime::LateDumps;
use acg_target::{CapturedEvents, Profile};

use crate::catalogue::UNKNOWN_TARGET;
use crate::optimise::{Optimised, optimise};
use crate::program::{
    Accepted, Checked, Program, ReadProgram, is_about_executions, judge, read, read_program,
};
use crate::target::TargetChoice;
use crate::update_method::{UpdateMethod, choose};

/// What is done to a program between reading and lowering it.
#[derive(Clone, Default)]
pub struct CompileOptions {
    /// The level; `None` for the one that suits the program.
    pub level: Option<Level>,
    /// Whether, without a level, a program of explicit graphs is left as it is written: for who wants to see that program.
    pub as_written: bool,
    /// How many streams a graph may have.
    pub streams: Streams,
    /// How much longer than the best makespan found is accepted for fewer streams, in thousandths.
    pub tolerance: u32,
    /// By how much fewer records and waits may lengthen a graph, in nanoseconds.
    pub added_path: u64,
    /// How long searches may take; `None` for as long as their steps last, which gives the same everywhere.
    pub time_limit: Option<Duration>,
    /// Settings in place of those of the target's device model, as [`acg_target::DeviceModel::with`] takes them.
    pub model: Option<String>,
    /// Measured costs of tasks, in place of those of the program.
    pub costs: Option<Rc<CostTable>>,
    /// How task groups are updated; `None` as the program says.
    pub update_method: Option<UpdateMethod>,
    /// Whether steps of the graph engine that the program leaves to the runtime are written down.
    pub explicit_ge: bool,
}

impl CompileOptions {
    fn level_of(&self, module: &Module) -> Level {
        self.level.unwrap_or_else(|| match Level::default_of(module) {
            Level::O1 if self.as_written => Level::O0,
            level => level,
        })
    }

    /// What passes are told about a program for `profile`.
    ///
    /// # Errors
    ///
    /// Settings of the device model that do not exist.
    fn passes(&self, level: Level, profile: &Profile) -> Result<Options, acg_target::ModelError> {
        let model = profile.chip.model;
        let model = self.model.as_deref().map_or(Ok(model), |text| model.with(text))?;
        let mut options = Options::new(model, profile.chip.limits.events);
        options.streams = self.streams;
        options.tolerance = self.tolerance;
        options.added_path = self.added_path;
        options.time_limit = self.time_limit;
        options.thorough = level == Level::O3;
        let in_memory = profile.captured_events == CapturedEvents::Memory;
        options.queue = Queue {
            usable: profile.queue_size().usable(),
            wait: profile.chip.entries.memory_wait.filter(|_| in_memory).unwrap_or(1),
            group: profile.chip.limits.task_group_filler,
        };
        Ok(options)
    }
}

/// A compiled program, or what keeps it from being one.
#[derive(Debug)]
pub struct Compiled {
    /// The diagnostics, and the program if the runtime would accept it.
    pub checked: Checked,
    /// What the passes did.
    pub optimised: Optimised,
}

impl Compiled {
    fn rejected(checked: Checked) -> Self {
        Self { checked, optimised: Optimised::default() }
    }
}

/// Compiles the program in `file`.
pub fn compile_program(
    sources: &Sources,
    file: FileId,
    choice: &TargetChoice,
    options: &CompileOptions,
) -> Compiled {
    compile(read_program(sources, file, choice), options)
}

/// Compiles a program that was read.
pub fn compile(program: ReadProgram, options: &CompileOptions) -> Compiled {
    let mut program = match program.0 {
        Ok(program) => program,
        Err(checked) => return Compiled::rejected(*checked),
    };
    if options.explicit_ge {
        spell_out_ge_steps(&mut program.module);
    }
    let costs = options.costs.as_ref().map(|table| table.apply(&mut program.module));
    let level = options.level_of(&program.module);
    match options.passes(level, &program.profile) {
        Ok(pass_options) => {
            let asked = options.update_method;
            let updates = match choose(&mut program, asked, &pass_options.model) {
                Ok(updates) => updates,
                Err(checked) => return Compiled::rejected(*checked),
            };
            let mut compiled = run(program, passes_of(level), &pass_options);
            compiled.optimised.costs = costs;
            compiled.optimised.updates = updates;
            compiled
        }
        Err(error) => Compiled::rejected(Checked::rejected(vec![wrong_model(&error, program.file)])),
    }
}

fn wrong_model(error: &acg_target::ModelError, file: FileId) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_TARGET, Span::new(file, 0, 0), error.to_string())
        .help("`acg targets` shows the device model of a target")
}

/// Runs `passes` over `program` and judges the result.
///
/// A program with explicit graphs is judged as it was written first, so that its mistakes are found where they stand and not in what
/// passes made of them; one of `auto` graphs alone has no streams or events that could be wrong.
fn run(mut program: Program, passes: &[&'static dyn Pass], options: &Options) -> Compiled {
    let mut as_written = None;
    if program.module.graphs.values().any(|graph| !graph.is_auto()) {
        match judge_as_written(&mut program) {
            Ok(written) => as_written = Some(written),
            Err(checked) => return Compiled::rejected(*checked),
        }
    }
    let mut optimised = match optimise(&mut program.module, program.file, passes, options, |_, _| {}) {
        Ok(optimised) => optimised,
        Err(diagnostics) => return Compiled::rejected(Checked::rejected(diagnostics)),
    };
    let changed = optimised.runs.iter().any(|run| run.changed);
    program.ordered = std::mem::take(&mut optimised.ordered);
    let checked = match as_written {
        Some(Written { diagnostics, lowered: Some((lowered, dumps)) }) if !changed => {
            let Program { file, module, profile, allows, .. } = program;
            let execution_allows =
                allows.into_iter().filter(|allow| is_about_executions(&allow.rule)).collect();
            let accepted = Accepted { file, module, lowered, dumps, profile, execution_allows };
            Checked::of_accepted(diagnostics, accepted)
        }
        Some(Written { diagnostics, lowered }) => {
            drop(lowered);
            let mut checked = judge(program);
            // What passes removed or made is no news to the author; what was written is.
            if checked.accepted().is_some() {
                checked.diagnostics = diagnostics;
            }
            checked
        }
        None => judge(program),
    };
    Compiled { checked, optimised }
}

/// What was judged of a program before any pass.
struct Written {
    diagnostics: Vec<Diagnostic>,
    /// Its calls and what they dump, where they are those of the module as it is.
    lowered: Option<(Lowered, Option<LateDumps>)>,
}

/// Judges a program as it was written, and gives it back.
///
/// # Errors
///
/// What is wrong with it.
fn judge_as_written(program: &mut Program) -> Result<Written, Box<Checked>> {
    let has_auto = program.module.graphs.values().any(Graph::is_auto);
    // A large module is not copied to be judged.
    let whole = if has_auto {
        program.on_one_stream()
    } else {
        let module = std::mem::take(&mut program.module);
        program.with(module)
    };
    let mut checked = judge(whole);
    let accepted = if checked.has_errors() { None } else { checked.take_accepted() };
    let Some(accepted) = accepted else { return Err(Box::new(checked)) };
    let diagnostics = checked.diagnostics;
    if has_auto {
        return Ok(Written { diagnostics, lowered: None });
    }
    program.module = accepted.module;
    Ok(Written { diagnostics, lowered: Some((accepted.lowered, accepted.dumps)) })
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
    if options.explicit_ge {
        spell_out_ge_steps(&mut program.module);
    }
    let level = options.level_of(&program.module);
    let passes = passes.unwrap_or_else(|| passes_of(level));
    let pass_options =
        options.passes(level, &program.profile).map_err(|error| vec![wrong_model(&error, file)])?;
    let updates = choose(&mut program, options.update_method, &pass_options.model)
        .map_err(|checked| checked.diagnostics)?;
    let mut module = std::mem::take(&mut program.module);
    let costs = options.costs.as_ref().map(|table| table.apply(&mut module));
    let mut rejected = Vec::new();
    let mut optimised = optimise(&mut module, file, passes, &pass_options, |pass, module| {
        if verify_each && rejected.is_empty() && !module.graphs.values().any(Graph::is_auto) {
            let checked = judge(program.with(module.clone()));
            if checked.accepted().is_none() {
                rejected = checked.diagnostics;
            }
        }
        after(pass, module);
    })?;
    optimised.costs = costs;
    optimised.updates = updates;
    if rejected.is_empty() { Ok((module, optimised)) } else { Err(rejected) }
}
