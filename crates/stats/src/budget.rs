//! Whether graphs fit a device together, with the arithmetic and the source of every number.
//!
//! One-sided: *fits* and *does not fit* are said only of what the numbers decide; everything else is *unknown*. What else runs on the
//! device, the framework's own streams for one, is not counted unless a quota takes it off.

use acg_target::{CapturedEvents, Profile, TaskQueue};

use crate::usage::{Count, Entries, Usage};

/// What a line of a budget says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is enough.
    Fits,
    /// It is not enough.
    DoesNotFit,
    /// The numbers do not decide.
    Unknown,
}

impl Verdict {
    /// The words that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::DoesNotFit => "does not fit",
            Self::Unknown => "unknown",
        }
    }
}

/// One thing that a device has a number of.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// What is counted.
    pub what: String,
    /// How many are needed.
    pub need: Count,
    /// How the number comes about.
    pub arithmetic: String,
    /// How many there are.
    pub limit: u64,
    /// Whether that is enough.
    pub verdict: Verdict,
    /// What makes it a limit, and what happens beyond it.
    pub rule: String,
    /// Where the limit is from.
    pub source: String,
}

/// What the user says is there, of all that a device has; for devices that are divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Streams.
    pub streams: Option<u64>,
    /// Events.
    pub events: Option<u64>,
    /// Notifies.
    pub notifies: Option<u64>,
}

/// The budget of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// What each graph needs by itself, in the order given.
    pub graphs: Vec<Vec<Line>>,
    /// What all need together.
    pub together: Vec<Line>,
}

impl Budget {
    /// What graphs with these names and usages need of `profile`, in each of `processes` on one device.
    pub fn of(graphs: &[(&str, &Usage)], profile: &Profile, processes: u32, quota: Quota) -> Self {
        let device = Device { profile, processes: u64::from(processes.max(1)), quota };
        let own = graphs.iter().map(|(_, usage)| {
            let mut lines: Vec<Line> =
                usage.fullest().map(|entries| device.queue(entries)).into_iter().collect();
            lines.extend(device.execution(usage));
            lines
        });
        Self { graphs: own.collect(), together: device.together(graphs) }
    }

    /// All lines: those of each graph, then those of all together.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.graphs.iter().flatten().chain(&self.together)
    }
}

struct Device<'p> {
    profile: &'p Profile,
    processes: u64,
    quota: Quota,
}

