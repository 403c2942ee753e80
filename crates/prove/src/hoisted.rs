//! Lines that the host program calls once in place of tasks of a graph, which did the same on every execution.
//!
//! Say that a task copies `source` to `target` in every execution of a graph, and that it stands in the host program instead, as a line that
//! is called once. Then nothing else differs if
//!
//! - the line is called before the first execution of the graph, and all executions are on its stream, so that it is complete before each;
//! - from the line to the last execution nothing writes `source`, and what wrote it earlier is complete before the line as it was before
//!   the task: on the line's stream, or by the time that a call of the host returns. So the line copies what the task would;
//! - up to the last execution nothing but the line writes `target`. So every execution finds there what the task would have written,
//!   and may be taken to begin with the task: the graph itself is compared as such;
//! - before the first execution nothing else reads `target`. So nobody sees that it is there early. Whoever reads it later came after
//!   the task of the first execution, and comes after the line.
//!
//! All this is asked of the result, where the task is gone. Of several lines, each has to hold while the later ones are still tasks of their
//! graphs: so a later line reads what the first execution of its graph would.

use std::cmp::Ordering;

use acg_ir::dependence::{reads, writes};
use acg_ir::task::DestroyTarget;
use acg_ir::{Access, Body, Entity, Module, Op, Operand, Step, Stream, Task, TaskData};
use rustc_hash::FxHashMap;

use crate::host::Host;
use crate::identity::Identities;
use crate::meaning::Meaning;
use crate::order::index;
use crate::private::Private;
use crate::tasks::Role;
use crate::timeline::{Captures, Timeline};
use crate::touched::Touched;

/// A line of the host program that stands for a task of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hoisted {
    /// The line.
    pub(crate) line: Task,
    /// The graph.
    pub(crate) graph: usize,
    /// The task.
    pub(crate) task: u32,
}

/// The lines of the host program that `before` does not have, if each does once what a task of `before` did on every execution; else none.
pub(crate) fn hoisted(module: &Module, before: &Meaning, private: &Private) -> Vec<Hoisted> {
    let (Some(run), Some(host)) = (&module.run, &before.run) else { return Vec::new() };
    let is_new = |task: &Task| Host::is_new(Some(host), *task);
    let new: Vec<Task> = run.program().filter(is_new).collect();
    let mut captures = Captures::default();
    if new.is_empty() || !module.graphs.values().all(|graph| captures.hold_all(module, graph)) {
        return Vec::new();
    }
    let Some(timeline) = Timeline::of(module, run, private) else { return Vec::new() };
    let found = Removed::of(module, before).pair(module, run, &new);
    let proof = found.and_then(|found| Proof::new(module, run, &timeline, found));
    proof.filter(Proof::holds).map_or(Vec::new(), |proof| proof.found)
}

/// Tasks of `before` that are gone and only write, by what they say and touch.
struct Removed {
    tasks: FxHashMap<(u64, u64), Vec<(usize, u32)>>,
}

impl Removed {
    fn of(module: &Module, before: &Meaning) -> Self {
        let mut tasks: FxHashMap<(u64, u64), Vec<(usize, u32)>> = FxHashMap::default();
        for (graph, (was, is)) in before.graphs.iter().zip(module.graphs.values()).enumerate() {
            let all = &was.survey.tasks;
            let mut stays = vec![false; all.len().max(is.tasks.len())];
            is.program().for_each(|task| stays[index(task)] = true);
            for number in (0..all.len() as u32).rev() {
                let may_go = matches!(all.role(number), Role::Copy | Role::Work) && all.block(number) == 0;
                if may_go && was.survey.holds_all && was.lines.is_none() && !stays[number as usize] {
                    let key = (all.act(number).identity, all.touches(number));
                    tasks.entry(key).or_default().push((graph, number));
                }
            }
        }
        Self { tasks }
    }

