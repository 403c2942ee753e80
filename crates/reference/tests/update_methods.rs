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
        "host x_h, y_h : f32[4] pinned\ndevice x, y, z : f32[4]\nstream main, side, upd\n\
         event forked, joined\nevent ready external\n\ngraph g on main mode global {\n  main: copy x_h -> x\n  main: copy y_h -> y\n",
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
        match numbers.u64(..4) {
            0 => write(
                &mut text,
                format_args!(
                    "  main: record forked\n  side: wait forked\n  side: copy y -> z\n  side: record joined\n  main: wait joined"
                ),
            ),
            1 => write(&mut text, format_args!("  main {{\n    aclnnMul(x, y) -> z\n    copy z -> y\n  }}")),
            2 => write(&mut text, format_args!("  main: copy y -> z")),
            _ => {}
        }
        let lines = body(&mut numbers, count);
        write(&mut text, format_args!("  main: group t{group} {{\n{lines}  }}"));
    }
    write(
        &mut text,
        format_args!("  main: copy y -> y_h\n}}\n\nrun {{\n  init x_h = [1, 2, 3, 4], y_h = 1.0"),
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
        write(&mut text, format_args!("{open}{lines}  sync main\n  sync upd\n  print y_h\n{close}"));
    }
    text + "}\n"
}

#[test]
fn generated_programs_compute_the_same_either_way() {
    let mut several = 0;
    for seed in 0..60 {
        several += usize::from(compare(&generated(seed)) > 1);
    }
    assert!(several > 20, "most graphs are divided: {several}");
}

/// Programs that say nothing certain, and the reason that is given.
const UNDIVIDED: [(&str, &str, &str); 6] = [
    (
        "  main: record forked\n  side: wait forked\n  side: group t { aclnnAdd(x, y) -> y }\n  side: record joined\n  main: wait joined",
        "  main: update g.t { aclnnAdd(x, x) -> y }\n  main: execute g",
        "another stream than the graph begins on",
    ),
    (
        "  main: record forked\n  main: copy x -> y\n  main: group t { aclnnAdd(x, y) -> y }\n  side: wait forked\n  side: record joined\n  main: wait joined",
        "  main: update g.t { aclnnAdd(x, x) -> y }\n  main: execute g",
        "another stream waits here",
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
            "device x, y : f32[4]\nstream main, side, upd\nevent forked, joined\nevent ready external\nlock l\n\n\
             graph g on main mode global {{\n{graph}\n}}\n\nrun {{\n{host}\n  sync device\n}}\n"
        );
        let why = realised(&text, UpdateMethod::Segments).expect_err(reason);
        assert!(why.contains(reason), "{why}\n{text}");
        let kept = realised(&text, UpdateMethod::Auto).expect("the program stays as it is written");
        assert_eq!(acg_ir::print::print(&kept), acg_ir::print::print(&programs::read(&text)));
    }
}
