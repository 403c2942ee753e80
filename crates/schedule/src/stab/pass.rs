//! Places waits for given streams and order in one pass: as late as possible, from as late a record as possible.
//!
//! A wait is placed only where a task needs one, and then it takes along everything that has ended by then on the stream
//! that it waits for, so that one wait serves all dependences whose windows overlap: the greedy piercing of intervals, for
//! all pairs of streams at once and with what streams know through third ones. A task that has slack may start later if
//! that lets it wait for a later record.
//!
//! The pass can be taken back to a mark, so that a part of the order can be tried again and again.
//!
//! **Invariant:** no task starts after the latest time that keeps the makespan within its limit.

use std::ops::Range;

use super::cost::{SyncTasks, open_ends};
use crate::{Dag, Engine, Sync};

/// How a task places its waits, if it needs any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    /// How much of its slack it may give up, in quarters.
    pub(crate) delay: u8,
    /// Whether a new record is made even where an old one would do.
    pub(crate) renews: bool,
}

/// What a pass goes by.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    pub(crate) stream_of: Vec<u32>,
    pub(crate) order: Vec<u32>,
    pub(crate) manner: Vec<Manner>,
}

const NONE: u32 = u32::MAX;
const NEVER: u64 = u64::MAX;
const QUARTERS: u64 = 4;
const ENGINES: usize = 4;

/// One copy on an engine, for checking that the engine would take them in this order.
#[derive(Clone, Copy, Debug)]
struct Copied {
    task: u32,
    /// When the engine was free.
    free: u64,
    start: u64,
}

/// What changes along a pass, other than what is kept per task.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    lengths: Vec<usize>,
    copies: [usize; ENGINES],
    free: Vec<u64>,
    engine_free: [u64; ENGINES],
    clocks: Vec<u32>,
    last_record: Vec<u32>,
    syncs: usize,
    records: u32,
    waits_first: Vec<bool>,
}

impl Mark {
    /// How many waits had been placed.
    pub(super) fn syncs(&self) -> usize {
        self.syncs
    }
}

/// A pass and its working memory.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    dag: &'a Dag,
    streams: usize,
    latency: u64,
    limit: u64,
    /// The tasks of each stream so far.
    lines: Vec<Vec<u32>>,
    copies: [Vec<Copied>; ENGINES],
    position: Vec<u32>,
    finish: Vec<u64>,
    /// The latest start that keeps the limit.
    latest: Vec<u64>,
    /// When streams and engines have to be free behind the range looked at.
    behind: Vec<u64>,
    engines_behind: [u64; ENGINES],
    free: Vec<u64>,
    has_copies: bool,
    /// For each task what its stream knows when it has ended.
    rows: Vec<u32>,
    need: Vec<u32>,
    recorded: Vec<bool>,
    starts_record: Vec<bool>,
    syncs: Vec<Sync>,
    at: Mark,
}

impl<'a> Pass<'a> {
    /// A pass over `dag`, without redundant dependences, that ends by `limit`.
    pub(super) fn new(dag: &'a Dag, streams: u32, latency: u64, limit: u64) -> Self {
        let (tasks, streams) = (dag.len(), streams as usize);
        let mut pass = Self {
            dag,
            streams,
            latency,
            limit,
            lines: vec![Vec::new(); streams],
            copies: Default::default(),
            position: vec![0; tasks],
            finish: vec![0; tasks],
            latest: vec![limit; tasks],
            behind: vec![limit; streams],
            engines_behind: [limit; ENGINES],
            free: Vec::new(),
            has_copies: (0..tasks as u32).any(|task| dag.engine(task) != Engine::Slot),
            rows: vec![0; tasks * streams],
            need: vec![0; streams],
            recorded: vec![false; tasks],
            starts_record: Vec::new(),
            syncs: Vec::new(),
            at: Mark::default(),
        };
        pass.at = pass.empty();
        pass
    }

    /// The mark of the beginning.
    pub(super) fn empty(&self) -> Mark {
        let streams = self.streams;
        Mark {
            lengths: vec![0; streams],
            free: vec![0; streams],
            clocks: vec![0; streams * streams],
            last_record: vec![NONE; streams],
            waits_first: vec![false; streams],
            ..Mark::default()
        }
    }

    pub(super) fn mark(&self) -> Mark {
        self.at.clone()
    }

    pub(super) fn rewind(&mut self, mark: &Mark) {
        for (line, &length) in self.lines.iter_mut().zip(&mark.lengths) {
            line.truncate(length);
        }
        for (copies, &length) in self.copies.iter_mut().zip(&mark.copies) {
            copies.truncate(length);
        }
        while self.syncs.len() > mark.syncs {
            if let (Some(sync), Some(true)) = (self.syncs.pop(), self.starts_record.pop()) {
                self.recorded[sync.before as usize] = false;
            }
        }
        self.at.clone_from(mark);
    }

