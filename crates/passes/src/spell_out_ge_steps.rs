//! Steps of the graph engine that a program leaves out, as lines: running a graph that is not loaded loads it, and loading one that
//! is not compiled compiles it (capture-rules, section 14.1).
//!
//! The lines stand in front of the one that implies them. What a `repeat` block implies in its first round stands before the block, unless
//! the block adds or removes the graph itself, so that every round implies it.
//!
//! This is no [`Pass`](crate::Pass): it works on the host program, which passes leave alone.

use acg_ir::graph::SourceRange;
use acg_ir::{Anchors, Body, GeGraph, Module, Op, Scope, Step, TaskData};
use rustc_hash::{FxHashMap, FxHashSet};

/// Writes down the steps that the host program of `module` implies, and says how many there were.
pub fn spell_out_ge_steps(module: &mut Module) -> u32 {
    if module.sessions.is_empty() {
        return 0;
    }
    let anchors = Anchors::take(module);
    let count = module.run.as_mut().map_or(0, spell_out);
    anchors.restore(module);
    count
}

/// What has been done with a graph.
#[derive(Clone, Copy)]
struct Done {
    /// The line that adds it.
    added: SourceRange,
    is_compiled: bool,
    is_loaded: bool,
}

/// A block that is open.
struct Block {
    scope: Scope,
    /// Its header, among the steps of the source.
    at: usize,
    /// The graphs that a `repeat` block adds or removes.
    changed: FxHashSet<GeGraph>,
}

/// Steps to put in front of one of the source.
struct Insertion {
    at: usize,
    steps: Vec<Step>,
}

fn spell_out(run: &mut Body) -> u32 {
    let mut graphs: FxHashMap<GeGraph, Done> = FxHashMap::default();
    let mut open: Vec<Block> = Vec::new();
    let mut insertions = Vec::new();
    let mut count = 0;
    let mut at = 0;
    while let Some(&step) = run.steps.get(at) {
        match step {
            Step::Open(Scope::Repeat(0)) => {
                // Nothing in it is ever called.
                at = end_of(run, at);
                continue;
            }
            Step::Open(scope) => open.push(Block { scope, at, changed: changed(run, scope, at) }),
            Step::Close => drop(open.pop()),
            Step::Task(task) => {
                let data = run.tasks[task];
                match data.op {
                    // Of two graphs with one number the first stays (ACG307).
                    Op::GeAdd { graph, .. } => {
                        let added = run.spans[task];
                        graphs.entry(graph).or_insert(Done { added, is_compiled: false, is_loaded: false });
                    }
                    Op::GeRemove(graph) => drop(graphs.remove(&graph)),
                    Op::GeCompile(graph) | Op::GeLoad(graph) | Op::GeRun(graph) => {
                        let Some(done) = graphs.get_mut(&graph) else {
                            at += 1;
                            continue;
                        };
                        let needs_compile = !matches!(data.op, Op::GeCompile(_)) && !done.is_compiled;
                        let needs_load = matches!(data.op, Op::GeRun(_)) && !done.is_loaded;
                        let compile = needs_compile.then(|| TaskData::new(Op::GeCompile(graph), None));
                        let load = needs_load.then(|| TaskData::new(Op::GeLoad(graph), data.stream));
                        let lines: Vec<TaskData> = compile.into_iter().chain(load).collect();
                        done.is_compiled = true;
                        done.is_loaded |= !matches!(data.op, Op::GeCompile(_));
                        let spans = [run.spans[task], done.added];
                        count += lines.len() as u32;
                        if !lines.is_empty() {
                            insertions.push(insertion(run, &open, graph, at, lines, spans));
                        }
                    }
                    _ => {}
                }
            }
        }
        at += 1;
    }
    insert(run, insertions);
    count
}

/// Which graphs a `repeat` block adds or removes; nothing for other blocks.
fn changed(run: &Body, scope: Scope, at: usize) -> FxHashSet<GeGraph> {
    if !matches!(scope, Scope::Repeat(_)) {
        return FxHashSet::default();
    }
    let inside = &run.steps[at..end_of(run, at)];
    let graph = |step: &Step| match *step {
        Step::Task(task) => match run.tasks[task].op {
            Op::GeAdd { graph, .. } | Op::GeRemove(graph) => Some(graph),
            _ => None,
        },
        Step::Open(_) | Step::Close => None,
    };
    inside.iter().filter_map(graph).collect()
}

/// The step behind the block whose header is `at`.
fn end_of(run: &Body, at: usize) -> usize {
    let mut depth = 0u32;
    for (offset, step) in run.steps[at..].iter().enumerate() {
        match step {
            Step::Open(_) => depth += 1,
            Step::Close => depth -= 1,
            Step::Task(_) => {}
        }
        if depth == 0 {
            return at + offset + 1;
        }
    }
    run.steps.len()
}

/// Where `lines`, which the line at `at` implies, come, in the blocks that say who calls them; they are shown as that line or, in front of
/// a loop, as the one that adds the graph.
fn insertion(
    run: &mut Body,
    open: &[Block],
    graph: GeGraph,
    at: usize,
    lines: Vec<TaskData>,
    [own, added]: [SourceRange; 2],
) -> Insertion {
    let repeats = |block: &&Block| matches!(block.scope, Scope::Repeat(_));
    let adds = |block: &Block| block.changed.contains(&graph);
    // The outermost repetition behind the innermost one that adds or removes the graph, or that begins its session.
    let stays = open
        .iter()
        .rposition(|block| adds(block) || block.scope == Scope::Session(graph.session))
        .map_or(0, |own| own + 1);
    let Some(offset) = open[stays..].iter().position(|block| repeats(&block)) else {
        return Insertion { at, steps: tasks(run, lines, own) };
    };
    let crossed = &open[stays + offset..];
    let callers: Vec<Step> = crossed
        .iter()
        .filter(|block| matches!(block.scope, Scope::Thread(_) | Scope::Context(_) | Scope::Lock(_)))
        .map(|block| Step::Open(block.scope))
        .collect();
    let closes = vec![Step::Close; callers.len()];
    // The loop is that of its own lines, which these are none of.
    let steps = [callers, tasks(run, lines, added), closes].concat();
    Insertion { at: crossed[0].at, steps }
}

fn tasks(run: &mut Body, lines: Vec<TaskData>, span: SourceRange) -> Vec<Step> {
    let mut push = |data| {
        run.spans.push(span);
        Step::Task(run.tasks.push(data))
    };
    lines.into_iter().map(&mut push).collect()
}

fn insert(run: &mut Body, mut insertions: Vec<Insertion>) {
    if insertions.is_empty() {
        return;
    }
    // Stable: what one place gets twice stays in its order.
    insertions.sort_by_key(|insertion| insertion.at);
    let mut insertions = insertions.into_iter().peekable();
    let mut steps = Vec::with_capacity(run.steps.len());
    for (at, step) in run.steps.iter().enumerate() {
        while let Some(insertion) = insertions.next_if(|insertion| insertion.at == at) {
            steps.extend(insertion.steps);
        }
        steps.push(*step);
    }
    run.steps = steps;
}
