//! Sets of buffers as bits, and the conflict relation as one such set per buffer.

use crate::Lifetimes;

/// A square matrix of bits, one row per buffer: bit `b` of row `a` says that `a` and `b` conflict.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    words: usize,
    bits: Vec<u64>,
}

impl Rows {
    /// The conflicts among the buffers that `members` names; row `i` is that of `members[i]`.
    pub(crate) fn new(lifetimes: &Lifetimes, members: &[u32]) -> Self {
        let words = members.len().div_ceil(64);
        let mut rows = Self { words, bits: vec![0; words * members.len()] };
        for (a, &first) in members.iter().enumerate() {
            for (b, &second) in members.iter().enumerate().take(a) {
                if lifetimes.conflict(first as usize, second as usize) {
                    rows.set(a, b);
                    rows.set(b, a);
                }
            }
        }
        rows
    }

    /// The relation among `members` alone, with `members[i]` numbered `i`.
    pub(crate) fn part(&self, members: &[u32]) -> Self {
        let words = members.len().div_ceil(64);
        let mut rows = Self { words, bits: vec![0; words * members.len()] };
        for (a, &first) in members.iter().enumerate() {
            for (b, &second) in members.iter().enumerate() {
                if contains(self.row(first as usize), second as usize) {
                    rows.set(a, b);
                }
            }
        }
        rows
    }

    fn set(&mut self, a: usize, b: usize) {
        self.bits[a * self.words + b / 64] |= 1 << (b % 64);
    }

    pub(crate) fn words(&self) -> usize {
        self.words
    }

    pub(crate) fn row(&self, buffer: usize) -> &[u64] {
        &self.bits[buffer * self.words..(buffer + 1) * self.words]
    }
}

pub(crate) fn contains(set: &[u64], index: usize) -> bool {
    set[index / 64] >> (index % 64) & 1 == 1
}

pub(crate) fn insert(set: &mut [u64], index: usize) {
    set[index / 64] |= 1 << (index % 64);
}

pub(crate) fn remove(set: &mut [u64], index: usize) {
    set[index / 64] &= !(1 << (index % 64));
}

/// The set of all numbers below `count`.
pub(crate) fn full(count: usize) -> Vec<u64> {
    let mut set = vec![u64::MAX; count.div_ceil(64)];
    if !count.is_multiple_of(64) {
        *set.last_mut().expect("a rest needs a word") = (1 << (count % 64)) - 1;
    }
    set
}

pub(crate) fn count(set: &[u64]) -> usize {
    set.iter().map(|word| word.count_ones() as usize).sum()
}

/// The smallest number in a set.
pub(crate) fn first(set: &[u64]) -> Option<usize> {
    let index = set.iter().position(|&word| word != 0)?;
    Some(index * 64 + set[index].trailing_zeros() as usize)
}

/// The numbers in both sets, ascending.
pub(crate) fn common<'a>(a: &'a [u64], b: &'a [u64]) -> impl Iterator<Item = usize> + 'a {
    a.iter().zip(b).enumerate().flat_map(|(index, (a, b))| ones(a & b, index))
}

/// The numbers in a set, ascending.
pub(crate) fn members(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(index, &word)| ones(word, index))
}

fn ones(word: u64, index: usize) -> impl Iterator<Item = usize> {
    let rest = |word: u64| (word != 0).then_some(word);
    std::iter::successors(rest(word), move |word| rest(word & (word - 1)))
        .map(move |word| index * 64 + word.trailing_zeros() as usize)
}
