//! Steps of the graph engine that are left to the runtime, written down: the calls are those that the runtime makes by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use acg_calls::{Api, Arg, Log};
use acg_check::{
    CompileOptions, Emit, OptLevel, Sources, TargetChoice, compile_program, emit, optimise_program,
};
use fastrand::Rng;

fn options(explicit_ge: bool) -> CompileOptions {
    CompileOptions { level: Some(OptLevel::O0), explicit_ge, ..CompileOptions::default() }
}

/// The program with the steps written down.
fn spelled_out(text: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("ge.acg", text);
    let choice = TargetChoice::default();
    match optimise_program(&sources, file, &choice, None, &options(true), false, |_, _| {}) {
        Ok((module, _)) => acg_ir::print::print(&module),
        Err(found) => panic!("{found:?}\n{text}"),
    }
}

/// The calls of a program without errors.
fn calls(text: &str, explicit_ge: bool) -> Log {
    let mut sources = Sources::new();
    let file = sources.add("ge.acg", text);
    let compiled = compile_program(&sources, file, &TargetChoice::default(), &options(explicit_ge));
    let Some(program) = compiled.checked.accepted() else {
        panic!("{:?}\n{text}", compiled.checked.diagnostics);
    };
    let artefacts = emit(program, &sources, "ge", &[Emit::Calls], 0).expect("a log can always be written");
    acg_calls::read(file, &artefacts[0].text()).log
}

/// What each graph is told by threads, in order, with the steps that the runtime makes by itself if `implied`.
fn told(log: &Log, implied: bool) -> BTreeMap<(String, i64), Vec<String>> {
    let mut told: BTreeMap<(String, i64), Vec<String>> = BTreeMap::new();
    let (mut compiled, mut loaded) = (BTreeSet::new(), BTreeSet::new());
    for view in log.iter() {
        let steps: &[Api] = match view.api() {
            Api::GeRunGraphWithStreamAsync => &[Api::GeCompileGraph, Api::GeLoadGraph],
            Api::GeLoadGraph => &[Api::GeCompileGraph],
            Api::GeAddGraph | Api::GeCompileGraph | Api::GeRemoveGraph | Api::GeRunGraph => &[],
            _ => continue,
        };
        let session = view.args().first().and_then(Arg::name).expect("a session has a name");
        let graph = (log.names().text(session).to_owned(), view.int(1).expect("a graph has a number"));
        let list = told.entry(graph.clone()).or_default();
        let mut tell = |api: Api| {
            let is_new = match api {
                Api::GeCompileGraph => compiled.insert(graph.clone()),
                Api::GeLoadGraph => loaded.insert(graph.clone()),
                _ => true,
            };
            if is_new || api == view.api() {
                list.push(format!("t{} {api:?}", view.manner().thread));
            }
        };
        steps.iter().filter(|_| implied).for_each(|&step| tell(step));
        tell(view.api());
        if view.api() == Api::GeRemoveGraph {
            compiled.remove(&graph);
            loaded.remove(&graph);
        }
    }
    told
}

const SEED: &str = include_str!("../../../testdata/seeds/ge_async.acg");

#[test]
fn the_sample_without_the_steps_gets_them_back() {
    let steps = ["    compile 0\n", "    stream1: load 0\n"];
    for left_out in [&steps[..1], &steps[1..], &steps[..]] {
        let text = left_out.iter().fold(SEED.to_owned(), |text, step| text.replacen(step, "", 1));
        assert_ne!(text, SEED);
        let explicit = spelled_out(&text);
        for step in steps {
            assert_eq!(explicit.matches(step).count(), 1, "{explicit}");
        }
        let (given, wanted) = (told(&calls(&text, true), false), told(&calls(SEED, false), false));
        assert_eq!(given, wanted);
    }
    assert_eq!(spelled_out(SEED), SEED, "nothing is implied twice");
}

/// A program whose sessions say some steps and leave others out, in loops, locks and threads.
fn generated(seed: u64) -> String {
    let mut numbers = Rng::with_seed(seed);
    let mut text = String::from(
        "host a_h : f32[8] pinned\ndevice a, b : f32[8]\nstream main\nthread worker\nlock l\n\nrun {\n  copy_sync a_h -> a\n",
    );
    for session in 0..=numbers.u64(..2) {
        writeln!(text, "  ge session s{session} {{").expect("text grows");
        for graph in 0..=numbers.u64(..3) {
            lines(&mut text, &mut numbers, graph);
        }
        text.push_str("  }\n");
    }
    text + "}\n"
}

fn lines(text: &mut String, numbers: &mut Rng, graph: u64) {
    let (open, close) = match numbers.u64(..6) {
        0 => ("  repeat 3 {\n", "  }\n"),
        1 => ("  lock l {\n", "  }\n"),
        2 => ("  repeat 2 {\n  lock l {\n  repeat 2 {\n", "  }\n  }\n  }\n"),
        3 => ("  thread worker {\n  repeat 2 {\n", "  }\n  }\n"),
        4 => ("  repeat 2 {\n  thread worker {\n", "  }\n  }\n"),
        _ => ("", ""),
    };
    let is_within = numbers.u64(..3) == 0;
    let add = format!("  graph {graph} = air \"conv.air\"\n");
    let compile = if numbers.u64(..3) == 0 { format!("  compile {graph}\n") } else { String::new() };
    let load = if numbers.u64(..3) == 0 { format!("  main: load {graph}\n") } else { String::new() };
    let run = format!("  main: run {graph}(a) -> b\n  sync main\n").repeat(1 + numbers.u64(..2) as usize);
    let lines = if is_within {
        format!("{open}{add}{compile}{load}{run}  remove {graph}\n{close}")
    } else {
        format!("{add}{compile}{load}{open}{run}{close}")
    };
    text.push_str(&lines);
}

#[test]
fn generated_programs_make_the_calls_that_the_runtime_makes() {
    let mut implied = 0;
    for seed in 0..100 {
        let text = generated(seed);
        let wanted = told(&calls(&text, false), true);
        let explicit = spelled_out(&text);
        assert_eq!(told(&calls(&text, true), false), wanted, "{text}\n{explicit}");
        // What is explicit leaves nothing to the runtime, and is left as it is.
        assert_eq!(told(&calls(&explicit, false), true), wanted, "{explicit}");
        assert_eq!(spelled_out(&explicit), explicit);
        implied += usize::from(
            explicit
                != acg_ir::print::print(
                    &acg_parser::parse(Sources::new().add("ge", text.as_str()), &text).module,
                ),
        );
    }
    assert!(implied > 50, "most programs imply steps: {implied}");
}

#[test]
fn nothing_is_loaded_for_rounds_that_never_come() {
    let text = "device a, b : f32[8]\nstream main\n\nrun {\n  ge session s {\n    graph 0 = air \"conv.air\"\n    repeat 0 { main: run 0(a) -> b }\n  }\n}\n";
    assert_eq!(spelled_out(text), text);
}
