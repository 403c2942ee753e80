//! One captured graph as lanes of tasks and the waits between them.
//!
//! A captured wait follows the latest record of its event before it (capture-rules, section 3.1). Notifies, values and
//! EXTERNAL events may pair otherwise, so a wait for one follows every record before it: that orders more than the device does and
//! never less.
//!
//! **Invariant:** a join leads from an earlier spot to a later one.

use acg_entity::{Entity, Rows};
use acg_runtime::state::{EventId, ModelId, StreamId, Work};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::trace::{Node, Trace};

/// An edge between lanes, by positions in [`Captured::spots`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Join {
    pub(crate) wait: u32,
    pub(crate) record: u32,
    /// In [`Captured::records`]; [`NONE`] for a wait for anything but a captured event.
    recorded: u32,
}

impl Join {
    /// The place in [`Captured::records`] of what is waited for, if it is a captured event, and so exactly what the device does.
    pub(crate) fn recorded(&self) -> Option<usize> {
        (self.recorded != NONE).then_some(self.recorded as usize)
    }
}

/// A captured record of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorded {
    pub(crate) spot: u32,
    pub(crate) event: EventId,
    pub(crate) is_waited_for: bool,
    /// Whether the same event is recorded again later in the graph.
    pub(crate) is_superseded: bool,
}

/// A captured graph.
pub(crate) struct Captured<'n> {
    pub(crate) model: ModelId,
    /// The stream of each lane.
    pub(crate) lanes: Vec<StreamId>,
    /// Its tasks, as indices in [`Trace::nodes`]; the place of each is its spot.
    pub(crate) nodes: &'n [u32],
    /// The lane of each.
    pub(crate) spots: Vec<u32>,
    /// In the order of the waits.
    pub(crate) joins: Vec<Join>,
    /// Whether each spot is one that another one waits for.
    is_waited_for: Vec<bool>,
    pub(crate) records: Vec<Recorded>,
    /// Whether some wait may follow a record or write that comes later in the program, so that the order is not known.
    pub(crate) is_loose: bool,
}

/// Something besides a captured event that one task gives and another waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Signal {
    External(EventId),
    Notify(u32),
    Word(u64),
}

/// What a task does for others or needs from them.
enum Role {
    Record(EventId),
    Wait(EventId),
    Give(Signal),
    Take(Signal),
}

/// The nodes of each graph in their order, as indices in [`Trace::nodes`].
pub(crate) type Nodes = Rows<ModelId, u32>;

/// The nodes of each graph that `graph_of` says them to be of, given the graph whose capture stored them.
pub(crate) fn nodes(trace: &Trace<'_, '_>, graph_of: impl Fn(ModelId) -> ModelId + Clone) -> Nodes {
    let nodes = trace.nodes.iter().zip(0..).map(|(node, index)| (graph_of(trace.model(node)), index));
    Rows::of(trace.state.models.len(), nodes)
}

/// Numbers in the graph at hand; nothing has one between graphs.
pub(crate) struct Numbers {
    /// The lane of each stream, by `StreamId`.
    lanes: Vec<u32>,
    /// The latest record of each event, as an index in [`Captured::records`], by `EventId`.
    records: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Numbers {
    /// For graphs of `trace`.
    pub(crate) fn new(trace: &Trace<'_, '_>) -> Self {
        let none = |count| vec![NONE; count];
        Self { lanes: none(trace.state.streams.len()), records: none(trace.state.events.len()) }
    }

    fn lane(&mut self, stream: StreamId, lanes: &mut Vec<StreamId>) -> u32 {
        let number = &mut self.lanes[stream.index()];
        if *number == NONE {
            *number = lanes.len() as u32;
            lanes.push(stream);
        }
        *number
    }

    fn clear(&mut self, graph: &Captured<'_>) {
        graph.lanes.iter().for_each(|stream| self.lanes[stream.index()] = NONE);
        graph.records.iter().for_each(|record| self.records[record.event.index()] = NONE);
    }
}

impl<'n> Captured<'n> {
    /// The graph of `model` with the tasks at `nodes`.
    pub(crate) fn of(trace: &Trace<'_, '_>, model: ModelId, nodes: &'n [u32], numbers: &mut Numbers) -> Self {
        let mut graph = Self {
            model,
            lanes: Vec::new(),
            nodes,
            spots: Vec::with_capacity(nodes.len()),
            // Room that is not written to costs nothing, and large lists are not to be moved as they grow.
            joins: Vec::with_capacity(nodes.len()),
            is_waited_for: Vec::new(),
            records: Vec::with_capacity(nodes.len()),
            // The end of a capture orders streams that were added below the ACL layer by notifies of its own.
            is_loose: !trace.state.models[model].added.is_empty(),
        };
        let mut pairing = Pairing::default();
        for &index in nodes {
            let node = &trace.nodes[index as usize];
            let lane = numbers.lane(trace.stream(node), &mut graph.lanes);
            let spot = graph.spots.len() as u32;
            graph.spots.push(lane);
            for task in trace.tasks(node) {
                if let Some(role) = role(trace, task.work) {
                    pairing.add(&mut graph, &mut numbers.records, spot, lane, &role);
                }
            }
        }
        numbers.clear(&graph);
        graph.is_waited_for.resize(if graph.joins.is_empty() { 0 } else { graph.spots.len() }, false);
        for join in &graph.joins {
            graph.is_waited_for[join.record as usize] = true;
        }
        graph.is_loose |= pairing.waits_for_values && waits_for_unseen_writes(trace, nodes);
        graph
    }

