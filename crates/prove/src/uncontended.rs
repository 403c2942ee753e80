//! When the last task of a graph ends where no task waits for what it runs on: each starts when its stream and what that waits for let it, so
//! that a look at the lines in program order tells.

use acg_ir::{Entity, Event, Graph, Module, Op, Slate, Step, Stream, Task};

use crate::ahead::fetch_attributes_of_lines;
use crate::makespan::{Machine, Resource};

/// A stream, as far as its lines have been gone through.
#[derive(Default)]
struct Lane {
    /// When its last task, or its last record that passes on what it waited for, has ended.
    end: Option<u64>,
    /// When what it waits for before its next task has fired, if it waits for anything.
    fired: Option<u64>,
    /// What its tasks run on, each once.
    resources: Vec<Resource>,
}

impl Lane {
    /// Ends what comes next after `cost`; gives when that is.
    fn step(&mut self, cost: u64) -> u64 {
        let start = self.end.max(self.fired.take()).unwrap_or(0);
        *self.end.insert(start.saturating_add(cost))
    }
}

/// The makespan of `graph`, as [`makespan`](crate::makespan()) gives it; `None` where more streams have tasks on a resource than run there at once.
pub(crate) fn makespan(
    module: &Module,
    graph: &Graph,
    machine: Machine,
    cost: &impl Fn(Task) -> Option<(u64, Resource)>,
) -> Option<u64> {
    let mut lanes: Vec<Lane> = Vec::new();
    // The stream, and when what it did before the record had ended; nothing where there was nothing.
    let mut events: Slate<Event, (Stream, Option<u64>)> = Slate::new();
    let mut makespan = 0;
    let runs = graph.runs().inspect(|run| fetch_attributes_of_lines(module, graph, run));
    for step in runs.flatten() {
        let Step::Task(task) = *step else { continue };
        let data = &graph.tasks[task];
        let Some(stream) = data.stream else { continue };
        if stream.index() >= lanes.len() {
            lanes.resize_with(stream.index() + 1, Lane::default);
        }
        let lane = &mut lanes[stream.index()];
        match data.op {
            Op::Wait { event, external: false } => {
                if let Some(&(other, Some(end))) = events.at(event) {
                    let latency = if other == stream { 0 } else { machine.latency };
                    lane.fired = lane.fired.max(Some(end.saturating_add(latency)));
                }
            }
            Op::Record { event, external: false } => {
                if lane.fired.is_some() {
                    lane.step(0);
                }
                events.set(event, (stream, lane.end));
            }
            _ => {
                if let Some((cost, resource)) = cost(task) {
                    makespan = makespan.max(lane.step(cost));
                    if !lane.resources.contains(&resource) {
                        lane.resources.push(resource);
                    }
                }
            }
        }
    }
    let mut users: Vec<(Resource, u32)> = Vec::new();
    for &resource in lanes.iter().flat_map(|lane| &lane.resources) {
        match users.iter_mut().find(|(known, _)| *known == resource) {
            Some((_, streams)) => *streams += 1,
            None => users.push((resource, 1)),
        }
    }
    users.iter().all(|&(resource, streams)| streams <= machine.capacity(resource)).then_some(makespan)
}

#[cfg(test)]
mod tests {
    use acg_ir::Symbol;
    use acg_ir::graph::{Mode, SourceRange};
    use acg_ir::task::TaskData;
    use proptest::prelude::*;

    use super::*;
    use crate::makespan::replayed;

    /// A graph of lines on streams: whether each is work, a record or a wait, and of which event.
    fn graph(lines: &[(usize, u8, usize)]) -> Graph {
        let mut graph = Graph::new(Symbol::at(0), Some(Stream::at(0)), Mode::Global);
        for &(stream, kind, event) in lines {
            let event = Event::at(event);
            let op = match kind {
                0 => Op::Record { event, external: false },
                1 => Op::Wait { event, external: false },
                _ => Op::Kernel(Symbol::at(0)),
            };
            graph.push(TaskData::new(op, Some(Stream::at(stream))), SourceRange::default());
        }
        graph
    }

    proptest! {
        #[test]
        fn it_is_what_a_replay_gives_and_nothing_where_tasks_wait_for_a_slot(
            lines in prop::collection::vec((0usize..4, 0u8..5, 0usize..3), 0..40),
            costs in prop::collection::vec(prop::option::of(0u64..5), 40),
            slots in prop::option::of(1u32..5),
        ) {
            let graph = graph(&lines);
            let machine = Machine { slots, latency: 3 };
            let cost = |task: Task| Some((costs[task.index()]?, Resource::Slot));
            if let Some(makespan) = makespan(&Module::new(), &graph, machine, &cost) {
                prop_assert_eq!(makespan, replayed(&graph, machine, cost));
            } else {
                prop_assert!(slots.is_some_and(|slots| slots < 4));
            }
        }
    }
}
