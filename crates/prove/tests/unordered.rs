//! Accesses to common bytes that nothing orders are found, whatever else a task reads and whoever read before it.

mod support;

use acg_ir::{Entity, GraphId, Module, Op, Step, Task};
use acg_prove::Complaint;
use support::{parse, verdict};

/// Two streams, of which `side` waits for what `main` did so far where it says so.
fn module(lines: &str) -> Module {
    parse(&format!(
        "device d : f32[1024, 4]\ndevice x, y, z : f32[512, 2]\nstream main, side\nevent forked, done, joined\n\
         graph g on main mode global {{\n  main: record forked\n  side: wait forked\n{lines}\
         \n  side: record joined\n  main: wait joined\n}}\n"
    ))
}

/// The same without the wait for `done`.
fn without_wait(module: &Module) -> Module {
    let mut after = module.clone();
    let graph = &mut after.graphs[GraphId::at(0)];
    let done =
        module.events.iter().find(|(_, data)| module.text(data.name) == "done").map(|(event, _)| event);
    let tasks = &graph.tasks;
    let is_wait = |step: &Step| matches!(*step, Step::Task(task) if matches!(tasks[task].op, Op::Wait { event, .. } if Some(event) == done));
    let kept: Vec<Step> = graph.steps.iter().copied().filter(|step| !is_wait(step)).collect();
    graph.steps = kept;
    after
}

fn unordered(first: usize, second: usize) -> Result<(), Vec<Complaint>> {
    Err(vec![Complaint::Unordered(GraphId::at(0), Task::at(first), Task::at(second))])
}

#[test]
fn what_a_task_reads_of_a_buffer_does_not_hide_that_it_reads_all_of_it() {
    let before = module(
        "  main: kernel \"k\"(d[0..512, 0..2], d) -> x\n  main: record done\n  side: wait done\n  \
         side: kernel \"w\"(y) -> d[512..1024, 0..2]",
    );
    assert_eq!(verdict(&before, &before, false), Ok(()));
    assert_eq!(verdict(&before, &without_wait(&before), true), unordered(2, 5));
}

#[test]
fn who_read_the_same_rows_before_does_not_hide_who_reads_them_now() {
    let before = module(
        "  side: kernel \"k\"(d[0..512, 0..2]) -> x\n  main: kernel \"l\"(d[0..512, 0..2]) -> y\n  \
         main: record done\n  side: wait done\n  side: kernel \"w\"(z) -> d[0..512, 0..2]",
    );
    assert_eq!(verdict(&before, &before, false), Ok(()));
    assert_eq!(verdict(&before, &without_wait(&before), true), unordered(3, 6));
}
