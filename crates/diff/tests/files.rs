//! Which graphs of two files are compared with each other.

mod support;

use acg_diff::{File, Graph, Parts, Side, diff_files};
use fastrand::Rng;
use support::mutation::ALL;
use support::program::{Names, Program};

fn programs(count: u64) -> Vec<Program> {
    (0..count).map(|seed| Program::random(&mut Rng::with_seed(seed), 40, 3, Names::Unique)).collect()
}

/// A file of dumps, whose models have other numbers in every run.
fn dumps(programs: &[Program], run: u64) -> File {
    let graph = |program: &Program| Graph { name: None, trace: program.trace(run) };
    File { name: "dump.json".to_owned(), predicted_for: None, graphs: programs.iter().map(graph).collect() }
}

/// A file of graphs with names.
fn named(programs: &[(&str, &Program)]) -> File {
    let graph = |(name, program): &(&str, &Program)| Graph {
        name: Some((*name).to_owned()),
        trace: program.trace(1),
    };
    File { name: "graphs.acg".to_owned(), predicted_for: None, graphs: programs.iter().map(graph).collect() }
}

#[test]
fn equal_graphs_are_found_wherever_they_stand() {
    let mut programs = programs(12);
    let old = dumps(&programs, 1);
    programs.reverse();
    let new = dumps(&programs, 2);
    assert!(diff_files(&old, &new, Parts::default()).is_empty());
}

#[test]
fn a_graph_that_only_one_file_has_does_not_shift_the_others() {
    let mut programs = programs(12);
    let old = dumps(&programs, 1);
    programs.remove(5);
    let mut rng = Rng::with_seed(7);
    let blocks =
        ALL.iter().find(|mutation| mutation.0 == "change blocks").expect("there is such a mutation").1;
    for program in &mut programs {
        blocks(program, &mut rng, Names::Unique).expect("there is a kernel");
    }
    let new = dumps(&programs, 2);
    for (old, new, side) in [(&old, &new, Side::Old), (&new, &old, Side::New)] {
        let files = diff_files(old, new, Parts::default());
        assert_eq!(files.only.iter().map(|only| only.0).collect::<Vec<_>>(), [side]);
        assert_eq!(files.graphs.len(), 11);
        for graph in &files.graphs {
            assert_eq!(graph.report.tasks.len(), 1, "{:?}", graph.report.tasks);
        }
    }
}

#[test]
fn names_win_over_content() {
    let programs = programs(2);
    let old = named(&[("prefill", &programs[0]), ("decode", &programs[1])]);
    let new = named(&[("decode", &programs[0]), ("prefill", &programs[1])]);
    let files = diff_files(&old, &new, Parts::default());
    assert!(files.graphs.iter().all(|graph| graph.old == graph.new && !graph.report.is_empty()));
    let renamed = named(&[("prompt", &programs[0]), ("decode", &programs[1])]);
    assert!(diff_files(&old, &renamed, Parts::default()).is_empty());
}

#[test]
fn a_file_without_graphs_has_only_differences() {
    let (none, two) = (dumps(&[], 1), dumps(&programs(2), 1));
    assert!(diff_files(&none, &none, Parts::default()).is_empty());
    let files = diff_files(&none, &two, Parts::default());
    assert_eq!((files.graphs.len(), files.only.len()), (0, 2));
    assert!(!files.is_empty());
}
