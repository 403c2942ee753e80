//! `acg place`: puts the buffers of a table into one arena.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use acg_memory::{Effort, Placement, place, read_csv};
use anyhow::{Context, Result};

use crate::{input, output};

/// Places the buffers of a table, each in use from `lower` to before `upper`, as plan-memory does those of a graph.
///
/// The table is the one that allocators are published with: a header that names `lower`, `upper` and `size`, perhaps
/// `alignment`, and one buffer a line. It is printed again with one more column, the offset in bytes.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg place --capacity 1048576 A.1048576.csv          ends with 1 if they are not found to fit
  acg place trace.csv -o placed.csv                   as low as can be")]
pub(crate) struct Args {
    /// The table; `-` for standard input
    file: PathBuf,
    /// The bytes that the arena may have; without it, as few as can be found
    #[arg(long, value_name = "BYTES")]
    capacity: Option<u64>,
    /// The file to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let (name, bytes) = input::read_bytes(&args.file)?;
    let table = input::text(&name, bytes)?;
    let instance = read_csv(&table).with_context(|| format!("cannot read {name}"))?;
    let placed = place(&instance, &Effort { enough: args.capacity, ..Effort::default() });
    output::write(args.output.as_deref(), &with_offsets(&table, &placed)?)?;
    eprintln!("{} bytes; no placement needs fewer than {}", placed.peak, placed.proved);
    let fits = args.capacity.is_none_or(|capacity| placed.peak <= capacity);
    Ok(if fits { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The table with the offsets as its last column.
fn with_offsets(table: &str, placed: &Placement) -> Result<String> {
    let mut lines = table.lines();
    let header = lines.next().unwrap_or_default().trim_end();
    let mut text = format!("{header},offset\n");
    for (line, offset) in lines.filter(|line| !line.trim().is_empty()).zip(&placed.offsets) {
        writeln!(text, "{},{offset}", line.trim_end())?;
    }
    Ok(text)
}
