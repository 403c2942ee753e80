//! Sets of buffers as bits, and the conflict relation as one such set per buffer.

use crate::Lifetimes;
use crate::settled::settled;

const NONE: u32 = u32::MAX;

/// A square matrix of bits, one row per buffer: bit `b` of row `a` says that `a` and `b` conflict.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    words: usize,
    bits: Vec<u64>,
}

impl Rows {
    /// The conflicts among the buffers that `members` names; row `i` is that of `members[i]`.
    ///
    /// Buffers are compared in the order of first use with those before them that do not precede all that come yet, which are few.
    pub(crate) fn new(lifetimes: &Lifetimes, members: &[u32]) -> Self {
        let mut rows = Self::empty(members.len());
        let places = places(members, lifetimes.len());
        let mut by_use = lifetimes.by_first_use();
        by_use.retain(|&buffer| places[buffer as usize] != NONE);
        let settled = settled(lifetimes, &lifetimes.endings(), &by_use);
        let mut open: Vec<u32> = Vec::new();
        for (turn, &buffer) in by_use.iter().enumerate() {
            open.retain(|&other| settled[other as usize] > turn as u32);
            let place = places[buffer as usize] as usize;
            for &other in &open {
                // What is used first does not come after the other.
                if !lifetimes.precedes(other as usize, buffer as usize) {
                    rows.set(place, places[other as usize] as usize);
                }
            }
            open.push(buffer);
        }
        rows.make_symmetric();
        rows
    }

    /// Lets every row have the bits of its column too: by squares, because the bits of a column lie far apart.
    fn make_symmetric(&mut self) {
        for high in 0..self.words {
            for low in 0..=high {
                let mut square = self.square(high, low);
                for (row, column) in square.iter_mut().zip(transposed(self.square(low, high))) {
                    *row |= column;
                }
                self.put_square(high, low, &square);
                self.put_square(low, high, &transposed(square));
            }
        }
    }

    /// The bits of the rows from `64 * rows` on in one of their words; what is beyond the last row is empty.
    fn square(&self, rows: usize, word: usize) -> [u64; 64] {
        let of = |row: usize| self.bits.get((rows * 64 + row) * self.words + word).copied();
        std::array::from_fn(|row| of(row).unwrap_or(0))
    }

    fn put_square(&mut self, rows: usize, word: usize, square: &[u64; 64]) {
        for (row, &bits) in square.iter().enumerate() {
            if let Some(at) = self.bits.get_mut((rows * 64 + row) * self.words + word) {
                *at = bits;
            }
        }
    }

    /// The relation among `kept` alone, with `kept[i]` numbered `i`.
    pub(crate) fn part(&self, kept: &[u32]) -> Self {
        let mut rows = Self::empty(kept.len());
        let places = places(kept, self.bits.len() / self.words.max(1));
        for (a, &first) in kept.iter().enumerate() {
            for second in members(self.row(first as usize)) {
                if places[second] != NONE {
                    rows.set(a, places[second] as usize);
                }
            }
        }
        rows
    }

    fn empty(buffers: usize) -> Self {
        let words = buffers.div_ceil(64);
        Self { words, bits: vec![0; words * buffers] }
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

/// A square of bits with rows for columns, halves of halves swapped.
fn transposed(mut square: [u64; 64]) -> [u64; 64] {
    let (mut width, mut mask) = (32, u64::MAX >> 32);
    while width > 0 {
        for row in (0..64).filter(|row| row & width == 0) {
            let swapped = (square[row] >> width ^ square[row + width]) & mask;
            square[row] ^= swapped << width;
            square[row + width] ^= swapped;
        }
        width /= 2;
        mask ^= mask << width;
    }
    square
}

/// Of each of `buffers` numbers, its place among `members`, or [`NONE`].
fn places(members: &[u32], buffers: usize) -> Vec<u32> {
    let mut places = vec![NONE; buffers];
    members.iter().enumerate().for_each(|(place, &member)| places[member as usize] = place as u32);
    places
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Intervals;

    /// More than two squares of them, the last one not full.
    #[test]
    fn a_row_has_what_its_buffer_conflicts_with() {
        let lower: Vec<u64> = (0..150).map(|buffer| buffer * 37 % 101).collect();
        let upper = lower.iter().zip(0..).map(|(lower, buffer)| lower + 1 + buffer * 11 % 29).collect();
        let lifetimes = Lifetimes::Intervals(Intervals::new(lower, upper).unwrap());
        let named: Vec<u32> = (0..150).rev().collect();
        let rows = Rows::new(&lifetimes, &named);
        for (a, &first) in named.iter().enumerate() {
            for (b, &second) in named.iter().enumerate() {
                let conflict = a != b && lifetimes.conflict(first as usize, second as usize);
                assert_eq!(contains(rows.row(a), b), conflict, "{first} and {second}");
            }
        }
    }
}
