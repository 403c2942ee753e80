//! Inserts the buffers of one size between those that lie already.
//!
//! What a lane holds is a chain: whatever a buffer does not conflict with is over before it or begins after it. Between the one before it
//! and the one after it, buffers that are still to come could lie instead; those of them that conflict with it no longer can.

use super::Lanes;
use crate::rows::{contains, full, remove};

/// Steps that it takes to find what is beside a buffer among those of one size.
const STEPS_TO_FIND: u64 = 10;

pub(super) struct Insertion {
    /// The buffers that are still to come.
    coming: Vec<u64>,
    nothing: Vec<u64>,
}

/// What lies there now.
struct Lying {
    /// Offsets with buffers, ascending.
    starts: Vec<(u32, u32)>,
    /// For each size, as a power of two: lanes as wide as that with buffers in them, ascending.
    chains: Vec<Vec<(u32, u32)>>,
}

impl Insertion {
    pub(super) fn new(lanes: &Lanes) -> Self {
        Self { coming: full(lanes.len()), nothing: vec![0; lanes.rows.words()] }
    }

    /// Lets each buffer of the size lie somewhere, below `capacity` or the present peak if it can, in the best of so many of the lanes that are
    /// free, spread evenly; gives the steps that took.
    pub(super) fn insert(&mut self, lanes: &mut Lanes, power: u8, capacity: u32, compared: u64) -> u64 {
        let mut lying = Lying::of(lanes);
        let mut capacity = capacity.max(lanes.peak()) >> power;
        let mut free = Vec::new();
        let mut steps = 0;
        for buffer in 0..lanes.len() as u32 {
            if lanes.places[buffer as usize].power != power {
                continue;
            }
            remove(&mut self.coming, buffer as usize);
            steps += 2 * lying.starts.len() as u64;
            let above = lying.free_lanes(lanes, buffer, capacity, &mut free);
            let places = spread(&free, compared).map(|lane| {
                let (before, after) = lying.beside(lane << power, power, buffer);
                steps += STEPS_TO_FIND * lying.chains.len() as u64;
                (self.taken(lanes, before, buffer, after, &mut steps), lane)
            });
            let lane = places.min().map_or(above, |(_, lane)| lane);
            capacity = capacity.max(lane + 1);
            lanes.put(buffer, lane << power);
            lying.put(buffer, lane, power);
        }
        steps
    }

    /// How many that are still to come could lie between `before` and `after` and conflict with `buffer`.
    fn taken(
        &self,
        lanes: &Lanes,
        before: Option<u32>,
        buffer: u32,
        after: Option<u32>,
        steps: &mut u64,
    ) -> u32 {
        let row = |of: Option<u32>| of.map_or(&self.nothing[..], |of| lanes.rows.row(of as usize));
        let (before_row, after_row) = (row(before), row(after));
        let row = lanes.rows.row(buffer as usize);
        let from = before.map_or(0, |before| before as usize + 1);
        let to = after.map_or(lanes.len(), |after| after as usize);
        let words = from / 64..to.div_ceil(64);
        *steps += words.len() as u64;
        let within = |word: usize| {
            let low = u64::MAX << from.saturating_sub(word * 64);
            let high = u64::MAX >> ((word + 1) * 64).saturating_sub(to);
            (self.coming[word] & row[word] & !before_row[word] & !after_row[word] & low & high).count_ones()
        };
        words.map(within).sum()
    }
}

/// At most `count` of the lanes in `free`, evenly.
fn spread(free: &[(u32, u32)], count: u64) -> impl Iterator<Item = u32> + '_ {
    let all: u64 = free.iter().map(|&(from, to)| u64::from(to - from)).sum();
    let stride = all.div_ceil(count).max(1);
    let mut skipped = 0;
    free.iter().flat_map(move |&(from, to)| {
        let first = u64::from(from) + skipped;
        let count = u64::from(to).saturating_sub(first).div_ceil(stride);
        skipped = first + count * stride - u64::from(to);
        (0..count).map(move |at| (first + at * stride) as u32)
    })
}

impl Lying {
    fn of(lanes: &Lanes) -> Self {
        let mut starts: Vec<(u32, u32)> =
            lanes.lying().map(|(buffer, place)| (place.offset, buffer)).collect();
        starts.sort_unstable();
        let most = lanes.places.iter().map(|place| place.power).max().unwrap_or(0);
        let mut chains = vec![Vec::new(); usize::from(most) + 1];
        for &(offset, buffer) in &starts {
            let power = lanes.places[buffer as usize].power;
            chains[usize::from(power)].push((offset >> power, buffer));
        }
        Self { starts, chains }
    }

    fn put(&mut self, buffer: u32, lane: u32, power: u8) {
        insert_sorted(&mut self.starts, (lane << power, buffer));
        insert_sorted(&mut self.chains[usize::from(power)], (lane, buffer));
    }

    /// Lists the ranges of lanes below `capacity` where `buffer` conflicts with nothing; gives the first above which none is in its way.
    fn free_lanes(&self, lanes: &Lanes, buffer: u32, capacity: u32, free: &mut Vec<(u32, u32)>) -> u32 {
        let row = lanes.rows.row(buffer as usize);
        let place = lanes.places[buffer as usize];
        free.clear();
        let mut lane = 0;
        for &(start, other) in self.starts.iter().filter(|&&(_, other)| contains(row, other as usize)) {
            let to = (start >> place.power).min(capacity);
            if lane < to {
                free.push((lane, to));
            }
            lane = lane.max((start + lanes.places[other as usize].size()).div_ceil(place.size()));
        }
        if lane < capacity {
            free.push((lane, capacity));
        }
        lane
    }

    /// What is over last before `buffer` among what lies at `offset`, and what begins first after it.
    fn beside(&self, offset: u32, power: u8, buffer: u32) -> (Option<u32>, Option<u32>) {
        let (mut before, mut after) = (None, None);
        for (power, chain) in self.chains.iter().enumerate().skip(usize::from(power)) {
            let lane = offset >> power;
            let at = chain.partition_point(|&other| other < (lane, buffer));
            let in_lane = |&&(other, _): &&(u32, u32)| other == lane;
            let last = chain[..at].last().filter(in_lane).map(|&(_, other)| other);
            let first = chain.get(at).filter(in_lane).map(|&(_, other)| other);
            before = before.max(last);
            after = [after, first].into_iter().flatten().min();
        }
        (before, after)
    }
}

fn insert_sorted(sorted: &mut Vec<(u32, u32)>, item: (u32, u32)) {
    let at = sorted.partition_point(|other| *other < item);
    sorted.insert(at, item);
}
