//! Updates in place and updates by separate models compute the same.

mod programs;

use std::fmt::Write as _;

use acg_check::{CompileOptions, OptLevel, TargetChoice, UpdateMethod, optimise_program};
use acg_diagnostics::Sources;
use acg_ir::{Module, Op};
use acg_reference::{Options, Outcome, Program, Schedule, run};
use fastrand::Rng;

/// The program with its updates realised as asked; what keeps it from that otherwise.
fn realised(text: &str, method: UpdateMethod) -> Result<Module, String> {
    let mut sources = Sources::new();
    let file = sources.add("generated.acg".to_owned(), text.to_owned());
    let update_method = Some(method);
    let options = CompileOptions { level: Some(OptLevel::O0), update_method, ..CompileOptions::default() };
    let result = optimise_program(&sources, file, &TargetChoice::default(), None, &options, false, |_, _| {});
    result
        .map(|(module, _)| module)
        .map_err(|found| found.iter().map(|found| found.message.clone()).collect())
}

fn execute(module: &Module, schedule: Schedule) -> Outcome {
    let options = Options { schedule, ..Options::default() };
    run(&Program::new(module), &options).expect("the program runs")
}

/// Executes both forms, the divided one under several schedules; gives how many models the first graph became.
fn compare(text: &str) -> usize {
    let divided = realised(text, UpdateMethod::Segments).unwrap_or_else(|why| panic!("{why}\n{text}"));
    let printed = || acg_ir::print::print(&divided);
    let expected = execute(&programs::read(text), Schedule::Program).printed;
    for schedule in [Schedule::Program, Schedule::Random(1), Schedule::Random(2)] {
        let found = execute(&divided, schedule);
        assert_eq!(found.printed, expected, "{schedule:?}\n{text}\n{}", printed());
        assert_eq!(found.races, [], "{text}\n{}", printed());
    }
    assert!(divided.run.as_ref().is_some_and(|run| run.updates.is_empty()), "{}", printed());
    assert_eq!(printed(), acg_ir::print::print(&programs::read(&printed())), "it is a program again");
    let graph = divided.graphs.values().next().expect("there is a graph");
    graph.program().filter(|&task| graph.tasks[task].op == Op::Segment).count() + 1
}

const SEEDS: [&str; 2] = [
    include_str!("../../../testdata/seeds/task_update_serial.acg"),
    include_str!("../../../testdata/seeds/task_update_concurrent.acg"),
];

/// Conditions and waits for values around a group, each of them in one part.
const KEPT_WHOLE: [&str; 3] = [
    "  cond again default 1\n  main: copy x_h -> x\n  main: copy x_h -> y\n  main: group t { aclnnAdd(x, y) -> y }\n  \
     main: while again on side {\n    aclnnAdd(y, x) -> y\n    write again = 0\n  }\n  main: copy y -> y_h",
    "  cond first default 1\n  cond second\n  main: copy x_h -> x\n  main: if first on side { copy x -> y }\n  \
     main: group t { aclnnAdd(x, y) -> y }\n  main: write second = 1\n  main: switch second {\n    case on side { copy x -> y }\n    \
     case on side { aclnnMul(y, y) -> y }\n  }\n  main: copy y -> y_h",
    "  main: copy x_h -> x\n  main: copy x_h -> y\n  main: group t { aclnnAdd(x, y) -> y }\n  main: write flag = 1\n  \
     main: wait_value flag >= 1\n  main: copy y -> y_h",
];

#[test]
fn conditions_and_waits_for_values_stay_in_one_model() {
    for graph in KEPT_WHOLE {
        let text = format!(
            "host x_h, y_h : f32[4] pinned\ndevice x, y : f32[4]\ndevice flag : u64[1]\nstream main, side\n\n\
             graph g on main mode global {{\n{graph}\n}}\n\nrun {{\n  init x_h = [1, 2, 3, 4], y_h = 0.0\n  \
             repeat 2 {{\n    main: update g.t {{ aclnnAdd(x, y, alpha = 3) -> y }}\n    main: execute g\n    sync main\n    print y_h\n  }}\n}}\n"
        );
        assert_eq!(compare(&text), 2, "{text}");
    }
}

#[test]
fn the_samples_print_the_same_either_way() {
    for text in SEEDS {
        assert_eq!(compare(text), 2);
        for method in [UpdateMethod::Group, UpdateMethod::Segments] {
            let module = realised(text, method).expect("both forms can be had");
            let printed = execute(&module, Schedule::Program).printed;
            assert_eq!(printed.len(), 2);
            assert!(printed[0].contains("[2.2, 2.2") && printed[1].contains("[6.6, 6.6"), "{printed:?}");
        }
        let group = realised(text, UpdateMethod::Group).expect("that is as written");
        assert_eq!(acg_ir::print::print(&group), acg_ir::print::print(&programs::read(text)));
    }
}

