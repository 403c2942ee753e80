//! A plan with its timetable: what is in order by time alone.

use super::anneal::Placed;
use super::pass::Assignment;
use super::{Job, by_start, plan_of};
use crate::{Plan, Sync, Timetable, irredundant_syncs, simulate};

/// See the module.
#[derive(Debug)]
pub(super) struct Known {
    /// Tasks in the order in which they start.
    pub(super) of: Assignment,
    pub(super) timetable: Timetable,
    streams: u32,
    latency: u64,
    /// Where in the order each task is.
    place: Vec<u32>,
}

impl Known {
    /// `None` where the plan contradicts the job's graph.
    pub(super) fn by(job: &Job<'_>, plan: &Plan) -> Option<Self> {
        let timetable = simulate(job.dag, job.device, plan)?;
        let of = by_start(job.dag, plan, &timetable);
        let mut place = vec![0; of.order.len()];
        for (at, &task) in (0..).zip(&of.order) {
            place[task as usize] = at;
        }
        Some(Self { of, timetable, streams: job.streams.count, latency: job.streams.latency, place })
    }

    /// The same for a plan with its manners.
    pub(super) fn of(job: &Job<'_>, placed: &Placed) -> Option<Self> {
        let mut known = Self::by(job, &plan_of(placed, job.streams.count))?;
        known.of.manner.clone_from(&placed.of.manner);
        Some(known)
    }

    /// Whether `before` is over so early that a wait for it costs `after` no time.
    pub(super) fn orders(&self, before: u32, after: u32) -> bool {
        let [from, to] = [before, after].map(|task| task as usize);
        let away = if self.of.stream_of[from] == self.of.stream_of[to] { 0 } else { self.latency };
        self.place[from] < self.place[to] && self.timetable.finish[from] + away <= self.timetable.start[to]
    }

    /// The plan with all waits that cost no time.
    pub(super) fn in_full_order(&self) -> Plan {
        let streams = self.streams as usize;
        let mut lines: Vec<Vec<u32>> = vec![Vec::new(); streams];
        // How many tasks of each stream are over when the last one of each other starts.
        let mut over = vec![0; streams * streams];
        let mut syncs: Vec<Sync> = Vec::new();
        for &task in &self.of.order {
            let stream = self.of.stream_of[task as usize] as usize;
            for other in (0..streams).filter(|&other| other != stream) {
                let over = &mut over[stream * streams + other];
                let fresh =
                    lines[other][*over..].iter().take_while(|&&before| self.orders(before, task)).count();
                *over += fresh;
                if fresh > 0 {
                    syncs.push(Sync { before: lines[other][*over - 1], after: task });
                }
            }
            lines[stream].push(task);
        }
        syncs.sort_unstable_by_key(|sync| (sync.after, sync.before));
        let (stream_of, order) = (self.of.stream_of.clone(), self.of.order.clone());
        let plan = Plan { stream_of, streams: self.streams, order, syncs: Vec::new() };
        Plan { syncs: irredundant_syncs(&plan, &syncs), ..plan }
    }
}
