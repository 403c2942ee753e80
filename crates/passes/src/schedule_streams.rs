//! `schedule-streams`: puts the tasks of a graph on as many streams as pay, whatever streams it had before.
//!
//! Tasks are ordered by the data they touch alone. The schedule comes from `acg_schedule`, the waits are the fewest that the schedule can
//! do with.

use acg_ir::{Arena, Buffer, GraphId};
use acg_schedule::{Bound, BoundKind, Dag, Device, Effort, Front, Plan, about_as_short};

use crate::context::{Outcome, Proved, Streams};
use crate::fixed::NOT_STRAIGHT;
use crate::ground::Ground;
use crate::lightest_plan::{is_weighed, lightest_plan};
use crate::read_plan::read_plan;
use crate::realise::realise;
use crate::task_graph::TaskGraph;
use crate::{Context, Pass, Subject, temporaries};

/// See the module.
pub struct ScheduleStreams;

const NAME: &str = "schedule-streams";
/// With more tasks than this, list rules are taken at their word: searching further takes longer than all other passes together.
const MOST_COMPARED: usize = 20_000;

/// A proof keeps for every wait what its stream knows of all others: no plan has more streams times tasks than this, 1 GB.
const MOST_KNOWN: usize = 1 << 28;

impl Pass for ScheduleStreams {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "puts the tasks of a graph on streams so that it ends early, with the fewest waits that this takes"
    }

    fn reorders(&self) -> bool {
        true
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        // A walk over all accesses is for graphs that are weighed.
        let is_weighed = module.graphs.values().any(is_weighed);
        let local = is_weighed.then(|| temporaries::local(module, context));
        let mut ground = Ground::of(module);
        for id in module.graphs.keys() {
            schedule(module, id, local.as_ref(), &mut ground, context);
        }
        ground.finish(module);
    }
}

fn schedule(
    module: &mut Subject<'_>,
    id: GraphId,
    local: Option<&Arena<Buffer, bool>>,
    ground: &mut Ground,
    context: &mut Context<'_>,
) {
    let model = context.options.model;
    let graph = &module.graphs[id];
    let tasks = if !graph.is_straight() {
        Err(NOT_STRAIGHT)
    } else if graph.is_auto() {
        Ok(TaskGraph::of(module, graph, &model, |_| false, &mut ground.inference))
    } else {
        read_plan(module, id, &model, ground).map(|read| read.tasks)
    };
    let tasks = match tasks {
        Ok(tasks) => tasks,
        Err(reason) => {
            let text = format!("not scheduled anew, because {reason}");
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
            return;
        }
    };
    let device = Device { slots: model.slots, sync_latency: model.sync };
    let full = (context.options.streams == Streams::Full).then(|| full_concurrency(&tasks.dag));
    let (plan, proved, makespan) = match full {
        Some(Ok((plan, proved))) => (plan, proved, None),
        Some(Err(streams)) => {
            let text = format!(
                "not at full concurrency, because {streams} streams know too much of each other to be proved: on as many as pay"
            );
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
            plan(&tasks.dag, &device, context)
        }
        None => plan(&tasks.dag, &device, context),
    };
    let limits = [proved.makespan.value, 0].map(|bound| about_as_short(makespan.unwrap_or(0), bound));
    let plan = lightest_plan(module, id, local, &tasks, (plan, limits), ground, context);
    // The fewest syncs take no more time than the dependences that they are of: what is not weighed takes as long as before.
    let makespan = makespan.filter(|_| !is_weighed(&module.graphs[id]));
    context.count(NAME, "streams", plan.streams.into());
    context.count(NAME, "waits", plan.syncs.len() as u64);
    context.proved.insert(id, proved);
    let replayed = || acg_schedule::simulate(&tasks.dag, &device, &plan).map(|timetable| timetable.makespan);
    if tasks.is_simple
        && let Some(makespan) = makespan.or_else(replayed)
    {
        context.makespans.insert(id, makespan);
    }
    context.scheduled.insert(id);
    realise(module.change(), id, &tasks, &plan, None, context.options.events, ground);
    context.fewest_syncs[0].insert(id);
}

/// The fewest streams on which nothing waits for what it does not depend on; how many there would be where they are too many.
fn full_concurrency(dag: &Dag) -> Result<(Plan, Proved), u32> {
    let plan = Front::new(dag).fewest_streams.plan();
    let streams = plan.streams;
    if streams as usize * dag.len() > MOST_KNOWN {
        return Err(streams);
    }
    let path = acg_schedule::tails(dag, 0).into_iter().max().unwrap_or(0);
    let makespan = Bound { value: path, kind: BoundKind::CriticalPath };
    Ok((plan, Proved { makespan, streams }))
}

/// Streams and order, without syncs, what no other plan can do better, and how long this one takes.
fn plan(dag: &Dag, device: &Device, context: &Context<'_>) -> (Plan, Proved, Option<u64>) {
    let options = context.options;
    let max_streams = match options.streams {
        Streams::AsPays | Streams::Full => acg_schedule::MOST_STREAMS,
        Streams::AtMost(most) => most,
    };
    let options = acg_schedule::Options {
        max_streams,
        effort: match options.thorough {
            true => Effort::Thorough,
            false if dag.len() > MOST_COMPARED => Effort::Basic,
            false => Effort::Normal,
        },
        tolerance: options.tolerance,
        time_limit: context.share(),
    };
    let found = acg_schedule::schedule(dag, device, &options);
    (found.plan, Proved { makespan: found.bound, streams: found.streams_allowed }, Some(found.makespan))
}
