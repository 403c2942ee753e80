//! `acg run`: what a program computes.

use std::path::PathBuf;
use std::process::ExitCode;

use acg_check::reference::{Options, Schedule};
use acg_check::{Execution, Sources};
use anyhow::Result;
use clap::ValueEnum;

use crate::config::Settings;
use crate::options::{OptimiseArgs, TargetArgs};
use crate::{input, output, tell};

/// Executes a program on ordinary memory, with real numerics, and prints what its host program prints.
///
/// Exits with 1 where the runtime would reject the program, an expectation does not hold, two lines race, or results depend on the
/// schedule.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg run graph.acg                             tasks that nothing orders run in the order of their lines
  acg run graph.acg --schedule random --seed 7  in an order that follows from the seed
  acg run graph.acg --schedule random --seeds 20
                                                under twenty seeds, whose results have to agree
  acg run graph.acg -O2                         the optimised program")]
pub(crate) struct Args {
    /// The program, `-` for standard input
    file: PathBuf,
    /// In which order tasks run that nothing orders
    #[arg(long, value_enum, default_value = "program")]
    schedule: Order,
    /// What a random schedule follows from
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// How many seeds are tried, from --seed on; more than one takes a random schedule
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: u64,
    /// Fill all buffers with numbers that follow from this seed, instead of zeros
    #[arg(long, value_name = "N")]
    inputs: Option<u64>,
    /// Let made-up values take the place of operators that acg cannot compute, as they do for kernels
    #[arg(long)]
    stand_ins: bool,
    /// The most memory that all buffers together may take, such as 512MiB
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = parse_size)]
    memory_limit: u64,
    /// The most steps: an element that an operator works on is one, a task is 256
    #[arg(long, value_name = "N", default_value_t = Options::default().step_limit)]
    steps: u64,
    /// The most rounds of one loop in a graph
    #[arg(long, value_name = "N", default_value_t = Options::default().round_limit)]
    rounds: u64,
    #[command(flatten)]
    optimise: OptimiseArgs,
    #[command(flatten)]
    target: TargetArgs,
}

/// The orders that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    /// That of the lines
    Program,
    /// One that follows from the seed
    Random,
}

/// A number of bytes: `4096`, `64KiB`, `2MiB`, `1GiB`.
fn parse_size(text: &str) -> Result<u64, String> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];
    let unit = units.into_iter().find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, shift)));
    let (digits, shift) = unit.unwrap_or((text, 0));
    let bytes = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes.ok_or_else(|| "a size is a number of bytes, or of KiB, MiB, GiB or TiB".to_owned())
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let input = input::program(&args.file)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text);
    let settings = Settings::near(&args.file)?;
    let choice = settings.target(&args.target)?;
    let is_random = args.schedule == Order::Random || args.seeds > 1;
    let options = Options {
        schedule: if is_random { Schedule::Random(args.seed) } else { Schedule::Program },
        memory_limit: args.memory_limit,
        step_limit: args.steps,
        round_limit: args.rounds,
        inputs: args.inputs,
        stand_ins: args.stand_ins,
        races: true,
    };
    let execution = Execution { options, seeds: args.seeds };
    let mut ran = acg_check::run_program(&sources, file, &choice, &args.optimise.as_written()?, &execution);
    settings.levels()?.apply(&mut ran.checked);
    if !ran.printed.is_empty() {
        output::print(&(ran.printed.join("\n") + "\n"))?;
    }
    tell::diagnostics(&ran.checked, &sources)?;
    tell::diagnostics(&ran.found, &sources)?;
    for name in &ran.stand_ins {
        eprintln!("acg: the results of {name} are made up");
    }
    Ok(if ran.accepted && !ran.failed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
