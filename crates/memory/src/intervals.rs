//! Lifetimes as intervals of one common time, as allocators without streams see them.

/// The half-open interval `[lower, upper)` in which each buffer is in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intervals {
    lower: Vec<u64>,
    upper: Vec<u64>,
}

/// Arrays of bounds differ in length, or an interval ends before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the interval of buffer {0} ends before it starts")]
pub struct IntervalError(pub usize);

impl Intervals {
    /// Buffers in use from `lower` to before `upper`.
    ///
    /// # Errors
    /// Where a buffer's interval has one bound only or no time between its bounds.
    pub fn new(lower: Vec<u64>, upper: Vec<u64>) -> Result<Self, IntervalError> {
        if lower.len() != upper.len() {
            return Err(IntervalError(lower.len().min(upper.len())));
        }
        match lower.iter().zip(&upper).position(|(lower, upper)| lower >= upper) {
            Some(buffer) => Err(IntervalError(buffer)),
            None => Ok(Self { lower, upper }),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.lower.len()
    }

    /// The intervals of `buffers` alone.
    pub(crate) fn part(&self, buffers: &[u32]) -> Self {
        let of = |bounds: &[u64]| buffers.iter().map(|&buffer| bounds[buffer as usize]).collect();
        Self { lower: of(&self.lower), upper: of(&self.upper) }
    }

    pub(crate) fn lengths(&self) -> Vec<u64> {
        self.lower.iter().zip(&self.upper).map(|(lower, upper)| upper - lower).collect()
    }

    pub(crate) fn precedes(&self, a: usize, b: usize) -> bool {
        self.upper[a] <= self.lower[b]
    }

    pub(crate) fn by_first_use(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by_key(|&buffer| {
            (self.lower[buffer as usize], self.upper[buffer as usize], buffer)
        });
        order
    }

    /// Every set of buffers in use at once that no other such set contains, in order of time: a buffer's sets are `ranges[buffer]`.
    pub(crate) fn sections(&self) -> (Vec<(u32, u32)>, usize) {
        let mut events: Vec<(u64, bool, u32)> = Vec::with_capacity(2 * self.len());
        for buffer in 0..self.len() {
            events.push((self.lower[buffer], true, buffer as u32));
            events.push((self.upper[buffer], false, buffer as u32));
        }
        // Ends come before starts at the same time, because intervals are half-open.
        events.sort_unstable();
        let mut ranges = vec![(0, 0); self.len()];
        let (mut section, mut grew) = (0, false);
        for (_, starts, buffer) in events {
            if starts {
                ranges[buffer as usize].0 = section;
                grew = true;
            } else {
                section += u32::from(std::mem::take(&mut grew));
                ranges[buffer as usize].1 = section;
            }
        }
        (ranges, section as usize)
    }

    /// The largest sum of `sizes` in use at one time, and the buffers in use then.
    pub(crate) fn max_load(&self, sizes: &[u64]) -> (u64, Vec<u32>) {
        let (ranges, sections) = self.sections();
        let loads = loads(&ranges, sections, sizes);
        let best = (0..sections).max_by_key(|&section| (loads[section], std::cmp::Reverse(section)));
        let Some(best) = best else { return (0, Vec::new()) };
        let at_best =
            |&buffer: &u32| (ranges[buffer as usize].0..ranges[buffer as usize].1).contains(&(best as u32));
        (loads[best], (0..self.len() as u32).filter(at_best).collect())
    }
}

/// What each section holds.
pub(crate) fn loads(ranges: &[(u32, u32)], sections: usize, sizes: &[u64]) -> Vec<u64> {
    let mut change = vec![(0, 0); sections + 1];
    for (&(from, to), &size) in ranges.iter().zip(sizes) {
        change[from as usize].0 += size;
        change[to as usize].1 += size;
    }
    let mut load = 0u64;
    let after = change.iter().map(|&(starts, ends)| {
        load = load + starts - ends;
        load
    });
    after.take(sections).collect()
}
