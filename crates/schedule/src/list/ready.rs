//! Ready tasks, the most urgent first.
//!
//! Tasks are ranked once; the ready ones are bits by rank under a tree of summaries, 64 to one. Taking the first or adding one
//! touches a word a level, where a heap of many thousands would miss the cache at every comparison.

/// A set of ranked tasks.
#[derive(Debug, Default)]
pub(super) struct Ready {
    /// Tasks by rank.
    by_rank: Vec<u32>,
    rank_of: Vec<u32>,
    ranks: Numbers,
}

/// A set of small numbers, the smallest first.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// The bits of numbers, and above them the bits of words that are not empty.
    levels: Vec<Vec<u64>>,
}

impl Ready {
    /// Ranks tasks by `urgency`, the larger first and of equals the smaller task, and makes the set empty.
    pub(super) fn restart(&mut self, urgency: &[u64]) {
        let tasks = urgency.len();
        self.by_rank.clear();
        self.by_rank.extend(0..tasks as u32);
        self.by_rank.sort_unstable_by_key(|&task| (std::cmp::Reverse(urgency[task as usize]), task));
        self.rank_of.resize(tasks, 0);
        for (rank, &task) in self.by_rank.iter().enumerate() {
            self.rank_of[task as usize] = rank as u32;
        }
        self.ranks.restart(tasks);
    }

    pub(super) fn insert(&mut self, task: u32) {
        self.ranks.insert(self.rank_of[task as usize]);
    }

    /// Takes the most urgent task out.
    pub(super) fn pop(&mut self) -> Option<u32> {
        let rank = self.ranks.first()?;
        self.ranks.remove(rank);
        Some(self.by_rank[rank as usize])
    }
}

impl Numbers {
    /// Makes this an empty set of numbers below `end`.
    pub(super) fn restart(&mut self, end: usize) {
        self.levels.clear();
        let mut words = end;
        loop {
            words = words.div_ceil(64).max(1);
            self.levels.push(vec![0; words]);
            if words == 1 {
                break;
            }
        }
    }

    pub(super) fn insert(&mut self, number: u32) {
        let mut at = number as usize;
        for level in &mut self.levels {
            let word = &mut level[at / 64];
            let was_empty = *word == 0;
            *word |= 1 << (at % 64);
            if !was_empty {
                break;
            }
            at /= 64;
        }
    }

    pub(super) fn contains(&self, number: u32) -> bool {
        self.levels[0][number as usize / 64] >> (number % 64) & 1 == 1
    }

    pub(super) fn remove(&mut self, number: u32) {
        let mut at = number as usize;
        for level in &mut self.levels {
            let word = &mut level[at / 64];
            *word &= !(1 << (at % 64));
            if *word != 0 {
                break;
            }
            at /= 64;
        }
    }

    /// The smallest number.
    pub(super) fn first(&self) -> Option<u32> {
        let mut at = 0;
        for level in self.levels.iter().rev() {
            let word = level[at];
            if word == 0 {
                return None;
            }
            at = at * 64 + word.trailing_zeros() as usize;
        }
        Some(at as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_urgent_comes_first() {
        let urgency: Vec<u64> = (0..10_000u64).map(|task| task * 7_919 % 1_000).collect();
        let mut ready = Ready::default();
        ready.restart(&urgency);
        (0..10_000).step_by(3).for_each(|task| ready.insert(task));
        let mut expected: Vec<u32> = (0..10_000).step_by(3).collect();
        expected.sort_by_key(|&task| (std::cmp::Reverse(urgency[task as usize]), task));
        assert_eq!(std::iter::from_fn(|| ready.pop()).collect::<Vec<_>>(), expected);
    }
}