/// A graph of groups and other tasks, and a host program that updates the groups and executes the graph, in stream order or with the
/// update behind the execution that waits for it.
fn generated(seed: u64) -> String {
    let mut numbers = Rng::with_seed(seed);
    let groups = 1 + numbers.u64(..3);
    let is_late = numbers.u64(..2) == 0;
    let mut text = String::from(
        "host x_h, y_h, w_h : f32[4] pinned\ndevice x, y, z, w : f32[4]\nstream main, side, upd\n\
         event forked, joined\nevent ready external\n\ngraph g on main mode global {\n  main: copy x_h -> x\n  main: copy y_h -> y\n  main: copy w_h -> w\n  main: copy x_h -> z\n",
    );
    let kernels: Vec<u64> = (0..groups).map(|_| 1 + numbers.u64(..3)).collect();
    let write =
        |text: &mut String, line: std::fmt::Arguments<'_>| writeln!(text, "{line}").expect("text grows");
    let body = |numbers: &mut Rng, count: u64| -> String {
        let line = |numbers: &mut Rng| format!("    aclnnAdd(x, y, alpha = {}) -> y\n", 1 + numbers.u64(..5));
        (0..count).map(|_| line(numbers)).collect()
    };
    if is_late {
        write(&mut text, format_args!("  main: wait ready\n  main: reset ready"));
    }
    for (group, &count) in kernels.iter().enumerate() {
        let fork = "  main: record forked\n  side: wait forked\n";
        let join = "  side: record joined\n  main: wait joined\n";
        let beside = "  side: aclnnAdd(z, x) -> w\n";
        let before = match numbers.u64(..4) {
            0 => format!("{fork}  side: copy y -> z\n{join}"),
            1 => "  main {\n    aclnnMul(x, y) -> z\n    copy z -> y\n  }\n".to_owned(),
            2 => "  main: copy y -> z\n".to_owned(),
            _ => String::new(),
        };
        let lines = body(&mut numbers, count);
        let group = |stream: &str| format!("  {stream}: group t{group} {{\n{lines}  }}\n");
        let graph = match numbers.u64(..5) {
            // The group is on the side stream, with and without work beside it, or the side stream waits across it.
            0 => format!("{fork}{}{join}", group("side")),
            1 => format!("{fork}{}  main: aclnnAdd(z, x) -> w\n{join}", group("side")),
            2 => format!("{fork}{}{beside}{join}", group("main")),
            3 => format!("  main: record forked\n{}  side: wait forked\n{beside}{join}", group("main")),
            _ => group("main"),
        };
        text += &(before + &graph);
    }
    write(
        &mut text,
        format_args!(
            "  main: copy y -> y_h\n  main: copy w -> w_h\n}}\n\nrun {{\n  init x_h = [1, 2, 3, 4], y_h = 1.0, w_h = 0.0"
        ),
    );
    let every: Vec<u64> = (0..groups).collect();
    let rounds = 1 + numbers.u64(..4);
    let repeated = numbers.u64(..3) == 0;
    for round in 0..rounds {
        let mut updates = String::new();
        for &group in &every {
            // In a loop, and while the record of the update is waited for, every group is updated.
            if numbers.u64(..2) == 0 || is_late || repeated || (round == 0 && group == 0) {
                let lines = body(&mut numbers, kernels[group as usize]);
                let stream = if is_late { "upd" } else { "main" };
                write(&mut updates, format_args!("  {stream}: update g.t{group} {{\n{lines}  }}"));
            }
        }
        let (open, close) = if repeated { ("  repeat 2 {\n", "  }\n") } else { ("", "") };
        let lines = match (is_late, numbers.u64(..2)) {
            (true, 0) => format!("  upd {{\n  main: execute g\n{updates}  record ready\n  }}\n"),
            (true, _) => format!("  main: execute g\n{updates}  upd: record ready\n"),
            (false, _) => format!("{updates}  main: execute g\n"),
        };
        write(
            &mut text,
            format_args!("{open}{lines}  sync main\n  sync upd\n  print y_h\n  print w_h\n{close}"),
        );
    }
    text + "}\n"
}

#[test]
fn generated_programs_compute_the_same_either_way() {
    let mut several = 0;
    for seed in 0..150 {
        several += usize::from(compare(&generated(seed)) > 1);
    }
    assert!(several > 100, "most graphs are divided: {several}");
}

