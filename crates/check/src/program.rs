//! Checking a `.acg` program: parse, assign streams, verify, lower, replay.

use acg_backend_acl::{LowerOptions, Lowered, Origins, Problem};
use acg_calls::{Api, CallId};
use acg_diagnostics::{Allow, Diagnostic, FileId, Severity, Sources, Span, suppress};
use acg_ir::graph::SourceRange;
use acg_ir::{BodyId, Item, Module, Op, Task};
use acg_parser::Cover;
use acg_passes::{AssignOneStream, Context, Options, Pass};
use acg_runtime::{Finding, LateDumps};
use acg_target::Profile;

use crate::accesses::Operands;
use crate::catalogue::{BROKEN_INVARIANT, REPETITIONS_CUT, UNKNOWN_TARGET, UNLOWERED_OPERANDS, rules};
use crate::target::{TargetChoice, TargetLine};

/// What checking a program or a log found out.
#[derive(Debug, Default)]
pub struct Checked {
    /// Everything there is to say, in source order.
    pub diagnostics: Vec<Diagnostic>,
    accepted: Option<Accepted>,
}

/// A program that the runtime would accept.
#[derive(Debug)]
pub struct Accepted {
    pub(crate) file: FileId,
    pub(crate) module: Module,
    pub(crate) lowered: Lowered,
    /// What the calls dump, where that can be told without replaying them again.
    pub(crate) dumps: Option<LateDumps>,
    pub(crate) profile: Profile,
    /// Comments that allow what only an execution finds.
    pub(crate) execution_allows: Vec<Allow>,
}

impl Checked {
    /// Diagnostics alone.
    pub(crate) fn rejected(mut diagnostics: Vec<Diagnostic>) -> Self {
        sort(&mut diagnostics);
        Self { diagnostics, accepted: None }
    }

    /// A program that the runtime would accept, and what there is to say about it.
    pub(crate) fn of_accepted(diagnostics: Vec<Diagnostic>, accepted: Accepted) -> Self {
        Self { diagnostics, accepted: Some(accepted) }
    }

    /// Takes the program out, if nothing in it is an error.
    pub(crate) fn take_accepted(&mut self) -> Option<Accepted> {
        self.accepted.take()
    }

    /// The program, if nothing in it is an error.
    pub fn accepted(&self) -> Option<&Accepted> {
        self.accepted.as_ref()
    }

    /// Whether any diagnostic is an error that no comment allows.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(is_error)
    }
}

/// A program that could be read, and the machine that it is for.
pub(crate) struct Program {
    pub(crate) file: FileId,
    pub(crate) module: Module,
    pub(crate) profile: Profile,
    pub(crate) allows: Vec<Allow>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Of each graph, whether a proof found that all its tasks that conflict are ordered; empty where there was none.
    pub(crate) ordered: Vec<bool>,
    /// Where calls without a line of their own are shown.
    end: Span,
}

/// A program that was read, or what is wrong with it: what [`compile`](crate::compile()) takes, without its text.
pub struct ReadProgram(pub(crate) Result<Program, Box<Checked>>);

impl Program {
    /// The program with another module.
    pub(crate) fn with(&self, module: Module) -> Self {
        Self {
            file: self.file,
            module,
            profile: self.profile.clone(),
            allows: self.allows.clone(),
            diagnostics: self.diagnostics.clone(),
            ordered: Vec::new(),
            end: self.end,
        }
    }

    /// A copy in which every `auto` graph is on one stream.
    pub(crate) fn on_one_stream(&self) -> Self {
        let mut copy = self.with(self.module.clone());
        copy.put_on_one_stream();
        copy
    }

    /// Puts every `auto` graph on one stream.
    fn put_on_one_stream(&mut self) {
        let options = Options::new(self.profile.chip.model, self.profile.chip.limits.events);
        AssignOneStream.run(&mut self.module, &mut Context::new(&options));
    }
}

/// Checks the program in `file` as it is written; an `auto` graph is taken to be on one stream.
pub fn check_program(sources: &Sources, file: FileId, choice: &TargetChoice) -> Checked {
    let mut program = match read(sources, file, choice) {
        Ok(program) => program,
        Err(checked) => return *checked,
    };
    program.put_on_one_stream();
    judge(program)
}

/// Reads the program in `file`.
pub fn read_program(sources: &Sources, file: FileId, choice: &TargetChoice) -> ReadProgram {
    ReadProgram(read(sources, file, choice))
}

