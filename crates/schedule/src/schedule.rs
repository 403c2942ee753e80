//! From a task graph to a plan: how many streams, which task on which, in which order, and how far that is from the best.
//!
//! The graph is reduced and cut into segments; each distinct segment is scheduled once, by list rules, then by search, and has a
//! bound of its own; the parts are put together on common streams. Streams cost too, so that the fewest are taken whose
//! makespan is within the tolerance.
//!
//! **Invariant:** the same graph, device and options give the same schedule; a time limit can only end the search early.

mod segment;
mod stitch;

use std::time::{Duration, Instant};

use crate::bounds::{Bound, BoundKind, LARGE, Quick, best, quick_bounds};
use crate::list::{Rule, Streams, place, tails};
use crate::{Dag, Device, Engine, Plan, Reversed, Segments, reduction, simulate};
use segment::{Search, Solved};

/// More streams than this are of no use to a device, unless somebody asks for them.
pub const MOST_STREAMS: u32 = 32;

/// A makespan that is longer than the bound by less than one part in so many is taken without looking for a better one.
const CLOSE: u64 = 2_000;

/// A path that is longer than the bound less one part in so many has to be followed without delay.
const SPARE: u64 = 8;

/// How hard to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Effort {
    /// One pass of a list rule: a million tasks in well under a second.
    Basic,
    /// A search of a fraction of a second.
    #[default]
    Normal,
    /// A search of some seconds, for better schedules and for proofs.
    Thorough,
}

/// What a schedule is to be like.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// At most so many streams.
    pub max_streams: u32,
    /// How hard to search.
    pub effort: Effort,
    /// How much longer than the best makespan found is accepted for fewer streams, in thousandths.
    pub tolerance: u32,
    /// Ends the search early; what it gives then depends on the machine.
    pub time_limit: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_streams: MOST_STREAMS, effort: Effort::Normal, tolerance: 10, time_limit: None }
    }
}

/// A schedule with what is known of it.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Streams and order; without syncs.
    pub plan: Plan,
    /// By replay on the device, in nanoseconds.
    pub makespan: u64,
    /// No schedule on as many streams as were allowed for this one is shorter.
    pub bound: Bound,
    /// How many streams the bound and the search were for; the plan may need fewer.
    pub streams_allowed: u32,
}

impl Schedule {
    /// Whether no shorter schedule exists on as many streams.
    pub fn is_optimal(&self) -> bool {
        self.makespan == self.bound.value
    }
}

/// Schedules `dag` on `device`.
pub fn schedule(dag: &Dag, device: &Device, options: &Options) -> Schedule {
    let started = Instant::now();
    let most = most_streams(dag, device, options);
    if options.effort == Effort::Basic {
        let bounds = Quick::of(dag);
        return one_pass(dag, device, streams_by_bound(dag, &bounds, options, most), &bounds);
    }
    let reduced = reduction(dag);
    let segments = Segments::new(&reduced);
    let ends = options.time_limit.map(|limit| started + limit);
    let reversed: Vec<Reversed> = segments.shapes.iter().map(Reversed::new).collect();
    let job = Job { dag: &reduced, device, segments: &segments, reversed: &reversed, options, ends };
    // Trying all counts of streams on a large graph takes longer than it tells.
    let large = dag.len() > LARGE;
    let counts =
        if large { vec![streams_by_bound(dag, &Quick::of(dag), options, most)] } else { stream_counts(most) };
    let quick = job.quick(&counts);
    let shortest = quick.iter().map(|schedule| schedule.makespan).min().unwrap_or(0);
    let within = |makespan: u64| makespan <= job.tolerated(shortest);
    if options.tolerance > 0 {
        let fewest = quick
            .iter()
            .find(|schedule| within(schedule.makespan))
            .map_or(most, |schedule| schedule.streams_allowed);
        return job.run(fewest, &job.rounds());
    }
    let found = job.run(if large { counts[0] } else { most }, &job.rounds());
    let fewer = quick
        .into_iter()
        .find(|schedule| schedule.makespan <= found.makespan && schedule.plan.streams < found.plan.streams);
    // The bound for more streams holds for fewer.
    fewer.map_or(found.clone(), |schedule| Schedule {
        bound: found.bound,
        streams_allowed: found.streams_allowed,
        ..schedule
    })
}

/// A step of the search.
#[derive(Clone, Copy, Debug)]
enum Round {
    Bound,
    Improve { tries: u64 },
    Prove { patience: u64 },
}

struct Job<'a> {
    dag: &'a Dag,
    device: &'a Device,
    segments: &'a Segments,
    reversed: &'a [Reversed],
    options: &'a Options,
    ends: Option<Instant>,
}

