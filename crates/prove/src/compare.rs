//! Whether what a pass made means what it was given.

use std::fmt;

use acg_ir::{Entity, GraphId, Module, Task};

use crate::meaning::{GraphMeaning, Meaning, Role};

/// How many complaints are listed.
const MOST: usize = 20;

/// A way in which a result does not mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// There are other graphs than before.
    Graphs,
    /// A task is gone although something sees what it does.
    Gone(GraphId, Task),
    /// A task came from nowhere that does more than order and copy.
    New(GraphId, Task),
    /// A task sees other values, or does something else with them.
    Sees(GraphId, Task),
    /// A buffer ends with other contents.
    Left(GraphId),
    /// Two tasks that touch the same bytes are not ordered.
    Unordered(GraphId, Task, Task),
    /// Two tasks that had to follow each other need not any more.
    LostOrder(GraphId, Task, Task),
    /// A task that does something no buffer shows was put on another stream.
    Moved(GraphId, Task),
}

impl Complaint {
    /// The complaint in words.
    pub fn describe(&self, module: &Module) -> String {
        let name = |graph: &GraphId| module.text(module.graphs[*graph].name).to_owned();
        let show = |graph: &GraphId, task: &Task| {
            let graph = &module.graphs[*graph];
            format!("`{}`", acg_ir::print::task(module, graph, *task))
        };
        match self {
            Self::Graphs => "there are other graphs than before".to_owned(),
            Self::Gone(graph, task) => format!("{} of {} is gone", show(graph, task), name(graph)),
            Self::New(graph, task) => format!("{} of {} came from nowhere", show(graph, task), name(graph)),
            Self::Sees(graph, task) => {
                format!("{} of {} sees other values than before", show(graph, task), name(graph))
            }
            Self::Left(graph) => format!("a buffer holds other values after {}", name(graph)),
            Self::Unordered(graph, first, second) => {
                format!(
                    "nothing orders {} and {} of {}",
                    show(graph, first),
                    show(graph, second),
                    name(graph)
                )
            }
            Self::LostOrder(graph, first, second) => format!(
                "{} of {} need not be complete before {} any more",
                show(graph, first),
                name(graph),
                show(graph, second)
            ),
            Self::Moved(graph, task) => {
                format!("{} of {} is on another stream", show(graph, task), name(graph))
            }
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Whether `after` means what `before` meant.
///
/// # Errors
///
/// What is different, the first few of each graph.
pub fn compare(before: &Meaning, after: &Meaning) -> Result<(), Vec<Complaint>> {
    if before.graphs.len() != after.graphs.len() {
        return Err(vec![Complaint::Graphs]);
    }
    let mut complaints = Vec::new();
    for (number, (before, after)) in before.graphs.iter().zip(&after.graphs).enumerate() {
        let pair = Pair { graph: GraphId::at(number), before, after };
        let start = complaints.len();
        pair.tasks(&mut complaints);
        pair.left(&mut complaints);
        pair.unordered(&mut complaints);
        pair.required(&mut complaints);
        pair.kept_order(&mut complaints);
        complaints.truncate(start + MOST);
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

struct Pair<'a> {
    graph: GraphId,
    before: &'a GraphMeaning,
    after: &'a GraphMeaning,
}

impl Pair<'_> {
    fn tasks(&self, complaints: &mut Vec<Complaint>) {
        for (number, after) in self.after.tasks.iter().enumerate() {
            let task = Task::at(number);
            let before = self.before.tasks.get(number);
            let role = before.map_or(Role::Absent, |before| before.role);
            match (role, after.role) {
                (Role::Absent, Role::Work | Role::Effect) => {
                    complaints.push(Complaint::New(self.graph, task));
                }
                // Work that nobody sees may go: that nobody does is proved by what everybody else sees.
                (Role::Effect, Role::Absent) => complaints.push(Complaint::Gone(self.graph, task)),
                (Role::Work | Role::Effect, Role::Work | Role::Effect) => {
                    let known = before.and_then(|before| before.sees);
                    if known.is_some() && known != after.sees {
                        complaints.push(Complaint::Sees(self.graph, task));
                    }
                }
                (Role::Work | Role::Effect, Role::Copy | Role::Sync) => {
                    complaints.push(Complaint::Sees(self.graph, task));
                }
                _ => {}
            }
        }
    }

    fn left(&self, complaints: &mut Vec<Complaint>) {
        if self.before.left != self.after.left {
            complaints.push(Complaint::Left(self.graph));
        }
    }

    fn unordered(&self, complaints: &mut Vec<Complaint>) {
        for &(first, second) in &self.after.unordered {
            if self.before.unordered.binary_search(&(first, second)).is_err() {
                complaints.push(Complaint::Unordered(self.graph, task(first), task(second)));
            }
        }
    }

    /// What `after` asks for holds by streams and events where the graph has them.
    fn required(&self, complaints: &mut Vec<Complaint>) {
        let Some(order) = &self.after.order else { return };
        for &(first, second) in &self.before.required {
            let both = [first, second].iter().all(|&task| {
                self.after.tasks.get(task as usize).is_some_and(|task| task.role != Role::Absent)
                    && order.seen(task).is_some()
            });
            if both && !order.before(first, second) {
                complaints.push(Complaint::LostOrder(self.graph, task(first), task(second)));
            }
        }
    }

    /// An explicit graph keeps all order around tasks whose effects no buffer shows, and where no task moved, all order there was.
    fn kept_order(&self, complaints: &mut Vec<Complaint>) {
        let (Some(before), Some(after)) = (&self.before.order, &self.after.order) else { return };
        let is_kept = |&task: &u32| {
            let role = |meaning: &GraphMeaning| meaning.tasks.get(task as usize).map(|task| task.role);
            let counts = |role| matches!(role, Some(Role::Copy | Role::Work | Role::Effect));
            counts(role(self.before)) && counts(role(self.after))
        };
        let kept: Vec<u32> = self.before.program.iter().copied().filter(is_kept).collect();
        let stream = |order: &crate::order::Order, task: u32| {
            order.seen(task).map(|(stream, _)| order.streams[stream as usize])
        };
        let moved = kept.iter().copied().find(|&task| stream(before, task) != stream(after, task));
        if moved.is_some() {
            let effect = kept.iter().copied().find(|&task| {
                self.before.tasks[task as usize].role == Role::Effect && before.seen(task).is_some()
            });
            complaints.extend(effect.map(|effect| Complaint::Moved(self.graph, task(effect))));
            return;
        }
        // Of each stream, its kept tasks in the order of before; a task must come after at least as many of them as before.
        let mut tasks: Vec<Vec<u32>> = vec![Vec::new(); before.streams.len()];
        for &task in &kept {
            if let Some((stream, _)) = before.seen(task) {
                tasks[stream as usize].push(task);
            }
        }
        for (own, row) in tasks.iter().enumerate() {
            let mut previous: Option<u32> = None;
            for &number in row {
                let Some((_, seen)) = before.seen(number) else { continue };
                let mut check = |last: Option<&u32>| {
                    if let Some(&last) = last
                        && !after.before(last, number)
                    {
                        complaints.push(Complaint::LostOrder(self.graph, task(last), task(number)));
                    }
                };
                check(previous.as_ref());
                // Where nothing was waited for since, the task before it on its stream has it all.
                let is_same = previous
                    .and_then(|previous| before.seen(previous))
                    .is_some_and(|(_, row)| std::ptr::eq(row, seen));
                if !is_same {
                    for (stream, &count) in seen.iter().enumerate().filter(|&(stream, _)| stream != own) {
                        let complete = tasks[stream].partition_point(|&other| before.place(other) < count);
                        check(tasks[stream][..complete].last());
                    }
                }
                previous = Some(number);
            }
        }
    }
}

fn task(number: u32) -> Task {
    Task::at(number as usize)
}
