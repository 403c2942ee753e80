//! Of plans that are equally good otherwise, the one whose temporaries take least memory.
//!
//! The search goes by the heaviest set of temporaries in use together, which is quickly found; which of its plans takes least is
//! seen by placing, because temporaries of a lighter set do not always fit as well.

use acg_ir::{Arena, Buffer, Graph, GraphId, Module};
use acg_memory::{Effort, Weighing};
use acg_schedule::{Device, Patience, Plan, fewest_syncs, lighten};

use crate::Context;
use crate::bytes::Bytes;
use crate::context::Streams;
use crate::ground::Ground;
use crate::task_graph::TaskGraph;
use crate::temporaries::Temporaries;

/// With more tasks than this, a change of one is looked at for too long to try enough of them.
const MOST_TASKS: usize = 20_000;
/// Plans of more tasks are weighed by a bound.
const MOST_EXACT: usize = 5_000;
/// How often a task is looked at, some 100 ns each.
const VISITS: u64 = 1_250_000;
/// The steps of placing one plan's temporaries: the last word is that of `plan-memory`.
const PLACING_STEPS: u64 = 20_000_000;
/// So many of the lightest plans are placed, and the one that the search started from; fewer of those with more tasks together than this.
const MOST_PLACED: usize = 4;
const MOST_TASKS_PLACED: usize = 5_000;

/// Whether plans of `graph` are compared by their memory.
pub(crate) fn is_weighed(graph: &Graph) -> bool {
    graph.tasks.len() <= MOST_TASKS
}

/// A plan as good as `plan`, with the fewest syncs, that takes `latest` nanoseconds at most, or `longest` if it is lighter by half.
pub(crate) fn lightest_plan(
    module: &Module,
    id: GraphId,
    local: Option<&Arena<Buffer, bool>>,
    tasks: &TaskGraph,
    (plan, [latest, longest]): (Plan, [u64; 2]),
    ground: &mut Ground,
    context: &Context<'_>,
) -> Plan {
    // A thorough search goes on to stab syncs, which changes the plan and has its own eye on memory: what is light first leaves it more syncs.
    let is_last = !context.options.thorough && context.options.streams != Streams::Full;
    let is_weighed = is_weighed(&module.graphs[id]) && is_last;
    let Some(local) = local.filter(|_| is_weighed && plan.streams > 1) else {
        return Plan { syncs: fewest_syncs(&tasks.dag, &plan), ..plan };
    };
    let temporaries = Temporaries::of(module, id, local, [&tasks.eager, &tasks.units], ground);
    let mut scales = Bytes::new(&temporaries, MOST_EXACT);
    let model = context.options.model;
    let device = Device { slots: model.slots, sync_latency: model.sync };
    let patience = Patience {
        visits: VISITS,
        latest,
        longest,
        enough: temporaries.most_of_one_unit(tasks.units.len()),
        time_limit: context.share(),
    };
    lowest(lighten(&tasks.dag, &device, &plan, patience, &mut scales), &temporaries, context)
}

/// The plan whose temporaries are placed lowest, among the first and the last ones.
fn lowest(mut plans: Vec<Plan>, temporaries: &Temporaries, context: &Context<'_>) -> Plan {
    let Some(mut best) = plans.pop() else { return Plan::default() };
    let most = MOST_PLACED.min(MOST_TASKS_PLACED / best.order.len().max(1));
    if plans.is_empty() || most == 0 {
        return best;
    }
    plans.drain(1..(plans.len() + 1).saturating_sub(most).max(1));
    let mut least = placed(&best, u64::MAX, temporaries, context).unwrap_or(u64::MAX);
    // Those before are heavier.
    while let Some(plan) = plans.pop() {
        if let Some(peak) = placed(&plan, least, temporaries, context) {
            (best, least) = (plan, peak);
        }
    }
    best
}

/// How many bytes the temporaries of `plan` take, if that is less than `least`.
fn placed(plan: &Plan, least: u64, temporaries: &Temporaries, context: &Context<'_>) -> Option<u64> {
    let instance = temporaries.instance(plan).ok()?;
    if least < u64::MAX {
        let mut steps = PLACING_STEPS;
        Weighing::default().bound_within(&instance, least.checked_sub(1)?, &mut steps)?;
    }
    let effort = Effort { steps: PLACING_STEPS, time_limit: context.share(), ..Effort::default() };
    Some(acg_memory::place(&instance, &effort).peak).filter(|&peak| peak < least)
}
