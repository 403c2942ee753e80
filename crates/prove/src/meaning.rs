//! The meaning of a module: what its tasks see and what its graphs leave behind.

use acg_ir::dependence::{reads, writes};
use acg_ir::{BodyId, Buffer, BufferData, Entity, Mode, Module, Space, Symbol, TaskData};
use rustc_hash::FxHashMap;

use crate::declared::Declared;
use crate::hoisted::{Hoisted, hoisted};
use crate::host::Host;
use crate::outline::Outline;
use crate::survey::Survey;
use crate::sweep::{Ground, Sweep};
use crate::tasks::Role;
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
    /// What its lines say.
    pub(crate) survey: Survey,
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
    /// Calls that the host makes at once, in program order.
    pub(crate) host: Vec<u32>,
    /// Everything that it says, where it does not go straight on.
    pub(crate) lines: Option<u64>,
    /// Of tasks with operands that share bytes which one of them writes: how they do.
    pub(crate) overlaps: FxHashMap<u32, Vec<u64>>,
}

impl Meaning {
    /// The meaning of `module`, whose invariants hold.
    pub fn of(module: &Module) -> Self {
        let outline = Outline::of(module);
        let is_left = left(module, &outline);
        Self::measure(module, None, is_left, &outline)
    }

    /// The meaning of what a pass made of a module that meant `before`, in as much detail as a comparison takes.
    pub fn of_result(module: &Module, before: &Self) -> Self {
        let outline = Outline::of(module);
        // A temporary whose contents count does so whatever a pass made of its other uses.
        let mut is_left = before.is_left.clone();
        is_left.truncate(module.buffers.len());
        if is_left.len() < module.buffers.len() {
            is_left.extend_from_slice(&left(module, &outline)[is_left.len()..]);
        }
        Self::measure(module, Some(before), is_left, &outline)
    }

    /// This, the meaning of `module`, as what the next pass is given: temporaries that the host program fills now count as well from now on.
    #[must_use]
    pub fn settled(self, module: &Module) -> Self {
        if self.hoisted.is_empty() {
            return self;
        }
        let outline = Outline::of(module);
        let now = left(module, &outline).into_iter().enumerate();
        let is_left = now.map(|(at, left)| left || self.is_left.get(at).copied().unwrap_or(false)).collect();
        Self::measure(module, None, is_left, &outline)
    }

    /// This, the meaning of `module` but for where temporaries lie, as what the next pass is given.
    #[must_use]
    pub fn moved(self, module: &Module) -> Self {
        let mut is_left = self.is_left;
        is_left.resize(module.buffers.len(), false);
        Self::measure(module, None, is_left, &Outline::of(module))
    }

    /// Of each graph, whether it goes straight on, its tasks are on streams and do nothing but what buffers show, and all of them that conflict are ordered.
    pub fn ordered(&self) -> Vec<bool> {
        let is_ordered = |graph: &GraphMeaning| {
            graph.unordered.is_empty()
                && graph.survey.order.is_some()
                && graph.lines.is_none()
                && !graph.survey.tasks.roles().contains(&Role::Effect)
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

    fn measure(module: &Module, before: Option<&Self>, is_left: Vec<bool>, outline: &Outline) -> Self {
        let private = &outline.private;
        let hoisted = before.map_or(Vec::new(), |before| hoisted(module, before, private));
        let mut given: Vec<Vec<(u32, &TaskData)>> = vec![Vec::new(); module.graphs.len()];
        for (hoisted, run) in hoisted.iter().zip(module.run.iter().cycle()) {
            given[hoisted.graph].push((hoisted.task, &run.tasks[hoisted.line]));
        }
        let updates = AllUpdates::of(module);
        let mut ground = Ground::new(module, &is_left);
        let graphs = module.graphs.values().zip(&given).enumerate().map(|(number, (graph, given))| {
            let before = before.and_then(|before| before.graphs.get(number));
            let updates = Updates::of(&updates, number, graph);
            Sweep::new(module, graph, (&outline.bodies[number], private), before, updates, &mut ground)
                .run(given)
        });
        Self {
            graphs: graphs.collect(),
            run: module.run.as_ref().map(|run| Host::of(module, run)),
            hoisted,
            declared: Declared::of(module, private),
            hidden: hidden(module, &is_left),
            is_left,
            events: module.events.len(),
        }
    }
}

/// Buffers whose contents after a graph count: all that are not temporaries, temporaries that more than one body touches, and those that
/// calls of the host fill before a graph runs, however often it does.
fn left(module: &Module, outline: &Outline) -> Vec<bool> {
    let is_kept = |data: &BufferData| data.space != Space::Temp && data.view.is_none();
    let mut left: Vec<bool> = module.buffers.values().map(is_kept).collect();
    let is_only = outline.bodies.len() == 1;
    if !left.contains(&false) || (is_only && module.run.is_none() && !outline.bodies[0].has_calls) {
        return left;
    }
    let mut owner: Vec<Option<usize>> = vec![None; module.buffers.len()];
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
