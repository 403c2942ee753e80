//! `acg diff`: what differs between two captured graphs.

use std::path::PathBuf;
use std::process::ExitCode;

use acg_check::{CompileOptions, Kind, TargetChoice};
use acg_diff::{File, Graph, Parts, RenderOptions};
use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::config::Settings;
use crate::graphs::Selection;
use crate::options::{OptimiseArgs, TargetArgs};
use crate::{output, tell};

/// Compares the graphs of two debug dumps; a program or a call log stands for the dumps that are predicted for it.
///
/// Process, ids, device addresses, the order of closing resets, placeholders and the record of the end are no differences.
/// Tasks that were added, removed, moved or changed are, and above all orderings between tasks that were lost, gained or
/// reversed. Several graphs in a file are compared in order. Exits with 0 where nothing differs, 1 where something does,
/// 2 where a file cannot be read or a program is rejected.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg diff before.json after.json                     what changed, for people
  acg diff graph.acg modelRI.json                     does the program predict this dump?
  acg diff a.json b.json --ignore hashes,args         kernels were rebuilt
  acg diff a.json b.json --ignore placement,syncs     only what runs, and in which order
  acg diff a.acg:decode b.acg:decode                  one graph of several
  acg diff a.json b.json --format markdown            for a review
  acg diff a.json b.json --format json | jq '.graphs[].orderings'

Parts to ignore:
  hashes       hash-like parts of kernel names
  types        on which cores a kernel of the same name runs
  blocks, ration, schem, extend-info, args
               these columns of the dump
  order        orderings that were lost, gained or reversed, and the records and waits behind them
  placement    on which stream, and where there, a task is; streams that only one side has
  syncs        records and waits that change no ordering")]
pub(crate) struct Args {
    /// The first graph: a dump, `.acg` program or `.calls` log, `-` for standard input, `FILE:GRAPH` for one of several
    #[arg(value_name = "A")]
    old: PathBuf,
    /// The second graph
    #[arg(value_name = "B")]
    new: PathBuf,
    /// How to write the difference
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Parts in which differences do not count, listed below
    #[arg(long, value_name = "PART", value_delimiter = ',', value_parser = parse_part)]
    ignore: Vec<Parts>,
    /// The most lines of each section; JSON has all
    #[arg(long, default_value_t = RenderOptions::default().limit)]
    limit: usize,
    /// The file to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    optimise: OptimiseArgs,
    #[command(flatten)]
    target: TargetArgs,
}

/// How a difference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
    /// For reviews
    Markdown,
}

fn parse_part(name: &str) -> Result<Parts, acg_diff::UnknownPart> {
    Parts::part(name)
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if [&args.old, &args.new].into_iter().all(|path| path.as_os_str() == "-") {
        bail!("only one side can be standard input");
    }
    let (old, new) = (Selection::open(&args.old)?, Selection::open(&args.new)?);
    let choice = Settings::near(&args.old)?.target(&args.target)?;
    // What names no machine is predicted for the one that a dump on the other side shows.
    let options = args.optimise.as_written()?;
    let read = if old.kind() == Kind::Dump {
        pair(old, new, choice, &options)?
    } else {
        pair(new, old, choice, &options)?.map(swap)
    };
    let Some((old, new)) = read else { return Ok(ExitCode::from(2)) };
    let ignored = args.ignore.iter().fold(Parts::default(), |all, &part| all.with(part));
    let files = acg_diff::diff_files(&old, &new, ignored);
    let colour = args.output.is_none() && tell::colour(&std::io::stdout());
    let options = RenderOptions { limit: args.limit, colour };
    let text = match args.format {
        Format::Human => acg_diff::human(&files, options),
        Format::Json => acg_diff::json(&files),
        Format::Markdown => acg_diff::markdown(&files, options),
    };
    output::write(args.output.as_deref(), &text)?;
    Ok(if files.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Reads two sides, the second with what the first shows of the machine; `None` if standard error says why one cannot be read.
fn pair(
    first: Selection,
    second: Selection,
    choice: TargetChoice,
    options: &CompileOptions,
) -> Result<Option<(File, File)>> {
    let (first_name, second_name) = (first.name.clone(), second.name.clone());
    let Some(first) = first.graphs(&choice, options)? else { return Ok(None) };
    let Some(second) = second.graphs(&choice.or_shown_by(&first), options)? else { return Ok(None) };
    Ok(Some((side(first_name, first), side(second_name, second))))
}

fn swap((a, b): (File, File)) -> (File, File) {
    (b, a)
}

fn side(name: String, graphs: Vec<acg_check::measures::Graph>) -> File {
    let predicted = graphs.first().filter(|graph| graph.own_name.is_some());
    let predicted_for = predicted.map(|graph| graph.profile.name.to_owned());
    let graphs = graphs.into_iter().map(|graph| Graph { name: graph.own_name, trace: graph.trace }).collect();
    File { name, predicted_for, graphs }
}
