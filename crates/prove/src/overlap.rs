//! Operands of one task that share bytes.
//!
//! A task may write before it has read everything, and its results in any order. Where a result shares bytes with what the task reads or with
//! another result, it works only if it is made for that, which the program that was written says and nobody else may.

use acg_ir::dependence::{reads, writes};
use acg_ir::{Access, Module, Operand, TaskData};

use crate::digest::Digest;

/// A number for each pair of a result and another operand that share bytes, and for how they do; sorted.
pub(crate) fn overlaps(module: &Module, data: &TaskData) -> Vec<u64> {
    let mut found = Vec::new();
    if are_apart(module, data) {
        return found;
    }
    let results: Vec<Access> =
        writes(module, data).iter().filter_map(|&operand| module.access(operand).ok()).collect();
    let read: Vec<Access> = reads(module, data).filter_map(|operand| module.access(operand).ok()).collect();
    for (number, result) in results.iter().enumerate() {
        let others = read.iter().map(|access| (0, access)).enumerate();
        let later = results.iter().map(|access| (1, access)).enumerate().skip(number + 1);
        for (other, (kind, access)) in others.chain(later) {
            if result.root == access.root && result.extent.overlaps(&access.extent) {
                found.push(pair([number as u64, other as u64, kind], result, access));
            }
        }
    }
    found.sort_unstable();
    found
}

/// Whether every result is in a buffer of its own, which is so of nearly all tasks and seen without looking at bytes.
fn are_apart(module: &Module, data: &TaskData) -> bool {
    let results = writes(module, data);
    let is_view = |operand: Operand| module.buffers[operand.buffer].view.is_some();
    let clash = |one: Operand, other: Operand| one.buffer == other.buffer || is_view(one) || is_view(other);
    results.iter().enumerate().all(|(number, &result)| {
        let later = results[number + 1..].iter().copied();
        !reads(module, data).chain(later).any(|other| clash(result, other))
    })
}

fn pair(numbers: [u64; 3], result: &Access, other: &Access) -> u64 {
    let mut digest = Digest::new(21);
    for number in numbers {
        digest.push(number);
    }
    if result.extent != other.extent {
        digest.push(result.extent.start().wrapping_sub(other.extent.start()));
        result.extent.form(|number| digest.push(number));
        other.extent.form(|number| digest.push(number));
    }
    digest.get()
}
