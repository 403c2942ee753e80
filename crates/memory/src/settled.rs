//! From when on a buffer precedes all that come.

use crate::accesses::{Accesses, Endings, RUN};
use crate::{Intervals, Lifetimes};

/// For each buffer, the first turn of `by_use` from which on every buffer is one that it precedes.
///
/// A buffer precedes all that come if it precedes what is over before any of them: one row, that grows with the turns.
pub(crate) fn settled(lifetimes: &Lifetimes, endings: &Endings, by_use: &[u32]) -> Vec<u32> {
    let mut settled = match lifetimes {
        Lifetimes::Intervals(intervals) => by_time(intervals, by_use),
        Lifetimes::Accesses(accesses) => by_rows(accesses, endings, by_use),
    };
    for (turn, &buffer) in by_use.iter().enumerate() {
        // One that nothing accesses precedes all, itself too.
        let settled = &mut settled[buffer as usize];
        *settled = (*settled).max(turn as u32 + 1);
    }
    settled
}

fn by_time(intervals: &Intervals, by_use: &[u32]) -> Vec<u32> {
    let first = |buffer: usize| by_use.partition_point(|&other| !intervals.precedes(buffer, other as usize));
    (0..intervals.len()).map(|buffer| first(buffer) as u32).collect()
}

fn by_rows(accesses: &Accesses, endings: &Endings, by_use: &[u32]) -> Vec<u32> {
    let mut settled = vec![0; accesses.len()];
    // After the last turn, everything is over.
    let mut least: Vec<u32> = accesses.stream_lengths();
    for (number, run) in by_use.chunks(RUN).enumerate().rev() {
        accesses.fetch(run);
        for (at, &buffer) in run.iter().enumerate().rev() {
            let over = accesses.over(buffer as usize);
            if !over.is_below(&least) {
                continue;
            }
            let next = (number * RUN + at + 1) as u32;
            for (stream, (least, over)) in least.iter_mut().zip(over.iter()).enumerate() {
                if over < *least {
                    for open in endings.between(accesses, stream, over, *least) {
                        let settled = &mut settled[open.buffer as usize];
                        *settled = (*settled).max(next);
                    }
                    *least = over;
                }
            }
        }
    }
    settled
}

#[cfg(test)]
mod tests;
