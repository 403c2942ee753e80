//! `schedule-streams`: puts the tasks of a graph on as many streams as pay, whatever streams it had before.
//!
//! Tasks are ordered by the data they touch alone. The schedule comes from `acg_schedule`, the waits are the fewest that the schedule can
//! do with.

use acg_ir::{Anchors, Arena, GraphId, Module};
use acg_schedule::{Device, Effort};

use crate::context::Outcome;
use crate::read_plan::read_plan;
use crate::realise::realise;
use crate::task_graph::TaskGraph;
use crate::{Context, Options, Pass};

/// See the module.
pub struct ScheduleStreams;

const NAME: &str = "schedule-streams";

impl Pass for ScheduleStreams {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "puts the tasks of a graph on streams so that it ends early, with the fewest waits that this takes"
    }

    fn run(&self, module: &mut Module, context: &mut Context<'_>) -> bool {
        let anchors = Anchors::take(module);
        let mut changed = false;
        for id in module.graphs.keys() {
            changed |= schedule(module, id, context);
        }
        anchors.restore(module);
        changed
    }
}

fn schedule(module: &mut Module, id: GraphId, context: &mut Context<'_>) -> bool {
    let model = context.options.model;
    let graph = &module.graphs[id];
    let tasks = if graph.is_auto() {
        TaskGraph::of(module, graph, &model, &Arena::filled(graph.tasks.len(), false))
    } else {
        match read_plan(module, id, &model) {
            Ok(read) => read.tasks,
            Err(reason) => {
                let text = format!("not scheduled anew, because {reason}");
                context.graph_remark(NAME, Outcome::Missed, module, id, text);
                return false;
            }
        }
    };
    let device = Device { slots: model.slots, sync_latency: model.sync };
    let found = acg_schedule::schedule(&tasks.dag, &device, &options(context.options));
    let mut plan = found.plan;
    plan.syncs = acg_schedule::fewest_syncs(&tasks.dag, &plan);
    context.count(NAME, "streams", plan.streams.into());
    context.count(NAME, "waits", plan.syncs.len() as u64);
    if tasks.is_simple {
        context.makespans.insert(id, found.makespan);
    }
    realise(module, id, &tasks, &plan, None);
    true
}

fn options(options: &Options) -> acg_schedule::Options {
    acg_schedule::Options {
        max_streams: options.max_streams.unwrap_or(acg_schedule::MOST_STREAMS),
        effort: if options.thorough { Effort::Thorough } else { Effort::Normal },
        // A stream fewer is welcome where it costs nothing.
        tolerance: 0,
        time_limit: options.time_limit,
    }
}
