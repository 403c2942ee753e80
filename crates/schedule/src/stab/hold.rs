//! Holds weight down by order.
//!
//! Fewer waits order less, so that more is in use at once. Of what then weighs too much together, some is kept apart by orders: all tasks of one member
//! are over before those of another start. They are taken from a plan that is light enough with all waits that cost it no time,
//! and from then on are dependences like those of the graph, so that one wait serves both. A plan seldom needs more than a few.
//!
//! **Invariant:** there is a plan that keeps all orders and the limit.

use std::cmp::Reverse;

use super::anneal::Placed;
use super::known::Known;
use super::pass::Pass;
use super::{Job, plan_of};
use crate::lighten::{Scales, Weight};
use crate::{Dag, Patience, Plan, lighten};

/// How many times a task is looked at to find a light plan, some 100 ns each.
const VISITS_TO_LIGHTEN: u64 = 1_250_000;

/// Plans may weigh so many times what a light one does.
const TIMES_LIGHT: u64 = 2;

/// So many members are looked at pair by pair: the heaviest.
const MOST_MEMBERS: usize = 1_000;

/// What keeps plans light.
pub(super) struct Hold<'a, 'b, S> {
    job: &'b Job<'a>,
    scales: &'b mut S,
    /// What a plan may weigh.
    enough: u64,
    /// How long one may take: longer than the job's limit where none is light enough by then.
    limit: u64,
    /// The lightest plan known at the start.
    lighter: Plan,
    orders: Vec<(u32, u32)>,
    /// The last plan that is light enough with all waits that cost it no time.
    light: Option<Known>,
}

impl<'a, 'b, S: Scales> Hold<'a, 'b, S> {
    /// Plans may weigh as much as what a list rule makes, but no more than a few times what a light one does.
    pub(super) fn new(job: &'b Job<'a>, scales: &'b mut S) -> Self {
        let list = scales.weigh(&job.list(), u64::MAX).map_or(u64::MAX, |list| list.bytes);
        let mut hold = Self::of(job, list, scales);
        if (1..u64::MAX).contains(&list) {
            hold.enough = 0;
            hold.lighter = hold.lightened([job.limit, job.longest]);
            let light = hold.scales.weigh(&hold.lighter, list).map_or(list, |light| light.bytes);
            hold.enough = list.min(light.saturating_mul(TIMES_LIGHT));
        }
        hold
    }

    /// Plans may weigh `enough`.
    pub(super) fn of(job: &'b Job<'a>, enough: u64, scales: &'b mut S) -> Self {
        Self { job, scales, enough, limit: job.limit, lighter: job.given(), orders: Vec::new(), light: None }
    }

    /// The graph with what is to be kept in order.
    pub(super) fn dag(&self) -> Dag {
        self.job.dag.with_orders(&self.orders)
    }

