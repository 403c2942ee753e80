//! What small dumps mean.

mod fixture;

use acg_dump::OwnedDump;
use acg_target::CodePath;
use acg_trace::{Fingerprint, LaneId, Order, Part, Role, TaskId, Trace};
use fixture::{dump, kernel, pairs, place, trace};

fn before(trace: &Trace, first: &str, second: &str) -> bool {
    Order::of(trace).before(kernel(trace, first), kernel(trace, second))
}

fn parts(trace: &Trace, part: fn(Part) -> bool) -> Vec<String> {
    let found = trace.order.iter().filter(|&&task| part(trace.tasks[task].part));
    found.map(|&task| place(trace, task)).collect()
}

#[test]
fn one_record_lets_two_streams_go_on() {
    let trace = trace(
        "6: wait 0; right; record 2
         5: wait 0; left; record 1
         4: main; record 0; wait 1; wait 2; end; reset 0; reset 1; reset 2; notify 9",
    );
    assert_eq!(pairs(&trace), ["lane1.2>lane0.2", "lane2.2>lane0.3", "lane0.1>lane1.0", "lane0.1>lane2.0"]);
    assert!(before(&trace, "main", "left") && before(&trace, "main", "right"));
    assert!(before(&trace, "left", "end") && before(&trace, "right", "end"));
    assert!(!before(&trace, "left", "right") && !before(&trace, "right", "left"));
    assert!(trace.links.unrecorded_waits().is_empty() && trace.links.unwaited_records().is_empty());
    assert_eq!(parts(&trace, |part| part == Part::ClosingReset), ["lane0.5", "lane0.6", "lane0.7"]);
    assert_eq!(parts(&trace, |part| part == Part::EndRecord), ["lane0.8"]);
    let roles: Vec<_> = trace.streams.values().map(|stream| stream.role).collect();
    assert_eq!(roles, [Role::Side, Role::Side, Role::Origin]);
}

#[test]
fn an_event_recorded_twice_keeps_both_pairs() {
    let twice = trace(
        "5: wait 0; x; wait 0; y; record 1
         4: a; record 0; b; record 0; c; wait 1",
    );
    assert_eq!(pairs(&twice), ["lane1.4>lane0.5", "lane0.1>lane1.0", "lane0.3>lane1.2"]);
    assert!(before(&twice, "a", "x") && !before(&twice, "b", "x") && before(&twice, "b", "y"));
    // The record of another lane that comes only after the first wait cannot be what that wait is for.
    let handed_on = trace(
        "6: wait 0; z; record 2
         5: wait 0; x; record 0; record 1
         4: a; record 0; wait 1; wait 2",
    );
    assert!(handed_on.links.circles().is_empty());
    assert!(before(&handed_on, "a", "x") && before(&handed_on, "a", "z"));
    // Between a reset and the next record nothing is set, even for a lane that waited for nothing yet.
    let reused = trace(
        "6: wait 3; wait 0; z; record 2
         5: wait 0; reset 0; x; record 3; record 1
         4: a; record 0; wait 1; b; record 0; wait 2",
    );
    assert!(before(&reused, "b", "z") && before(&reused, "x", "b"));
    assert!(reused.links.circles().is_empty());
}

#[test]
fn a_wait_behind_its_own_record_goes_on_with_it() {
    let trace = trace("4: record 0; a; record 0; wait 0; b");
    assert_eq!(pairs(&trace), ["lane0.2>lane0.3"]);
}

#[test]
fn notifies_order_and_are_consumed() {
    let trace = trace(
        "5: wait 0; await 3; x; await 3; y; record 1
         4: record 0; a; notify 3; b; notify 3; wait 1; notify 8",
    );
    assert_eq!(pairs(&trace), ["lane1.5>lane0.5", "lane0.0>lane1.0", "lane0.2>lane1.1", "lane0.4>lane1.3"]);
    assert!(before(&trace, "a", "x") && !before(&trace, "b", "x") && before(&trace, "b", "y"));
    assert_eq!(parts(&trace, |part| part == Part::EndRecord), ["lane0.6"]);
}

#[test]
fn values_order() {
    let trace = trace(
        "5: wait 0; value 3; x; record 1
         4: record 0; a; write 3; wait 1",
    );
    assert!(before(&trace, "a", "x"));
}

