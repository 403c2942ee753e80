//! `acg opt`: run passes over a program and print it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use acg_check::{CompileOptions, Kind, OptLevel, Optimised, Sources};
use acg_passes::{Outcome, Pass};
use anyhow::Result;
use clap::ValueEnum;

use super::TargetArgs;
use crate::config::Settings;
use crate::{input, output};

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
    target: TargetArgs,
}

/// How a program is optimised; shared by the commands that do it.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct OptimiseArgs {
    /// How much is done: 0 as written, 1 keeps streams and order, 2 schedules auto graphs, 3 searches long; without it, 2
    /// where there is an auto graph and 1 otherwise
    #[arg(short = 'O', value_name = "LEVEL")]
    level: Option<OptLevel>,
    /// The most streams a graph is put on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_streams: Option<u32>,
    /// How long searches may take, such as 10s or 500ms; without it they end after a number of steps, the same everywhere
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    time_limit: Option<Duration>,
    /// Settings in place of those of the target's device model, such as slots=4,sync=1.5us
    #[arg(long, value_name = "SETTINGS")]
    model: Option<String>,
    /// Say why transformations were or were not done, by line, on standard error
    #[arg(long, value_name = "WHICH", num_args = 0..=1, default_missing_value = "all", require_equals = true)]
    remarks: Option<Which>,
    /// Say how long each pass and its proof took, on standard error
    #[arg(long)]
    time_report: bool,
}

/// Which remarks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Both kinds
    All,
    /// What was done
    Done,
    /// What was not done
    Missed,
}

fn parse_pass(name: &str) -> Result<&'static dyn Pass, String> {
    acg_passes::find(name).ok_or_else(|| {
        let names = acg_passes::PASSES.iter().map(|pass| pass.name());
        match acg_check::closest(name, names) {
            Some(near) => format!("there is no such pass; is `{near}` meant?"),
            None => "there is no such pass; `acg passes` lists them".to_owned(),
        }
    })
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let scale = match &text[at..] {
        "s" => 1.0,
        "ms" => 1e-3,
        "us" => 1e-6,
        "min" => 60.0,
        _ => return Err("a number with s, ms, us or min after it is wanted, such as 10s".to_owned()),
    };
    let number: f64 = text[..at].parse().map_err(|_| format!("`{}` is no number", &text[..at]))?;
    Duration::try_from_secs_f64(number * scale).map_err(|error| error.to_string())
}

impl OptimiseArgs {
    /// What the compiler is told.
    pub(crate) fn options(&self) -> CompileOptions {
        CompileOptions {
            level: self.level,
            max_streams: self.max_streams,
            time_limit: self.time_limit,
            model: self.model.clone(),
        }
    }

    /// Prints what was asked for of what the passes said.
    pub(crate) fn report(&self, optimised: &Optimised, sources: &Sources, file: acg_check::FileId) {
        let mut text = String::new();
        if let Some(which) = self.remarks {
            let source = sources.file(file);
            for remark in &optimised.remarks {
                let (word, shown) = match remark.outcome {
                    Outcome::Done => ("done", which != Which::Missed),
                    Outcome::Missed => ("missed", which != Which::Done),
                };
                if shown {
                    let at = source.line_column(remark.span.start);
                    let place = format!("{}:{}:{}", source.name, at.line, at.column);
                    let _ = writeln!(text, "{place}: {word}: {} [{}]", remark.text, remark.pass);
                }
            }
        }
        if self.time_report {
            for run in &optimised.runs {
                let changed = if run.changed { "" } else { "  (no change)" };
                let _ = writeln!(
                    text,
                    "{:24} {:9.3} ms  proof {:9.3} ms{changed}",
                    run.name,
                    run.pass_time.as_secs_f64() * 1e3,
                    run.proof_time.as_secs_f64() * 1e3
                );
            }
            for statistic in &optimised.statistics {
                let _ = writeln!(text, "{:24} {} {}", statistic.pass, statistic.count, statistic.what);
            }
        }
        eprint!("{text}");
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let input = input::read(&args.file, Some(Kind::Program))?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text);
    let settings = Settings::near(&args.file)?;
    let choice = settings.target(&args.target)?;
    let options = args.optimise.options();
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
            args.optimise.report(&optimised, &sources, file);
            output::write(args.output.as_deref(), &acg_ir::print::print(&module))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(mut diagnostics) => {
            settings.levels()?.apply(&mut diagnostics);
            super::check::report(&diagnostics, &sources)?;
            Ok(ExitCode::from(1))
        }
    }
}
