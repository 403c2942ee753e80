//! Which temporaries belong to one graph alone.

use acg_ir::dependence::{reads, writes};
use acg_ir::{Arena, Buffer, GraphId, Module, Space};

/// Of each buffer, whether it is a temporary that at most one graph touches, so that nothing outlives that graph in it.
pub(crate) fn local(module: &Module) -> Arena<Buffer, bool> {
    let mut owner: Arena<Buffer, Option<GraphId>> = Arena::filled(module.buffers.len(), None);
    let mut local: Arena<Buffer, bool> =
        module.buffers.values().map(|data| data.space == Space::Temp && data.view.is_none()).collect();
    for (id, graph) in module.graphs.iter() {
        for task in graph.program() {
            let data = &graph.tasks[task];
            for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                let Ok(access) = module.access(operand) else { continue };
                if owner[access.root].is_some_and(|owner| owner != id) {
                    local[access.root] = false;
                }
                owner[access.root] = Some(id);
            }
        }
    }
    local
}