    /// Each line with one of the tasks; `None` where there is none.
    fn pair(mut self, module: &Module, run: &Body, lines: &[Task]) -> Option<Vec<Hoisted>> {
        let mut identities = Identities::new(module);
        let pair = |&line: &Task| {
            let data = &run.tasks[line];
            let only_writes = matches!(data.op, Op::Copy | Op::Copy2d | Op::CopyBatch | Op::Fill(_));
            let key = (identities.of(data), Touched::of(module, data).digest());
            let (graph, task) = self.tasks.get_mut(&key)?.pop()?;
            (only_writes && data.after.is_empty()).then_some(Hoisted { line, graph, task })
        };
        lines.iter().map(pair).collect()
    }
}

/// What is asked of a hoisted line.
struct Claim {
    /// Which step it is.
    at: usize,
    stream: Option<Stream>,
    graph: usize,
    /// The first execution of its graph, and the step after which there is none any more.
    first: usize,
    until: usize,
}

/// Who accesses bytes.
#[derive(Clone, Copy)]
enum Accessor {
    /// A call of the host while a graph is captured.
    Capture,
    /// A line of the host program: which step, on which stream, and whether it is complete when it returns.
    Line { at: usize, stream: Option<Stream>, is_sync: bool },
    /// The hoisted line with a number.
    Hoisted(usize),
    /// A graph, whenever it is executed.
    Graph(usize),
}

struct Proof<'m> {
    module: &'m Module,
    run: &'m Body,
    timeline: &'m Timeline,
    found: Vec<Hoisted>,
    claims: Vec<Claim>,
    watched: Watched,
}

impl<'m> Proof<'m> {
    /// `None` where a line is called more than once, or its graph is not executed after it and on its stream alone.
    fn new(module: &'m Module, run: &'m Body, timeline: &'m Timeline, found: Vec<Hoisted>) -> Option<Self> {
        let mut steps = vec![0; run.tasks.len()];
        for (at, step) in run.steps.iter().enumerate() {
            if let Step::Task(task) = *step {
                steps[index(task)] = at;
            }
        }
        let (mut claims, mut watched) = (Vec::with_capacity(found.len()), Watched::default());
        for (number, hoisted) in found.iter().enumerate() {
            let (at, data) = (steps[index(hoisted.line)], &run.tasks[hoisted.line]);
            let executions = timeline.executions(hoisted.graph);
            let first = executions.first()?.at;
            let until = executions.last()?.until;
            let is_on_stream = executions.iter().all(|execution| execution.stream == data.stream);
            if !timeline.is_single(hoisted.line) || first < at || !is_on_stream {
                return None;
            }
            claims.push(Claim { at, stream: data.stream, graph: hoisted.graph, first, until });
            watched.add(module, reads(module, data), number, false);
            watched.add(module, writes(module, data).iter().copied(), number, true);
        }
        watched.sort();
        Some(Self { module, run, timeline, found, claims, watched })
    }

    /// Whether no access of the whole program is against what is claimed.
    fn holds(&self) -> bool {
        let lines: FxHashMap<Task, usize> =
            self.found.iter().enumerate().map(|(number, hoisted)| (hoisted.line, number)).collect();
        let host = self.run.steps.iter().enumerate().all(|(at, step)| {
            let Step::Task(task) = *step else { return true };
            let data = &self.run.tasks[task];
            let is_sync = !data.op.takes_stream() && !matches!(data.op, Op::Destroy(_));
            let line = Accessor::Line { at, stream: data.stream, is_sync };
            self.accesses(lines.get(&task).map_or(line, |&number| Accessor::Hoisted(number)), data)
        });
        host && self.module.graphs.values().enumerate().all(|(number, graph)| {
            graph.program().all(|task| {
                let data = &graph.tasks[task];
                let is_captured = data.op.takes_stream();
                self.accesses(if is_captured { Accessor::Graph(number) } else { Accessor::Capture }, data)
            })
        })
    }

    fn accesses(&self, who: Accessor, data: &TaskData) -> bool {
        let destroyed = match data.op {
            Op::Destroy(DestroyTarget::Buffer(buffer)) => Some(Operand { buffer, slice: None }),
            _ => None,
        };
        let writes = writes(self.module, data).iter().copied().chain(destroyed);
        writes.into_iter().all(|operand| self.may(who, operand, true))
            && reads(self.module, data).all(|operand| self.may(who, operand, false))
    }

