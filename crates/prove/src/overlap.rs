//! Operands of one task that share bytes.
//!
//! A task may write before it has read everything, and its results in any order. Where a result shares bytes with what the task reads or with
//! another result, it works only if it is made for that, which the program that was written says and nobody else may.

use acg_ir::Access;

use crate::digest::Digest;
use crate::touched::Touched;

/// A number for each pair of a result and another operand that share bytes, and for how they do; sorted.
pub(crate) fn overlaps(touched: &Touched) -> Vec<u64> {
    let mut found = Vec::new();
    for (number, result) in touched.written.iter().enumerate() {
        let others = touched.read.iter().map(|access| (0, access)).enumerate();
        let later = touched.written.iter().map(|access| (1, access)).enumerate().skip(number + 1);
        for (other, (kind, access)) in others.chain(later) {
            if result.root == access.root && result.extent.overlaps(&access.extent) {
                found.push(pair([number as u64, other as u64, kind], result, access));
            }
        }
    }
    found.sort_unstable();
    found
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
