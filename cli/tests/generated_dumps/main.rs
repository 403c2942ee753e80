//! Everything that reads dumps, on dumps of generated programs for every machine.
//!
//! `ACG_DUMPS=5000 cargo test -p acg --test generated_dumps --release` tries more of them, and `ACG_SEED=17` another series.

mod forms;
mod program;

use acg_check::measures::{self, Quota, Report};
use acg_check::{
    CompileOptions, DumpText, FileId, Graphs, Kind, Sources, TargetChoice, check_dumps, dump_text, graphs_of,
    pictures,
};
use acg_diff::{File, Parts};
use acg_import::{DumpError, RemarkKind, detect, dump_agreement, import_dumps};
use acg_trace::Trace;
use fastrand::Rng;

const MACHINES: [&str; 11] = [
    "910b-hwsq",
    "910b-hwsq-oldfw",
    "910b-swsq",
    "910b-swsq-swev",
    "950-hwsq",
    "950-swsq",
    "950-swsq-swev",
    "ascend910b",
    "ascend910c",
    "ascend950",
    "ascend310p",
];
const RELEASES: [Option<&str>; 4] = [None, None, Some("8.5"), Some("9.0")];

/// How many dumps each test tries: few unless asked.
fn count(few: u64) -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("ACG_SEED").unwrap_or(1) << 32;
    first..first + number("ACG_DUMPS").unwrap_or(few)
}

/// The machine that a seed is tried on.
fn machine(seed: u64) -> TargetChoice {
    let mut rng = Rng::with_seed(!seed);
    let (name, release) = (rng.choice(&MACHINES).copied().unwrap(), rng.choice(&RELEASES).copied().unwrap());
    // Ascend 950 is younger than the oldest release.
    let exists = |release: &&str| name.starts_with("ascend") && (*release != "8.5" || !name.contains("950"));
    TargetChoice::new(Some(name), release.filter(exists)).unwrap()
}

/// The dump of the program of a seed, as a run prints it; `None` where the runtime refuses the program.
fn dump(seed: u64, run: u64) -> Option<String> {
    let size = 2 + Rng::with_seed(seed ^ 0xff).usize(..60);
    let mut sources = Sources::new();
    let file = sources.add("prog.calls", program::log(seed, run, size));
    let replayed =
        acg_check::replay_log(&sources, file, &machine(seed), 7 + run as u32).unwrap_or_else(|wrong| {
            panic!("seed {seed}: the log cannot be read: {wrong:#?}");
        });
    replayed.dumps.into_iter().next().map(|dump| dump.text())
}

/// The graphs of the bytes of a file, with everything that looks at graphs run over them; `None` for what is no dump.
fn graphs(bytes: Vec<u8>) -> Option<Graphs> {
    let DumpText::Text(text) = dump_text(bytes) else { return None };
    let (sources, file) = source(text);
    let choice = TargetChoice::default();
    let graphs = graphs_of(&sources, &[(file, Kind::Dump)], &choice, &CompileOptions::default()).ok()?;
    let _ = check_dumps(&sources, &[file], &choice);
    let report = Report::of(&graphs.graphs, 2, Quota::default());
    let _ = (report.text(measures::Format::Human), report.text(measures::Format::Json));
    let _ = Report::fingerprints(&graphs.graphs, measures::Format::Human);
    for name in ["svg", "html", "dot", "mermaid", "perfetto"] {
        for pack in [false, true] {
            let _ = acg_check::draw(
                "dump.json",
                &graphs.graphs,
                name.parse().unwrap(),
                pictures::Options { pack },
            );
        }
    }
    Some(graphs)
}

fn source(text: String) -> (Sources, FileId) {
    let mut sources = Sources::new();
    let file = sources.add("dump.json", text);
    (sources, file)
}

fn side(graphs: Graphs) -> File {
    let graphs =
        graphs.graphs.into_iter().map(|graph| acg_diff::Graph { name: None, trace: graph.trace }).collect();
    File { name: "dump.json".to_owned(), predicted_for: None, graphs }
}

