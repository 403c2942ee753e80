//! `hoist-invariant-copies`: does copies and fills that do the same on every execution of a graph once, before the first one.
//!
//! A copy of bytes that nothing writes between executions, to bytes that nothing else writes and nobody uses before the first execution, becomes
//! a line of the host program, on the stream of the executions and before the first of them. It is asked of the host program that its
//! lines tell everything ([`Executions`]). What is found stands in `acg_prove` again, in other words.

use acg_ir::dependence::{reads, writes};
use acg_ir::task::DestroyTarget;
use acg_ir::{
    Access, Arena, Body, Buffer, GraphId, Module, Op, Operand, RareList, Scope, Step, Stream, Task, TaskData,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::context::Outcome;
use crate::executions::{Executed, Executions};
use crate::ranges::Spans;
use crate::{Context, Pass, Subject, named, temporaries};

/// See the module.
pub struct HoistInvariantCopies;

const NAME: &str = "hoist-invariant-copies";
/// How many copies of copies are followed.
const DEPTH: usize = 4;
/// How many copies of a graph are said to stay; in a large graph nobody reads more.
const MOST_REMARKS: usize = 100;

impl Pass for HoistInvariantCopies {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "does copies that are the same on every execution of a graph once, before the first one"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let mut found = Vec::new();
        for _ in 0..DEPTH {
            found = match Search::new(module, context) {
                Ok(search) => search.map_or(Vec::new(), Search::run),
                Err(reason) => {
                    not_read(module, reason, context);
                    break;
                }
            };
            // A copy of a copy is found once the first one has gone.
            let hoisted: Vec<&Copy> = found.iter().filter(|copy| copy.stays.is_none()).collect();
            if hoisted.is_empty() {
                break;
            }
            hoist(module.change(), &hoisted, context);
        }
        for copies in found.chunk_by(|one, other| one.graph == other.graph) {
            left(module, copies, context);
        }
    }
}

/// Says of every graph with copies why they stay, in a program that cannot be read.
fn not_read(module: &Module, reason: &str, context: &mut Context<'_>) {
    for (id, graph) in module.graphs.iter() {
        if graph.program().any(|task| is_copy(graph.tasks[task].op)) {
            let text = format!("copies stay in the graph, because {reason}");
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
        }
    }
}

/// Says of the copies of a graph why they stay.
fn left(module: &Module, copies: &[Copy], context: &mut Context<'_>) {
    let id = copies[0].graph;
    let staying = || copies.iter().filter_map(|copy| Some((copy.task, copy.stays?)));
    for (task, reason) in staying().take(MOST_REMARKS) {
        let printed = acg_ir::print::task(module, &module.graphs[id], task);
        let text = format!("`{printed}` stays in the graph: {reason}");
        context.remark(NAME, Outcome::Missed, module, (id, task), text);
    }
    let more = staying().skip(MOST_REMARKS).count();
    if more > 0 {
        context.graph_remark(
            NAME,
            Outcome::Missed,
            module,
            id,
            format!("{more} more copies stay in the graph"),
        );
    }
}