    /// The waits placed so far.
    pub(super) fn syncs(&self) -> &[Sync] {
        &self.syncs
    }

    /// Places the waits of `of` from the beginning; `false` where it ends too late.
    pub(super) fn place(&mut self, of: &Assignment) -> bool {
        let tasks = of.order.len();
        self.look_behind(of, tasks);
        self.find_latest(of, 0..tasks, tasks);
        let empty = self.empty();
        self.rewind(&empty);
        self.run(of, 0..tasks, f64::INFINITY)
    }

    /// What the waits so far cost; ends of streams are counted as if nothing followed.
    pub(super) fn cost(&self) -> SyncTasks {
        let used = self.lines.iter().zip(&self.at.waits_first).filter(|(line, _)| !line.is_empty());
        let ends = used.map(|(line, waits)| (!waits, !self.recorded[line[line.len() - 1] as usize]));
        let (forks, joins) = open_ends(ends);
        SyncTasks { waits: self.at.syncs as u32, records: self.at.records, forks, joins }
    }

    /// Waits and records so far, less the forks that they save: what a part of the order costs.
    pub(super) fn running_cost(&self) -> u32 {
        let saved = self.at.waits_first.iter().filter(|&&waits| waits).count();
        (self.at.syncs + self.streams - saved) as u32 + self.at.records
    }

    /// Takes down when streams and engines have to be free at `end` of the order.
    pub(super) fn look_behind(&mut self, of: &Assignment, end: usize) {
        self.behind.fill(NEVER);
        self.engines_behind = [NEVER; ENGINES];
        let mut open = self.streams;
        for &task in &of.order[end..] {
            let latest = self.latest[task as usize];
            let stream = &mut self.behind[of.stream_of[task as usize] as usize];
            if *stream == NEVER {
                *stream = latest;
                open -= 1;
            }
            let engine = &mut self.engines_behind[self.dag.engine(task) as usize];
            *engine = latest.min(*engine);
            if open == 0 && !self.has_copies {
                break;
            }
        }
        self.behind.iter_mut().chain(&mut self.engines_behind).for_each(|free| *free = self.limit.min(*free));
    }

    /// Finds the latest starts of `range` of the order up to `end`, given those from there on and those behind the range.
    pub(super) fn find_latest(&mut self, of: &Assignment, range: Range<usize>, end: usize) {
        self.free.clone_from(&self.behind);
        let mut engines = self.engines_behind;
        for &task in of.order[end..range.end].iter().rev() {
            let latest = self.latest[task as usize];
            self.free[of.stream_of[task as usize] as usize] = latest;
            engines[self.dag.engine(task) as usize] = latest;
        }
        for &task in of.order[range.start..end].iter().rev() {
            let stream = of.stream_of[task as usize];
            let engine = self.dag.engine(task);
            let mut end = self.free[stream as usize];
            if engine != Engine::Slot {
                end = end.min(engines[engine as usize]);
            }
            for &after in self.dag.successors(task) {
                let away = if of.stream_of[after as usize] == stream { 0 } else { self.latency };
                end = end.min(self.latest[after as usize].saturating_sub(away));
            }
            // Where there is no time left at all, the pass finds out when it comes to what follows.
            let latest = end.saturating_sub(self.dag.cost(task));
            self.latest[task as usize] = latest;
            self.free[stream as usize] = latest;
            engines[engine as usize] = latest;
        }
    }

    /// Goes on over `range` of the order; `false` where that ends too late, takes more than `most` waits and records, or engines would take copies in another
    /// order.
    pub(super) fn run(&mut self, of: &Assignment, range: Range<usize>, most: f64) -> bool {
        for &task in &of.order[range] {
            let stream = of.stream_of[task as usize] as usize;
            let (needs, mut start) = self.find_needs(task, stream, of);
            if needs > 0 {
                let manner = of.manner[task as usize];
                let slack = self.latest[task as usize].saturating_sub(start);
                let until = start + slack / QUARTERS * u64::from(manner.delay);
                start = self.cover_needs(task, stream, needs, until, start, manner.renews);
            }
            match self
                .on_engine(task, start)
                .filter(|_| f64::from(self.at.syncs as u32 + self.at.records) <= most)
            {
                Some(start) if start <= self.latest[task as usize] => self.put(task, stream, start),
                _ => {
                    self.need.fill(0);
                    return false;
                }
            }
        }
        true
    }

