//! `eliminate-dead-tasks`: removes tasks whose results nobody sees.
//!
//! Backwards from the end of the graph, where all memory but temporaries can be looked at, a byte is live until something overwrites it.
//! A copy, fill, operator or kernel that writes no live byte is dead. Task groups are left alone, because an update counts on their
//! tasks, and so are tasks that an `after` names. A kernel that writes nothing at all is there for something that its text does not say.

use crate::context::Outcome;
use crate::ranges::Ranges;
use crate::{Context, Pass, Subject, fixed, named, temporaries};
use acg_ir::dependence::{each_read, writes};
use acg_ir::{Access, Arena, Buffer, Graph, GraphId, Module, Op, Operand, Slate, Step, Task};

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
        let mut live = Live::new(temporaries::local(module, context));
        for id in fixed::changeable(module) {
            let dead = dead(module, id, &mut live);
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
fn dead(module: &Module, id: GraphId, live: &mut Live) -> Vec<Task> {
    let graph = &module.graphs[id];
    let all_is_seen = live.all_is_seen(module, graph);
    if all_is_seen && !cfg!(debug_assertions) {
        return Vec::new();
    }
    let named = named::named(module, graph);
    live.begin(module, graph);
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
        let is_seen = written.clone().any(|operand| !live.is_mortal(module, operand));
        if !is_kept && !is_seen && !written.clone().any(|operand| live.is_live(module, operand)) {
            dead.push(task);
            continue;
        }
        written.for_each(|operand| live.kill(module, operand));
        each_read(module, data, |operand| live.revive(module, operand));
    }
    debug_assert!(!all_is_seen || dead.is_empty(), "what is plainly seen is not dead");
    dead
}

/// Live bytes of one graph after the other.
struct Live {
    /// Of each buffer, whether it is gone after the graph.
    local: Arena<Buffer, bool>,
    /// Of the buffers that the graph writes.
    bytes: Slate<Buffer, Bytes>,
    /// Of the same, in the order of the program, whether anything sees what was written.
    is_seen: Slate<Buffer, bool>,
}

/// Live bytes of one buffer.
enum Bytes {
    /// All, whatever is done: it is written once and outlives the graph.
    Immortal,
    All,
    None,
    /// As ranges from first byte to one past the last.
    Some(Ranges),
}

impl Live {
    fn new(local: Arena<Buffer, bool>) -> Self {
        let (bytes, is_seen) = (Slate::with_room(local.len()), Slate::with_room(local.len()));
        Self { local, bytes, is_seen }
    }

    /// Whether it is plain that no task of `graph` is dead: no two write to one buffer, and what is gone after the graph is written as a whole
    /// and read later. From the last task on, what each writes is read by one that lives.
    fn all_is_seen(&mut self, module: &Module, graph: &Graph) -> bool {
        self.is_seen.wipe();
        let mut unseen = 0usize;
        for step in graph.runs().flatten() {
            let Step::Task(task) = *step else { continue };
            let data = &graph.tasks[task];
            if !data.op.takes_stream() {
                continue;
            }
            each_read(module, data, |operand| {
                if let Some(is_seen) = self.is_seen.at_mut(module.root(operand.buffer)) {
                    unseen -= usize::from(!std::mem::replace(is_seen, true));
                }
            });
            for operand in writes(module, data) {
                let root = module.root(operand.buffer);
                let (is_local, is_part) =
                    (self.local[root], operand.slice.is_some() || root != operand.buffer);
                if self.is_seen.set(root, !is_local).is_some() || (is_local && is_part) {
                    return false;
                }
                unseen += usize::from(is_local);
            }
        }
        unseen == 0
    }

    /// Begins with what is live after `graph`.
    fn begin(&mut self, module: &Module, graph: &Graph) {
        self.bytes.wipe();
        for task in graph.program() {
            for operand in writes(module, &graph.tasks[task]) {
                let root = module.root(operand.buffer);
                match self.bytes.at_mut(root) {
                    Some(bytes @ Bytes::Immortal) => *bytes = Bytes::All,
                    Some(_) => {}
                    None => {
                        let bytes = if self.local[root] { Bytes::None } else { Bytes::Immortal };
                        self.bytes.set(root, bytes);
                    }
                }
            }
        }
    }

    /// Whether what a task writes there may never be seen: it is gone after the graph, or a further write may hide it before.
    fn is_mortal(&self, module: &Module, operand: Operand) -> bool {
        self.bytes.at(module.root(operand.buffer)).is_some_and(|bytes| !matches!(bytes, Bytes::Immortal))
    }

    fn is_live(&mut self, module: &Module, operand: Operand) -> bool {
        self.access(module, operand).is_some_and(|(access, bytes)| match bytes {
            Bytes::All | Bytes::Immortal => true,
            Bytes::None => false,
            Bytes::Some(ranges) => ranges.meet(&access.extent),
        })
    }

    fn kill(&mut self, module: &Module, operand: Operand) {
        let Some((access, bytes)) = self.access(module, operand) else { return };
        // A strided write leaves what is between its rows.
        if !access.extent.is_contiguous() {
            return;
        }
        if is_whole(module, &access) {
            *bytes = Bytes::None;
            return;
        }
        if matches!(bytes, Bytes::All) {
            *bytes = Bytes::Some(Ranges::of(0, u64::MAX));
        }
        if let Bytes::Some(ranges) = bytes {
            ranges.remove(access.extent.start(), access.extent.end());
        }
    }

    fn revive(&mut self, module: &Module, operand: Operand) {
        let Some((access, bytes)) = self.access(module, operand) else { return };
        if is_whole(module, &access) {
            *bytes = Bytes::All;
            return;
        }
        if matches!(bytes, Bytes::None) {
            *bytes = Bytes::Some(Ranges::default());
        }
        if let Bytes::Some(ranges) = bytes {
            ranges.add(access.extent.start(), access.extent.end());
        }
    }

    /// What `operand` accesses, with the live bytes of its buffer, if those matter.
    fn access(&mut self, module: &Module, operand: Operand) -> Option<(Access, &mut Bytes)> {
        let bytes = self.bytes.at_mut(module.root(operand.buffer))?;
        if matches!(bytes, Bytes::Immortal) {
            return None;
        }
        Some((module.access(operand).ok()?, bytes))
    }
}

/// Whether an access covers its buffer, which most do and which needs no ranges.
fn is_whole(module: &Module, access: &Access) -> bool {
    let size = module.byte_size(&module.buffers[access.root].ty);
    access.extent.is_contiguous()
        && access.extent.start() == 0
        && size.is_some_and(|size| access.extent.end() >= size)
}
