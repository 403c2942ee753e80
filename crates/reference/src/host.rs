//! The host program: its calls in the order of their lines.
//!
//! The host is one sequence of calls, as the language says, also where lines are called by several threads. `init` lines at the start of the
//! program come before the captures, so that what a capture copies at once is there; then come the captures that no
//! `capture` line makes, and then all other lines. A program without a `run` block executes each of its graphs once.

use acg_ir::body::{Body, BodyId, Scope, Step};
use acg_ir::{Entity, GraphId, Op, Place, Stream, SyncTarget, Task, TaskData, Value};
use rustc_hash::FxHashSet;

use crate::executor::{Engine, HOST, Lane, Work};
use crate::fault::{Fault, Line, Site, Unmet};
use crate::number::Number;
use crate::program::{Program, is_external};
use crate::signals::Ticket;
use crate::{element, evaluate, memory, show};

/// What stands behind values that stand-ins have part in.
const MADE_UP: &str = " // made up";

/// What the host waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    Nothing,
    Stream(u32),
    Record(Ticket),
    Device,
}

/// The state of the host.
pub(crate) struct Host {
    /// The next step of the host program.
    at: usize,
    /// What each open block is, with the step after its header and how often it is still to be repeated.
    open: Vec<(usize, u64)>,
    /// Without a host program: the graphs that are still to be executed.
    rest: Vec<GraphId>,
    wait: Wait,
    site: Option<Site>,
    done: bool,
    /// Whether its next call is among those that may be chosen.
    pub(crate) offered: bool,
    /// Its last call that touched memory or waited.
    pub(crate) place: Option<Place>,
    pub(crate) printed: Vec<String>,
    pub(crate) unmet: Vec<Unmet>,
}

fn site(task: Task) -> Site {
    Site { body: BodyId::Run, line: Line::Task(task) }
}

