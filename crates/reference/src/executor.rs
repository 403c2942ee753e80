//! The execution of a program: streams as queues, captured graphs as lanes, and the host between them.
//!
//! Every task runs whole and at once. What may come next is every task whose predecessors on its stream and whose waits are
//! complete, and the host's next call where it waits for nothing; a [`Schedule`] chooses.
//!
//! **Invariant:** every step takes something off the budget, so an execution ends.

use std::collections::{BTreeMap, VecDeque};

use acg_ir::body::{BodyId, Update};
use acg_ir::{Buffer, GraphId, Op, Place, Stream, Symbol, TaskData};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::evaluate::perform;
use crate::fault::{Fault, FaultKind, Line, RacePair, Site, Unmet};
use crate::graph_run::Instance;
use crate::host::Host;
use crate::interleave::{Ready, Schedule};
use crate::memory::Memory;
use crate::program::{Program, Root, Touch};
use crate::races::Races;
use crate::signals::{Signals, Ticket};
use crate::stand_in;
use crate::taint::Taint;

/// How many steps a task or a call of the host is, however little it does.
pub const TASK_STEPS: u64 = 256;

/// How a program is executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// In which order tasks run that nothing orders.
    pub schedule: Schedule,
    /// Bytes that all buffers together may take.
    pub memory_limit: u64,
    /// Steps after which the execution ends: an element that an operator works on is one, a task or call is [`TASK_STEPS`].
    pub step_limit: u64,
    /// Rounds after which a loop of a graph is taken to have no end.
    pub round_limit: u64,
    /// What buffers hold at first: bytes that follow from this seed and the buffer's name; zeros without it.
    pub inputs: Option<u64>,
    /// Whether operators without numerics give made-up values, as kernels do.
    pub stand_ins: bool,
    /// Whether races are looked for.
    pub races: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            schedule: Schedule::Program,
            memory_limit: 1 << 30,
            step_limit: 1 << 32,
            round_limit: 100_000,
            inputs: None,
            stand_ins: false,
            races: true,
        }
    }
}

/// What an execution gave.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What `print` printed, a line each.
    pub printed: Vec<String>,
    /// Every `expect` that did not hold, in order.
    pub unmet: Vec<Unmet>,
    /// Accesses that nothing orders, if they were looked for.
    pub races: Vec<RacePair>,
    /// What memory holds at the end.
    pub memory: Memory,
    /// What was executed without knowing what it computes, each once, in order.
    pub stand_ins: Vec<String>,
}

/// Executes a program.
///
/// # Errors
/// What ends the execution early.
pub fn run(program: &Program<'_>, options: &Options) -> Result<Outcome, Fault> {
    let mut engine = Engine::new(program, options)?;
    if let Err(mut fault) = engine.run() {
        fault.printed = engine.host.printed;
        return Err(fault);
    }
    let Engine { memory, races, host, stand_ins, .. } = engine;
    let stand_ins = stand_ins.into_iter().collect();
    Ok(Outcome { printed: host.printed, unmet: host.unmet, races: races.pairs(), memory, stand_ins })
}

/// Work on a stream.
pub(crate) struct Entry {
    pub(crate) site: Site,
    pub(crate) work: Work,
    /// What it waits for, as of its call.
    pub(crate) wait: Option<Ticket>,
    /// The call on the host.
    pub(crate) called: Option<Place>,
    /// Its number among all calls.
    pub(crate) number: u64,
}

/// The kinds of work on a stream.
pub(crate) enum Work {
    Task,
    /// A task that gives a ticket.
    Record(Ticket),
    Update(Update),
    /// Sections of a graph, one after the other.
    Execute(GraphId, std::ops::Range<usize>),
}

/// A lane: a stream, or a stream inside of a captured graph.
pub(crate) enum Lane {
    Stream {
        queue: VecDeque<Entry>,
        /// Whether a graph runs on it.
        busy: bool,
    },
    Inner {
        /// The execution that it belongs to, while there is one.
        instance: Option<u32>,
        /// Which of the section's lanes it is.
        number: u32,
        /// How many of its nodes have run.
        done: usize,
    },
}