#[test]
fn other_forms_and_other_runs_are_the_same_graph() {
    let mut compared = 0;
    for seed in count(30) {
        let Some(text) = dump(seed, 0) else { continue };
        let Some(again) = dump(seed, 1 + seed) else { continue };
        let mut rng = Rng::with_seed(seed);
        let mut all = forms::forms(&text, &mut rng);
        all.push(forms::Form { name: "another run", bytes: again.into_bytes() });
        let own = side(graphs(text.clone().into_bytes()).expect("a dump reads"));
        for form in all {
            let other =
                graphs(form.bytes).unwrap_or_else(|| panic!("seed {seed}: {} does not read", form.name));
            let other = side(other);
            for (one, two) in [(&own, &other), (&other, &own)] {
                let found = acg_diff::diff_files(one, two, Parts::default());
                let told = acg_diff::human(&found, acg_diff::RenderOptions::default());
                assert!(found.is_empty(), "seed {seed}, {}: {told}", form.name);
                let _ =
                    (acg_diff::json(&found), acg_diff::markdown(&found, acg_diff::RenderOptions::default()));
            }
            compared += 1;
        }
    }
    println!("{compared} comparisons");
    assert!(compared > 0);
}

#[test]
fn imported_dumps_compile_back_to_themselves() {
    let (mut same, mut all) = (0, 0);
    let (mut reasons, mut mistakes) = (std::collections::BTreeMap::new(), Vec::new());
    for seed in count(60) {
        let Some(text) = dump(seed, 0) else { continue };
        all += 1;
        match imported(seed, &text) {
            Ok(None) => same += 1,
            Ok(Some(reason)) => *reasons.entry(reason).or_insert(0) += 1,
            Err(mistake) => mistakes.push(format!("seed {seed}: {mistake}")),
        }
    }
    println!("{same} of {all} dumps; {reasons:#?}");
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(same * 2 > all, "{same} of {all}: {reasons:#?}");
}

/// Why the program of a dump differs from it, if the import told so; a difference that it does not tell of is a mistake.
fn imported(seed: u64, text: &str) -> Result<Option<String>, String> {
    let reading = acg_dump::read_any(&mut text.as_bytes()).unwrap();
    let traces: Vec<Trace> = reading.dumps.into_iter().map(Trace::of).collect();
    let imported = match import_dumps(&traces, "captured", detect(&traces)) {
        Ok(imported) => imported,
        Err(DumpError::Unsayable(found)) => return Ok(Some(found[0].why.to_owned())),
        Err(error) => return Err(error.to_string()),
    };
    let (sources, file) = source(acg_ir::print::print(&imported.module));
    let again =
        acg_check::format_program(&sources, file).unwrap_or_else(|wrong| panic!("seed {seed}: {wrong:#?}"));
    assert_eq!(again, sources.file(file).text, "seed {seed}: what was imported is not canonical");
    let machine = imported.target.machine().unwrap();
    let is_verbose = text.contains("\"Kernel Args\"");
    let agreement = dump_agreement(&[text.to_owned()], &imported.module, is_verbose, &machine);
    let Some(first) = agreement.disagreements.first() else { return Ok(None) };
    let told = imported
        .remarks
        .iter()
        .find(|remark| remark.kind == RemarkKind::LeftOut || remark.text.starts_with("events are not reset"))
        .ok_or_else(|| first.text.clone())?;
    Ok(Some(told.text.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned()))
}

#[test]
fn broken_dumps_are_read_or_refused() {
    let (mut read, mut refused) = (0, 0);
    for seed in count(30) {
        let Some(text) = dump(seed, 0).filter(|text| text.len() < 100_000) else { continue };
        let mut rng = Rng::with_seed(seed);
        let own = acg_dump::read_any(&mut text.as_bytes()).unwrap().dumps.remove(0);
        let own = Trace::of(own);
        for _ in 0..12 {
            let bytes = forms::broken(&text, &mut rng);
            let Some(graphs) = graphs(bytes) else {
                refused += 1;
                continue;
            };
            read += 1;
            let traces: Vec<Trace> = graphs.graphs.into_iter().map(|graph| graph.trace).collect();
            for trace in &traces {
                let _ = acg_diff::diff(&own, trace, Parts::default());
                let _ = acg_diff::diff(trace, &own, Parts::default());
            }
            if let Ok(imported) = import_dumps(&traces, "broken", detect(&traces)) {
                let (sources, file) = source(acg_ir::print::print(&imported.module));
                assert!(
                    acg_check::format_program(&sources, file).is_ok(),
                    "seed {seed}: {}",
                    sources.file(file).text
                );
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 0 && refused > 0);
}