/// Programs that say nothing certain, and the reason that is given.
const UNDIVIDED: [(&str, &str, &str); 10] = [
    (
        "  main: record forked\n  side: wait forked\n  side: group t { aclnnAdd(x, y) -> y }\n  side: record joined\n  main: wait joined",
        "  main: update g.t { aclnnAdd(x, x) -> y }\n  main: execute g",
        "nothing but updated kernels",
    ),
    (
        "  main: record forked\n  main: host_func f\n  side: wait forked\n  side: wait ready\n  side: group t { aclnnAdd(x, y) -> y }\n  side: record joined\n  main: wait joined",
        "  main: execute g\n  upd: update g.t { aclnnAdd(x, x) -> y }\n  upd: record ready",
        "another stream than the graph begins on",
    ),
    (
        "  main: copy x -> y\n  main: wait_value flag >= 1\n  main: group t { aclnnAdd(x, y) -> y }",
        "  main: update g.t { aclnnAdd(x, x) -> y }\n  main: execute g",
        "waits for a value before",
    ),
    (
        "  cond c default 1\n  main: if c on side { copy x -> y }\n  main: group t { aclnnAdd(x, y) -> y }\n  main: write c = 0",
        "  main: update g.t { aclnnAdd(x, x) -> y }\n  main: execute g",
        "would be used in several",
    ),
    (
        "  cond c default 1\n  main: copy x -> y\n  main: group t { kernel \"Step\"(x) -> y }\n  main: if c on side { copy x -> y }",
        "  main: update g.t { kernel \"Step\"(x) -> c }\n  main: execute g",
        "updated group uses its value",
    ),
    (
        "  cond c default 1\n  main: copy x -> y\n  main: if c on side {\n    group t { aclnnAdd(x, y) -> y }\n  }",
        "  main: update g.t { aclnnAdd(x, x) -> y }\n  main: execute g",
        "stands in a block",
    ),
    (
        "  main: copy x -> y\n  main: group t { aclnnAdd(x, y) -> y }",
        "  repeat 3 {\n    main: execute g\n    main: update g.t { aclnnAdd(x, x) -> y }\n  }",
        "the first round of a `repeat`",
    ),
    (
        "  main: copy x -> y\n  main: wait ready\n  main: reset ready\n  main: group t { aclnnAdd(x, y) -> y }",
        "  main: execute g\n  main: copy y -> x\n  upd: update g.t { aclnnAdd(x, x) -> y }\n  upd: record ready",
        "its stream is given other work",
    ),
    (
        "  main: copy x -> y\n  main: wait ready\n  main: reset ready\n  main: group t { aclnnAdd(x, y) -> y }",
        "  lock l { main: execute g }\n  upd: update g.t { aclnnAdd(x, x) -> y }\n  upd: record ready",
        "stands in another block",
    ),
    (
        "  main: group t { aclnnAdd(x, y) -> y }",
        "  main: update g.t { aclnnAdd(x, x) -> y }\n  main: execute g",
        "nothing but updated kernels",
    ),
];

#[test]
fn what_is_not_certain_is_not_divided() {
    for (graph, host, reason) in UNDIVIDED {
        let text = format!(
            "device x, y : f32[4]\ndevice flag : u64[1]\nstream main, side, upd\nevent forked, joined\nevent ready external\nlock l\n\n\
             graph g on main mode global {{\n{graph}\n}}\n\nrun {{\n{host}\n  sync device\n}}\n"
        );
        let why = realised(&text, UpdateMethod::Segments).expect_err(reason);
        assert!(why.contains(reason), "{why}\n{text}");
        let kept = realised(&text, UpdateMethod::Auto).expect("the program stays as it is written");
        assert_eq!(acg_ir::print::print(&kept), acg_ir::print::print(&programs::read(&text)));
    }
}

#[test]
fn a_default_is_set_before_each_execution_of_its_model_alone() {
    let text = "host x_h, y_h : f32[2] pinned\ndevice x, y : f32[2]\nstream main, sub\n\ngraph g on main mode global {\n  \
                main: copy x_h -> x\n  main: copy x_h -> y\n  segment\n  cond again default 1\n  main: while again on sub {\n    \
                aclnnAdd(y, x) -> y\n    write again = 0\n  }\n  main: copy y -> y_h\n}\n\nrun {\n  init x_h = [1, 2]\n  main: execute g\n  \
                main: execute g.2\n  main: execute g.2\n  sync main\n  print y_h\n}\n";
    let printed = execute(&programs::read(text), Schedule::Program).printed;
    assert!(printed.len() == 1 && printed[0].contains("[4.0, 8.0]"), "{printed:?}");
}