/// The state of an execution.
pub(crate) struct Engine<'p> {
    pub(crate) program: &'p Program<'p>,
    pub(crate) options: &'p Options,
    pub(crate) memory: Memory,
    pub(crate) lanes: Vec<Lane>,
    /// The last task of each lane.
    pub(crate) places: Vec<Option<Place>>,
    pub(crate) streams: FxHashMap<Option<Stream>, u32>,
    /// The first inner lane of each stream that executes graphs: one graph after the other, so that they share lanes.
    pub(crate) inner: FxHashMap<u32, u32>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) free_instances: Vec<u32>,
    /// How many rounds each loop has run that runs: by instance and node.
    pub(crate) rounds: FxHashMap<(u32, u32), u64>,
    ready: Ready,
    /// Lanes whose next task waits for a signal.
    stalled: Vec<u32>,
    /// Whether something may have ended a wait.
    pub(crate) signalled: bool,
    pub(crate) signals: Signals,
    pub(crate) races: Races<'p>,
    /// The kernels that updates gave to task groups: lines of the host program.
    pub(crate) updated: FxHashMap<(GraphId, Symbol), Vec<Site>>,
    pub(crate) host: Host,
    pub(crate) taint: Taint,
    stand_ins: IndexSet<String, FxBuildHasher>,
    budget: u64,
    pub(crate) calls: u64,
    /// Streams with work.
    pub(crate) active: usize,
}

/// The lane of the host in the order of what happens before what.
pub(crate) const HOST: u32 = 0;

impl<'p> Engine<'p> {
    fn new(program: &'p Program<'p>, options: &'p Options) -> Result<Self, Fault> {
        let module = program.module;
        let mut memory = Memory::new(module, options.memory_limit)?;
        if let Some(seed) = options.inputs {
            memory.randomise(module, seed, |buffer| {
                !matches!(module.buffers[buffer].space, acg_ir::Space::Cond(_))
            });
        }
        let host = Host::new(program);
        let mut engine = Self {
            program,
            options,
            memory,
            lanes: vec![Lane::Stream { queue: VecDeque::new(), busy: false }],
            places: vec![None],
            streams: FxHashMap::default(),
            inner: FxHashMap::default(),
            instances: Vec::new(),
            free_instances: Vec::new(),
            rounds: FxHashMap::default(),
            ready: Ready::new(options.schedule),
            stalled: Vec::new(),
            signalled: false,
            signals: Signals::default(),
            races: Races::new(program, 0, false),
            updated: FxHashMap::default(),
            host,
            taint: Taint::new(module),
            stand_ins: IndexSet::default(),
            budget: options.step_limit,
            calls: 0,
            active: 0,
        };
        engine.make_lanes();
        engine.races = Races::new(program, engine.lanes.len(), options.races);
        Ok(engine)
    }

    /// Makes a lane for every stream, and for as many lanes as any graph has that it executes.
    fn make_lanes(&mut self) {
        for stream in std::iter::once(None).chain(self.program.module.streams.keys().map(Some)) {
            let lane = self.lanes.len() as u32;
            self.lanes.push(Lane::Stream { queue: VecDeque::new(), busy: false });
            self.streams.insert(stream, lane);
        }
        let mut most: BTreeMap<u32, u32> = BTreeMap::new();
        for (stream, graph) in Host::executions(self.program) {
            let Some(&lane) = self.streams.get(&stream) else { continue };
            let count = self.program.graphs.get(acg_ir::Entity::index(graph)).map_or(0, |graph| graph.lanes);
            let most = most.entry(lane).or_insert(0);
            *most = count.max(*most);
        }
        for (lane, count) in most {
            self.inner.insert(lane, self.lanes.len() as u32);
            let lanes = (0..count).map(|_| Lane::Inner { instance: None, number: 0, done: 0 });
            self.lanes.extend(lanes);
        }
        self.places.resize(self.lanes.len(), None);
    }

