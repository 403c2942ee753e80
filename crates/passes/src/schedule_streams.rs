//! `schedule-streams`: an `auto` graph becomes an explicit one with as many streams as pay.
//!
//! The schedule comes from `acg_schedule`, the waits are the fewest that the schedule can do with.

use acg_ir::{Anchors, GraphId, Module};
use acg_schedule::Device;
use acg_target::DeviceModel;

use crate::realise::realise;
use crate::task_graph::TaskGraph;
use crate::{Context, Pass};

/// See the module.
pub struct ScheduleStreams;

const NAME: &str = "schedule-streams";

impl Pass for ScheduleStreams {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "puts the tasks of an auto graph on streams so that it ends early, with the fewest waits that this takes"
    }

    fn run(&self, module: &mut Module, context: &mut Context<'_>) -> bool {
        let auto: Vec<GraphId> =
            module.graphs.iter().filter(|(_, graph)| graph.is_auto()).map(|(id, _)| id).collect();
        if auto.is_empty() {
            return false;
        }
        let anchors = Anchors::take(module);
        for id in auto {
            schedule(module, id, context);
        }
        anchors.restore(module);
        true
    }
}

fn schedule(module: &mut Module, id: GraphId, context: &mut Context<'_>) {
    let tasks = TaskGraph::of(module, &module.graphs[id], &context.options.model);
    let streams = acg_schedule::Streams {
        count: context.options.max_streams.unwrap_or(32),
        latency: context.options.model.sync,
    };
    let urgency = acg_schedule::upward_rank(&tasks.dag, streams);
    let placed = acg_schedule::place(&tasks.dag, streams, acg_schedule::Rule::ByTask, &urgency);
    let mut plan = placed.plan(&tasks.dag);
    plan.syncs = acg_schedule::fewest_syncs(&tasks.dag, &plan);
    context.count(NAME, "streams", plan.streams.into());
    context.count(NAME, "waits", plan.syncs.len() as u64);
    if tasks.is_simple
        && let Some(timetable) = acg_schedule::simulate(&tasks.dag, &device(&context.options.model), &plan)
    {
        context.makespans.insert(id, timetable.makespan);
    }
    realise(module, id, &tasks, &plan);
}

fn device(model: &DeviceModel) -> Device {
    Device { slots: model.slots, sync_latency: model.sync }
}
