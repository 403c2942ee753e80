//! Whatever a correct program says, it is judged: lowering, replay and hazards neither panic nor hang.

#[path = "../../parser/tests/programs/mod.rs"]
mod programs;

use acg_check::{Sources, TargetChoice, check_program};
use programs::{Choices, program};
use proptest::prelude::*;

const TARGETS: [&str; 3] = ["910b-swsq", "910b-hwsq", "950-swsq-swev"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn programs_are_judged(numbers in proptest::collection::vec(any::<u32>(), 0..400), target in 0usize..3) {
        // The target of the generated line gives way to the one that is chosen.
        let text = program(&mut Choices::new(numbers));
        let mut sources = Sources::new();
        let file = sources.add("test.acg", text);
        let choice = TargetChoice::new(Some(TARGETS[target]), None).unwrap();
        let checked = check_program(&sources, file, &choice);
        for diagnostic in &checked.diagnostics {
            let length = sources.file(file).text.len() as u32;
            let span = diagnostic.primary.span;
            prop_assert!(span.start <= span.end && span.end <= length, "{}", diagnostic.message);
            prop_assert!(!diagnostic.rule.code.starts_with("ACG48"), "{}", diagnostic.message);
        }
    }
}
