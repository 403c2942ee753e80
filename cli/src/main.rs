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

use std::panic::{AssertUnwindSafe, catch_unwind};
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
    // A panic has said where it happened, and what was begun was cleaned up on the way here.
    match catch_unwind(AssertUnwindSafe(|| cli.command.run(Cli::command))) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("acg: {error:#}");
            ExitCode::from(2)
        }
        Err(_) => {
            eprintln!(
                "acg: this is a mistake of acg, not of its input; please report it with what is written above"
            );
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of our output went away, as `head` does; that is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
