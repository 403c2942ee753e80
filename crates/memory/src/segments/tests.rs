//! Against an arena that knows the user of every byte.

use proptest::prelude::*;

use super::{NOBODY, Segments};

/// What an arena of bytes has as gaps: their starts and sizes.
fn gaps(bytes: &[u32]) -> Vec<(u64, u64)> {
    let mut gaps: Vec<(u64, u64)> = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|&(_, &user)| user == NOBODY) {
        match gaps.last_mut() {
            Some((start, room)) if *start + *room == at as u64 => *room += 1,
            _ => gaps.push((at as u64, 1)),
        }
    }
    gaps.sort_unstable_by_key(|&(start, room)| (room, start));
    gaps
}

proptest! {
    /// Buffers of some sizes go into the smallest gap or on top; before each, some earlier one settles or is over for it.
    #[test]
    fn segments_are_what_bytes_say(steps in prop::collection::vec((1..9u64, 0..30u32, prop::bool::ANY), 1..30)) {
        let mut segments = Segments::new(steps.len());
        let mut bytes: Vec<u32> = Vec::new();
        for (buffer, &(size, other, settles)) in steps.iter().enumerate() {
            let free = |user: u32| user % 3 == other % 3;
            if settles && (other as usize) < buffer {
                segments.settle(other);
                bytes.iter_mut().filter(|user| **user == other).for_each(|user| *user = NOBODY);
            }
            let known: Vec<(u64, u64)> = segments.gaps_from(1).map(|run| (run.start, run.room())).collect();
            prop_assert_eq!(known, gaps(&bytes));
            for user in 0..buffer as u32 {
                let used: u64 = segments.used_by(user).map(|at| segments.around(at, 0, |_| false).room()).sum();
                prop_assert_eq!(used, bytes.iter().filter(|&&byte| byte == user).count() as u64);
            }
            let top = segments.at_top(usize::MAX, free);
            let held = bytes.iter().rposition(|&user| user != NOBODY && !free(user)).map_or(0, |at| at as u64 + 1);
            prop_assert_eq!((top.start, top.end), (held, bytes.len() as u64));
            let run = segments.gaps_from(size).next().unwrap_or(top);
            // Anywhere in the run, as alignments may ask for.
            let start = run.start + u64::from(other) % (run.room().saturating_sub(size) + 1);
            segments.occupy(run, start, start + size, buffer as u32);
            bytes.resize(bytes.len().max((start + size) as usize), NOBODY);
            bytes[start as usize..(start + size) as usize].fill(buffer as u32);
        }
    }
}
