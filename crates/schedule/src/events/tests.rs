use proptest::prelude::*;

use super::*;
use crate::Sync;

fn plan(stream_of: Vec<u32>, streams: u32, syncs: &[(u32, u32)]) -> Plan {
    let order = (0..stream_of.len() as u32).collect();
    let mut syncs: Vec<_> = syncs.iter().map(|&(before, after)| Sync { before, after }).collect();
    syncs.sort_by_key(|sync| (sync.after, sync.before));
    syncs.dedup();
    Plan { stream_of, streams, order, syncs }
}

#[test]
fn a_ping_pong_needs_one_event() {
    // Each record stands after the wait for the one before.
    let ping_pong = plan(vec![0, 1, 0, 1], 2, &[(0, 1), (1, 2), (2, 3)]);
    let events = colour_events(&ping_pong, 0);
    assert_eq!((events.count, events.least), (1, 1));
    assert_eq!(colour_events(&Plan::default(), 0), Events::default());
}

#[test]
fn waits_for_one_record_share_its_event_and_hold_it_until_the_last() {
    let shared = plan(vec![0, 1, 2, 1, 2, 0], 3, &[(0, 1), (0, 2), (1, 5), (3, 4)]);
    let events = colour_events(&shared, 0);
    let of = |before, after| {
        events.event_of[shared.syncs.iter().position(|sync| *sync == Sync { before, after }).unwrap()]
    };
    assert_eq!(of(0, 1), of(0, 2));
    assert_ne!(of(0, 1), of(1, 5));
    assert_eq!(events.count, events.least);
}

/// Whether `before` happens before or is `after`, by trying.
fn ordered(plan: &Plan) -> Vec<Vec<bool>> {
    let tasks = plan.stream_of.len();
    let mut leads = vec![vec![false; tasks]; tasks];
    for from in (0..tasks).rev() {
        leads[from][from] = true;
        for mid in from + 1..tasks {
            let sync = Sync { before: from as u32, after: mid as u32 };
            if plan.stream_of[from] == plan.stream_of[mid] || plan.syncs.contains(&sync) {
                let further = leads[mid].clone();
                leads[from].iter_mut().zip(further).for_each(|(leads, further)| *leads |= further);
            }
        }
    }
    leads
}

proptest! {
    #[test]
    fn shared_events_are_waited_for_in_time_and_fewest(
        streams in prop::collection::vec(0u32..20, 2..14),
        wide in prop::bool::ANY,
        pairs in prop::collection::vec((0u32..14, 0u32..14), 0..14),
    ) {
        let tasks = streams.len() as u32;
        let streams: Vec<u32> = streams.iter().map(|stream| if wide { *stream } else { stream % 3 }).collect();
        let across = |&&(before, after): &&(u32, u32)| {
            before < after && after < tasks && streams[before as usize] != streams[after as usize]
        };
        let pairs: Vec<_> = pairs.iter().filter(across).copied().collect();
        let plan = plan(streams.clone(), 20, &pairs);
        let events = colour_events(&plan, 0);
        let leads = ordered(&plan);
        let mut records: Vec<u32> = plan.syncs.iter().map(|sync| sync.before).collect();
        records.sort_unstable();
        records.dedup();
        let precedes = |one: u32, other: u32| {
            plan.syncs.iter().filter(|sync| sync.before == one).all(|sync| leads[sync.after as usize][other as usize])
        };
        let enough = colour_events(&plan, u32::MAX);
        for events in [&events, &enough] {
            for (one, of_one) in plan.syncs.iter().zip(&events.event_of) {
                for (other, of_other) in plan.syncs.iter().zip(&events.event_of) {
                    if one.before == other.before {
                        prop_assert_eq!(of_one, of_other);
                    } else if of_one == of_other {
                        prop_assert!(precedes(one.before, other.before) || precedes(other.before, one.before));
                    }
                }
            }
        }
        // The largest set of records of which none precedes another.
        let largest = (0u32..1 << records.len()).filter(|set| {
            let members = || records.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, &record)| record);
            members().all(|one| members().all(|other| one == other || !precedes(one, other)))
        });
        prop_assert_eq!(events.count, largest.map(u32::count_ones).max().unwrap_or(0));
        prop_assert_eq!(events.least, events.count);
        prop_assert!(enough.least <= events.count && enough.count >= events.count);
    }
}
