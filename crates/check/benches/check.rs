//! What checking a log costs against reading it: `cargo bench -p acg-check`.
//!
//! Both are timed in one run on the same generated log of 100 000 calls, so that the ratio means something on any machine.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use acg_check::{Sources, TargetChoice};

const CALLS: usize = 100_000;
const ROUNDS: usize = 15;

fn main() {
    let text = log();
    let choice = TargetChoice::new(None, None).expect("the default target exists");
    let mut sources = Sources::new();
    let file = sources.add("bench.calls", text.as_str());
    let reading = best(|| {
        black_box(acg_calls::read(file, black_box(&text)));
    });
    let checking = best(|| {
        black_box(acg_check::check_log(black_box(&sources), file, &choice));
    });
    let ratio = checking.as_secs_f64() / reading.as_secs_f64();
    println!("{CALLS} calls: read {reading:.1?}, check {checking:.1?}, ratio {ratio:.2}");
}

/// The shortest of several runs.
fn best(run: impl Fn()) -> Duration {
    let time = || {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..ROUNDS).map(|_| time()).min().unwrap_or_default()
}

/// A capture on two streams with copies, fills, kernels and a fork and join in every round.
fn log() -> String {
    let mut text = String::from(
        "aclrtCreateStream(&s) = 0\naclrtCreateStream(&t) = 0\n\
         aclrtMalloc(&d, 67108864, ACL_MEM_MALLOC_HUGE_FIRST) = 0\naclrtMallocHost(&h, 67108864) = 0\n",
    );
    for event in 0..8 {
        let _ = writeln!(text, "aclrtCreateEventExWithFlag(&e{event}, ACL_EVENT_SYNC) = 0");
    }
    text.push_str("aclmdlRICaptureBegin(s, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL) = 0\n");
    for round in 0..CALLS / 5 {
        let (event, at) = (round % 8, round % 1000 * 64);
        let _ = writeln!(
            text,
            "aclrtRecordEvent(e{event}, s) = 0\naclrtStreamWaitEvent(t, e{event}) = 0\n\
             aclrtMemcpyAsync(d+{at}, 64, h+{at}, 64, ACL_MEMCPY_HOST_TO_DEVICE, s) = 0\n\
             aclrtLaunchKernel(k{round}{{aicore}}, 8, args, 16, s) = 0\n\
             aclrtMemsetAsync(d+{}, 64, 0, 64, t) = 0",
            at + 1_000_000
        );
    }
    text.push_str(
        "aclrtRecordEvent(e0, t) = 0\naclrtStreamWaitEvent(s, e0) = 0\naclmdlRICaptureEnd(s, &graph) = 0\n\
         aclmdlRIDestroy(graph) = 0\n",
    );
    text
}
