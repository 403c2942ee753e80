//! What the passes make of generated programs is never refused.

mod support;

use acg_passes::{Level, PASSES, passes_of};
use support::program::{Form, program};
use support::{Rng, options, parse, proved};

const LEVELS: [Level; 4] = [Level::O0, Level::O1, Level::O2, Level::O3];

#[test]
fn levels_are_proved() {
    for seed in 0..150 {
        let streams = (seed % 3 != 0).then(|| 2 + seed as usize % 3);
        let text = program(seed, Form { tasks: 8 + seed as usize % 40, streams, filled: false });
        for level in LEVELS {
            let mut module = parse(&text);
            for &pass in passes_of(level) {
                proved(pass, &mut module).unwrap_or_else(|told| panic!("seed {seed}, {level:?}: {told}"));
            }
        }
    }
}

#[test]
fn passes_are_proved_in_any_order() {
    for seed in 0..300 {
        let streams = (seed % 2 != 0).then(|| 2 + seed as usize % 3);
        let mut module =
            parse(&program(1000 + seed, Form { tasks: 6 + seed as usize % 30, streams, filled: false }));
        let mut rng = Rng::new(seed);
        for _ in 0..5 {
            let pass = *rng.pick(PASSES);
            proved(pass, &mut module).unwrap_or_else(|told| panic!("seed {seed}: {told}"));
        }
    }
}

#[test]
fn quick_passes_are_proved_on_many_programs() {
    let slow = ["plan-memory", "reuse-events", "schedule-streams", "split-long-streams", "stab-syncs"];
    for seed in 0..600 {
        let streams = (seed % 3 == 0).then(|| 2 + seed as usize % 3);
        let form = Form { tasks: 6 + seed as usize % 25, streams, filled: seed % 2 == 0 };
        let module = parse(&program(5000 + seed, form));
        for &pass in PASSES.iter().filter(|pass| !slow.contains(&pass.name())) {
            proved(pass, &mut module.clone()).unwrap_or_else(|told| panic!("seed {seed}: {told}"));
        }
    }
}

#[test]
fn a_full_stream_goes_on_where_there_is_room() {
    use std::fmt::Write as _;
    let mut text = String::from(
        "device a, b, c : f32[8]\nstream s0, s1\nevent e0, e1\ngraph g on s0 {\n  s0: record e0\n  s1: wait e0\n  s1: copy a -> c\n  s1: record e1\n  s0: wait e1\n",
    );
    for _ in 0..15 {
        let _ = writeln!(text, "  s0: kernel \"K\"(c, b) -> b");
    }
    text.push_str("}\n");
    let mut module = parse(&text);
    assert_eq!(proved(&acg_passes::SplitLongStreams, &mut module), Ok(true));
    let printed = acg_ir::print::print(&module);
    assert_eq!(printed.matches("s1: kernel").count(), 5, "{printed}");
    assert_eq!(proved(&acg_passes::SplitLongStreams, &mut module), Ok(false), "{printed}");
}

#[test]
fn what_outlives_a_graph_does_so_after_its_other_uses_are_gone() {
    let text = "\
device a, b : f32[8]
temp t, u, v, w : f32[8]
graph g auto {
  copy t -> w
  copy a -> b
}
graph h auto {
  kernel \"K\"(t) -> t
  kernel \"K\"(a) -> u
  kernel \"K\"(u) -> v
  kernel \"K\"(v) -> b
}
";
    let mut module = parse(text);
    let options = options();
    let mut context = acg_passes::Context::new(&options);
    let mut meaning = acg_prove::Meaning::of(&module);
    for &pass in passes_of(Level::O2) {
        if pass.run(&mut module, &mut context) {
            let result = acg_prove::Meaning::of_result(&module, &meaning);
            assert_eq!(acg_prove::compare(&meaning, &result, pass.reorders()), Ok(()), "{}", pass.name());
            meaning = result.settled(&module);
        }
    }
    let printed = acg_ir::print::print(&module);
    assert!(printed.contains("temp u = h.pool") && printed.contains("temp t : f32[8]\n"), "{printed}");
}
