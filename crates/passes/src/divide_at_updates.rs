//! Task update by separate models: what a task group would be updated for is called between two models instead.
//!
//! A graph is divided at every task group that the host program updates. An execution becomes the executions of its parts, with the
//! kernels that the group has at that time called in between. The guide's other form, a group whose kernels are given other arguments
//! in place, is what the program says when it comes here.
//!
//! This is no [`Pass`](crate::Pass): it rewrites the host program as well, which no pass does and no proof reads. Whoever uses it lets the
//! runtime model judge what comes out.
//!
//! **Invariant:** a program is divided only where the kernels that an execution sees are known from the order of the host's lines; for
//! every other one the reason is said.

mod conditions;
mod graph;
mod host_program;
mod needless;
mod one_stream;

use acg_ir::graph::SourceRange;
use acg_ir::{Anchors, Arena, BodyId, GraphId, Module, Op, Scope, Step, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::assign_one_stream::put_on_one_stream;
use crate::declare::retain_events;
use crate::own_events::Mentions;
use graph::Division;

/// Why a program cannot be divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undivided {
    /// The line that is in the way.
    pub span: SourceRange,
    /// The end of a sentence that begins with "because".
    pub reason: &'static str,
}

impl Undivided {
    fn new(span: SourceRange, reason: &'static str) -> Self {
        Self { span, reason }
    }
}

/// The task groups that the host program updates, graph by graph in the order of the graphs.
pub fn updated_groups(module: &Module) -> Vec<(GraphId, FxHashSet<Symbol>)> {
    let mut groups: Arena<GraphId, FxHashSet<Symbol>> =
        Arena::filled(module.graphs.len(), FxHashSet::default());
    for step in module.run.iter().flat_map(|run| run.steps.iter().map(move |step| (run, step))) {
        if let (run, &Step::Open(Scope::Update(update))) = step {
            let update = run.updates[update];
            groups[update.graph].insert(update.group);
        }
    }
    let groups = groups.iter().map(|(graph, names)| (graph, names.clone()));
    groups.filter(|(_, names)| !names.is_empty()).collect()
}

/// The program with its graphs divided where their task groups are updated; an `auto` graph is put on one stream before, and so is one
/// with an updated group on a side stream, or with waits across one.
///
/// `module` is one that the runtime would accept.
///
/// # Errors
///
/// Why it cannot be done.
pub fn divide_at_updates(module: &Module) -> Result<Module, Undivided> {
    let updated = updated_groups(module);
    if let Some((body, task)) = module.bare_call() {
        let span = module.body(body).map_or(SourceRange::default(), |body| body.spans[task]);
        return Err(Undivided::new(span, "a line is a call by itself"));
    }
    plain_updates(module)?;
    let mut divided = module.clone();
    let auto = updated.iter().map(|&(graph, _)| graph).filter(|&graph| module.graphs[graph].is_auto());
    put_on_one_stream(&mut divided, &auto.collect::<Vec<_>>());
    let anchors = Anchors::take(&mut divided);
    let graphs: FxHashSet<GraphId> = updated.iter().map(|&(graph, _)| graph).collect();
    let needless = needless::needless(&divided, &graphs);
    let mut divisions: FxHashMap<GraphId, Division> = FxHashMap::default();
    let mut kept: Arena<_, bool> = needless.values().map(|needless| !needless).collect();
    // What goes from a graph is mentioned by it alone, so that for the others the counts stay true.
    let mut mentions = None;
    for (graph, names) in &updated {
        let division = match graph::divide(&mut divided, *graph, names, &needless) {
            Err(undivided) if graph::SIDE_STREAMS.contains(&undivided.reason) => {
                let mentions = mentions.get_or_insert_with(|| Mentions::of(&divided));
                let dropped = one_stream::put_on_origin(&mut divided, *graph, mentions).ok_or(undivided)?;
                for event in dropped {
                    kept[event] = false;
                }
                graph::divide(&mut divided, *graph, names, &needless)?
            }
            division => division?,
        };
        divisions.insert(*graph, division);
    }
    host_program::rewrite(&mut divided, &divisions, &needless)?;
    retain_events(&mut divided, &kept);
    anchors.restore(&mut divided);
    Ok(divided)
}

/// Updates are blocks of the host program, not single ends of one, and not part of a graph.
fn plain_updates(module: &Module) -> Result<(), Undivided> {
    for (id, body) in module.bodies() {
        for step in &body.steps {
            match *step {
                Step::Task(task) if matches!(body.tasks[task].op, Op::UpdateBegin(_) | Op::UpdateEnd) => {
                    let span = body.spans[task];
                    return Err(Undivided::new(span, "an update begins or ends on a line of its own"));
                }
                Step::Open(Scope::Update(update)) if id != BodyId::Run => {
                    return Err(Undivided::new(body.updates[update].span, "a graph holds an update"));
                }
                _ => {}
            }
        }
    }
    Ok(())
}
