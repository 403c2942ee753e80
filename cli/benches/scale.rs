//! What compiling large graphs costs: `cargo bench -p acg --bench scale [-- SHAPE] [TASKS …]`.
//!
//! Generated graphs of 10 000, 100 000 and 1 000 000 tasks are compiled from their text to calls and dump: once as they are, `auto`
//! and at `-O2`, and once explicit and at `-O1`, as the first made them. Time is that of the processor, peak memory that of the
//! process; the last column is the time for a task against that of the smallest graph. Linux counts both; elsewhere only the clock
//! is shown. Every pass of `-O2` and its proof follow, `infer-dependences` and `minimize-syncs` by themselves, and the transitive reduction
//! of the dependences, by the clock.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use acg_import::tasks::{Shape, generate};
use acg_schedule::{Dag, Engine, reduction};

const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];
/// Of each command the fastest of so many runs counts.
const RUNS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let named = |shape: &Shape| words.iter().any(|word| word == shape.as_str());
    let shape = Shape::ALL.into_iter().find(named).unwrap_or(Shape::Layered);
    let mut sizes: Vec<u32> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.extend(SIZES);
    }
    let directory = tempfile::tempdir()?;
    let mut table = Table::default();
    print_head(shape);
    for tasks in sizes {
        let (auto, explicit) = programs(directory.path(), shape.as_str(), tasks)?;
        table.cost("auto -O2", tasks, &measured(directory.path(), &auto, "-O2")?);
        table.cost("as is -O1", tasks, &measured(directory.path(), &explicit, "-O1")?);
        let out = directory.path().join("out").display().to_string();
        for (pass, own, proof) in passes(directory.path(), &["compile", &auto, "-O2", "-o", &out])? {
            table.clock(&pass, tasks, own);
            if let Some(proof) = proof {
                table.clock(&format!("{pass}, proof"), tasks, proof);
            }
        }
        for (program, pass) in [(&auto, "infer-dependences"), (&explicit, "minimize-syncs")] {
            let arguments = ["opt", program, "--passes", pass, "-o", &format!("{out}.acg")];
            for (pass, own, _) in passes(directory.path(), &arguments)? {
                table.clock(&format!("{pass} alone"), tasks, own);
            }
        }
        table.clock("transitive reduction", tasks, reduced(shape, tasks));
    }
    Ok(())
}

/// A pass, how long it took, and its proof, where there was something to prove.
type Pass = (String, Duration, Option<Duration>);

/// The passes that a command runs.
fn passes(directory: &Path, arguments: &[&str]) -> Result<Vec<Pass>, Box<dyn Error>> {
    let report = directory.join("report");
    let file = std::fs::File::create(&report)?;
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--time-report"]).collect();
    run_telling(&arguments, Stdio::from(file))?;
    let text = std::fs::read_to_string(&report)?;
    let times = text.lines().filter_map(|line| {
        let [pass, own, "ms", "proof", proof, "ms", ..] = line.split_whitespace().collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let time = |text: &str| text.parse::<f64>().ok().map(|ms| Duration::from_secs_f64(ms / 1e3));
        Some((pass.to_owned(), time(own)?, time(proof).filter(|_| !line.ends_with("(no change)"))))
    });
    Ok(times.collect())
}

/// How long the transitive reduction of a generated graph's dependences takes.
fn reduced(shape: Shape, tasks: u32) -> Duration {
    let graph = generate(shape, tasks, 1);
    let edges = graph.edges.unwrap_or_default();
    let edges = edges.iter().map(|&(from, to)| (from as u32, to as u32));
    let dag = Dag::new(vec![1; tasks as usize], vec![Engine::Slot; tasks as usize], edges);
    let times = (0..RUNS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(reduction(&dag));
        start.elapsed()
    });
    times.min().unwrap_or_default()
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

fn print_head(shape: Shape) {
    println!(
        "{:32} {:>8} {:>9} {:>9} {:>8} {:>10} {:>9}",
        shape.as_str(),
        "tasks",
        "cpu",
        "clock",
        "MiB",
        "ns/task",
        "growth"
    );
}

/// What is printed, with the time for a task of the smallest graph by row.
#[derive(Default)]
struct Table(BTreeMap<String, f64>);

impl Table {
    fn cost(&mut self, name: &str, tasks: u32, cost: &Cost) {
        let each = cost.time().as_secs_f64() * 1e9 / f64::from(tasks.max(1));
        let growth = each / *self.0.entry(name.to_owned()).or_insert(each);
        let shown = |number: Option<String>| number.unwrap_or_else(|| "-".to_owned());
        println!(
            "{name:32} {tasks:>8} {:>9} {:>8.2}s {:>8} {each:>10.0} {growth:>8.2}x",
            shown(cost.cpu.map(|cpu| format!("{:.2}s", cpu.as_secs_f64()))),
            cost.clock.as_secs_f64(),
            shown(cost.peak.map(|peak| (peak >> 20).to_string())),
        );
    }

    fn clock(&mut self, name: &str, tasks: u32, clock: Duration) {
        self.cost(name, tasks, &Cost { clock, cpu: None, peak: None });
    }
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
    run_telling(arguments, Stdio::null())
}

/// The same, with what it says on standard error.
fn run_telling(arguments: &[&str], errors: Stdio) -> Result<Cost, Box<dyn Error>> {
    let (before, start) = (cpu_of_children(), Instant::now());
    let mut child = Command::new(env!("CARGO_BIN_EXE_acg"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(errors)
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
