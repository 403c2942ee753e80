//! Running passes, each one checked before the next.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use acg_diagnostics::{Diagnostic, FileId, Span};
use acg_import::AppliedCosts;
use acg_ir::cost::{Costs, Engine};
use acg_ir::graph::SourceRange;
use acg_ir::{BodyId, GraphId, Module, Task};
use acg_passes::{
    Change, Context, Level, Options, Outcome, Pass, Placed, Proved, Remark, Statistic, Streams, Subject,
    passes_of,
};
use acg_prove::{Complaint, Machine, Meaning, Resource, are_apart, compare, removed, within_limits};
use acg_target::DeviceModel;
use rustc_hash::FxHashSet;

use crate::catalogue::UNPROVED_PASS;
use crate::program::broken;
use crate::update_method::UpdateChoice;

/// One pass of a run.
#[derive(Clone, Debug)]
pub struct PassRun {
    /// Its name.
    pub name: &'static str,
    /// Whether it changed anything.
    pub changed: bool,
    /// How long the pass took.
    pub pass_time: Duration,
    /// How long its proof took.
    pub proof_time: Duration,
}

/// What passes did and said.
#[derive(Debug, Default)]
pub struct Optimised {
    /// The passes in the order in which they ran.
    pub runs: Vec<PassRun>,
    /// Why transformations were or were not done.
    pub remarks: Vec<Remark>,
    /// What the passes counted.
    pub statistics: Vec<Statistic>,
    /// What a table of costs was of use for, if there was one.
    pub costs: Option<AppliedCosts>,
    /// How task groups are updated, where that was asked for.
    pub updates: Option<UpdateChoice>,
    /// The device model that times are of; `None` if nothing was timed.
    pub model: Option<DeviceModel>,
    /// What the search for a schedule has proved of each graph.
    pub(crate) proved: BTreeMap<GraphId, Proved>,
    /// What temporaries of each graph take.
    pub(crate) placed: BTreeMap<GraphId, Placed>,
    /// Of each graph, whether the proofs found that all its tasks that conflict are ordered; empty where there were none.
    pub(crate) ordered: Vec<bool>,
}