#[test]
fn continued_streams_are_one_lane() {
    let named = "6: c; record 1
                 5: wait 0; a; b; active 6
                 4: record 0; main; wait 1; reset 0; reset 1";
    let folded = trace(named);
    assert_eq!(folded.lanes.len(), 2);
    let side = &folded.lanes[folded.tasks[kernel(&folded, "c")].lane];
    assert_eq!(side.streams.len(), 2);
    assert!(before(&folded, "a", "c") && !before(&folded, "main", "c"));
    assert_eq!(parts(&folded, |part| part == Part::Cascade), ["lane1.3"]);
    assert!(folded.links.unwaited_records().is_empty());
    let unnamed = Trace::of(dump(&named.replace("active 6", "active -1"), CodePath::David));
    let role = unnamed.streams.values().next().unwrap().role;
    assert!(matches!(role, Role::Continues { named: false, .. }), "{role:?}");
    assert_eq!(unnamed.order, folded.order);
    let one = trace(
        "5: wait 0; a; b; c; record 1
         4: record 0; main; wait 1; reset 0; reset 1",
    );
    assert_eq!(Fingerprint::of(&one), Fingerprint::of(&folded));
    assert_eq!(Fingerprint::of(&one), Fingerprint::of(&unnamed));
}

#[test]
fn two_full_streams_on_950_find_their_continuations() {
    let text = "7: d; wait 1; e; reset 0; reset 1; notify 2
                6: c; record 1
                5: wait 0; b; active -1
                4: record 0; a; active -1";
    let trace = Trace::of(dump(text, CodePath::David));
    assert_eq!(trace.lanes.len(), 2);
    assert_eq!(trace.tasks[kernel(&trace, "e")].lane, trace.origin());
    assert!(before(&trace, "a", "d") && before(&trace, "b", "c") && before(&trace, "c", "e"));
    assert_eq!(parts(&trace, |part| part == Part::EndRecord), ["lane0.8"]);
}

#[test]
fn streams_that_wait_for_each_other_are_a_circle() {
    let deadlock = trace(
        "6: wait 9; z; record 2
         5: wait 0; wait 2; x; record 1
         4: record 0; main; wait 1; record 9",
    );
    let circles: Vec<Vec<String>> = deadlock
        .links
        .circles()
        .iter()
        .map(|circle| circle.iter().map(|&task| place(&deadlock, task)).collect())
        .collect();
    assert_eq!(circles, [["lane2.2", "lane1.1", "lane1.3", "lane0.2", "lane0.3", "lane2.0"]]);
    let order = Order::of(&deadlock);
    for task in deadlock.tasks.keys() {
        assert!(!order.before(task, task));
    }
    let from_outside = trace("4: wait 0; a; record 0");
    assert!(from_outside.links.circles().is_empty());
    assert_eq!(from_outside.links.unrecorded_waits().len(), 1);
    // Capturing would have reset events 1 and 2 if they were its own.
    let external = trace(
        "5: wait 0; wait 2; record 1; record 3
         4: record 0; wait 1; record 2; wait 3; reset 0; reset 3",
    );
    assert!(external.links.circles().is_empty());
    let notifies = trace(
        "5: wait 0; await 1; notify 2; record 3
         4: record 0; await 2; notify 1; wait 3",
    );
    assert_eq!(notifies.links.circles().len(), 1);
    let fine = trace(
        "5: wait 0; notify 2; await 1; record 3
         4: record 0; await 2; notify 1; wait 3",
    );
    assert!(fine.links.circles().is_empty());
}

#[test]
fn waits_and_records_alone_are_told() {
    let trace = trace("4: wait 7; a; record 8; await 6; notify 5; b");
    let places = |tasks: &[TaskId]| tasks.iter().map(|&task| place(&trace, task)).collect::<Vec<_>>();
    assert_eq!(places(trace.links.unrecorded_waits()), ["lane0.0", "lane0.3"]);
    assert_eq!(places(trace.links.unwaited_records()), ["lane0.2", "lane0.4"]);
    assert!(trace.links.circles().is_empty());
}

#[test]
fn the_signals_of_host_functions_are_not_the_programs() {
    let trace = trace("4: a; host; wait 1; reset 1; host; b; await 3; host; await 4; record 9; wait 9");
    assert_eq!(parts(&trace, |part| part == Part::Callback), ["lane0.2", "lane0.3", "lane0.8"]);
    let alone: Vec<_> = trace.links.unrecorded_waits().iter().map(|&task| place(&trace, task)).collect();
    assert_eq!(alone, ["lane0.6"]);
}

