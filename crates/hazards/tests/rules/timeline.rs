//! Rules about executions, eager work and the host: where they fire and where they do not.

use crate::programs::{ROUND_TRIP, SETUP, codes, findings};

/// A round trip graph and what the program does with it.
fn run(after: &str) -> Vec<&'static str> {
    codes(&format!("{SETUP}{ROUND_TRIP}{after}\n"))
}

const EXECUTE: &str = "aclmdlRIExecuteAsync(g, main)";
const READ: &str = "aclrtMemcpy(b, 64, out, 64, ACL_MEMCPY_HOST_TO_DEVICE)";

#[test]
fn a_result_is_read_before_the_execution_is_complete() {
    assert_eq!(run(&format!("{EXECUTE}\n{READ}")), ["ACG211"]);
    assert_eq!(run(&format!("{EXECUTE}\naclrtSynchronizeStream(main)\n{READ}")), [""; 0]);
    assert_eq!(run(&format!("{EXECUTE}\naclrtSynchronizeDevice()\n{READ}")), [""; 0]);
    assert_eq!(
        run(&format!("{EXECUTE}\naclrtSynchronizeStream(side)\n{READ}")),
        ["ACG211"],
        "the wrong stream"
    );
    assert_eq!(run(&format!("{READ}\n{EXECUTE}")), [""; 0]);
    let copy = "aclrtMemcpyAsync(b, 64, out, 64, ACL_MEMCPY_HOST_TO_DEVICE, main)";
    assert_eq!(run(&format!("{EXECUTE}\n{copy}")), [""; 0], "stream order");
}

#[test]
fn an_event_orders_eager_work_after_an_execution() {
    let copy = "aclrtMemcpyAsync(b, 64, out, 64, ACL_MEMCPY_HOST_TO_DEVICE, side)";
    assert_eq!(run(&format!("{EXECUTE}\n{copy}")), ["ACG211"]);
    let event = "aclrtCreateEventExWithFlag(&e, ACL_EVENT_SYNC)";
    let ordered =
        format!("{event}\n{EXECUTE}\naclrtRecordEvent(e, main)\naclrtStreamWaitEvent(side, e)\n{copy}");
    assert_eq!(run(&ordered), [""; 0]);
    let early =
        format!("{event}\naclrtRecordEvent(e, main)\n{EXECUTE}\naclrtStreamWaitEvent(side, e)\n{copy}");
    assert_eq!(run(&early), ["ACG211"], "the record comes before the execution");
    let host = format!("{event}\n{EXECUTE}\naclrtRecordEvent(e, main)\naclrtStreamQuery(main, &s)\n{copy}");
    assert_eq!(run(&host), [""; 0], "the program may have waited until the stream is idle");
}

#[test]
fn memory_is_overwritten_while_the_graph_runs() {
    assert_eq!(run(&format!("{EXECUTE}\naclrtMemset(a, 64, 0, 64)")), ["ACG352"]);
    assert_eq!(run(&format!("{EXECUTE}\naclrtMemset(b, 64, 0, 64)")), [""; 0]);
    assert_eq!(run(&format!("{EXECUTE}\naclrtMemsetAsync(a, 64, 0, 64, side)")), ["ACG352"]);
    let twice = format!("{EXECUTE}\naclrtMemset(a, 64, 0, 64)\naclrtMemset(a, 64, 0, 64)");
    assert_eq!(run(&twice), ["ACG352"], "one synchronisation mends both");
}

#[test]
fn a_graph_starts_before_its_input_is_there() {
    let fill = "aclrtMemsetAsync(a, 64, 0, 64, side)";
    assert_eq!(run(&format!("{fill}\n{EXECUTE}")), ["ACG351"]);
    assert_eq!(run(&format!("{fill}\naclrtSynchronizeStream(side)\n{EXECUTE}")), [""; 0]);
    assert_eq!(run(&format!("{fill}\naclmdlRIExecuteAsync(g, side)")), [""; 0]);
    let before = format!("{SETUP}{fill}\n{ROUND_TRIP}{EXECUTE}\n");
    assert_eq!(codes(&before), ["ACG351"], "work issued before the capture");
}

#[test]
fn executions_overlap() {
    let both = format!("{EXECUTE}\naclmdlRIExecuteAsync(g, side)");
    assert_eq!(run(&both), ["ACG218"]);
    assert_eq!(run(&format!("{EXECUTE}\n{EXECUTE}")), [""; 0]);
    assert_eq!(
        run(&format!("{EXECUTE}\naclrtSynchronizeStream(main)\naclmdlRIExecuteAsync(g, side)")),
        [""; 0]
    );
    let second = ROUND_TRIP.replace("&g", "&h");
    assert_eq!(run(&format!("{second}{EXECUTE}\naclmdlRIExecuteAsync(h, side)")), ["ACG359"]);
    let apart = "aclmdlRICaptureBegin(side, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)\naclrtMemsetAsync(b, 64, 0, 64, side)\naclmdlRICaptureEnd(side, &h)\n";
    assert_eq!(run(&format!("{apart}{EXECUTE}\naclmdlRIExecuteAsync(h, side)")), [""; 0]);
}

