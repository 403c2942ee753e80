//! How the answers to related programs are related: other names, another program beside it, another machine.

use acg_diagnostics::Sources;
use acg_runtime::replay;
use acg_target::Profile;
use proptest::prelude::*;
use proptest::sample::Index;

/// A call with `{s}` for a stream, `{e}` for an event, `{n}` for a notify, `{p}` for what every name starts with.
const CALLS: &[&str] = &[
    "aclmdlRICaptureBegin({p}{s}, ACL_MODEL_RI_CAPTURE_MODE_RELAXED)",
    "aclmdlRICaptureEnd({p}{s}, &{p}M)",
    "aclmdlRICaptureGetInfo({p}{s}, &status, &{p}P)",
    "aclrtRecordEvent({p}{e}, {p}{s})",
    "aclrtRecordEvent({p}{e}, {p}{s})",
    "aclrtStreamWaitEvent({p}{s}, {p}{e})",
    "aclrtStreamWaitEvent({p}{s}, {p}{e})",
    "aclrtLaunchKernel(add{aivec}, 8, args, 16, {p}{s})",
    "aclrtLaunchKernel(cpu{aicpu}, 8, args, 16, {p}{s})",
    "aclrtMemcpyAsync({p}d, 64, {p}h, 64, ACL_MEMCPY_HOST_TO_DEVICE, {p}{s})",
    "aclrtMemcpyAsync({p}d, 64, {p}g, 64, ACL_MEMCPY_HOST_TO_DEVICE, {p}{s})",
    "aclrtMemcpy({p}d, 64, {p}h, 64, ACL_MEMCPY_HOST_TO_DEVICE)",
    "aclrtMemsetAsync({p}d, 64, 0, 64, {p}{s})",
    "aclrtValueWrite({p}d, 1, 0, {p}{s})",
    "aclrtRecordNotify({p}{n}, {p}{s})",
    "aclrtWaitAndResetNotify({p}{n}, {p}{s}, 0)",
    "aclrtResetEvent({p}{e}, {p}{s})",
    "aclrtSynchronizeStreamWithTimeout({p}{s}, 100)",
    "aclrtStreamQuery({p}{s}, &status)",
    "aclrtSynchronizeEventWithTimeout({p}{e}, 100)",
    "aclrtQueryEventStatus({p}{e}, &status)",
    "aclrtEventElapsedTime(&ms, {p}{e}, {p}{e})",
    "aclrtLaunchHostFunc({p}{s}, callback, NULL)",
    "aclrtLaunchCallback(callback, NULL, ACL_CALLBACK_NO_BLOCK, {p}{s})",
    "aclmdlRIDebugJsonPrint({p}M, \"{p}M.json\", 0)",
    "aclmdlRIDestroy({p}M)",
    "aclrtDestroyStream({p}{s})",
];

/// Calls that answer differently on machines with other queues, or after which records do.
const MACHINE_CALLS: &[&str] = &[
    "aclmdlRICaptureTaskGrpBegin({p}{s})",
    "aclmdlRICaptureTaskGrpEnd({p}{s}, &{p}G)",
    "aclmdlRICaptureTaskUpdateBegin({p}{s}, {p}G)",
    "aclmdlRICaptureTaskUpdateEnd({p}{s})",
    "aclrtRecordEventWithFlag({p}{e}, {p}{s}, ACL_EVENT_RECORD_EXTERNAL)",
    "aclrtStreamWaitEventWithFlag({p}{s}, {p}{e}, 0, ACL_EVENT_WAIT_EXTERNAL)",
    "aclmdlRICondHandleCreate({p}P, 1, 1, &{p}C)",
    "aclmdlRIAddCondTask({{p}C, ACL_MODEL_RI_COND_TYPE_IF, 1, [&{p}B]}, {p}{s}, 0)",
    "aclmdlRICaptureToModelRIBegin({p}{s}, {p}B, ACL_MODEL_RI_CAPTURE_MODE_RELAXED)",
    "aclmdlRIExecuteAsync({p}M, {p}{s})",
];

/// A generated call: which, and what stands in it.
type Step = (Index, Index, Index);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any::<Step>(), 1..60)
}

