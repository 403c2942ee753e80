//! The difference of two files of graphs.

use crate::compare::diff;
use crate::graph::{File, Graph};
use crate::partners::{Partners, partners};
use crate::parts::Parts;
use crate::report::{Note, Report, Side};

/// The difference of two files.
#[derive(Clone, Debug)]
pub struct Files<'g> {
    /// The first file.
    pub old: &'g File,
    /// The second file.
    pub new: &'g File,
    /// The graphs that stand for each other, in the order of the first file.
    pub graphs: Vec<GraphDiff<'g>>,
    /// What the graphs are called that only one file has.
    pub only: Vec<(Side, String)>,
}

/// Two graphs that stand for each other.
#[derive(Clone, Debug)]
pub struct GraphDiff<'g> {
    /// What the first is called.
    pub old: String,
    /// What the second is called.
    pub new: String,
    /// What differs.
    pub report: Report<'g>,
}

/// Compares the graphs of two files.
///
/// Graphs of one name stand for each other; then those that are the same; then, if there are not as many on both sides, those
/// that are alike; at last the rest in order.
pub fn diff_files<'g>(old: &'g File, new: &'g File, ignored: Parts) -> Files<'g> {
    // What kernels are called with, a prediction does not know.
    let unknown =
        [(Side::Old, old), (Side::New, new)].into_iter().find(|side| side.1.predicted_for.is_some());
    let compared = |graph: &Graph| !ignored.has(Parts::ARGS) && graph.has_arguments();
    let left_out = if unknown.is_some() { ignored.with(Parts::ARGS) } else { ignored };
    let Partners { pairs, only_old, only_new } = partners(&old.graphs, &new.graphs, left_out);
    let graphs = pairs.into_iter().map(|(old, new)| {
        let mut report = diff(&old.trace, &new.trace, left_out);
        if let Some((side, _)) = unknown.filter(|_| compared(old) && compared(new)) {
            report.notes.push(Note::ArgumentsUnknown(side));
        }
        GraphDiff { old: old.label(), new: new.label(), report }
    });
    let only = |side, graphs: Vec<&'g Graph>| graphs.into_iter().map(move |graph| (side, graph.label()));
    Files {
        old,
        new,
        graphs: graphs.collect(),
        only: only(Side::Old, only_old).chain(only(Side::New, only_new)).collect::<Vec<_>>(),
    }
}

impl Files<'_> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.only.is_empty() && self.graphs.iter().all(|graph| graph.report.is_empty())
    }
}