    /// Finds up to which position of each stream the task has to know more; gives of how many streams, and its first start.
    fn find_needs(&mut self, task: u32, stream: usize, of: &Assignment) -> (u32, u64) {
        let known = &self.at.clocks[stream * self.streams..][..self.streams];
        let mut start = self.at.free[stream];
        let mut needs = 0;
        for &before in self.dag.predecessors(task) {
            let on = of.stream_of[before as usize] as usize;
            if on == stream {
                continue;
            }
            start = start.max(self.finish[before as usize] + self.latency);
            let position = self.position[before as usize];
            if known[on] <= position {
                needs += u32::from(self.need[on] == 0);
                self.need[on] = self.need[on].max(position + 1);
            }
        }
        (needs, start)
    }

    fn cover_needs(
        &mut self,
        task: u32,
        stream: usize,
        open: u32,
        until: u64,
        start: u64,
        renews: bool,
    ) -> u64 {
        self.at.waits_first[stream] |= self.lines[stream].is_empty();
        let (mut open, mut start) = (open, start);
        while open > 0 {
            let Some((source, on)) = self.best_source(stream, until, renews) else { break };
            let is_first = !std::mem::replace(&mut self.recorded[source as usize], true);
            self.syncs.push(Sync { before: source, after: task });
            self.starts_record.push(is_first);
            self.at.syncs += 1;
            self.at.records += u32::from(is_first);
            self.at.last_record[on] = source;
            start = start.max(self.finish[source as usize] + self.latency);
            for on in 0..self.streams {
                let known = self.rows[source as usize * self.streams + on];
                let clock = &mut self.at.clocks[stream * self.streams + on];
                *clock = (*clock).max(known);
                if self.need[on] != 0 && self.need[on] <= *clock {
                    self.need[on] = 0;
                    open -= 1;
                }
            }
        }
        start
    }

    /// The task after which a record, waited for by `until`, brings most of what is needed, with its stream.
    fn best_source(&self, stream: usize, until: u64, renews: bool) -> Option<(u32, usize)> {
        let mut best = (0, false);
        let mut source = None;
        for on in (0..self.streams).filter(|&on| on != stream) {
            let known = self.at.clocks[stream * self.streams + on] as usize;
            let fresh = self.lines[on].get(known..).unwrap_or_default();
            let ended = fresh.iter().rev().find(|&&task| self.finish[task as usize] + self.latency <= until);
            let Some(&latest) = ended else { continue };
            let covers = self.covered(latest);
            let old = self.at.last_record[on];
            let reuses = !renews
                && old != NONE
                && (known..=self.position[latest as usize] as usize)
                    .contains(&(self.position[old as usize] as usize))
                && self.covered(old) == covers;
            let candidate = if reuses { old } else { latest };
            let rank = (covers, self.recorded[candidate as usize]);
            if rank > best {
                best = rank;
                source = Some((candidate, on));
            }
        }
        source
    }

    /// How many of the open needs are met by knowing what is known after `source`.
    fn covered(&self, source: u32) -> u32 {
        let row = &self.rows[source as usize * self.streams..][..self.streams];
        row.iter().zip(&self.need).filter(|&(&known, &need)| need != 0 && need <= known).count() as u32
    }

    /// When a task that can start at `ready` does; `None` where its engine would have taken it before an earlier one.
    fn on_engine(&mut self, task: u32, ready: u64) -> Option<u64> {
        let engine = self.dag.engine(task);
        if engine == Engine::Slot {
            return Some(ready);
        }
        let engine = engine as usize;
        let before = self.copies[engine].iter().rev().take_while(|copied| copied.start >= ready);
        let overtakes = |copied: &Copied| (copied.free.max(ready), task) < (copied.start, copied.task);
        if { before }.any(overtakes) {
            return None;
        }
        let free = self.at.engine_free[engine];
        let start = ready.max(free);
        self.copies[engine].push(Copied { task, free, start });
        self.at.copies[engine] += 1;
        self.at.engine_free[engine] = start + self.dag.cost(task);
        Some(start)
    }

    fn put(&mut self, task: u32, stream: usize, start: u64) {
        let finish = start + self.dag.cost(task);
        self.finish[task as usize] = finish;
        self.at.free[stream] = finish;
        let position = self.lines[stream].len() as u32;
        self.position[task as usize] = position;
        self.lines[stream].push(task);
        self.at.lengths[stream] += 1;
        self.at.clocks[stream * self.streams + stream] = position + 1;
        // One by one: they are few, and a call to copy them takes longer.
        let known = &self.at.clocks[stream * self.streams..][..self.streams];
        for (row, &known) in self.rows[task as usize * self.streams..].iter_mut().zip(known) {
            *row = known;
        }
    }
}
