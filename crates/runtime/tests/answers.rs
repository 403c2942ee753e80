//! What single calls answer where several things are wrong at once, and what the measured corpus is short of: each line of
//! a log says its code.

use std::fmt::Write;

use acg_calls::Log;
use acg_diagnostics::Sources;
use acg_runtime::replay;
use acg_target::Profile;

fn read(text: &str) -> Log {
    let mut sources = Sources::new();
    let file = sources.add("log", text);
    let reading = acg_calls::read(file, text);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    reading.log
}

/// Replays a log and compares the code of every line; each refusal must be told by a rule that returns its code.
#[track_caller]
fn expect(target: &str, text: &str) {
    let log = read(text);
    let replay = replay(&log, &Profile::find(target).expect("a profile"));
    let mut wrong = String::new();
    for ((line, view), outcome) in text.lines().zip(log.iter()).zip(replay.outcomes.iter()) {
        if outcome.code != view.recorded().returned.unwrap_or(0) {
            writeln!(wrong, "{line}  predicted {}", outcome.code).expect("a string");
        }
    }
    for finding in &replay.findings {
        let code = finding.returns.unwrap_or(0);
        assert!(code == 0 || finding.rule.returns.contains(&code), "{}: {code}", finding.rule.code);
    }
    assert!(wrong.is_empty(), "{target}:\n{wrong}");
}

const STREAMS: &str = "\
aclrtCreateStream(&s1)
aclrtCreateStream(&s2)
aclrtCreateStream(&s3)
";

const BEGIN: &str = "aclmdlRICaptureBegin(s1, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)\n";

#[test]
fn a_stream_whose_group_was_open_at_the_end_stays_grouping() {
    for target in ["910b-hwsq", "910b-swsq", "950-swsq", "ascend310p"] {
        expect(
            target,
            &format!(
                "{STREAMS}{BEGIN}aclmdlRICaptureTaskGrpBegin(s1)
aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s1)
aclmdlRICaptureEnd(s1, &M) = 107033
{BEGIN}aclmdlRICaptureTaskGrpEnd(s1, &G) = 507000
aclmdlRICaptureTaskGrpBegin(s1) = 107033
aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s1)
aclmdlRICaptureTaskGrpEnd(s2, &G) = 107029
aclmdlRICaptureEnd(s1, &M)
"
            ),
        );
    }
}

#[test]
fn of_two_events_of_a_time_the_captured_one_is_told_first() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}aclrtCreateEventExWithFlag(&captured, ACL_EVENT_SYNC)
aclrtCreateEventWithFlag(&external, ACL_EVENT_EXTERNAL)
aclrtCreateEventExWithFlag(&peer, ACL_EVENT_IPC)
{BEGIN}aclrtRecordEvent(captured, s1)
aclrtEventElapsedTime(&ms, external, captured) = 107028
aclrtEventElapsedTime(&ms, captured, external) = 107028
aclrtEventElapsedTime(&ms, captured, peer) = 107028
aclrtEventElapsedTime(&ms, external, peer) = 207000
aclrtEventElapsedTime(&ms, peer, peer) = 207000
aclrtEventGetTimestamp(peer, &time) = 207000
aclrtEventGetTimestamp(external, &time) = 207000
aclrtEventGetTimestamp(captured, &time) = 107028
"
        ),
    );
}

#[test]
fn the_host_may_wait_for_an_event_of_the_devices_own() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}aclrtCreateEventWithFlag(&inner, ACL_EVENT_DEVICE_USE_ONLY)
aclrtSynchronizeEvent(inner)
aclrtRecordEvent(inner, s1) = 107000
aclrtStreamWaitEvent(s1, inner) = 107000
aclrtResetEvent(inner, s1) = 107000
"
        ),
    );
}

/// A capture on `s1` with a conditional task whose branch `B` is still to be captured.
const BRANCH: &str = "\
aclmdlRICaptureGetInfo(s1, &status, &P)
aclmdlRICondHandleCreate(P, 1, ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT, &cond)
aclmdlRIAddCondTask({cond, ACL_MODEL_RI_COND_TYPE_IF, 1, [&B]}, s1, 0)
";

#[test]
fn an_execution_looks_at_its_stream_before_its_graph() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}aclrtCreateStreamWithConfig(&persistent, 0, ACL_STREAM_PERSISTENT)
{BEGIN}{BRANCH}aclmdlRIExecuteAsync(B, s2) = 207000
aclmdlRIExecuteAsync(B, s1) = 107027
aclmdlRIExecuteAsync(B, persistent) = 107000
aclmdlRIExecuteAsync(P, s2) = 107026
aclmdlRIExecuteAsync(P, s1) = 107027
aclmdlRIBuildBegin(&built, 0)
aclmdlRIBindStream(built, persistent, ACL_MODEL_STREAM_FLAG_HEAD)
aclmdlRIExecuteAsync(B, persistent) = 107000
"
        ),
    );
}

