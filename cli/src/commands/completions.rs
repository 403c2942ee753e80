//! `acg completions`: a completion script for a shell.

use std::process::ExitCode;

use anyhow::Result;

use crate::output;

/// Prints a completion script.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg completions bash > ~/.local/share/bash-completion/completions/acg
  acg completions zsh > ~/.zfunc/_acg")]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: &Args, mut grammar: clap::Command) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut grammar, "acg", &mut script);
    output::print(&String::from_utf8(script)?)?;
    Ok(ExitCode::SUCCESS)
}
