//! Every rule on small dumps: what it finds and what it must not.

mod shorthand;

use shorthand::{check, check_ranks, check_text, check_texts, text};

const NONE: [&str; 0] = [];

// Inputs on which torchair's checker or torch_npu's aligner err (users, section 3).

#[test]
fn one_record_with_two_waiters_orders_both() {
    // Each of the branches runs its collective behind the first, and before the last.
    let found = check(
        "6: wait 0; work; record 2
         5: wait 0; aiv_gather=40; record 1
         4: aiv_first=40; record 0; wait 1; wait 2; aiv_last=40; reset 0; reset 1; reset 2",
    );
    assert_eq!(found, NONE);
}

#[test]
fn an_event_recorded_twice_orders_both_waits() {
    let found = check(
        "5: wait 0; aiv_b=40; record 1; wait 0; record 2
         4: aiv_a=40; record 0; wait 1; record 0; wait 2; aiv_c=40; reset 0; reset 1; reset 2",
    );
    assert_eq!(found, NONE);
}

#[test]
fn notifies_order() {
    let found = check(
        "5: wait 0; await 8; aiv_b=40; record 1
         4: record 0; aiv_a=40; notify 8; wait 1; aiv_c=40; reset 0; reset 1",
    );
    assert_eq!(found, NONE);
}

#[test]
fn a_continued_stream_keeps_its_order() {
    // Task ids begin anew on the stream that continues; the collective there is still the last.
    let found = check(
        "6: aiv_c=40; record 1
         5: wait 0; work; aiv_b=40; active 6
         4: aiv_a=40; record 0; wait 1; aiv_d=40; reset 0; reset 1",
    );
    assert_eq!(found, NONE);
}

#[test]
fn three_collectives_can_be_too_many_though_no_two_are() {
    let found = check(
        "6: wait 0; aiv_c=20; record 2
         5: wait 0; aiv_b=20; record 1
         4: record 0; aiv_a=20; wait 1; wait 2; reset 0; reset 1; reset 2",
    );
    assert_eq!(found, ["vector-cores-oversubscribed: aiv_a aiv_b aiv_c"]);
    let (diagnostics, _) =
        check_texts(&[("x.json", &text("6: aiv_c=20\n5: aiv_b=20\n4: aiv_a=20", 1))], "ascend950");
    // 64 vector cores are enough for 60.
    assert!(diagnostics.iter().all(|found| found.rule.name != "vector-cores-oversubscribed"));
}

#[test]
fn streams_that_wait_for_each_other_are_a_deadlock() {
    let found = check(
        "6: wait 3; work; record 2
         5: wait 0; wait 2; work; record 1; record 3
         4: record 0; work; wait 1; reset 0; reset 1; reset 2; reset 3",
    );
    assert!(found[0].starts_with("wait-cycle: EVENT_WAIT_"), "{found:?}");
    assert_eq!(found.iter().filter(|found| found.starts_with("wait-cycle")).count(), 1);
}

#[test]
fn irregular_files_are_checked_all_the_same() {
    let dump = text("5: wait 0; aiv_b=40; record 1\n4: record 0; aiv_a=40; wait 1; reset 0; reset 1", 1);
    let expected = ["vector-cores-oversubscribed: aiv_a aiv_b"];
    assert_eq!(check_text(&dump), expected);
    assert_eq!(check_text(&dump.replace("\n]", ",\n]")), expected);
    let slashed = check_text(&dump.replace("aiv_b", "aiv_\\b"));
    assert_eq!(slashed, ["vector-cores-oversubscribed: aiv_a aiv_\\b"]);
}

// The rules.

#[test]
fn cores_are_counted_as_torchair_counts_them() {
    let conflict = |a: &str, b: &str| {
        let found = check(&format!("5: {a}\n4: {b}"));
        found.iter().any(|found| found.starts_with("vector-cores-oversubscribed"))
    };
    assert!(conflict("aiv_a=24", "aiv_b=25"));
    assert!(!conflict("aiv_a=24", "aiv_b=24"));
    assert!(conflict("MoeDispatchV2=24", "MoeCombineV2=25"));
    // Kernels that take cores as they come, and kernels that are no collectives, block nobody.
    assert!(!conflict("aiv_a~48", "aiv_b=48"));
    assert!(!conflict("MatMul=48", "aiv_b=48"));
    // A mixed kernel led by the matrix core takes two vector cores a block.
    assert!(conflict("dispatch&13", "aiv_b=24"));
    assert!(!conflict("dispatch&12", "aiv_b=24"));
    // One alone can be too much.
    assert!(conflict("aiv_a=49", "work"));
}

