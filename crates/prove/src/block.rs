//! Where tasks stand in task groups and `relaxed` blocks, which passes have to leave whole.

use acg_ir::{Body, Entity, Graph, Scope, Step, Task};

use crate::digest::{Digest, debug};

/// The blocks that the next line of a graph stands in, which is gone through step by step.
pub(crate) struct Blocks<'g> {
    graph: &'g Graph,
    /// Of each open block: what it is, and how many tasks it has so far; nothing for those that passes need not keep.
    open: Vec<Option<(Scope, u64, u64)>>,
    /// How many of them are to be kept.
    depth: usize,
    groups: Vec<u64>,
    relaxed: usize,
}

impl<'g> Blocks<'g> {
    pub(crate) fn new(graph: &'g Graph) -> Self {
        Self { graph, open: Vec::new(), depth: 0, groups: Vec::new(), relaxed: 0 }
    }

    /// Opens a block.
    pub(crate) fn open(&mut self, scope: Scope) {
        let keeps = !matches!(scope, Scope::Stream(_));
        self.depth += usize::from(keeps);
        self.open.push(keeps.then_some((scope, 0, 0)));
        match scope {
            Scope::Group(group) => self.groups.push(self.graph.groups[group].name.index() as u64),
            Scope::Relaxed => self.relaxed += 1,
            _ => {}
        }
    }

    /// Closes the innermost block.
    pub(crate) fn close(&mut self) {
        self.depth -= usize::from(self.open.pop().flatten().is_some());
    }

    /// The number of the next task's place in the blocks around it; 0 outside of all. `counts` says whether it gives those after it in a
    /// block a later place.
    #[inline]
    pub(crate) fn place(&mut self, task: Task, counts: bool) -> u64 {
        if self.depth == 0 { 0 } else { self.place_inside(task, counts) }
    }

    fn place_inside(&mut self, task: Task, counts: bool) -> u64 {
        let mut digest = Digest::new(13);
        for (scope, first, count) in self.open.iter_mut().flatten() {
            // A block is the one that begins with its first task.
            if *first == 0 && counts {
                *first = task.index() as u64 + 1;
            }
            digest.push(*first);
            digest.push(kind(self.graph, *scope, task));
            digest.push(*count);
            *count += u64::from(counts);
        }
        digest.get()
    }

    /// The names of all task groups and how many `relaxed` blocks there were, which an empty one belongs to as well.
    pub(crate) fn summary(mut self) -> (Vec<u64>, usize) {
        self.groups.sort_unstable();
        (self.groups, self.relaxed)
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

/// Whether a block runs once, in the order of its lines, so that program order says something.
pub(crate) fn is_straight(scope: Scope) -> bool {
    matches!(scope, Scope::Stream(_) | Scope::Group(_) | Scope::Relaxed)
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
