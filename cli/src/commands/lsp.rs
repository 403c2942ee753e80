//! `acg lsp`: the language server.

use crate::options::TargetArgs;
use std::path::Path;
use std::process::ExitCode;

use acg_lsp::{Connection, Settings};
use anyhow::Result;

/// Speaks the language server protocol on standard input and output: diagnostics as one types, layout, and what an operator, a
/// function, a rule or a return code is.
///
/// Editors start it themselves for `.acg`, `.calls` and `modelRI.json` files; docs/lsp.md shows how some of them are told to.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Standard input and output, which is all there is: editors give this option by habit
    #[arg(long, hide = true)]
    stdio: bool,
    #[command(flatten)]
    target: TargetArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let (connection, threads) = Connection::stdio();
    let settings = |path: &Path| settings(path, &args.target).map_err(|error| format!("{error:#}"));
    let served = acg_lsp::serve(&connection, &settings);
    // The threads end when nothing is left to be sent.
    drop(connection);
    served?;
    threads.join()?;
    Ok(ExitCode::SUCCESS)
}

fn settings(path: &Path, target: &TargetArgs) -> Result<Settings> {
    let settings = crate::config::Settings::near(path)?;
    Ok(Settings { choice: settings.target(target)?, levels: settings.levels()? })
}
