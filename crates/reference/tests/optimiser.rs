//! The second proof of the optimiser: programs compute the same before and after, bit for bit, whatever the schedule.
//!
//! The passes are proved symbolically while they run; here nothing is believed. Before is the program in the order of its lines,
//! after is what each level makes of it, interleaved at random. `ACG_PROOF_PROGRAMS` and `ACG_PROOF_SCHEDULES` say
//! how many programs and schedules; `ACG_PROOF_FIRST` is the first seed.

mod programs;

use std::time::Duration;

use acg_check::{CompileOptions, OptLevel, TargetChoice, optimise_program};
use acg_diagnostics::Sources;
use acg_ir::{Module, Space};
use acg_reference::{Options, Outcome, Program, Schedule, run};
use programs::generate::Generated;

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What a level makes of a program, and how many copies it does once instead of on every execution.
fn optimised(text: &str, level: OptLevel) -> (Module, u64) {
    let mut sources = Sources::new();
    let file = sources.add("generated.acg".to_owned(), text.to_owned());
    // A search that goes on changes schedules, which are right or wrong from the first step on.
    let time_limit = Some(Duration::from_millis(5));
    let options = CompileOptions { level: Some(level), time_limit, ..CompileOptions::default() };
    let result = optimise_program(&sources, file, &TargetChoice::default(), None, &options, false, |_, _| {});
    match result {
        Ok((module, optimised)) => {
            let hoisted = optimised.statistics.iter().filter(|one| one.pass == "hoist-invariant-copies");
            (module, hoisted.map(|one| one.count).sum())
        }
        Err(diagnostics) => {
            let messages: Vec<_> = diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
            panic!("{level:?}: {messages:?}\n{text}")
        }
    }
}

fn execute(module: &Module, schedule: Schedule, seed: u64, text: &str) -> Outcome {
    let options = Options { schedule, inputs: Some(seed), ..Options::default() };
    match run(&Program::new(module), &options) {
        Ok(outcome) => outcome,
        Err(fault) => panic!("{schedule:?}: {fault:?}\n{text}"),
    }
}

/// The buffers that can be looked at afterwards, by name.
fn left<'m>(module: &'m Module, outcome: &'m Outcome) -> Vec<(&'m str, &'m [u8])> {
    let kept = module.buffers.iter().filter(|(_, data)| data.view.is_none() && data.space != Space::Temp);
    let mut left: Vec<_> =
        kept.map(|(buffer, data)| (module.text(data.name), outcome.memory.bytes(buffer))).collect();
    left.sort_unstable();
    left
}

/// Compares a program with what every level makes of it; gives how many executions that took, and how many copies they do once.
fn prove(text: &str, seed: u64, schedules: u64) -> (u64, u64) {
    let module = programs::read(text);
    let before = execute(&module, Schedule::Program, seed, text);
    assert_eq!(before.races, [], "{text}");
    let expected = left(&module, &before);
    let (mut executions, mut hoisted) = (1, 0);
    for schedule in 0..schedules {
        let again = execute(&module, Schedule::Random(schedule), seed, text);
        assert_eq!(left(&module, &again), expected, "schedule {schedule}\n{text}");
        executions += 1;
    }
    for level in [OptLevel::O1, OptLevel::O2, OptLevel::O3] {
        let (module, once) = optimised(text, level);
        hoisted += once;
        let printed = || acg_ir::print::print(&module);
        for schedule in 0..schedules {
            let after = execute(&module, Schedule::Random(schedule), seed, text);
            assert_eq!(after.races, [], "{level:?}\n{text}\n{}", printed());
            let found = left(&module, &after);
            let found: Vec<_> =
                found.into_iter().filter(|(name, _)| expected.iter().any(|(own, _)| own == name)).collect();
            assert_eq!(found, expected, "{level:?}, schedule {schedule}\n{text}\n{}", printed());
            executions += 1;
        }
    }
    (executions, hoisted)
}

#[test]
fn programs_compute_the_same_before_and_after() {
    let (programs, schedules) = (number("ACG_PROOF_PROGRAMS", 40), number("ACG_PROOF_SCHEDULES", 3));
    let first = number("ACG_PROOF_FIRST", 0);
    let (mut executions, mut hoisted) = (0, 0);
    for seed in first..first + programs {
        let mut generated = Generated::new(seed);
        let text = if seed % 2 == 0 { generated.auto(seed) } else { generated.explicit(seed) };
        let (more, once) = prove(&text, seed, schedules);
        executions += more;
        hoisted += once;
    }
    assert!(programs < 40 || hoisted > 0, "no copy was ever the same on every execution");
    println!(
        "{programs} programs agree before and after in {executions} executions, {hoisted} copies done once"
    );
}

#[test]
fn operators_in_place_stay_in_place() {
    let text = "\
host out_h : f32[16] pinned
device a, b, c : f32[16]
temp t : f32[16]
stream main
graph g auto {
  copy a -> t
  aclnnInplaceAdd(t, b, alpha = 2) -> t
  aclnnInplaceMul(c, t) -> c
  copy a -> out_h
}
";
    prove(text, 1, 2);
}

#[test]
fn task_graphs_compute_the_same_before_and_after() {
    use acg_import::tasks::{Shape, generate, import_task_graph};
    for (seed, shape) in Shape::ALL.into_iter().enumerate() {
        let graph = generate(shape, 24, seed as u64);
        let imported = import_task_graph(&graph, shape.as_str(), None).expect("it is a task graph");
        prove(&acg_ir::print::print(&imported.module), seed as u64, 2);
    }
}

/// What an operator leaves of its results is not what it writes: the fill below it is seen.
#[test]
fn what_an_operator_keeps_is_seen() {
    let text = "\
device x, o : f32[4, 2]
device w : f32[1, 2, 2]
device g : i64[1]
host g_h : i64[1] pinned
stream main
graph add on main {
  main: fill o = 0
  main: aclnnGroupedMatmulV4([x], [w], groupListOptional = g, splitItem = 2, groupType = 0) -> [o]
}
run {
  init g_h = 2
  main: copy g_h -> g
  main: execute add
  sync main
}
";
    prove(text, 1, 2);
    let (module, _) = optimised(text, OptLevel::O3);
    let printed = acg_ir::print::print(&module);
    assert!(printed.contains("fill o = 0"), "{printed}");
}
