//! The meaning of a module: what its tasks see and what its graphs leave behind.

use std::num::NonZeroU64;

use acg_ir::dependence::{reads, writes};
use acg_ir::{BodyId, Buffer, BufferData, Entity, Mode, Module, Space, Symbol, TaskData};
use rustc_hash::FxHashMap;

use crate::declared::Declared;
use crate::hoisted::{Hoisted, hoisted};
use crate::host::Host;
use crate::order::Order;
use crate::private::Private;
use crate::sweep::{Ground, Sweep};
use crate::updates::{AllUpdates, Updates};
use crate::value::{Folds, Run};

/// The meaning of every graph of a module.
#[derive(Debug)]
pub struct Meaning {
    pub(crate) graphs: Vec<GraphMeaning>,
    pub(crate) declared: Declared,
    /// What the host program says.
    pub(crate) run: Option<Host>,
    /// Lines of the host program that this has and what it is compared with has not, each with the task that it stands for.
    pub(crate) hoisted: Vec<Hoisted>,
    /// Of each buffer, whether what it holds after a graph can be looked at.
    is_left: Vec<bool>,
    /// Those of them that have become views of others.
    pub(crate) hidden: Vec<Buffer>,
    /// How many events there are.
    pub(crate) events: usize,
}

/// What one graph means.
#[derive(Debug)]
pub(crate) struct GraphMeaning {
    pub(crate) name: Symbol,
    pub(crate) mode: Mode,
    /// Of each task, by number.
    pub(crate) tasks: Vec<TaskMeaning>,
    /// What tasks see that see bytes which nothing wrote, here or in what this is compared with.
    pub(crate) partial: FxHashMap<u32, Vec<Run>>,
    /// Buffers that can be looked at after the graph and hold something else then, each with a digest of it. Those that are not here hold
    /// what they did before the graph: of many graphs each has few that are.
    pub(crate) left: Vec<(Buffer, u64)>,
    /// What is in those of them that hold bytes which nothing wrote, here or in what this is compared with.
    pub(crate) partly_left: FxHashMap<Buffer, Vec<Run>>,
    /// The same for what calls of the host wrote before the graph ran.
    pub(crate) left_by_host: Vec<(Buffer, u64)>,
    /// What the values in all these were folded from.
    pub(crate) folds: Folds,
    /// Conflicting pairs that nothing orders, the earlier of the program first, sorted.
    pub(crate) unordered: Vec<(u32, u32)>,
    /// Pairs that `after` orders, the earlier first.
    pub(crate) required: Vec<(u32, u32)>,
    /// Waits and later records of the same event that may come first, sorted.
    pub(crate) reused: Vec<(u32, u32)>,
    /// Streams and waits; `None` for an `auto` graph.
    pub(crate) order: Option<Order>,
    /// Tasks in program order.
    pub(crate) program: Vec<u32>,
    /// Calls that the host makes at once, in program order.
    pub(crate) host: Vec<u32>,
    /// Its blocks.
    pub(crate) blocks: (Vec<u64>, usize),
    /// Everything that it says, where it does not go straight on.
    pub(crate) lines: Option<u64>,
    /// Whether its capture holds everything that stands on a stream.
    pub(crate) holds_all: bool,
    /// Of tasks with operands that share bytes which one of them writes: how they do.
    pub(crate) overlaps: FxHashMap<u32, Vec<u64>>,
}

/// What a task is to a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is not in the program.
    Absent,
    /// It only orders: a record or wait of a private event.
    Sync,
    /// It only moves bytes.
    Copy,
    /// All it does is to write its outputs.
    Work,
    /// It has no outputs, so that it does what nobody knows; it follows its inputs like work and stays.
    Silent,
    /// It does something that no buffer shows.
    Effect,
}

/// A task in a meaning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TaskMeaning {
    pub(crate) role: Role,
    /// What it does.
    pub(crate) identity: u64,
    /// Its name, counted from 1; 0 where it has none.
    pub(crate) name: u32,
    /// The blocks that it stands in; 0 outside of all.
    pub(crate) block: u64,
    /// Which bytes it touches.
    pub(crate) touches: u64,
    /// Which values it sees; `None` where it sees bytes that nothing wrote.
    pub(crate) sees: Option<NonZeroU64>,
}

impl TaskMeaning {
    pub(crate) const ABSENT: Self =
        Self { role: Role::Absent, identity: 0, name: 0, block: 0, touches: 0, sees: None };
}

impl Meaning {
    /// The meaning of `module`, whose invariants hold.
    pub fn of(module: &Module) -> Self {
        Self::measure(module, None, left(module))
    }