/// Makes lines of the host program of copies.
fn hoist(module: &mut Module, copies: &[&Copy], context: &mut Context<'_>) {
    let mut gone: FxHashMap<GraphId, FxHashSet<Task>> = FxHashMap::default();
    for copy in copies {
        let printed = acg_ir::print::task(module, &module.graphs[copy.graph], copy.task);
        let text = format!("`{printed}` done once instead of {} times", copy.executed.times);
        context.remark(NAME, Outcome::Done, module, (copy.graph, copy.task), text);
        gone.entry(copy.graph).or_default().insert(copy.task);
    }
    context.count(NAME, "copies done once", copies.len() as u64);
    let mut lines: Vec<(usize, TaskData, acg_ir::graph::SourceRange)> = Vec::with_capacity(copies.len());
    for copy in copies {
        let graph = &module.graphs[copy.graph];
        let data = TaskData {
            stream: copy.executed.stream,
            name: None,
            after: RareList::default(),
            ..graph.tasks[copy.task]
        };
        lines.push((copy.executed.place, data, graph.spans[copy.task]));
    }
    for (graph, tasks) in gone {
        let is_left = |step: &Step| !matches!(step, Step::Task(task) if tasks.contains(task));
        module.graphs[graph].steps.retain(is_left);
    }
    let Some(run) = &mut module.run else { return };
    // Stable: lines of one place stay in the order of their tasks.
    lines.sort_by_key(|&(place, ..)| place);
    let mut lines = lines.into_iter().peekable();
    let steps = std::mem::take(&mut run.steps);
    for (at, step) in steps.into_iter().enumerate() {
        while let Some((_, data, span)) = lines.next_if(|&(place, ..)| place == at) {
            run.push(data, span);
        }
        run.steps.push(step);
    }
}

fn is_copy(op: Op) -> bool {
    matches!(op, Op::Copy | Op::Copy2d | Op::CopyBatch | Op::Fill(_))
}

/// A copy or fill of a graph that is executed more than once.
struct Copy {
    graph: GraphId,
    task: Task,
    executed: Executed,
    /// Why it has to stay; `None` as long as nothing is known against hoisting it.
    stays: Option<&'static str>,
}

struct Search<'m> {
    module: &'m Module,
    run: &'m Body,
    executions: Executions,
    local: Arena<Buffer, bool>,
    copies: Vec<Copy>,
}

