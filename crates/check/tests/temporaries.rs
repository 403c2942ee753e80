//! Where `plan-memory` places temporaries: as even addresses as their sizes are, and no bytes for more.

use std::fmt::Write as _;

use acg_check::{CompileOptions, Sources, Streams, TargetChoice, optimise_program};
use acg_ir::{Module, SliceDim};
use acg_passes::{PASSES, Pass};
use proptest::prelude::*;

/// A kernel's result: its bytes, what it reads, and whether of that a part only.
type Made = (u64, Vec<prop::sample::Index>, bool);

/// A program of kernels, each of which reads results of some before it; what none has read is read in the end.
fn program(kernels: &[Made]) -> String {
    let mut text = "device out : bytes[64]\n".to_owned();
    let mut body = String::new();
    let mut is_read = vec![false; kernels.len()];
    for (task, (bytes, reads, in_part)) in kernels.iter().enumerate() {
        let _ = writeln!(text, "temp b{task} : bytes[{bytes}]");
        let reads = reads.iter().filter(|_| task > 0).map(|index| index.index(task));
        let reads: Vec<String> = reads
            .map(|from| {
                is_read[from] = true;
                format!("b{from}{}", if *in_part { "[0..1]" } else { "" })
            })
            .collect();
        let cost = 2 + task % 7;
        let _ = writeln!(body, "  kernel \"k{task}\"({}) -> b{task} [cost = {cost}us]", reads.join(", "));
    }
    let rest: Vec<String> =
        (0..kernels.len()).filter(|&task| !is_read[task]).map(|task| format!("b{task}")).collect();
    format!("{text}\ngraph g auto {{\n{body}  kernel \"last\"({}) -> out [cost = 2us]\n}}\n", rest.join(", "))
}

/// What passes of these names make of a program on two streams.
fn after(program: &str, names: &[&str]) -> Module {
    let passes: Vec<&'static dyn Pass> =
        names.iter().filter_map(|name| PASSES.iter().copied().find(|pass| pass.name() == *name)).collect();
    assert_eq!(passes.len(), names.len());
    let mut sources = Sources::new();
    let file = sources.add("g.acg", program);
    let options = CompileOptions { streams: Streams::AtMost(2), ..CompileOptions::default() };
    let choice = TargetChoice::default();
    let made = optimise_program(&sources, file, &choice, Some(&passes), &options, true, |_, _| {});
    made.unwrap_or_else(|found| panic!("{program}: {found:#?}")).0
}

/// Of each temporary that was placed, its name, where it starts and how many bytes it has.
fn places(module: &Module) -> Vec<(String, u64, u64)> {
    let placed = module.buffers.values().filter_map(|data| {
        let slice = module.slices[data.view?.base.slice?];
        let [SliceDim::Range(start, end)] = *slice.of(&module.slice_dims) else { return None };
        Some((module.text(data.name).to_owned(), start, end - start))
    });
    placed.collect()
}

fn kernels() -> impl Strategy<Value = Vec<Made>> {
    let sizes = prop_oneof![1u64..100, (1u64..40).prop_map(|blocks| 32 * blocks)];
    let reads = prop::collection::vec(any::<prop::sample::Index>(), 0..3);
    prop::collection::vec((sizes, reads, prop::bool::weighted(0.1)), 2..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn addresses_are_as_even_as_sizes_and_parts_stay_on_blocks(kernels in kernels()) {
        let text = program(&kernels);
        let placed = places(&after(&text, &["schedule-streams", "plan-memory"]));
        prop_assert_eq!(placed.len(), kernels.len());
        for (name, start, size) in placed {
            let block = if text.contains(&format!("{name}[")) { 32 } else { (1 << size.trailing_zeros()).min(32) };
            prop_assert!(start.is_multiple_of(block), "{} of {} bytes at {}", name, size, start);
        }
    }

    /// What was scheduled a moment ago is read in another way than a program that somebody wrote.
    #[test]
    fn a_schedule_is_placed_the_same_in_one_run_and_in_two(kernels in kernels()) {
        let text = program(&kernels);
        let at_once = after(&text, &["schedule-streams", "plan-memory"]);
        let scheduled = acg_ir::print::print(&after(&text, &["schedule-streams"]));
        let later = after(&scheduled, &["plan-memory"]);
        prop_assert_eq!(acg_ir::print::print(&at_once), acg_ir::print::print(&later));
    }
}

/// All of these are in use together, so that any padding would show.
#[test]
fn no_byte_is_lost_to_alignment() {
    let text = "device out : bytes[64]\ntemp a : bytes[146]\ntemp b : bytes[32]\ntemp c : bytes[7]\ntemp d : bytes[100]\n\
                graph g auto {\n  kernel \"Make\"() -> a, b, c, d\n  kernel \"Use\"(a, b, c, d) -> out\n}\n";
    let placed = places(&after(text, &["schedule-streams", "plan-memory"]));
    let top = placed.iter().map(|(_, start, size)| start + size).max();
    assert_eq!(top, Some(146 + 32 + 7 + 100));
}
