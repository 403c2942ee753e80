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
mod hold;
mod known;
mod moves;
mod pass;
mod random;

use std::time::{Duration, Instant};

use crate::lighten::{Scales, about_as_short};
use crate::list::{self, Rule, Streams, tails};
use crate::{Dag, Device, Plan, Sync, Timetable, fewest_syncs, irredundant_syncs, reduction, simulate};
use anneal::{Annealer, PARTS, Patience, Placed, turns};
use hold::Hold;
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

/// Fewer looks at each task find nothing.
const FEWEST_VISITS: u64 = 128;

/// Clocks of more numbers than this are not kept.
const MOST_CLOCKS: usize = 1 << 28;

/// `plan` with fewer syncs, on the streams it has or fewer, at its makespan on `device` and what may be added to it.
///
/// It weighs no more than what a list rule makes, nor than a few times what a light plan does, where a plan is found that keeps to that and takes no longer,
/// or [about as long](about_as_short). A plan that contradicts `dag` is given back as it is.
pub fn improve_syncs(dag: &Dag, device: &Device, plan: &Plan, give: Give, scales: &mut impl Scales) -> Plan {
    let started = Instant::now();
    let Some(replayed) = simulate(dag, device, plan) else { return plan.clone() };
    let limit = replayed.makespan.saturating_add(give.makespan);
    let longest = about_as_short(replayed.makespan, 0).max(limit);
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
    let job = Job { dag: &reduced, device, streams, limit, longest, start, give, started };
    let most = SyncTasks::of(&least).total();
    for visits in [give.visits, 0] {
        let Some(placed) = job.place_light(visits, scales) else { continue };
        let better = finish(placed, plan.streams);
        let is_fewer = SyncTasks::of(&better).total() < most;
        if is_fewer && keeps_dependences(dag, &better) && keeps_time(dag, device, &better, longest) {
            return better;
        }
    }
    least
}

/// Where waits are placed anew.
struct Job<'a> {
    /// Without redundant dependences.
    dag: &'a Dag,
    device: &'a Device,
    streams: Streams,
    limit: u64,
    /// The limit of plans that are lighter than any within `limit`.
    longest: u64,
    start: Assignment,
    give: Give,
    started: Instant,
}

impl Job<'_> {
    /// What a list rule makes.
    fn list(&self) -> Plan {
        let urgency = tails(self.dag, self.streams.latency);
        let list = list::place(self.dag, self.streams, Rule::ByTask, &urgency).plan(self.dag);
        Plan { syncs: fewest_syncs(self.dag, &list), ..list }
    }

    /// What the search starts from.
    fn given(&self) -> Plan {
        let (stream_of, order) = (self.start.stream_of.clone(), self.start.order.clone());
        let plan = Plan { stream_of, streams: self.streams.count, order, syncs: Vec::new() };
        Plan { syncs: fewest_syncs(self.dag, &plan), ..plan }
    }

    /// The fewest waits found in so many visits for plans that are light enough.
    fn place_light(&self, visits: u64, scales: &mut impl Scales) -> Option<Placed> {
        let mut hold = Hold::new(self, scales);
        let (mut placed, _) = hold.hold(self.place()?)?;
        let mut best = placed.clone();
        if visits < FEWEST_VISITS * self.dag.len() as u64 {
            return Some(best);
        }
        let mut until = 0;
        let mut turns = turns().peekable();
        while turns.peek().is_some() {
            let dag = hold.dag();
            let mut annealer = Annealer::new(&dag, self.streams.count, hold.pass(&dag), placed.of.clone());
            let mut is_changed = false;
            while let Some((sweeps, parts)) = turns.next_if(|_| !is_changed) {
                until += parts;
                let visits = visits / u64::from(PARTS) * u64::from(parts);
                annealer.run(&mut placed, sweeps, Patience { visits, ends: self.ends(until) });
                let Some((light, changed)) = hold.hold(placed) else { return Some(best) };
                (placed, is_changed) = (light, changed);
                if placed.cost.total() < best.cost.total() {
                    best = placed.clone();
                }
            }
        }
        Some(best)
    }

    /// The best waits found with any one manner.
    fn place(&self) -> Option<Placed> {
        let mut pass = self.pass(self.dag, self.limit);
        let mut best: Option<Placed> = None;
        for (delay, renews) in [(0, false), (2, true), (4, false), (4, true)] {
            let of =
                Assignment { manner: vec![Manner { delay, renews }; self.dag.len()], ..self.start.clone() };
            if pass.place(&of) && best.as_ref().is_none_or(|best| pass.cost().total() < best.cost.total()) {
                best = Some(Placed::of(&pass, &of));
            }
        }
        best
    }

    fn pass<'d>(&self, dag: &'d Dag, limit: u64) -> Pass<'d> {
        Pass::new(dag, self.streams.count, self.streams.latency, limit)
    }

    /// When so many parts of the time are over.
    fn ends(&self, parts: u32) -> Option<Instant> {
        self.give.time_limit.map(|limit| self.started + limit / PARTS * parts)
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

/// The plan of `placed`, its streams as they are numbered there.
fn plan_of(placed: &Placed, streams: u32) -> Plan {
    let mut syncs = placed.syncs.clone();
    syncs.sort_unstable_by_key(|sync| (sync.after, sync.before));
    Plan { stream_of: placed.of.stream_of.clone(), order: placed.of.order.clone(), streams, syncs }
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
