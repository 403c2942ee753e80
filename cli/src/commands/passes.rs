//! `acg passes`: every pass with what it does.

use std::fmt::Write as _;
use std::process::ExitCode;

use acg_passes::Pass;
use anyhow::Result;

use crate::options::parse_pass;
use crate::output;

/// Lists the passes by name, or shows what one does, with an example.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg passes                                 one line a pass
  acg passes minimize-syncs                  what it does, what it says, and an example")]
pub(crate) struct Args {
    /// The pass to show
    #[arg(value_name = "PASS", value_parser = parse_pass)]
    pass: Option<&'static dyn Pass>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if let Some(section) = args.pass.and_then(|pass| acg_check::pass_section(pass.name())) {
        output::print(section.trim_end())?;
        output::print("\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = acg_passes::PASSES.iter().map(|pass| pass.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for pass in acg_passes::PASSES {
        writeln!(text, "{:width$}  {}", pass.name(), pass.summary())?;
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
