//! Against every pair of tasks.

use acg_diagnostics::Sources;
use acg_ir::{Entity, Module, Op, Step};
use proptest::prelude::*;

use super::lost;
use crate::order::Order;

const STREAMS: usize = 4;

/// One task a step, on its stream; before it, the stream waits for another one.
fn module(steps: &[(usize, Option<usize>)]) -> Module {
    let (mut lines, mut events) = (Vec::new(), Vec::new());
    let mut join = |lines: &mut Vec<String>, from: usize, to: usize| {
        let event = events.len();
        events.push(format!("event e{event}\n"));
        lines.push(format!("  s{from}: record e{event}\n  s{to}: wait e{event}\n"));
    };
    (1..STREAMS).for_each(|stream| join(&mut lines, 0, stream));
    for &(stream, other) in steps {
        if let Some(other) = other.filter(|&other| other != stream) {
            join(&mut lines, other, stream);
        }
        lines.push(format!("  s{stream}: fill b = 0\n"));
    }
    (1..STREAMS).for_each(|stream| join(&mut lines, stream, 0));
    let (lines, events) = (lines.concat(), events.concat());
    let text = format!("device b : bytes[64]\nstream s0, s1, s2, s3\n{events}graph g on s0 {{\n{lines}}}\n");
    let file = Sources::new().add("test.acg", text.clone());
    let parsed = acg_parser::parse(file, &text);
    assert!(parsed.complete, "{text}{:?}", parsed.diagnostics);
    parsed.module
}

proptest! {
    #[test]
    fn something_is_lost_exactly_if_a_pair_is(
        steps in prop::collection::vec((0..STREAMS, prop::option::of(0..STREAMS)), 1..14),
        kept in prop::collection::vec(prop::bool::weighted(0.7), 40),
        counted in prop::collection::vec(prop::bool::weighted(0.8), 14),
    ) {
        let mut module = module(&steps);
        let graph = module.graphs.keys().next().unwrap();
        let from = Order::of(&module, graph);
        let data = module.graphs[graph].clone();
        let is_wait = |step: &Step| matches!(*step, Step::Task(task) if matches!(data.tasks[task].op, Op::Wait { .. }));
        let mut kept = kept.iter().copied().cycle();
        module.graphs[graph].steps.retain(|step| !is_wait(step) || kept.next().unwrap_or(true));
        let to = Order::of(&module, graph);
        let work = data.program().filter(|&task| matches!(data.tasks[task].op, Op::Fill(_)));
        let tasks: Vec<u32> =
            work.zip(counted).filter(|&(_, counted)| counted).map(|(task, _)| task.index() as u32).collect();
        let mut found = Vec::new();
        lost(&from, &tasks, &to, |first, second| found.push((first, second)));
        let is_lost = |first: u32, second: u32| from.before(first, second) && !to.before(first, second);
        for &(first, second) in &found {
            prop_assert!(is_lost(first, second), "{} before {} is not lost", first, second);
        }
        let any = tasks.iter().any(|&first| tasks.iter().any(|&second| is_lost(first, second)));
        prop_assert_eq!(any, !found.is_empty());
    }
}