impl<'m> Search<'m> {
    /// `Ok(None)` where no graph is executed more than once.
    fn new(module: &'m Module, context: &mut Context<'_>) -> Result<Option<Self>, &'static str> {
        let Some(run) = &module.run else { return Ok(None) };
        let executes =
            |step: &Step| matches!(*step, Step::Task(task) if matches!(run.tasks[task].op, Op::Execute(_)));
        if !run.steps.iter().any(executes) {
            return Ok(None);
        }
        let executions = Executions::of(module, run)?;
        let local = temporaries::local(module, context);
        Ok(Some(Self { module, run, executions, local, copies: Vec::new() }))
    }

    /// The copies of all graphs that are executed more than once.
    fn run(mut self) -> Vec<Copy> {
        for (id, executed) in self.executions.of.clone().iter() {
            if let Some(executed) = executed.filter(|executed| executed.times > 1) {
                self.graph(id, executed);
            }
        }
        if self.copies.iter().any(|copy| copy.stays.is_none()) {
            self.written_once();
            self.unused_before();
            self.unchanged_after();
            self.complete_before();
            self.leaves_work();
        }
        self.copies
    }

    /// Finds the copies of a graph, with what the graph itself has against hoisting them.
    fn graph(&mut self, id: GraphId, executed: Executed) {
        let (module, graph) = (self.module, &self.module.graphs[id]);
        let named = named::named(module, graph);
        let info = module.symbols.find("info");
        let mut blocks: Vec<bool> = Vec::new();
        let mut used = Spans::default();
        for step in &graph.steps {
            let task = match *step {
                Step::Open(scope) => {
                    blocks.push(!matches!(scope, Scope::Stream(_)));
                    continue;
                }
                Step::Close => {
                    blocks.pop();
                    continue;
                }
                Step::Task(task) => task,
            };
            let data = &graph.tasks[task];
            if is_copy(data.op) {
                let is_local = |access: Access| self.local[access.root];
                let shows = data.attributes.of(&module.attributes).iter().any(|one| Some(one.name) == info);
                let stays = if blocks.contains(&true) {
                    Some("it is in a task group or a `relaxed` block")
                } else if !data.after.is_empty() || data.name.is_some_and(|name| named.contains(&name)) {
                    Some("an `after` orders it")
                } else if shows {
                    Some("its `info` is part of the dump")
                } else if !executed.is_on_one_stream {
                    Some("the graph is executed on several streams")
                } else if read(module, data).any(is_local) {
                    Some("it reads a temporary that only the graph uses")
                } else if written(module, data).any(|access| used.meet(&access)) {
                    Some("the graph uses what it writes before it does")
                } else {
                    None
                };
                self.copies.push(Copy { graph: id, task, executed, stays });
            }
            touched(module, data).for_each(|access| used.add(&access));
        }
    }

    /// Lets copies stay of which `against` says so.
    fn judge(
        module: &Module,
        copies: &mut [Copy],
        reason: &'static str,
        against: impl Fn(&Copy, &TaskData) -> bool,
    ) {
        for copy in copies.iter_mut().filter(|copy| copy.stays.is_none()) {
            if against(copy, &module.graphs[copy.graph].tasks[copy.task]) {
                copy.stays = Some(reason);
            }
        }
    }

    /// Nothing else in the whole program writes what a copy writes, as long as graphs are executed.
    fn written_once(&mut self) {
        let module = self.module;
        let (mut once, mut again) = (Spans::default(), Spans::default());
        let mut add =
            |access: Access| if once.meet(&access) { again.add(&access) } else { once.add(&access) };
        for graph in module.graphs.values() {
            graph.program().for_each(|task| written(module, &graph.tasks[task]).for_each(&mut add));
        }
        for (_, data) in lines(self.run, 0, self.executions.end + 1) {
            written(module, data).chain(destroyed(module, data)).for_each(&mut add);
        }
        let reason = "something else writes what it writes";
        Self::judge(module, &mut self.copies, reason, |_, data| {
            written(module, data).any(|access| again.meet(&access))
        });
    }

    /// Nothing uses what a copy writes before the first execution of its graph.
    fn unused_before(&mut self) {
        let (module, run) = (self.module, self.run);
        let mut used = Spans::default();
        for graph in module.graphs.values() {
            let eager = graph.program().map(|task| &graph.tasks[task]).filter(|data| !data.op.takes_stream());
            eager.flat_map(|data| touched(module, data)).for_each(|access| used.add(&access));
        }
        self.copies.sort_by_key(|copy| copy.executed.first);
        let mut at = 0;
        for copies in self.copies.chunk_by_mut(|one, other| one.executed.first == other.executed.first) {
            let first = copies[0].executed.first;
            for (step, data) in lines(run, at, first) {
                if let Some(graph) = executed_at(&self.executions, data, |executed| executed.first == step) {
                    let tasks = module.graphs[graph].program().map(|task| &module.graphs[graph].tasks[task]);
                    tasks.flat_map(|data| touched(module, data)).for_each(|access| used.add(&access));
                }
                touched(module, data).chain(destroyed(module, data)).for_each(|access| used.add(&access));
            }
            at = first;
            let reason = "what it writes is used before the first execution";
            Self::judge(module, copies, reason, |_, data| {
                written(module, data).any(|access| used.meet(&access))
            });
        }
    }

    /// Nothing writes what a copy reads from where the copy would go up to the last execution.
    fn unchanged_after(&mut self) {
        let (module, run) = (self.module, self.run);
        let mut changed = Spans::default();
        self.copies.sort_by_key(|copy| std::cmp::Reverse(copy.executed.place));
        let mut until = self.executions.end + 1;
        for copies in self.copies.chunk_by_mut(|one, other| one.executed.place == other.executed.place) {
            let place = copies[0].executed.place;
            for (step, data) in lines(run, place, until) {
                if let Some(graph) = executed_at(&self.executions, data, |executed| executed.last == step) {
                    writes_of(module, graph).for_each(|access| changed.add(&access));
                }
                written(module, data).for_each(|access| changed.add(&access));
            }
            until = place;
            let reason = "what it reads is written between executions";
            Self::judge(module, copies, reason, |_, data| {
                read(module, data).any(|access| changed.meet(&access))
            });
        }
        self.copies.sort_by_key(|copy| (copy.graph, copy.task));
    }

    /// What writes earlier what a copy reads is complete when the copy starts: on the stream of the executions, or by the host itself.
    fn complete_before(&mut self) {
        let module = self.module;
        let mut on: FxHashMap<Option<Stream>, Spans> = FxHashMap::default();
        let mut freed = Spans::default();
        let mut seen: FxHashSet<(GraphId, Option<Stream>)> = FxHashSet::default();
        for (_, data) in lines(self.run, 0, self.executions.end + 1) {
            if let Some(access) = destroyed(module, data) {
                freed.add(&access);
            }
            let spans = on.entry(data.stream).or_default();
            if let Op::Execute(graph) = data.op {
                if seen.insert((graph, data.stream)) {
                    writes_of(module, graph).for_each(|access| spans.add(&access));
                }
            } else if data.op.takes_stream() {
                written(module, data).for_each(|access| spans.add(&access));
            }
        }
        let reason = "what it reads is written on another stream";
        Self::judge(module, &mut self.copies, reason, |copy, data| {
            let others = || on.iter().filter(|&(&stream, _)| stream != copy.executed.stream);
            read(module, data)
                .any(|access| freed.meet(&access) || others().any(|(_, spans)| spans.meet(&access)))
        });
    }

    /// A graph keeps something to do.
    fn leaves_work(&mut self) {
        let module = self.module;
        for copies in self.copies.chunk_by_mut(|one, other| one.graph == other.graph) {
            let graph = &module.graphs[copies[0].graph];
            let works = |op: Op| op.takes_stream() && !matches!(op, Op::Record { .. } | Op::Wait { .. });
            let tasks = graph.program().filter(|&task| works(graph.tasks[task].op)).count();
            if copies.iter().filter(|copy| copy.stays.is_none()).count() == tasks {
                Self::judge(module, copies, "the graph would have nothing else to do", |_, _| true);
            }
        }
    }
}

