//! `acg opt`: run passes over a program and print it.

use std::path::PathBuf;
use std::process::ExitCode;

use acg_check::Sources;
use acg_passes::Pass;
use anyhow::Result;

use crate::config::Settings;
use crate::options::{OptimiseArgs, ReportArgs, TargetArgs, parse_pass};
use crate::{input, output, tell};

/// Runs passes over a program and prints the result, which is a program again.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg opt graph.acg                          the passes that compile would run
  acg opt -O3 --remarks graph.acg            with all searches, and why what was done
  acg opt --passes minimize-syncs graph.acg  one pass
  acg opt --passes infer-dependences,schedule-streams --print-after graph.acg")]
pub(crate) struct Args {
    /// The program, `-` for standard input
    file: PathBuf,
    /// Passes to run, in this order, instead of those of a level (`acg passes` lists them)
    #[arg(long, value_delimiter = ',', value_name = "PASSES", value_parser = parse_pass, conflicts_with = "level")]
    passes: Vec<&'static dyn Pass>,
    /// Print the program after every pass that changed it, to standard error
    #[arg(long)]
    print_after: bool,
    /// Let the runtime model judge the program after every pass, besides the proof that always runs
    #[arg(long)]
    verify_each: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    optimise: OptimiseArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    target: TargetArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let input = input::program(&args.file)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text);
    let settings = Settings::near(&args.file)?;
    let choice = settings.target(&args.target)?;
    let options = args.optimise.options()?;
    let passes = (!args.passes.is_empty()).then_some(args.passes.as_slice());
    let result = acg_check::optimise_program(
        &sources,
        file,
        &choice,
        passes,
        &options,
        args.verify_each,
        |pass, module| {
            if args.print_after {
                eprintln!("// after {}\n{}", pass.name(), acg_ir::print::print(module));
            }
        },
    );
    match result {
        Ok((module, optimised)) => {
            args.optimise.tell(&optimised);
            args.report.report(&optimised, &sources, file);
            output::write(args.output.as_deref(), &acg_ir::print::print(&module))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(mut diagnostics) => {
            settings.levels()?.apply(&mut diagnostics);
            tell::diagnostics(&diagnostics, &sources)?;
            Ok(ExitCode::from(1))
        }
    }
}
