//! `acg targets`: the target profiles.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;

use crate::output;

/// Lists the profiles by name, with the machine that each stands for.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg targets                                one line a profile
  acg targets 950-swsq                       everything about one profile")]
pub(crate) struct Args {
    /// Show one profile in full
    profile: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut text = String::new();
    if let Some(name) = &args.profile {
        text = acg_check::describe_target(name)?;
    } else {
        let targets = acg_check::targets();
        let width = targets.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, summary) in targets {
            writeln!(text, "{name:width$}  {summary}")?;
        }
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
