//! Places all buffers of an instance and says how good that is.

use std::time::{Duration, Instant};

use crate::improve::Budget;
use crate::instance::gcd;
use crate::scaled::Scaled;
use crate::{Bound, Instance, bound};

/// What may be spent on a placement.
///
/// The result depends on the time limit only if that is reached before the steps are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Elementary steps for each part of the instance: about as many nanoseconds.
    pub steps: u64,
    /// Varies what is tried.
    pub seed: u64,
    /// A peak of at most so many bytes needs no further work; `None` for as low as can be.
    pub enough: Option<u64>,
    /// No new attempt is begun after this time; `None` for no limit.
    pub time_limit: Option<Duration>,
}

impl Default for Effort {
    fn default() -> Self {
        Self { steps: 2_000_000_000, seed: 1, enough: None, time_limit: None }
    }
}

/// Where every buffer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The offset of each buffer in bytes.
    pub offsets: Vec<u64>,
    /// The bytes that the arena has, a multiple of the instance's granule.
    pub peak: u64,
    /// A set of buffers that no placement can go below.
    pub bound: Bound,
    /// No placement is lower than this: `bound.bytes`, or more where the search proved more.
    pub proved: u64,
}

impl Placement {
    /// Whether no placement is lower.
    pub fn is_optimal(&self) -> bool {
        self.peak == self.proved
    }
}

/// A placement of `instance` within `effort`.
pub fn place(instance: &Instance, effort: &Effort) -> Placement {
    let start = Instant::now();
    let stop = || effort.time_limit.is_some_and(|limit| start.elapsed() >= limit);
    // To know when to stop is worth more than a search: finding that out may take twice the steps.
    let bound = bound(instance, effort.steps.saturating_mul(2));
    let (unit, scaled) = scale(instance, &bound);
    let least = bound.bytes / unit;
    let enough = effort.enough.map_or(least, |enough| (enough / unit).max(least));
    let (offsets, proved) =
        scaled.place(enough, &Budget { steps: effort.steps, seed: effort.seed, stop: &stop });
    let peak = offsets.iter().zip(&scaled.sizes).map(|(offset, size)| offset + size).max().unwrap_or(0);
    let offsets = offsets.iter().map(|offset| offset * unit).collect();
    Placement { peak: peak * unit, offsets, proved: proved.max(least) * unit, bound }
}

/// The largest unit that sizes and alignments are multiples of, in bytes, and the instance in it.
fn scale<'a>(instance: &'a Instance, bound: &'a Bound) -> (u64, Scaled<'a>) {
    let reserved = instance.reserved();
    let granule = instance.granule();
    let uniform = instance.alignments().iter().all(|&alignment| alignment == granule);
    // With one alignment for all, every multiple of what all sizes are multiples of is aligned.
    let unit =
        if uniform { reserved.iter().fold(0, |divisor, &size| gcd(divisor, size)).max(1) } else { granule };
    let alignments = if uniform {
        Vec::new()
    } else {
        instance.alignments().iter().map(|alignment| alignment / unit).collect()
    };
    let sizes = reserved.into_iter().map(|size| size / unit).collect();
    (unit, Scaled { lifetimes: instance.lifetimes(), sizes, alignments, heaviest: &bound.members })
}
