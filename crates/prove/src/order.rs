//! What is complete before a task starts: streams in order, and waits after their records.
//!
//! Per stream, a task knows how many tasks of every other stream are complete when it starts. That changes at waits only, so tasks between two waits
//! share a row, and so do waits of which nobody asks it.

use acg_ir::{Event, Graph, Module, Notify, Op, Rows, Slate, Stream, Task, TaskData};

use crate::outline::BodyOutline;
use crate::private::is_captured;

/// Marks a task that takes no stream.
const NOWHERE: u32 = u32::MAX;

/// Where a task stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// Its stream's number.
    pub(crate) stream: u32,
    /// Its place there, counted in tasks.
    pub(crate) place: u32,
    row: u32,
}

impl Spot {
    const NOWHERE: Self = Self { stream: NOWHERE, place: 0, row: 0 };

    /// Whether the task takes a stream.
    pub(crate) fn is_on_stream(self) -> bool {
        self.stream != NOWHERE
    }
}

/// The order of one explicit graph.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Of each task.
    at: Vec<Spot>,
    rows: Rows,
    /// The streams by number.
    pub(crate) streams: Vec<Stream>,
}

/// The state of a stream while its tasks are gone through.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    length: u32,
    row: u32,
    /// Whether nobody asks what is complete before any of the tasks that have the row so far.
    is_open: bool,
}

/// Makes the orders of one graph after the other, task by task.
#[derive(Default)]
pub(crate) struct Orders {
    /// The number of each stream of the graph.
    numbers: Slate<Stream, u32>,
    lanes: Vec<Lane>,
    /// Where each event and notify was recorded last.
    events: Slate<Event, Spot>,
    notifies: Slate<Notify, Spot>,
}

impl Orders {
    /// The order of an explicit graph that is made of what `outline` says, before its first task.
    pub(crate) fn begin(&mut self, graph: &Graph, outline: &BodyOutline) -> Order {
        let streams = outline.streams.clone();
        for (&stream, number) in streams.iter().zip(0..) {
            self.numbers.set(stream, number);
        }
        self.lanes.clear();
        self.lanes.resize(streams.len(), Lane::default());
        let mut rows = Rows::new(streams.len());
        rows.reserve(outline.waits);
        Order { at: vec![Spot::NOWHERE; graph.tasks.len()], rows, streams }
    }

    /// Goes on with the next task; `only_orders` says of a wait that nobody asks what is complete before it.
    pub(crate) fn step(
        &mut self,
        order: &mut Order,
        module: &Module,
        (task, data): (Task, &TaskData),
        only_orders: bool,
    ) {
        let Some(&stream) = data.stream.and_then(|stream| self.numbers.at(stream)) else { return };
        let lane = &mut self.lanes[stream as usize];
        let waited = match data.op {
            Op::Wait { event, external: false } => self.events.at(event),
            Op::WaitNotify(notify) => self.notifies.at(notify),
            _ => None,
        };
        let is_wait = waited.is_some();
        if let Some(&earlier) = waited {
            order.join(stream, lane, earlier);
        }
        let at = Spot { stream, place: lane.length, row: lane.row };
        order.at[index(task)] = at;
        lane.length += 1;
        lane.is_open &= is_wait && only_orders;
        match data.op {
            Op::Record { event, external: false } if is_captured(module.events[event].kind) => {
                self.events.set(event, at);
            }
            Op::RecordNotify(notify) => {
                self.notifies.set(notify, at);
            }
            _ => {}
        }
    }

    /// Forgets the graph.
    pub(crate) fn end(&mut self) {
        self.numbers.wipe();
        self.events.wipe();
        self.notifies.wipe();
    }
}

impl Order {
    /// Lets what comes next on a stream come after what stands at `earlier`.
    fn join(&mut self, stream: u32, lane: &mut Lane, earlier: Spot) {
        if earlier.stream == stream || self.rows.at(lane.row, earlier.stream) > earlier.place {
            return;
        }
        if !lane.is_open {
            lane.row = self.rows.copy(lane.row);
            lane.is_open = true;
        }
        lane.row = self.rows.join(lane.row, earlier.row, earlier.stream, earlier.place + 1);
    }

    /// Whether `first` is complete before `second` starts; a call of the host is before and after nothing.
    pub(crate) fn before(&self, first: u32, second: u32) -> bool {
        self.are_ordered(first, second).unwrap_or(false)
    }

    /// Whether `first` is complete before `second` starts; `None` where one of them is a call of the host.
    pub(crate) fn are_ordered(&self, first: u32, second: u32) -> Option<bool> {
        let (first, second) = (self.spot(first), self.spot(second));
        let on_streams = first.is_on_stream() && second.is_on_stream();
        on_streams.then(|| self.is_complete(first.stream, first.place, second))
    }

    /// Whether what stands at a place of a stream is complete before a task of some stream starts.
    pub(crate) fn is_complete(&self, stream: u32, place: u32, second: Spot) -> bool {
        if stream == second.stream { place < second.place } else { self.rows.at(second.row, stream) > place }
    }

    /// The number of the task's stream; `None` for a call of the host.
    pub(crate) fn stream(&self, task: u32) -> Option<u32> {
        let spot = self.spot(task);
        spot.is_on_stream().then_some(spot.stream)
    }

    /// Calls `found` with every stream of which more tasks are complete before `task` than before `than`, or than none, and how many are.
    pub(crate) fn each_more(&self, task: u32, than: Option<u32>, found: impl FnMut(u32, u32)) {
        let row = |task: u32| Some(self.spot(task)).filter(|spot| spot.is_on_stream()).map(|spot| spot.row);
        if let Some(own) = row(task) {
            self.rows.each_more(own, than.and_then(row).unwrap_or(0), found);
        }
    }

    /// Where on its stream a task stands.
    pub(crate) fn place(&self, task: u32) -> u32 {
        self.spot(task).place
    }

    /// Where a task is; a task of another graph is nowhere.
    pub(crate) fn spot(&self, task: u32) -> Spot {
        self.at.get(task as usize).copied().unwrap_or(Spot::NOWHERE)
    }
}

#[cfg(test)]
impl Order {
    /// The order of an explicit graph of a module without a host program.
    pub(crate) fn of(module: &Module, graph: acg_ir::GraphId) -> Self {
        use acg_ir::Entity as _;
        let (outline, mut orders) = (crate::outline::Outline::of(module), Orders::default());
        let mut order = orders.begin(&module.graphs[graph], &outline.bodies[graph.index()]);
        for task in module.graphs[graph].program() {
            orders.step(&mut order, module, (task, &module.graphs[graph].tasks[task]), true);
        }
        order
    }
}

pub(crate) fn index(task: Task) -> usize {
    acg_ir::Entity::index(task)
}
