//! `acg view`: pictures of graphs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use acg_check::Kind;
use acg_check::measures::Graph;
use acg_view::{Format, Options};
use anyhow::{Context, Result};

use super::TargetArgs;
use crate::config::Settings;
use crate::graphs::Selection;
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
    /// A dump, `.acg` program or `.calls` log, `-` for standard input, FILE:GRAPH for one of several graphs
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
    target: TargetArgs,
}

fn parse_format(name: &str) -> Result<Format, String> {
    name.parse().map_err(|error: acg_view::UnknownFormat| error.to_string())
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let format = format(args)?;
    let choice = Settings::near(&args.file)?.target(&args.target)?;
    let file = Selection::open(&args.file)?;
    let mut title = Path::new(&file.name).file_name().unwrap_or_default().to_string_lossy().into_owned();
    if file.kind() != Kind::Dump {
        title.push_str(" (predicted)");
    }
    let Some(graphs) = file.graphs(&choice)? else { return Ok(ExitCode::from(1)) };
    let names: Vec<String> = graphs.iter().map(own_name).collect();
    let drawn: Vec<acg_view::Graph<'_>> = graphs
        .iter()
        .zip(&names)
        .map(|(graph, name)| acg_view::Graph {
            name,
            trace: &graph.trace,
            group_sizes: graph.group_sizes.as_deref(),
        })
        .collect();
    let rendered = acg_view::render(&title, &drawn, format, Options { pack: args.pack });
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

/// What a graph is called within its file, which the title tells already.
fn own_name(graph: &Graph) -> String {
    let name = graph.own_name.clone().unwrap_or_else(|| format!("model {}", graph.trace.dump.model));
    graph.branch.as_ref().map_or(name.clone(), |branch| format!("{name}, {branch}"))
}
