//! Times and measures placements of the benchmark's graphs and of published instances.
//!
//! `cargo bench -p acg-memory [-- NAME…]` prints one line for each instance whose name contains a NAME.

#![expect(clippy::cast_precision_loss, reason = "ratios are to be read, not to be exact")]

#[path = "../tests/graphs/mod.rs"]
mod graphs;

use std::path::{Path, PathBuf};
use std::time::Instant;

use acg_memory::{BoundKind, Effort, Instance, Placement, place, read_csv};
use graphs::{Graph, Streams, check, shared};

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part));
    let effort = Effort {
        steps: option("STEPS").unwrap_or(2_000_000_000),
        seed: option("SEED").unwrap_or(1),
        ..Effort::default()
    };
    println!("{:34} {:>6} {:>14} {:>14} {:>8} {:>8}", "instance", "n", "bound", "peak", "ratio", "seconds");
    for (folder, enough) in [("external/minimalloc", Some(1_048_576)), ("external/idealloc", None)] {
        for path in files(folder).into_iter().filter(|path| wants(&name(path))) {
            let text = std::fs::read_to_string(&path).expect("the table can be read");
            let instance = read_csv(&text).expect("the table is sound");
            measure(&name(&path), &instance, &Effort { enough, ..effort });
        }
    }
    for streams in [Streams::One, Streams::Four, Streams::Chains] {
        let mut ratios = Vec::new();
        for path in files("graphs") {
            let name = format!("{} {streams:?}", name(&path));
            if wants(&name) {
                ratios.push(measure(&name, &Graph::read(&path).instance(streams), &effort));
            }
        }
        let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len().max(1) as f64).exp();
        let worst = ratios.iter().copied().fold(1.0, f64::max);
        println!("{streams:?}: {} graphs, geometric mean {mean:.4}, worst {worst:.4}", ratios.len());
    }
}

fn measure(name: &str, instance: &Instance, effort: &Effort) -> f64 {
    let start = Instant::now();
    let Placement { offsets, peak, bound, proved } = place(instance, effort);
    let seconds = start.elapsed().as_secs_f64();
    check(instance, &offsets, peak);
    let ratio = peak as f64 / bound.bytes.max(1) as f64;
    let kind = if bound.kind == BoundKind::Clique { " inexact bound" } else { "" };
    let optimal = if peak == proved { " optimal" } else { "" };
    println!(
        "{name:34} {:6} {:14} {peak:14} {ratio:8.4} {seconds:8.2}{optimal}{kind}",
        instance.len(),
        bound.bytes
    );
    ratio
}

fn files(folder: &str) -> Vec<PathBuf> {
    let Some(folder) = shared(folder) else {
        println!("{folder} is absent: skipped");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

fn option(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
