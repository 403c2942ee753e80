//! Streams, events, conditional tasks, the host program: what an execution does and where it ends.

mod programs;

use acg_reference::{FaultKind, Options, Schedule};
use programs::{assert_always, execute, printed, random};

const BUFFERS: &str = "\
host a_h, b_h : f32[4] pinned
device a, b, c : f32[4]
device flag : u64[]
stream main, side, body
event e, f
event outside external
notify ready
";

fn program(rest: &str) -> String {
    format!("{BUFFERS}{rest}")
}

/// The different outputs of 32 random schedules.
fn outputs(text: &str) -> Vec<Vec<String>> {
    let mut outputs: Vec<Vec<String>> = (0..32).map(|seed| random(text, seed).printed).collect();
    outputs.sort();
    outputs.dedup();
    outputs
}

#[test]
fn a_race_shows_and_is_named() {
    let text = program(
        "graph g on main mode global {
  main: copy a_h -> a
  main: record e
  side: wait e
  side: fill b = 0
  main: copy a -> b
  side: record f
  main: wait f
  main: copy b -> b_h
}
run {
  init a_h = 1.5
  main: execute g
  sync main
  print b_h
}
",
    );
    let expected = [["b_h = [0.0, 0.0, 0.0, 0.0]"], ["b_h = [1.5, 1.5, 1.5, 1.5]"]];
    assert_eq!(outputs(&text), expected);
    for seed in 0..4 {
        let races = random(&text, seed).races;
        assert_eq!(races.len(), 1, "{races:?}");
        assert_eq!(races[0].about, "bytes 0..16 of `b`");
    }
}

#[test]
fn host_and_device_race_without_a_synchronisation() {
    let text = program(
        "run {
  init a_h = 1
  main: copy a_h -> a
  main: copy a -> b_h
  print b_h
  sync main
  print b_h
}
",
    );
    let outputs = outputs(&text);
    assert_eq!(outputs.len(), 2);
    assert!(outputs.iter().all(|lines| lines[1] == "b_h = [1.0, 1.0, 1.0, 1.0]"));
    assert_eq!(random(&text, 1).races.len(), 1);
}

#[test]
fn an_update_that_nothing_orders_is_a_race() {
    let text = program(
        "graph g on main mode global {
  main: group tail { aclnnAdds(a, other = 1) -> b }
}
run {
  main: execute g
  side: update g.tail { aclnnAdds(a, other = 2) -> b }
  sync device
}
",
    );
    let races = random(&text, 1).races;
    assert_eq!(races.len(), 1);
    assert_eq!(races[0].about, "the kernels of task group `g.tail`");
}

#[test]
fn signals_order_streams() {
    let text = program(
        "run {
  init a_h = 2
  main: copy a_h -> a
  main: record e
  side: wait e
  side: aclnnAdd(a, a) -> b
  side: record ready
  main: wait ready
  main: aclnnAdd(b, a) -> c
  main: write flag = 3
  side: wait_value flag >= 3
  side: copy c -> b_h
  side: record outside
  body: wait outside
  body: reset outside
  body: copy c -> a_h
  sync side
  sync body
  print b_h, a_h
}
",
    );
    let expected = [["b_h = [6.0, 6.0, 6.0, 6.0]", "a_h = [6.0, 6.0, 6.0, 6.0]"]];
    assert_eq!(outputs(&text), expected);
    assert_eq!(random(&text, 1).races, []);
}

#[test]
fn conditional_tasks_choose_and_repeat() {
    // The value of a condition is a `u64[]`, so what is copied into it is bytes.
    let text = program(
        "device left_raw, n_raw : bytes[8]
device left = left_raw as i64[]
device n = n_raw as i64[]
device one : i64[]
host one_h, three_h : i64[] pinned
graph count on main mode global {
  cond again default 3
  cond which
  main: fill n_raw = 0
  main: while again on body {
    aclnnInplaceAdd(n, one) -> n
    aclnnInplaceSub(left, one) -> left
    copy left_raw -> again
  }
  main: copy n_raw -> which
  main: switch which {
    case on body { fill a = 0 }
    case on body { fill a = 1 }
    case on body { fill a = 2 }
    case on body { aclnnAdds(a, other = 3) -> a }
  }
  main: if which on body {
    copy a -> a_h
  } else on body {
    fill a_h = 9
  }
}
run {
  init one_h = 1, three_h = 3
  repeat 2 {
    main: copy one_h -> one
    main: copy three_h -> left
    main: execute count
    sync main
    print a_h
  }
}
",
    );
    let expected = ["a_h = [3.0, 3.0, 3.0, 3.0]", "a_h = [6.0, 6.0, 6.0, 6.0]"];
    assert_eq!(printed(&text), expected);
    assert_always(&text, 8, &expected.map(String::from));
    let fault =
        execute(&text.replace("main: copy n_raw -> which", "main: write which = 7"), &Options::default());
    assert!(fault.unwrap_err().message.contains("`which` is 7"));
}

#[test]
fn loops_without_an_end_run_into_the_limit() {
    let text = program(
        "graph g on main mode global {
  cond again default 1
  main: while again on body { fill a = 0 }
}
run {
  main: execute g
  sync main
}
",
    );
    let options = Options { step_limit: 1_000_000, ..Options::default() };
    let fault = execute(&text, &options).unwrap_err();
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        (FaultKind::Limit, "the program takes more than 1000000 steps")
    );
    let fault = execute(&text, &Options { round_limit: 100, ..Options::default() }).unwrap_err();
    assert!(fault.message.contains("100 rounds"), "{}", fault.message);
    let empty = text.replace("fill a = 0", "");
    assert_eq!(execute(&empty, &options).unwrap_err().kind, FaultKind::Limit);
    let host = program("run {\n  repeat 9000000000000000000 { sync device }\n}\n");
    assert_eq!(execute(&host, &options).unwrap_err().kind, FaultKind::Limit);
}