#[test]
fn an_added_stream_is_known_by_its_notify() {
    let trace = trace(
        "5: foo; notify 0
         4: bar; await 0; notify 3",
    );
    assert_eq!(parts(&trace, |part| part == Part::AddedStream), ["lane0.1", "lane1.1"]);
    assert_eq!(parts(&trace, |part| part == Part::EndRecord), ["lane0.2"]);
}

#[test]
fn placeholders_begin_task_groups() {
    let groups =
        |text: &str| trace(text).groups.values().map(|group| (group.first, group.length)).collect::<Vec<_>>();
    assert_eq!(groups("4: a; nop 8; b; nop 16; c"), [(1, 8), (10, 8), (18, 8)]);
    assert_eq!(groups("4: a; nop 10; b"), [(1, 10)]);
    assert_eq!(groups("4: nop 1"), []);
    assert_eq!(groups("5: nop 5; c\n 4: a; nop 3; active 5"), [(1, 8)]);
}

#[test]
fn an_empty_origin_stream_is_told_by_a_comma() {
    let with_comma = |text: &str| {
        let printed = acg_dump::print(
            &dump(text, CodePath::V100).borrow(),
            acg_dump::Format::new(acg_target::Cann::new(9, 2, 0), CodePath::V100),
            1,
            false,
        );
        let printed = printed.replace("}}\n]", "}},\n]");
        Trace::of(acg_dump::read_any(&mut printed.as_bytes()).unwrap().dumps.remove(0))
    };
    let side = with_comma("5: wait 0; a");
    assert_eq!((side.lanes.len(), side.tasks[kernel(&side, "a")].lane != side.origin()), (2, true));
    let origin = with_comma("5: a; b");
    assert_eq!((origin.lanes.len(), origin.streams.len()), (1, 1));
}

fn empty() -> OwnedDump {
    acg_dump::read_any(&mut b"[\n]".as_slice()).unwrap().dumps.remove(0)
}

#[test]
fn an_empty_dump_has_an_origin_lane() {
    let trace = Trace::of(empty());
    assert_eq!((trace.lanes.len(), trace.tasks.len()), (1, 0));
    assert_eq!(trace.lane_tasks(trace.origin()), []);
    let _ = (Order::of(&trace), Fingerprint::of(&trace));
}

#[test]
fn the_fingerprint_sees_what_matters() {
    let plain = "6: wait 0; right; record 2
                 5: wait 0; left; record 1
                 4: main; record 0; wait 1; wait 2; end; reset 0; reset 1; reset 2; notify 9";
    let of = |text: &str| Fingerprint::of(&trace(text)).hash;
    let same = [
        // Other ids, another order of resets, no record of the end.
        "6: wait 10; right; record 12
         9: wait 10; left; record 11
         2: main; record 10; wait 11; wait 12; end; reset 12; reset 10; reset 11",
        // The side streams made the other way round, and a task group.
        "6: wait 0; left; record 1
         5: wait 0; nop 8; right; record 2
         4: main; record 0; wait 1; wait 2; end; reset 0; reset 1; reset 2; notify 9",
    ];
    let others = [
        plain.replace("left", "lefty"),
        plain.replace("wait 1; wait 2", "wait 2; wait 1"),
        plain.replace("5: wait 0; left", "5: wait 0; left; left"),
        plain.replace("main; record 0", "record 0; main"),
        // Two records in place of one that two streams wait for.
        plain.replace("6: wait 0", "6: wait 7").replace("main; record 0", "main; record 0; record 7"),
    ];
    for text in same {
        assert_eq!(of(text), of(plain), "{text}");
    }
    for text in &others {
        assert_ne!(of(text), of(plain), "{text}");
    }
    let kinds = Fingerprint::of(&trace(plain)).kinds;
    let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{kind}: {count}")).collect();
    assert_eq!(kinds, ["vector kernel: 4", "event record: 3", "event wait: 4"]);
    let stable = trace("4: a; record 0; wait 0");
    assert_eq!(Fingerprint::of(&stable).to_string(), "1e354916bc18a93231c29fda05674e6f");
}

#[test]
fn what_is_complete_is_counted() {
    let trace = trace(
        "5: wait 0; x; record 1
         4: a; record 0; b; wait 1; c",
    );
    let order = Order::of(&trace);
    let lane = |index| <LaneId as acg_entity::Entity>::at(index);
    assert_eq!(order.complete(kernel(&trace, "x"), lane(0)), 2);
    assert_eq!(order.complete(kernel(&trace, "c"), lane(1)), 3);
    assert_eq!(order.complete(kernel(&trace, "b"), lane(1)), 0);
    assert_eq!(order.complete(kernel(&trace, "c"), lane(0)), 4);
}
