//! One file per subcommand.

mod check;
mod compile;
mod completions;
mod diff;
mod explain;
mod fmt;
mod generate;
mod import;
mod lsp;
mod opt;
mod passes;
mod place;
mod replay;
mod run;
mod stats;
mod targets;
mod view;

use std::process::ExitCode;

use anyhow::Result;

/// The subcommands.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Check, lower and write what is asked for: call log, predicted dump, C++
    Compile(compile::Args),
    /// Lint `.acg` programs, `.calls` logs and debug dumps
    Check(check::Args),
    /// Run passes over a program and print what came out
    Opt(opt::Args),
    /// Execute a program on the reference executor and print what it prints
    Run(run::Args),
    /// Predict the return code of every call of a log, and its dumps
    Replay(replay::Args),
    /// Compare graphs: what was added, removed, moved, changed, and what order was lost or gained
    Diff(diff::Args),
    /// Make a program of a debug dump, a call log or a task graph
    Import(import::Args),
    /// Count, measure and budget graphs
    Stats(stats::Args),
    /// Draw graphs: SVG, HTML, DOT, Mermaid, Perfetto trace
    View(view::Args),
    /// Lay out `.acg` files in the canonical way
    Fmt(fmt::Args),
    /// Explain a rule, a return code or a message family
    Explain(explain::Args),
    /// List the passes
    Passes(passes::Args),
    /// List the target profiles
    Targets(targets::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Serve an editor over standard input and output
    Lsp(lsp::Args),
    /// Make a large graph to measure with
    #[command(hide = true)]
    Generate(generate::Args),
    /// Put the buffers of a table into one arena
    #[command(hide = true)]
    Place(place::Args),
}

impl Command {
    /// Runs the subcommand; `grammar` is what the command line as a whole takes.
    pub(crate) fn run(self, grammar: fn() -> clap::Command) -> Result<ExitCode> {
        match self {
            Self::Compile(args) => compile::run(&args),
            Self::Check(args) => check::run(&args),
            Self::Opt(args) => opt::run(&args),
            Self::Run(args) => run::run(&args),
            Self::Replay(args) => replay::run(&args),
            Self::Diff(args) => diff::run(&args),
            Self::Import(args) => import::run(&args),
            Self::Stats(args) => stats::run(&args),
            Self::View(args) => view::run(&args),
            Self::Fmt(args) => fmt::run(&args),
            Self::Explain(args) => explain::run(&args),
            Self::Passes(args) => passes::run(&args),
            Self::Targets(args) => targets::run(&args),
            Self::Completions(args) => completions::run(&args, grammar()),
            Self::Lsp(args) => lsp::run(&args),
            Self::Generate(args) => generate::run(&args),
            Self::Place(args) => place::run(&args),
        }
    }
}
