//! Lines moved from graphs to the host program are let pass only where brute force says that nothing else differs.

mod support;

use std::collections::BTreeMap;

use acg_ir::graph::SourceRange;
use acg_ir::{Entity, GraphId, Module, Step, Stream, Task};
use acg_passes::{Context, HoistInvariantCopies, Pass};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use support::host_oracle::{Doings, LineId};
use support::host_program::{Move, Moved, host_program, moved};
use support::{Rng, options, parse, programs, verdict};

/// How often a move did harm and was noticed, was let pass, and was refused although it did none.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    noticed: usize,
    passed: usize,
    refused: usize,
}

fn judge(moves: &Moved, how: Move, tally: &mut Tally) {
    let Moved { before, after, lines } = moves;
    if acg_ir::verify(before).is_err() || acg_ir::verify(after).is_err() {
        return;
    }
    let mut same = BTreeMap::new();
    for &(line, (graph, task)) in lines {
        same.insert(line, (Some(graph.index()), task.index()));
    }
    let harm = Doings::of(before).differ(&Doings::of_result(after, before, &same));
    match (harm, verdict(before, after, false)) {
        (Some(_), Err(_)) => tally.noticed += 1,
        (None, Ok(())) => tally.passed += 1,
        (None, Err(_)) => tally.refused += 1,
        (Some(harm), Ok(())) => {
            let print = acg_ir::print::print;
            panic!("{how:?}: {harm} is not noticed\n--- before\n{}--- after\n{}", print(before), print(after))
        }
    }
}

fn attack(seed: u64) -> BTreeMap<Move, Tally> {
    let mut tallies: BTreeMap<Move, Tally> = BTreeMap::new();
    let module = parse(&host_program(seed));
    let mut rng = Rng::new(seed);
    for how in Move::ALL {
        for _ in 0..3 {
            if let Some(moves) = moved(&module, how, &mut rng) {
                judge(&moves, how, tallies.entry(how).or_default());
            }
        }
    }
    tallies
}

fn together(mut some: BTreeMap<Move, Tally>, others: BTreeMap<Move, Tally>) -> BTreeMap<Move, Tally> {
    for (how, other) in others {
        let tally = some.entry(how).or_default();
        tally.noticed += other.noticed;
        tally.passed += other.passed;
        tally.refused += other.refused;
    }
    some
}

#[test]
fn moves_that_matter_are_noticed() {
    let tallies = programs(300).into_par_iter().map(attack).reduce(BTreeMap::new, together);
    for how in Move::ALL {
        assert!(tallies.get(&how).is_some_and(|tally| tally.noticed > 0), "{how:?} never mattered");
    }
    for how in [Move::Before, Move::Two] {
        assert!(tallies[&how].passed > 0, "{how:?} was never let pass");
    }
}

/// The line of a graph that each new line of the host program of `after` stands for.
fn pairs(before: &Module, after: &Module) -> BTreeMap<Task, LineId> {
    let mut gone: Vec<(LineId, String)> = Vec::new();
    for ((id, was), is) in before.graphs.iter().zip(after.graphs.values()) {
        for task in was.program().filter(|&task| !is.steps.contains(&Step::Task(task))) {
            gone.push(((Some(id.index()), task.index()), printed(before, was, task)));
        }
    }
    let (was, is) = (before.run.as_ref().expect("there is one"), after.run.as_ref().expect("there is one"));
    let mut pairs = BTreeMap::new();
    for line in is.program().filter(|line| line.index() >= was.tasks.len()) {
        let text = printed(after, is, line);
        let at = gone.iter().position(|(_, other)| *other == text);
        pairs.insert(line, gone.remove(at.expect("it came from a graph")).0);
    }
    pairs
}

/// A task without its stream.
fn printed(module: &Module, body: &acg_ir::Body, task: Task) -> String {
    let text = acg_ir::print::task(module, body, task);
    text.rsplit(": ").next().unwrap_or("").to_owned()
}