/// Reads the program in `file`.
///
/// # Errors
///
/// What is wrong with its text, or with its `target` line.
pub(crate) fn read(sources: &Sources, file: FileId, choice: &TargetChoice) -> Result<Program, Box<Checked>> {
    let parsed = acg_parser::parse(file, &sources.file(file).text);
    let allows: Vec<Allow> = parsed.allows.iter().map(|allow| located(allow, file, sources)).collect();
    let mut diagnostics = parsed.diagnostics;
    let profile = match profile(&parsed.module, file, choice) {
        Ok(profile) => Some(profile),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            None
        }
    };
    let Some(profile) = profile.filter(|_| !diagnostics.iter().any(is_error)) else {
        suppress(&mut diagnostics, &allows, rules());
        return Err(Box::new(Checked::rejected(diagnostics)));
    };
    let end = end_of(file, sources);
    let ordered = Vec::new();
    Ok(Program { file, module: parsed.module, profile, allows, diagnostics, ordered, end })
}

/// What the runtime and the hazard rules say of a program without `auto` graphs.
pub(crate) fn judge(program: Program) -> Checked {
    let Program { file, mut module, profile, allows, mut diagnostics, ordered, end } = program;
    // Lowering and what follows find no further names, but for those in lines that are calls by themselves.
    if module.bare_call().is_none() {
        module.symbols.settle();
    }
    // Who proved that tasks are ordered has verified the module that they are in.
    let verified =
        if ordered.is_empty() { acg_ir::verify(&module) } else { Ok(acg_ir::still_verified(&module)) };
    let lowered = match verified {
        Ok(verified) => acg_backend_acl::lower(&verified, &lower_options(&module)),
        Err(violations) => {
            diagnostics.extend(broken(&violations, file));
            return Checked::rejected(diagnostics);
        }
    };
    diagnostics.extend(lowered.problems.iter().map(|&problem| unlowered(problem, &module, file)));
    let replay = acg_runtime::replay_without_dumps(&lowered.log, &profile);
    let hazards_of = |operands: &Operands<'_>| acg_hazards::hazards(&lowered.log, &replay, operands);
    let operands = Operands::of(&module, &lowered, &ordered);
    let hazards = hazards_of(&operands);
    debug_assert_eq!(hazards, hazards_of(&operands.in_full()), "accesses that should not matter do");
    let hazards = crate::finding::unexplained(&hazards, &replay.findings);
    let findings = replay.findings.iter().chain(hazards).filter(|finding| !is_aftermath(finding, &lowered));
    let origins = Origins::of(&module, &lowered);
    diagnostics.extend(crate::finding::diagnostics(findings, |call| {
        origins.line(CallId(call)).map_or(end, |range| Span::new(file, range.start, range.end))
    }));
    let dumps = LateDumps::of(replay);
    diagnostics.extend(lowered.cut.map(|range| repetitions_cut(Span::new(file, range.start, range.end))));
    let (execution_allows, allows): (Vec<Allow>, Vec<Allow>) =
        allows.into_iter().partition(|allow| is_about_executions(&allow.rule));
    suppress(&mut diagnostics, &allows, rules());
    sort(&mut diagnostics);
    // A line that is called again and again is wrong once.
    diagnostics.dedup_by(|next, first| {
        next.rule.code == first.rule.code
            && next.primary.span == first.primary.span
            && next.message == first.message
    });
    // A comment hides an error from the report, not from the runtime.
    let rejected = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let accepted =
        (!rejected).then_some(Accepted { file, module, lowered, dumps, profile, execution_allows });
    Checked { diagnostics, accepted }
}

/// Whether a rule, given by code or name, is one that only `acg run` finds broken.
pub(crate) fn is_about_executions(rule: &str) -> bool {
    acg_reference::RULES.iter().any(|known| known.code == rule || known.name == rule)
}

/// A `repeat` that is too long to be judged as a whole.
fn repetitions_cut(span: Span) -> Diagnostic {
    Diagnostic::new(
        &REPETITIONS_CUT,
        span,
        "this is repeated so often that only the first repetitions are checked and written as calls",
    )
    .help("write a smaller number; what goes wrong in a loop does so in the first few repetitions")
}

/// Invariants that a pass or the parser broke.
pub(crate) fn broken(violations: &[acg_ir::Violation], file: FileId) -> impl Iterator<Item = Diagnostic> {
    let whole = Span::new(file, 0, 0);
    violations.iter().map(move |violation| {
        Diagnostic::new(&BROKEN_INVARIANT, whole, violation.to_string())
            .help("this is a mistake of acg's own; please report it with the program")
    })
}

/// The program in `file` in canonical layout.
///
/// # Errors
///
/// Everything that keeps the program from being read.
pub fn format_program(sources: &Sources, file: FileId) -> Result<String, Vec<Diagnostic>> {
    let parsed = acg_parser::parse(file, &sources.file(file).text);
    if parsed.complete { Ok(acg_ir::print::print(&parsed.module)) } else { Err(parsed.diagnostics) }
}

