//! Measures of small graphs, against their definitions.

#[path = "../../trace/tests/fixture/mod.rs"]
#[expect(dead_code, reason = "the shorthand is shared with other tests")]
mod fixture;

use acg_stats::{Antichain, Blocks, Bodies, Count, Counts, CriticalPath, Usage, Width};
use acg_target::Profile;
use acg_trace::{Order, TaskId, Trace};
use fixture::trace;
use proptest::prelude::*;

const DIAMOND: &str = "6: wait 0; right; record 2
                       5: wait 0; left; left2; record 1
                       4: main; record 0; wait 1; wait 2; end; reset 0; reset 1; reset 2; notify 9";

#[test]
fn a_diamond_is_two_wide_and_four_long() {
    let trace = trace(DIAMOND);
    let blocks = Blocks::of(&trace);
    let width = Width::of(&trace, &blocks);
    assert_eq!((width.least(), width.most()), (2, 2));
    let path = CriticalPath::of(&trace, &blocks);
    assert_eq!((path.work, path.tasks), (4, 9));
    let way: Vec<_> = path.runs.iter().map(|run| (run.stream, run.from, run.to)).collect();
    assert_eq!(way, [(4, 0, 1), (5, 0, 3), (4, 2, 8)]);
    let counts = Counts::of(&trace);
    assert_eq!((counts.tasks, counts.work, counts.sync, counts.added, counts.crossings), (16, 5, 7, 4, 4));
    assert_eq!(counts.sync_percent().map(f64::round), Some(58.0));
}

#[test]
fn nothing_has_no_width_and_no_path() {
    for text in ["4:", "4: record 0"] {
        let trace = trace(text);
        let blocks = Blocks::of(&trace);
        let width = Width::of(&trace, &blocks);
        assert_eq!((width.least(), width.most()), (0, 0));
        assert_eq!(CriticalPath::of(&trace, &blocks).work, 0);
    }
}

#[test]
fn work_that_is_never_ordered_is_as_wide_as_there_are_streams() {
    let text = (0..60).map(|stream| format!("{stream}: a; b; c")).collect::<Vec<_>>().join("\n");
    let trace = trace(&text);
    let width = Width::of(&trace, &Blocks::of(&trace));
    assert_eq!((width.least(), width.most()), (60, 60));
}

#[test]
fn entries_are_counted_for_the_target() {
    let own = |text: &str, profile: &str| {
        Usage::of(&trace(text), Bodies::Unknown, &Profile::find(profile).unwrap())
    };
    let entries = |text, profile| own(text, profile).fullest().unwrap().total;
    // Three waits of four entries each, and three other tasks.
    let text = "5: wait 0; x; record 1; record 2; record 3
                4: record 0; value 7; wait 1; wait 2; x; reset 0; reset 1; reset 2; reset 3";
    assert_eq!(entries(text, "910b-swsq-swev"), Count::exactly(4 + 2 * 4 + 6));
    assert_eq!(entries(text, "910b-swsq"), Count::exactly(4 + 8));
    assert_eq!(entries(text, "950-swsq-swev"), Count::exactly(3 + 2 * 3 + 6));
    let usage = own(text, "910b-swsq");
    assert_eq!((usage.hardware_events, usage.memory_events, usage.notifies), (4, 0, 1));
    let usage = own(text, "910b-swsq-swev");
    assert_eq!((usage.hardware_events, usage.memory_events, usage.notifies), (0, 4, 1));
}

#[test]
fn continuations_are_those_of_the_target() {
    // As measured: on queues in hardware the 2017th task of one entry stands on a second stream.
    for (tasks, streams) in [(2016, 1), (2017, 2), (4032, 2), (4033, 3)] {
        let text = format!("4: {}", "x; ".repeat(tasks));
        let usage = Usage::of(&trace(&text), Bodies::Unknown, &Profile::find("910b-hwsq").unwrap());
        assert_eq!(usage.streams(), Count::exactly(streams), "{tasks}");
    }
    // A dump of that machine gives the same, and other targets count without its continuations.
    let text = format!("5: {}\n4: {}active 5", "x; ".repeat(10), "x; ".repeat(2016));
    let on = |profile| Usage::of(&trace(&text), Bodies::Unknown, &Profile::find(profile).unwrap()).streams();
    assert_eq!(on("910b-hwsq"), Count::exactly(2));
    assert_eq!(on("910b-swsq"), Count::exactly(1));
}

