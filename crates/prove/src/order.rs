//! What is complete before a task starts: streams in order, and waits after their records.
//!
//! Per stream, a task knows how many tasks of every other stream are complete when it starts. That changes at waits only, so tasks between two waits
//! share a row.

use acg_ir::{Event, Graph, Module, Notify, Op, Rows, Slate, Stream, Task};

use crate::private::is_captured;

/// Marks a task that takes no stream.
const NOWHERE: u32 = u32::MAX;

/// The order of one explicit graph.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Of each task: its stream's number, its place there counted in tasks, its row.
    at: Vec<[u32; 3]>,
    rows: Rows,
    /// The streams by number.
    pub(crate) streams: Vec<Stream>,
}

/// Makes the orders of one graph after the other.
#[derive(Default)]
pub(crate) struct Orders {
    /// The number of each stream of the graph.
    numbers: Slate<Stream, u32>,
    /// Where each event and notify was recorded last.
    events: Slate<Event, [u32; 3]>,
    notifies: Slate<Notify, [u32; 3]>,
}

impl Orders {
    /// The order of an explicit graph.
    pub(crate) fn of(&mut self, module: &Module, graph: &Graph) -> Order {
        let (mut streams, mut waits) = (Vec::new(), 0);
        for task in graph.program() {
            waits += usize::from(matches!(graph.tasks[task].op, Op::Wait { .. } | Op::WaitNotify(_)));
            if let Some(stream) = graph.tasks[task].stream {
                self.numbers.or_set(stream, || {
                    streams.push(stream);
                    streams.len() as u32 - 1
                });
            }
        }
        // The state of each stream: how many tasks it has, and its row.
        let mut state = vec![[0u32; 2]; streams.len()];
        let mut rows = Rows::new(streams.len());
        rows.reserve(waits);
        let mut order = Order { at: vec![[NOWHERE; 3]; graph.tasks.len()], rows, streams };
        for task in graph.program() {
            let data = &graph.tasks[task];
            let Some(&stream) = data.stream.and_then(|stream| self.numbers.at(stream)) else { continue };
            let waited = match data.op {
                Op::Wait { event, external: false } => self.events.at(event),
                Op::WaitNotify(notify) => self.notifies.at(notify),
                _ => None,
            };
            if let Some(&[other, place, row]) = waited {
                order.join(stream, &mut state, other, place, row);
            }
            let [count, row] = state[stream as usize];
            let at = [stream, count, row];
            order.at[index(task)] = at;
            state[stream as usize][0] += 1;
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
        self.numbers.wipe();
        self.events.wipe();
        self.notifies.wipe();
        order
    }
}

impl Order {
    fn join(&mut self, stream: u32, state: &mut [[u32; 2]], other: u32, place: u32, row: u32) {
        let own = state[stream as usize][1];
        if other == stream || self.rows.at(own, other) > place {
            return;
        }
        let next = self.rows.copy(own);
        state[stream as usize][1] = self.rows.join(next, row, other, place + 1);
    }

    /// Whether `first` is complete before `second` starts; a call of the host is before and after nothing.
    pub(crate) fn before(&self, first: u32, second: u32) -> bool {
        self.are_ordered(first, second).unwrap_or(false)
    }

    /// Whether `first` is complete before `second` starts; `None` where one of them is a call of the host.
    pub(crate) fn are_ordered(&self, first: u32, second: u32) -> Option<bool> {
        let ([from, place, _], [to, later, row]) = (self.spot(first), self.spot(second));
        match from {
            NOWHERE => None,
            _ if to == NOWHERE => None,
            _ if from == to => Some(place < later),
            _ => Some(self.rows.at(row, from) > place),
        }
    }

    /// The number of the task's stream; `None` for a call of the host.
    pub(crate) fn stream(&self, task: u32) -> Option<u32> {
        let [stream, ..] = self.spot(task);
        (stream != NOWHERE).then_some(stream)
    }

    /// Calls `found` with every stream of which more tasks are complete before `task` than before `than`, or than none, and how many are.
    pub(crate) fn each_more(&self, task: u32, than: Option<u32>, found: impl FnMut(u32, u32)) {
        let row =
            |task: u32| Some(self.spot(task)).filter(|&[stream, ..]| stream != NOWHERE).map(|[.., row]| row);
        if let Some(own) = row(task) {
            self.rows.each_more(own, than.and_then(row).unwrap_or(0), found);
        }
    }

    /// Where on its stream a task stands.
    pub(crate) fn place(&self, task: u32) -> u32 {
        self.spot(task)[1]
    }

    /// Where a task is; a task of another graph is nowhere.
    fn spot(&self, task: u32) -> [u32; 3] {
        self.at.get(task as usize).copied().unwrap_or([NOWHERE; 3])
    }
}

pub(crate) fn index(task: Task) -> usize {
    acg_ir::Entity::index(task)
}
