//! Tasks that others are ordered after by name.

use acg_ir::{Graph, Module, Symbol, Value};
use rustc_hash::FxHashSet;

/// The names that any `after` of the graph gives.
pub(crate) fn named(module: &Module, graph: &Graph) -> FxHashSet<Symbol> {
    let after = graph.program().flat_map(|task| module.after(&graph.tasks[task]));
    after.filter_map(|value| if let Value::Word(name) = *value { Some(name) } else { None }).collect()
}