    /// Whether an access to an operand breaks no claim.
    fn may(&self, who: Accessor, operand: Operand, writing: bool) -> bool {
        let Ok(access) = self.module.access(operand) else { return true };
        self.watched.all(&access, |number, is_target| match (is_target, writing) {
            (true, true) => self.may_write_target(who, number),
            (true, false) => self.may_read_target(who, number),
            (false, true) => self.may_write_source(who, number),
            (false, false) => true,
        })
    }

    fn may_write_target(&self, who: Accessor, number: usize) -> bool {
        let claim = &self.claims[number];
        match who {
            Accessor::Capture => false,
            Accessor::Line { at, .. } => at > claim.until,
            Accessor::Hoisted(other) => other == number || self.claims[other].at > claim.until,
            Accessor::Graph(graph) => {
                self.timeline.executions(graph).iter().all(|execution| execution.at > claim.until)
            }
        }
    }

    fn may_read_target(&self, who: Accessor, number: usize) -> bool {
        let claim = &self.claims[number];
        match who {
            Accessor::Capture => false,
            Accessor::Line { at, .. } => at > claim.first,
            Accessor::Hoisted(other) => {
                let other = &self.claims[other];
                // In one graph the order of the tasks is compared with the graph.
                other.at > claim.at && (other.graph == claim.graph || other.first > claim.first)
            }
            Accessor::Graph(graph) => {
                let first = self.timeline.executions(graph).first();
                graph == claim.graph || first.is_none_or(|first| first.at > claim.first)
            }
        }
    }

    fn may_write_source(&self, who: Accessor, number: usize) -> bool {
        let claim = &self.claims[number];
        let may = |at: usize, stream: Option<Stream>, is_sync: bool| match at.cmp(&claim.at) {
            Ordering::Less => is_sync || stream == claim.stream,
            Ordering::Equal => false,
            Ordering::Greater => at > claim.until,
        };
        match who {
            Accessor::Capture => true,
            Accessor::Line { at, stream, is_sync } => may(at, stream, is_sync),
            Accessor::Hoisted(other) => may(self.claims[other].at, self.claims[other].stream, false),
            Accessor::Graph(graph) => {
                let executions = self.timeline.executions(graph).iter();
                executions.into_iter().all(|execution| may(execution.at, execution.stream, false))
            }
        }
    }
}

/// What hoisted lines read and write, to be found by the bytes.
#[derive(Default)]
struct Watched {
    ranges: Vec<Range>,
}

struct Range {
    access: Access,
    /// The furthest end of this range and those before it in its buffer.
    furthest: u64,
    number: usize,
    is_target: bool,
}

impl Watched {
    fn add(
        &mut self,
        module: &Module,
        operands: impl Iterator<Item = Operand>,
        number: usize,
        is_target: bool,
    ) {
        let accesses = operands.filter_map(|operand| module.access(operand).ok());
        self.ranges.extend(accesses.map(|access| Range { access, furthest: 0, number, is_target }));
    }

    fn sort(&mut self) {
        self.ranges.sort_by_key(|range| (range.access.root.index(), range.access.extent.start()));
        let mut last = None;
        for range in &mut self.ranges {
            let root = range.access.root;
            let before = last.filter(|&(other, _)| other == root).map_or(0, |(_, furthest)| furthest);
            range.furthest = range.access.extent.end().max(before);
            last = Some((root, range.furthest));
        }
    }

    /// Whether `is_fine` with every range that shares bytes with `access`, by its line's number and whether it is written.
    fn all(&self, access: &Access, mut is_fine: impl FnMut(usize, bool) -> bool) -> bool {
        let key = (access.root.index(), access.extent.end());
        let behind = self
            .ranges
            .partition_point(|range| (range.access.root.index(), range.access.extent.start()) < key);
        let near = self.ranges[..behind]
            .iter()
            .rev()
            .take_while(|range| range.access.root == access.root && range.furthest > access.extent.start());
        near.filter(|range| range.access.extent.overlaps(&access.extent))
            .all(|range| is_fine(range.number, range.is_target))
    }
}
