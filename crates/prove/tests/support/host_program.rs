//! Programs with several graphs and a host program that executes them, and lines moved from one to the other without asking.

use std::fmt::Write as _;

use acg_ir::graph::SourceRange;
use acg_ir::{Buffer, Entity, GraphId, List, Module, Op, Operand, Scope, Step, Stream, Task, TaskData};

use super::Rng;

/// Buffers by the letters of their names.
const BUFFERS: [(&str, usize); 3] = [("h", 3), ("d", 5), ("t", 2)];

/// The text of a program out of `seed`: two graphs, of which one may be explicit, and what executes them.
pub(crate) fn host_program(seed: u64) -> String {
    let mut rng = Rng::new(seed);
    let mut text = String::from(
        "host h0, h1, h2 : f32[4] pinned\ndevice d0, d1, d2, d3, d4 : f32[4]\ntemp t0, t1 : f32[4]\nstream main, side\n",
    );
    for graph in 0..2 {
        let (header, stream) = if rng.percent(50) { ("auto", "") } else { ("on main", "main: ") };
        let _ = writeln!(text, "graph g{graph} {header} {{");
        for _ in 0..2 + rng.below(4) {
            let task = task(&mut rng);
            let _ = writeln!(text, "  {stream}{task}");
        }
        text.push_str("}\n");
    }
    text.push_str("run {\n");
    for host in 0..3 {
        let _ = writeln!(text, "  init h{host} = {}.0", host + 1);
    }
    for _ in 0..rng.below(3) {
        line(&mut rng, &mut text, 20);
    }
    for _ in 0..=rng.below(2) {
        if rng.percent(70) {
            let _ = writeln!(text, "  repeat {} {{", 2 + rng.below(2));
            for _ in 0..=rng.below(3) {
                line(&mut rng, &mut text, 60);
            }
            text.push_str("  }\n");
        }
        for _ in 0..rng.below(3) {
            line(&mut rng, &mut text, 60);
        }
    }
    text.push_str("  main: execute g0\n  sync device\n  print h0, h1, h2\n}\n");
    text
}

fn buffer(rng: &mut Rng) -> String {
    let (letter, count) = BUFFERS[[0, 1, 1, 1, 2][rng.below(5)]];
    format!("{letter}{}", rng.below(count))
}

fn device(rng: &mut Rng) -> String {
    loop {
        let name = buffer(rng);
        if !name.starts_with('h') {
            return name;
        }
    }
}

/// Two buffers, or two parts of them.
fn pair(rng: &mut Rng) -> (String, String) {
    loop {
        let (one, other) = (buffer(rng), buffer(rng));
        if one == other || (one.starts_with('h') && other.starts_with('h')) {
            continue;
        }
        return if rng.percent(70) {
            (one, other)
        } else {
            let (start, to) = (rng.below(3), rng.below(3));
            (format!("{one}[{start}..{}]", start + 2), format!("{other}[{to}..{}]", to + 2))
        };
    }
}

fn task(rng: &mut Rng) -> String {
    match rng.below(10) {
        0..=5 => {
            let (from, to) = pair(rng);
            format!("copy {from} -> {to}")
        }
        6 => format!("fill {} = {}", device(rng), rng.below(2)),
        _ => format!("kernel \"K\"({}, {}) -> {}", device(rng), device(rng), device(rng)),
    }
}

/// A line of the host program, which executes a graph so many times of a hundred.
fn line(rng: &mut Rng, text: &mut String, executes: usize) {
    let stream = if rng.percent(90) { "main" } else { "side" };
    if rng.percent(executes) {
        let _ = writeln!(text, "  {stream}: execute g{}", rng.below(2));
        return;
    }
    match rng.below(6) {
        0 => text.push_str("  sync device\n"),
        1 => {
            let _ = writeln!(text, "  sync main\n  print h{}", rng.below(3));
        }
        2 => {
            let _ = writeln!(text, "  init h{} = {}.5", rng.below(3), rng.below(9));
        }
        3 => {
            let (from, to) = pair(rng);
            let _ = writeln!(text, "  copy_sync {from} -> {to}");
        }
        _ => {
            let task = task(rng);
            let _ = writeln!(text, "  {stream}: {task}");
        }
    }
}

/// A way to move a copy into the host program, or a change that makes that wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Move {
    /// Before the first execution, once.
    Before,
    /// The same, in a program in which the graph that is executed next, or another one, writes what it reads.
    SourceWrittenByGraph,
    /// … in which a line between two executions writes what it reads.
    SourceWrittenBetween,
    /// … in which another stream writes what it reads, before, and the host waits for that before the first execution.
    SourceWrittenAside,
    /// … in which something else writes what it writes.
    TargetWrittenElsewhere,
    /// … in which something reads what it writes, before the first execution.
    TargetReadBefore,
    /// … in which what it writes is released before the first execution.
    TargetReleased,
    /// Before the first execution, and so does another copy, of the same or of another graph.
    Two,
    /// Behind the first execution.
    Late,
    /// Where it is repeated.
    IntoRepeat,
    /// Anywhere.
    Anywhere,
    /// On another stream.
    OtherStream,
    /// It reads something else.
    OtherSource,
    /// It writes something else.
    OtherTarget,
    /// It stands in the host program twice.
    Twice,
    /// It stays in the graph as well.
    Kept,
    /// It stands nowhere any more.
    Forgotten,
    /// A line of the host program goes away besides.
    LineLost,
    /// Two neighbours among the lines of the host program change places besides.
    LinesSwapped,
}

