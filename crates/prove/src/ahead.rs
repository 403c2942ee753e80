//! Fetching what is looked at next.
//!
//! What a task touches lies anywhere in memory, at the end of a chain: its line, its operands, their buffers, what is known of those. Where many
//! tasks take the same step of it at once, the next is not waited for only after the last was understood, which takes most of the time otherwise.

use std::hint::black_box;

use acg_ir::{Buffer, Entity, Graph, List, Module, Operand, Step, Task, TaskData};

/// How many tasks are looked ahead.
pub(crate) const RUN: usize = 64;

/// Fetches the tasks with some numbers, and then what `look` and after it `then` look at of each of their buffers.
pub(crate) fn fetch(
    module: &Module,
    graph: &Graph,
    run: &[u32],
    look: impl Fn(Buffer) -> bool,
    then: impl Fn(Buffer) -> bool,
) {
    if lies_together(run) {
        return;
    }
    let tasks = || run.iter().map(|&number| &graph.tasks[Task::at(number as usize)]);
    black_box(tasks().fold(0, |sum, data| sum ^ data.inputs.len()));
    let operands = |list: List<Operand>| list.of(&module.operands).iter().map(|operand| operand.buffer);
    let mut buffers = Vec::with_capacity(4 * RUN);
    for data in tasks() {
        buffers.extend(operands(data.inputs));
        buffers.extend(operands(data.outputs));
    }
    black_box(buffers.iter().fold(false, |sum, &buffer| sum ^ look(buffer)));
    black_box(buffers.iter().fold(false, |sum, &buffer| sum ^ then(buffer)));
}

/// Fetches the attributes of tasks that are fetched.
pub(crate) fn fetch_attributes(module: &Module, graph: &Graph, run: &[u32]) {
    if !lies_together(run) {
        fetch_attributes_of(module, run.iter().map(|&number| &graph.tasks[Task::at(number as usize)]));
    }
}

/// The same of those of some lines.
pub(crate) fn fetch_attributes_of_lines(module: &Module, graph: &Graph, run: &[Step]) {
    fetch_attributes_of(
        module,
        run.iter().filter_map(|step| match *step {
            Step::Task(task) => Some(&graph.tasks[task]),
            Step::Open(_) | Step::Close => None,
        }),
    );
}

fn fetch_attributes_of<'m>(module: &Module, tasks: impl Iterator<Item = &'m TaskData>) {
    let firsts = tasks.map(|data| {
        let first = data.attributes.of(&module.attributes).first();
        first.map_or(0, |first| first.name.index())
    });
    black_box(firsts.fold(0, |sum, name| sum ^ name));
}

/// Whether tasks with these numbers are fetched by themselves: in the order in which they were made they lie side by side, and mostly so does
/// what they touch.
fn lies_together(run: &[u32]) -> bool {
    run.is_sorted()
}
