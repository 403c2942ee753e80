//! `eliminate-dead-tasks`: removes tasks whose results nobody sees.
//!
//! Backwards from the end of the graph, where all memory but temporaries can be looked at, a byte is live until something overwrites it.
//! A copy, fill, operator or kernel that writes no live byte is dead. Task groups are left alone, because an update counts on their
//! tasks, and so are tasks that an `after` names. A kernel that writes nothing at all is there for something that its text does not say.

use crate::context::Outcome;
use crate::ranges::Ranges;
use crate::{Context, Pass, Subject, fixed, named, temporaries};
use acg_ir::dependence::{reads, writes};
use acg_ir::{Access, Arena, Buffer, Entity, Graph, GraphId, Module, Op, Space, Step, Task};

/// See the module.
pub struct EliminateDeadTasks;

const NAME: &str = "eliminate-dead-tasks";

impl Pass for EliminateDeadTasks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "removes tasks that write nothing that anything reads or that outlives the graph"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let local = temporaries::local(module, context);
        for id in fixed::changeable(module) {
            let dead = dead(module, id, &local);
            if dead.is_empty() {
                continue;
            }
            for &task in &dead {
                let printed = acg_ir::print::task(module, &module.graphs[id], task);
                let text = format!("`{printed}` removed: nothing sees what it writes");
                context.remark(NAME, Outcome::Done, module, (id, task), text);
            }
            context.count(NAME, "tasks removed", dead.len() as u64);
            let graph = &mut module.change().graphs[id];
            let mut gone = Arena::filled(graph.tasks.len(), false);
            for task in dead {
                gone[task] = true;
            }
            graph.steps.retain(|step| !matches!(*step, Step::Task(task) if gone[task]));
        }
    }
}

/// The dead tasks of a graph, last first.
fn dead(module: &Module, id: GraphId, local: &Arena<Buffer, bool>) -> Vec<Task> {
    let graph = &module.graphs[id];
    let named = named::named(module, graph);
    let mortal = mortal(module, graph, local);
    let mut live = Live::new(module, local);
    let mut dead = Vec::new();
    let mut depth = 0usize;
    for step in graph.steps.iter().rev() {
        let task = match *step {
            Step::Close => {
                depth += 1;
                continue;
            }
            Step::Open(_) => {
                depth = depth.saturating_sub(1);
                continue;
            }
            Step::Task(task) => task,
        };
        let data = &graph.tasks[task];
        // Calls of the host are made before anything of the graph runs.
        if !data.op.takes_stream() {
            continue;
        }
        let may_go = matches!(data.op, Op::Copy | Op::Copy2d | Op::CopyBatch | Op::Fill(_) | Op::Reduce(_))
            || matches!(data.op, Op::Operator(_) | Op::Kernel(_));
        // Blocks of a stream are as good as none, but they are rare where passes run, and groups must not be touched.
        let is_kept = !may_go
            || data.outputs.is_empty()
            || depth > 0
            || data.name.is_some_and(|name| named.contains(&name));
        let written = writes(module, data).iter().copied();
        let is_seen = written.clone().any(|operand| !mortal[operand.buffer]);
        let outputs = || written.clone().filter(|operand| mortal[operand.buffer]);
        let outputs = || outputs().filter_map(|operand| module.access(operand).ok());
        if !is_kept && !is_seen && !outputs().any(|access| live.is_live(&access)) {
            dead.push(task);
            continue;
        }
        outputs().for_each(|access| live.kill(&access));
        for operand in reads(module, data).filter(|operand| mortal[operand.buffer]) {
            if let Ok(access) = module.access(operand) {
                live.revive(&access);
            }
        }
    }
    dead
}

/// Of each buffer or view, whether what a task writes there may never be seen: it is gone after the graph, or a further write may hide
/// it before.
fn mortal(module: &Module, graph: &Graph, local: &Arena<Buffer, bool>) -> Arena<Buffer, bool> {
    let mut is_written = Arena::filled(module.buffers.len(), false);
    let mut mortal = local.clone();
    for task in graph.program() {
        for operand in writes(module, &graph.tasks[task]) {
            let root = module.root(operand.buffer);
            mortal[root] |= std::mem::replace(&mut is_written[root], true);
        }
    }
    for (view, _) in module.buffers.iter().filter(|(_, data)| data.view.is_some()) {
        mortal[view] = mortal[module.root(view)];
    }
    mortal
}

/// Live bytes, as ranges from first byte to one past the last.
struct Live<'m> {
    module: &'m Module,
    ranges: Vec<Bytes>,
}

#[derive(Clone)]
enum Bytes {
    All,
    None,
    Some(Ranges),
}

impl<'m> Live<'m> {
    fn new(module: &'m Module, local: &Arena<Buffer, bool>) -> Self {
        let at_end = module.buffers.iter().map(|(buffer, data)| {
            if data.space == Space::Temp && local[buffer] { Bytes::None } else { Bytes::All }
        });
        Self { module, ranges: at_end.collect() }
    }

    /// Whether an access covers its buffer, which most do and which needs no ranges.
    fn is_whole(&self, access: &Access) -> bool {
        let size = self.module.byte_size(&self.module.buffers[access.root].ty);
        access.extent.is_contiguous()
            && access.extent.start() == 0
            && size.is_some_and(|size| access.extent.end() >= size)
    }

    fn is_live(&self, access: &Access) -> bool {
        match &self.ranges[access.root.index()] {
            Bytes::All => true,
            Bytes::None => false,
            Bytes::Some(ranges) => ranges.meet(&access.extent),
        }
    }

    fn kill(&mut self, access: &Access) {
        // A strided write leaves what is between its rows.
        if !access.extent.is_contiguous() {
            return;
        }
        let is_whole = self.is_whole(access);
        let (start, end) = (access.extent.start(), access.extent.end());
        let bytes = &mut self.ranges[access.root.index()];
        if is_whole {
            *bytes = Bytes::None;
            return;
        }
        if matches!(bytes, Bytes::All) {
            *bytes = Bytes::Some(Ranges::of(0, u64::MAX));
        }
        if let Bytes::Some(ranges) = bytes {
            ranges.remove(start, end);
        }
    }

    fn revive(&mut self, access: &Access) {
        let is_whole = self.is_whole(access);
        let (start, end) = (access.extent.start(), access.extent.end());
        let bytes = &mut self.ranges[access.root.index()];
        if is_whole {
            *bytes = Bytes::All;
            return;
        }
        if matches!(bytes, Bytes::None) {
            *bytes = Bytes::Some(Ranges::default());
        }
        if let Bytes::Some(ranges) = bytes {
            ranges.add(start, end);
        }
    }
}
