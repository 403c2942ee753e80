//! What no buffer shows stays where it is: calls of the host, notifies, values, external events, kernels without results, blocks.

mod support;

use acg_ir::{Body, Entity, GraphId, Module, Step, Stream};
use support::{parse, verdict};

const PROGRAM: &str = "\
host h : f32[8] pinned
device a, b, c : f32[8]
device flag : u64[]
stream s0, s1
event forked, shared, joined, other
event outside external
notify n
graph g on s0 {
  s0: record forked
  s1: wait forked
  s0: record n
  s0: copy a -> b
  s1: wait n
  s0: callback seen block
  s1: write flag = 1
  s0: host_func told
  s1: wait_value flag >= 1
  s0: kernel \"Tick\"()
  s1: kernel \"Show\"(a)
  s0: record outside
  s1: record shared
  s0: group tail {
    kernel \"K\"(b) -> c
    kernel \"L\"(b) -> c
  }
  s1: record joined
  s0: wait joined
  s0: copy c -> h
  relaxed {
    copy_sync h -> b
    copy_sync h -> c
  }
}
run {
  init h = 1.0
  s0: execute g
  s1: wait shared
  sync s0
  print h
}
";

fn graph(module: &mut Module) -> &mut Body {
    &mut module.graphs[GraphId::at(0)].body
}

/// Whether the change is let pass, be it of a pass that orders anew or of one that does not.
fn judge(change: impl Fn(&mut Module)) -> bool {
    let before = parse(PROGRAM);
    let mut after = before.clone();
    change(&mut after);
    [false, true].into_iter().any(|reorders| verdict(&before, &after, reorders).is_ok())
}

fn line(module: &Module, at: usize) -> String {
    match module.graphs[GraphId::at(0)].steps[at] {
        Step::Task(task) => acg_ir::print::task(module, &module.graphs[GraphId::at(0)], task),
        other => format!("{other:?}"),
    }
}

#[test]
fn nothing_is_nothing() {
    let module = parse(PROGRAM);
    assert_eq!(verdict(&module, &module, false), Ok(()));
    assert_eq!(verdict(&module, &module, true), Ok(()));
}

#[test]
fn every_line_stays() {
    let module = parse(PROGRAM);
    for at in 0..module.graphs[GraphId::at(0)].steps.len() {
        let line = line(&module, at);
        // What brings a stream in orders nothing after anything.
        let counts = !line.ends_with("forked");
        if counts && matches!(module.graphs[GraphId::at(0)].steps[at], Step::Task(_)) {
            let may_go = judge(|module| {
                graph(module).steps.remove(at);
            });
            assert!(!may_go, "{line} may go");
        }
    }
}

#[test]
fn lines_of_one_stream_keep_their_order() {
    let module = parse(PROGRAM);
    let body = &module.graphs[GraphId::at(0)];
    for first in 0..body.steps.len() {
        let Step::Task(one) = body.steps[first] else { continue };
        let later = body.steps[first + 1..].iter().position(
            |step| matches!(*step, Step::Task(other) if body.tasks[other].stream == body.tasks[one].stream),
        );
        let Some(later) = later else { continue };
        let second = first + 1 + later;
        let told = format!("{} and {}", line(&module, first), line(&module, second));
        assert!(
            told.contains("forked") || !judge(|module| graph(module).steps.swap(first, second)),
            "{told} may change places"
        );
    }
}

#[test]
fn nothing_moves_to_another_stream() {
    let module = parse(PROGRAM);
    let body = &module.graphs[GraphId::at(0)];
    for at in 0..body.steps.len() {
        let Step::Task(task) = body.steps[at] else { continue };
        let Some(stream) = body.tasks[task].stream else { continue };
        let other = Stream::at(1 - stream.index());
        let line = line(&module, at);
        let may_move = judge(|module| graph(module).tasks[task].stream = Some(other));
        assert!(line.ends_with("forked") || !may_move, "{line} may move");
    }
}

#[test]
fn no_order_is_added_where_something_outside_may_block() {
    let is_right = judge(|module| {
        let body = graph(module);
        let event = module_event(body, 0);
        let record =
            acg_ir::TaskData::new(acg_ir::Op::Record { event, external: false }, Some(Stream::at(1)));
        let wait = acg_ir::TaskData::new(acg_ir::Op::Wait { event, external: false }, Some(Stream::at(0)));
        for data in [record, wait] {
            body.push(data, acg_ir::graph::SourceRange::default());
            let step = body.steps.pop().expect("it was pushed");
            let at =
                body.steps.iter().position(|step| matches!(step, Step::Open(_))).expect("there is a group");
            body.steps.insert(at, step);
        }
    });
    assert!(!is_right);
}

fn module_event(_: &Body, number: usize) -> acg_ir::Event {
    acg_ir::Event::at(3 + number)
}

#[test]
fn the_host_program_and_declarations_stay() {
    assert!(!judge(|module| {
        module.run.as_mut().expect("there is one").steps.pop();
    }));
    assert!(!judge(|module| module.streams[Stream::at(1)].priority = Some(1)));
    assert!(!judge(|module| module.graphs[GraphId::at(0)].mode = acg_ir::Mode::Relaxed));
    assert!(!judge(|module| {
        let shared = acg_ir::Event::at(1);
        module.events[shared].kind = acg_ir::EventKind::Legacy;
    }));
    assert!(!judge(|module| {
        let buffer = acg_ir::Buffer::at(1);
        module.buffers[buffer].space = acg_ir::Space::Temp;
    }));
}

