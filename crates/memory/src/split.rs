//! Cuts a problem into parts that do not touch each other.
//!
//! Buffers of different components of the conflict graph share addresses freely, and a buffer that conflicts with all others of
//! its component divides the arena, so that it may as well lie at the bottom, if what was below it stays aligned above it. Both are taken in turn
//! until neither applies.

use crate::rows::{Rows, count, first, full, insert, members, remove};

/// A part: buffers to be placed from `base` up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) members: Vec<u32>,
    pub(crate) base: u64,
}

/// What a problem falls into.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) open: Vec<Part>,
    /// Buffers whose place is settled, with their offsets.
    pub(crate) settled: Vec<(u32, u64)>,
}

/// A set of buffers still to be looked at.
struct Todo {
    set: Vec<u64>,
    base: u64,
    /// How many buffers that conflict with the whole set were taken out of it.
    below: usize,
}

/// The parts of the buffers in `rows` with `sizes`; whatever is moved by a multiple of `step` stays aligned.
pub(crate) fn split(rows: &Rows, sizes: &[u64], step: u64) -> Parts {
    let degrees: Vec<usize> = (0..sizes.len()).map(|buffer| count(rows.row(buffer))).collect();
    let mut parts = Parts::default();
    let mut todo = vec![Todo { set: full(sizes.len()), base: 0, below: 0 }];
    while let Some(Todo { mut set, mut base, mut below }) = todo.pop() {
        let mut components = components(rows, &mut set);
        if components.len() > 1 {
            todo.extend(components.into_iter().rev().map(|set| Todo { set, base, below }));
            continue;
        }
        let Some(mut set) = components.pop() else { continue };
        let buffers = count(&set);
        let all = below + buffers - 1;
        let keeps_aligned = |buffer: usize| buffers == 1 || sizes[buffer].is_multiple_of(step);
        let is_bottom = |&buffer: &usize| degrees[buffer] == all && keeps_aligned(buffer);
        let bottom: Vec<usize> = members(&set).filter(is_bottom).collect();
        if bottom.is_empty() {
            parts.open.push(Part { members: members(&set).map(|buffer| buffer as u32).collect(), base });
            continue;
        }
        below += bottom.len();
        for buffer in bottom {
            parts.settled.push((buffer as u32, base));
            base += sizes[buffer];
            remove(&mut set, buffer);
        }
        todo.push(Todo { set, base, below });
    }
    parts
}

/// The connected components of `set`, by smallest member; empties `set`.
pub(crate) fn components(rows: &Rows, set: &mut [u64]) -> Vec<Vec<u64>> {
    let mut found = Vec::new();
    let mut left = count(set);
    let mut queue = Vec::new();
    while let Some(seed) = first(set) {
        let mut component = vec![0; set.len()];
        insert(&mut component, seed);
        remove(set, seed);
        left -= 1;
        queue.push(seed);
        while let Some(buffer) = queue.pop() {
            if left == 0 {
                queue.clear();
                break;
            }
            for (index, (rest, row)) in set.iter_mut().zip(rows.row(buffer)).enumerate() {
                let mut new = *rest & row;
                *rest &= !row;
                component[index] |= new;
                left -= new.count_ones() as usize;
                while new != 0 {
                    queue.push(index * 64 + new.trailing_zeros() as usize);
                    new &= new - 1;
                }
            }
        }
        found.push(component);
    }
    found
}
