//! Which capacity is tried next.

/// The first step down is one part in so many of the peak; each failure halves it.
const FIRST: u64 = 200;

/// A way down from a peak.
#[derive(Clone, Copy)]
pub(super) enum Descent {
    /// All the way; after a failure half of it, so that then all of it is nearer. What can be had at all is had soonest so.
    AtOnce {
        /// How far above the floor the next attempt is.
        above: u64,
    },
    /// A little below the present peak, which is reached soon or not at all: where the floor is out of reach, many small steps go deepest.
    InSteps {
        /// The step is one part in so many of the peak.
        part: u64,
    },
}

impl Descent {
    pub(super) fn at_once() -> Self {
        Self::AtOnce { above: 0 }
    }

    pub(super) fn in_steps() -> Self {
        Self::InSteps { part: FIRST }
    }

    /// What to try below `peak`, but not below `floor`.
    pub(super) fn next(self, peak: u64, floor: u64) -> u64 {
        match self {
            Self::AtOnce { above } => floor + above,
            Self::InSteps { part } => (peak - step(peak, part)).max(floor),
        }
    }

    /// After an attempt that got lower.
    pub(super) fn succeed(&mut self) {
        if let Self::AtOnce { above } = self {
            *above = 0;
        }
    }

    /// After an attempt at `capacity` that did not get below `peak`: whether another one makes sense.
    pub(super) fn fail(&mut self, peak: u64, capacity: u64) -> bool {
        match self {
            Self::AtOnce { above } => {
                let half = (peak - capacity) / 2;
                *above = if capacity + half + 1 < peak { *above + half } else { 0 };
                true
            }
            Self::InSteps { part } => {
                let smaller = step(peak, *part) > 1;
                *part *= 2;
                smaller
            }
        }
    }
}

fn step(peak: u64, part: u64) -> u64 {
    (peak / part).max(1)
}
