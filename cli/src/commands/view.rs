//! `acg view`: pictures of graphs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::pictures::{Format, Options, UnknownFormat};
use anyhow::{Context, Result};

use crate::config::Settings;
use crate::graphs::Selection;
use crate::options::{OptimiseArgs, TargetArgs};
use crate::output;

/// Draws the graphs of a debug dump, or those that are predicted for an `.acg` program or a `.calls` log.
///
/// A row a stream, an arrow from every record to each of its waits, colours by kind, task groups boxed. Continued streams are one
/// row; placeholders, the resets that end a capture and the signals of host functions are one box each.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg view modelRI.json -o graph.svg             a picture for documents
  acg view modelRI.json -o graph.html            a page to pan, zoom and search in
  acg view graph.acg:decode -o decode.svg        one graph of several
  acg view graph.acg --format dot | dot -Tpdf    for Graphviz
  acg view graph.acg --format mermaid            for Markdown
  acg view prog.calls -o trace.json              for Perfetto and chrome://tracing")]
pub(crate) struct Args {
    /// A dump, `.acg` program or `.calls` log, `-` for standard input, `FILE:GRAPH` for one of several graphs
    file: PathBuf,
    /// svg, html, dot, mermaid or perfetto; without it the extension of the file that is written tells, and standard output gets svg
    #[arg(long, value_parser = parse_format)]
    format: Option<Format>,
    /// The file to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Let streams that do not overlap share a row, in svg and html
    #[arg(long)]
    pack: bool,
    #[command(flatten)]
    optimise: OptimiseArgs,
    #[command(flatten)]
    target: TargetArgs,
}

fn parse_format(name: &str) -> Result<Format, String> {
    name.parse().map_err(|error: UnknownFormat| error.to_string())
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let format = format(args)?;
    let choice = Settings::near(&args.file)?.target(&args.target)?;
    let file = Selection::open(&args.file)?;
    let name = file.name.clone();
    let Some(graphs) = file.graphs(&choice, &args.optimise.as_written()?)? else {
        return Ok(ExitCode::from(1));
    };
    let rendered = acg_check::draw(&name, &graphs, format, Options { pack: args.pack });
    output::write(args.output.as_deref(), &rendered.text)?;
    for remark in rendered.remarks {
        eprintln!("acg: {remark}");
    }
    Ok(ExitCode::SUCCESS)
}

fn format(args: &Args) -> Result<Format> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let Some(path) = args.output.as_deref().filter(|path| *path != Path::new("-")) else {
        return Ok(Format::Svg);
    };
    Format::of_path(path).with_context(|| {
        format!("the extension of {} names no format; say one with --format", path.display())
    })
}
