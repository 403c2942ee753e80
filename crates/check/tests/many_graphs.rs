//! What is made of a graph does not depend on which other graphs stand in the program, though they use the same buffers: tables that all
//! graphs share are wiped between them.

use std::fmt::Write as _;

use acg_check::{CompileOptions, OptLevel, Sources, TargetChoice, optimise_program};
use proptest::prelude::*;

/// A line: its kind, what it reads and what it writes.
type Line = (u8, usize, usize);

/// How many buffers each graph uses, and how many of them all do.
const BUFFERS: usize = 6;
const COMMON: usize = 3;

/// A program of these graphs, each with a number of its own.
fn program(graphs: &[(usize, &[Line])]) -> String {
    let (mut text, mut bodies) = ("device d0, d1, d2 : f32[8]\n".to_owned(), String::new());
    for (graph, lines) in graphs {
        let name = |buffer: usize| match buffer % BUFFERS {
            common if common < COMMON => format!("d{common}"),
            own => format!("b{graph}_{own}"),
        };
        let _ = writeln!(text, "temp b{graph}_3, b{graph}_4, b{graph}_5 : f32[8]");
        let _ = writeln!(bodies, "graph g{graph} auto {{");
        for &(kind, from, to) in *lines {
            let (from, to) = (name(from), name(to));
            let _ = match kind {
                0 => writeln!(bodies, "  fill {to}[0..4] = 1"),
                1 | 4 | 5 if from != to => writeln!(bodies, "  copy {from} -> {to}"),
                2 => writeln!(bodies, "  kernel \"half\"({from}[4..8]) -> {to}[0..4]"),
                _ => writeln!(bodies, "  kernel \"k{kind}\"({from}) -> {to}"),
            };
        }
        bodies.push_str("}\n");
    }
    text + &bodies
}

/// The graphs that come out, as text; events have numbers in the order in which a graph names them.
fn optimised(program: &str, level: OptLevel) -> Vec<String> {
    let mut sources = Sources::new();
    let file = sources.add("g.acg", program);
    let options = CompileOptions { level: Some(level), ..CompileOptions::default() };
    let made = optimise_program(&sources, file, &TargetChoice::default(), None, &options, false, |_, _| {});
    let (module, _) = made.unwrap_or_else(|found| panic!("{program}: {found:#?}"));
    let printed = acg_ir::print::print(&module);
    printed.split("graph ").skip(1).map(|graph| numbered(graph.trim_end())).collect()
}

fn numbered(graph: &str) -> String {
    let mut known: Vec<&str> = Vec::new();
    let words = graph.split_inclusive([' ', '\n']).map(|word| {
        let name = word.trim_end();
        if !name.starts_with("done.") {
            return word.to_owned();
        }
        let at = known.iter().position(|&known| known == name).unwrap_or_else(|| {
            known.push(name);
            known.len() - 1
        });
        word.replace(name, &format!("event {at}"))
    });
    words.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_graph_among_others_is_made_what_it_is_made_alone(
        graphs in prop::collection::vec(prop::collection::vec((0..6u8, 0..BUFFERS, 0..BUFFERS), 1..9), 2..4),
        at_level_two in any::<bool>(),
    ) {
        let level = if at_level_two { OptLevel::O2 } else { OptLevel::O1 };
        let all: Vec<(usize, &[Line])> = graphs.iter().map(Vec::as_slice).enumerate().collect();
        let together = optimised(&program(&all), level);
        for (graph, together) in all.iter().zip(&together) {
            prop_assert_eq!(&optimised(&program(&[*graph]), level)[0], together);
        }
        prop_assert_eq!(together.len(), graphs.len());
    }
}

#[test]
fn a_copy_is_needed_in_each_graph_that_has_it() {
    let copy: &[Line] = &[(1, 0, 1), (3, 1, 2)];
    for level in [OptLevel::O1, OptLevel::O2] {
        let made = optimised(&program(&[(0, copy), (1, copy)]), level);
        assert!(made.iter().all(|graph| graph.contains("copy d0 -> d1")), "{made:?}");
    }
}
