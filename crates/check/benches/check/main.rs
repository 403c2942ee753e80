//! What checking a log costs against reading it: `cargo bench -p acg-check --bench check [-- CALLS] [KIND]`.
//!
//! Both are timed by turns on the same generated logs, so that the ratios mean something on any machine: whatever else runs
//! there, and however memory lies, it is the same for both. Of each the shortest of several runs counts.

mod logs;

use std::hint::black_box;
use std::time::{Duration, Instant};

use acg_check::{Sources, TargetChoice};

/// The allocator of `acg`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CALLS: usize = 100_000;
const ROUNDS: usize = 15;

fn main() {
    let calls = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(CALLS);
    let choice = TargetChoice::new(None, None).expect("the default target exists");
    let only = std::env::args().find(|argument| logs::KINDS.iter().any(|(name, _)| name == argument));
    for (name, log) in logs::KINDS {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let text = log(calls);
        let mut sources = Sources::new();
        let file = sources.add("bench.calls", text.as_str());
        let (mut reading, mut checking) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            reading = reading.min(time(|| acg_calls::read(file, black_box(&text))));
            checking = checking.min(time(|| acg_check::check_log(black_box(&sources), file, &choice)));
        }
        let ratio = checking.as_secs_f64() / reading.as_secs_f64();
        println!("{name:>10}, {calls} calls: read {reading:.1?}, check {checking:.1?}, ratio {ratio:.2}");
    }
}

/// How long `run` takes, the disposal of what it gives included.
fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    drop(black_box(run()));
    start.elapsed()
}
