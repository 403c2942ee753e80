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
mod lighter;
mod moves;
mod pass;
mod random;

use std::time::{Duration, Instant};

use crate::lighten::Scales;
use crate::list::{self, Rule, Streams, tails};
use crate::{Dag, Device, Plan, Sync, Timetable, fewest_syncs, irredundant_syncs, reduction, simulate};
use anneal::{Annealer, Patience, Placed};
use lighter::{Wanted, lighter, plan_of};
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
    /// How many times a task may be looked at to take off weight, some 300 ns each.
    pub weighed_visits: u64,
    /// Ends the search early; what it gives then depends on the machine.
    pub time_limit: Option<Duration>,
}

/// To be light a plan may have more records and waits by one in so many than the fewest found: who asks for few does not want them for memory.
const DEAR: u32 = 8;

/// Clocks of more numbers than this are not kept.
const MOST_CLOCKS: usize = 1 << 28;

/// `plan` with fewer syncs, on the streams it has or fewer, at its makespan on `device` and what may be added to it.
///
/// It weighs no more than `plan`, or than what a list rule makes, as far as that takes an eighth more syncs at most than the fewest found. A plan that contradicts `dag` is
/// given back as it is.
pub fn improve_syncs(dag: &Dag, device: &Device, plan: &Plan, give: Give, scales: &mut impl Scales) -> Plan {
    let started = Instant::now();
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
    let streams = Streams { count: plan.streams, latency: device.sync_latency };
    let job = Job { dag: &reduced, streams, limit, start, give, started };
    let most = SyncTasks::of(&least).total();
    let wanted = Wanted { enough: job.enough(&least, scales), most };
    for visits in [give.visits, 0] {
        let Some(placed) = job.place_light(visits, wanted, scales) else { continue };
        let better = finish(placed, plan.streams);
        let is_fewer = SyncTasks::of(&better).total() < most;
        if is_fewer && keeps_dependences(dag, &better) && keeps_time(dag, device, &better, limit) {
            return better;
        }
    }
    least
}

/// Where waits are placed anew.
struct Job<'a> {
    /// Without redundant dependences.
    dag: &'a Dag,
    streams: Streams,
    limit: u64,
    start: Assignment,
    give: Give,
    started: Instant,
}

impl<'a> Job<'a> {
    /// What a plan may weigh: as much as `plan`, or as what a list rule makes.
    fn enough(&self, plan: &Plan, scales: &mut impl Scales) -> u64 {
        let Some(known) = scales.weigh(plan, u64::MAX) else { return u64::MAX };
        let urgency = tails(self.dag, self.streams.latency);
        let mut list = list::place(self.dag, self.streams, Rule::ByTask, &urgency).plan(self.dag);
        list.syncs = fewest_syncs(self.dag, &list);
        scales.weigh(&list, u64::MAX).map_or(known.bytes, |list| list.bytes.max(known.bytes))
    }

    /// Few waits on a plan that is light enough, where that takes few more than the fewest found: from what has those, or from the plan that was
    /// given. Else the fewest, whatever they weigh.
    fn place_light(&self, visits: u64, wanted: Wanted, scales: &mut impl Scales) -> Option<Placed> {
        let fewest = self.place(visits)?;
        let weight = scales.weigh(&plan_of(&fewest, self.streams.count), u64::MAX);
        if weight.is_none_or(|weight| weight.bytes <= wanted.enough) {
            return Some(fewest);
        }
        let few = fewest.cost.total();
        let wanted = Wanted { most: wanted.most.min(few + few / DEAR), ..wanted };
        let patience = |eighths| Patience { visits: self.give.weighed_visits, ends: self.ends(eighths) };
        let is_wanted = |placed: &Placed, bytes| bytes <= wanted.enough && placed.cost.total() <= wanted.most;
        let (light, bytes) = lighter(self.dag, self.pass(), fewest.clone(), wanted, scales, patience(7));
        if is_wanted(&light, bytes) {
            return Some(light);
        }
        let given =
            self.place(0).map(|given| lighter(self.dag, self.pass(), given, wanted, scales, patience(8)));
        given.filter(|(given, bytes)| is_wanted(given, *bytes)).map_or(Some(fewest), |(given, _)| Some(given))
    }

    /// The best waits found with any one manner, and for what annealing makes of it in so many visits.
    fn place(&self, visits: u64) -> Option<Placed> {
        let tasks = self.dag.len();
        let mut pass = self.pass();
        let mut best: Option<Placed> = None;
        for (delay, renews) in [(0, false), (2, true), (4, false), (4, true)] {
            let of = Assignment { manner: vec![Manner { delay, renews }; tasks], ..self.start.clone() };
            if pass.place(&of) && best.as_ref().is_none_or(|best| pass.cost().total() < best.cost.total()) {
                best = Some(Placed { of, cost: pass.cost(), syncs: pass.syncs().to_vec() });
            }
        }
        let mut best = best?;
        if visits > 8 * tasks as u64 {
            // What is left of the time is for weight.
            let patience = Patience { visits, ends: self.ends(6) };
            Annealer::new(self.dag, self.streams.count, pass, best.of.clone()).run(&mut best, patience);
        }
        Some(best)
    }

    fn pass(&self) -> Pass<'a> {
        Pass::new(self.dag, self.streams.count, self.streams.latency, self.limit)
    }

    /// When so many eighths of the time are over.
    fn ends(&self, eighths: u32) -> Option<Instant> {
        self.give.time_limit.map(|limit| self.started + limit / 8 * eighths)
    }
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
