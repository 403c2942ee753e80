//! Any dump can be checked, and cores are found oversubscribed exactly where some set of unordered collectives needs too many.

#[expect(dead_code, reason = "the shorthand is shared with other tests")]
mod shorthand;

use acg_trace::{Kind, Order, TaskId, Trace};
use proptest::prelude::*;
use shorthand::{check_ranks, check_text, text};

/// Streams of collectives, records and waits.
fn arbitrary() -> impl Strategy<Value = String> {
    let task = (0..5usize, 0..6u32, 1..30u32);
    let stream = proptest::collection::vec(task, 0..6);
    proptest::collection::vec(stream, 1..5).prop_map(|streams| {
        let line = |(stream, tasks): (usize, &Vec<(usize, u32, u32)>)| {
            let words = tasks.iter().map(|&(word, event, cores)| match word {
                0 => format!("record {event}"),
                1 => format!("wait {event}"),
                2 => format!("active {event}"),
                _ => format!("aiv_{event}={cores}"),
            });
            format!("{stream}: {}", words.collect::<Vec<_>>().join("; "))
        };
        streams.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
    })
}

/// The most cores that a set of unordered collectives needs, by trying every set.
fn most_cores(trace: &Trace) -> u32 {
    let order = Order::of(trace);
    let kernels = trace.tasks.iter().filter(|(_, data)| matches!(data.kind, Kind::Kernel(_)));
    let tasks: Vec<TaskId> = kernels.map(|(task, _)| task).collect();
    let members =
        |set: u32| tasks.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, &task)| task);
    let unordered = |set: &u32| {
        let own: Vec<TaskId> = members(*set).collect();
        own.iter().all(|&a| own.iter().all(|&b| !order.ordered(a, b)))
    };
    let cores = |set| members(set).map(|task| trace.record(task).blocks.unwrap_or(0)).sum();
    (0..1u32 << tasks.len()).filter(unordered).map(cores).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn cores_are_oversubscribed_exactly_where_a_set_needs_too_many(shorthand in arbitrary()) {
        let text = text(&shorthand, 1);
        let trace = Trace::of(acg_dump::read_any(&mut text.as_bytes()).unwrap().dumps.remove(0));
        prop_assume!(trace.tasks.values().filter(|data| matches!(data.kind, Kind::Kernel(_))).count() <= 12);
        let found = check_text(&text).iter().any(|found| found.starts_with("vector-cores-oversubscribed"));
        prop_assert_eq!(found, most_cores(&trace) > 48);
    }

    #[test]
    fn equal_ranks_never_contradict_each_other(shorthand in arbitrary()) {
        let found = check_ranks(&[&shorthand, &shorthand, &shorthand]);
        prop_assert!(!found.iter().any(|found| found.starts_with("collective-")), "{:?}", found);
    }

    #[test]
    fn any_two_ranks_can_be_compared(one in arbitrary(), other in arbitrary()) {
        check_ranks(&[&one, &other]);
    }
}
