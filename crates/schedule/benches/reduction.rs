//! Transitive reduction against one pass over the same graph: `cargo bench -p acg-schedule --bench reduction [-- TASKS]`.
//!
//! The four families of the benchmark, whose dependences reach a little way back, and the same with dependences on any task before. A pass is a
//! topological sort with the longest path; both are the fastest of some runs, so that their ratio says more than either on a busy machine.

use std::time::{Duration, Instant};

use acg_schedule::{Dag, Engine, reduction};

const RUNS: usize = 5;

/// A family of graphs.
struct Family {
    name: &'static str,
    /// Tasks that stand side by side, of so many; 1 where there are no rows.
    width: fn(u32) -> u32,
    /// How far back dependences reach that are not on the row before.
    reach: u32,
    /// Whether tasks of a row follow that of the same place in the row before.
    is_chains: bool,
}

const FAMILIES: [Family; 4] = [
    Family { name: "layered", width: |tasks| tasks.isqrt().min(64), reach: 640, is_chains: false },
    Family { name: "wide", width: |tasks| tasks.div_ceil(8), reach: u32::MAX, is_chains: false },
    Family { name: "chains", width: |_| 32, reach: 64, is_chains: true },
    Family { name: "er", width: |_| 1, reach: 4096, is_chains: false },
];

fn main() {
    let tasks = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    println!("{:14} {:>9} {:>9} {:>10} {:>10} {:>7}", tasks, "edges", "needed", "reduction", "pass", "ratio");
    for family in &FAMILIES {
        let is_near = family.reach < u32::MAX;
        for reach in is_near.then_some(family.reach).into_iter().chain([u32::MAX]) {
            let edges = edges(family, reach, tasks);
            let dag =
                Dag::new(vec![1; tasks as usize], vec![Engine::Slot; tasks as usize], edges.iter().copied());
            let (reduced, time) = fastest(|| reduction(&dag));
            let (_, pass) = fastest(|| longest_path(&dag));
            let far = if reach == u32::MAX { ", far" } else { "" };
            println!(
                "{:14} {:>9} {:>9} {:>7.1} ms {:>7.1} ms {:>6.1}x",
                format!("{}{far}", family.name),
                dag.edge_count(),
                reduced.edge_count(),
                time.as_secs_f64() * 1e3,
                pass.as_secs_f64() * 1e3,
                time.as_secs_f64() / pass.as_secs_f64()
            );
        }
    }
}

fn fastest<T>(of: impl Fn() -> T) -> (T, Duration) {
    let timed = || {
        let start = Instant::now();
        (of(), start.elapsed())
    };
    (1..RUNS).map(|_| timed()).fold(timed(), |best, next| if next.1 < best.1 { next } else { best })
}

/// The longest path by a topological sort that does not know that tasks are sorted.
fn longest_path(dag: &Dag) -> u64 {
    let tasks = dag.len() as u32;
    let mut missing: Vec<usize> = (0..tasks).map(|task| dag.predecessors(task).len()).collect();
    let mut order: Vec<u32> = (0..tasks).filter(|&task| missing[task as usize] == 0).collect();
    let mut start = vec![0; dag.len()];
    let mut at = 0;
    while let Some(&task) = order.get(at) {
        at += 1;
        for &behind in dag.successors(task) {
            let behind = behind as usize;
            start[behind] = start[behind].max(start[task as usize] + dag.cost(task));
            missing[behind] -= 1;
            if missing[behind] == 0 {
                order.push(behind as u32);
            }
        }
    }
    start.into_iter().max().unwrap_or(0)
}

fn edges(family: &Family, reach: u32, tasks: u32) -> Vec<(u32, u32)> {
    let mut below = numbers();
    let width = (family.width)(tasks).max(1);
    let mut edges = Vec::new();
    for task in width..tasks {
        let (row, before) = (task - width, if width == 1 { task } else { task / width * width });
        let chance = below(10);
        let count = match (family.is_chains, width) {
            (true, _) => u32::from(chance < 3),
            (false, 1) => chance.div_ceil(3),
            (false, _) => 1 + chance.saturating_sub(5).div_ceil(3),
        };
        if family.is_chains {
            edges.push((row, task));
        }
        for _ in 0..count {
            let is_near = !family.is_chains && width > 1 && below(10) > 0;
            let span = if is_near { width } else { before.min(reach) };
            edges.push((before - 1 - below(span), task));
        }
    }
    edges
}

/// Numbers below a limit, of a linear congruential generator.
fn numbers() -> impl FnMut(u32) -> u32 {
    let mut state = 1u64;
    move |limit| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((state >> 32) * u64::from(limit)) >> 32) as u32
    }
}
