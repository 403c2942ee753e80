//! Rules about one graph by itself: where they fire and where they do not.

use crate::programs::{SETUP, codes, findings};

const EVENTS: &str = "\
aclrtCreateEventExWithFlag(&forked, ACL_EVENT_SYNC)
aclrtCreateEventExWithFlag(&joined, ACL_EVENT_SYNC)
";

/// A graph that forks to `side` and joins again, with `first` before, `main` and `side` beside each other, `last` after.
fn fork(first: &str, side: &str, main: &str, last: &str) -> String {
    format!(
        "{SETUP}{EVENTS}aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
{first}
aclrtRecordEvent(forked, main)
aclrtStreamWaitEvent(side, forked)
{side}
{main}
aclrtRecordEvent(joined, side)
aclrtStreamWaitEvent(main, joined)
{last}
aclmdlRICaptureEnd(main, &g)
"
    )
}

fn fill(what: &str, bytes: u32, stream: &str) -> String {
    format!("aclrtMemsetAsync({what}, {bytes}, 0, {bytes}, {stream})")
}

#[test]
fn a_race_is_reported_once_with_both_places_and_the_missing_edge() {
    let text = fork(
        "",
        &fill("a", 64, "side"),
        "aclrtMemcpyAsync(out, 64, a, 64, ACL_MEMCPY_DEVICE_TO_HOST, main)",
        "",
    );
    let found = findings(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    let finding = &found[0];
    assert_eq!(finding.rule.code, "ACG350");
    assert_eq!(
        finding.message,
        "aclrtMemcpyAsync on main reads a bytes 0..64 while aclrtMemsetAsync on side writes a bytes 0..64: nothing orders the two"
    );
    assert_eq!(finding.labels, [(11, "aclrtMemsetAsync writes a here, on side".to_owned())]);
    assert_eq!(
        finding.help.as_deref(),
        Some(
            "record an event on side after aclrtMemsetAsync and let main wait for it before aclrtMemcpyAsync"
        )
    );
}

#[test]
fn bytes_decide_whether_there_is_a_race() {
    assert_eq!(codes(&fork("", &fill("a", 32, "side"), &fill("a+32", 32, "main"), "")), [""; 0]);
    assert_eq!(codes(&fork("", &fill("a", 33, "side"), &fill("a+32", 32, "main"), "")), ["ACG350"]);
    let even = "aclrtMemcpy2dAsync(a, 16, in, 16, 8, 4, ACL_MEMCPY_HOST_TO_DEVICE, side)";
    let odd =
        |width| format!("aclrtMemcpy2dAsync(a+8, 16, in, 16, {width}, 3, ACL_MEMCPY_HOST_TO_DEVICE, main)");
    assert_eq!(codes(&fork("", even, &odd(8), "")), [""; 0]);
    assert_eq!(codes(&fork("", even, &odd(9), "")), ["ACG350"]);
}

#[test]
fn what_fork_and_join_order_is_no_race() {
    let copy = "aclrtMemcpyAsync(out, 64, a, 64, ACL_MEMCPY_DEVICE_TO_HOST, main)";
    assert_eq!(
        codes(&fork(&fill("a", 64, "main"), &fill("a", 64, "side"), &fill("b", 64, "main"), copy)),
        [""; 0]
    );
}

#[test]
fn bytes_past_four_gib_are_told_apart() {
    const FAR: u64 = 1 << 32;
    let text = |side: u64, main: u64| {
        let [side, main] =
            [(side, "side"), (main, "main")].map(|(start, stream)| fill(&format!("a+{start}"), 32, stream));
        fork("", &side, &main, "").replace("aclrtMalloc(&a, 64", &format!("aclrtMalloc(&a, {}", 2 * FAR))
    };
    assert_eq!(codes(&text(FAR, 0)), [""; 0]);
    assert_eq!(codes(&text(FAR - 16, FAR + 16)), [""; 0]);
    assert_eq!(codes(&text(FAR - 16, FAR + 15)), ["ACG350"]);
    assert_eq!(codes(&text(FAR - 48, FAR - 17)), ["ACG350"]);
}

#[test]
fn reads_do_not_race() {
    let read = |stream| format!("aclrtMemcpyAsync(b, 64, a, 64, ACL_MEMCPY_DEVICE_TO_DEVICE, {stream})");
    let other = "aclrtMemcpyAsync(out, 64, a, 64, ACL_MEMCPY_DEVICE_TO_HOST, main)";
    assert_eq!(codes(&fork(&fill("a", 64, "main"), &read("side"), other, "")), [""; 0]);
}

#[test]
fn races_that_one_edge_mends_are_one() {
    let both = |first, second, stream| format!("{}\n{}", fill(first, 64, stream), fill(second, 64, stream));
    let twice = fork("", &both("a", "b", "side"), &both("b", "a", "main"), "");
    assert_eq!(codes(&twice), ["ACG350"], "the edge between the fills of b orders those of a");
    let crossed = fork("", &both("a", "b", "side"), &both("a", "b", "main"), "");
    assert_eq!(
        codes(&crossed),
        ["ACG350", "ACG350"],
        "the edge between the fills of a does not order those of b"
    );
}

#[test]
fn races_in_a_branch_are_found_against_the_graph_around_it() {
    let text = format!(
        "{SETUP}{EVENTS}aclrtCreateStream(&branch)
aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclmdlRICaptureGetInfo(main, &status, &p)
aclmdlRICondHandleCreate(p, 1, 1, &h)
aclrtRecordEvent(forked, main)
aclrtStreamWaitEvent(side, forked)
aclrtMemsetAsync(a, 64, 0, 64, side)
aclrtRecordEvent(joined, side)
aclmdlRIAddCondTask({{h, ACL_MODEL_RI_COND_TYPE_IF, 1, [&then]}}, main, 0)
aclmdlRICaptureToModelRIBegin(branch, then, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtMemsetAsync(a, 64, 1, 64, branch)
aclmdlRICaptureEnd(branch, &ended)
aclrtStreamWaitEvent(main, joined)
aclmdlRICaptureEnd(main, &g)
"
    );
    assert_eq!(codes(&text), ["ACG350"]);
}

#[test]
fn a_notify_orders() {
    let notify = "aclrtRecordNotify(n, side)\naclrtWaitAndResetNotify(n, main, 0)";
    let text = |between: &str| {
        fork("", &format!("{}\n{between}", fill("a", 64, "side")), &fill("a", 64, "main"), "")
            .replace("aclmdlRICaptureBegin", "aclrtCreateNotify(&n, 0)\naclmdlRICaptureBegin")
    };
    assert_eq!(codes(&text(notify)), [""; 0]);
    assert_eq!(codes(&text("")), ["ACG350"]);
}

#[test]
fn a_record_that_nobody_waits_for_is_dead() {
    let text = fork("", "aclrtRecordEvent(extra, side)", "", "")
        .replace(EVENTS, &format!("{EVENTS}aclrtCreateEventExWithFlag(&extra, ACL_EVENT_SYNC)\n"));
    assert_eq!(codes(&text), ["ACG354"]);
    assert_eq!(codes(&fork("", "", "", "")), [""; 0]);
}

#[test]
fn a_wait_for_what_is_ordered_anyway_is_redundant() {
    assert_eq!(codes(&fork("", "aclrtStreamWaitEvent(side, forked)", "", "")), ["ACG355"]);
    assert_eq!(codes(&fork("", "", "aclrtStreamWaitEvent(main, forked)", "")), ["ACG355"]);
}

#[test]
fn an_event_that_nothing_uses_is_dead() {
    assert_eq!(codes("aclrtCreateEventExWithFlag(&e, ACL_EVENT_SYNC)\naclrtDestroyEvent(e)\n"), ["ACG356"]);
    assert_eq!(
        codes(
            "aclrtCreateStream(&s)\naclrtCreateEventExWithFlag(&e, ACL_EVENT_SYNC)\naclrtRecordEvent(e, s)\n"
        ),
        [""; 0]
    );
}

#[test]
fn a_blocking_copy_beside_a_capture_is_not_replayed() {
    let text = |mode, to| {
        format!(
            "{SETUP}aclmdlRICaptureBegin(main, {mode})
aclrtMemcpy({to}, 64, in, 64, ACL_MEMCPY_HOST_TO_DEVICE)
aclrtMemcpyAsync(out, 64, a, 64, ACL_MEMCPY_DEVICE_TO_HOST, main)
aclmdlRICaptureEnd(main, &g)
"
        )
    };
    let found = findings(&text("ACL_MODEL_RI_CAPTURE_MODE_RELAXED", "a"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].rule.code, found[0].call), ("ACG094", 7));
    assert_eq!(
        codes(&text("ACL_MODEL_RI_CAPTURE_MODE_RELAXED", "b")),
        ["ACG357"],
        "a is not written, b is not used"
    );
}

#[test]
fn a_read_of_memory_that_nothing_writes() {
    let text = |extra: &str| {
        format!(
            "{SETUP}{extra}aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtMemcpyAsync(out, 64, a, 64, ACL_MEMCPY_DEVICE_TO_HOST, main)
aclmdlRICaptureEnd(main, &g)
"
        )
    };
    assert_eq!(codes(&text("")), ["ACG357"]);
    assert_eq!(codes(&text("aclrtMemset(a, 64, 0, 64)\n")), [""; 0]);
    assert_eq!(
        codes(&text("aclrtLaunchKernel(fill{aivec}, 1, args, 8, side)\n")),
        [""; 0],
        "the kernel may write it"
    );
}

#[test]
fn the_value_of_a_conditional_task() {
    let text = |default, flag, kind: &str, pointer: &str| {
        format!(
            "aclrtCreateStream(&main)
aclrtCreateStream(&branch)
aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclmdlRICaptureGetInfo(main, &status, &p)
aclmdlRICondHandleCreate(p, {default}, {flag}, &h)
{pointer}
aclmdlRIAddCondTask({{h, ACL_MODEL_RI_COND_TYPE_{kind}, 1, [&body]}}, main, 0)
aclmdlRICaptureToModelRIBegin(branch, body, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtLaunchKernel(step{{aivec}}, 1, args, 8, branch)
aclmdlRICaptureEnd(branch, &ended)
aclmdlRICaptureEnd(main, &g)
"
        )
    };
    assert_eq!(codes(&text(1, 1, "WHILE", "")), ["ACG192"]);
    assert_eq!(codes(&text(0, 1, "WHILE", "")), [""; 0], "the loop is never entered");
    assert_eq!(codes(&text(1, 1, "IF", "")), [""; 0]);
    assert_eq!(codes(&text(1, 0, "IF", "")), ["ACG192"]);
    assert_eq!(codes(&text(1, 0, "IF", "aclmdlRICondHandleGetCondPtr(h, &word)")), [""; 0]);
    assert_eq!(codes(&text(1, 1, "WHILE", "aclmdlRICondHandleGetCondPtr(h, &word)")), [""; 0]);
}

#[test]
fn operands_of_an_operator_are_those_of_its_first_phase() {
    let operator =
        "aclnnAddGetWorkspaceSize(a, b, alpha, a2, &ws, &executor)\naclnnAdd{aivec}(NULL, 0, executor, side)";
    let text = |main: &str| {
        fork("", operator, main, "").replace("aclrtMallocHost(&in", "aclrtMalloc(&a2, 64, ACL_MEM_MALLOC_HUGE_FIRST)\naclrtMemset(a, 64, 0, 64)\naclrtMemset(b, 64, 0, 64)\naclrtMallocHost(&in")
    };
    let found = findings(&text(&fill("a2", 64, "main")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0].message,
        "aclrtMemsetAsync on main writes a2 bytes 0..64 while aclnnAdd on side writes a2: nothing orders the two"
    );
    assert_eq!(codes(&text(&fill("b", 64, "main"))), ["ACG350"]);
    assert_eq!(codes(&text("aclrtMemcpyAsync(out, 64, b, 64, ACL_MEMCPY_DEVICE_TO_HOST, main)")), [""; 0]);
}

#[test]
fn streams_added_below_the_acl_layer_are_left_alone() {
    let text = |added: &str| {
        format!(
            "{SETUP}aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclmdlRICaptureGetInfo(main, &status, &p)
{added}
aclrtMemsetAsync(a, 64, 0, 64, side)
aclrtMemsetAsync(a, 64, 0, 64, main)
aclmdlRICaptureEnd(main, &g)
"
        )
    };
    assert_eq!(codes(&text("rtStreamAddToModel(side, p)")), [""; 0]);
}

/// Two streams in a graph: `side` reads `b`, and the task group on `main` adds `a` into the memory given.
fn with_group(into: &str, after: &str) -> Vec<&'static str> {
    codes(&format!(
        "{SETUP}aclrtCreateEventExWithFlag(&forked, ACL_EVENT_SYNC)
aclrtCreateEventExWithFlag(&joined, ACL_EVENT_SYNC)
aclrtMemset(a, 64, 0, 64)
aclrtMemset(b, 64, 0, 64)
aclnnNegGetWorkspaceSize(a, {into}, &size, &executor)
aclnnNegGetWorkspaceSize(a, b, &size2, &executor2)
aclnnNegGetWorkspaceSize(a, a, &size3, &executor3)
aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtRecordEvent(forked, main)
aclrtStreamWaitEvent(side, forked)
aclrtMemcpyAsync(out, 64, b, 64, ACL_MEMCPY_DEVICE_TO_HOST, side)
aclmdlRICaptureTaskGrpBegin(main)
aclnnNeg(NULL, 0, executor, main)
aclmdlRICaptureTaskGrpEnd(main, &group)
aclrtRecordEvent(joined, side)
aclrtStreamWaitEvent(main, joined)
aclmdlRICaptureEnd(main, &g)
{after}
aclrtSynchronizeStream(main)
"
    ))
}

fn update(executor: &str) -> String {
    format!(
        "aclmdlRICaptureTaskUpdateBegin(main, group)
aclnnNeg(NULL, 0, {executor}, main)
aclmdlRICaptureTaskUpdateEnd(main)
aclmdlRIExecuteAsync(g, main)"
    )
}

#[test]
fn an_executed_update_is_what_races() {
    let execute = "aclmdlRIExecuteAsync(g, main)";
    assert_eq!(with_group("a", execute), [""; 0]);
    assert_eq!(with_group("b", execute), ["ACG350"]);
    assert_eq!(with_group("a", &update("executor2")), ["ACG350"], "the update made the race");
    assert_eq!(
        with_group("b", &update("executor3")),
        [""; 0],
        "the update took it away before any execution"
    );
    let both = format!("{execute}\n{}", update("executor3"));
    assert_eq!(with_group("b", &both), ["ACG350"], "the first execution had it");
    assert_eq!(with_group("b", ""), ["ACG350"], "without executions it counts as captured");
    let again = format!("{}\n{}", update("executor2"), update("executor2"));
    assert_eq!(with_group("a", &again), ["ACG350"], "each version is told once");
}
