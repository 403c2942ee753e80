//! Schedules of task graphs beside those of others: `cargo bench -p acg-check --bench graphs -- [LEVEL] [STREAMS]`.
//!
//! One line a graph: makespan, records and waits, and memory of what `acg compile -O3 --max-streams 4` makes, against one stream,
//! Nimble's rule, HEFT and the best bound known. Graphs are those of the measured collection where it lies beside the
//! project, with its published baselines, and else those in `testdata/graphs`, against our own bound only.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use acg_check::measures::Format;
use acg_check::{CompileOptions, Figures, Sources, Streams, TargetChoice, compile_program};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with('-'));
    let level = words.next().unwrap_or_else(|| "3".to_owned());
    let streams: u32 = words.next().unwrap_or_else(|| "4".to_owned()).parse()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let whole = root.join("../shared/bench");
    let (graphs, baselines) = if whole.is_dir() {
        (whole.join("graphs"), Baselines::read(&whole)?)
    } else {
        println!("the measured collection is not there: only the graphs of testdata, without baselines");
        (root.join("testdata/graphs"), Baselines::default())
    };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(graphs)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    println!(
        "{:28} {:>6} {:>2} {:>10} {:>7} {:>7} {:>7} {:>8} {:>7} {:>6} {:>6} {:>8} {:>6}",
        "graph",
        "tasks",
        "s",
        "us",
        "single",
        "nimble",
        "heft",
        "bound",
        "proved",
        "sync",
        "nimble",
        "memory",
        "s"
    );
    let mut sums = Sums::default();
    for path in files {
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
        let options = CompileOptions {
            level: Some(level.parse()?),
            streams: Streams::AtMost(streams),
            ..CompileOptions::default()
        };
        let start = Instant::now();
        let ours = compiled(&path, name, &options)?;
        let seconds = start.elapsed().as_secs_f64();
        row(name, &ours, &baselines, streams, seconds, &mut sums);
    }
    sums.print();
    Ok(())
}

/// The figures of one graph.
fn compiled(path: &Path, name: &str, options: &CompileOptions) -> Result<Value, Box<dyn Error>> {
    let graph = acg_import::tasks::read_task_graph(&std::fs::read(path)?)?;
    let imported = acg_import::tasks::import_task_graph(&graph, name, None)?;
    let mut sources = Sources::new();
    let file = sources.add(format!("{name}.acg"), acg_ir::print::print(&imported.module));
    let compiled = compile_program(&sources, file, &TargetChoice::default(), options);
    let Some(figures) = Figures::of(&compiled, false) else {
        return Err(format!("{name}: {:#?}", compiled.checked.diagnostics).into());
    };
    let report: Value = serde_json::from_str(&figures.text(name, Format::Json, false))?;
    Ok(report["graphs"][0].clone())
}

/// What others have reached, by graph.
#[derive(Default)]
struct Baselines {
    heuristics: Value,
    exact: Value,
}

impl Baselines {
    fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let read = |name: &str| -> Result<Value, Box<dyn Error>> {
            Ok(serde_json::from_slice(&std::fs::read(folder.join(name))?)?)
        };
        Ok(Self { heuristics: read("baselines.json")?, exact: read("exact.json")? })
    }
}

/// Products of ratios, for geometric means.
#[derive(Default)]
struct Sums {
    means: Vec<(&'static str, f64, u32, f64)>,
    proved: u32,
    graphs: u32,
}

impl Sums {
    fn add(&mut self, what: &'static str, ratio: f64) {
        if !ratio.is_finite() || ratio <= 0.0 {
            return;
        }
        let at = self.means.iter().position(|mean| mean.0 == what).unwrap_or_else(|| {
            self.means.push((what, 0.0, 0, 0.0));
            self.means.len() - 1
        });
        let mean = &mut self.means[at];
        *mean = (what, mean.1 + ratio.ln(), mean.2 + 1, mean.3.max(ratio));
    }

    fn print(&self) {
        for (what, sum, count, worst) in &self.means {
            let mean = (sum / f64::from(*count)).exp();
            println!("{what}: geometric mean {mean:.5}, worst {worst:.5}, of {count} graphs");
        }
        println!("proved optimal: {} of {} graphs", self.proved, self.graphs);
    }
}

fn row(name: &str, ours: &Value, baselines: &Baselines, streams: u32, seconds: f64, sums: &mut Sums) {
    let (others, exact) = (&baselines.heuristics[name], &baselines.exact[name][streams.to_string()]);
    let us = |value: &Value| value.as_f64().map_or(f64::NAN, |ns| ns / 1e3);
    let makespan = us(&ours["makespan_ns"]);
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let single = number(&others["single_stream_makespan"]);
    let nimble = number(&others["nimble"][format!("makespan_C{streams}")]);
    let heft = number(&others["heft"][streams.to_string()]["makespan"]);
    let published = [&others["best_lb"][streams.to_string()], &exact["lb_L"]].map(number);
    let bound = published.into_iter().fold(us(&ours["best_bound_ns"]), f64::max);
    let proved = ours["optimal"].as_bool() == Some(true);
    let sync = number(&ours["sync_tasks"]);
    let nimble_sync = number(&others["nimble"]["sync_tasks_total"]);
    let memory = &ours["memory"];
    let over = number(&memory["peak_bytes"]) / number(&memory["antichain_bytes"]);
    let ratio =
        |other: f64| if other.is_finite() { format!("{:.4}", makespan / other) } else { "-".to_owned() };
    println!(
        "{name:28} {:>6} {:>2} {makespan:>10.2} {:>7} {:>7} {:>7} {:>8} {:>7} {sync:>6} {:>6} {:>8} {seconds:>6.1}",
        ours["tasks"],
        ours["streams"],
        ratio(single),
        ratio(nimble),
        ratio(heft),
        ratio(bound),
        if proved { "yes" } else { "" },
        if nimble_sync > 0.0 { format!("{:.2}", sync / nimble_sync) } else { "-".to_owned() },
        if over.is_finite() { format!("{over:.4}") } else { "-".to_owned() },
    );
    sums.graphs += 1;
    sums.proved += u32::from(proved);
    sums.add("makespan over the best bound", makespan / bound);
    sums.add("makespan over HEFT", makespan / heft);
    sums.add("makespan over Nimble", makespan / nimble);
    sums.add("makespan over one stream", makespan / single);
    sums.add("records and waits over Nimble", sync / nimble_sync);
    sums.add("memory over the antichain", over);
}
