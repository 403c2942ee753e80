//! The host program of divided graphs: executions become those of the parts, with the kernels of the groups between them.
//!
//! Which kernels those are follows from the order of the lines. An execution sees the update of a group that comes last before it; where
//! the graph waits for a signal from outside before the group, the one that comes next, if the signal is given behind it. The calls then
//! stand where that update stood.

use acg_ir::graph::SourceRange;
use acg_ir::{
    Arena, Body, DestroyTarget, Event, GraphId, Module, Op, RareList, Scope, Step, Stream, SyncTarget, Task,
    TaskData, Update,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Undivided;
use super::graph::{Division, Piece, Signal};

/// Rewrites the host program of `module`, whose graphs `divisions` are divided; records of `needless` events go.
pub(super) fn rewrite(
    module: &mut Module,
    divisions: &FxHashMap<GraphId, Division>,
    needless: &Arena<Event, bool>,
) -> Result<(), Undivided> {
    let Some(old) = module.run.take() else { return Ok(()) };
    let mut rewriter = Rewriter {
        module,
        divisions,
        needless,
        old: &old,
        steps: Vec::with_capacity(old.steps.len()),
        made: Vec::new(),
        current: FxHashMap::default(),
        open: Vec::new(),
        loops: Vec::new(),
        pending: Vec::new(),
    };
    rewriter.all_steps()?;
    let Rewriter { steps, made, .. } = rewriter;
    let mut run = old;
    run.steps = steps;
    run.updates = Arena::new();
    for Made { at, data, span, place } in made {
        let task = if let Some(task) = at {
            run.tasks[task] = data;
            task
        } else {
            run.spans.push(span);
            run.tasks.push(data)
        };
        run.steps[place] = Step::Task(task);
    }
    module.run = Some(run);
    Ok(())
}

/// A task group, as a graph and the place of its cut.
type Place = (GraphId, usize);

/// A line that the new program has.
struct Made {
    /// The task of the source that it takes the place of.
    at: Option<Task>,
    data: TaskData,
    span: SourceRange,
    /// Which step it is.
    place: usize,
}

/// A `repeat` block that is open.
struct Loop {
    /// What the groups had before it.
    before: FxHashMap<Place, u32>,
    times: u64,
    /// Groups that it has updated so far, and those that an execution used before that.
    updated: FxHashSet<Place>,
    used_before: FxHashSet<Place>,
}

/// An execution whose later pieces wait for updates.
struct Pending {
    task: Task,
    graph: GraphId,
    /// The next piece.
    piece: usize,
    /// The step before which each group's kernels do not come, by its place in the cuts.
    not_before: Vec<usize>,
    /// Whether the execution's own line has been used.
    is_begun: bool,
}

struct Rewriter<'m> {
    module: &'m Module,
    divisions: &'m FxHashMap<GraphId, Division>,
    needless: &'m Arena<Event, bool>,
    old: &'m Body,
    steps: Vec<Step>,
    made: Vec<Made>,
    /// The step of the update that each group has now; none where it has its first kernels.
    current: FxHashMap<Place, u32>,
    open: Vec<Scope>,
    loops: Vec<Loop>,
    pending: Vec<Pending>,
}

