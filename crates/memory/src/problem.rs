//! One part of an instance that is placed for itself: scaled sizes, conflicts, and sets of buffers whose sizes add up.

use crate::rows::Rows;

/// A placement problem in whole granules.
///
/// **Invariant:** a section's members conflict with each other, so that their sizes add up.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) sizes: Vec<u64>,
    /// Alignments in granules; empty where all are one.
    pub(crate) alignments: Vec<u64>,
    /// How long each buffer is in use, in time or in conflicts: only to order by.
    pub(crate) spans: Vec<u64>,
    pub(crate) rows: Rows,
    pub(crate) sections: Sections,
}

/// Sets of buffers that all conflict, by buffer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sections {
    starts: Vec<u32>,
    of: Vec<u32>,
    loads: Vec<u64>,
}

impl Sections {
    /// The sets in `sets`, of `sizes.len()` buffers.
    pub(crate) fn new(sizes: &[u64], sets: &[Vec<u32>]) -> Self {
        let mut starts = vec![0u32; sizes.len() + 1];
        sets.iter().flatten().for_each(|&buffer| starts[buffer as usize + 1] += 1);
        for buffer in 0..sizes.len() {
            starts[buffer + 1] += starts[buffer];
        }
        let mut of = vec![0; starts[sizes.len()] as usize];
        let mut fill = starts.clone();
        for (section, set) in sets.iter().enumerate() {
            for &buffer in set {
                of[fill[buffer as usize] as usize] = section as u32;
                fill[buffer as usize] += 1;
            }
        }
        let loads = sets.iter().map(|set| set.iter().map(|&buffer| sizes[buffer as usize]).sum()).collect();
        Self { starts, of, loads }
    }

    pub(crate) fn len(&self) -> usize {
        self.loads.len()
    }

    /// The sections that `buffer` is in, ascending.
    pub(crate) fn of(&self, buffer: usize) -> &[u32] {
        &self.of[self.starts[buffer] as usize..self.starts[buffer + 1] as usize]
    }

    /// The heaviest load of a section that `buffer` is in.
    pub(crate) fn heaviest(&self, buffer: usize) -> u64 {
        self.of(buffer).iter().map(|&section| self.loads[section as usize]).max().unwrap_or(0)
    }

    /// The heaviest load of all: no placement is lower.
    pub(crate) fn bound(&self) -> u64 {
        self.loads.iter().copied().max().unwrap_or(0)
    }
}

impl Problem {
    pub(crate) fn len(&self) -> usize {
        self.sizes.len()
    }

    /// The lowest place for `buffer` that is not below `offset`.
    pub(crate) fn align(&self, buffer: usize, offset: u64) -> u64 {
        self.alignments.get(buffer).map_or(offset, |&alignment| offset.next_multiple_of(alignment))
    }

    /// How high a placement reaches.
    pub(crate) fn peak(&self, offsets: &[u64]) -> u64 {
        offsets.iter().zip(&self.sizes).map(|(offset, size)| offset + size).max().unwrap_or(0)
    }
}