/// Runs `passes` over `module`, which is the program in `file`; `after` sees the module after each pass that changed it.
///
/// # Errors
///
/// A pass whose result breaks an invariant of modules or cannot be proved to mean the same: a mistake of the compiler.
pub(crate) fn optimise(
    module: &mut Module,
    file: FileId,
    passes: &[&'static dyn Pass],
    options: &Options,
    mut after: impl FnMut(&'static dyn Pass, &Module),
) -> Result<Optimised, Vec<Diagnostic>> {
    let mut context = Context::new(options);
    let bare = module.bare_call();
    let passes = if bare.is_some() { passes_of(Level::O0) } else { passes };
    context.remarks.extend(bare.and_then(|line| left_alone(module, line)));
    let mut runs = Vec::with_capacity(passes.len());
    let mut proof = Proof::default();
    let mut measuring = Duration::ZERO;
    for &pass in passes {
        context.begin_pass();
        let start = Instant::now();
        let mut subject = Subject::witnessed(module, |module| {
            let start = Instant::now();
            proof.look(module);
            measuring += start.elapsed();
        });
        pass.rewrite(&mut subject, &mut context);
        let change = subject.finish();
        let measuring = std::mem::take(&mut measuring);
        let pass_time = start.elapsed().saturating_sub(measuring);
        let start = Instant::now();
        proof.check(pass, change, module, &context, file)?;
        let proof_time = measuring + start.elapsed();
        let changed = change != Change::Nothing;
        runs.push(PassRun { name: pass.name(), changed, pass_time, proof_time });
        if changed {
            after(pass, module);
        }
    }
    Ok(Optimised {
        runs,
        costs: None,
        updates: None,
        model: Some(options.model),
        remarks: context.remarks,
        statistics: context.statistics,
        proved: context.proved,
        placed: context.placed,
        ordered: proof.ordered(),
    })
}

/// What is known of a module while passes change it.
#[derive(Default)]
struct Proof {
    /// What it means, from the first change on: most passes find nothing to do.
    meaning: Option<Meaning>,
    /// Whether temporaries lie elsewhere than when that was measured.
    is_moved: bool,
}

impl Proof {
    /// Measures what a module means that is about to be changed.
    fn look(&mut self, module: &Module) {
        self.meaning = Some(match self.meaning.take() {
            Some(meaning) if self.is_moved => meaning.moved(module),
            Some(meaning) => meaning,
            None => Meaning::of(module),
        });
        self.is_moved = false;
    }

    /// Checks what `pass` made of a module.
    fn check(
        &mut self,
        pass: &dyn Pass,
        change: Change,
        module: &Module,
        context: &Context<'_>,
        file: FileId,
    ) -> Result<(), Vec<Diagnostic>> {
        let Some(meaning) = self.meaning.as_ref().filter(|_| change != Change::Nothing) else {
            return Ok(());
        };
        let is_sound = change == Change::Places && acg_ir::verify_places(module).is_ok();
        self.is_moved = is_sound && are_apart(meaning, module);
        // Where mistakes are looked for, the whole proof has to agree with the quick one.
        if self.is_moved && !cfg!(debug_assertions) {
            return Ok(());
        }
        acg_ir::verify(module).map_err(|violations| broken(&violations, file).collect::<Vec<_>>())?;
        let result = Meaning::of_result(module, meaning);
        compare(meaning, &result, pass.reorders())
            .and_then(|()| {
                within_limits(meaning, &result, streams_allowed(context.options), context.options.events)
            })
            .map_err(|complaints| unproved(pass, &complaints, module, file))?;
        explained(pass, &removed(meaning, &result), context, module, file)?;
        on_time(pass, context, module, file)?;
        if !self.is_moved {
            self.meaning = Some(result.settled(module));
        }
        Ok(())
    }

    /// Of each graph, whether it is known that all its tasks that conflict are ordered.
    fn ordered(&self) -> Vec<bool> {
        self.meaning.as_ref().map_or_else(Vec::new, Meaning::ordered)
    }
}

/// What a line that is a call by itself does to the others does not follow from its text, so that nothing may be done to them.
fn left_alone(module: &Module, (body, task): (BodyId, Task)) -> Option<Remark> {
    let span = module.body(body)?.spans[task];
    let text = "this line is a call by itself, so that passes leave the program as it is".to_owned();
    Some(Remark { pass: passes_of(Level::O0).first()?.name(), outcome: Outcome::Missed, span, text })
}

/// How many streams a pass may put a graph on.
fn streams_allowed(options: &Options) -> u32 {
    match options.streams {
        Streams::AsPays => acg_passes::MOST_STREAMS,
        Streams::AtMost(most) => most,
        Streams::Full => u32::MAX,
    }
}

/// A pass says of every task that it removed why.
fn explained(
    pass: &dyn Pass,
    removed: &[(GraphId, Task)],
    context: &Context<'_>,
    module: &Module,
    file: FileId,
) -> Result<(), Vec<Diagnostic>> {
    if removed.is_empty() {
        return Ok(());
    }
    let done =
        context.remarks.iter().filter(|remark| remark.pass == pass.name() && remark.outcome == Outcome::Done);
    let spans: FxHashSet<SourceRange> = done.map(|remark| remark.span).collect();
    let silent = removed.iter().find(|&&(graph, task)| !spans.contains(&module.graphs[graph].spans[task]));
    silent.map_or(Ok(()), |&(graph, task)| {
        let printed = acg_ir::print::task(module, &module.graphs[graph], task);
        Err(vec![mistake(format!("{} removed `{printed}` without a reason", pass.name()), file)])
    })
}

/// Replays every graph whose makespan a pass has claimed.
fn on_time(
    pass: &dyn Pass,
    context: &Context<'_>,
    module: &Module,
    file: FileId,
) -> Result<(), Vec<Diagnostic>> {
    let model = &context.options.model;
    for (&id, &claimed) in &context.makespans {
        let makespan = makespan(module, id, model);
        if makespan != claimed {
            let name = module.text(module.graphs[id].name);
            let message = format!(
                "after {}: {name} ends after {makespan} ns by an independent replay, not after {claimed} ns",
                pass.name()
            );
            return Err(vec![mistake(message, file)]);
        }
    }
    Ok(())
}

/// When the last task of an explicit graph ends by the device model.
pub(crate) fn makespan(module: &Module, id: GraphId, model: &DeviceModel) -> u64 {
    let graph = &module.graphs[id];
    let costs = Costs::new(module, model);
    let machine = Machine { slots: model.slots, latency: model.sync };
    acg_prove::makespan(module, graph, machine, |task| {
        let data = &graph.tasks[task];
        let resource = match costs.engine(data) {
            Some(Engine::HostToDevice) => Resource::Engine(0),
            Some(Engine::DeviceToHost) => Resource::Engine(1),
            Some(Engine::DeviceToDevice) => Resource::Engine(2),
            Some(Engine::Cube | Engine::Vector | Engine::Any) | None => Resource::Slot,
        };
        Some((costs.cost(data).0, resource))
    })
}

fn mistake(message: String, file: FileId) -> Diagnostic {
    Diagnostic::new(&UNPROVED_PASS, Span::new(file, 0, 0), message)
        .help("this is a mistake of acg's own; please report it with the program, and compile with -O0")
}

/// A pass whose result is not used, because its proof did not go through.
fn unproved(pass: &dyn Pass, complaints: &[Complaint], module: &Module, file: FileId) -> Vec<Diagnostic> {
    let describe = |complaint: &Complaint| {
        mistake(format!("after {}: {}", pass.name(), complaint.describe(module)), file)
    };
    complaints.iter().map(describe).collect()
}
