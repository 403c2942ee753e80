//! Operands of one task that share bytes.
//!
//! A task may write before it has read everything, and its results in any order. Where a result shares bytes with what the task reads or with
//! another result, it works only if it is made for that, which the program that was written says and nobody else may.

use acg_ir::Access;

use crate::digest::Digest;
use crate::touched::Touched;

/// With more pairs of operands than this, only those are compared that are near each other.
const MOST_PAIRS: usize = 256;

/// A number for each pair of a result and another operand that share bytes, and for how they do; sorted.
pub(crate) fn overlaps(touched: &Touched) -> Vec<u64> {
    let mut found = Vec::new();
    let (results, all) = (touched.written.len(), touched.read.len() + touched.written.len());
    if results.saturating_mul(all) > MOST_PAIRS {
        each_near_pair(touched, &mut found);
    } else if is_any_touched_twice(touched) {
        each_pair(touched, &mut found);
    }
    found.sort_unstable();
    found
}

/// Whether a result and another operand are of the same buffer, as in hardly any task.
fn is_any_touched_twice(touched: &Touched) -> bool {
    let mut rest = &touched.written[..];
    while let Some((result, others)) = rest.split_first() {
        let is_same = |other: &Access| other.root == result.root;
        if touched.read.iter().any(is_same) || others.iter().any(is_same) {
            return true;
        }
        rest = others;
    }
    false
}

/// An operand: what it accesses, its number among those read or written, and whether it is written.
type Operand<'t> = (&'t Access, u64, bool);

fn operands(touched: &Touched) -> impl Iterator<Item = Operand<'_>> {
    let read = touched.read.iter().zip(0..).map(|(access, number)| (access, number, false));
    read.chain(touched.written.iter().zip(0..).map(|(access, number)| (access, number, true)))
}

#[inline(never)]
fn each_pair(touched: &Touched, found: &mut Vec<u64>) {
    for (at, result) in touched.written.iter().enumerate() {
        let mut compare = |others: &[Access], first: usize, are_written: bool| {
            for (other, number) in others.iter().zip(first as u64..) {
                if other.root == result.root {
                    found.extend(shared((result, at as u64, true), (other, number, are_written)));
                }
            }
        };
        compare(&touched.read, 0, false);
        compare(&touched.written[at + 1..], at + 1, true);
    }
}

/// Goes through the operands by where they start, with those that reach that far.
#[inline(never)]
fn each_near_pair(touched: &Touched, found: &mut Vec<u64>) {
    let mut sorted: Vec<Operand<'_>> = operands(touched).collect();
    sorted.sort_unstable_by_key(|&(access, number, is_written)| {
        (access.root, access.extent.start(), number, is_written)
    });
    // What is only read is not compared with what is only read, however much of it there is.
    let (mut read, mut written): (Vec<Operand<'_>>, Vec<Operand<'_>>) = (Vec::new(), Vec::new());
    for next in sorted {
        let reaches = |earlier: &Operand<'_>| {
            earlier.0.root == next.0.root && earlier.0.extent.end() > next.0.extent.start()
        };
        written.retain(reaches);
        found.extend(written.iter().filter_map(|&earlier| {
            let is_later = next.2 && next.1 < earlier.1;
            if is_later { shared(next, earlier) } else { shared(earlier, next) }
        }));
        if next.2 {
            read.retain(reaches);
            found.extend(read.iter().filter_map(|&earlier| shared(next, earlier)));
            written.push(next);
        } else {
            read.push(next);
        }
    }
}

/// A number for a result and another operand of the same buffer, if they share bytes.
fn shared((result, number, _): Operand<'_>, (other, of_other, is_written): Operand<'_>) -> Option<u64> {
    if !result.extent.overlaps(&other.extent) {
        return None;
    }
    let mut digest = Digest::new(21);
    for number in [number, of_other, u64::from(is_written)] {
        digest.push(number);
    }
    if result.extent != other.extent {
        digest.push(result.extent.start().wrapping_sub(other.extent.start()));
        result.extent.form(|number| digest.push(number));
        other.extent.form(|number| digest.push(number));
    }
    Some(digest.get())
}

#[cfg(test)]
mod tests {
    use super::{each_near_pair, each_pair};
    use crate::touched::Touched;
    use acg_ir::{Access, Buffer, Entity, Extent};
    use proptest::prelude::*;

    fn accesses() -> impl Strategy<Value = Vec<Access>> {
        let access = (0..3usize, 0..40u64, 1..12u64);
        let access = access.prop_map(|(root, start, bytes)| Access {
            root: Buffer::at(root),
            extent: Extent::range(start, start + bytes),
        });
        prop::collection::vec(access, 0..20)
    }

    proptest! {
        #[test]
        fn those_near_each_other_are_all_that_share_bytes(read in accesses(), written in accesses()) {
            let touched = Touched { read, written };
            let (mut all, mut near) = (Vec::new(), Vec::new());
            each_pair(&touched, &mut all);
            each_near_pair(&touched, &mut near);
            all.sort_unstable();
            near.sort_unstable();
            prop_assert_eq!(all, near);
        }
    }
}