#[test]
fn a_branch_takes_no_destroy_callback() {
    expect(
        "950-swsq",
        &format!(
            "{STREAMS}{BEGIN}{BRANCH}aclmdlRIDestroyRegisterCallback(B, done, NULL) = 207000
aclmdlRIDestroyUnregisterCallback(B, done) = 207000
aclmdlRIDestroyRegisterCallback(P, done, NULL)
aclmdlRIDestroy(B) = 207000
aclmdlRIAbort(B) = 207000
aclmdlRIUpdate(B) = 207000
rtStreamAddToModel(s3, B) = 207000
"
        ),
    );
}

#[test]
fn a_switched_flag_is_told_before_the_branch() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}aclrtCreateEventExWithFlag(&plain, ACL_EVENT_SYNC)
aclrtCreateEventExWithFlag(&fresh, ACL_EVENT_SYNC)
{BEGIN}{BRANCH}aclmdlRICaptureToModelRIBegin(s2, B, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtRecordEvent(plain, s2)
aclrtStreamWaitEvent(s2, plain)
aclrtRecordEventWithFlag(plain, s2, ACL_EVENT_RECORD_EXTERNAL) = 107000
aclrtStreamWaitEventWithFlag(s2, plain, 0, ACL_EVENT_WAIT_EXTERNAL) = 107000
aclrtRecordEventWithFlag(fresh, s2, ACL_EVENT_RECORD_EXTERNAL) = 207000
aclrtStreamWaitEventWithFlag(s2, fresh, 0, ACL_EVENT_WAIT_EXTERNAL) = 207000
aclrtRecordEvent(fresh, s2) = 107000
aclrtStreamWaitEvent(s2, fresh) = 107000
"
        ),
    );
}

#[test]
fn null_that_the_acl_layer_hands_on_has_a_code_of_its_own() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}aclmdlRIUpdate(NULL) = 107000
aclmdlRIAbort(NULL) = 107000
aclmdlRIDestroyRegisterCallback(NULL, done, NULL) = 107000
aclmdlRIDestroyUnregisterCallback(NULL, done) = 107000
aclmdlRIGetStreams(NULL, streams, &n) = 107000
rtStreamAddToModel(s1, NULL) = 107000
aclmdlRIBuildBegin(&built, 0)
rtStreamAddToModel(NULL, built) = 107000
rtStreamAddToModel(s1, built) = 107000
aclmdlRIExecute(NULL, -1) = 100000
aclmdlRIExecuteAsync(NULL, s1) = 100000
aclmdlRIDestroy(NULL) = 100000
aclmdlRIDebugPrint(NULL) = 100000
aclmdlRISetName(NULL, \"name\") = 100000
aclmdlRICondHandleCreate(NULL, 0, 0, &cond) = 100000
aclmdlRICaptureToModelRIBegin(s1, NULL, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL) = 100000
"
        ),
    );
}

#[test]
fn the_build_api_looks_at_its_graph_before_its_stream() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}aclrtCreateStreamWithConfig(&fast, 0, ACL_STREAM_FAST_LAUNCH)
aclmdlRIBuildBegin(&built, 0)
aclmdlRIBindStream(built, fast, ACL_MODEL_STREAM_FLAG_HEAD) = 207000
{BEGIN}aclmdlRICaptureGetInfo(s1, &status, &P)
aclmdlRIBindStream(P, s1, ACL_MODEL_STREAM_FLAG_HEAD) = 107000
aclmdlRIUnbindStream(P, s1) = 107000
aclmdlRIEndTask(P, s1) = 107000
aclmdlRIBuildEnd(P, NULL) = 107000
aclmdlRIBindStream(built, s1, ACL_MODEL_STREAM_FLAG_HEAD) = 107027
aclmdlRIUnbindStream(built, s1) = 107027
aclmdlRIEndTask(built, s1) = 107027
"
        ),
    );
}

#[test]
fn a_conditional_task_looks_at_its_size_and_flags_before_its_stream() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}{BEGIN}aclmdlRICaptureGetInfo(s1, &status, &P)
aclmdlRICondHandleCreate(P, 1, 0, NULL) = 100000
aclmdlRICondHandleCreate(P, 1, 2, &cond) = 107000
aclmdlRICondHandleCreate(P, 1, 1, &cond)
aclmdlRIAddCondTask({{cond, ACL_MODEL_RI_COND_TYPE_IF, 0, []}}, s2, 0) = 107000
aclmdlRIAddCondTask({{cond, ACL_MODEL_RI_COND_TYPE_IF, 1, [&B]}}, s2, 1) = 107000
aclmdlRIAddCondTask({{cond, 3, 1, [&B]}}, s2, 0) = 107000
aclmdlRIAddCondTask({{cond, ACL_MODEL_RI_COND_TYPE_IF, 3, [&B, &C, &D]}}, s2, 0) = 107029
aclmdlRIAddCondTask({{cond, ACL_MODEL_RI_COND_TYPE_IF, 1, [&B]}}, NULL, 0) = 100000
"
        ),
    );
}

