//! What compiling large graphs costs: `cargo bench -p acg --bench scale [-- SHAPE] [TASKS …]`.
//!
//! Generated graphs of 10 000, 100 000 and 1 000 000 tasks are compiled from their text to calls and dump: once as they are, `auto`
//! and at `-O2`, and once explicit and at `-O1`, as the first made them. Time is that of the processor, peak memory that of the
//! process; the last column is the time for a task against that of the smallest graph. Linux counts both; elsewhere only the clock
//! is shown.

use std::error::Error;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];
const SHAPES: [&str; 4] = ["layered", "wide", "chains", "er"];
/// Of each command the fastest of so many runs counts.
const RUNS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let shape = words.iter().find(|word| SHAPES.contains(&word.as_str())).map_or("layered", String::as_str);
    let mut sizes: Vec<u32> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.extend(SIZES);
    }
    let directory = tempfile::tempdir()?;
    println!(
        "{:10} {:>10} {:>9} {:>9} {:>8} {:>10} {:>9}",
        shape, "tasks", "cpu", "clock", "MiB", "ns/task", "growth"
    );
    let (mut smallest_auto, mut smallest_explicit) = (None, None);
    for tasks in sizes {
        let (auto, explicit) = programs(directory.path(), shape, tasks)?;
        row("auto -O2", tasks, &measured(directory.path(), &auto, "-O2")?, &mut smallest_auto);
        row("as is -O1", tasks, &measured(directory.path(), &explicit, "-O1")?, &mut smallest_explicit);
    }
    Ok(())
}

/// A generated program and the explicit one that `-O2` makes of it.
fn programs(directory: &Path, shape: &str, tasks: u32) -> Result<(String, String), Box<dyn Error>> {
    let path = |name: &str| directory.join(name).display().to_string();
    let (auto, explicit) = (path("auto.acg"), path("explicit.acg"));
    let tasks = tasks.to_string();
    run(&["generate", "--tasks", &tasks, "--shape", shape, "-o", &auto])?;
    run(&["compile", &auto, "-O2", "--emit", "acg", "-o", &path("made")])?;
    std::fs::rename(path("made/auto.acg"), &explicit)?;
    Ok((auto, explicit))
}

fn measured(directory: &Path, program: &str, level: &str) -> Result<Cost, Box<dyn Error>> {
    let output = directory.join("out").display().to_string();
    let mut best = run(&["compile", program, level, "--emit", "calls,json", "-o", &output])?;
    for _ in 1..RUNS {
        let cost = run(&["compile", program, level, "--emit", "calls,json", "-o", &output])?;
        if cost.time() < best.time() {
            best = cost;
        }
    }
    Ok(best)
}

fn row(name: &str, tasks: u32, cost: &Cost, smallest: &mut Option<f64>) {
    let each = cost.time().as_secs_f64() * 1e9 / f64::from(tasks.max(1));
    let growth = each / *smallest.get_or_insert(each);
    let shown = |number: Option<String>| number.unwrap_or_else(|| "-".to_owned());
    println!(
        "{name:10} {tasks:>10} {:>9} {:>8.2}s {:>8} {each:>10.0} {growth:>8.2}x",
        shown(cost.cpu.map(|cpu| format!("{:.2}s", cpu.as_secs_f64()))),
        cost.clock.as_secs_f64(),
        shown(cost.peak.map(|peak| (peak >> 20).to_string())),
    );
}

/// What a command took.
struct Cost {
    clock: Duration,
    cpu: Option<Duration>,
    /// In bytes.
    peak: Option<u64>,
}

impl Cost {
    fn time(&self) -> Duration {
        self.cpu.unwrap_or(self.clock)
    }
}

/// Runs `acg` and waits for it.
fn run(arguments: &[&str]) -> Result<Cost, Box<dyn Error>> {
    let (before, start) = (cpu_of_children(), Instant::now());
    let mut child = Command::new(env!("CARGO_BIN_EXE_acg"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut peak = None;
    let status = loop {
        peak = peak.max(peak_of(&child));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    if !status.success() {
        return Err(format!("acg {} ends with {status}", arguments.join(" ")).into());
    }
    let cpu = cpu_of_children().zip(before).map(|(after, before)| after.saturating_sub(before));
    Ok(Cost { clock: start.elapsed(), cpu, peak })
}

/// The most memory that a process that runs has had, as Linux counts it.
fn peak_of(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// The processor time of all children that have ended, as Linux counts it: in hundredths of a second.
fn cpu_of_children() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold blanks, and stands in parentheses; the times are columns 16 and 17 of all.
    let (_, columns) = stat.rsplit_once(')')?;
    let ticks = columns.split_whitespace().skip(13).take(2).map(str::parse::<u64>);
    let ticks = ticks.sum::<Result<u64, _>>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}
