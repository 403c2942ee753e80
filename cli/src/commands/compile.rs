//! `acg compile`: check, optimise, lower, and write what is asked for.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::measures::Format;
use acg_check::{Emit, Figures, Sources};
use anyhow::{Context, Result, bail};

use crate::again::Again;
use crate::config::Settings;
use crate::options::{OptimiseArgs, ReportArgs, TargetArgs, parse_format};
use crate::{input, output, tell};

/// Checks and optimises a program, lowers it to ACL calls and writes `NAME.calls`, `NAME.modelRI.json` and `NAME.cpp`.
///
/// Nothing is written for a program that the runtime would reject; every error is reported instead.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg compile graph.acg                      write graph.calls, graph.modelRI.json and graph.cpp here
  acg compile graph.acg -o out               the same, into out/
  acg compile graph.acg --emit json -o -     print the predicted dump
  acg compile graph.acg --emit calls,svg     the call log, and a picture of the predicted graphs
  acg compile graph.acg -O3 --max-streams 4  search long for a schedule on at most four streams
  acg compile graph.acg --emit python        graph.py, for torch_npu and pyACL
  acg compile graph.acg --update-method auto choose how updated task groups are realised, and say why
  acg compile graph.acg --format json        what came out, in numbers, on standard output
  acg compile graph.acg --target 950-swsq    predict for another machine")]
pub(crate) struct Args {
    /// The program, `-` for standard input
    file: PathBuf,
    /// What to write: acg, calls, json, cpp, python or svg
    #[arg(long, value_delimiter = ',', value_parser = parse_emit, default_value = "calls,json,cpp")]
    emit: Vec<Emit>,
    /// Directory to write into, made if missing; `-` prints a single artefact
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// Process id to print in the dump
    #[arg(long, default_value_t = 0)]
    pid: u32,
    /// Print what the graphs amount to as schedules, beside what they cannot fall below: human or json
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    format: Option<Format>,
    #[command(flatten)]
    optimise: OptimiseArgs,
    #[command(flatten)]
    report: ReportArgs,
    #[command(flatten)]
    target: TargetArgs,
}

impl Args {
    /// Whether more than diagnostics shows the program's text.
    fn shows_text(&self) -> bool {
        self.report.shows_lines() || self.emit.iter().any(|emit| matches!(emit, Emit::Cpp | Emit::Python))
    }
}

fn parse_emit(name: &str) -> Result<Emit, String> {
    name.parse().map_err(|error: acg_check::UnknownEmit| error.to_string())
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let again = Again::of(&args.file).filter(|_| !args.shows_text());
    let input = input::program(&args.file)?;
    let stem = stem(&args.file);
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text);
    let settings = Settings::near(&args.file)?;
    let choice = settings.target(&args.target)?;
    let options = args.optimise.options()?;
    let program = acg_check::read_program(&sources, file, &choice);
    if again.is_some() {
        sources.release(file);
    }
    let compiled = acg_check::compile(program, &options);
    if let Some(again) = again.filter(|_| !compiled.checked.diagnostics.is_empty()) {
        sources.restore(file, again.text()?);
    }
    // A report says all that there is to say about updates.
    match args.format {
        Some(_) => args.optimise.tell_costs(&compiled.optimised),
        None => args.optimise.tell(&compiled.optimised),
    }
    args.report.report(&compiled.optimised, &sources, file);
    let figures = args.format.and_then(|_| Figures::of(&compiled, false));
    let mut checked = compiled.checked;
    settings.levels()?.apply(&mut checked.diagnostics);
    tell::diagnostics(&checked.diagnostics, &sources)?;
    // A rule that is denied here stops a program that the runtime would take.
    let Some(program) = checked.accepted().filter(|_| !checked.has_errors()) else {
        if !checked.has_errors() {
            eprintln!("acg: nothing is written: the runtime rejects what `allow` comments hide");
        }
        return Ok(ExitCode::from(1));
    };
    if args.format.is_some() && args.output == Path::new("-") {
        bail!(
            "the report of --format and an artefact do not fit on standard output; give --output a directory"
        );
    }
    let artefacts = match acg_check::emit(program, &sources, &stem, &args.emit, args.pid) {
        Ok(artefacts) => artefacts,
        Err(mut unsaid) => {
            settings.levels()?.apply(&mut unsaid);
            tell::diagnostics(&unsaid, &sources)?;
            return Ok(ExitCode::from(1));
        }
    };
    if args.output == Path::new("-") {
        let [artefact] = &artefacts[..] else {
            bail!("{} artefacts do not fit on standard output; choose one with --emit", artefacts.len());
        };
        output::print(&artefact.text())?;
        return Ok(ExitCode::SUCCESS);
    }
    std::fs::create_dir_all(&args.output)
        .with_context(|| format!("cannot make the directory {}", args.output.display()))?;
    let files: Vec<_> = artefacts
        .iter()
        .map(|artefact| (args.output.join(&artefact.name), |out: &mut dyn Write| artefact.write(out)))
        .collect();
    output::write_all(&files)?;
    for (path, _) in &files {
        eprintln!("wrote {}", path.display());
    }
    if let Some(figures) = &figures
        && let Some(format) = args.format
    {
        output::print(&figures.text(&args.file.display().to_string(), format, args.report.is_timed()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The name of the artefacts: the file's without its extension.
fn stem(path: &Path) -> String {
    if path == Path::new("-") {
        return "stdin".to_owned();
    }
    path.file_stem().map_or_else(|| "out".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