#[test]
fn what_is_kept_with_the_last_task_has_a_size() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s1)
aclrtCacheLastTaskOpInfo(\"info\", 4) = 507000
{BEGIN}aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s1)
aclrtCacheLastTaskOpInfo(NULL, 4) = 100000
aclrtCacheLastTaskOpInfo(\"info\", 0) = 100000
aclrtCacheLastTaskOpInfo(\"info\", 65536)
aclrtCacheLastTaskOpInfo(\"info\", 65537) = 107000
aclrtCacheLastTaskExtendInfo(NULL, 4) = 107000
aclrtCacheLastTaskExtendInfo(\"info\", 0) = 107000
aclrtCacheLastTaskExtendInfo(\"info\", 4)
aclrtCacheLastTaskExtendInfo(\"info\", 5000)
"
        ),
    );
}

#[test]
fn what_a_refused_record_left_behind_belongs_to_its_capture() {
    for (target, code) in [("910b-swsq", 107_032), ("910b-swsq-swev", 0), ("950-swsq", 0)] {
        let end = if code == 0 { 0 } else { 507_903 };
        expect(
            target,
            &format!(
                "{STREAMS}aclrtCreateEventExWithFlag(&e, ACL_EVENT_SYNC)
{BEGIN}aclmdlRICaptureTaskGrpBegin(s1)
aclrtRecordEvent(e, s1) = 507009
aclmdlRICaptureBegin(s2, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtRecordEvent(e, s2) = {code}
aclmdlRICaptureEnd(s2, &M) = {end}
"
            ),
        );
    }
}

#[test]
fn an_update_of_a_group_without_graph_finds_no_kernel() {
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}{BEGIN}aclmdlRICaptureTaskGrpBegin(s1)
aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s1)
aclmdlRICaptureTaskGrpEnd(s1, &G)
aclmdlRICaptureEnd(s1, &M)
aclmdlRIDestroy(M)
aclmdlRICaptureTaskUpdateBegin(s2, G)
aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s2) = 507000
"
        ),
    );
}

#[test]
fn one_execution_binds_1024_hidden_streams() {
    let graph = |sides: u32| {
        let mut text = format!("{STREAMS}aclrtCreateEventExWithFlag(&fork, ACL_EVENT_SYNC)\n");
        for side in 0..sides {
            writeln!(text, "aclrtCreateStream(&side{side})").expect("a string");
            writeln!(text, "aclrtCreateEventExWithFlag(&join{side}, ACL_EVENT_SYNC)").expect("a string");
        }
        writeln!(text, "{BEGIN}aclrtRecordEvent(fork, s1)").expect("a string");
        for side in 0..sides {
            writeln!(
                text,
                "aclrtStreamWaitEvent(side{side}, fork)\naclrtRecordEvent(join{side}, side{side})\naclrtStreamWaitEvent(s1, join{side})"
            )
            .expect("a string");
        }
        text + "aclmdlRICaptureEnd(s1, &M)\naclmdlRIExecuteAsync(M, s2)"
    };
    expect("910b-swsq", &graph(1023));
    expect("910b-swsq", &(graph(1024) + " = 207005"));
}

#[test]
fn a_graph_ends_with_every_branch_below_it() {
    let nested = "\
aclmdlRICaptureToModelRIBegin(s2, B, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclmdlRICondHandleCreate(B, 1, 0, &inner)
aclmdlRIAddCondTask({inner, ACL_MODEL_RI_COND_TYPE_WHILE, 1, [&BB]}, s2, 0)
";
    expect(
        "910b-swsq",
        &format!(
            "{STREAMS}{BEGIN}{BRANCH}{nested}aclmdlRICaptureEnd(s2, &b) = 107045
aclmdlRICaptureEnd(s1, &M) = 107045
"
        ),
    );
    expect(
        "950-swsq",
        &format!(
            "{STREAMS}{BEGIN}{BRANCH}{nested}aclmdlRICaptureToModelRIBegin(s3, BB, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s3)
aclmdlRICaptureEnd(s1, &M) = 107045
"
        ),
    );
    let whole = format!(
        "{STREAMS}{BEGIN}{BRANCH}{nested}aclmdlRICaptureToModelRIBegin(s3, BB, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtLaunchKernel(k{{aivec}}, 8, args, 16, s3)
aclmdlRICaptureEnd(s3, &bb)
aclmdlRICaptureEnd(s2, &b)
aclmdlRICaptureEnd(s1, &M)
aclmdlRIExecuteAsync(M, s2)
aclmdlRIDebugJsonPrint(M, \"m.json\", 0)
aclmdlRIDebugJsonPrint(B, \"b.json\", 0)
aclmdlRIDebugJsonPrint(BB, \"bb.json\", 0)
"
    );
    expect("910b-swsq", &whole);
    let profile = Profile::find("910b-swsq").expect("a profile");
    let log = read(&whole);
    for dumped in &replay(&log, &profile).dumps {
        let text = dumped.text(&profile, 1);
        assert_eq!(text.matches("NOTIFY_RECORD_").count(), 1, "{}: {text}", dumped.path);
    }
}
