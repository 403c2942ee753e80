//! Graphs of which the text does not tell all that their tasks touch, or in which order they run.
//!
//! In a graph with conditional tasks or segments, lines run any number of times or in several models. The kernels of a task group that the
//! program updates touch other buffers from then on: [`acg_ir::Dependences`] counts those too, so tasks may move; but what is
//! dead or already there cannot be told from the graph alone.

use acg_ir::{Arena, BodyId, GraphId, Module};

/// Why a graph is left as it is.
pub(crate) const NOT_STRAIGHT: &str = "it has conditional tasks or segments";

/// The graphs whose tasks may move.
pub(crate) fn movable(module: &Module) -> Vec<GraphId> {
    module.graphs.iter().filter(|(_, graph)| graph.is_straight()).map(|(id, _)| id).collect()
}

/// The graphs whose tasks may also go or change.
pub(crate) fn changeable(module: &Module) -> Vec<GraphId> {
    let mut graphs = movable(module);
    let mut is_updated = Arena::filled(module.graphs.len(), false);
    for (id, body) in module.bodies() {
        // A graph that updates itself is not straight.
        body.updates.values().filter(|update| id != BodyId::Graph(update.graph)).for_each(|update| {
            is_updated[update.graph] = true;
        });
    }
    graphs.retain(|&id| !is_updated[id]);
    graphs
}
