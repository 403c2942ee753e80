//! Myers' greedy search for a shortest edit script, given up beyond a number of differences or steps.
//!
//! Front `d` holds how far `d` differences reach: entry `i` is about the ways on which `i` tokens of the old sequence and
//! `d - i` of the new one have no partner.

/// The most steps for each token, before the search is given up; repetitive sequences take many.
const STEPS_PER_TOKEN: usize = 32;
/// Steps that short sequences can have in any case.
const FREE_STEPS: usize = 1 << 16;

/// A common subsequence of the beginnings of two sequences.
pub(super) struct Way {
    /// Positions of equal tokens, in increasing order.
    pub(super) pairs: Vec<(u32, u32)>,
    /// How much of each sequence it is about.
    pub(super) end: (usize, usize),
    /// Whether it is about both as a whole, and then a longest one.
    pub(super) is_complete: bool,
}

/// For each entry, how much of the old sequence the best way is about; `None` where there is no way.
type Front = Vec<Option<u32>>;

/// Where a way ends: its front, its entry there, and how much of the old sequence it is about.
#[derive(Clone, Copy)]
struct End {
    front: usize,
    entry: usize,
    old: usize,
}

impl End {
    /// How much of the new sequence the way is about.
    fn on_new(self) -> usize {
        // As many tokens as on the old side have partners on the new one.
        self.old + self.front - 2 * self.entry
    }

    fn length(self) -> usize {
        self.old + self.on_new()
    }
}

/// Searches for a longest common subsequence of two sequences.
pub(super) fn search(old: &[u64], new: &[u64], most_differences: usize) -> Way {
    let budget = FREE_STEPS + STEPS_PER_TOKEN * (old.len() + new.len());
    let mut steps = 0;
    let mut fronts: Vec<Front> = Vec::new();
    let mut best = End { front: 0, entry: 0, old: 0 };
    loop {
        let count = fronts.len();
        let mut front: Front = Vec::with_capacity(count + 1);
        for entry in 0..=count {
            let Some((start, _)) = start(&fronts, (count, entry), (old.len(), new.len())) else {
                front.push(None);
                continue;
            };
            let equal =
                old[start.old..].iter().zip(&new[start.on_new()..]).take_while(|(a, b)| a == b).count();
            let end = End { old: start.old + equal, ..start };
            front.push(Some(end.old as u32));
            steps += equal + 1;
            if end.length() > best.length() {
                best = end;
            }
        }
        fronts.push(front);
        let is_complete = best.length() == old.len() + new.len();
        if is_complete || count == most_differences || steps > budget {
            return back(&fronts, best, (old.len(), new.len()), is_complete);
        }
    }
}

/// Where the ways of an entry begin to follow equal tokens, and the entry of the front before from which they come.
fn start(
    fronts: &[Front],
    (front, entry): (usize, usize),
    (width, height): (usize, usize),
) -> Option<(End, Option<usize>)> {
    let Some(before) = front.checked_sub(1) else { return Some((End { front, entry, old: 0 }, None)) };
    let reach = |entry: usize| fronts[before].get(entry).copied().flatten().map(|old| old as usize);
    // One more token of the old sequence without a partner, or one more of the new one.
    let removed = entry.checked_sub(1).and_then(|from| Some((reach(from)? + 1, from)));
    let added = reach(entry).map(|old| (old, entry));
    let ends = [removed.filter(|&(old, _)| old <= width), added].into_iter().flatten();
    let ends = ends.map(|(old, from)| (End { front, entry, old }, Some(from)));
    ends.filter(|(end, _)| end.on_new() <= height).max_by_key(|(end, _)| end.old)
}

/// Follows the fronts back from where a way ends.
fn back(fronts: &[Front], end: End, size: (usize, usize), is_complete: bool) -> Way {
    let mut pairs = Vec::new();
    let mut at = end;
    while let Some((first, from)) = start(fronts, (at.front, at.entry), size) {
        let shift = at.on_new();
        let backwards = (first.old..at.old).rev();
        pairs.extend(backwards.map(|old| (old as u32, (shift - (at.old - old)) as u32)));
        let Some(from) = from else { break };
        let reached = fronts[at.front - 1].get(from).copied().flatten().unwrap_or(0);
        at = End { front: at.front - 1, entry: from, old: reached as usize };
    }
    pairs.reverse();
    Way { pairs, end: (end.old, end.on_new()), is_complete }
}
