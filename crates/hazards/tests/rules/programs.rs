//! Programs as call logs, and what is found in them.

use acg_calls::{Log, read};
use acg_diagnostics::Sources;
use acg_hazards::{Arguments, hazards};
use acg_runtime::{Finding, replay};
use acg_target::Profile;

/// The log that a text is; it must read without complaint.
pub(crate) fn log(text: &str) -> Log {
    let mut sources = Sources::new();
    let file = sources.add("program.calls", text.to_owned());
    let reading = read(file, text);
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    reading.log
}

/// What is found in a program; every call must succeed.
pub(crate) fn findings(text: &str) -> Vec<Finding> {
    let log = log(text);
    let profile = Profile::find("910b-swsq").expect("a profile of the corpus");
    let replay = replay(&log, &profile);
    for (call, outcome) in log.iter().zip(replay.outcomes.iter()) {
        assert_eq!(outcome.code, 0, "{} of\n{text}", call.api());
    }
    hazards(&log, &replay, &Arguments::of(&log))
}

/// The codes of what is found.
pub(crate) fn codes(text: &str) -> Vec<&'static str> {
    findings(text).iter().map(|finding| finding.rule.code).collect()
}

/// Two streams, two events, memory of 64 bytes.
pub(crate) const SETUP: &str = "\
aclrtCreateStream(&main)
aclrtCreateStream(&side)
aclrtMalloc(&a, 64, ACL_MEM_MALLOC_HUGE_FIRST)
aclrtMalloc(&b, 64, ACL_MEM_MALLOC_HUGE_FIRST)
aclrtMallocHost(&in, 64)
aclrtMallocHost(&out, 64)
";

/// A graph that copies `in` to `a` and `a` to `out`.
pub(crate) const ROUND_TRIP: &str = "\
aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)
aclrtMemcpyAsync(a, 64, in, 64, ACL_MEMCPY_HOST_TO_DEVICE, main)
aclrtMemcpyAsync(out, 64, a, 64, ACL_MEMCPY_DEVICE_TO_HOST, main)
aclmdlRICaptureEnd(main, &g)
";