#[test]
fn every_collective_of_a_conflict_is_told() {
    let found = check("5: aiv_a=30; aiv_b=30\n4: aiv_c=30; aiv_d=30; aiv_e=10");
    let told = found.join(" ");
    for name in ["aiv_a", "aiv_b", "aiv_c", "aiv_d"] {
        assert!(told.contains(name), "{found:?}");
    }
    assert!(!found.iter().any(|found| found.starts_with("vector") && found.contains("aiv_e")), "{found:?}");
}

#[test]
fn unordered_collectives_are_told_once() {
    assert_eq!(check("5: aiv_b=8\n4: aiv_a=8"), ["unordered-collectives: aiv_a aiv_b"]);
    assert_eq!(check("4: aiv_a=8; aiv_b=8"), NONE);
    assert_eq!(check("5: work\n4: aiv_a=8"), NONE);
    assert_eq!(check("5: aiv_b=40\n4: aiv_a=40"), ["vector-cores-oversubscribed: aiv_a aiv_b"]);
}

#[test]
fn waits_for_own_events_and_waits_for_others_differ() {
    // A memory event can only be recorded by its own graph.
    assert_eq!(check("4: wait 20622287568912; work"), ["wait-without-record: EVENT_WAIT_20622287568912"]);
    // A hardware event can be the program's, even if it is reset at the end.
    let reset = "5: wait 0; record 1\n4: record 0; wait 1; wait 3; reset 3; reset 0; reset 1";
    assert_eq!(check(reset), ["wait-from-outside: EVENT_WAIT_3"]);
    // The idiom of an update that the host tells of: nothing is reset at the end.
    assert_eq!(check("4: wait 3; reset 3; work"), ["wait-from-outside: EVENT_WAIT_3"]);
    assert_eq!(check("4: wait 3; work; wait 3"), ["wait-from-outside: EVENT_WAIT_3 EVENT_WAIT_3"]);
    assert_eq!(
        check("4: await 3; await 5; value 9"),
        ["wait-from-outside: NOTIFY_WAIT_3 NOTIFY_WAIT_5", "wait-from-outside: MEM_WAIT_VALUE_9"]
    );
}

#[test]
fn other_graphs_of_a_process_record_and_wait() {
    let (one, other) = (text("4: wait 3; work", 7), text("5: work; record 3", 7));
    let (both, _) = check_texts(&[("a.json", &one), ("b.json", &other)], "ascend910b");
    assert!(both.is_empty(), "{both:?}");
    let elsewhere = text("5: work; record 3", 8);
    let (both, _) = check_texts(&[("a.json", &one), ("b.json", &elsewhere)], "ascend910b");
    assert_eq!(both.len(), 2, "another process has other events");
}

#[test]
fn records_that_nobody_waits_for_are_told() {
    let found = check("5: wait 0; record 1\n4: record 0; record 2; wait 1; reset 0; reset 1; reset 2");
    assert_eq!(found, ["record-never-waited: EVENT_RECORD_2"]);
    // An event that is not reset is not the graph's own.
    assert_eq!(check("5: wait 0; record 1\n4: record 0; record 2; wait 1; reset 0; reset 1"), NONE);
    assert_eq!(check("4: work; notify 3"), NONE, "the end of the graph");
    assert_eq!(
        check("4: notify 3; notify 4; work"),
        ["record-never-waited: NOTIFY_RECORD_3 NOTIFY_RECORD_4"]
    );
}

#[test]
fn many_findings_of_one_kind_are_cut() {
    let waits: Vec<String> = (0..500).map(|event| format!("wait {event}")).collect();
    let (diagnostics, _) =
        check_texts(&[("x.json", &text(&format!("4: {}", waits.join("; ")), 1))], "ascend910b");
    assert_eq!(diagnostics.len(), 64);
    assert!(
        diagnostics[63].notes.iter().any(|note| note.starts_with("436 more")),
        "{:?}",
        diagnostics[63].notes
    );
}

