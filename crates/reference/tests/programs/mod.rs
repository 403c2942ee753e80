//! Programs as text, executed.

#![allow(dead_code, reason = "each test file uses some of it")]

pub(crate) mod generate;
pub(crate) mod operator;

use acg_diagnostics::Sources;
use acg_ir::Module;
use acg_reference::{Fault, Options, Outcome, Program, Schedule, run};

/// Reads a program that has no errors.
pub(crate) fn read(text: &str) -> Module {
    let mut sources = Sources::new();
    let file = sources.add("test.acg".to_owned(), text.to_owned());
    let parsed = acg_parser::parse(file, text);
    let messages: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    assert!(messages.is_empty(), "{messages:?}\n{text}");
    acg_ir::verify(&parsed.module).expect("what the parser accepts is a module");
    parsed.module
}

/// Executes a program.
pub(crate) fn execute(text: &str, options: &Options) -> Result<Outcome, Fault> {
    let module = read(text);
    run(&Program::new(&module), options)
}

/// What a program prints in the order of its lines.
pub(crate) fn printed(text: &str) -> Vec<String> {
    execute(text, &Options::default()).expect("the program runs").printed
}

/// Asserts that a program prints `expected` under each of so many random orders, and that nothing races.
pub(crate) fn assert_always(text: &str, seeds: u64, expected: &[String]) {
    for seed in 0..seeds {
        let outcome = random(text, seed);
        assert_eq!(outcome.printed, expected, "seed {seed}");
        assert_eq!(outcome.races, [], "seed {seed}");
    }
}

/// What an execution in a random order gives.
pub(crate) fn random(text: &str, seed: u64) -> Outcome {
    let options = Options { schedule: Schedule::Random(seed), ..Options::default() };
    execute(text, &options).expect("the program runs")
}