    fn run(&mut self) -> Result<(), Fault> {
        self.start()?;
        loop {
            self.offer_host();
            match self.ready.take() {
                Some(HOST) => self.step_host()?,
                Some(lane) => self.step(lane)?,
                None if self.host.is_done() && self.active == 0 => return Ok(()),
                None => return Err(self.stuck()),
            }
            if self.signalled {
                self.signalled = false;
                for lane in std::mem::take(&mut self.stalled) {
                    self.offer(lane);
                }
            }
        }
    }

    /// Offers the host's next call, behind all tasks that may run.
    fn offer_host(&mut self) {
        if !self.host.offered && !self.host.is_done() && self.host_may_go_on() {
            self.host.offered = true;
            self.ready.insert(HOST, u64::MAX);
        }
    }

    /// Takes steps off the budget.
    pub(crate) fn spend(&mut self, site: Option<Site>) -> Result<(), Fault> {
        let limit = self.options.step_limit;
        self.budget =
            self.budget.checked_sub(TASK_STEPS).ok_or_else(|| Fault::too_many_steps(site, limit))?;
        Ok(())
    }

    /// The site and number of the next task of a lane, and whether it waits for nothing; `None` without one.
    fn next(&self, lane: u32) -> Option<(Site, u64, Readiness)> {
        match self.lanes.get(lane as usize)? {
            Lane::Stream { busy: true, .. } => None,
            Lane::Stream { queue, .. } => {
                let entry = queue.front()?;
                let waits = entry.wait.is_some_and(|ticket| !self.signals.is_redeemed(ticket));
                let readiness = if waits { Readiness::Signal } else { self.readiness(entry.site) };
                Some((entry.site, entry.number, readiness))
            }
            Lane::Inner { instance, number, done } => {
                let instance = self.instances.get((*instance)? as usize)?;
                let section = self.program.sections.get(instance.section as usize)?;
                let node = *section.lanes.get(*number as usize)?.get(*done)?;
                let site = self.resolved(&section.nodes[node as usize], instance.graph);
                let pending = instance.pending.get(node as usize).is_some_and(|&waits| waits > 0);
                let readiness = if pending { Readiness::Node } else { self.readiness(site) };
                Some((site, instance.number + u64::from(node), readiness))
            }
        }
    }

    /// Lets the next task of a lane be chosen, or waits until it may.
    pub(crate) fn offer(&mut self, lane: u32) {
        match self.next(lane) {
            Some((_, number, Readiness::Ready)) => self.ready.insert(lane, number),
            Some((_, _, Readiness::Signal)) => self.stalled.push(lane),
            // The node that it waits for offers it.
            Some((_, _, Readiness::Node)) | None => {}
        }
    }

    /// Runs the next task of a lane.
    fn step(&mut self, lane: u32) -> Result<(), Fault> {
        if let Some(Lane::Stream { queue, .. }) = self.lanes.get_mut(lane as usize) {
            let Some(entry) = queue.pop_front() else { return Ok(()) };
            return self.step_stream(lane, entry);
        }
        self.step_node(lane)
    }

    fn step_stream(&mut self, lane: u32, entry: Entry) -> Result<(), Fault> {
        self.spend(Some(entry.site))?;
        self.races.wait(lane, entry.called);
        let given = entry.wait.and_then(|ticket| self.signals.place(ticket));
        self.races.wait(lane, given);
        match entry.work {
            Work::Task => {
                self.execute(lane, entry.site, &[])?;
            }
            Work::Record(ticket) => {
                let place = self.execute(lane, entry.site, &[])?;
                self.signals.redeem(ticket, place);
                self.signalled = true;
            }
            Work::Update(update) => self.update(lane, entry.site, update),
            Work::Execute(graph, segments) => {
                let place = self.races.step(lane, entry.site, &[]);
                self.places[lane as usize] = place;
                if let Some(Lane::Stream { busy, .. }) = self.lanes.get_mut(lane as usize) {
                    *busy = true;
                }
                return self.start_graph(lane, entry.site, graph, segments);
            }
        }
        self.next_entry(lane);
        Ok(())
    }