impl Move {
    pub(crate) const ALL: [Self; 19] = [
        Self::Before,
        Self::SourceWrittenByGraph,
        Self::SourceWrittenBetween,
        Self::SourceWrittenAside,
        Self::TargetWrittenElsewhere,
        Self::TargetReadBefore,
        Self::TargetReleased,
        Self::Two,
        Self::Late,
        Self::IntoRepeat,
        Self::Anywhere,
        Self::OtherStream,
        Self::OtherSource,
        Self::OtherTarget,
        Self::Twice,
        Self::Kept,
        Self::Forgotten,
        Self::LineLost,
        Self::LinesSwapped,
    ];
}

/// A copy that stands in a graph before and in the host program afterwards.
pub(crate) struct Moved {
    pub(crate) before: Module,
    pub(crate) after: Module,
    /// The new lines of the host program, each with the task that it was.
    pub(crate) lines: Vec<(Task, (GraphId, Task))>,
}

/// Moves a copy of `module` some way; `None` where there is no place for that.
pub(crate) fn moved(module: &Module, how: Move, rng: &mut Rng) -> Option<Moved> {
    let mut before = module.clone();
    let (id, task) = some_copy(&before, rng)?;
    let data = before.graphs[id].tasks[task];
    change(&mut before, how, id, &data, rng)?;
    let mut after = before.clone();
    if how != Move::Kept {
        after.graphs[id].steps.retain(|step| *step != Step::Task(task));
    }
    let (first, stream) = first_execution(&after, id)?;
    let mut line = TaskData { stream: Some(stream), name: None, ..data };
    let count = after.run.as_ref()?.steps.len();
    let at = match how {
        Move::Late => end_of(&after, first) + rng.below(2),
        Move::IntoRepeat => {
            let steps = &after.run.as_ref()?.steps;
            1 + steps.iter().position(|step| matches!(step, Step::Open(Scope::Repeat(_))))?
        }
        Move::Anywhere => rng.below(count),
        _ => start_of(&after, first),
    };
    match how {
        Move::OtherStream => line.stream = Some(Stream::at(1 - stream.index())),
        Move::OtherSource => line.inputs = other(&mut after, data.inputs, rng)?,
        Move::OtherTarget => line.outputs = other(&mut after, data.outputs, rng)?,
        Move::LineLost => lose_line(&mut after, rng)?,
        Move::LinesSwapped => swap_lines(&mut after, rng)?,
        _ => {}
    }
    let times = match how {
        Move::Forgotten => 0,
        Move::Twice => 2,
        _ => 1,
    };
    let at = at.min(after.run.as_ref()?.steps.len());
    let mut lines = Vec::new();
    for _ in 0..times {
        lines.push((insert(&mut after, at, line)?, (id, task)));
    }
    if how == Move::Two {
        lines.push(second(&before, &mut after, (id, task), rng)?);
    }
    Some(Moved { before, after, lines })
}

/// Moves another copy of `before` besides the first, mostly one that touches the same.
fn second(
    before: &Module,
    after: &mut Module,
    first: (GraphId, Task),
    rng: &mut Rng,
) -> Option<(Task, (GraphId, Task))> {
    let touches = |(id, task): (GraphId, Task)| -> Vec<Buffer> {
        let data = &before.graphs[id].tasks[task];
        let operands = [data.inputs, data.outputs].map(|list| list.of(&before.operands));
        operands.concat().iter().map(|operand| operand.buffer).collect()
    };
    let any = rng.percent(20);
    let own = touches(first);
    let meets = |other: (GraphId, Task)| any || touches(other).iter().any(|buffer| own.contains(buffer));
    let (id, task) =
        (0..8).filter_map(|_| some_copy(before, rng)).find(|&other| other != first && meets(other))?;
    after.graphs[id].steps.retain(|step| *step != Step::Task(task));
    let (at, stream) = first_execution(after, id)?;
    let at = start_of(after, at);
    let line = TaskData { stream: Some(stream), name: None, ..before.graphs[id].tasks[task] };
    Some((insert(after, at, line)?, (id, task)))
}

fn some_copy(module: &Module, rng: &mut Rng) -> Option<(GraphId, Task)> {
    let mut copies = Vec::new();
    for (id, graph) in module.graphs.iter() {
        let tasks = graph.program().filter(|&task| matches!(graph.tasks[task].op, Op::Copy | Op::Fill(_)));
        copies.extend(tasks.map(|task| (id, task)));
    }
    (!copies.is_empty()).then(|| *rng.pick(&copies))
}

