//! One graph, divided at the task groups that are updated.

use acg_ir::graph::SourceRange;
use acg_ir::{
    Arena, Cond, Event, Graph, GraphId, Group, Module, Notify, Op, Scope, Step, Stream, Symbol, Task,
    TaskData,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Undivided, conditions};

const SIDE_WAIT: &str = "another stream waits here for what comes before an updated group";
const SIDE_GROUP: &str = "an updated group is on another stream than the graph begins on";
const SIDE_TASK: &str = "another stream goes on here after an updated group without waiting for it";

/// Reasons that are none where the graph is on one stream.
pub(super) const SIDE_STREAMS: [&str; 3] = [SIDE_WAIT, SIDE_GROUP, SIDE_TASK];

/// What an execution of a divided graph consists of, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A model, by its number from 1.
    Part(u32),
    /// The kernels of a group, by its place in [`Division::cuts`].
    Kernels(usize),
}

/// A task group that became calls between two models.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// Its name.
    pub(super) group: Symbol,
    /// Its kernels as they were captured.
    pub(super) kernels: Vec<Task>,
    /// How many of [`Division::signals`] the graph waits for before it comes to the group.
    pub(super) signals: usize,
}

/// What the host program gives and a graph waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Signal {
    Event(Event),
    Notify(Notify),
}

/// How a graph was divided.
#[derive(Clone, Debug)]
pub(super) struct Division {
    pub(super) pieces: Vec<Piece>,
    pub(super) cuts: Vec<Cut>,
    /// The place of each group among the cuts.
    pub(super) cut_of: FxHashMap<Symbol, usize>,
    /// What the graph waits for from outside, each with its number in the order in which it does so first.
    pub(super) signals: FxHashMap<Signal, usize>,
    /// How many models the graph is now.
    pub(super) parts: u32,
}

/// Divides a graph with streams at the groups called `names`; waits and resets of `needless` events go.
pub(super) fn divide(
    module: &mut Module,
    id: GraphId,
    names: &FxHashSet<Symbol>,
    needless: &Arena<Event, bool>,
) -> Result<Division, Undivided> {
    let homes = conditions::homes(module, id, names)?;
    let mut divider = Divider::new(module, id, names, needless, homes);
    divider.steps()?;
    let Divider { out, pieces, cuts, signals, parts, boundaries, .. } = divider;
    if parts == 0 {
        let header = module.graphs[id].header;
        return Err(Undivided::new(header, "nothing but updated kernels is in the graph"));
    }
    let graph = &mut module.graphs[id];
    // Lines that are not from the source, in the order in which their places were left free.
    let mut steps = Vec::with_capacity(out.len());
    let mut boundaries = boundaries.into_iter();
    for place in out {
        steps.push(place.unwrap_or_else(|| {
            let task = graph.tasks.push(TaskData::new(Op::Segment, None));
            graph.spans.push(boundaries.next().unwrap_or_default());
            Step::Task(task)
        }));
    }
    graph.steps = steps;
    forget_groups(graph, names);
    let cut_of = cuts.iter().enumerate().map(|(place, cut)| (cut.group, place)).collect();
    Ok(Division { pieces, cuts, cut_of, signals, parts })
}

/// Takes the groups out of the graph's list; no step opens one of them any more.
fn forget_groups(graph: &mut Graph, names: &FxHashSet<Symbol>) {
    let mut groups = Arena::new();
    let mut moved: FxHashMap<Group, Group> = FxHashMap::default();
    for (group, data) in graph.groups.iter().filter(|(_, data)| !names.contains(&data.name)) {
        moved.insert(group, groups.push(*data));
    }
    graph.groups = groups;
    for step in &mut graph.steps {
        if let Step::Open(Scope::Group(group)) = step
            && let Some(&to) = moved.get(group)
        {
            *group = to;
        }
    }
}

struct Divider<'m> {
    module: &'m Module,
    graph: &'m Graph,
    names: &'m FxHashSet<Symbol>,
    needless: &'m Arena<Event, bool>,
    /// The new steps; `None` is a boundary between two models.
    out: Vec<Option<Step>>,
    /// Where the groups of the boundaries stood.
    boundaries: Vec<SourceRange>,
    /// Blocks that are open in the source, and how many of them are open in `out`.
    open: Vec<Scope>,
    opened: usize,
    /// Whether tasks stand in the part that comes last, and where a group has ended it.
    has_tasks: bool,
    ended_at: Option<SourceRange>,
    pieces: Vec<Piece>,
    cuts: Vec<Cut>,
    parts: u32,
    signals: FxHashMap<Signal, usize>,
    /// In which part each event was recorded last.
    recorded: FxHashMap<Event, usize>,
    /// In which part each stream waited last for an event of the graph.
    joined: FxHashMap<Stream, usize>,
    /// The part that each condition is used in, and the lines of those that are used in a later one.
    homes: FxHashMap<Cond, usize>,
    deferred: Vec<(usize, Task)>,
    /// The first line that waits for a value.
    waits_for_value: Option<SourceRange>,
}

impl<'m> Divider<'m> {
    fn new(
        module: &'m Module,
        id: GraphId,
        names: &'m FxHashSet<Symbol>,
        needless: &'m Arena<Event, bool>,
        homes: FxHashMap<Cond, usize>,
    ) -> Self {
        Self {
            homes,
            deferred: Vec::new(),
            module,
            graph: &module.graphs[id],
            names,
            needless,
            out: Vec::new(),
            boundaries: Vec::new(),
            open: Vec::new(),
            opened: 0,
            has_tasks: false,
            ended_at: None,
            pieces: Vec::new(),
            cuts: Vec::new(),
            parts: 0,
            signals: FxHashMap::default(),
            recorded: FxHashMap::default(),
            joined: FxHashMap::default(),
            waits_for_value: None,
        }
    }