#[test]
fn what_the_pass_moves_does_no_harm() {
    let options = options();
    let mut moved = 0;
    for seed in 0..2000 {
        let before = parse(&host_program(1_000_000 + seed));
        let mut after = before.clone();
        if !HoistInvariantCopies.run(&mut after, &mut Context::new(&options)) {
            continue;
        }
        let pairs = pairs(&before, &after);
        moved += pairs.len();
        let print = acg_ir::print::print;
        let told = || format!("seed {seed}\n--- before\n{}--- after\n{}", print(&before), print(&after));
        let harm = Doings::of(&before).differ(&Doings::of_result(&after, &before, &pairs));
        assert_eq!(harm, None, "{}", told());
        assert_eq!(verdict(&before, &after, false), Ok(()), "{}", told());
    }
    assert!(moved > 30, "{moved}");
}

/// Whether the tasks, each by its graph and its place there, may all stand in front of the first `repeat` instead, in this order.
fn may_go_together(text: &str, tasks: &[(usize, usize)]) -> bool {
    let before = parse(text);
    let mut after = before.clone();
    let run = after.run.as_mut().expect("there is a host program");
    let start = run.steps.iter().position(|step| matches!(step, Step::Open(_))).expect("it repeats");
    for (number, &(graph, place)) in tasks.iter().enumerate() {
        let body = &before.graphs[GraphId::at(graph)];
        let task = body.program().nth(place).expect("it is there");
        let line = run.push(body.tasks[task], SourceRange::default());
        run.tasks[line].stream = Some(Stream::at(0));
        let step = run.steps.pop().expect("it was pushed");
        run.steps.insert(start + number, step);
        after.graphs[GraphId::at(graph)].steps.retain(|step| *step != Step::Task(task));
    }
    assert!(acg_ir::verify(&after).is_ok());
    verdict(&before, &after, false).is_ok()
}

fn two_graphs(first: &str, second: &str) -> String {
    format!(
        "device a, b, c, d, x, y : f32[4]\nstream main\n\
         graph g auto {{\n  {first}\n  kernel \"K\"(x, c) -> x\n}}\ngraph h auto {{\n  {second}\n  kernel \"K\"(y, d) -> y\n}}\n\
         run {{\n  repeat 2 {{\n    main: execute g\n    main: execute h\n  }}\n  sync main\n}}\n"
    )
}

#[test]
fn copies_of_copies_go_together() {
    let chain = two_graphs("copy a -> b\n  copy b -> c", "fill d = 1");
    assert!(may_go_together(&chain, &[(0, 0), (0, 1)]));
    assert!(may_go_together(&chain, &[(0, 0), (0, 1), (1, 0)]));
    assert!(may_go_together(&chain, &[(0, 0)]));
    // The second alone reads what the graph writes, and before the first it reads what was there.
    assert!(!may_go_together(&chain, &[(0, 1)]));
    assert!(!may_go_together(&chain, &[(0, 1), (0, 0)]));
    // The first execution reads what the second copy did not write yet.
    let turned = two_graphs("copy b -> c\n  copy a -> b", "fill d = 1");
    assert!(!may_go_together(&turned, &[(0, 0), (0, 1)]));
    assert!(!may_go_together(&turned, &[(0, 1), (0, 0)]));
}

#[test]
fn copies_of_two_graphs_go_together_where_the_first_is_executed_first() {
    let forward = two_graphs("copy a -> b", "copy b -> d");
    assert!(may_go_together(&forward, &[(0, 0), (1, 0)]));
    assert!(!may_go_together(&forward, &[(1, 0), (0, 0)]));
    let backward = two_graphs("copy b -> c", "copy a -> b");
    assert!(!may_go_together(&backward, &[(1, 0), (0, 0)]));
    assert!(!may_go_together(&backward, &[(0, 0), (1, 0)]));
    // Whose bytes are there last is not the same in the middle of a repetition.
    let shared = two_graphs("copy a -> d", "copy b -> d");
    assert!(!may_go_together(&shared, &[(0, 0), (1, 0)]));
    let left = two_graphs("copy a -> b", "copy c -> b");
    assert!(!may_go_together(&left, &[(1, 0), (0, 0)]));
}
