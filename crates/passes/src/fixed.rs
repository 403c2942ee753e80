//! Graphs of which the text does not tell all that their tasks touch, or in which order they run.
//!
//! In a graph with conditional tasks or segments, lines run any number of times or in several models. The kernels of a task group that the
//! program updates touch other buffers from then on: [`acg_ir::Dependences`] counts those too, so tasks may move; but what is
//! dead or already there cannot be told from the graph alone.

use acg_ir::{BodyId, GraphId, Module};

/// Why a graph is left as it is.
pub(crate) const NOT_STRAIGHT: &str = "it has conditional tasks or segments";

/// The graphs whose tasks may move.
pub(crate) fn movable(module: &Module) -> Vec<GraphId> {
    module.graphs.iter().filter(|(_, graph)| graph.is_straight()).map(|(id, _)| id).collect()
}

/// The graphs whose tasks may also go or change.
pub(crate) fn changeable(module: &Module) -> Vec<GraphId> {
    let mut graphs = movable(module);
    graphs.retain(|&id| !is_updated(module, id));
    graphs
}

/// Whether the program updates a task group of the graph.
fn is_updated(module: &Module, id: GraphId) -> bool {
    let bodies = module.bodies().filter(|&(body, _)| body != BodyId::Graph(id));
    bodies.flat_map(|(_, body)| body.updates.values()).any(|update| update.graph == id)
}
