//! When graphs are executed, read off a host program of which the lines tell everything.
//!
//! Threads, contexts, updates, models, callbacks and all that other processes may have a hand in are not told by lines, and
//! a program with any of these is not read.

use acg_ir::flag::{EVENT_EXTERNAL, EVENT_SYNC};
use acg_ir::{Arena, Body, BodyId, Event, EventKind, Graph, GraphId, Module, Op, Scope, Step, Stream};
use rustc_hash::FxHashSet;

use crate::fixed::NOT_STRAIGHT;
use crate::own_events::each_event;

/// `ACL_EVENT_IPC`: other processes know the event.
const EVENT_IPC: u32 = 0x40;

/// The executions of one graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Executed {
    /// The step at which a line comes just before the first of them and is called once: it, or the outermost repetition around it.
    pub(crate) place: usize,
    /// The step of the first line that executes it.
    pub(crate) first: usize,
    /// The step of the last one.
    pub(crate) last: usize,
    /// The stream of the first one.
    pub(crate) stream: Option<Stream>,
    /// Whether all are on that stream.
    pub(crate) is_on_one_stream: bool,
    /// How many there are.
    pub(crate) times: u64,
}

/// The executions of all graphs.
#[derive(Debug)]
pub(crate) struct Executions {
    pub(crate) of: Arena<GraphId, Option<Executed>>,
    /// The step after which no graph is executed.
    pub(crate) end: usize,
}

impl Executions {
    /// The executions that `run`, the host program, calls.
    ///
    /// # Errors
    ///
    /// Why lines do not tell everything, as the end of a sentence that begins with "because".
    pub(crate) fn of(module: &Module, run: &Body) -> Result<Self, &'static str> {
        let own = owned_events(module);
        for (id, graph) in module.graphs.iter() {
            shown(graph, |event| own[event] == Some(BodyId::Graph(id)))?;
        }
        let mut executions = Self { of: Arena::filled(module.graphs.len(), None), end: 0 };
        // Of each open block, how often it is repeated, where it is.
        let mut open: Vec<Option<(u64, usize)>> = Vec::new();
        let mut executes_inside = false;
        for (at, step) in run.steps.iter().enumerate() {
            match *step {
                Step::Open(Scope::Stream(_)) => open.push(None),
                Step::Open(Scope::Repeat(0)) => return Err("the host program repeats something 0 times"),
                Step::Open(Scope::Repeat(times)) => open.push(Some((times, at))),
                Step::Open(_) => {
                    return Err("the host program has blocks of threads and the like, or updates");
                }
                Step::Close => {
                    open.pop();
                    if executes_inside && open.iter().all(Option::is_none) {
                        executions.end = at;
                        executes_inside = false;
                    }
                }
                Step::Task(task) => {
                    let data = &run.tasks[task];
                    if !is_told(module, data.op) {
                        return Err(
                            "the host program does more than its lines show: models, captures, callbacks, notifies, values or events of others",
                        );
                    }
                    if let Op::Execute(graph) = data.op {
                        let repeated = open.iter().flatten();
                        let times =
                            repeated.clone().fold(1, |all: u64, &(times, _)| all.saturating_mul(times));
                        let place = repeated.clone().next().map_or(at, |&(_, start)| start);
                        executes_inside = place != at;
                        executions.end = at;
                        executions.note(graph, at, place, data.stream, times);
                    }
                }
            }
        }
        Ok(executions)
    }

    fn note(&mut self, graph: GraphId, at: usize, place: usize, stream: Option<Stream>, times: u64) {
        let new = Executed { place, first: at, last: at, stream, is_on_one_stream: true, times };
        self.of[graph] = Some(self.of[graph].map_or(new, |known| Executed {
            last: at,
            is_on_one_stream: known.is_on_one_stream && known.stream == stream,
            times: known.times.saturating_add(times),
            ..known
        }));
    }
}

/// Of each event that a capture takes, the only body that mentions it.
fn owned_events(module: &Module) -> Arena<Event, Option<BodyId>> {
    let mut own = Arena::filled(module.events.len(), None);
    let mut shared = Arena::filled(module.events.len(), false);
    for (id, body) in module.bodies() {
        for task in body.program() {
            each_event(body.tasks[task].op, |event| {
                shared[event] |= own[event].is_some_and(|owner| owner != id);
                own[event] = Some(id);
            });
        }
    }
    for (event, data) in module.events.iter() {
        let is_captured = matches!(data.kind, EventKind::Ex(flags) if flags & EVENT_SYNC != 0);
        if shared[event] || !is_captured {
            own[event] = None;
        }
    }
    own
}

/// Whether a call of the host program does what its line shows and nothing else.
fn is_told(module: &Module, op: Op) -> bool {
    let is_outside = |event: Event| {
        let kind = module.events[event].kind;
        matches!(kind, EventKind::Ex(bits) | EventKind::WithFlag(bits) if bits & (EVENT_EXTERNAL | EVENT_IPC) != 0)
    };
    match op {
        Op::Record { external: true, .. } | Op::Wait { external: true, .. } => false,
        Op::Record { .. } | Op::Wait { .. } | Op::Query(_) | Op::Elapsed(..) | Op::Sync(_) => {
            let mut is_inside = true;
            each_event(op, |event| is_inside &= !is_outside(event));
            is_inside
        }
        Op::CopySync
        | Op::FillSync(_)
        | Op::Init
        | Op::Print
        | Op::Expect
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

/// Whether all that a graph does is work on its operands when it is executed, and plain copies and fills while it is captured.
fn shown(graph: &Graph, is_own: impl Fn(Event) -> bool) -> Result<(), &'static str> {
    if !graph.is_straight() {
        return Err(NOT_STRAIGHT);
    }
    let mut captured = FxHashSet::from_iter(graph.origin);
    let mut recorded: FxHashSet<Event> = FxHashSet::default();
    for task in graph.program() {
        let data = &graph.tasks[task];
        match data.op {
            Op::Record { event, external: false } if is_own(event) => {
                recorded.insert(event);
            }
            Op::Wait { event, external: false } if is_own(event) => {
                captured.extend(data.stream.filter(|_| recorded.contains(&event)));
            }
            Op::CopySync | Op::FillSync(_) => {}
            op if works(op) => {}
            _ => {
                return Err(
                    "a graph does more than its buffers show: events of others, notifies, values or host calls",
                );
            }
        }
        if data.stream.is_some_and(|stream| !captured.contains(&stream)) {
            return Err("a graph has work on streams that its capture does not hold");
        }
    }
    Ok(())
}