    /// The meaning of what a pass made of a module that meant `before`, in as much detail as a comparison takes.
    pub fn of_result(module: &Module, before: &Self) -> Self {
        // A temporary whose contents count does so whatever a pass made of its other uses.
        let mut is_left = before.is_left.clone();
        is_left.truncate(module.buffers.len());
        if is_left.len() < module.buffers.len() {
            is_left.extend_from_slice(&left(module)[is_left.len()..]);
        }
        Self::measure(module, Some(before), is_left)
    }

    /// This, the meaning of `module`, as what the next pass is given: temporaries that the host program fills now count as well from now on.
    #[must_use]
    pub fn settled(self, module: &Module) -> Self {
        if self.hoisted.is_empty() {
            return self;
        }
        let now = left(module).into_iter().enumerate();
        let is_left = now.map(|(at, left)| left || self.is_left.get(at).copied().unwrap_or(false)).collect();
        Self::measure(module, None, is_left)
    }

    /// This, the meaning of `module` but for where temporaries lie, as what the next pass is given.
    #[must_use]
    pub fn moved(self, module: &Module) -> Self {
        let mut is_left = self.is_left;
        is_left.resize(module.buffers.len(), false);
        Self::measure(module, None, is_left)
    }

    /// Of each graph, whether it goes straight on, its tasks are on streams and do nothing but what buffers show, and all of them that conflict are ordered.
    pub fn ordered(&self) -> Vec<bool> {
        let is_ordered = |graph: &GraphMeaning| {
            graph.unordered.is_empty()
                && graph.order.is_some()
                && graph.lines.is_none()
                && graph.tasks.iter().all(|task| task.role != Role::Effect)
        };
        self.graphs.iter().map(is_ordered).collect()
    }

    /// How many buffers there are.
    pub(crate) fn buffers(&self) -> usize {
        self.is_left.len()
    }

    /// Whether what a buffer holds after a graph can be looked at.
    pub(crate) fn counts(&self, buffer: Buffer) -> bool {
        self.is_left.get(buffer.index()).copied().unwrap_or(false)
    }

    fn measure(module: &Module, before: Option<&Self>, is_left: Vec<bool>) -> Self {
        let private = Private::of(module);
        let hoisted = before.map_or(Vec::new(), |before| hoisted(module, before, &private));
        let mut given: Vec<Vec<(u32, &TaskData)>> = vec![Vec::new(); module.graphs.len()];
        for (hoisted, run) in hoisted.iter().zip(module.run.iter().cycle()) {
            given[hoisted.graph].push((hoisted.task, &run.tasks[hoisted.line]));
        }
        let updates = AllUpdates::of(module);
        let mut ground = Ground::new(module, &is_left);
        let graphs = module.graphs.values().zip(&given).enumerate().map(|(number, (graph, given))| {
            let before = before.and_then(|before| before.graphs.get(number));
            let updates = Updates::of(&updates, number, graph);
            Sweep::new(module, graph, &private, before, updates, &mut ground).run(given)
        });
        Self {
            graphs: graphs.collect(),
            run: module.run.as_ref().map(|run| Host::of(module, run)),
            hoisted,
            declared: Declared::of(module, &private),
            hidden: hidden(module, &is_left),
            is_left,
            events: module.events.len(),
        }
    }
}

/// Buffers whose contents after a graph count: all that are not temporaries, temporaries that more than one body touches, and those that
/// calls of the host fill before a graph runs, however often it does.
fn left(module: &Module) -> Vec<bool> {
    let mut owner: Vec<Option<usize>> = vec![None; module.buffers.len()];
    let is_kept = |data: &BufferData| data.space != Space::Temp && data.view.is_none();
    let mut left: Vec<bool> = module.buffers.values().map(is_kept).collect();
    if !left.contains(&false) {
        return left;
    }
    let is_only = module.bodies().count() == 1;
    for (number, (id, body)) in module.bodies().enumerate() {
        for task in body.program() {
            let data = &body.tasks[task];
            let is_host = id == BodyId::Run || !data.op.takes_stream();
            if is_only && !is_host {
                continue;
            }
            for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                let at = module.root(operand.buffer).index();
                left[at] |= is_host || owner[at].is_some_and(|owner| owner != number);
                owner[at] = Some(number);
            }
        }
    }
    left
}

fn hidden(module: &Module, is_left: &[bool]) -> Vec<Buffer> {
    let views = module.buffers.iter().filter(|(_, data)| data.view.is_some());
    views.map(|(view, _)| view).filter(|view| is_left[view.index()]).collect()
}
