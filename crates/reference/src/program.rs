//! A program made ready for execution: every capture as lanes of nodes and the waits between them.
//!
//! A [`Section`] is what one capture stores: a graph, a part of one between `segment` lines, or a branch of a conditional task. A captured
//! wait follows the latest record of its event before it in the capture (capture-rules, section 3.1). Work on a stream
//! that the capture does not hold is done once, while it is captured.
//!
//! **Invariant:** a wait inside of a section leads from an earlier node to a later one.

use acg_ir::body::{Body, BodyId, Branch, Conditional, Scope, Step, Update};
use acg_ir::flag::EVENT_SYNC;
use acg_ir::{
    Cond, Entity, Event, EventKind, Extent, Graph, GraphId, Module, Op, Operand, Stream, Symbol, Task,
    TaskData,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::fault::{Line, Site};
use crate::words::Words;

/// What one capture stores.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    pub(crate) nodes: Vec<Node>,
    /// The nodes of each lane, in order; the origin's come first.
    pub(crate) lanes: Vec<Vec<u32>>,
    /// The number of its first lane among those of the graph.
    pub(crate) first_lane: u32,
}

/// A task of a capture.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) site: Site,
    pub(crate) lane: u32,
    /// How many records it waits for.
    pub(crate) waits: u32,
    /// The nodes that wait for it.
    pub(crate) releases: Vec<u32>,
    /// The task group that it is in, and its number there.
    pub(crate) group: Option<(Symbol, u32)>,
}

/// A captured graph.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captured {
    /// The sections that executing it runs one after the other.
    pub(crate) segments: Vec<u32>,
    /// What is done once, while it is captured.
    pub(crate) eager: Vec<Task>,
    /// Conditions that have a value before every execution, with the place of the model that they belong to among the segments.
    pub(crate) conds: Vec<(usize, Cond)>,
    /// How many lanes all of its sections have.
    pub(crate) lanes: u32,
}

/// Memory that tasks can race for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Root {
    /// A buffer that is no view.
    Buffer(acg_ir::Buffer),
    /// The kernels of a task group.
    Group(GraphId, Symbol),
}

/// Bytes that a task touches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    pub(crate) root: Root,
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Where [`Touches::strided`] holds the extent, if it has gaps.
    pub(crate) strided: Option<u32>,
    pub(crate) writes: bool,
}

/// What the tasks of a body touch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Touches {
    /// Where those of each task end.
    ends: Vec<u32>,
    list: Vec<Touch>,
    strided: Vec<Extent>,
}

impl Touches {
    fn of(module: &Module, body: &Body) -> Self {
        let mut touches = Self::default();
        for data in body.tasks.values() {
            // Words that are written and waited for are signals and race with nothing.
            if !matches!(data.op, Op::WriteValue(_) | Op::WaitValue(..)) {
                for operand in acg_ir::dependence::reads(module, data) {
                    touches.push(module, operand, false);
                }
                for &operand in data.outputs.of(&module.operands) {
                    touches.push(module, operand, true);
                }
            }
            touches.ends.push(touches.list.len() as u32);
        }
        touches
    }

    fn push(&mut self, module: &Module, operand: Operand, writes: bool) {
        let Ok(access) = module.access(operand) else { return };
        let mut strided = None;
        if !access.extent.is_contiguous() {
            strided = Some(self.strided.len() as u32);
            self.strided.push(access.extent.clone());
        }
        let (start, end) = (access.extent.start(), access.extent.end());
        self.list.push(Touch { root: Root::Buffer(access.root), start, end, strided, writes });
    }

    /// What a task touches.
    pub(crate) fn task(&self, task: Task) -> &[Touch] {
        let end = self.ends.get(task.index()).copied().unwrap_or(0) as usize;
        let before = task.index().checked_sub(1).and_then(|before| self.ends.get(before));
        self.list.get(before.map_or(0, |&start| start as usize)..end).unwrap_or(&[])
    }

    /// The bytes of a touch that has gaps.
    pub(crate) fn extent(&self, touch: &Touch) -> Option<&Extent> {
        self.strided.get(touch.strided? as usize)
    }
}

/// A program, ready for execution.
#[derive(Clone, Debug)]
pub struct Program<'m> {
    pub(crate) module: &'m Module,
    pub(crate) sections: Vec<Section>,
    /// By graph.
    pub(crate) graphs: Vec<Captured>,
    /// The sections of the branches of conditional tasks, by number.
    pub(crate) branches: FxHashMap<(GraphId, Conditional), Vec<Option<u32>>>,
    /// By graph, then those of the host program.
    touches: Vec<Touches>,
    /// Words that some task waits for.
    pub(crate) words: Words,
    /// Where the kernels of each update of the host program stand, as steps.
    updates: FxHashMap<Update, usize>,
}

