//! Of several equally good places for a difference, the one where it meets its counterpart.
//!
//! In `x x` against `y x`, either `x` of the first can be the one that is left. If it is the first one, it stands where `y` stands, and
//! a reader sees one change instead of a removal and an addition.

/// Moves what only one side has along equal tokens, as far as to where only the other side has something.
pub(super) fn slide(pairs: &mut [(u32, u32)], old: &[u64], new: &[u64]) {
    for side in [Side::Old, Side::New] {
        let (own, other) = match side {
            Side::Old => (old, new),
            Side::New => (new, old),
        };
        let mut slide = Slide { pairs, side, tokens: own, ends: (own.len() as u32, other.len() as u32) };
        for gap in 0..=slide.pairs.len() {
            if !slide.up(gap) {
                slide.down(gap);
            }
        }
    }
}

/// The side that has something alone.
#[derive(Clone, Copy)]
enum Side {
    Old,
    New,
}

struct Slide<'p> {
    pairs: &'p mut [(u32, u32)],
    side: Side,
    tokens: &'p [u64],
    ends: (u32, u32),
}

impl Slide<'_> {
    /// A pair, own position first.
    fn pair(&self, at: usize) -> (u32, u32) {
        let (old, new) = self.pairs[at];
        match self.side {
            Side::Old => (old, new),
            Side::New => (new, old),
        }
    }

    /// The end of the pair before a gap.
    fn start(&self, gap: usize) -> (u32, u32) {
        gap.checked_sub(1).map_or((0, 0), |at| {
            let (own, other) = self.pair(at);
            (own + 1, other + 1)
        })
    }

    /// The pair behind a gap.
    fn end(&self, gap: usize) -> (u32, u32) {
        if gap < self.pairs.len() { self.pair(gap) } else { self.ends }
    }

    /// What only this side has in a gap, if the other has nothing there.
    fn alone(&self, gap: usize) -> Option<(u32, u32)> {
        let (start, end) = (self.start(gap), self.end(gap));
        (start.0 < end.0 && start.1 == end.1).then_some((start.0, end.0))
    }

    fn put(&mut self, at: usize, own: u32) {
        match self.side {
            Side::Old => self.pairs[at].0 = own,
            Side::New => self.pairs[at].1 = own,
        }
    }

    fn is_equal(&self, one: u32, two: u32) -> bool {
        self.tokens[one as usize] == self.tokens[two as usize]
    }

    fn up(&mut self, gap: usize) -> bool {
        let Some((first, end)) = self.alone(gap) else { return false };
        let mut steps = 0;
        while (steps as usize) < gap && steps < first && self.is_equal(first - 1 - steps, end - 1 - steps) {
            steps += 1;
            let above = gap - steps as usize;
            let (start, pair) = (self.start(above), self.pair(above));
            if start.1 < pair.1 {
                for step in 0..steps {
                    self.put(gap - 1 - step as usize, end - 1 - step);
                }
                return true;
            }
            if start.0 < pair.0 {
                return false;
            }
        }
        false
    }

    fn down(&mut self, gap: usize) {
        let Some((first, end)) = self.alone(gap) else { return };
        let mut steps = 0;
        while gap + (steps as usize) < self.pairs.len() && self.is_equal(end + steps, first + steps) {
            steps += 1;
            let below = gap + steps as usize;
            let (start, next) = (self.start(below), self.end(below));
            if start.1 < next.1 {
                for step in 0..steps {
                    self.put(gap + step as usize, first + step);
                }
                return;
            }
            if start.0 < next.0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::slide;

    #[test]
    fn a_removal_meets_an_addition() {
        // y x against x x, and the other way round; both ends.
        let mut pairs = [(0, 1)];
        slide(&mut pairs, &[1, 1], &[2, 1]);
        assert_eq!(pairs, [(1, 1)]);
        let mut pairs = [(1, 0)];
        slide(&mut pairs, &[2, 1], &[1, 1]);
        assert_eq!(pairs, [(1, 1)]);
        let mut pairs = [(1, 0)];
        slide(&mut pairs, &[1, 1], &[1, 2]);
        assert_eq!(pairs, [(0, 0)]);
    }

    #[test]
    fn what_meets_nothing_stays() {
        let mut pairs = [(0, 0), (1, 1)];
        slide(&mut pairs, &[1, 1, 1], &[1, 1]);
        assert_eq!(pairs, [(0, 0), (1, 1)]);
    }
}
