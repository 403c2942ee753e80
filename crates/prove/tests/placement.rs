//! Temporaries that share bytes while both are in use are noticed, by the quick proof wherever the whole one notices.

mod support;

use std::fmt::Write as _;

use acg_ir::module::View;
use acg_ir::{Buffer, List, Module, Operand, SliceDim};
use acg_passes::{Context, Pass as _, PlanMemory, ScheduleStreams};
use acg_prove::{Meaning, are_apart};
use support::{Rng, options, parse, verdict};

/// An `auto` graph in which every temporary is written as a whole before it is read, here and there in two parts.
fn program(rng: &mut Rng) -> String {
    let mut text = String::from("device d : bytes[256]\n");
    let temporaries = 4 + rng.below(12);
    let sizes: Vec<usize> = (0..temporaries).map(|_| 32 << rng.below(3)).collect();
    for (number, size) in sizes.iter().enumerate() {
        let _ = writeln!(text, "temp t{number} : bytes[{size}]");
    }
    text.push_str("graph g auto {\n");
    for (number, &size) in sizes.iter().enumerate() {
        let mut read: Vec<String> =
            (number.saturating_sub(4)..number).map(|other| format!("t{other}")).collect();
        read.retain(|_| rng.percent(25));
        read.truncate(3);
        if read.is_empty() {
            read.push("d".to_owned());
        }
        let read = read.join(", ");
        if rng.percent(30) && size == 32 {
            let _ = writeln!(text, "  kernel \"a{number}\"({read}) -> t{number}[0..16] [cost = 5us]");
            let _ = writeln!(text, "  kernel \"b{number}\"({read}) -> t{number}[16..32] [cost = 4us]");
        } else {
            let _ =
                writeln!(text, "  kernel \"k{number}\"({read}) -> t{number} [cost = {}us]", 1 + rng.below(9));
        }
        let _ = writeln!(text, "  kernel \"r{number}\"(t{number}) -> d[{number}] [cost = 1us]");
    }
    text.push_str("}\n");
    text
}

/// Puts one temporary elsewhere in the pool; false where there is none that could be.
fn push_one(module: &mut Module, rng: &mut Rng) -> bool {
    let views: Vec<Buffer> =
        module.buffers.iter().filter(|(_, data)| data.view.is_some()).map(|(buffer, _)| buffer).collect();
    let buffer = *rng.pick(&views);
    let Some(view) = module.buffers[buffer].view else { return false };
    let (Some(size), Some(room)) = (
        module.byte_size(&module.buffers[buffer].ty),
        module.byte_size(&module.buffers[view.base.buffer].ty),
    ) else {
        return false;
    };
    let offset = rng.below((room - size) as usize / 16 + 1) as u64 * 16;
    let slice = List::push_to(&mut module.slice_dims, [SliceDim::Range(offset, offset + size)]);
    let base = Operand { slice: Some(module.slices.push(slice)), ..view.base };
    module.buffers[buffer].view = Some(View { base, ..view });
    true
}

#[test]
fn temporaries_that_share_bytes_at_once_are_noticed() {
    let options = options();
    let [mut kept, mut noticed, mut careful] = [0; 3];
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let text = program(&mut rng);
        let mut before = parse(&text);
        ScheduleStreams.run(&mut before, &mut Context::new(&options));
        let meaning = Meaning::of(&before);
        let mut placed = before.clone();
        if !PlanMemory.run(&mut placed, &mut Context::new(&options)) {
            continue;
        }
        assert!(are_apart(&meaning, &placed), "{}", acg_ir::print::print(&placed));
        for _ in 0..30 {
            let mut other = placed.clone();
            for _ in 0..=rng.below(2) {
                push_one(&mut other, &mut rng);
            }
            assert!(acg_ir::verify(&other).is_ok());
            let told = verdict(&before, &other, false);
            match (are_apart(&meaning, &other), told.is_ok()) {
                (true, true) => kept += 1,
                (false, false) => noticed += 1,
                (false, true) => careful += 1,
                (true, false) => panic!("{told:?} is not noticed\n{}", acg_ir::print::print(&other)),
            }
        }
    }
    assert!(kept > 200 && noticed > 500, "{kept} {noticed}");
    assert!(careful * 10 < kept, "{careful} of {kept}");
}

#[test]
fn what_is_read_before_it_is_written_takes_the_whole_proof() {
    let text = "device d : bytes[64]\ntemp a, b : bytes[64]\nstream s\ngraph g on s {\n  s: kernel \"k\"(a) -> d\n  s: kernel \"l\"(d) -> b\n  s: kernel \"m\"(b) -> d\n}\n";
    let before = parse(text);
    let mut placed = before.clone();
    assert!(PlanMemory.run(&mut placed, &mut Context::new(&options())));
    assert!(!are_apart(&Meaning::of(&before), &placed));
}