impl Job<'_> {
    /// The schedule on `count` streams by every list rule, and by search in as many rounds as `search` has.
    fn run(&self, count: u32, search: &[Round]) -> Schedule {
        let streams = self.streams(count);
        let shapes = self.segments.shapes.iter().zip(self.reversed);
        let mut searches: Vec<Search<'_>> =
            shapes.map(|(shape, reversed)| Search::new(shape, reversed, streams)).collect();
        for &round in search {
            for search in searches.iter_mut().filter(|search| !search.is_over()) {
                if self.ends.is_some_and(|end| Instant::now() >= end) {
                    break;
                }
                match round {
                    Round::Bound => search.bound(),
                    Round::Improve { tries } => search.improve(tries),
                    Round::Prove { patience } => search.prove(patience),
                }
            }
        }
        let solved: Vec<Solved> = searches.into_iter().map(Search::into_solved).collect();
        self.assemble(&solved, streams)
    }

    /// The schedules by list rules on as many streams as each of the ascending `counts` has, but for those that are too few for the work.
    fn quick(&self, counts: &[u32]) -> Vec<Schedule> {
        let work: u64 = self.dag.costs().iter().sum();
        let Some((&most, fewer)) = counts.split_last() else { return Vec::new() };
        let last = self.run(most, &[]);
        let limit = self.tolerated(last.makespan);
        let enough = fewer.iter().filter(|&&count| work.div_ceil(u64::from(count)) <= limit);
        enough.map(|&count| self.run(count, &[])).chain([last.clone()]).collect()
    }

    /// The longest makespan that is accepted for fewer streams where `shortest` can be had.
    fn tolerated(&self, shortest: u64) -> u64 {
        shortest + shortest / 1000 * u64::from(self.options.tolerance)
    }

    fn streams(&self, count: u32) -> Streams {
        Streams { count, latency: self.device.sync_latency }
    }

    fn assemble(&self, solved: &[Solved], streams: Streams) -> Schedule {
        let plan = stitch::stitch(self.dag, self.segments, solved, streams).plan(self.dag);
        let replay = simulate(self.dag, self.device, &plan);
        let makespan = replay.map_or(0, |timetable| timetable.makespan);
        let parts = self.segments.parts.iter().map(|part| solved[part.shape].bound);
        let bound =
            best(&[quick_bounds(self.dag, streams), vec![sum(self.dag, self.segments, parts)]].concat());
        Schedule { plan, makespan, bound, streams_allowed: streams.count }
    }

    /// Rounds go over all segments that are open, so that a time limit finds each of them as far as the others.
    fn rounds(&self) -> Vec<Round> {
        let tasks: usize = self.segments.shapes.iter().map(Dag::len).sum();
        let tries = |placements: u64| Round::Improve { tries: placements / tasks.max(1) as u64 };
        let mut rounds = vec![Round::Bound, tries(1_000), Round::Prove { patience: 1 }];
        rounds.extend([tries(25_000); 5]);
        rounds.push(Round::Prove { patience: 4 });
        if self.options.effort == Effort::Thorough {
            rounds.extend([tries(150_000); 10]);
            rounds.push(Round::Prove { patience: 40 });
            rounds.extend([tries(150_000); 10]);
        }
        rounds
    }
}

/// The schedule on `count` streams by the first list rule that is as good as ends, or the best of one pass of each.
fn one_pass(dag: &Dag, device: &Device, count: u32, bounds: &Quick) -> Schedule {
    let streams = Streams { count, latency: device.sync_latency };
    let bounds = bounds.on(count);
    let bound = best(&bounds);
    let urgency = tails(dag, streams.latency);
    // The order of the program is kind to memory and to syncs, but late with a path that leaves little time to spare.
    let path = bounds.iter().find(|bound| bound.kind == BoundKind::CriticalPath).map_or(0, |path| path.value);
    let rules = if path > bound.value - bound.value / SPARE {
        [Rule::ByTime, Rule::ByTask, Rule::InOrder]
    } else {
        [Rule::InOrder, Rule::ByTime, Rule::ByTask]
    };
    let mut shortest: Option<Schedule> = None;
    for rule in rules {
        let plan = place(dag, streams, rule, &urgency).plan(dag);
        let makespan = simulate(dag, device, &plan).map_or(0, |timetable| timetable.makespan);
        if shortest.as_ref().is_none_or(|shortest| makespan < shortest.makespan) {
            shortest = Some(Schedule { plan, makespan, bound, streams_allowed: count });
        }
        if makespan <= bound.value + bound.value / CLOSE {
            break;
        }
    }
    shortest.unwrap_or_else(|| Schedule { plan: Plan::default(), makespan: 0, bound, streams_allowed: count })
}

/// The fewest streams whose share of the work is within the tolerance of what all streams can reach.
fn streams_by_bound(dag: &Dag, bounds: &Quick, options: &Options, most: u32) -> u32 {
    let limit = best(&bounds.on(most)).value;
    let limit = limit + limit / 1000 * u64::from(options.tolerance);
    let work: u64 = dag.costs().iter().sum();
    stream_counts(most).into_iter().find(|&count| work.div_ceil(u64::from(count)) <= limit).unwrap_or(most)
}

/// How many streams can be of use: as many as allowed, but kernels need slots and copies engines.
fn most_streams(dag: &Dag, device: &Device, options: &Options) -> u32 {
    let engines = [Engine::HostToDevice, Engine::DeviceToHost, Engine::DeviceToDevice];
    let used =
        engines.into_iter().filter(|&engine| (0..dag.len() as u32).any(|task| dag.engine(task) == engine));
    let at_once = device.slots.map_or(u32::MAX, |slots| slots.max(1).saturating_add(used.count() as u32));
    options.max_streams.max(1).min(at_once).min(dag.len().max(1) as u32)
}

/// The numbers of streams that are tried.
fn stream_counts(most: u32) -> Vec<u32> {
    let mut counts: Vec<u32> =
        [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 28, 32, 48, 64, 128, 256, 512, 1024]
            .into_iter()
            .filter(|&count| count < most)
            .collect();
    counts.push(most);
    counts
}

/// The bound of parts that follow each other.
fn sum(dag: &Dag, segments: &Segments, parts: impl Iterator<Item = Bound>) -> Bound {
    let mut value = segments.cuts.iter().map(|&cut| dag.cost(cut)).sum();
    let mut kinds: Vec<BoundKind> = Vec::new();
    for part in parts {
        value += part.value;
        kinds.push(part.kind);
    }
    kinds.sort_unstable();
    kinds.dedup();
    let kind = match kinds[..] {
        [] => BoundKind::CriticalPath,
        [kind] => kind,
        _ => BoundKind::Segments,
    };
    Bound { value, kind }
}
