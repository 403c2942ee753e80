//! Against comparing every buffer with all that come.

use proptest::prelude::*;

use super::settled;
use crate::accesses::Endings;
use crate::{AccessLists, Accesses, Intervals, Lifetimes, Schedule};

/// Buffers accessed by tasks on up to four streams with some syncs, all going from lower numbers to higher ones.
fn accesses() -> impl Strategy<Value = Lifetimes> {
    (1..12u32).prop_flat_map(|tasks| {
        let streams = prop::collection::vec(0..4u32, tasks as usize);
        let syncs = prop::collection::vec((0..tasks, 0..tasks), 0..8);
        let lists = prop::collection::vec(prop::collection::vec(0..tasks, 0..4), 0..8);
        (streams, syncs, lists).prop_map(move |(stream_of, pairs, lists)| {
            let order: Vec<u32> = (0..tasks).collect();
            let syncs: Vec<(u32, u32)> =
                pairs.iter().filter(|(a, b)| a != b).map(|&(a, b)| (a.min(b), a.max(b))).collect();
            let ends = lists.iter().scan(0, |end, list| {
                *end += list.len() as u32;
                Some(*end)
            });
            let starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
            let lists = AccessLists { starts: &starts, tasks: &lists.concat() };
            let schedule = Schedule { stream_of: &stream_of, order: &order, syncs: &syncs };
            Lifetimes::Accesses(Box::new(Accesses::new(schedule, lists).expect("the run is sound")))
        })
    })
}

fn intervals() -> impl Strategy<Value = Lifetimes> {
    prop::collection::vec((0..8u64, 1..6u64), 0..8).prop_map(|pairs| {
        let (lower, upper) = pairs.into_iter().map(|(lower, length)| (lower, lower + length)).unzip();
        Lifetimes::Intervals(Intervals::new(lower, upper).expect("intervals have lengths"))
    })
}

proptest! {
    #[test]
    fn a_buffer_is_settled_when_it_precedes_all_that_come(lifetimes in prop_oneof![accesses(), intervals()]) {
        let endings = lifetimes.endings();
        let by_use = lifetimes.by_first_use();
        let found = settled(&lifetimes, &endings, &by_use);
        for (turn, &buffer) in by_use.iter().enumerate() {
            let open = |&later: &usize| !lifetimes.precedes(buffer as usize, by_use[later] as usize);
            let first = (turn + 1..by_use.len()).rev().find(open).map_or(turn + 1, |last| last + 1);
            prop_assert_eq!(found[buffer as usize] as usize, first, "buffer {}", buffer);
        }
    }

    #[test]
    fn an_ending_is_listed_where_its_stream_is_done_with_it(lifetimes in accesses()) {
        let Lifetimes::Accesses(accesses) = &lifetimes else { return Ok(()) };
        let endings = Endings::of(accesses);
        for (stream, length) in accesses.stream_lengths().into_iter().enumerate() {
            for place in 0..length {
                let listed: Vec<u32> =
                    endings.between(accesses, stream, place, place + 1).iter().map(|ending| ending.buffer).collect();
                let ends = |&buffer: &u32| accesses.last(buffer as usize).contains(&(stream as u32, place + 1));
                let expected: Vec<u32> = (0..accesses.len() as u32).filter(ends).collect();
                prop_assert_eq!(listed, expected);
            }
        }
    }
}
