//! `acg passes`: every pass with what it does.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;

use crate::output;

/// Lists the passes by name.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg passes                                 one line a pass")]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args) -> Result<ExitCode> {
    let width = acg_passes::PASSES.iter().map(|pass| pass.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for pass in acg_passes::PASSES {
        writeln!(text, "{:width$}  {}", pass.name(), pass.summary())?;
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
