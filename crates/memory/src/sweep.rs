//! Places buffers in the order of first use, as an allocator that runs along would, in either direction of time.
//!
//! The arena is a row of segments, each with the buffer that used it last. Who comes later precedes nothing that came before,
//! and what used a segment earlier precedes its last user, so that comparing with the last user is enough.

use crate::first_fit::Gap;
use crate::improve::Budget;
use crate::problem::Problem;
use crate::rows::contains;

/// Segments looked at for one buffer: more of them are passed by, so that time stays in proportion.
const MOST_SEGMENTS: usize = 2048;

const NOBODY: u32 = u32::MAX;

/// Which way time runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

struct Segment {
    start: u64,
    end: u64,
    user: u32,
}

/// The offset of each buffer of `problem`: the lowest of four placements, or the first that reaches no higher than `enough`.
pub(crate) fn lowest(problem: &Problem, by_use: &[u32], enough: u64, budget: &Budget<'_>) -> Vec<u64> {
    let mut best = sweep(problem, by_use, Direction::Forward, Gap::Best);
    let mut least = problem.peak(&best);
    for (direction, gap) in [
        (Direction::Forward, Gap::First),
        (Direction::Backward, Gap::Best),
        (Direction::Backward, Gap::First),
    ] {
        // A sweep looks at hundreds of segments for a buffer.
        let is_worth_it = by_use.len() as u64 * 1000 < budget.steps;
        if least <= enough || !is_worth_it || (budget.stop)() {
            break;
        }
        let offsets = sweep(problem, by_use, direction, gap);
        let reached = problem.peak(&offsets);
        if reached < least {
            (best, least) = (offsets, reached);
        }
    }
    best
}

fn sweep(problem: &Problem, by_use: &[u32], direction: Direction, gap: Gap) -> Vec<u64> {
    let mut offsets = vec![0; problem.len()];
    let mut segments: Vec<Segment> = Vec::new();
    for turn in 0..by_use.len() {
        let at = if direction == Direction::Forward { turn } else { by_use.len() - 1 - turn };
        let buffer = by_use[at] as usize;
        let row = problem.rows.row(buffer);
        let free = |user: u32| user == NOBODY || !contains(row, user as usize);
        let size = problem.sizes[buffer];
        let start = find(&segments, size, gap, free, |offset| problem.align(buffer, offset));
        occupy(&mut segments, start, start + size, buffer as u32);
        offsets[buffer] = start;
    }
    offsets
}

fn find(
    segments: &[Segment],
    size: u64,
    gap: Gap,
    free: impl Fn(u32) -> bool,
    align: impl Fn(u64) -> u64,
) -> u64 {
    let mut best: Option<(u64, u64)> = None;
    let skipped = segments.len().saturating_sub(MOST_SEGMENTS);
    let mut run = segments.get(skipped).map_or(0, |segment| segment.start);
    for segment in &segments[skipped..] {
        if free(segment.user) {
            if gap == Gap::First && align(run) + size <= segment.end {
                return align(run);
            }
            continue;
        }
        let start = align(run);
        if start + size <= segment.start && best.is_none_or(|(room, _)| segment.start - run < room) {
            best = Some((segment.start - run, start));
        }
        run = segment.end;
    }
    let top = segments.last().map_or(0, |segment| segment.end);
    let start = align(run);
    if start + size <= top && best.is_none_or(|(room, _)| top - run < room) {
        best = Some((top - run, start));
    }
    best.map_or(start, |(_, start)| start)
}

/// Makes `user` the last user of everything from `start` to `end`.
fn occupy(segments: &mut Vec<Segment>, start: u64, end: u64, user: u32) {
    let top = segments.last().map_or(0, |segment| segment.end);
    if end > top {
        segments.push(Segment { start: top, end, user: NOBODY });
    }
    let first = segments.partition_point(|segment| segment.end <= start);
    let last = segments.partition_point(|segment| segment.start < end);
    let mut new = Vec::with_capacity(3);
    let left = &segments[first];
    if left.start < start {
        new.push(Segment { start: left.start, end: start, user: left.user });
    }
    new.push(Segment { start, end, user });
    let right = &segments[last - 1];
    if right.end > end {
        new.push(Segment { start: end, end: right.end, user: right.user });
    }
    segments.splice(first..last, new);
}