#[test]
fn what_waits_for_nothing_that_comes_is_stuck() {
    let text = program(
        "run {
  main: wait outside
  main: fill a = 0
  sync main
}
",
    );
    for schedule in [Schedule::Program, Schedule::Random(1)] {
        let fault = execute(&text, &Options { schedule, ..Options::default() }).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Stuck);
        assert_eq!(fault.related.len(), 1, "the host waits for it");
    }
}

#[test]
fn large_memory_is_refused() {
    let text = "device huge : u8[2000000000]\nrun {\n  sync device\n}\n";
    let fault = execute(text, &Options::default()).unwrap_err();
    assert_eq!(
        (fault.kind, fault.message.as_str()),
        (FaultKind::Limit, "the buffers take more than 1073741824 bytes")
    );
}

#[test]
fn unknown_operators_are_refused_and_kernels_marked() {
    let text =
        program("run {\n  main: kernel \"K\"(a) -> b\n  main: copy b -> b_h\n  sync main\n  print b_h\n}\n");
    let outcome = random(&text, 0);
    assert!(outcome.printed[0].ends_with("// made up"), "{:?}", outcome.printed);
    assert_eq!(outcome.stand_ins, ["kernel \"K\""]);
    let text = "device q : u8[64]\nstream main\nrun {\n  main: aclnnDropoutGenMask(shape = [8], prob = 0.5) -> q\n}\n";
    let fault = execute(text, &Options::default()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotExecutable);
    assert!(fault.message.contains("aclnnDropoutGenMask"), "{}", fault.message);
    assert!(execute(text, &Options { stand_ins: true, ..Options::default() }).is_ok());
}

#[test]
fn expectations_are_judged_as_the_element_type_holds_them() {
    let text = program(
        "run {
  init a_h = 1.1
  expect a_h = 1.1
  expect a_h = [1.1, 1.1, 1.1, 1.2] within 0.2
  expect a_h[2] = 1.2
}
",
    );
    let unmet = random(&text, 0).unmet;
    assert_eq!(unmet.len(), 1);
    assert_eq!(unmet[0].message, "element 0 of `a_h[2]` is 1.1, not 1.2");
}

#[test]
fn without_a_host_program_each_graph_runs_once() {
    let text = program("graph g on main mode global {\n  main: aclnnAdds(a, other = 1) -> a\n}\n");
    let module = programs::read(&text);
    let outcome = acg_reference::run(&acg_reference::Program::new(&module), &Options::default()).unwrap();
    let a = module.buffers.iter().find(|(_, data)| module.text(data.name) == "a").unwrap().0;
    assert_eq!(outcome.memory.bytes(a), 1f32.to_le_bytes().repeat(4));
}

#[test]
fn strided_and_reinterpreted_views_share_bytes() {
    let text = "\
host m_h : f32[2, 3] pinned
host col_h : f32[2] pinned
host bits_h : u32[3] pinned
device m : f32[2, 3]
device column = m[.., 1]
device packed : f32[2]
device first = m[0] as u32[3]
stream main
run {
  init m_h = [1, 2, 3, 4, 5, 6]
  main: copy m_h -> m
  main: aclnnMuls(column, other = 10) -> packed
  main: copy packed -> col_h
  main: copy first -> bits_h
  sync main
  print col_h, bits_h, m_h[.., 2]
}
";
    let bits: Vec<String> = [1f32, 2.0, 3.0].iter().map(|value| value.to_bits().to_string()).collect();
    let expected = [
        "col_h = [20.0, 50.0]".to_owned(),
        format!("bits_h = [{}]", bits.join(", ")),
        "m_h[.., 2] = [3.0, 6.0]".to_owned(),
    ];
    assert_eq!(printed(text), expected);
}

/// What a device does with a result that lies over a part of what the task reads is not known, so no number is printed.
#[test]
fn operands_that_overlap_in_part_are_refused() {
    let program = |line: &str| {
        format!(
            "device a, b : f32[8]\nhost h : f32[8] pinned\nstream main\nrun {{\n  main: {line}\n  sync main\n  print h\n}}\n"
        )
    };
    for line in [
        "aclnnMuls(a[0..4], other = 2) -> a[2..6]",
        "aclnnAdd(a[0..4], b[0..4]) -> b[1..5]",
        "aclnnInplaceAdd(a[0..4], a[1..5]) -> a[0..4]",
        "aclnnCumsum(a, dim = 0) -> a",
        "copy a[0..4] -> a[1..5]",
        "copy_batch a -> b, b -> h",
        "copy_batch a[0..4] -> b[0..4], a[4..8] -> b[3..7]",
        "reduce a[0..4] -> a[3..7] sum",
    ] {
        let fault = execute(&program(line), &Options::default()).expect_err(line);
        assert!(fault.message.contains("what comes first is not known"), "{line}: {}", fault.message);
    }
    for line in [
        "aclnnMuls(a[0..4], other = 2) -> a[4..8]",
        "aclnnAdd(a, b) -> a",
        "aclnnInplaceAdd(a, a) -> a",
        "copy a -> a",
        "copy_batch a[0..4] -> b[4..8], a[4..8] -> b[0..4]",
        "aclnnCumsum(a, dim = 0) -> b",
    ] {
        execute(&program(line), &Options::default()).expect(line);
    }
}
