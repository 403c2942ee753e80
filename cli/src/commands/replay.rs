//! `acg replay`: what the runtime would answer to every call of a log.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::Sources;
use anyhow::{Context, Result};

use crate::config::Settings;
use crate::options::TargetArgs;
use crate::{input, output, tell};

/// Prints every call with its predicted code and note, and writes the dumps that the log prints.
///
/// Exits with 1 where a code in the log differs from the predicted one, and names the rule behind the prediction.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg replay prog.calls                      print the log with predicted codes
  acg replay prog.calls -o out               also write its dumps into out/
  acg replay prog.calls --target 910b-hwsq   predict for another machine")]
pub(crate) struct Args {
    /// The log, `-` for standard input
    file: PathBuf,
    /// Directory for the dumps, made if missing; without it they are not written
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Process id to print in the dumps
    #[arg(long, default_value_t = 0)]
    pid: u32,
    #[command(flatten)]
    target: TargetArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let input = input::log(&args.file)?;
    let mut sources = Sources::new();
    let file = sources.add(input.name, input.text);
    let replayed = match acg_check::replay_log(
        &sources,
        file,
        &Settings::near(&args.file)?.target(&args.target)?,
        args.pid,
    ) {
        Ok(replayed) => replayed,
        Err(diagnostics) => {
            tell::diagnostics(&diagnostics, &sources)?;
            return Ok(ExitCode::from(1));
        }
    };
    output::print(&replayed.log)?;
    if let Some(directory) = &args.output {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("cannot make the directory {}", directory.display()))?;
        let files: Vec<_> = replayed
            .dumps
            .iter()
            .map(|dump| (directory.join(file_name(&dump.name)), |out: &mut dyn Write| dump.write(out)))
            .collect();
        output::write_all(&files)?;
    }
    tell::diagnostics(&replayed.differences, &sources)?;
    Ok(if replayed.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The last part of a path in a log; a log must not choose where on this machine files are written.
fn file_name(path: &str) -> &Path {
    Path::new(Path::new(path).file_name().unwrap_or_else(|| "dump.json".as_ref()))
}
