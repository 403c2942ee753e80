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
        let (times, count) = self.ranks();
        let rank = |time| rank(times.as_deref(), time);
        // What starts and what ends at each time, and then the section that either is of.
        let mut at = vec![(false, false); count];
        for (&lower, &upper) in self.lower.iter().zip(&self.upper) {
            at[rank(lower)].0 = true;
            at[rank(upper)].1 = true;
        }
        let (mut section, mut grew) = (0, false);
        let section_at: Vec<u32> = at
            .into_iter()
            .map(|(starts, ends)| {
                // Ends come before starts at the same time, because intervals are half-open.
                section += u32::from(ends && std::mem::take(&mut grew));
                grew |= starts;
                section
            })
            .collect();
        let section_of = |&time: &u64| section_at[rank(time)];
        let ranges = self.lower.iter().map(section_of).zip(self.upper.iter().map(section_of)).collect();
        (ranges, section as usize)
    }

    /// All bounds, ascending, and how many ranks they have; no list where they are not much larger than there are intervals, so that tables by time
    /// are no larger.
    fn ranks(&self) -> (Option<Vec<u64>>, usize) {
        let last = self.last();
        if last <= 4 * self.len() as u64 {
            return (None, last as usize + 1);
        }
        let mut times = [&self.lower[..], &self.upper[..]].concat();
        times.sort_unstable();
        times.dedup();
        let count = times.len();
        (Some(times), count)
    }

    /// When all is over.
    fn last(&self) -> u64 {
        self.upper.iter().copied().max().unwrap_or(0)
    }

    /// The largest sum of `sizes` in use at one time, and the buffers in use then.
    pub(crate) fn max_load(&self, sizes: &[u64]) -> (u64, Vec<u32>) {
        let (times, count) = self.ranks();
        let rank = |time| rank(times.as_deref(), time);
        let spans = self.lower.iter().zip(&self.upper).map(|(&lower, &upper)| (rank(lower), rank(upper)));
        max_load(count, spans, sizes)
    }
}

/// The place of a bound among all; its own where there is no list of them.
fn rank(times: Option<&[u64]>, time: u64) -> usize {
    times.map_or(time as usize, |times| times.partition_point(|&other| other < time))
}

/// The largest sum of `sizes` in use at one of so many times, where each is in use from the first time of its span to before the second, and what is in
/// use then.
pub(crate) fn max_load(
    times: usize,
    spans: impl Iterator<Item = (usize, usize)> + Clone,
    sizes: &[u64],
) -> (u64, Vec<u32>) {
    // What comes into use at each time, less what goes.
    let mut changes = vec![0u64; times];
    for ((from, to), &size) in spans.clone().zip(sizes) {
        changes[from] = changes[from].wrapping_add(size);
        changes[to] = changes[to].wrapping_sub(size);
    }
    let (mut load, mut most, mut at) = (0u64, 0, 0);
    for (time, change) in changes.into_iter().enumerate() {
        load = load.wrapping_add(change);
        if load > most {
            (most, at) = (load, time);
        }
    }
    let in_use = (0..).zip(spans).filter(|&(_, (from, to))| most > 0 && from <= at && at < to);
    (most, in_use.map(|(buffer, _)| buffer).collect())
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Intervals;

    proptest! {
        #[test]
        fn sections_are_of_the_order_of_times_alone(pairs in prop::collection::vec((0..8u64, 1..6u64), 0..8)) {
            let of = |unit: u64| {
                let bounds = pairs.iter().map(|&(lower, length)| (lower * unit, (lower + length) * unit));
                let (lower, upper) = bounds.unzip();
                Intervals::new(lower, upper).expect("intervals have lengths")
            };
            prop_assert_eq!(of(1).sections(), of(1000).sections());
            let sizes = vec![1; pairs.len()];
            let in_use = |time: u64| {
                pairs.iter().filter(|&&(lower, length)| (lower..lower + length).contains(&time)).count() as u64
            };
            let most = (0..16).map(in_use).max().unwrap_or(0);
            prop_assert_eq!(of(1).max_load(&sizes).0, most);
            prop_assert_eq!(of(1).max_load(&sizes).1.len() as u64, most);
        }
    }
}
