//! Which capacity is tried next.
//!
//! One little below the present peak is reached soon or not at all, so that many small steps go deeper than a large one.

/// The first step down is one part in so many of the peak; each failure halves it.
const FIRST: u64 = 200;

pub(super) struct Descent {
    part: u64,
}

impl Descent {
    pub(super) fn new() -> Self {
        Self { part: FIRST }
    }

    /// What to try below `peak`, but not below `floor`.
    pub(super) fn next(&self, peak: u64, floor: u64) -> u64 {
        (peak - self.step(peak)).max(floor)
    }

    /// After a failure to get below `peak`: whether there is a smaller step to try.
    pub(super) fn fail(&mut self, peak: u64) -> bool {
        let smaller = self.step(peak) > 1;
        self.part *= 2;
        smaller
    }

    fn step(&self, peak: u64) -> u64 {
        (peak / self.part).max(1)
    }
}
