//! From when on a buffer precedes all that come.

use crate::accesses::{Accesses, Endings};
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
    // Of each stream, what tasks on it had learned when it was looked at last.
    let mut looked_at: Vec<&[u32]> = vec![&[]; least.len()];
    for (turn, &buffer) in by_use.iter().enumerate().rev() {
        let mut look = |stream: usize, over: u32| {
            if over < least[stream] {
                for open in endings.between(accesses, stream, over, least[stream]) {
                    let settled = &mut settled[open.buffer as usize];
                    *settled = (*settled).max(turn as u32 + 1);
                }
                least[stream] = over;
            }
        };
        let over = accesses.over(buffer as usize);
        if let Some((stream, own)) = over.own {
            look(stream, own);
            let earlier = std::mem::replace(&mut looked_at[stream], over.learned);
            if std::ptr::eq(earlier, over.learned) {
                continue;
            }
        }
        over.iter().enumerate().for_each(|(stream, over)| look(stream, over));
    }
    settled
}

#[cfg(test)]
mod tests;