impl<'m> Program<'m> {
    /// Makes `module`, whose invariants hold, ready. Tasks of `auto` graphs are taken in the order of their lines.
    pub fn new(module: &'m Module) -> Self {
        let touches = module.graphs.values().map(|graph| &graph.body).chain(&module.run);
        let mut program = Self {
            module,
            sections: Vec::new(),
            graphs: Vec::new(),
            branches: FxHashMap::default(),
            touches: touches.map(|body| Touches::of(module, body)).collect(),
            words: Words::default(),
            updates: FxHashMap::default(),
        };
        for (id, graph) in module.graphs.iter() {
            let captured = Capture::new(&mut program, id, graph).run();
            program.graphs.push(captured);
        }
        let tasks = module.bodies().flat_map(|(_, body)| body.tasks.values());
        for data in tasks.filter(|data| matches!(data.op, Op::WaitValue(..))) {
            let words = data.inputs.of(&module.operands).iter();
            words.filter_map(|&operand| module.access(operand).ok()).for_each(|word| program.words.add(word));
        }
        for (at, step) in module.run.iter().flat_map(|run| run.steps.iter().enumerate()) {
            if let Step::Open(Scope::Update(update)) = *step {
                program.updates.insert(update, at + 1);
            }
        }
        program
    }

    /// What the tasks of a body touch.
    pub(crate) fn touches(&self, body: BodyId) -> Option<&Touches> {
        match body {
            BodyId::Graph(graph) => self.touches.get(graph.index()),
            BodyId::Run => self.touches.get(self.module.graphs.len()),
        }
    }

    /// The kernels of an update of the host program, in order.
    pub(crate) fn tasks_of(&self, update: Update) -> impl Iterator<Item = Task> + 'm {
        let run: Option<&'m Body> = self.module.run.as_ref();
        let start = self.updates.get(&update).copied();
        let inside = run.zip(start).and_then(|(run, start)| run.steps.get(start..)).unwrap_or(&[]);
        inside.iter().map_while(|step| if let Step::Task(task) = *step { Some(task) } else { None })
    }

    /// The task at a site, if one is there.
    pub(crate) fn task(&self, site: Site) -> Option<&'m TaskData> {
        match site.line {
            Line::Task(task) => Some(&self.module.body(site.body)?.tasks[task]),
            Line::Conditional(_) | Line::Update(_) => None,
        }
    }
}

/// Whether records of the event are signals at run time and no edges of a capture.
pub(crate) fn is_external(module: &Module, event: Event, flag: bool) -> bool {
    flag || module.events[event].kind.is_external()
}

/// Whether a capture stores records of such an event.
fn is_captured(kind: EventKind) -> bool {
    matches!(kind, EventKind::Ex(flags) if flags & EVENT_SYNC != 0)
}

/// A section while its lines are gone through.
#[derive(Default)]
struct Open {
    section: Section,
    /// The lane of each stream that the capture holds.
    lanes: FxHashMap<Option<Stream>, u32>,
    /// The latest record of each event.
    recorded: FxHashMap<Event, u32>,
}

impl Open {
    fn new(origin: Option<Stream>) -> Self {
        let mut open = Self::default();
        open.section.lanes.push(Vec::new());
        open.lanes.insert(origin, 0);
        open
    }

    fn lane(&mut self, stream: Option<Stream>) -> u32 {
        let next = self.section.lanes.len() as u32;
        let lane = *self.lanes.entry(stream).or_insert(next);
        if lane == next {
            self.section.lanes.push(Vec::new());
        }
        lane
    }

    fn push(&mut self, site: Site, stream: Option<Stream>, group: Option<(Symbol, u32)>) -> u32 {
        let lane = self.lane(stream);
        let node = self.section.nodes.len() as u32;
        self.section.nodes.push(Node { site, lane, waits: 0, releases: Vec::new(), group });
        if let Some(nodes) = self.section.lanes.get_mut(lane as usize) {
            nodes.push(node);
        }
        node
    }
}

