//! Improves a schedule by placing again and again.
//!
//! A schedule is turned round and back (what ended last goes first, which closes gaps from the other side), urgencies are shaken,
//! and what is not worse is kept. Several workers go different ways from the best schedule and meet after every round.
//!
//! **Invariant:** the result depends on the graph and the effort alone: workers are counted by effort, not by processors, and the
//! first of the best wins.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::Dag;
use crate::list::{Placement, Placer, Reversed, Rule, Streams, tails};

/// How many ways are gone at once where one schedule is to be as short as can be.
pub(crate) const WORKERS: u64 = 4;

/// One graph, forwards and backwards.
#[derive(Debug)]
pub(crate) struct Improver<'a> {
    workers: Vec<Worker<'a>>,
    best: Placement,
}

#[derive(Debug)]
struct Worker<'a> {
    forward: Placer<'a>,
    backward: Placer<'a>,
    dag: &'a Dag,
    reversed: &'a Reversed,
    random: Random,
    latency: u64,
    typical: u64,
    current: Placement,
    best: Placement,
    urgency: Vec<u64>,
    /// Random numbers that were good, by how far they shook.
    reach: usize,
}

/// The best schedule that one pass of each list rule finds.
pub(crate) fn first(dag: &Dag, reversed: &Reversed, streams: Streams) -> Placement {
    let mut forward = Placer::new(dag, streams);
    let mut backward = Placer::new(&reversed.dag, streams);
    let mut best: Option<Placement> = None;
    for step in [0, streams.latency] {
        let (down, up) = (tails(dag, step), tails(&reversed.dag, step));
        for rule in [Rule::ByTask, Rule::ByTime] {
            let there = forward.place(rule, &down).clone();
            let back = reversed.read(backward.place(rule, &up));
            for found in [there, back] {
                if best.as_ref().is_none_or(|best| found.makespan < best.makespan) {
                    best = Some(found);
                }
            }
        }
    }
    best.unwrap_or_default()
}

impl<'a> Improver<'a> {
    /// Goes so many ways from `best`.
    pub(crate) fn new(
        dag: &'a Dag,
        reversed: &'a Reversed,
        streams: Streams,
        best: Placement,
        ways: u64,
    ) -> Self {
        let work: u64 = dag.costs().iter().sum();
        let typical = work / (dag.len() as u64).max(1);
        let worker = |seed| Worker {
            forward: Placer::new(dag, streams),
            backward: Placer::new(&reversed.dag, streams),
            dag,
            reversed,
            random: Random(seed),
            latency: streams.latency,
            typical,
            current: best.clone(),
            best: best.clone(),
            urgency: Vec::new(),
            reach: 0,
        };
        Self { workers: (0..ways).map(worker).collect(), best }
    }

    pub(crate) fn best(&self) -> &Placement {
        &self.best
    }

    /// Goes on from `found` where that is better.
    pub(crate) fn adopt(&mut self, found: &Placement) {
        if found.makespan < self.best.makespan {
            self.best.clone_from(found);
        }
    }

    /// Places `tries` times more on every worker, or until `enough` is reached; whether that made it better.
    pub(crate) fn round(&mut self, tries: u64, enough: u64) -> bool {
        let best = &self.best;
        self.workers.par_iter_mut().with_max_len(1).for_each(|worker| worker.go(best, tries, enough));
        let found = self.workers.iter().map(|worker| &worker.best).min_by_key(|found| found.makespan);
        let Some(found) = found.filter(|found| found.makespan < self.best.makespan) else { return false };
        self.best = found.clone();
        true
    }
}

impl Worker<'_> {
    fn go(&mut self, best: &Placement, tries: u64, enough: u64) {
        if best.makespan < self.best.makespan {
            self.best.clone_from(best);
            self.current.clone_from(best);
        }
        let mut stale = 0;
        for _ in 0..tries {
            if self.best.makespan <= enough {
                return;
            }
            let found = self.step();
            stale += 1;
            if found < self.best.makespan {
                self.best.clone_from(&self.current);
                stale = 0;
            }
            if stale > 200 {
                self.current.clone_from(&self.best);
                stale = 0;
            }
        }
    }

    /// Shakes the current schedule, reads it backwards and forwards, and keeps it unless it is much worse.
    fn step(&mut self) -> u64 {
        let amplitude = self.amplitude();
        let rules = self.random.next();
        let by_time = |bit: u64| if (rules >> bit).is_multiple_of(4) { Rule::ByTask } else { Rule::ByTime };
        // The last to end goes first, from the end.
        let ends = (0..self.dag.len()).rev().map(|task| self.current.start[task] + self.dag.costs()[task]);
        self.urgency.clear();
        self.urgency.extend(ends);
        shake(&mut self.urgency, amplitude, &mut self.random);
        let back = self.reversed.read(self.backward.place(by_time(0), &self.urgency));
        let latest = back.makespan;
        self.urgency.clear();
        self.urgency.extend(back.start.iter().map(|&start| latest - start));
        if (rules >> 8).is_multiple_of(2) {
            shake(&mut self.urgency, amplitude, &mut self.random);
        }
        let there = self.forward.place(by_time(2), &self.urgency);
        let found = there.makespan.min(back.makespan);
        let limit = self.current.makespan + (self.random.next() % (self.typical / 16 + 1));
        if found <= limit {
            if there.makespan <= back.makespan {
                self.current.clone_from(there);
            } else {
                self.current = back;
            }
        }
        found
    }

    fn amplitude(&mut self) -> Amplitude {
        self.reach = (self.random.next() % 6) as usize;
        let unit = self.latency.max(1);
        let most =
            [unit / 2, unit, 2 * unit, self.typical / 2, self.typical * 2, self.typical * 5][self.reach];
        // Shake all a little or a few by much.
        let share = [16, 64, 256, 1024][(self.random.next() % 4) as usize];
        Amplitude { most: most.max(1), share }
    }
}

#[derive(Clone, Copy)]
struct Amplitude {
    most: u64,
    /// How many of 1024 tasks are shaken.
    share: u64,
}

fn shake(urgency: &mut [u64], by: Amplitude, random: &mut Random) {
    for value in urgency {
        let draw = random.next();
        if draw % 1024 < by.share {
            *value += (draw >> 10) % (by.most + 1);
        }
    }
}

/// A fixed sequence of numbers (splitmix64).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