    fn steps(&mut self) -> Result<(), Undivided> {
        let graph = self.graph;
        let mut at = 0;
        while let Some(&step) = graph.steps.get(at) {
            at += 1;
            match step {
                Step::Task(task) => self.task(task)?,
                Step::Open(Scope::Group(group)) if self.names.contains(&graph.groups[group].name) => {
                    at = self.cut(group, at)?;
                }
                Step::Open(scope) => {
                    self.open.push(scope);
                    if !matches!(scope, Scope::Stream(_)) {
                        self.open_all();
                    }
                }
                Step::Close => {
                    if self.opened == self.open.len() {
                        self.out.push(Some(Step::Close));
                        self.opened -= 1;
                    }
                    self.open.pop();
                }
            }
        }
        Ok(())
    }

    /// Opens in the result what is open in the source, in the part that comes next where a group has ended the last one.
    fn open_all(&mut self) {
        if let Some(span) = self.ended_at.take()
            && self.parts > 0
        {
            self.out.push(None);
            self.boundaries.push(span);
        }
        let here = self.cuts.len();
        let (now, later) = self.deferred.drain(..).partition::<Vec<_>, _>(|&(home, _)| home == here);
        self.deferred = later;
        for (_, task) in now {
            self.push(task);
        }
        for &scope in &self.open[self.opened..] {
            self.out.push(Some(Step::Open(scope)));
        }
        self.opened = self.open.len();
    }

    fn wait_for(&mut self, signal: Signal) {
        let number = self.signals.len();
        self.signals.entry(signal).or_insert(number);
    }

    fn task(&mut self, task: Task) -> Result<(), Undivided> {
        let data = &self.graph.tasks[task];
        let refused = |reason| Err(Undivided::new(self.graph.spans[task], reason));
        match data.op {
            Op::Segment => return refused("the graph is divided already"),
            Op::Cond(cond) if self.homes.get(&cond).is_some_and(|&home| home > self.cuts.len()) => {
                if self.open.iter().any(|scope| !matches!(scope, Scope::Stream(_))) {
                    return refused("this condition is made in another block than it is used in");
                }
                self.deferred.push((self.homes[&cond], task));
                return Ok(());
            }
            Op::WaitValue(..) => {
                self.waits_for_value.get_or_insert(self.graph.spans[task]);
            }
            op if op.is_bare_call() => {
                return refused(
                    "what a call by itself does to the lines behind it does not follow from the text",
                );
            }
            Op::Wait { event, external } => {
                if external || self.module.events[event].kind.is_external() {
                    self.wait_for(Signal::Event(event));
                } else if self.recorded.get(&event).is_some_and(|&cuts| cuts < self.cuts.len()) {
                    return refused(SIDE_WAIT);
                } else if let Some(stream) = data.stream {
                    self.joined.insert(stream, self.cuts.len());
                }
            }
            Op::WaitNotify(notify) => self.wait_for(Signal::Notify(notify)),
            Op::Record { event, external: false } => {
                self.recorded.insert(event, self.cuts.len());
            }
            _ => {}
        }
        if let Op::Wait { event, .. } | Op::Reset(event) = data.op
            && self.needless[event]
        {
            return Ok(());
        }
        if data.stream != self.graph.origin
            && let Some(stream) = data.stream
            && self.joined.get(&stream).is_some_and(|&cuts| cuts < self.cuts.len())
        {
            return refused(SIDE_TASK);
        }
        self.open_all();
        self.push(task);
        Ok(())
    }

    fn push(&mut self, task: Task) {
        if !self.has_tasks {
            self.has_tasks = true;
            self.parts += 1;
            self.pieces.push(Piece::Part(self.parts));
        }
        self.out.push(Some(Step::Task(task)));
    }

    /// Ends the part at a group whose lines start at `at`; gives where the graph goes on.
    fn cut(&mut self, group: Group, mut at: usize) -> Result<usize, Undivided> {
        let data = self.graph.groups[group];
        let mut kernels = Vec::new();
        while let Some(&Step::Task(task)) = self.graph.steps.get(at) {
            kernels.push(task);
            at += 1;
        }
        let span = kernels.first().map_or(self.graph.header, |&kernel| self.graph.spans[kernel]);
        if self.graph.steps.get(at) != Some(&Step::Close) {
            return Err(Undivided::new(span, "other blocks stand in an updated group"));
        }
        if let Some(span) = self.waits_for_value {
            return Err(Undivided::new(
                span,
                "the graph waits for a value before an updated group, and anything may write it",
            ));
        }
        if self.open.iter().any(|scope| !matches!(scope, Scope::Stream(_))) {
            return Err(Undivided::new(
                span,
                "an updated group stands in a block that does not end before it",
            ));
        }
        if data.stream != self.graph.origin {
            return Err(Undivided::new(span, SIDE_GROUP));
        }
        for _ in 0..std::mem::take(&mut self.opened) {
            self.out.push(Some(Step::Close));
        }
        if std::mem::take(&mut self.has_tasks) {
            self.ended_at = Some(span);
        }
        self.pieces.push(Piece::Kernels(self.cuts.len()));
        self.cuts.push(Cut { group: data.name, kernels, signals: self.signals.len() });
        Ok(at + 1)
    }
}
