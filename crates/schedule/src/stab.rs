//! Fewer waits and records at no longer makespan.
//!
//! Streams are interchangeable, tasks off the critical path can wait, and a wait may order more than a dependence asks
//! for. So waits are placed anew, late and from late records, where one serves many dependences (slack stabbing,
//! algorithms, section 2), and streams and order are changed wherever that saves synchronisation. The price is order that the
//! program did not have; the makespan under the model is kept, up to what may be added.
//!
//! **Invariant:** what comes out is replayed, and is taken only if no dependence is lost and the makespan is kept.

mod anneal;
mod cost;
mod moves;
mod pass;
mod random;

use std::time::{Duration, Instant};

use crate::{Dag, Device, Plan, Sync, Timetable, fewest_syncs, irredundant_syncs, reduction, simulate};
use anneal::{Annealer, Patience, Placed};
use pass::{Manner, Pass};

pub use cost::SyncTasks;
pub(crate) use moves::Changes;
pub(crate) use pass::Assignment;
pub(crate) use random::Random;

/// How much may be given for fewer syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Give {
    /// By how much the makespan may grow, in nanoseconds.
    pub makespan: u64,
    /// How many times a task may be looked at, about 10 ns each; a few for each task place waits for the given streams only.
    pub visits: u64,
    /// Ends the search early; what it gives then depends on the machine.
    pub time_limit: Option<Duration>,
}

/// Clocks of more numbers than this are not kept.
const MOST_CLOCKS: usize = 1 << 28;

/// `plan` with fewer syncs, on the streams it has or fewer, at its makespan on `device` and what may be added to it.
///
/// A plan that contradicts `dag` is given back as it is.
pub fn improve_syncs(dag: &Dag, device: &Device, plan: &Plan, give: Give) -> Plan {
    let ends = give.time_limit.map(|limit| Instant::now() + limit);
    let Some(replayed) = simulate(dag, device, plan) else { return plan.clone() };
    let limit = replayed.makespan.saturating_add(give.makespan);
    let mut least = Plan { syncs: fewest_syncs(dag, plan), ..plan.clone() };
    let is_fewer = SyncTasks::of(plan).total() < SyncTasks::of(&least).total();
    if is_fewer && keeps_dependences(dag, plan) {
        least = plan.clone();
    }
    if plan.stream_of.len() * plan.streams as usize > MOST_CLOCKS
        || least.syncs.is_empty() && least.streams <= 1
    {
        return least;
    }
    let reduced = reduction(dag);
    let start = by_start(dag, plan, &replayed);
    for visits in [give.visits, 0] {
        let Some(placed) = place(&reduced, device, plan.streams, limit, &start, Patience { visits, ends })
        else {
            continue;
        };
        let better = finish(placed, plan.streams);
        let is_fewer = SyncTasks::of(&better).total() < SyncTasks::of(&least).total();
        if is_fewer && keeps_dependences(dag, &better) && keeps_time(dag, device, &better, limit) {
            return better;
        }
    }
    least
}

fn keeps_time(dag: &Dag, device: &Device, plan: &Plan, limit: u64) -> bool {
    simulate(dag, device, plan).is_some_and(|found| found.makespan <= limit)
}

/// Whether every dependence of `dag` follows from the streams and waits of `plan`, of which none follows from others.
fn keeps_dependences(dag: &Dag, plan: &Plan) -> bool {
    let across =
        dag.edges().filter(|&(from, to)| plan.stream_of[from as usize] != plan.stream_of[to as usize]);
    let mut syncs: Vec<Sync> = across.map(|(before, after)| Sync { before, after }).collect();
    syncs.extend(&plan.syncs);
    syncs.sort_unstable_by_key(|sync| (sync.after, sync.before));
    irredundant_syncs(plan, &syncs) == plan.syncs
}

/// The assignment of `plan` with tasks in the order in which they start.
pub(crate) fn by_start(dag: &Dag, plan: &Plan, timetable: &Timetable) -> Assignment {
    let mut place = vec![0u32; dag.len()];
    for (at, &task) in plan.order.iter().enumerate() {
        place[task as usize] = at as u32;
    }
    let mut order = plan.order.clone();
    // Of tasks that start together, those that take no time may be before the others.
    order.sort_by_key(|&task| {
        (timetable.start[task as usize], timetable.finish[task as usize], place[task as usize])
    });
    Assignment { stream_of: plan.stream_of.clone(), order, manner: vec![Manner::default(); dag.len()] }
}

/// The best waits found for `of` with any one manner, and for what annealing makes of it.
fn place(
    dag: &Dag,
    device: &Device,
    streams: u32,
    limit: u64,
    of: &Assignment,
    patience: Patience,
) -> Option<Placed> {
    let tasks = dag.len();
    let mut pass = Pass::new(dag, streams, device.sync_latency, limit);
    let mut best: Option<Placed> = None;
    for (delay, renews) in [(0, false), (2, true), (4, false), (4, true)] {
        let of = Assignment { manner: vec![Manner { delay, renews }; tasks], ..of.clone() };
        pass.look_behind(&of, tasks);
        pass.find_latest(&of, 0..tasks);
        let empty = pass.empty();
        pass.rewind(&empty);
        if pass.run(&of, 0..tasks) && best.as_ref().is_none_or(|best| pass.cost().total() < best.cost.total())
        {
            best = Some(Placed { of, cost: pass.cost(), syncs: pass.syncs().to_vec() });
        }
    }
    let mut best = best?;
    if patience.visits > 8 * tasks as u64 {
        Annealer::new(dag, streams, pass, best.of.clone()).run(&mut best, patience);
    }
    Some(best)
}

/// The plan of what was found, with streams numbered by first use.
fn finish(placed: Placed, streams: u32) -> Plan {
    let Placed { of: Assignment { stream_of, order, .. }, mut syncs, .. } = placed;
    syncs.sort_unstable_by_key(|sync: &Sync| (sync.after, sync.before));
    let mut plan = Plan { stream_of, streams, order, syncs };
    renumber(&mut plan);
    plan.syncs = irredundant_syncs(&plan, &plan.syncs);
    plan
}

/// Numbers the streams of `plan` by first use, and drops those that are not used.
pub(crate) fn renumber(plan: &mut Plan) {
    let mut number = vec![u32::MAX; plan.streams as usize];
    let mut used = 0;
    for &task in &plan.order {
        let stream = &mut number[plan.stream_of[task as usize] as usize];
        if *stream == u32::MAX {
            *stream = used;
            used += 1;
        }
        plan.stream_of[task as usize] = *stream;
    }
    plan.streams = used;
}

#[cfg(test)]
mod tests;
