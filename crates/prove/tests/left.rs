//! What graphs leave in memory is kept where it changes, and compared on both sides.

mod support;

use acg_ir::module::View;
use acg_ir::{Buffer, Entity, GraphId, Module, Operand};
use acg_prove::Complaint;
use support::{parse, verdict};

const DECLARED: &str = "\
device a, b, c : f32[8]
temp pool, shared : f32[8]
stream s
";

/// The copies of three graphs, of which the first leaves the others' memory alone.
fn module(first: &str) -> Module {
    let graph = |name: &str, copy: &str| format!("graph {name} on s {{\n  s: copy {copy}\n}}\n");
    let others = graph("one", "a -> shared") + &graph("other", "shared -> c");
    parse(&(DECLARED.to_owned() + &graph("first", first) + &others))
}

fn complaints(before: &Module, after: &Module) -> Vec<Complaint> {
    verdict(before, after, false).err().unwrap_or_default()
}

fn left(graph: usize, buffer: usize) -> Complaint {
    Complaint::Left(GraphId::at(graph), Buffer::at(buffer))
}

#[test]
fn a_copy_to_another_buffer_is_told_of_both() {
    let before = module("a -> b");
    assert_eq!(complaints(&before, &module("a -> b")), []);
    assert_eq!(complaints(&before, &module("a -> c")), [left(0, 1), left(0, 2)]);
}

#[test]
fn what_changes_nothing_is_as_good_as_nothing() {
    let before = module("b -> b");
    assert_eq!(complaints(&before, &module("c -> c")), []);
    assert_eq!(complaints(&before, &module("a -> c")), [left(0, 2)]);
}

#[test]
fn a_temporary_of_two_graphs_is_not_laid_over_what_a_third_one_writes() {
    let before = module("a -> pool");
    let mut after = before.clone();
    let [pool, shared] = [3, 4].map(Buffer::at);
    after.buffers[shared].view =
        Some(View { base: Operand { buffer: pool, slice: None }, reinterpreted: false });
    assert!(complaints(&before, &after).contains(&left(0, 4)));
}