#[test]
fn a_stream_that_is_too_long_for_the_target_is_told() {
    let long = text(&format!("4: {}", "work; ".repeat(2017)), 1);
    let names = |profile| {
        let (diagnostics, _) = check_texts(&[("x.json", &long)], profile);
        diagnostics.iter().map(|found| found.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(names("910b-hwsq"), ["queue-overflow"]);
    assert_eq!(names("910b-swsq"), NONE);
}

#[test]
fn more_streams_than_one_execution_has_are_told() {
    let streams = |count: usize| {
        let lines: Vec<String> = (0..count).map(|stream| format!("{stream}: work")).collect();
        let dump = text(&lines.join("\n"), 1);
        check_text(&dump)
            .into_iter()
            .map(|found| found.split(':').next().unwrap_or("").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(streams(1024), NONE);
    assert_eq!(streams(1025), ["streams-over-budget"]);
}

// Several ranks.

#[test]
fn ranks_with_one_order_are_right() {
    let rank = "5: wait 0; aiv_b=8; record 1\n4: aiv_a=8; record 0; wait 1; aiv_c=8; reset 0; reset 1";
    assert_eq!(check_ranks(&[rank, rank, rank]), NONE);
    // The same on one stream.
    assert_eq!(check_ranks(&[rank, "4: aiv_a=8; aiv_b=8; aiv_c=8"]), NONE);
}

#[test]
fn two_ranks_with_two_orders_wait_for_each_other() {
    let found = check_ranks(&["4: aiv_a=8; x; aiv_b=8", "4: aiv_b=8; aiv_a=8"]);
    assert_eq!(found, ["collective-order-differs: aiv_a aiv_b aiv_b aiv_a"]);
    // Far apart, and over several streams.
    let found = check_ranks(&[
        "5: wait 0; aiv_b=8; record 1\n4: aiv_a=8; aiv_p=8; record 0; wait 1; reset 0; reset 1",
        "4: aiv_b=8; aiv_p=8; aiv_a=8",
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("collective-order-differs"), "{found:?}");
}

#[test]
fn a_circle_can_lead_over_three_ranks() {
    // No two ranks contradict each other, but nothing can be first.
    let unordered =
        |first: &str, second: &str, third: &str| format!("5: {third}=8\n4: {first}=8; {second}=8");
    let found = check_ranks(&[
        &unordered("aiv_a", "aiv_b", "aiv_c"),
        &unordered("aiv_b", "aiv_c", "aiv_a"),
        &unordered("aiv_c", "aiv_a", "aiv_b"),
    ]);
    assert!(found.iter().any(|found| found.starts_with("collective-order-differs")), "{found:?}");
}

#[test]
fn names_are_compared_without_build_hashes() {
    let rank = |hash: &str| format!("4: MoeDispatch_{hash}_1=8; aiv_b=8");
    assert_eq!(check_ranks(&[&rank("e3e2549baf4795bf56c3"), &rank("0123456789abcdef0123")]), NONE);
}

#[test]
fn ranks_with_other_collectives_are_told_and_not_compared() {
    let found = check_ranks(&["4: aiv_a=8; aiv_b=8", "4: aiv_b=8; aiv_a=8; aiv_a=8", "4: aiv_a=8; aiv_b=8"]);
    assert_eq!(found, ["collective-counts-differ: aiv_a aiv_a"]);
}

#[test]
fn files_without_ranks_are_not_compared() {
    let (one, other) = (text("4: aiv_a=8; aiv_b=8", 1), text("4: aiv_b=8; aiv_a=8", 2));
    let (found, _) = check_texts(&[("decode.json", &one), ("prefill.json", &other)], "ascend910b");
    assert!(found.is_empty(), "{found:?}");
    let (found, _) = check_texts(&[("out/rank0/m.json", &one), ("out/rank1/m.json", &other)], "ascend910b");
    assert_eq!(found.len(), 1);
    assert!(found[0].notes.iter().any(|note| note.contains("ranks 0, 1")), "{:?}", found[0].notes);
}