#[test]
fn memory_is_freed_before_the_graph() {
    let done = format!("{EXECUTE}\naclrtSynchronizeStream(main)\n");
    assert_eq!(run(&format!("{done}aclmdlRIDestroy(g)\naclrtFree(a)")), [""; 0]);
    assert_eq!(run(&format!("{done}aclrtFree(b)\naclmdlRIDestroy(g)")), [""; 0], "the graph does not use it");
    let message = |after: &str| findings(&format!("{SETUP}{ROUND_TRIP}{after}\n"))[0].message.clone();
    assert_eq!(run(&format!("{done}aclrtFree(a)\naclmdlRIDestroy(g)")), ["ACG095"]);
    assert!(message(&format!("{EXECUTE}\naclrtFree(a)")).contains("may still run"));
    assert!(message(&format!("aclrtFree(a)\n{EXECUTE}")).contains("executed after that"));
}

/// A graph with a task group; `wait` stands in front of it.
fn with_group(wait: &str, run: &str) -> Vec<&'static str> {
    codes(&format!(
        "aclrtCreateStream(&main)
aclrtCreateStream(&upd)
aclrtCreateEventWithFlag(&ready, ACL_EVENT_EXTERNAL)
aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
{wait}
aclmdlRICaptureTaskGrpBegin(main)
aclrtLaunchKernel(old{{aivec}}, 1, args, 8, main)
aclmdlRICaptureTaskGrpEnd(main, &group)
aclmdlRICaptureEnd(main, &g)
{run}
"
    ))
    .into_iter()
    .filter(|&code| code != "ACG356")
    .collect()
}

const UPDATE: &str = "aclmdlRICaptureTaskUpdateBegin(upd, group)
aclrtLaunchKernel(new{aivec}, 1, args, 8, upd)
aclmdlRICaptureTaskUpdateEnd(upd)
";
const WAIT: &str = "aclrtStreamWaitEvent(main, ready)\naclrtResetEvent(ready, main)";

#[test]
fn an_update_is_ordered_with_the_executions_around_it() {
    assert_eq!(with_group("", &format!("{UPDATE}{EXECUTE}")), ["ACG161"]);
    assert_eq!(with_group("", &format!("{UPDATE}aclrtSynchronizeStream(upd)\n{EXECUTE}")), [""; 0]);
    assert_eq!(with_group("", &format!("{UPDATE}aclmdlRIExecuteAsync(g, upd)")), [""; 0]);
    assert_eq!(with_group("", &format!("{EXECUTE}\n{UPDATE}")), ["ACG164"]);
    assert_eq!(with_group("", &format!("{EXECUTE}\naclrtSynchronizeStream(main)\n{UPDATE}")), [""; 0]);
}

#[test]
fn the_concurrent_form_of_an_update_needs_one_synchronisation_an_iteration() {
    let iteration = format!("{EXECUTE}\n{UPDATE}aclrtRecordEvent(ready, upd)\n");
    let synchronized = format!("{iteration}aclrtSynchronizeStream(upd)\naclrtSynchronizeStream(main)\n");
    assert_eq!(with_group(WAIT, &synchronized.repeat(3)), [""; 0]);
    assert_eq!(
        with_group(WAIT, &iteration.repeat(2)),
        ["ACG164"],
        "the first execution may still run the group"
    );
    let bare = format!("{EXECUTE}\naclrtRecordEvent(ready, upd)\n");
    assert_eq!(with_group(WAIT, &bare.repeat(2)), ["ACG353"]);
    assert_eq!(with_group(WAIT, &format!("{bare}aclrtSynchronizeStream(main)\n{bare}")), [""; 0]);
}

#[test]
fn an_event_that_nobody_records_hangs_the_execution() {
    assert_eq!(with_group(WAIT, EXECUTE), ["ACG068"]);
    assert_eq!(with_group(WAIT, ""), [""; 0], "nothing is executed");
    assert_eq!(with_group(WAIT, &format!("{EXECUTE}\naclrtRecordEvent(ready, upd)")), [""; 0]);
}

#[test]
fn a_notify_that_nobody_records_hangs_the_execution() {
    let text = |record: &str| {
        codes(&format!(
            "aclrtCreateStream(&main)
aclrtCreateStream(&side)
aclrtCreateNotify(&n, 0)
aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtWaitAndResetNotify(n, main, 0)
aclmdlRICaptureEnd(main, &g)
{EXECUTE}
{record}
"
        ))
    };
    assert_eq!(text(""), ["ACG114"]);
    assert_eq!(text("aclrtRecordNotify(n, side)"), [""; 0]);
}

#[test]
fn a_value_that_nobody_writes() {
    let text = |write: &str| {
        codes(&format!(
            "{SETUP}aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtValueWait(a, 1, 0, main)
aclmdlRICaptureEnd(main, &g)
{EXECUTE}
{write}
"
        ))
    };
    assert_eq!(text(""), ["ACG358"]);
    assert_eq!(text("aclrtValueWrite(a, 1, 0, side)"), [""; 0]);
}

#[test]
fn an_execution_that_is_held_up_is_left_alone() {
    // The copy comes before the record that lets the graph write its result, so it is in order.
    let text = |after: &str| {
        codes(&format!(
            "{SETUP}aclrtCreateEventWithFlag(&go, ACL_EVENT_EXTERNAL)
aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtStreamWaitEvent(main, go)
aclrtResetEvent(go, main)
aclrtMemsetAsync(a, 64, 0, 64, main)
aclmdlRICaptureEnd(main, &g)
{EXECUTE}
{after}
"
        ))
    };
    let (copy, record) = ("aclrtMemset(a, 64, 1, 64)", "aclrtRecordEvent(go, side)");
    assert_eq!(text(&format!("{copy}\n{record}")), [""; 0]);
    assert_eq!(text(&format!("{record}\n{copy}")), ["ACG352"]);
}