    /// Goes on with the next entry of a stream, after one is complete.
    pub(crate) fn next_entry(&mut self, lane: u32) {
        if let Some(Lane::Stream { queue, busy }) = self.lanes.get_mut(lane as usize) {
            *busy = false;
            if queue.is_empty() {
                self.active -= 1;
            }
        }
        self.offer(lane);
    }

    /// Adds work to a stream.
    pub(crate) fn enqueue(&mut self, stream: Option<Stream>, site: Site, work: Work, wait: Option<Ticket>) {
        let Some(&lane) = self.streams.get(&stream) else { return };
        self.calls += 1;
        let (number, called) = (self.calls << 32, self.host.place);
        if let Some(Lane::Stream { queue, busy }) = self.lanes.get_mut(lane as usize) {
            queue.push_back(Entry { site, work, wait, called, number });
            if queue.len() == 1 && !*busy {
                self.active += 1;
                self.offer(lane);
            }
        }
    }

    /// Does a task on a lane, which also touches `more`.
    pub(crate) fn execute(&mut self, lane: u32, site: Site, more: &[Touch]) -> Result<Option<Place>, Fault> {
        let Some(data) = self.program.task(site) else { return Ok(None) };
        self.take_signals(lane, data);
        let place = self.races.step(lane, site, more);
        self.places[lane as usize] = place;
        let (module, stand_ins) = (self.program.module, self.options.stand_ins);
        let done = perform(module, &mut self.memory, data, stand_ins, &mut self.budget);
        done.map_err(|refusal| Fault::not_executable(site, refusal.0))?;
        self.note_stand_in(data);
        self.give_signals(data, place);
        Ok(place)
    }

    fn note_stand_in(&mut self, data: &TaskData) {
        let computed = matches!(data.op, Op::Operator(id) if crate::has_numerics(id));
        let made_up = stand_in::stands_in(data.op) && !computed;
        self.taint.task(self.program.module, data, made_up);
        if made_up {
            self.stand_ins.insert(stand_in::name(self.program.module, data.op));
        }
    }

    /// An update runs: from now on the group has the kernels that stand in it.
    fn update(&mut self, lane: u32, site: Site, update: Update) {
        let Some(body) = self.program.module.body(site.body) else { return };
        let data = body.updates[update];
        let root = Root::Group(data.graph, data.group);
        let touch = Touch { root, start: 0, end: 1, strided: None, writes: true };
        self.places[lane as usize] = self.races.step(lane, site, &[touch]);
        let kernels = self.program.tasks_of(update);
        let kernels = kernels.map(|task| Site { body: BodyId::Run, line: Line::Task(task) }).collect();
        self.updated.insert((data.graph, data.group), kernels);
    }

    /// Nothing can go on: says what waits.
    fn stuck(&self) -> Fault {
        let mut waiting: Vec<(u64, Site)> = (0..self.lanes.len())
            .filter_map(|lane| self.next(lane as u32))
            .map(|(site, number, _)| (number, site))
            .collect();
        waiting.sort_unstable();
        let host = self.host.waits_at();
        let mut sites = waiting.into_iter().map(|(_, site)| site);
        let first = sites.next().or(host);
        let mut related: Vec<(Site, String)> =
            sites.take(8).map(|site| (site, "this waits as well".to_owned())).collect();
        if let Some(host) = host.filter(|&host| Some(host) != first) {
            related.push((host, "the host waits here".to_owned()));
        }
        let message = "this waits for something that never comes, and so does everything behind it";
        Fault { related, ..Fault::new(FaultKind::Stuck, first, message.to_owned()) }
    }

    /// The word that decides a conditional task.
    pub(crate) fn word(&self, buffer: Buffer) -> u64 {
        self.memory.bytes(buffer).first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }
}

/// Whether a task may run, and if not, what offers it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    Ready,
    /// A signal.
    Signal,
    /// A node of its graph.
    Node,
}
