//! What is ordered before what: stream order, and records that waits wait for.
//!
//! Vector clocks: each stream counts its tasks, and a task knows how many tasks of every other stream are complete when
//! it starts. A clock changes only at a wait, so tasks between two waits share one. Streams and events without control
//! flow form one fixed partial order, so the answer is exact.
//!
//! **Invariant:** the relation is a strict partial order contained in program order.

use rustc_hash::FxHashMap;

use crate::entity::Arena;
use crate::graph::{Graph, Step};
use crate::module::{Event, EventKind, Module, Notify, Stream};
use crate::task::{Op, Task};

/// The happens-before relation of one explicit graph.
#[derive(Clone, Debug)]
pub struct Order {
    places: Arena<Task, Option<Place>>,
    /// Clock rows of `lanes` entries each.
    rows: Vec<u32>,
    lanes: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    lane: u32,
    /// How many tasks of the lane come before this one.
    position: u32,
    row: u32,
}

/// The state of one lane while the program is walked.
#[derive(Clone, Copy, Default)]
struct Lane {
    length: u32,
    row: u32,
}

impl Order {
    /// Derives the order of `graph`. Tasks without a stream, and calls that are no tasks, are ordered with nothing.
    ///
    /// A wait follows the latest record of its event before it in the program. `external` events, external flags and
    /// events that a capture does not record order nothing (capture-rules, sections 3.1 and 3.2).
    pub fn of(module: &Module, graph: &Graph) -> Self {
        let lanes = lanes(graph);
        let mut walk = Walk {
            order: Self {
                places: Arena::filled(graph.tasks.len(), None),
                rows: vec![0; lanes.len()],
                lanes: lanes.len(),
            },
            lanes: vec![Lane::default(); lanes.len()],
            recorded: FxHashMap::default(),
            notified: FxHashMap::default(),
        };
        for task in graph.program() {
            let data = &graph.tasks[task];
            if let Some(lane) = data.stream.and_then(|stream| lanes.get(&stream).copied()) {
                walk.task(module, task, data.op, lane);
            }
        }
        walk.order
    }

    /// Whether `first` is complete before `second` starts, in every execution.
    pub fn before(&self, first: Task, second: Task) -> bool {
        let (Some(first), Some(second)) = (self.places[first], self.places[second]) else { return false };
        if first.lane == second.lane {
            return first.position < second.position;
        }
        self.rows[second.row as usize * self.lanes + first.lane as usize] > first.position
    }

    /// Whether the two tasks are ordered either way.
    pub fn ordered(&self, first: Task, second: Task) -> bool {
        self.before(first, second) || self.before(second, first)
    }
}

/// The streams that the graph uses, numbered in order of first use.
fn lanes(graph: &Graph) -> FxHashMap<Stream, u32> {
    let mut lanes = FxHashMap::default();
    for step in &graph.steps {
        if let Step::Task(task) = step
            && let Some(stream) = graph.tasks[*task].stream
        {
            let next = lanes.len() as u32;
            lanes.entry(stream).or_insert(next);
        }
    }
    lanes
}

struct Walk {
    order: Order,
    lanes: Vec<Lane>,
    recorded: FxHashMap<Event, Place>,
    notified: FxHashMap<Notify, Place>,
}

impl Walk {
    fn task(&mut self, module: &Module, task: Task, op: Op, lane: u32) {
        match op {
            Op::Wait { event, external: false } => {
                if let Some(&record) = self.recorded.get(&event) {
                    self.join(lane, record);
                }
            }
            Op::WaitNotify(notify) => {
                if let Some(&record) = self.notified.get(&notify) {
                    self.join(lane, record);
                }
            }
            _ => {}
        }
        let state = &mut self.lanes[lane as usize];
        let place = Place { lane, position: state.length, row: state.row };
        state.length += 1;
        self.order.places[task] = Some(place);
        match op {
            Op::Record { event, external: false } if captures(module.events[event].kind) => {
                self.recorded.insert(event, place);
            }
            Op::RecordNotify(notify) => {
                self.notified.insert(notify, place);
            }
            _ => {}
        }
    }

    /// Gives the lane a clock that has seen `record` and all that came before it.
    fn join(&mut self, lane: u32, record: Place) {
        let width = self.order.lanes;
        let own = self.lanes[lane as usize].row as usize * width;
        let theirs = record.row as usize * width;
        let rows = &mut self.order.rows;
        if record.lane == lane || rows[own + record.lane as usize] > record.position {
            return;
        }
        let next = rows.len();
        for at in 0..width {
            let latest = rows[own + at].max(rows[theirs + at]);
            rows.push(latest);
        }
        rows[next + record.lane as usize] = record.position + 1;
        self.lanes[lane as usize].row = (next / width) as u32;
    }
}

/// Whether a record of such an event becomes part of the graph and can be waited for in it.
fn captures(kind: EventKind) -> bool {
    const ACL_EVENT_SYNC: u32 = 0x1;
    matches!(kind, EventKind::Ex(flags) if flags & ACL_EVENT_SYNC != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Entity;
    use crate::graph::{Mode, SourceRange};
    use crate::module::{EventData, StreamData};
    use crate::task::TaskData;

    fn fork_join() -> (Module, Graph) {
        let mut module = Module::new();
        let name = module.symbols.intern("x");
        let stream = StreamData { name, is_default: false, priority: None, flags: 0, subscribed: false };
        let main = module.streams.push(stream);
        let side = module.streams.push(stream);
        let forked = module.events.push(EventData { name, kind: EventKind::Ex(1) });
        let joined = module.events.push(EventData { name, kind: EventKind::Ex(1) });
        let mut graph = Graph::new(name, Some(main), Mode::Global);
        let ops = [
            (Op::Fill(0), main),
            (Op::Record { event: forked, external: false }, main),
            (Op::Wait { event: forked, external: false }, side),
            (Op::Fill(1), side),
            (Op::Fill(2), main),
            (Op::Record { event: joined, external: false }, side),
            (Op::Wait { event: joined, external: false }, main),
            (Op::Fill(3), main),
        ];
        for (op, stream) in ops {
            graph.push(TaskData::new(op, Some(stream)), SourceRange::default());
        }
        (module, graph)
    }

    #[test]
    fn a_fork_and_its_join_order_what_they_should() {
        let (module, graph) = fork_join();
        let order = Order::of(&module, &graph);
        let task = |index| Task::at(index);
        assert!(order.before(task(0), task(3)), "the fork orders the side stream after the first task");
        assert!(!order.ordered(task(3), task(4)), "the two branches are concurrent");
        assert!(order.before(task(3), task(7)), "the join orders the last task after the side stream");
        assert!(order.before(task(4), task(7)));
        assert!(!order.before(task(7), task(0)));
    }
}