/// What makes hoisting the task wrong, or harder to see through.
fn change(module: &mut Module, how: Move, id: GraphId, data: &TaskData, rng: &mut Rng) -> Option<()> {
    let (first, stream) = first_execution(module, id)?;
    let source = data.inputs.of(&module.operands).first().copied();
    let target = *data.outputs.of(&module.operands).first()?;
    let count = module.run.as_ref()?.steps.len();
    let start = start_of(module, first);
    match how {
        Move::SourceWrittenByGraph => {
            let graph = GraphId::at(rng.below(2));
            let line = fill(module, source?, module.graphs[graph].origin);
            module.graphs[graph].push(line, SourceRange::default());
        }
        Move::SourceWrittenBetween | Move::SourceWrittenAside | Move::TargetWrittenElsewhere => {
            let aside = Stream::at(1 - stream.index());
            let (what, stream, at) = match how {
                Move::SourceWrittenBetween => (source?, stream, start + rng.below(count - start)),
                Move::SourceWrittenAside => (source?, aside, rng.below(start + 1)),
                _ => (target, stream, rng.below(count)),
            };
            let line = fill(module, what, Some(stream));
            insert(module, at, line)?;
            if how == Move::SourceWrittenAside {
                let sync = TaskData::new(Op::Sync(acg_ir::SyncTarget::Device), None);
                insert(module, first + 1, sync)?;
            }
        }
        Move::TargetReadBefore => {
            let at = rng.below(start + 2);
            let mut line = TaskData::new(Op::Copy, Some(stream));
            line.inputs = List::push_to(&mut module.operands, [target]);
            let free = if target.buffer.index() == 7 { 6 } else { 7 };
            let into = Operand { buffer: Buffer::at(free), slice: target.slice };
            line.outputs = List::push_to(&mut module.operands, [into]);
            insert(module, at, line)?;
        }
        Move::TargetReleased => {
            let op = Op::Destroy(acg_ir::DestroyTarget::Buffer(target.buffer));
            insert(module, rng.below(start + 1), TaskData::new(op, None))?;
        }
        _ => {}
    }
    Some(())
}

fn fill(module: &mut Module, what: Operand, stream: Option<Stream>) -> TaskData {
    let mut line = TaskData::new(Op::Fill(9), stream);
    line.outputs = List::push_to(&mut module.operands, [what]);
    line
}

fn insert(module: &mut Module, at: usize, data: TaskData) -> Option<Task> {
    let run = module.run.as_mut()?;
    let task = run.push(data, SourceRange::default());
    let step = run.steps.pop()?;
    run.steps.insert(at, step);
    Some(task)
}

/// The step of the first line that executes a graph, and its stream.
fn first_execution(module: &Module, id: GraphId) -> Option<(usize, Stream)> {
    let run = module.run.as_ref()?;
    run.steps.iter().enumerate().find_map(|(at, step)| match *step {
        Step::Task(task) if run.tasks[task].op == Op::Execute(id) => Some((at, run.tasks[task].stream?)),
        _ => None,
    })
}

/// The step of the block around a step, or the step; blocks do not nest.
fn start_of(module: &Module, at: usize) -> usize {
    let steps = module.run.as_ref().map_or(&[][..], |run| &run.steps);
    let open = steps[..at].iter().rposition(|step| matches!(step, Step::Open(_) | Step::Close));
    open.filter(|&open| matches!(steps[open], Step::Open(_))).unwrap_or(at)
}

/// The step behind it.
fn end_of(module: &Module, at: usize) -> usize {
    let steps = module.run.as_ref().map_or(&[][..], |run| &run.steps);
    if start_of(module, at) == at {
        return at + 1;
    }
    steps[at..].iter().position(|step| *step == Step::Close).map_or(at, |close| at + close) + 1
}

/// The operands in another buffer.
fn other(module: &mut Module, operands: List<Operand>, rng: &mut Rng) -> Option<List<Operand>> {
    let mut operand = *operands.of(&module.operands).first()?;
    operand.buffer = Buffer::at(rng.below(module.buffers.len()));
    Some(List::push_to(&mut module.operands, [operand]))
}

fn lose_line(module: &mut Module, rng: &mut Rng) -> Option<()> {
    let steps = &mut module.run.as_mut()?.steps;
    let tasks: Vec<usize> = (0..steps.len()).filter(|&at| matches!(steps[at], Step::Task(_))).collect();
    steps.remove(*rng.pick(&tasks));
    Some(())
}

fn swap_lines(module: &mut Module, rng: &mut Rng) -> Option<()> {
    let steps = &mut module.run.as_mut()?.steps;
    let at = 1 + rng.below(steps.len() - 1);
    let both = matches!((steps[at - 1], steps[at]), (Step::Task(_), Step::Task(_)));
    both.then(|| steps.swap(at - 1, at))
}
