//! `acg generate`: large graphs to measure with.

use std::path::PathBuf;
use std::process::ExitCode;

use acg_import::tasks::{Shape, generate, import_task_graph};
use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::output;

/// Makes a large graph out of a seed, as a `.acg` program or as task-graph JSON.
///
/// The same options give the same graph on every machine. Costs are synthetic.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg generate --tasks 1000000 -o big.acg             a million kernels in layers
  acg generate --tasks 10000 --shape er --json        the task-graph JSON that acg import reads")]
pub(crate) struct Args {
    /// How many tasks
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=100_000_000))]
    tasks: u32,
    /// How tasks depend on each other
    #[arg(long, default_value = "layered", value_parser = shapes())]
    shape: Shape,
    /// What decides everything else
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The file to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let shape = args.shape;
    let graph = generate(shape, args.tasks, args.seed);
    let text = if args.json {
        graph.to_json()
    } else {
        acg_ir::print::print(&import_task_graph(&graph, shape.as_str(), None)?.module)
    };
    output::write(args.output.as_deref(), &text)?;
    Ok(ExitCode::SUCCESS)
}

/// The families, by their names.
fn shapes() -> impl TypedValueParser<Value = Shape> {
    PossibleValuesParser::new(Shape::ALL.map(Shape::as_str))
        .try_map(|name| Shape::ALL.into_iter().find(|shape| shape.as_str() == name).ok_or("no such family"))
}
