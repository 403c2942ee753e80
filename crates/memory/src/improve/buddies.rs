//! Places buffers whose sizes are powers of two of one unit, each at a multiple of its size.
//!
//! Of two buffers that share a byte, one then lies within the other, as in a buddy allocator (Knowlton 1965), and a buffer has few places to
//! choose from: lanes as wide as it is. Sizes go one after another, the largest first. The buffers of a size go one by one where they
//! take the least from those that are still to come ([`insert`]); then what sticks out is pressed below ([`press`]), as long as
//! lanes are few. Where sizes are such, this gets lower than repairing does, which leaves holes of every width.

mod insert;
mod press;

use super::{Budget, Placed};
use crate::problem::Problem;
use crate::rows::{Rows, insert as put_in, remove};

use insert::Insertion;
use press::Press;

/// Lanes beyond which those of a size are not pressed: what is so small fills holes.
const MOST_LANES: u32 = 4096;
/// Lanes that are compared for each buffer that is pressed later, and for others.
const MOST_COMPARED: u64 = 256;
const FEW_COMPARED: u64 = 32;
/// Sizes are pressed below what is enough, to leave room for smaller ones: the largest by one part in so many, each one after it by less.
const ROOM: u32 = 10;
/// Sizes that share what is left of the budget: later ones get more.
const SHARES: u64 = 4;
const NOWHERE: u32 = u32::MAX;

/// Puts a placement into `best` if it is lower; one that reaches no higher than `enough` is not pressed. Does nothing where
/// sizes are others; see [`are_buddies`].
pub(super) fn buddies(
    problem: &Problem,
    by_use: &[u32],
    enough: u64,
    budget: &Budget<'_>,
    best: &mut Placed,
) {
    let Some((unit, powers)) = powers(problem) else { return };
    let mut sizes: Vec<u8> = powers.clone();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    let largest = sizes.first().map_or(0, |&power| 1 << power);
    let enough = ((enough / unit) as u32).max(largest);
    let pressed = sizes.iter().filter(|&&power| enough >> power <= MOST_LANES).count();
    let mut lanes = Lanes::new(problem, by_use, &powers);
    let mut insertion = Insertion::new(&lanes);
    let mut press = Press::new(&lanes, budget);
    for (turn, &power) in sizes.iter().enumerate() {
        if (budget.stop)() {
            return;
        }
        let compared = if turn < pressed { MOST_COMPARED } else { FEW_COMPARED };
        press.spend(insertion.insert(&mut lanes, power, enough, compared));
        if turn < pressed {
            let later = (pressed - turn - 1) as u32;
            let floor = enough - enough / ROOM * later / pressed as u32;
            press.descend(&mut lanes, floor.max(largest), u64::from(later + 1).min(SHARES));
        }
    }
    let peak = u64::from(lanes.peak()) * unit;
    if peak < best.peak {
        best.peak = peak;
        best.offsets.resize(problem.len(), 0);
        for (&buffer, place) in by_use.iter().zip(&lanes.places) {
            best.offsets[buffer as usize] = u64::from(place.offset) * unit;
        }
    }
}

/// Whether the sizes are powers of two of one unit, every buffer may lie at each multiple of its size, and there are not too many for the budget
/// to compare each with all others.
pub(crate) fn are_buddies(problem: &Problem, budget: &Budget<'_>) -> bool {
    (problem.len() as u64).pow(2) <= budget.steps && powers(problem).is_some()
}

/// The unit, and of each buffer which power of two of it its size is; `None` where one is not, or must not lie at each multiple of its size.
fn powers(problem: &Problem) -> Option<(u64, Vec<u8>)> {
    let unit = *problem.sizes.iter().min()?;
    let power = |buffer: usize| {
        let size = problem.sizes[buffer];
        let is_power = size.is_multiple_of(unit) && (size / unit).is_power_of_two();
        (is_power && problem.align(buffer, size) == size).then(|| (size / unit).ilog2() as u8)
    };
    let powers = (0..problem.len()).map(power).collect::<Option<Vec<u8>>>()?;
    // Nothing lies higher than twice all sizes together, which is a number of 32 bits.
    let total = problem.sizes.iter().sum::<u64>() / unit;
    (total < u64::from(u32::MAX / 4)).then_some((unit, powers))
}

/// Where a buffer lies.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// What driving it out weighs.
    weight: i64,
    /// In units, or [`NOWHERE`].
    offset: u32,
    power: u8,
}

impl Place {
    fn size(self) -> u32 {
        1 << self.power
    }

    fn end(self) -> u32 {
        self.offset + self.size()
    }
}

/// Where every buffer lies.
///
/// **Invariant:** here and below, buffers are numbered by first use, so that none precedes one with a smaller number.
struct Lanes {
    rows: Rows,
    places: Vec<Place>,
    /// The buffers that lie somewhere.
    placed: Vec<u64>,
}

impl Lanes {
    fn new(problem: &Problem, by_use: &[u32], powers: &[u8]) -> Self {
        let rows = problem.rows.part(by_use);
        let nowhere = |power: u8| Place { weight: 1 << power, offset: NOWHERE, power };
        Self {
            places: by_use.iter().map(|&buffer| nowhere(powers[buffer as usize])).collect(),
            placed: vec![0; rows.words()],
            rows,
        }
    }

    fn len(&self) -> usize {
        self.places.len()
    }

    /// The buffers that lie somewhere, by number.
    fn lying(&self) -> impl Iterator<Item = (u32, Place)> + '_ {
        (0..).zip(self.places.iter().copied()).filter(|(_, place)| place.offset != NOWHERE)
    }

    fn peak(&self) -> u32 {
        self.lying().map(|(_, place)| place.end()).max().unwrap_or(0)
    }

    fn put(&mut self, buffer: u32, offset: u32) {
        self.places[buffer as usize].offset = offset;
        put_in(&mut self.placed, buffer as usize);
    }

    fn take(&mut self, buffer: u32) {
        self.places[buffer as usize].offset = NOWHERE;
        remove(&mut self.placed, buffer as usize);
    }
}

#[cfg(test)]
mod tests;
