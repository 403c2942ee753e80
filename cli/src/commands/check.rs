//! `acg check`: lint programs, logs and dumps.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::{Format, Kind, Level, Levels, RenderOptions, Sources, Summary};
use anyhow::{Result, bail};

use crate::config::Settings;
use crate::options::TargetArgs;
use crate::{input, output, tell};

/// Reports everything that is wrong in `.acg` programs, `.calls` logs and debug dumps.
///
/// Dumps are looked at together: what one graph waits for another of its process can record, and the dumps of several ranks, which
/// their names tell (rank0.json, rank1.json), must issue collectives in one order.
///
/// Exits with 1 if there is an error or a silent mistake; lints alone do not fail a run unless they are denied.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg check graph.acg                        one program
  acg check src/                             every program, log and dump below src/
  acg check modelRI.json                     a dump: wait cycles, lost records, vector cores
  acg check rank*.json                       the dumps of several ranks, also against each other
  acg check prog.calls --target 950-swsq     a call log, as another machine answers it
  acg check --format sarif src/ > out.sarif  for code scanning
  acg check --deny lint --allow ACG094 src/  strict, but for one rule

Rules are named by code (ACG031), name (join-record-not-waited), beginning of codes (ACG03), severity (error,
silent, lint) or `all`. An acg.toml in the first file's directory or above it sets the same things; options win.")]
pub(crate) struct Args {
    /// Files and directories; `-` for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Output format: human, concise, json, jsonl, sarif, github, gitlab or junit
    #[arg(long, default_value = "human", value_parser = parse_format)]
    format: Format,
    /// Report these rules as errors
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    deny: Vec<String>,
    /// Report these rules, but never as errors
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    warn: Vec<String>,
    /// Do not report these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    allow: Vec<String>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    target: TargetArgs,
}

fn parse_format(name: &str) -> Result<Format, String> {
    name.parse().map_err(|error: acg_check::UnknownFormat| error.to_string())
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let files = input::expand(&args.files)?;
    let settings = Settings::near(files.first().map_or(Path::new("."), PathBuf::as_path))?;
    let choice = settings.target(&args.target)?;
    let mut levels = settings.levels()?;
    // Denied last: of two equally exact selectors the later wins, and the strict one is the safer.
    for (selectors, level) in
        [(&args.allow, Level::Allow), (&args.warn, Level::Warn), (&args.deny, Level::Deny)]
    {
        set(&mut levels, selectors, level)?;
    }
    let mut sources = Sources::new();
    let mut diagnostics = Vec::new();
    let mut dumps = Vec::new();
    for path in &files {
        let input = input::read(path, None)?;
        let file = sources.add(input.name, input.text);
        match input.kind {
            Kind::Program => {
                diagnostics.extend(acg_check::check_program(&sources, file, &choice).diagnostics);
            }
            Kind::Log => diagnostics.extend(acg_check::check_log(&sources, file, &choice).diagnostics),
            // What one dump lacks another may hold.
            Kind::Dump => dumps.push(file),
        }
    }
    diagnostics.extend(acg_check::check_dumps(&sources, &dumps, &choice).diagnostics);
    diagnostics.sort_by_key(|found| found.primary.span.file);
    levels.apply(&mut diagnostics);
    let to_terminal = args.output.is_none() && tell::colour(&std::io::stdout());
    let options = RenderOptions { color: to_terminal, ..RenderOptions::default() };
    let summary = Summary::new(&diagnostics);
    let mut text = acg_check::render(&acg_check::limit(diagnostics), &sources, args.format, &options);
    if args.format == Format::Human && (summary.shown() > 0 || summary.allowed > 0 || to_terminal) {
        writeln!(text, "{summary}")?;
    }
    output::write(args.output.as_deref(), &text)?;
    Ok(if summary.errors + summary.silent > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn set(levels: &mut Levels, selectors: &[String], level: Level) -> Result<()> {
    for selector in selectors {
        if let Err(unknown) = levels.set(selector, level) {
            bail!("{unknown}");
        }
    }
    Ok(())
}