/// The calls of a program whose names start with `prefix`, on `thread`; what it works on is made first.
fn program(steps: &[Step], calls: &[&str], prefix: &str, thread: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for stream in STREAMS {
        lines.push(format!("aclrtCreateStream(&{{p}}{stream})"));
    }
    for event in &EVENTS[..3] {
        lines.push(format!("aclrtCreateEventExWithFlag(&{{p}}{event}, ACL_EVENT_SYNC)"));
    }
    lines.push("aclrtCreateEventWithFlag(&{p}e3, ACL_EVENT_EXTERNAL)".to_owned());
    lines.push("aclrtCreateEvent(&{p}e4)".to_owned());
    lines.push("aclrtCreateNotify(&{p}n0, 0)".to_owned());
    lines.push("aclrtMalloc(&{p}d, 4096, ACL_MEM_MALLOC_HUGE_FIRST)".to_owned());
    lines.push("aclrtMallocHost(&{p}h, 4096)".to_owned());
    lines.push("malloc(&{p}g, 4096)".to_owned());
    lines.push("aclmdlRICaptureBegin({p}s0, ACL_MODEL_RI_CAPTURE_MODE_RELAXED)".to_owned());
    for (call, stream, event) in steps {
        let (stream, event): (&&str, &&str) = (stream.get(STREAMS), event.get(EVENTS));
        let call = call.get(calls).replace("{s}", stream).replace("{e}", event);
        lines.push(call.replace("{n}", "n0"));
    }
    lines.iter().map(|line| format!("{thread}{}", line.replace("{p}", prefix))).collect()
}

const STREAMS: &[&str] = &["s0", "s1", "s2"];
const EVENTS: &[&str] = &["e0", "e1", "e2", "e3", "e4"];

/// The codes of a log, and the dumps it prints without what its names and numbers are.
fn answers(lines: &[String], target: &str) -> (Vec<i32>, Vec<Vec<String>>) {
    let text = lines.join("\n");
    let mut sources = Sources::new();
    let file = sources.add("log", text.as_str());
    let reading = acg_calls::read(file, &text);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let profile = Profile::find(target).expect("a profile");
    let replay = replay(&reading.log, &profile);
    assert_eq!(replay.state.inconsistencies(), Vec::<String>::new());
    let kinds = |text: &str| -> Vec<String> {
        let kind = |line: &str| Some(line.split_once("\"Task Type\":\"")?.1.split('"').next()?.to_owned());
        text.lines().filter_map(kind).collect()
    };
    let dumps = replay.dumps.iter().map(|dumped| kinds(&dumped.text(&profile, 1))).collect();
    (replay.outcomes.iter().map(|outcome| outcome.code).collect(), dumps)
}

fn all_calls() -> Vec<&'static str> {
    [CALLS, MACHINE_CALLS].concat()
}

const TARGETS: &[&str] =
    &["910b-hwsq", "910b-hwsq-oldfw", "910b-swsq", "950-hwsq", "950-swsq-swev", "ascend310p"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_do_not_matter(steps in steps(), target in prop::sample::select(TARGETS)) {
        let calls = all_calls();
        let (short, long) = (program(&steps, &calls, "", ""), program(&steps, &calls, "another_", ""));
        prop_assert_eq!(answers(&short, target), answers(&long, target));
    }

    /// Two programs that share nothing, each on a thread of its own: in whatever order their calls come, they are answered
    /// as if each were alone.
    #[test]
    fn independent_programs_do_not_see_each_other(
        first in steps(),
        second in steps(),
        order in prop::collection::vec(any::<bool>(), 200),
        target in prop::sample::select(TARGETS),
    ) {
        let calls = all_calls();
        let programs = [program(&first, &calls, "a", "[t2] "), program(&second, &calls, "b", "[t3] ")];
        let alone = programs.each_ref().map(|lines| answers(lines, target).0);
        let mut places = [0, 0];
        let mut lines = Vec::new();
        let mut expected = Vec::new();
        for turn in order.into_iter().chain(std::iter::repeat_n(true, 200)).chain(std::iter::repeat_n(false, 200)) {
            let turn = usize::from(turn);
            if let Some(line) = programs[turn].get(places[turn]) {
                lines.push(line.clone());
                expected.push(alone[turn][places[turn]]);
                places[turn] += 1;
            }
        }
        prop_assert_eq!(answers(&lines, target).0, expected, "{}", lines.join("\n"));
    }

    /// Whether events are in hardware or in memory is seen in the names of records only; a record that a task group refused is
    /// what the two keep differently.
    #[test]
    fn events_in_memory_are_answered_as_those_in_hardware(steps in steps()) {
        for targets in [["910b-swsq", "910b-swsq-swev"], ["950-swsq", "950-swsq-swev"]] {
            let lines = program(&steps, CALLS, "", "");
            let [hardware, memory] = targets.map(|target| answers(&lines, target));
            prop_assert_eq!(hardware, memory, "{}", lines.join("\n"));
        }
    }

    /// Where a machine has its queues, and what its firmware can do, is seen by the calls that are about it.
    #[test]
    fn queues_in_memory_are_answered_as_those_in_hardware(steps in steps()) {
        for targets in [["910b-swsq", "910b-hwsq"], ["910b-hwsq", "910b-hwsq-oldfw"], ["950-swsq", "950-hwsq"]] {
            let lines = program(&steps, CALLS, "", "");
            let [one, other] = targets.map(|target| answers(&lines, target).0);
            prop_assert_eq!(one, other, "{}", lines.join("\n"));
        }
    }
}
