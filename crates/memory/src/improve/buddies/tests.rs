//! Placements of buddies: sound, and as low as is known to be possible.

use super::*;
use crate::problem::Sections;
use crate::random::Random;
use crate::rows::{Rows, contains};
use crate::{Intervals, Lifetimes};

/// `count` buffers in use for up to `longest` of 100 units of time, of up to `sizes` sizes.
fn problem(count: usize, longest: usize, sizes: usize, seed: u64) -> Problem {
    let mut random = Random::new(seed);
    let lower: Vec<u64> = (0..count).map(|_| random.below(100) as u64).collect();
    let upper = lower.iter().map(|lower| lower + 1 + random.below(longest) as u64).collect();
    let intervals = Intervals::new(lower, upper).expect("intervals have lengths");
    let intervals = intervals.part(&intervals.by_first_use());
    let sizes: Vec<u64> = (0..count).map(|_| 3 << random.below(sizes)).collect();
    let sections = Sections::new(&sizes, &crate::cliques::at_each_time(&intervals, &sizes));
    let lifetimes = Lifetimes::Intervals(intervals);
    let rows = Rows::new(&lifetimes, &lifetimes.by_first_use());
    Problem { sizes, alignments: Vec::new(), spans: vec![1; count], rows, sections }
}

fn placed(problem: &Problem, steps: u64, seed: u64) -> Placed {
    let enough = problem.sections.bound();
    let mut best = Placed { offsets: Vec::new(), peak: u64::MAX, proved: enough };
    let by_use: Vec<u32> = (0..problem.len() as u32).collect();
    buddies(problem, &by_use, enough, &Budget { steps, seed, stop: &|| false }, &mut best);
    best
}

fn check(problem: &Problem, placed: &Placed) {
    assert_eq!(problem.peak(&placed.offsets), placed.peak);
    for (a, &offset) in placed.offsets.iter().enumerate() {
        assert!(offset.is_multiple_of(problem.sizes[a]));
        for (b, &other) in
            placed.offsets.iter().enumerate().filter(|&(b, _)| contains(problem.rows.row(a), b))
        {
            assert!(offset + problem.sizes[a] <= other || other + problem.sizes[b] <= offset, "{a} and {b}");
        }
    }
}

#[test]
fn what_conflicts_lies_apart() {
    for seed in 1..60 {
        let problem =
            problem(1 + seed as usize * 7 % 200, 1 + seed as usize % 40, 1 + seed as usize % 9, seed);
        for steps in [0, 1_000_000] {
            check(&problem, &placed(&problem, steps, seed));
        }
    }
}

#[test]
fn buffers_of_one_size_need_as_many_lanes_as_are_in_use_at_once() {
    for seed in 1..20 {
        let problem = problem(150, 30, 1, seed);
        assert_eq!(placed(&problem, 0, seed).peak, problem.sections.bound());
    }
}

#[test]
fn pressing_closes_most_of_what_is_left_to_the_bound() {
    let (mut inserted, mut pressed) = (0, 0);
    for seed in 1..9 {
        let problem = problem(300, 25, 8, seed);
        let above = |steps| placed(&problem, steps, seed).peak - problem.sections.bound();
        inserted += above(0);
        pressed += above(20_000_000);
    }
    assert!(pressed * 3 < inserted, "{pressed} of {inserted}");
}

#[test]
fn other_sizes_and_alignments_are_left_to_others() {
    let mut problem = problem(20, 10, 4, 1);
    problem.alignments = vec![8; 20];
    assert!(powers(&problem).is_none());
    problem.alignments = vec![3; 20];
    assert!(powers(&problem).is_some());
    problem.sizes[7] = 9;
    assert!(powers(&problem).is_none());
}

#[test]
fn few_steps_are_not_spent_on_comparing_many() {
    let problem = problem(100, 10, 4, 1);
    let within = |steps| are_buddies(&problem, &Budget { steps, seed: 1, stop: &|| false });
    assert!(within(10_000) && !within(9_999));
}