impl Rewriter<'_> {
    fn all_steps(&mut self) -> Result<(), Undivided> {
        let mut at = 0;
        while let Some(&step) = self.old.steps.get(at) {
            match step {
                Step::Open(Scope::Update(update)) => {
                    let data = self.old.updates[update];
                    let refused = |reason| Err(Undivided::new(data.span, reason));
                    let Some(place) = self.place(data.graph, data.group) else {
                        return refused("the updated group is in no graph");
                    };
                    let kernels = kernels(self.old, at);
                    let own = kernels.iter().all(|&task| self.old.tasks[task].stream == Some(data.stream));
                    if !own || self.old.steps.get(at + 1 + kernels.len()) != Some(&Step::Close) {
                        return refused("an update holds other lines than kernels of its stream");
                    }
                    if kernels.len() != self.divisions[&data.graph].cuts[place.1].kernels.len() {
                        return refused("an update has another number of kernels than its group");
                    }
                    self.current.insert(place, at as u32);
                    for block in &mut self.loops {
                        block.updated.insert(place);
                    }
                    self.go_on(at);
                    at += kernels.len() + 2;
                    continue;
                }
                Step::Open(scope) => {
                    self.open.push(scope);
                    if let Scope::Repeat(times) = scope {
                        let (updated, used_before) = (FxHashSet::default(), FxHashSet::default());
                        let before = self.current.clone();
                        self.loops.push(Loop { before, times, updated, used_before });
                    }
                    self.steps.push(step);
                }
                Step::Close => {
                    if let Some(Scope::Repeat(_)) = self.open.pop() {
                        self.close_loop(at)?;
                    }
                    self.steps.push(step);
                }
                Step::Task(task) => self.task(task, at)?,
            }
            at += 1;
        }
        Ok(())
    }

    fn place(&self, graph: GraphId, group: acg_ir::Symbol) -> Option<Place> {
        let cut = self.divisions.get(&graph)?.cut_of.get(&group)?;
        Some((graph, *cut))
    }

    /// What a round leaves is what the next one starts with, so it must be what the first one started with.
    fn close_loop(&mut self, at: usize) -> Result<(), Undivided> {
        let Some(block) = self.loops.pop() else { return Ok(()) };
        if block.times == 0 {
            self.current = block.before;
            return Ok(());
        }
        let differs = |place: &Place| self.current.get(place) != block.before.get(place);
        if block.times > 1 && block.used_before.iter().any(differs) {
            let reason = "the first round of a `repeat` executes other kernels than the next ones";
            return Err(Undivided::new(self.line_before(at), reason));
        }
        Ok(())
    }

    /// The line of the last task before a step.
    fn line_before(&self, at: usize) -> SourceRange {
        let task = self.old.steps[..at].iter().rev().find_map(|step| match *step {
            Step::Task(task) => Some(task),
            Step::Open(_) | Step::Close => None,
        });
        task.map_or(self.old.header, |task| self.old.spans[task])
    }

    fn task(&mut self, task: Task, at: usize) -> Result<(), Undivided> {
        match self.old.tasks[task].op {
            Op::Record { event, .. } if self.needless[event] => return Ok(()),
            Op::Execute(graph) if self.divisions.contains_key(&graph) => {
                let not_before = Search::of(self, graph, task, at).updates()?;
                self.pending.push(Pending { task, graph, piece: 0, not_before, is_begun: false });
                self.go_on(at);
            }
            Op::ExecuteSegment { graph, .. } if self.divisions.contains_key(&graph) => {
                return Err(Undivided::new(
                    self.old.spans[task],
                    "the graph's one model is executed by number",
                ));
            }
            _ => self.steps.push(Step::Task(task)),
        }
        Ok(())
    }

    /// Makes the calls of all executions that can come now that step `at` is reached.
    fn go_on(&mut self, at: usize) {
        let mut pending = std::mem::take(&mut self.pending);
        for execution in &mut pending {
            self.pieces(execution, at);
        }
        pending.retain(|execution| execution.piece < self.divisions[&execution.graph].pieces.len());
        self.pending = pending;
    }

    fn pieces(&mut self, execution: &mut Pending, at: usize) {
        let divisions = self.divisions;
        let division = &divisions[&execution.graph];
        let data = self.old.tasks[execution.task];
        let span = self.old.spans[execution.task];
        while let Some(&piece) = division.pieces.get(execution.piece) {
            match piece {
                Piece::Part(segment) => {
                    let graph = execution.graph;
                    let op = match division.parts {
                        1 => Op::Execute(graph),
                        _ => Op::ExecuteSegment { graph, segment },
                    };
                    let is_first = !std::mem::replace(&mut execution.is_begun, true);
                    let name = data.name.filter(|_| is_first);
                    self.make(is_first.then_some(execution.task), TaskData { op, name, ..data }, span);
                }
                Piece::Kernels(cut) if execution.not_before[cut] > at => return,
                Piece::Kernels(cut) => self.kernels((execution.graph, cut), data.stream, span),
            }
            execution.piece += 1;
        }
    }

    /// Calls the kernels that a group has now, because of the execution at `span`.
    fn kernels(&mut self, place: Place, stream: Option<Stream>, span: SourceRange) {
        for block in &mut self.loops {
            if !block.updated.contains(&place) {
                block.used_before.insert(place);
            }
        }
        let (body, tasks) = match self.current.get(&place) {
            Some(&update) => (self.old, kernels(self.old, update as usize)),
            None => {
                (&self.module.graphs[place.0].body, self.divisions[&place.0].cuts[place.1].kernels.clone())
            }
        };
        for task in tasks {
            let data = TaskData { stream, name: None, after: RareList::default(), ..body.tasks[task] };
            self.make(None, data, span);
        }
    }

    fn make(&mut self, at: Option<Task>, data: TaskData, span: SourceRange) {
        self.made.push(Made { at, data, span, place: self.steps.len() });
        // The task takes this place once it has a number.
        self.steps.push(Step::Close);
    }
}

/// The lines of the update whose header is step `at`.
fn kernels(body: &Body, at: usize) -> Vec<Task> {
    let lines = body.steps.iter().skip(at + 1);
    lines.map_while(|step| if let Step::Task(task) = *step { Some(task) } else { None }).collect()
}

