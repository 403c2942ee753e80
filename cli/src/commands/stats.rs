//! `acg stats`: what graphs amount to, and whether they fit a device together.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::measures::{Format, Quota, Report};
use acg_check::{Figures, Graphs, Sources};
use anyhow::Result;

use crate::config::Settings;
use crate::options::{OptimiseArgs, TargetArgs, parse_format};
use crate::{graphs, input, output};

/// Shows counts, critical path, width and sync density of graphs, and the resource budget of all of them at once.
///
/// Graphs are those of dumps, and those predicted for `.acg` programs and `.calls` logs. Exits with 1 if something surely does
/// not fit.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg stats modelRI.json                     one graph and its budget
  acg stats *.json --processes 2             every graph in each of two processes on one device
  acg stats *.json --quota streams=1024      on a part of a device
  acg stats graph.acg --target 910b-hwsq     predicted, for another machine
  acg stats --fingerprint *.json             a line each: what a graph is, whatever its ids")]
pub(crate) struct Args {
    /// Dumps, programs, logs and directories of them; `-` for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Show only a hash of each graph that ids, addresses and the order of streams do not change
    #[arg(long)]
    fingerprint: bool,
    /// Output format: human or json
    #[arg(long, default_value = "human", value_parser = parse_format)]
    format: Format,
    /// How many processes on the device hold these graphs
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    processes: u32,
    /// What there is of streams, events or notifies, if it is less than a device has: streams=1024
    #[arg(long, value_name = "WHAT=COUNT", value_delimiter = ',', value_parser = parse_quota)]
    quota: Vec<(Resource, u64)>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    optimise: OptimiseArgs,
    #[command(flatten)]
    target: TargetArgs,
}

/// What a quota is of.
#[derive(Clone, Copy, Debug)]
enum Resource {
    Streams,
    Events,
    Notifies,
}

fn parse_quota(text: &str) -> Result<(Resource, u64), String> {
    let wrong = || "expected streams=COUNT, events=COUNT or notifies=COUNT".to_owned();
    let (what, count) = text.split_once('=').ok_or_else(wrong)?;
    let what = match what {
        "streams" => Resource::Streams,
        "events" => Resource::Events,
        "notifies" => Resource::Notifies,
        _ => return Err(wrong()),
    };
    Ok((what, count.parse().map_err(|_| wrong())?))
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let files = input::expand(&args.files)?;
    let settings = Settings::near(files.first().map_or(Path::new("."), PathBuf::as_path))?;
    let choice = settings.target(&args.target)?;
    let mut sources = Sources::new();
    let mut inputs = Vec::with_capacity(files.len());
    for path in &files {
        let input = input::read(path, None)?;
        inputs.push((sources.add(input.name, input.text), input.kind));
    }
    let options = args.optimise.as_written()?;
    let Some(found) = graphs::read(&sources, &inputs, &choice, &options)? else {
        return Ok(ExitCode::from(1));
    };
    let Graphs { graphs, programs, .. } = found;
    if args.fingerprint {
        output::write(args.output.as_deref(), &Report::fingerprints(&graphs, args.format))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut quota = Quota::default();
    for &(what, count) in &args.quota {
        let place = match what {
            Resource::Streams => &mut quota.streams,
            Resource::Events => &mut quota.events,
            Resource::Notifies => &mut quota.notifies,
        };
        *place = Some(count);
    }
    let report = Report::of(&graphs, args.processes, quota);
    let schedules: Vec<_> = programs
        .iter()
        .filter_map(|(file, compiled)| {
            args.optimise.tell(&compiled.optimised);
            let figures = Figures::of(compiled, true)?;
            Some((sources.file(*file).name.as_str(), figures))
        })
        .collect();
    output::write(args.output.as_deref(), &text(&report, &schedules, args.format))?;
    Ok(if report.is_over_budget() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The report, and after it the schedules of programs.
fn text(report: &Report<'_>, schedules: &[(&str, Figures)], format: Format) -> String {
    match format {
        Format::Human => {
            let mut text = report.text(format);
            for (name, figures) in schedules {
                text.push('\n');
                text.push_str(&figures.text(name, format, false));
            }
            text
        }
        Format::Json => {
            let schedules: Vec<_> =
                schedules.iter().map(|(name, figures)| figures.document(name, false)).collect();
            report.json_with(&schedules)
        }
    }
}
