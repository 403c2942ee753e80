//! `acg explain`: being written.
use std::process::ExitCode;
#[derive(clap::Args)]
/// Explain
pub struct Args { /// what
 what: String }
pub fn run(args: &Args) -> anyhow::Result<ExitCode> { anyhow::bail!("{}", args.what) }
