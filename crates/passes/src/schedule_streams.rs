//! `schedule-streams`: an `auto` graph becomes an explicit one with as many streams as pay.
//!
//! The schedule comes from `acg_schedule`, the waits are the fewest that the schedule can do with.

use acg_ir::{Anchors, GraphId, Module};

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
    let tasks = TaskGraph::of(module, &module.graphs[id]);
    let plan = acg_schedule::Plan {
        stream_of: vec![0; tasks.dag.len()],
        streams: 1,
        order: (0..tasks.dag.len() as u32).collect(),
        syncs: Vec::new(),
    };
    context.count(NAME, "streams", plan.streams.into());
    realise(module, id, &tasks, &plan);
}