#[test]
fn a_graph_with_branches_stays_line_by_line() {
    let text = "\
device a, b : f32[8]
stream s0, s1
graph g on s0 {
  cond c default 0
  s0: copy a -> b
  s0: if c on s1 {
    s1: copy b -> a
  }
  s0: copy a -> b
}
";
    let before = parse(text);
    let same = verdict(&before, &before.clone(), false);
    assert_eq!(same, Ok(()));
    let steps = before.graphs[GraphId::at(0)].steps.len();
    for at in 0..steps {
        let mut after = before.clone();
        graph(&mut after).steps.remove(at);
        assert!(verdict(&before, &after, true).is_err(), "line {at} may go");
    }
}

#[test]
fn kernels_of_updates_count_for_their_group() {
    let text = "\
device a, b, c, d : f32[8]
stream s0, s1, upd
event e, joined
graph g on s0 {
  s0: record e
  s1: wait e
  s0: group tail {
    kernel \"K\"(a) -> b
  }
  s0: record e
  s1: wait e
  s1: kernel \"L\"(c) -> d
  s1: record joined
  s0: wait joined
}
run {
  upd: update g.tail {
    kernel \"K\"(d) -> b
  }
  s0: execute g
}
";
    let before = parse(text);
    let mut after = before.clone();
    let wait = graph(&mut after).steps.iter().rposition(|step| {
        matches!(*step, Step::Task(task) if matches!(before.graphs[GraphId::at(0)].tasks[task].op,
            acg_ir::Op::Wait { event, .. } if event == acg_ir::Event::at(0)))
    });
    graph(&mut after).steps.remove(wait.expect("there is one"));
    assert!(verdict(&before, &after, true).is_err(), "an updated kernel reads what another writes");
}

/// The verdict on putting the second program in the place of the first, which has the same names in the same order.
fn between(before: &str, after: &str) -> Result<(), Vec<acg_prove::Complaint>> {
    verdict(&parse(before), &parse(after), false)
}

const IN_PLACE: &str = "\
device a, b, t, u : f32[8]
graph g auto {
  copy a -> t
  kernel \"K\"(b) -> u
  aclnnInplaceAdd(t, b, alpha = 2) -> t
  kernel \"K\"(t) -> u
}
";

#[test]
fn what_is_overwritten_in_place_stays_one_parameter() {
    let mut after = parse(IN_PLACE);
    let before = after.clone();
    let body = graph(&mut after);
    let task = body.program().nth(2).expect("there is one");
    let data = body.tasks[task];
    let mut inputs = data.inputs.of(&after.operands).to_vec();
    // The original holds the same.
    inputs[0].buffer = acg_ir::Buffer::at(0);
    let inputs = acg_ir::List::push_to(&mut after.operands, inputs);
    graph(&mut after).tasks[task].inputs = inputs;
    let broken = acg_ir::Violation::NotInPlace(acg_ir::BodyId::Graph(GraphId::at(0)), task);
    assert_eq!(acg_ir::verify(&after).err(), Some(vec![broken]));
    let complaint = acg_prove::Complaint::Changed(GraphId::at(0), task);
    assert_eq!(verdict(&before, &after, false), Err(vec![complaint]));
}

#[test]
fn no_result_comes_to_lie_over_what_its_task_reads() {
    let program = |reader: &str| {
        format!(
            "device a, b : f32[8, 8]\ntemp t : f32[8, 8]\ngraph g auto {{\n  copy a -> t\n  {reader}\n}}\n"
        )
    };
    let lines = [
        ("aclnnMatmul(t, b, cubeMathType = 0) -> a", "aclnnMatmul(a, b, cubeMathType = 0) -> a"),
        ("kernel \"K\"(t[0..4]) -> a[2..6]", "kernel \"K\"(a[0..4]) -> a[2..6]"),
        ("kernel \"K\"(b) -> t[0..4], a[4..8]", "kernel \"K\"(b) -> a[0..4], a[2..6]"),
        ("copy t[0..4] -> a[2..6]", "copy a[0..4] -> a[2..6]"),
    ];
    for (before, after) in lines {
        let told = between(&program(before), &program(after));
        let is_told = |complaints: &Vec<acg_prove::Complaint>| {
            complaints.iter().any(|complaint| matches!(complaint, acg_prove::Complaint::Overlaps(..)))
        };
        assert!(told.as_ref().is_err_and(is_told), "{after}: {told:?}");
        assert_eq!(between(&program(before), &program(before)), Ok(()));
    }
    // Apart, or as it was.
    let apart =
        between(&program("kernel \"K\"(t[0..4]) -> a[4..8]"), &program("kernel \"K\"(a[0..4]) -> a[4..8]"));
    assert_eq!(apart, Ok(()));
    let same = "kernel \"K\"(a, t) -> a";
    assert_eq!(between(&program(same), &program(same)), Ok(()));
}