/// Goes through the lines of one graph.
struct Capture<'p, 'm> {
    program: &'p mut Program<'m>,
    id: GraphId,
    graph: &'m Graph,
    captured: Captured,
    open: Vec<(Open, Option<Branch>)>,
    group: Option<(Symbol, u32)>,
    /// What each open block is.
    scopes: Vec<Scope>,
    /// Streams with work that is done while the graph is captured.
    outside: FxHashSet<Stream>,
}

impl<'p, 'm> Capture<'p, 'm> {
    fn new(program: &'p mut Program<'m>, id: GraphId, graph: &'m Graph) -> Self {
        Self {
            program,
            id,
            graph,
            captured: Captured::default(),
            open: vec![(Open::new(graph.origin), None)],
            group: None,
            scopes: Vec::new(),
            outside: FxHashSet::default(),
        }
    }

    fn run(mut self) -> Captured {
        let graph = self.graph;
        for step in &graph.steps {
            match *step {
                Step::Task(task) => self.task(task),
                Step::Open(scope) => self.enter(scope),
                Step::Close => self.leave(),
            }
        }
        while let Some(open) = self.open.pop() {
            self.finish(open);
        }
        self.captured
    }

    fn enter(&mut self, scope: Scope) {
        self.scopes.push(scope);
        match scope {
            Scope::Group(group) => self.group = Some((self.graph.groups[group].name, 0)),
            Scope::Conditional(conditional) => {
                let stream = self.graph.conditionals[conditional].stream;
                let site = Site { body: BodyId::Graph(self.id), line: Line::Conditional(conditional) };
                if let Some((open, _)) = self.open.last_mut() {
                    open.push(site, Some(stream), None);
                }
            }
            Scope::Branch(branch) => {
                self.open.push((Open::new(Some(self.graph.branches[branch].origin)), Some(branch)));
            }
            _ => {}
        }
    }

    fn leave(&mut self) {
        match self.scopes.pop() {
            Some(Scope::Group(_)) => self.group = None,
            Some(Scope::Branch(_)) => {
                if let Some(open) = self.open.pop() {
                    self.finish(open);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, (mut open, branch): (Open, Option<Branch>)) {
        let number = self.program.sections.len() as u32;
        open.section.first_lane = self.captured.lanes;
        self.captured.lanes += open.section.lanes.len() as u32;
        self.program.sections.push(open.section);
        match branch {
            Some(branch) => {
                let data = &self.graph.branches[branch];
                let sections = self.program.branches.entry((self.id, data.conditional)).or_default();
                let at = data.number as usize;
                sections.resize(sections.len().max(at + 1), None);
                sections[at].get_or_insert(number);
            }
            None => self.captured.segments.push(number),
        }
    }

    fn task(&mut self, task: Task) {
        let data = &self.graph.tasks[task];
        match data.op {
            Op::CopySync | Op::FillSync(_) => self.captured.eager.push(task),
            Op::Cond(cond) if self.program.module.conds[cond].default.is_some() => {
                self.captured.conds.push((self.captured.segments.len(), cond));
            }
            Op::Segment => {
                if self.open.len() == 1
                    && let Some(open) = self.open.pop()
                {
                    self.finish(open);
                    self.open.push((Open::new(self.graph.origin), None));
                }
            }
            op if op.takes_stream() => self.stream_task(task, data),
            _ => {}
        }
    }

    fn stream_task(&mut self, task: Task, data: &TaskData) {
        let module = self.program.module;
        let Some((open, _)) = self.open.last_mut() else { return };
        let record = match data.op {
            Op::Wait { event, external } if !is_external(module, event, external) => {
                open.recorded.get(&event).copied()
            }
            _ => None,
        };
        let holds = data.stream.is_none() || open.lanes.contains_key(&data.stream) || record.is_some();
        if !holds {
            self.outside.extend(data.stream);
            self.captured.eager.push(task);
            return;
        }
        if matches!(data.op, Op::Wait { event, external } if !is_external(module, event, external))
            && record.is_none()
        {
            // A wait for an event that the capture has not recorded is no task.
            return;
        }
        let group = self.group.as_mut().map(|(name, number)| {
            *number += 1;
            (*name, *number - 1)
        });
        let site = Site { body: BodyId::Graph(self.id), line: Line::Task(task) };
        let node = open.push(site, data.stream, group);
        if let Some(record) = record {
            open.section.nodes[record as usize].releases.push(node);
            open.section.nodes[node as usize].waits += 1;
        }
        if let Op::Record { event, external } = data.op
            && !is_external(module, event, external)
            && is_captured(module.events[event].kind)
        {
            open.recorded.insert(event, node);
        }
    }
}
