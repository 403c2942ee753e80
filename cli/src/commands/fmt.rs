//! `acg fmt`: the canonical layout of `.acg` files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::{Kind, Sources};
use anyhow::Result;

use crate::{input, output, tell};

/// Rewrites files in the canonical layout; comments and blank lines between statements are kept.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg fmt graph.acg                          rewrite the file if its layout differs
  acg fmt --check src/                       1 if any .acg file below src/ would change
  acg fmt - < graph.acg                      print the layout of standard input")]
pub(crate) struct Args {
    /// Files and directories; `-` formats standard input to standard output
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Change nothing; exit with 1 and name the files that would change
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for path in input::expand(&args.files)? {
        // A directory may hold logs and dumps as well, which have no other layout than the one that they are written in.
        if matches!(Kind::of_path(&path), Some(Kind::Log | Kind::Dump)) {
            continue;
        }
        let input = input::read(&path, Some(Kind::Program))?;
        let mut sources = Sources::new();
        let file = sources.add(input.name, input.text);
        let formatted = match acg_check::format_program(&sources, file) {
            Ok(formatted) => formatted,
            Err(diagnostics) => {
                tell::diagnostics(&diagnostics, &sources)?;
                code = ExitCode::from(1);
                continue;
            }
        };
        let changed = formatted != sources.file(file).text;
        if args.check {
            if changed {
                output::print(&format!("{}\n", sources.file(file).name))?;
                code = ExitCode::from(1);
            }
        } else if path == Path::new("-") {
            output::print(&formatted)?;
        } else if changed {
            output::write(Some(&path), &formatted)?;
        }
    }
    Ok(code)
}