/// Streams that record and wait at will, with work in between.
fn arbitrary() -> impl Strategy<Value = String> {
    let task = (0..4usize, 0..5u32);
    let stream = proptest::collection::vec(task, 0..7);
    proptest::collection::vec(stream, 1..5).prop_map(|streams| {
        let line = |(stream, tasks): (usize, &Vec<(usize, u32)>)| {
            let words = tasks.iter().map(|&(word, event)| match word {
                0 => format!("record {event}"),
                1 => format!("wait {event}"),
                _ => "work".to_owned(),
            });
            format!("{stream}: {}", words.collect::<Vec<_>>().join("; "))
        };
        streams.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
    })
}

/// The most that a set of unordered tasks weighs, by trying every set.
fn heaviest(trace: &Trace, tasks: &[(TaskId, u32)]) -> u32 {
    let order = Order::of(trace);
    let sets = 0..1u32 << tasks.len();
    let members =
        |set: u32| tasks.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, task)| task);
    let unordered = |set: u32| {
        let tasks: Vec<_> = members(set).collect();
        tasks.iter().all(|(a, _)| tasks.iter().all(|(b, _)| !order.ordered(*a, *b)))
    };
    sets.filter(|&set| unordered(set))
        .map(|set| members(set).map(|(_, weight)| weight).sum())
        .max()
        .unwrap_or(0)
}

proptest! {
    #[test]
    fn the_width_is_what_trying_every_set_gives(text in arbitrary()) {
        let trace = trace(&text);
        let mut work: Vec<_> =
            trace.tasks.iter().filter(|(_, data)| data.kind.is_work()).map(|(task, _)| (task, 1)).collect();
        work.truncate(12);
        prop_assume!(work.len() == trace.tasks.values().filter(|data| data.kind.is_work()).count());
        let blocks = Blocks::of(&trace);
        let width = Width::of(&trace, &blocks);
        prop_assert_eq!(width.least() as u32, heaviest(&trace, &work));
        // The proof: no two of the tasks are ordered, and as many chains hold all work, each in order.
        prop_assert!(width.is_exact());
        let order = Order::of(&trace);
        for &a in &width.together {
            for &b in &width.together {
                prop_assert!(!order.ordered(a, b));
            }
        }
        let find = |stream: i32, number: u32| {
            trace.tasks.keys().find(|&task| {
                trace.streams[trace.tasks[task].stream].id == stream && trace.record(task).task == number
            })
        };
        let mut held = 0;
        for chain in &width.chains {
            for pair in chain.windows(2) {
                let ends = (find(pair[0].stream, pair[0].to), find(pair[1].stream, pair[1].from));
                let (Some(first), Some(second)) = ends else { return Err(TestCaseError::fail("a task of a chain is not there")) };
                prop_assert!(order.before(first, second));
            }
            for run in chain {
                for number in run.from..=run.to {
                    held += usize::from(find(run.stream, number).is_some_and(|task| trace.tasks[task].kind.is_work()));
                }
            }
        }
        prop_assert_eq!(held, work.len());
    }

    #[test]
    fn the_heaviest_antichain_is_what_trying_every_set_gives(text in arbitrary(), weights in proptest::collection::vec(0..20u32, 12)) {
        let trace = trace(&text);
        let blocks = Blocks::of(&trace);
        prop_assume!(blocks.len() <= 12);
        let weights = &weights[..blocks.len()];
        // One task stands for its block.
        let tasks: Vec<_> = (0..blocks.len() as u32).map(|block| blocks.tasks(&trace, block)[0]).zip(weights.iter().copied()).collect();
        let found = Antichain::heaviest(&blocks, weights);
        prop_assert!(found.is_exact());
        prop_assert_eq!(found.weight, u64::from(heaviest(&trace, &tasks)));
        // Without a search there is still a bracket.
        let rough = Antichain::within(&blocks, weights, 0);
        prop_assert!(rough.weight <= found.weight && found.weight <= rough.bound);
    }

    #[test]
    fn the_critical_path_is_the_longest_way(text in arbitrary()) {
        let trace = trace(&text);
        let order = Order::of(&trace);
        let mut tasks: Vec<TaskId> = trace.tasks.keys().collect();
        // What comes before a task has less before it.
        tasks.sort_by_key(|&task| tasks_before(&trace, &order, task));
        let mut longest: Vec<(TaskId, u32)> = Vec::new();
        for &task in &tasks {
            let best = longest.iter().filter(|(other, _)| order.before(*other, task)).map(|&(_, length)| length).max();
            longest.push((task, best.unwrap_or(0) + u32::from(trace.tasks[task].kind.is_work())));
        }
        let expected = longest.iter().map(|&(_, length)| length).max().unwrap_or(0);
        prop_assert_eq!(CriticalPath::of(&trace, &Blocks::of(&trace)).work, expected);
    }
}

fn tasks_before(trace: &Trace, order: &Order<'_>, task: TaskId) -> usize {
    trace.tasks.keys().filter(|&other| order.before(other, task)).count()
}
