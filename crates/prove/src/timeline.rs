//! When graphs are executed, by a host program of which the lines tell everything.

use acg_ir::flag::EVENT_EXTERNAL;
use acg_ir::{Body, Event, EventKind, Graph, Module, Op, Scope, Slate, Step, Stream, Task, TaskData};
use rustc_hash::FxHashSet;

use crate::order::index;
use crate::private::{Private, is_captured};

/// `ACL_EVENT_IPC`: other processes know the event.
const EVENT_IPC: u32 = 0x40;

/// One line that executes a graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Execution {
    /// Which step it is.
    pub(crate) at: usize,
    /// The step after which it is never called again: it, or the end of the repetitions around it.
    pub(crate) until: usize,
    pub(crate) stream: Option<Stream>,
}

/// The steps of a host program in time: all of an earlier one's calls are made before those of a later one, unless one block is repeated around both.
#[derive(Debug)]
pub(crate) struct Timeline {
    /// Of each graph, the lines that execute it, in order.
    executions: Vec<Vec<Execution>>,
    /// Lines that are called once.
    single: FxHashSet<u32>,
}

impl Timeline {
    /// The timeline of `run`; `None` where something in the module is not told by its lines, or not in their order.
    pub(crate) fn of(module: &Module, run: &Body, private: &Private) -> Option<Self> {
        let is_plain = |graph: &Graph| graph.updates.is_empty() && is_shown(graph, private);
        if !run.updates.is_empty() || !module.graphs.values().all(is_plain) {
            return None;
        }
        let mut timeline =
            Self { executions: vec![Vec::new(); module.graphs.len()], single: FxHashSet::default() };
        // Of each open block whether it repeats, and the graphs executed in the outermost that does.
        let mut open: Vec<bool> = Vec::new();
        let mut inside: Vec<usize> = Vec::new();
        for (at, step) in run.steps.iter().enumerate() {
            match *step {
                Step::Open(Scope::Stream(_)) => open.push(false),
                Step::Open(Scope::Repeat(times)) if times > 0 => open.push(true),
                Step::Open(_) => return None,
                Step::Close => {
                    open.pop();
                    if !open.contains(&true) {
                        for graph in inside.drain(..) {
                            let all = timeline.executions[graph].iter_mut().rev();
                            all.take_while(|execution| execution.until == usize::MAX)
                                .for_each(|execution| execution.until = at);
                        }
                    }
                }
                Step::Task(task) => {
                    let data = &run.tasks[task];
                    if !calls_what_it_shows(module, data.op) {
                        return None;
                    }
                    let is_repeated = open.contains(&true);
                    if !is_repeated {
                        timeline.single.insert(index(task) as u32);
                    }
                    if let Op::Execute(graph) = data.op {
                        let graph = acg_ir::Entity::index(graph);
                        let until = if is_repeated { usize::MAX } else { at };
                        timeline.executions[graph].push(Execution { at, until, stream: data.stream });
                        inside.extend(is_repeated.then_some(graph));
                    }
                }
            }
        }
        Some(timeline)
    }

    /// The lines that execute a graph, in order.
    pub(crate) fn executions(&self, graph: usize) -> &[Execution] {
        &self.executions[graph]
    }

    /// Whether a line of the host program is called just once.
    pub(crate) fn is_single(&self, task: Task) -> bool {
        self.single.contains(&(index(task) as u32))
    }
}

/// Whether a call of the host program does what its line shows, and nothing before it returns or behind it on its stream besides.
fn calls_what_it_shows(module: &Module, op: Op) -> bool {
    let is_own = |event: Event| {
        let (EventKind::Ex(flags) | EventKind::WithFlag(flags)) = module.events[event].kind else {
            return true;
        };
        flags & (EVENT_EXTERNAL | EVENT_IPC) == 0
    };
    match op {
        Op::Record { event, external } | Op::Wait { event, external } => !external && is_own(event),
        Op::CopySync
        | Op::FillSync(_)
        | Op::Init
        | Op::Print
        | Op::Expect
        | Op::Sync(_)
        | Op::Query(_)
        | Op::Elapsed(..)
        | Op::Destroy(_)
        | Op::Dump { .. }
        | Op::Execute(_) => true,
        op => works(op),
    }
}

fn works(op: Op) -> bool {
    matches!(
        op,
        Op::Copy | Op::Copy2d | Op::CopyBatch | Op::Fill(_) | Op::Reduce(_) | Op::Operator(_) | Op::Kernel(_)
    )
}

/// Whether all that a graph does is work on its operands, when it is executed, or plain copies and fills while it is captured.
fn is_shown(graph: &Graph, private: &Private) -> bool {
    let is_plain = |step: &Step| match *step {
        Step::Open(scope) => matches!(scope, Scope::Stream(_) | Scope::Group(_) | Scope::Relaxed),
        Step::Close => true,
        Step::Task(task) => match graph.tasks[task].op {
            Op::CopySync | Op::FillSync(_) => true,
            Op::Record { event, external: false } | Op::Wait { event, external: false } => private.has(event),
            op => works(op),
        },
    };
    graph.steps.iter().all(is_plain)
}

/// Tells of one graph after the other what its capture holds.
#[derive(Default)]
pub(crate) struct Captures {
    /// Whether the graph has no capture that begins on a stream.
    is_anything_held: bool,
    held: Slate<Stream, ()>,
    recorded: Slate<Event, ()>,
}

impl Captures {
    /// Whether the capture holds everything that stands on a stream: its origin, and streams that wait for a record of one that it holds.
    pub(crate) fn hold_all(&mut self, module: &Module, graph: &Graph) -> bool {
        self.begin(graph);
        let is_held = graph.program().all(|task| self.holds(module, &graph.tasks[task]));
        self.end();
        is_held
    }

    /// Begins a capture.
    pub(crate) fn begin(&mut self, graph: &Graph) {
        self.is_anything_held = graph.origin.is_none();
        if let Some(origin) = graph.origin {
            self.held.set(origin, ());
        }
    }

    /// Ends it.
    pub(crate) fn end(&mut self) {
        self.held.wipe();
        self.recorded.wipe();
    }

    /// Whether the capture holds the next task.
    #[inline]
    pub(crate) fn holds(&mut self, module: &Module, data: &TaskData) -> bool {
        self.is_anything_held || self.holds_reached(module, data)
    }

    fn holds_reached(&mut self, module: &Module, data: &TaskData) -> bool {
        let Some(stream) = data.stream else { return true };
        match data.op {
            Op::Wait { event, external: false } if self.recorded.at(event).is_some() => {
                self.held.set(stream, ());
            }
            Op::Record { event, external: false }
                if self.held.at(stream).is_some() && is_captured(module.events[event].kind) =>
            {
                self.recorded.set(event, ());
            }
            _ => {}
        }
        self.held.at(stream).is_some()
    }
}
