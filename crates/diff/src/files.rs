//! The difference of two files of graphs, which stand for each other in order.

use acg_trace::Trace;

use crate::compare::diff;
use crate::parts::Parts;
use crate::report::{Report, Side};

/// A graph of a file.
#[derive(Clone, Debug)]
pub struct Graph {
    /// What the user can call it.
    pub name: String,
    /// What it is.
    pub trace: Trace,
}

/// The difference of two files.
#[derive(Clone, Debug)]
pub struct Files<'g> {
    /// The name of the first file.
    pub old: String,
    /// The name of the second file.
    pub new: String,
    /// The graphs that stand for each other.
    pub graphs: Vec<GraphDiff<'g>>,
    /// The names of the graphs that one file has too many.
    pub only: Vec<(Side, &'g str)>,
}

/// Two graphs that stand for each other.
#[derive(Clone, Debug)]
pub struct GraphDiff<'g> {
    /// The name of the first.
    pub old: &'g str,
    /// The name of the second.
    pub new: &'g str,
    /// What differs.
    pub report: Report<'g>,
}

/// Compares the graphs of two files called `names`, the first with the first and so on.
pub fn diff_files<'g>(names: (&str, &str), old: &'g [Graph], new: &'g [Graph], ignored: Parts) -> Files<'g> {
    let pairs = old.iter().zip(new);
    let graphs = pairs.map(|(old, new)| GraphDiff {
        old: &old.name,
        new: &new.name,
        report: diff(&old.trace, &new.trace, ignored),
    });
    let common = old.len().min(new.len());
    let rest =
        |side, graphs: &'g [Graph]| graphs[common..].iter().map(move |graph| (side, graph.name.as_str()));
    Files {
        old: names.0.to_owned(),
        new: names.1.to_owned(),
        graphs: graphs.collect(),
        only: rest(Side::Old, old).chain(rest(Side::New, new)).collect(),
    }
}

impl Files<'_> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.only.is_empty() && self.graphs.iter().all(|graph| graph.report.is_empty())
    }
}
