//! What comparing two dumps costs against reading them: `cargo bench -p acg-diff [-- TASKS]`.
//!
//! The second dump is another run of the first one's program after 200 changes. Both are timed by turns, so that the ratio means
//! something on any machine; of each the shortest of several runs counts.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use acg_diff::{Parts, diff};
use acg_trace::Trace;
use fastrand::Rng;
use support::mutation::ALL;
use support::program::{Names, Program};

const TASKS: usize = 200_000;
const CHANGES: usize = 200;
const ROUNDS: usize = 5;

fn main() {
    let tasks = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(TASKS);
    for (name, names) in [("one name each", Names::Unique), ("a few names", Names::Repeated)] {
        for lanes in [1, 16] {
            let mut rng = Rng::with_seed(1);
            let old = Program::random(&mut rng, tasks, lanes, names);
            let texts = [old.dump(1), changed(&old, &mut rng, names).dump(2)];
            let (mut reading, mut comparing) = (Duration::MAX, Duration::MAX);
            for _ in 0..ROUNDS {
                let (time, [a, b]) = timed(|| [read(&texts[0]), read(&texts[1])]);
                reading = reading.min(time);
                comparing = comparing.min(timed(|| diff(&a, &b, Parts::default()).len()).0);
            }
            let ratio = comparing.as_secs_f64() / reading.as_secs_f64();
            println!(
                "{name}, {lanes} streams: read {reading:.1?}, compare {comparing:.1?}, ratio {ratio:.2}"
            );
        }
    }
}

/// The program after changes; those that do not apply to it are left out.
fn changed(program: &Program, rng: &mut Rng, names: Names) -> Program {
    let mut changed = program.clone();
    let at_a_task = ALL.iter().filter(|(name, _)| !name.ends_with("a stream"));
    for (_, mutate) in at_a_task.cycle().take(CHANGES) {
        let before = changed.clone();
        if mutate(&mut changed, rng, names).is_none() {
            changed = before;
        }
    }
    changed
}

fn read(text: &str) -> Trace {
    let mut reading = acg_dump::read_any(&mut text.as_bytes()).expect("the dump can be read");
    Trace::of(reading.dumps.remove(0))
}

/// How long `run` takes, and what it gives.
fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = black_box(run());
    (start.elapsed(), result)
}