    /// Whether another spot waits for one.
    pub(crate) fn is_waited_for(&self, spot: usize) -> bool {
        self.is_waited_for.get(spot).copied().unwrap_or(false)
    }

    /// The node of a spot.
    pub(crate) fn node<'t>(&self, trace: &'t Trace<'_, '_>, spot: u32) -> &'t Node {
        &trace.nodes[self.nodes[spot as usize] as usize]
    }
}

fn role(trace: &Trace<'_, '_>, work: Work) -> Option<Role> {
    Some(match work {
        Work::Record(captured) => Role::Record(trace.state.captured[captured].event),
        Work::Wait(captured) => Role::Wait(trace.state.captured[captured].event),
        Work::ExternalRecord(event) => Role::Give(Signal::External(event)),
        Work::ExternalWait(event) => Role::Take(Signal::External(event)),
        Work::NotifyRecord(id) => Role::Give(Signal::Notify(id)),
        Work::NotifyWait(id) => Role::Take(Signal::Notify(id)),
        Work::ValueWrite(address) => Role::Give(Signal::Word(trace.state.words[address])),
        Work::ValueWait(address) => Role::Take(Signal::Word(trace.state.words[address])),
        _ => return None,
    })
}

/// What was given so far besides records.
#[derive(Default)]
struct Pairing {
    /// The latest giver on each lane, of each signal.
    given: FxHashMap<Signal, Vec<(u32, u32)>>,
    /// Signals that some task waited for before anybody gave them.
    starved: FxHashSet<Signal>,
    waits_for_values: bool,
}

impl Pairing {
    fn add(&mut self, graph: &mut Captured<'_>, records: &mut [u32], spot: u32, lane: u32, role: &Role) {
        match *role {
            Role::Record(event) => {
                let record = Recorded { spot, event, is_waited_for: false, is_superseded: false };
                let earlier = std::mem::replace(&mut records[event.index()], graph.records.len() as u32);
                if let Some(earlier) = graph.records.get_mut(earlier as usize) {
                    earlier.is_superseded = true;
                }
                graph.records.push(record);
            }
            Role::Wait(event) => {
                let recorded = records[event.index()];
                if let Some(record) = graph.records.get_mut(recorded as usize) {
                    record.is_waited_for = true;
                    graph.joins.push(Join { wait: spot, record: record.spot, recorded });
                }
            }
            Role::Give(signal) => {
                graph.is_loose |= self.starved.contains(&signal);
                let givers = self.given.entry(signal).or_default();
                match givers.iter_mut().find(|giver| giver.0 == lane) {
                    Some(giver) => giver.1 = spot,
                    None => givers.push((lane, spot)),
                }
            }
            Role::Take(signal) => {
                self.waits_for_values |= matches!(signal, Signal::Word(_));
                let Some(givers) = self.given.get(&signal) else {
                    self.starved.insert(signal);
                    return;
                };
                let joins = givers.iter().map(|&(_, record)| Join { wait: spot, record, recorded: NONE });
                graph.joins.extend(joins);
            }
        }
    }
}

/// Whether a value wait of a graph that has some may wait for a write that is no value write.
fn waits_for_unseen_writes(trace: &Trace<'_, '_>, nodes: &[u32]) -> bool {
    let mut words = FxHashSet::default();
    for &index in nodes {
        let node = &trace.nodes[index as usize];
        if trace.tasks(node).any(|task| matches!(task.work, Work::ValueWait(_))) {
            words.extend(trace.touches(node.call).iter().map(|touch| touch.buffer));
        }
    }
    nodes.iter().any(|&index| {
        let call = trace.nodes[index as usize].call;
        let writes = |touch: &crate::trace::Touch| {
            touch.writes() && !touch.is_signal() && words.contains(&touch.buffer)
        };
        trace.is_opaque(call) || trace.touches(call).iter().any(writes)
    })
}
