//! Ours against HEFT and against bounds, on every graph at hand: `cargo bench --bench makespan [-- STREAMS [NAME…]]`.

#[path = "../tests/graphs/mod.rs"]
mod graphs;

use std::time::{Duration, Instant};

use acg_schedule::{Device, Effort, Options, schedule};

/// Corpus figures are rounded to hundredths of a microsecond.
const ROUNDING: u64 = 10;

#[allow(clippy::cast_precision_loss, reason = "ratios are for reading")]
fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let streams: u32 = arguments.first().and_then(|first| first.parse().ok()).unwrap_or(4);
    let column = streams.to_string();
    let figure = |value: &serde_json::Value| if value.is_number() { graphs::nanoseconds(value) } else { 0 };
    println!(
        "{:30} {:>11} {:>11} {:>11} {:>8} {:>9}  proof",
        "graph", "HEFT", "ours", "bound", "gap %", "seconds"
    );
    let (mut sum, mut worst, mut count, mut proved, mut above) = (0.0, 1.0f64, 0u32, 0, 0);
    for graphs::Known { name, dag, facts } in graphs::all() {
        if arguments.len() > 1 && !arguments[1..].iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let heft = figure(&facts["heft"][&column]["makespan"]);
        let nimble = if streams == 4 { figure(&facts["nimble"]["makespan_C4"]) } else { 0 };
        let limit = Some(Duration::from_secs(10));
        let options =
            Options { max_streams: streams, effort: Effort::Thorough, tolerance: 0, time_limit: limit };
        let started = Instant::now();
        let found = schedule(&dag, &Device::default(), &options);
        let seconds = started.elapsed().as_secs_f64();
        let stored = figure(&facts["best_lb"][&column]).saturating_sub(ROUNDING);
        let ratio = found.makespan as f64 / found.bound.value.max(stored).min(found.makespan) as f64;
        (sum, worst, count) = (sum + ratio.ln(), worst.max(ratio), count + 1);
        proved += u32::from(found.is_optimal());
        let is_above = [heft, nimble].into_iter().any(|known| known > 0 && found.makespan > known + ROUNDING);
        above += u32::from(is_above);
        let proof = if found.is_optimal() { format!("{:?}", found.bound.kind) } else { String::new() };
        let note = if is_above { "  above HEFT or Nimble" } else { "" };
        let gap = 100.0 * (ratio - 1.0);
        println!(
            "{name:30} {heft:11} {:11} {:11} {gap:8.3} {seconds:9.2}  {proof}{note}",
            found.makespan, found.bound.value
        );
    }
    let mean = (sum / f64::from(count.max(1))).exp();
    println!(
        "{count} graphs on {streams} streams: {mean:.5} over the bound, worst {worst:.5}, {proved} proved, {above} above HEFT or Nimble"
    );
}