impl Host {
    pub(crate) fn new(program: &Program<'_>) -> Self {
        let rest = match program.module.run {
            Some(_) => Vec::new(),
            None => program.module.graphs.keys().rev().collect(),
        };
        Self {
            at: 0,
            open: Vec::new(),
            rest,
            wait: Wait::Nothing,
            site: None,
            done: false,
            offered: false,
            place: None,
            printed: Vec::new(),
            unmet: Vec::new(),
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// The call at which the host waits.
    pub(crate) fn waits_at(&self) -> Option<Site> {
        self.site.filter(|_| self.wait != Wait::Nothing)
    }

    /// Which graphs are executed on which streams.
    pub(crate) fn executions(program: &Program<'_>) -> Vec<(Option<Stream>, GraphId)> {
        let module = program.module;
        match &module.run {
            None => module.graphs.iter().map(|(id, graph)| (graph.origin, id)).collect(),
            Some(body) => {
                let executed = |data: &TaskData| match data.op {
                    Op::Execute(graph) | Op::ExecuteSegment { graph, .. } => Some((data.stream, graph)),
                    _ => None,
                };
                body.tasks.values().filter_map(executed).collect()
            }
        }
    }
}

impl<'p> Engine<'p> {
    fn body(&self) -> Option<&'p Body> {
        self.program.module.run.as_ref()
    }

    /// What comes before the host program: its first `init` lines, and the captures that no line makes.
    pub(crate) fn start(&mut self) -> Result<(), Fault> {
        let module = self.program.module;
        if let Some((body, task)) = module.bare_call() {
            let why = "this line is a call by itself: what it does to the others is the runtime's to know";
            return Err(Fault::not_executable(Site { body, line: Line::Task(task) }, why));
        }
        if let Some(body) = self.body() {
            for task in body.leading_inits() {
                self.host_task(site(task))?;
                self.host.at += 1;
            }
        }
        let lines = self.body().into_iter().flat_map(|body| body.tasks.values());
        let later: FxHashSet<GraphId> = lines
            .filter_map(|data| if let Op::Capture(graph) = data.op { Some(graph) } else { None })
            .collect();
        for graph in module.graphs.keys().filter(|graph| !later.contains(graph)) {
            self.capture(graph)?;
        }
        Ok(())
    }

    /// A capture: what it does at once is done, the rest is stored.
    fn capture(&mut self, graph: GraphId) -> Result<(), Fault> {
        let program = self.program;
        let Some(captured) = program.graphs.get(graph.index()) else { return Ok(()) };
        for &task in &captured.eager {
            self.call(Site { body: BodyId::Graph(graph), line: Line::Task(task) })?;
        }
        Ok(())
    }

    /// Whether what the host waits for is there.
    pub(crate) fn host_may_go_on(&self) -> bool {
        match self.host.wait {
            Wait::Nothing => true,
            Wait::Stream(lane) => self.is_idle(lane),
            Wait::Record(ticket) => self.signals.is_redeemed(ticket),
            Wait::Device => self.active == 0,
        }
    }

    fn is_idle(&self, lane: u32) -> bool {
        match self.lanes.get(lane as usize) {
            Some(Lane::Stream { queue, busy }) => queue.is_empty() && !busy,
            _ => true,
        }
    }

    /// The host's next call.
    pub(crate) fn step_host(&mut self) -> Result<(), Fault> {
        self.host.offered = false;
        self.end_wait();
        self.spend(self.host.site)?;
        let Some(body) = self.body() else {
            self.step_without_program();
            return Ok(());
        };
        let Some(&step) = body.steps.get(self.host.at) else {
            self.host.done = true;
            return Ok(());
        };
        self.host.at += 1;
        match step {
            Step::Task(task) => self.call(site(task))?,
            Step::Open(Scope::Update(update)) => {
                let line = Site { body: BodyId::Run, line: Line::Update(update) };
                let data = body.updates[update];
                self.enqueue(Some(data.stream), line, Work::Update(update), None);
                self.host.open.push((self.host.at, 0));
                self.host.at += self.program.tasks_of(update).count();
            }
            Step::Open(Scope::Repeat(0)) => {
                self.host.at = after_block(body, self.host.at);
            }
            Step::Open(Scope::Repeat(times)) => self.host.open.push((self.host.at, times - 1)),
            Step::Open(_) => self.host.open.push((self.host.at, 0)),
            Step::Close => match self.host.open.last_mut() {
                Some((start, left)) if *left > 0 => {
                    *left -= 1;
                    self.host.at = *start;
                }
                _ => {
                    self.host.open.pop();
                }
            },
        }
        Ok(())
    }

    /// Each graph is executed once, after the one before it.
    fn step_without_program(&mut self) {
        let Some(graph) = self.host.rest.pop() else {
            self.host.done = true;
            self.print_results();
            return;
        };
        let segments = self.program.graphs.get(graph.index()).map_or(0, |captured| captured.segments.len());
        let origin = self.program.module.graphs[graph].origin;
        let first = self.program.graphs.get(graph.index()).and_then(|captured| captured.segments.first());
        let node = first.and_then(|&section| self.program.sections.get(section as usize)?.nodes.first());
        if let Some(node) = node {
            self.enqueue(origin, node.site, Work::Execute(graph, 0..segments), None);
        }
        self.host.wait = Wait::Device;
    }

    /// The host buffers that graphs write, in the order of their declarations.
    fn print_results(&mut self) {
        let module = self.program.module;
        let tasks = module.graphs.values().flat_map(|graph| graph.tasks.values());
        let outputs = tasks.flat_map(|data| data.outputs.of(&module.operands));
        let mut written: Vec<_> =
            outputs.filter_map(|&operand| module.access(operand).ok()).map(|access| access.root).collect();
        written.sort_unstable();
        written.dedup();
        for buffer in written.into_iter().filter(|&buffer| module.buffers[buffer].space.is_host()) {
            let line = show::line(module, &self.memory, acg_ir::Operand { buffer, slice: None });
            let mark = if self.taint.is_made_up(buffer) { MADE_UP } else { "" };
            self.host.printed.extend(line.ok().map(|line| line + mark));
        }
    }

    /// What the host waited for comes before all that it does now.
    fn end_wait(&mut self) {
        let site = self.host.site;
        match std::mem::replace(&mut self.host.wait, Wait::Nothing) {
            Wait::Nothing => return,
            Wait::Stream(lane) => self.races.wait(HOST, self.places[lane as usize]),
            Wait::Record(ticket) => self.races.wait(HOST, self.signals.place(ticket)),
            Wait::Device => {
                for &lane in self.streams.values() {
                    self.races.wait(HOST, self.places[lane as usize]);
                }
            }
        }
        if let Some(site) = site {
            self.host.place = self.races.step(HOST, site, &[]);
        }
    }

    /// A call of the host.
    fn call(&mut self, site: Site) -> Result<(), Fault> {
        let Some(data) = self.program.task(site) else { return Ok(()) };
        self.host.site = Some(site);
        let module = self.program.module;
        match data.op {
            Op::Execute(graph) => {
                let segments = self.program.graphs.get(graph.index()).map_or(0, |graph| graph.segments.len());
                self.enqueue(data.stream, site, Work::Execute(graph, 0..segments), None);
            }
            Op::ExecuteSegment { graph, segment } => {
                let index = (segment as usize).saturating_sub(1);
                self.enqueue(data.stream, site, Work::Execute(graph, index..index + 1), None);
            }
            Op::Capture(graph) => self.capture(graph)?,
            Op::Sync(SyncTarget::Stream(stream)) => {
                self.host.wait =
                    self.streams.get(&Some(stream)).map_or(Wait::Nothing, |&lane| Wait::Stream(lane));
            }
            Op::Sync(SyncTarget::Event(event)) => {
                self.host.wait = self.signals.latest(event).map_or(Wait::Nothing, Wait::Record);
            }
            Op::Sync(SyncTarget::Device) => self.host.wait = Wait::Device,
            Op::Record { event, external } if !is_external(module, event, external) => {
                let ticket = self.signals.issue(event);
                self.enqueue(data.stream, site, Work::Record(ticket), None);
            }
            Op::Wait { event, external } if !is_external(module, event, external) => {
                let ticket = self.signals.latest(event);
                self.enqueue(data.stream, site, Work::Task, ticket);
            }
            op if op.takes_stream() => self.enqueue(data.stream, site, Work::Task, None),
            _ => self.host_task(site)?,
        }
        Ok(())
    }

    /// Something that the host does itself, at once.
    fn host_task(&mut self, site: Site) -> Result<(), Fault> {
        let Some(data) = self.program.task(site) else { return Ok(()) };
        self.host.site = Some(site);
        match data.op {
            Op::Init => self.init(site, data)?,
            Op::Print => self.print(site, data)?,
            Op::Expect => self.expect(site, data)?,
            Op::CopySync | Op::FillSync(_) | Op::ExecuteModelSync(_) | Op::GeRunSync(_) => {
                self.host.place = self.execute(HOST, site, &[])?;
                return Ok(());
            }
            _ => return Ok(()),
        }
        self.host.place = self.races.step(HOST, site, &[]);
        self.taint.task(self.program.module, data, false);
        Ok(())
    }

    fn init(&mut self, site: Site, data: &TaskData) -> Result<(), Fault> {
        let module = self.program.module;
        let values = module.arguments(data);
        for (&operand, argument) in data.outputs.of(&module.operands).iter().zip(values) {
            let write = || {
                let (dtype, present) = show::elements(module, &self.memory, operand)?;
                let numbers = wanted(module, argument.value, present.len());
                Ok((element::encode(dtype, &numbers), memory::access(module, operand)?))
            };
            let (bytes, access) = write()
                .map_err(|refusal: crate::operators::Refusal| Fault::not_executable(site, refusal.0))?;
            let written = bytes.map_or(Ok(()), |bytes| self.memory.scatter(&access, &bytes));
            written.map_err(|refusal| Fault::not_executable(site, refusal.0))?;
        }
        Ok(())
    }

    fn print(&mut self, site: Site, data: &TaskData) -> Result<(), Fault> {
        let module = self.program.module;
        for &operand in data.inputs.of(&module.operands) {
            let line = show::line(module, &self.memory, operand);
            let mut line = line.map_err(|refusal| Fault::not_executable(site, refusal.0))?;
            if module.access(operand).is_ok_and(|access| self.taint.is_made_up(access.root)) {
                line.push_str(MADE_UP);
            }
            self.host.printed.push(line);
        }
        Ok(())
    }

    fn expect(&mut self, site: Site, data: &TaskData) -> Result<(), Fault> {
        let module = self.program.module;
        let arguments = module.arguments(data);
        let (Some(&operand), Some(expected)) = (data.inputs.of(&module.operands).first(), arguments.first())
        else {
            return Ok(());
        };
        let within = arguments.get(1).and_then(|argument| evaluate::number(argument.value, true));
        let found = show::elements(module, &self.memory, operand);
        let (dtype, found) = found.map_err(|refusal| Fault::not_executable(site, refusal.0))?;
        let expected = wanted(module, expected.value, found.len());
        for (index, (&found, expected)) in found.iter().zip(expected).enumerate() {
            let rounded = expected.to(dtype);
            let near = within.is_some_and(|within| (found.real() - expected.real()).abs() <= within.real());
            let is_same = found.equals(rounded) || (found.is_nan() && rounded.is_nan());
            if !near && !is_same {
                let message = format!(
                    "element {index} of `{}` is {}, not {}",
                    show::name(module, operand),
                    element::show(dtype, found),
                    element::show(dtype, rounded)
                );
                self.host.unmet.push(Unmet { site, message });
                break;
            }
        }
        Ok(())
    }
}

/// What `init` and `expect` say of `count` elements: one value for all, or one for each.
fn wanted(module: &acg_ir::Module, value: Value, count: usize) -> Vec<Number> {
    let number = |value: Value| evaluate::number(value, true).unwrap_or(Number::ZERO);
    match value {
        Value::List(list) => list.of(&module.values).iter().map(|&value| number(value)).collect(),
        value => vec![number(value); count],
    }
}

/// The step after the block whose header stands before step `at`.
fn after_block(body: &Body, at: usize) -> usize {
    let mut depth = 1;
    for (offset, step) in body.steps.get(at..).unwrap_or(&[]).iter().enumerate() {
        match step {
            Step::Open(_) => depth += 1,
            Step::Close => depth -= 1,
            Step::Task(_) => {}
        }
        if depth == 0 {
            return at + offset + 1;
        }
    }
    body.steps.len()
}
