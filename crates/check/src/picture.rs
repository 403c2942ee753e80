//! Pictures of graphs, wherever they are from.

use std::path::Path;

use acg_stats::Graph;
use acg_view::{Format, Options, Rendered};

/// Draws the graphs of `file` under each other.
pub fn draw(file: &str, graphs: &[Graph], format: Format, options: Options) -> Rendered {
    let mut title = Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned();
    if graphs.iter().any(|graph| graph.own_name.is_some()) {
        title.push_str(" (predicted)");
    }
    let names: Vec<String> = graphs.iter().map(heading).collect();
    let drawn: Vec<acg_view::Graph<'_>> = graphs
        .iter()
        .zip(&names)
        .map(|(graph, name)| acg_view::Graph {
            name,
            trace: &graph.trace,
            group_sizes: graph.group_sizes.as_deref(),
        })
        .collect();
    acg_view::render(&title, &drawn, format, options)
}

/// What a graph is called within its file, which the title tells already.
fn heading(graph: &Graph) -> String {
    let name = graph.own_name.clone().unwrap_or_else(|| format!("model {}", graph.trace.dump.model));
    graph.branch.as_ref().map_or(name.clone(), |branch| format!("{name}, {branch}"))
}
