//! Where tasks stand in task groups and `relaxed` blocks, which passes have to leave whole.

use acg_ir::{Body, Entity, Graph, Scope, Step, Task};

use crate::digest::{Digest, debug};
use crate::identity::is_known;

/// Calls `each` with every task of a graph and the number of its place in the blocks around it; 0 outside of all. `counts` says which tasks
/// give those after them in a block a later place.
pub(crate) fn places(graph: &Graph, counts: impl Fn(Task) -> bool, mut each: impl FnMut(Task, u64)) {
    // Of each open block: what it is, and how many tasks it has so far.
    let mut open: Vec<Option<(Scope, u64, u64)>> = Vec::new();
    let mut depth = 0usize;
    for step in &graph.steps {
        match *step {
            Step::Open(scope) => {
                let keeps = !matches!(scope, Scope::Stream(_));
                depth += usize::from(keeps);
                open.push(keeps.then_some((scope, 0, 0)));
            }
            Step::Close => depth -= usize::from(open.pop().flatten().is_some()),
            Step::Task(task) if depth == 0 => each(task, 0),
            Step::Task(task) => {
                let mut digest = Digest::new(13);
                for (scope, first, count) in open.iter_mut().flatten() {
                    // A block is the one that begins with its first task.
                    if *first == 0 && counts(task) {
                        *first = task.index() as u64 + 1;
                    }
                    digest.push(*first);
                    digest.push(kind(graph, *scope, task));
                    digest.push(*count);
                    *count += u64::from(counts(task));
                }
                each(task, digest.get());
            }
        }
    }
}

/// What kind of block it is and whether the task is on its stream.
fn kind(graph: &Graph, scope: Scope, task: Task) -> u64 {
    match scope {
        Scope::Group(group) => {
            let (group, data) = (&graph.groups[group], &graph.tasks[task]);
            let is_on_it = group.stream == data.stream || !data.op.takes_stream();
            2 | (group.name.index() as u64) << 2 | u64::from(is_on_it) << 40
        }
        _ => 1,
    }
}

/// Whether every line of a body runs once, in the order of the lines; of others program order says little.
pub(crate) fn is_straight(body: &Body) -> bool {
    body.steps.iter().all(|step| match *step {
        Step::Open(scope) => matches!(scope, Scope::Stream(_) | Scope::Group(_) | Scope::Relaxed),
        Step::Task(task) => is_known(body.tasks[task].op),
        Step::Close => true,
    })
}

/// The names of all task groups and how many `relaxed` blocks there are, which an empty one belongs to as well.
pub(crate) fn summary(graph: &Graph) -> (Vec<u64>, usize) {
    let mut groups = Vec::new();
    let mut relaxed = 0;
    for step in &graph.steps {
        match *step {
            Step::Open(Scope::Group(group)) => groups.push(graph.groups[group].name.index() as u64),
            Step::Open(Scope::Relaxed) => relaxed += 1,
            _ => {}
        }
    }
    groups.sort_unstable();
    (groups, relaxed)
}

/// A number for everything that a body says, line by line.
pub(crate) fn lines(body: &Body, mut task: impl FnMut(Task) -> u64) -> u64 {
    let mut digest = Digest::new(15);
    body.steps.iter().for_each(|step| digest.push(line(body, *step, &mut task)));
    digest.push(names(body));
    digest.get()
}

/// A number for one line; `task` tells tasks apart by what they say.
pub(crate) fn line(body: &Body, step: Step, mut task: impl FnMut(Task) -> u64) -> u64 {
    let mut digest = Digest::new(19);
    digest.push(debug(&step));
    if let Step::Task(number) = step {
        digest.push(task(number));
        digest.push(debug(&body.tasks[number].stream));
    }
    digest.get()
}

/// A number for what the blocks of a body say beyond their kinds.
pub(crate) fn names(body: &Body) -> u64 {
    let mut digest = Digest::new(20);
    body.groups.values().for_each(|group| digest.push(debug(group)));
    body.updates.values().for_each(|update| digest.push(debug(update)));
    body.conditionals.values().for_each(|conditional| digest.push(debug(conditional)));
    body.branches.values().for_each(|branch| digest.push(debug(branch)));
    digest.get()
}
