//! A common subsequence of two sequences of tokens: a longest one where they are alike, a long one where they are not.
//!
//! Alike sequences are solved exactly by Myers' greedy search, whose cost grows with the number of differences. Where that
//! exceeds a bound, tokens that occur once on both sides divide the work; where there are none, the best partial way is
//! kept and the search begins again at its end. So the cost is never quadratic.
//!
//! **Invariant:** the pairs that are given are increasing on both sides, and paired tokens are equal.

mod anchors;
mod greedy;
mod slide;

use std::ops::Range;

use rustc_hash::FxHashSet;

/// How often work is divided at unique tokens before partial ways are taken instead.
const MAX_DEPTH: u32 = 8;

/// Up to how many differences the whole is searched, a part between unique tokens, and a part that has turned out to be unlike.
const MANY: usize = 256;
const SOME: usize = 64;
const FEW: usize = 32;

/// A part of both sequences that is still to be compared.
#[derive(Clone, Debug)]
struct Window {
    old: Range<usize>,
    new: Range<usize>,
    depth: u32,
    most_differences: usize,
    /// Below how many tokens it is worth while to look for unique ones again.
    divisible_below: usize,
}

impl Window {
    fn of(old: Range<usize>, new: Range<usize>, depth: u32) -> Self {
        Self {
            old,
            new,
            depth,
            most_differences: if depth == 0 { MANY } else { SOME },
            divisible_below: usize::MAX,
        }
    }

    fn len(&self) -> usize {
        self.old.len() + self.new.len()
    }
}

/// Positions of equal tokens, `(old, new)`, in increasing order.
pub(crate) fn align(old: &[u64], new: &[u64]) -> Vec<(u32, u32)> {
    // Tokens that the other side does not have are differences in any case; searching would pay for each.
    let (old_at, new_at) = (common(old, new), common(new, old));
    let pick = |tokens: &[u64], at: &[u32]| at.iter().map(|&at| tokens[at as usize]).collect::<Vec<_>>();
    let pairs = align_common(&pick(old, &old_at), &pick(new, &new_at));
    let mut pairs: Vec<_> =
        pairs.into_iter().map(|(a, b)| (old_at[a as usize], new_at[b as usize])).collect();
    slide::slide(&mut pairs, old, new);
    pairs
}

/// Where the tokens are that `others` has, too.
fn common(tokens: &[u64], others: &[u64]) -> Vec<u32> {
    if tokens == others {
        return (0..tokens.len() as u32).collect();
    }
    let others: FxHashSet<u64> = others.iter().copied().collect();
    (0..tokens.len() as u32).filter(|&at| others.contains(&tokens[at as usize])).collect()
}

fn align_common(old: &[u64], new: &[u64]) -> Vec<(u32, u32)> {
    let mut pairs = Vec::with_capacity(old.len().min(new.len()));
    let mut pending = vec![Window::of(0..old.len(), 0..new.len(), 0)];
    while let Some(mut window) = pending.pop() {
        trim(old, new, &mut window, &mut pairs);
        if window.old.is_empty() || window.new.is_empty() {
            continue;
        }
        let way = greedy::search(&old[window.old.clone()], &new[window.new.clone()], window.most_differences);
        let offset = |&(a, b): &(u32, u32)| (window.old.start as u32 + a, window.new.start as u32 + b);
        if way.is_complete {
            pairs.extend(way.pairs.iter().map(offset));
            continue;
        }
        let is_divisible = window.depth < MAX_DEPTH && window.len() < window.divisible_below;
        let anchors = if is_divisible {
            anchors::find(&old[window.old.clone()], &new[window.new.clone()])
        } else {
            Vec::new()
        };
        if anchors.is_empty() {
            pairs.extend(way.pairs.iter().map(offset));
            let divisible_below = if is_divisible { window.len() / 2 } else { window.divisible_below };
            let (old_end, new_end) = (window.old.start + way.end.0, window.new.start + way.end.1);
            pending.push(Window {
                old: old_end..window.old.end,
                new: new_end..window.new.end,
                depth: window.depth,
                most_differences: FEW,
                divisible_below,
            });
            continue;
        }
        let mut from = (window.old.start, window.new.start);
        for (a, b) in anchors.iter().map(offset) {
            let (at, other) = (a as usize, b as usize);
            pairs.push((a, b));
            pending.push(Window::of(from.0..at, from.1..other, window.depth + 1));
            from = (at + 1, other + 1);
        }
        pending.push(Window::of(from.0..window.old.end, from.1..window.new.end, window.depth + 1));
    }
    pairs.sort_unstable();
    pairs
}

/// Pairs what both parts begin and end with, and takes it off them.
fn trim(old: &[u64], new: &[u64], window: &mut Window, pairs: &mut Vec<(u32, u32)>) {
    let (a, b) = (&mut window.old, &mut window.new);
    while a.start < a.end && b.start < b.end && old[a.start] == new[b.start] {
        pairs.push((a.start as u32, b.start as u32));
        a.start += 1;
        b.start += 1;
    }
    while a.start < a.end && b.start < b.end && old[a.end - 1] == new[b.end - 1] {
        a.end -= 1;
        b.end -= 1;
        pairs.push((a.end as u32, b.end as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The length of a longest common subsequence, by the textbook.
    fn longest(old: &[u64], new: &[u64]) -> usize {
        let mut row = vec![0; new.len() + 1];
        for a in old {
            let mut diagonal = 0;
            for (at, b) in new.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = if a == b { diagonal + 1 } else { above.max(row[at]) };
                diagonal = above;
            }
        }
        row[new.len()]
    }

    fn is_valid(old: &[u64], new: &[u64], pairs: &[(u32, u32)]) -> bool {
        let increasing = pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
        increasing && pairs.iter().all(|&(a, b)| old[a as usize] == new[b as usize])
    }

    proptest! {
        #[test]
        fn short_sequences_are_aligned_as_long_as_can_be(
            old in prop::collection::vec(0u64..5, 0..60),
            new in prop::collection::vec(0u64..5, 0..60),
        ) {
            let pairs = align(&old, &new);
            prop_assert!(is_valid(&old, &new, &pairs));
            prop_assert_eq!(pairs.len(), longest(&old, &new));
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn long_unlike_sequences_are_aligned_validly(
            old in prop::collection::vec(0u64..2000, 1500..2000),
            new in prop::collection::vec(0u64..2000, 1500..2000),
        ) {
            prop_assert!(is_valid(&old, &new, &align(&old, &new)));
        }
    }

    #[test]
    fn sequences_without_anything_in_common_cost_no_square() {
        let old: Vec<u64> = (0..200_000).map(|at| at % 2).collect();
        let new: Vec<u64> = (0..200_000).map(|at| 2 + at % 3).collect();
        assert!(align(&old, &new).is_empty());
    }

    #[test]
    fn repetition_costs_no_square() {
        let old: Vec<u64> = (0..20_000).map(|at| at % 7 % 3).collect();
        let new: Vec<u64> = (0..20_000).map(|at| at % 11 % 3).collect();
        let pairs = align(&old, &new);
        assert!(is_valid(&old, &new, &pairs));
        assert!(pairs.len() > 10_000, "{}", pairs.len());
    }
}