fn read<'m>(module: &'m Module, data: &'m TaskData) -> impl Iterator<Item = Access> + use<'m> {
    reads(module, data).filter_map(|operand| module.access(operand).ok())
}

fn written<'m>(module: &'m Module, data: &'m TaskData) -> impl Iterator<Item = Access> + use<'m> {
    writes(module, data).iter().filter_map(|&operand| module.access(operand).ok())
}

fn touched<'m>(module: &'m Module, data: &'m TaskData) -> impl Iterator<Item = Access> + use<'m> {
    read(module, data).chain(written(module, data))
}

/// What a line releases.
fn destroyed(module: &Module, data: &TaskData) -> Option<Access> {
    match data.op {
        Op::Destroy(DestroyTarget::Buffer(buffer)) => module.access(Operand { buffer, slice: None }).ok(),
        _ => None,
    }
}

/// What a graph writes.
fn writes_of(module: &Module, graph: GraphId) -> impl Iterator<Item = Access> + '_ {
    let graph = &module.graphs[graph];
    graph.program().flat_map(move |task| written(module, &graph.tasks[task]))
}

/// The lines of the host program among the steps `from..to`.
fn lines(run: &Body, from: usize, to: usize) -> impl Iterator<Item = (usize, &TaskData)> {
    let steps = run.steps.iter().enumerate().take(to).skip(from);
    steps.filter_map(
        |(at, step)| if let Step::Task(task) = *step { Some((at, &run.tasks[task])) } else { None },
    )
}

/// The graph that a line executes, if the line is the one of its executions that `is_one` asks for.
fn executed_at(
    executions: &Executions,
    data: &TaskData,
    is_one: impl Fn(&Executed) -> bool,
) -> Option<GraphId> {
    let Op::Execute(graph) = data.op else { return None };
    executions.of[graph].filter(is_one).map(|_| graph)
}
