//! The host program, line by line.

use acg_ir::{Body, Entity, Module, Step, Task};

use crate::block;
use crate::identity::Identities;

/// What the host program says.
#[derive(Debug)]
pub(crate) struct Host {
    /// Of each line: a number for what it says, and its task if it is one.
    lines: Vec<(u64, Option<Task>)>,
    /// A number for what its blocks say beyond their kinds.
    names: u64,
    /// How many tasks it has ever had; later ones are a pass's.
    pub(crate) tasks: usize,
}

impl Host {
    pub(crate) fn of(module: &Module, run: &Body) -> Self {
        let mut identities = Identities::new(module);
        let lines = run.steps.iter().map(|&step| {
            let task = if let Step::Task(task) = step { Some(task) } else { None };
            (block::line(run, step, |task| identities.line(&run.tasks[task])), task)
        });
        Self { lines: lines.collect(), names: block::names(run), tasks: run.tasks.len() }
    }

    /// Whether the line of a task is not among those of `before`.
    pub(crate) fn is_new(before: Option<&Self>, task: Task) -> bool {
        before.is_some_and(|before| task.index() >= before.tasks)
    }

    /// Whether the lines of `after` without its new ones are the lines of this.
    pub(crate) fn is_within(&self, after: &Self) -> bool {
        let is_old = |task: Option<Task>| task.is_none_or(|task| !Self::is_new(Some(self), task));
        let old = after.lines.iter().filter(|&&(_, task)| is_old(task)).map(|&(line, _)| line);
        self.names == after.names && self.lines.iter().map(|&(line, _)| line).eq(old)
    }

    /// The tasks of `after` that this does not have.
    pub(crate) fn new_in<'a>(&'a self, after: &'a Self) -> impl Iterator<Item = Task> + 'a {
        after.lines.iter().filter_map(|&(_, task)| task).filter(|&task| Self::is_new(Some(self), task))
    }
}
