//! Reports say what holds for every schedule of a program, whichever schedule its temporaries share memory by.

use std::fmt::Write as _;

use acg_check::measures::Format;
use acg_check::{CompileOptions, Figures, Sources, Streams, TargetChoice, compile_program};
use proptest::prelude::*;
use serde_json::Value;

/// A program of kernels, each of which reads what some before it wrote to memory of `space`; what none has read is read in the end.
fn program(reads: &[Vec<prop::sample::Index>], space: &str) -> String {
    let mut text = "device out : bytes[64]\n".to_owned();
    let mut body = String::new();
    let mut is_read = vec![false; reads.len()];
    for (task, from) in reads.iter().enumerate() {
        let _ = writeln!(text, "{space} b{task} : bytes[{}]", 64 * (1 + task % 5));
        let from: Vec<usize> = from.iter().filter(|_| task > 0).map(|index| index.index(task)).collect();
        for &from in &from {
            is_read[from] = true;
        }
        let from: Vec<String> = from.iter().map(|from| format!("b{from}")).collect();
        let cost = 2 + task % 7;
        let _ = writeln!(body, "  kernel \"k{task}\"({}) -> b{task} [cost = {cost}us]", from.join(", "));
    }
    let rest: Vec<String> =
        (0..reads.len()).filter(|&task| !is_read[task]).map(|task| format!("b{task}")).collect();
    format!("{text}\ngraph g auto {{\n{body}  kernel \"last\"({}) -> out [cost = 2us]\n}}\n", rest.join(", "))
}

/// What is said of the program's only graph on two streams.
fn report(text: &str) -> Value {
    let mut sources = Sources::new();
    let file = sources.add("program.acg", text);
    let options = CompileOptions { streams: Streams::AtMost(2), ..CompileOptions::default() };
    let compiled = compile_program(&sources, file, &TargetChoice::default(), &options);
    let figures =
        Figures::of(&compiled, true).unwrap_or_else(|| panic!("{:?}\n{text}", compiled.checked.diagnostics));
    let report: Value = serde_json::from_str(&figures.text("program", Format::Json, false)).expect("JSON");
    report["graphs"][0].clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_shares_memory_bounds_nothing(
        reads in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 0..3), 2..24),
    ) {
        let apart = report(&program(&reads, "device"));
        let shared = report(&program(&reads, "temp"));
        for what in ["critical_path_ns", "work_ns", "full_concurrency"] {
            prop_assert!(!apart[what].is_null(), "{what}: {apart:#}");
            prop_assert_eq!(&apart[what], &shared[what], "{}", what);
        }
    }
}

#[test]
fn kernels_are_called_by_their_names_where_nothing_else_has_them() {
    let text = "device a, b, c, d, e : bytes[64]\ngraph g auto {\n  kernel \"once\"() -> a\n  kernel \"twice\"() -> b\n  \
                kernel \"twice\"() -> c\n  kernel \"other\"() -> d as named\n  kernel \"named\"() -> e\n}\n";
    let report = report(text);
    let antichain = report["full_concurrency"]["antichain"].as_array().expect("an antichain").clone();
    let lines = ["kernel \"twice\"() -> b", "kernel \"twice\"() -> c", "kernel \"named\"() -> e"];
    assert_eq!(antichain, ["once", lines[0], lines[1], "named", lines[2]]);
}