impl Device<'_> {
    /// The queue entries of a graph's fullest lane.
    fn queue(&self, entries: &Entries) -> Line {
        let queue = self.profile.queue_size();
        let usable = u64::from(queue.usable());
        let mut line = Line {
            what: format!("queue entries of stream {}", entries.stream),
            need: entries.total,
            arithmetic: terms(entries),
            limit: usable,
            verdict: verdict(entries.total, usable, usable),
            rule: "a task behind the last entry opens a further stream".to_owned(),
            source: format!(
                "{} queues of {}: {} entries, {} kept free",
                self.profile.queue.as_str(),
                self.profile.chip.name,
                queue.depth,
                queue.reserve
            ),
        };
        if entries.streams.least > 1 {
            line.verdict = Verdict::Fits;
            line.rule = format!(
                "a task behind the last entry opens a further stream: {} in all",
                shown(entries.streams)
            );
        }
        line
    }

    /// What one execution of a graph binds.
    fn execution(&self, usage: &Usage) -> Option<Line> {
        (self.profile.queue == TaskQueue::Software).then(|| {
            let limit = u64::from(self.profile.chip.limits.execute_streams);
            Line {
                what: "streams of one execution".to_owned(),
                need: usage.streams(),
                arithmetic: stream_terms(usage),
                limit,
                verdict: verdict(usage.streams(), limit, limit),
                rule: "ACG231: beyond it the first execution returns 207005 (EE1023)".to_owned(),
                source: "the runtime's pool of queues, RT_DEVICE_SQCQ_RES_MAX_NUM".to_owned(),
            }
        })
    }

    fn together(&self, graphs: &[(&str, &Usage)]) -> Vec<Line> {
        let sum = |count: fn(&Usage) -> Count| {
            let all = graphs.iter().map(|(_, usage)| count(usage));
            all.fold(Count::exactly(0), Count::plus)
        };
        let streams = sum(Usage::streams);
        let events = sum(|usage| Count::exactly(usage.hardware_events));
        let notifies = sum(|usage| Count::exactly(usage.notifies));
        let each = |count: fn(&Usage) -> Count| {
            let terms: Vec<String> = graphs.iter().map(|(_, usage)| shown(count(usage))).collect();
            self.times(&terms)
        };
        let queues = match self.profile.queue {
            TaskQueue::Software => self.pool(streams, each(Usage::streams)),
            TaskQueue::Hardware => self.hardware_streams(streams, each(Usage::streams)),
        };
        vec![
            queues,
            self.events(
                events,
                graphs.iter().map(|(_, usage)| usage.memory_events).sum(),
                each(|usage| Count::exactly(usage.hardware_events)),
            ),
            self.notifies(notifies, each(|usage| Count::exactly(usage.notifies))),
        ]
    }

    /// `processes × (a + b)`.
    fn times(&self, terms: &[String]) -> String {
        let sum = terms.join(" + ");
        match (self.processes, terms.len()) {
            (1, _) => sum,
            (processes, 1) => format!("{processes} × {sum}"),
            (processes, _) => format!("{processes} × ({sum})"),
        }
    }

    /// Streams of graphs whose queues are in memory: bound while they execute.
    fn pool(&self, one: Count, arithmetic: String) -> Line {
        let pool = u64::from(self.profile.chip.limits.execute_streams);
        let need = one.times(self.processes);
        let limit = self.quota.streams.unwrap_or(pool).min(pool);
        let by_quota = self.quota.streams.is_some_and(|quota| quota < pool);
        // Whether processes share the pool is not documented; one process alone never gets more.
        let mut verdict = verdict(need, limit, limit);
        if verdict == Verdict::DoesNotFit && !by_quota && one.least <= pool {
            verdict = match self.quota.streams {
                Some(quota) if need.least > quota => Verdict::DoesNotFit,
                _ => Verdict::Unknown,
            };
        }
        let mut rule = "what is loaded or executing at the same time shares one pool; beyond it an execution returns 207005 (EE1023)".to_owned();
        if verdict == Verdict::Unknown && self.processes > 1 {
            rule.push_str("; whether processes share the pool is not documented");
        }
        Line {
            what: "execute pool, streams".to_owned(),
            need,
            arithmetic,
            limit,
            verdict,
            rule,
            source: if by_quota {
                QUOTA.to_owned()
            } else {
                "the runtime's pool of queues, RT_DEVICE_SQCQ_RES_MAX_NUM".to_owned()
            },
        }
    }

    /// Streams of graphs whose queues are in hardware: taken while capturing.
    fn hardware_streams(&self, one: Count, arithmetic: String) -> Line {
        let limits = self.profile.chip.limits;
        let (documented, physical) = (u64::from(limits.streams), u64::from(limits.physical_streams));
        let least = documented.min(physical);
        let need = one.times(self.processes);
        let (limit, most, source) = match self.quota.streams {
            Some(quota) => (quota.min(least), quota.min(physical.max(documented)), QUOTA.to_owned()),
            None => (
                least,
                physical.max(documented),
                format!("documented: {documented}; in the runtime's table: {physical}"),
            ),
        };
        Line {
            what: "device streams".to_owned(),
            need,
            arithmetic,
            limit,
            verdict: verdict(need, limit, most),
            rule: "every captured stream takes one as long as its graph lives, from all processes' share; beyond it capturing returns 207005 or 207008".to_owned(),
            source,
        }
    }

    /// Hardware events; `words` more are in memory.
    fn events(&self, one: Count, words: u64, arithmetic: String) -> Line {
        let limits = self.profile.chip.limits;
        let documented = u64::from(limits.events);
        let limit = self.quota.events.unwrap_or(documented).min(documented);
        let need = one.times(self.processes);
        let mut line = Line {
            what: "hardware events".to_owned(),
            need,
            arithmetic,
            limit,
            verdict: verdict(need, limit, limit),
            rule: "beyond it a captured record returns 207007".to_owned(),
            source: self.source(self.quota.events, "events"),
        };
        let Some(below) = limits.memory_events_below else { return line };
        let before = limit.saturating_sub(u64::from(below) - 1);
        line.rule = format!(
            "with {} or fewer left, captured events become memory words, whose waits take {} queue entries",
            below - 1,
            self.profile.chip.entries.memory_wait.unwrap_or(1)
        );
        if self.profile.captured_events == CapturedEvents::Hardware && need.least > before {
            line.verdict = Verdict::Fits;
            line.rule.push_str("; these graphs get there");
        }
        if words > 0 {
            line.rule = format!("{}; {words} captured events are words already", line.rule);
        }
        line
    }

    fn notifies(&self, one: Count, arithmetic: String) -> Line {
        let documented = u64::from(self.profile.chip.limits.notifies);
        let limit = self.quota.notifies.unwrap_or(documented).min(documented);
        let need = one.times(self.processes);
        Line {
            what: "notifies".to_owned(),
            need,
            arithmetic,
            limit,
            verdict: verdict(need, limit, limit),
            rule: "each graph takes one to tell its end; beyond it capturing or executing returns 207009"
                .to_owned(),
            source: self.source(self.quota.notifies, "notifies"),
        }
    }

    fn source(&self, quota: Option<u64>, what: &str) -> String {
        match quota {
            Some(_) => format!("--quota {what}"),
            None => format!("documented for {}", self.profile.chip.products),
        }
    }
}

