//! `acg`, the command line: one file per subcommand in `commands/`.
//!
//! Exit codes: 0 fine; 1 findings, differences, or a program that the runtime would reject; 2 usage, unreadable input or
//! an internal failure.

mod again;
mod commands;
mod config;
mod graphs;
mod input;
mod interrupt;
mod options;
mod output;
mod tell;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

/// The arrays of large graphs come and go; the system's allocator gives their pages back and fetches them anew each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Compiler, linter and optimizer for Ascend capture graphs.
#[derive(Parser)]
#[command(name = "acg", version, about, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; everything else is wrong usage.
            let code = if error.use_stderr() { 2 } else { 0 };
            return if error.print().is_ok() { ExitCode::from(code) } else { ExitCode::from(2) };
        }
    };
    match cli.command.run(Cli::command) {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("acg: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of our output went away, as `head` does; that is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