/// An error that no comment allows.
fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error && diagnostic.allowed_by.is_none()
}

/// One graph is dumped to `modelRI.json` as in the guides, of several each has its own file; each is executed once.
pub(crate) fn lower_options(module: &Module) -> LowerOptions {
    let path = if module.graphs.len() == 1 { "modelRI.json" } else { "{graph}.modelRI.json" };
    LowerOptions { dump_path: Some(path.to_owned()), executions: 1, ..LowerOptions::default() }
}

/// An `allow` comment of the program, in the terms of the diagnostics.
fn located(allow: &acg_parser::Allow, file: FileId, sources: &Sources) -> Allow {
    let covers = match allow.covers {
        Cover::File => Span::new(file, 0, sources.file(file).text.len() as u32),
        Cover::Range(range) => Span::new(file, range.start, range.end),
    };
    Allow { rule: allow.rule.clone(), covers, span: Span::new(file, allow.span.start, allow.span.end) }
}

/// A task that has no ACL call.
fn unlowered(problem: Problem, module: &Module, file: FileId) -> Diagnostic {
    let at = |body: BodyId, task: Task| {
        let range = module.body(body).map_or(SourceRange::default(), |body| body.spans[task]);
        Span::new(file, range.start, range.end)
    };
    let (span, message) = match problem {
        Problem::NoStreams(graph) => {
            let range = module.graphs[graph].header;
            (Span::new(file, range.start, range.end), "this graph has no streams")
        }
        Problem::NotRows(body, task) => (
            at(body, task),
            "no copy call moves these bytes: they are not rows of one length at one distance",
        ),
        Problem::Operands(body, task) => (at(body, task), "these operands fit no parameters of the operator"),
        Problem::Call(body, task) => return not_a_call(module, body, task, at(body, task)),
    };
    Diagnostic::new(&UNLOWERED_OPERANDS, span, message)
        .help("split the line into several whose regions are simpler")
}

/// A line with `call` and something else than a call behind it.
fn not_a_call(module: &Module, body: BodyId, task: Task, span: Span) -> Diagnostic {
    let op = module.body(body).map(|body| body.tasks[task].op);
    let text = if let Some(Op::Call(text)) = op { module.text(text) } else { "" };
    let found = acg_calls::read(span.file, text).diagnostics.into_iter().next();
    let why = found.map_or_else(|| "a name of the program does not fit".to_owned(), |found| found.message);
    Diagnostic::new(&UNLOWERED_OPERANDS, span, format!("no ACL call is written like this: {why}"))
        .help("write the call as a call log does, `aclrtQueryEvent(EVENT, &NAME)`")
}

/// The machine that the program and the user want, or what is wrong with the `target` line.
fn profile(module: &Module, file: FileId, choice: &TargetChoice) -> Result<Profile, Box<Diagnostic>> {
    let line = module.target.map_or_else(TargetLine::default, |target| TargetLine {
        profile: Some(module.text(target.profile)),
        cann: target.cann.map(|symbol| module.text(symbol)),
        hdk: target.hdk.map(|symbol| module.text(symbol)),
    });
    choice.resolve(line).map_err(|error| {
        let line = module
            .items
            .iter()
            .position(|item| *item == Item::Target)
            .and_then(|item| module.item_spans.get(item));
        let span = line.map_or(Span::new(file, 0, 0), |range| Span::new(file, range.start, range.end));
        Box::new(
            Diagnostic::new(&UNKNOWN_TARGET, span, error.to_string())
                .help("`acg targets` lists the profiles"),
        )
    })
}

/// Whether a call that only the compiler wrote fails because a graph was never made: the dump and the clean-up.
fn is_aftermath(finding: &Finding, lowered: &Lowered) -> bool {
    let api = lowered.log.calls().get(finding.call as usize).map(|call| call.api);
    finding.consequence_of.is_some()
        && matches!(api, Some(Api::RiDebugJsonPrint | Api::RiDestroy | Api::RiExecuteAsync))
}

/// The end of the last line of text: where calls without a line of their own are shown.
fn end_of(file: FileId, sources: &Sources) -> Span {
    let end = sources.file(file).text.trim_end().len() as u32;
    Span::new(file, end.saturating_sub(1), end)
}

/// Source order; at one place the worst first.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let key = |diagnostic: &Diagnostic| (diagnostic.primary.span.file, diagnostic.primary.span.start);
        key(a).cmp(&key(b)).then(b.severity.cmp(&a.severity)).then(a.rule.code.cmp(b.rule.code))
    });
}
