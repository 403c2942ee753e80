//! What is to be placed: sizes, alignments, and which buffers may share addresses.

use crate::accesses::Endings;
use crate::{Accesses, Intervals};

/// When buffers are in use: what decides which of them may share addresses.
#[derive(Clone, Debug)]
pub enum Lifetimes {
    /// Each buffer is in use during an interval of one common time.
    Intervals(Intervals),
    /// Tasks on several streams access each buffer.
    Accesses(Box<Accesses>),
}

impl Lifetimes {
    /// How many buffers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Intervals(intervals) => intervals.len(),
            Self::Accesses(accesses) => accesses.len(),
        }
    }

    /// Whether there is no buffer.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether everything done with buffer `a` is over before anything is done with buffer `b`.
    pub fn precedes(&self, a: usize, b: usize) -> bool {
        match self {
            Self::Intervals(intervals) => intervals.precedes(a, b),
            Self::Accesses(accesses) => accesses.precedes(a, b),
        }
    }

    /// Whether two different buffers must not share addresses.
    pub fn conflict(&self, a: usize, b: usize) -> bool {
        !self.precedes(a, b) && !self.precedes(b, a)
    }

    /// Which buffers each task is the last to access; none under intervals.
    pub(crate) fn endings(&self) -> Endings {
        match self {
            Self::Intervals(_) => Endings::default(),
            Self::Accesses(accesses) => Endings::of(accesses),
        }
    }

    /// The buffers in an order in which none comes after one that it precedes: by first use.
    pub(crate) fn by_first_use(&self) -> Vec<u32> {
        match self {
            Self::Intervals(intervals) => intervals.by_first_use(),
            Self::Accesses(accesses) => accesses.by_first_use(),
        }
    }
}

/// Buffers to be placed in one arena.
#[derive(Clone, Debug)]
pub struct Instance {
    sizes: Vec<u64>,
    alignments: Vec<u64>,
    granule: u64,
    lifetimes: Lifetimes,
}

/// What is wrong with an instance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstanceError {
    /// One array is as long as there are buffers, another is not.
    #[error("{sizes} sizes, {alignments} alignments and {lifetimes} lifetimes")]
    Lengths {
        /// How many sizes there are.
        sizes: usize,
        /// How many alignments there are.
        alignments: usize,
        /// How many lifetimes there are.
        lifetimes: usize,
    },
    /// The alignment of a buffer is zero.
    #[error("the alignment of buffer {0} is zero")]
    Alignment(usize),
    /// All buffers one after another do not fit in 2^62 bytes.
    #[error("all buffers together exceed 2^62 bytes")]
    TooLarge,
    /// More than `u32::MAX` buffers.
    #[error("more buffers than numbers for them")]
    TooMany,
}

impl Instance {
    /// Buffers of `sizes` bytes, each at a multiple of its alignment in bytes.
    ///
    /// # Errors
    /// Where the arrays differ in length, an alignment is zero, or sizes are beyond any address.
    pub fn new(sizes: Vec<u64>, alignments: Vec<u64>, lifetimes: Lifetimes) -> Result<Self, InstanceError> {
        let buffers = sizes.len();
        if alignments.len() != buffers || lifetimes.len() != buffers {
            let (alignments, lifetimes) = (alignments.len(), lifetimes.len());
            return Err(InstanceError::Lengths { sizes: buffers, alignments, lifetimes });
        }
        if buffers >= u32::MAX as usize {
            return Err(InstanceError::TooMany);
        }
        if let Some(buffer) = alignments.iter().position(|&alignment| alignment == 0) {
            return Err(InstanceError::Alignment(buffer));
        }
        let padded = sizes.iter().zip(&alignments).try_fold(0u64, |sum, (&size, &alignment)| {
            sum.checked_add(size)?.checked_add(alignment.checked_mul(2)?)
        });
        if padded.is_none_or(|sum| sum > 1 << 62) {
            return Err(InstanceError::TooLarge);
        }
        let granule = alignments.iter().fold(0, |divisor, &alignment| gcd(divisor, alignment)).max(1);
        Ok(Self { sizes, alignments, granule, lifetimes })
    }

    /// How many buffers there are.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Whether there is no buffer.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// The size of each buffer in bytes.
    pub fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// The alignment of each buffer in bytes.
    pub fn alignments(&self) -> &[u64] {
        &self.alignments
    }

    /// When the buffers are in use.
    pub fn lifetimes(&self) -> &Lifetimes {
        &self.lifetimes
    }

    /// The greatest common divisor of all alignments, in bytes: every buffer reserves a multiple of it.
    pub fn granule(&self) -> u64 {
        self.granule
    }

    /// What each buffer reserves, in bytes: its size rounded up to a multiple of the granule.
    pub fn reserved(&self) -> Vec<u64> {
        self.sizes.iter().map(|size| size.next_multiple_of(self.granule)).collect()
    }
}

pub(crate) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
