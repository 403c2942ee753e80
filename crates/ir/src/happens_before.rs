//! What is ordered before what: stream order, and records that waits wait for.
//!
//! Streams and events without control flow form one fixed partial order, so the answer of the [`Clocks`] is exact.
//!
//! **Invariant:** the relation is a strict partial order contained in program order.

use rustc_hash::FxHashMap;

use crate::clock::{Clocks, Place};
use crate::graph::{Graph, Step};
use crate::module::{Event, EventKind, Module, Notify, Stream};
use crate::task::{Op, Task};
use acg_entity::Arena;

/// The happens-before relation of one explicit graph.
#[derive(Clone, Debug)]
pub struct Order {
    places: Arena<Task, Option<Place>>,
    clocks: Clocks,
}

impl Order {
    /// Derives the order of `graph`. Tasks without a stream, and calls that are no tasks, are ordered with nothing.
    ///
    /// A wait follows the latest record of its event before it in the program. `external` events, external flags and
    /// events that a capture does not record order nothing (capture-rules, sections 3.1 and 3.2).
    pub fn of(module: &Module, graph: &Graph) -> Self {
        let lanes = lanes(graph);
        let mut walk = Walk {
            order: Self { places: Arena::filled(graph.tasks.len(), None), clocks: Clocks::new(lanes.len()) },
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
        self.clocks.before(first, second)
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
    recorded: FxHashMap<Event, Place>,
    notified: FxHashMap<Notify, Place>,
}

impl Walk {
    fn task(&mut self, module: &Module, task: Task, op: Op, lane: u32) {
        match op {
            Op::Wait { event, external: false } => {
                if let Some(&record) = self.recorded.get(&event) {
                    self.order.clocks.join(lane, record);
                }
            }
            Op::WaitNotify(notify) => {
                if let Some(&record) = self.notified.get(&notify) {
                    self.order.clocks.join(lane, record);
                }
            }
            _ => {}
        }
        let place = self.order.clocks.step(lane);
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
}

/// Whether a record of such an event becomes part of the graph and can be waited for in it.
fn captures(kind: EventKind) -> bool {
    const ACL_EVENT_SYNC: u32 = 0x1;
    matches!(kind, EventKind::Ex(flags) if flags & ACL_EVENT_SYNC != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Mode, SourceRange};
    use crate::module::{EventData, StreamData};
    use crate::task::TaskData;
    use acg_entity::Entity;

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