    /// A pass over `dag`, which is the job's, or that with more to be kept in order.
    pub(super) fn pass<'d>(&self, dag: &'d Dag) -> Pass<'d> {
        self.job.pass(dag, self.limit)
    }

    /// `placed`, or what it becomes to be light enough, and whether that is something else; `None` where only others before it were. What
    /// cannot be weighed, or has nothing lighter beside it, may be as heavy as it is from then on.
    pub(super) fn hold(&mut self, placed: Placed) -> Option<(Placed, bool)> {
        if self.enough == u64::MAX {
            return Some((placed, false));
        }
        let had_light = self.light.is_some();
        if let Some(weight) = self.weigh(&placed)
            && let Some(known) = Known::of(self.job, &placed)
        {
            if weight.bytes <= self.enough {
                self.light = Some(known);
                return Some((placed, false));
            }
            if !weight.members.is_empty()
                && let Some(known) = self.lightest(known, weight.bytes)
                && let Some(lighter) = self.in_order_of(&known, weight)
            {
                self.light = Some(known);
                return Some((lighter, true));
            }
        }
        if had_light {
            return None;
        }
        self.enough = u64::MAX;
        Some((placed, false))
    }

    fn weigh(&mut self, placed: &Placed) -> Option<Weight> {
        self.scales.weigh(&plan_of(placed, self.job.streams.count), u64::MAX)
    }

    /// A plan whose order makes what weighs `bytes` light enough: `known` itself if it can be, or the last one that was, or the lightest that
    /// is found, which then is light enough.
    fn lightest(&mut self, known: Known, bytes: u64) -> Option<Known> {
        let mut least = self.in_full_order(&known);
        let mut lightest = known;
        if least <= self.enough {
            return Some(lightest);
        }
        if self.light.is_some() {
            return self.light.take();
        }
        for turn in 0..3 {
            let plan = match turn {
                0 => self.job.given(),
                1 => self.lighter.clone(),
                _ => self.lightened([self.job.longest; 2]),
            };
            let Some(other) = Known::by(self.job, &plan) else { continue };
            let weight = self.in_full_order(&other);
            if weight < least {
                if other.timetable.makespan > self.limit {
                    self.limit = self.job.longest;
                }
                (lightest, least) = (other, weight);
            }
            if least <= self.enough {
                return Some(lightest);
            }
        }
        self.enough = least;
        (least < bytes).then_some(lightest)
    }

    /// What `known` weighs with all waits that cost it no time.
    fn in_full_order(&mut self, known: &Known) -> u64 {
        self.scales.weigh(&known.in_full_order(), u64::MAX).map_or(u64::MAX, |weight| weight.bytes)
    }

    /// A lighter plan than the given one, if there is, that takes `latest` nanoseconds at most, or `longest` if it costs half.
    fn lightened(&mut self, [latest, longest]: [u64; 2]) -> Plan {
        let patience = Patience {
            visits: VISITS_TO_LIGHTEN,
            latest,
            longest,
            enough: self.enough,
            time_limit: self.job.give.time_limit.map(|limit| limit / 16),
        };
        let given = self.job.given();
        lighten(self.job.dag, self.job.device, &given, patience, self.scales).pop().unwrap_or(given)
    }

    /// Streams and order of `known`, with more and more of what is in order there kept in order, until nothing as heavy as `weight` is left.
    fn in_order_of(&mut self, known: &Known, mut weight: Weight) -> Option<Placed> {
        loop {
            let before = self.orders.len();
            self.order(known, &weight);
            if self.orders.len() == before {
                return None;
            }
            let dag = self.dag();
            let mut pass = self.pass(&dag);
            if !pass.place(&known.of) {
                return None;
            }
            let placed = Placed::of(&pass, &known.of);
            weight = self.weigh(&placed)?;
            if weight.bytes <= self.enough {
                return Some(placed);
            }
        }
    }

    /// Adds orders of `known` in which members of `weight` follow each other, as many as make it light enough or as there are: first those that
    /// save most, and of these those with most time to spare.
    fn order(&mut self, known: &Known, weight: &Weight) {
        let mut members: Vec<Member<'_>> =
            weight.members.iter().map(|&member| Member::of(self.scales.member(member), known)).collect();
        members.sort_by_key(|member| Reverse(member.bytes));
        members.truncate(MOST_MEMBERS);
        let mut left = weight.bytes - self.enough;
        let mut pairs: Vec<(u64, u64, usize, usize)> = Vec::new();
        for (from, before) in members.iter().enumerate() {
            for (to, after) in members.iter().enumerate() {
                if let Some(spare) = after.start.checked_sub(before.end)
                    && before
                        .tasks
                        .iter()
                        .all(|&task| after.tasks.iter().all(|&after| known.orders(task, after)))
                {
                    pairs.push((before.bytes.min(after.bytes).min(left), spare, from, to));
                }
            }
        }
        pairs.sort_unstable_by(|a, b| b.cmp(a));
        let mut given: Vec<u64> = members.iter().map(|member| member.bytes).collect();
        let mut taken = given.clone();
        let dag = self.job.dag;
        for (_, _, from, to) in pairs {
            let bytes = given[from].min(taken[to]).min(left);
            if bytes > 0 {
                given[from] -= bytes;
                taken[to] -= bytes;
                left -= bytes;
                let (before, after) = (members[from].tasks, members[to].tasks);
                let last = before.iter().filter(|&&task| is_apart(dag.successors(task), before));
                let first = after.iter().filter(|&&task| is_apart(dag.predecessors(task), after));
                self.orders.extend(last.flat_map(|&last| first.clone().map(move |&first| (last, first))));
            }
        }
        self.orders.sort_unstable();
        self.orders.dedup();
    }
}

/// Something that weighs.
struct Member<'a> {
    bytes: u64,
    tasks: &'a [u32],
    start: u64,
    end: u64,
}

impl<'a> Member<'a> {
    fn of((bytes, tasks): (u64, &'a [u32]), known: &Known) -> Self {
        let start = tasks.iter().map(|&task| known.timetable.start[task as usize]).min().unwrap_or(u64::MAX);
        let end = tasks.iter().map(|&task| known.timetable.finish[task as usize]).max().unwrap_or(u64::MAX);
        Self { bytes, tasks, start, end }
    }
}

/// Whether `some` and the ascending `others` have nothing in common.
fn is_apart(some: &[u32], others: &[u32]) -> bool {
    some.iter().all(|task| others.binary_search(task).is_err())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::lighten::results::{Results, results_at_once};
    use crate::stab::{Assignment, Give, Manner};
    use crate::{Device, Engine, Streams};

    /// Many pairs of a producer and a consumer, of which a list rule makes all producers first.
    #[test]
    fn much_more_than_what_is_light_is_too_heavy() {
        let pairs = 100u32;
        let edges = (0..pairs).map(|pair| (pair, pair + pairs));
        let dag = Dag::new(vec![4_000; 2 * pairs as usize], vec![Engine::Slot; 2 * pairs as usize], edges);
        let order: Vec<u32> = (0..2 * pairs).collect();
        let stream_of = order.iter().map(|task| task % 4).collect();
        let manner = vec![Manner::default(); order.len()];
        let job = Job {
            dag: &dag,
            device: &Device { slots: None, sync_latency: 1_500 },
            streams: Streams { count: 4, latency: 1_500 },
            limit: 200_000,
            longest: 200_000,
            start: Assignment { stream_of, order, manner },
            give: Give { makespan: 0, visits: 0, time_limit: None },
            started: Instant::now(),
        };
        assert_eq!(results_at_once(&dag, &job.list()).bytes, 101);
        let mut scales = Results(&dag);
        let hold = Hold::new(&job, &mut scales);
        let light = results_at_once(&dag, &hold.lighter).bytes;
        assert!(light < 30 && hold.enough == TIMES_LIGHT * light);
    }
}