const QUOTA: &str = "--quota streams";

/// Fits up to `enough`, does not fit beyond `most`.
fn verdict(need: Count, enough: u64, most: u64) -> Verdict {
    if need.least > most {
        Verdict::DoesNotFit
    } else if need.most.is_some_and(|need| need <= enough) {
        Verdict::Fits
    } else {
        Verdict::Unknown
    }
}

/// A number, or what is known of it.
pub(crate) fn shown(count: Count) -> String {
    match count.most {
        Some(most) if most == count.least => most.to_string(),
        Some(most) => format!("{} to {most}", count.least),
        None => format!("at least {}", count.least),
    }
}

/// `12 × 1 (tasks) + 3 × 4 (memory waits)`.
fn terms(entries: &Entries) -> String {
    let (conditionals, least, most) = entries.conditionals;
    let kinds = [
        (entries.single, "1".to_owned(), "tasks"),
        (entries.memory_waits.0, entries.memory_waits.1.to_string(), "memory waits"),
        (entries.external_waits.0, entries.external_waits.1.to_string(), "external waits"),
        (entries.collective_units, "2".to_owned(), "tasks of the collective unit"),
        (conditionals, format!("{least} to {most}"), "conditional tasks"),
    ];
    let terms: Vec<String> = kinds
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, cost, what)| format!("{count} × {cost} ({what})"))
        .collect();
    if terms.is_empty() { "no tasks".to_owned() } else { terms.join(" + ") }
}

/// `2 captured + 1 continuing + 3 of bodies`.
fn stream_terms(usage: &Usage) -> String {
    let mut terms = vec![format!("{} captured", usage.lanes)];
    if usage.continuations != Count::exactly(0) {
        terms.push(format!("{} continuing full ones", shown(usage.continuations)));
    }
    if usage.bodies != Count::exactly(0) {
        terms.push(format!("{} of conditional bodies", shown(usage.bodies)));
    }
    terms.join(" + ")
}