/// The search for the updates that an execution waits for, group by group, in one walk over the lines behind it.
struct Search<'r, 'm> {
    rewriter: &'r Rewriter<'m>,
    graph: GraphId,
    division: &'r Division,
    /// The execution, and its stream.
    execution: Task,
    stream: Option<Stream>,
    /// The step of the execution.
    at: usize,
    /// Groups from this one on have all that they wait for.
    bound: usize,
    /// The step of the update that each group waits for; none where no update was found yet.
    found: Vec<Option<usize>>,
    /// How many groups still wait for one.
    missing: usize,
    /// Why the execution cannot go on where an update stands that comes now.
    in_the_way: Option<&'static str>,
    open: Vec<Scope>,
}

impl<'r, 'm> Search<'r, 'm> {
    fn of(rewriter: &'r Rewriter<'m>, graph: GraphId, execution: Task, at: usize) -> Self {
        let division = &rewriter.divisions[&graph];
        Self {
            rewriter,
            graph,
            division,
            execution,
            stream: rewriter.old.tasks[execution].stream,
            at,
            bound: division.cuts.len(),
            found: vec![None; division.cuts.len()],
            missing: 0,
            in_the_way: None,
            open: Vec::new(),
        }
    }

    /// The step before which each group's kernels do not come: that of the update that it waits for, or of the execution.
    fn updates(mut self) -> Result<Vec<usize>, Undivided> {
        let cuts = &self.division.cuts;
        // Groups that wait for nothing from outside come first.
        let first = cuts.partition_point(|cut| cut.signals == 0);
        self.missing = cuts.len() - first;
        self.open.clone_from(&self.rewriter.open);
        let mut at = self.at + 1;
        while let Some(&step) = self.rewriter.old.steps.get(at).filter(|_| self.missing > 0) {
            match step {
                Step::Open(Scope::Update(update)) => {
                    if let Some(cut) = self.updated(update, first) {
                        if let Some(reason) = self.in_the_way {
                            return Err(Undivided::new(self.rewriter.old.spans[self.execution], reason));
                        }
                        self.found[cut] = Some(at);
                        self.missing -= 1;
                    }
                    // Its lines are no work of other streams.
                    let lines = self.rewriter.old.steps[at + 1..].iter();
                    at += lines.take_while(|step| matches!(step, Step::Task(_))).count() + 1;
                }
                Step::Open(scope) => {
                    if !matches!(scope, Scope::Stream(_)) {
                        self.in_the_way = Some("the update that it waits for stands in another block");
                    }
                    self.open.push(scope);
                }
                Step::Close => match self.open.pop() {
                    Some(Scope::Stream(_)) => {}
                    // The update comes before the execution in the round that comes next.
                    Some(Scope::Repeat(_)) | None => break,
                    Some(_) => self.in_the_way = Some("the update that it waits for stands in another block"),
                },
                Step::Task(task) => self.task(task),
            }
            at += 1;
        }
        Ok(self.found.into_iter().map(|update| update.unwrap_or(self.at)).collect())
    }

    /// The group that an update is for, if it still waits for one.
    fn updated(&self, update: Update, first: usize) -> Option<usize> {
        let data = self.rewriter.old.updates[update];
        let (graph, cut) = self.rewriter.place(data.graph, data.group)?;
        let waits = graph == self.graph && (first..self.bound).contains(&cut) && self.found[cut].is_none();
        waits.then_some(cut)
    }

    fn task(&mut self, task: Task) {
        let data = &self.rewriter.old.tasks[task];
        let signal = match data.op {
            Op::Record { event, .. } => Some(Signal::Event(event)),
            Op::RecordNotify(notify) => Some(Signal::Notify(notify)),
            _ => None,
        };
        if let Some(&number) = signal.and_then(|signal| self.division.signals.get(&signal)) {
            // Groups behind the wait for it have what they need; what they waited for is none of the updates that come later.
            self.close(self.division.cuts.partition_point(|cut| cut.signals <= number));
        }
        if self.ends(data) {
            self.close(0);
        } else if data.stream.is_some() && data.stream == self.stream {
            self.in_the_way = Some("its stream is given other work before the update that it waits for");
        }
    }

    /// Gives up groups from `bound` on.
    fn close(&mut self, bound: usize) {
        let given_up = self.found.get(bound..self.bound).unwrap_or_default();
        // Groups that wait for nothing from outside are none of those.
        let waiting = given_up.iter().zip(&self.division.cuts[bound.min(self.bound)..]);
        let waiting = waiting.filter(|(found, cut)| found.is_none() && cut.signals > 0);
        self.missing = self.missing.saturating_sub(waiting.count());
        self.bound = self.bound.min(bound);
    }

    /// Whether the execution has all that it waits for before a line.
    fn ends(&self, data: &TaskData) -> bool {
        match data.op {
            // The host would wait for ever.
            Op::Sync(SyncTarget::Stream(stream)) => Some(stream) == self.stream,
            Op::Sync(SyncTarget::Device | SyncTarget::Event(_)) => true,
            Op::Execute(graph) | Op::Destroy(DestroyTarget::Graph(graph)) => graph == self.graph,
            _ => false,
        }
    }
}
