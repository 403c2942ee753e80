//! Tokens that occur once on both sides, as many as keep their order.

use rustc_hash::FxHashMap;

/// Where a token was seen on each side: how often, and where last.
#[derive(Clone, Copy, Default)]
struct Seen {
    count: [u32; 2],
    at: [u32; 2],
}

/// The longest increasing chain of tokens that occur once in `old` and once in `new`, as positions.
pub(super) fn find(old: &[u64], new: &[u64]) -> Vec<(u32, u32)> {
    let mut seen: FxHashMap<u64, Seen> = FxHashMap::default();
    for (side, tokens) in [old, new].into_iter().enumerate() {
        for (at, &token) in tokens.iter().enumerate() {
            let entry = seen.entry(token).or_default();
            entry.count[side] += 1;
            entry.at[side] = at as u32;
        }
    }
    let unique = old.iter().filter_map(|token| seen.get(token).filter(|seen| seen.count == [1, 1]));
    let pairs: Vec<(u32, u32)> = unique.map(|seen| (seen.at[0], seen.at[1])).collect();
    longest_chain(&pairs)
}

/// The longest subsequence of `pairs`, which increase on the old side, that increases on the new side too.
fn longest_chain(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // The last pair of the best chain of each length, and the pair before each in its chain.
    let mut last: Vec<u32> = Vec::new();
    let mut previous: Vec<Option<u32>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let length = last.partition_point(|&other| pairs[other as usize].1 < pair.1);
        previous.push(length.checked_sub(1).map(|before| last[before]));
        if length == last.len() {
            last.push(at as u32);
        } else {
            last[length] = at as u32;
        }
    }
    let mut chain = Vec::with_capacity(last.len());
    let mut at = last.last().copied();
    while let Some(pair) = at {
        chain.push(pairs[pair as usize]);
        at = previous[pair as usize];
    }
    chain.reverse();
    chain
}
