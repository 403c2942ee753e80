//! Which temporaries belong to one graph alone.

use acg_ir::dependence::{reads, writes};
use acg_ir::{Arena, BodyId, Buffer, Module, Space};

use crate::Context;

/// Of each buffer, whether it is a temporary that the tasks of at most one graph touch, so that nothing outlives an execution in it.
///
/// What a call of the host wrote while the graph was captured is there for every execution, so that such a temporary is none of these.
///
/// What outlived executions before some pass ran does so still, although that pass may have taken its other uses away.
pub(crate) fn local(module: &Module, context: &mut Context<'_>) -> Arena<Buffer, bool> {
    let mut local = local_now(module);
    for (buffer, data) in module.buffers.iter().filter(|(_, data)| data.space == Space::Temp) {
        if local[buffer] {
            local[buffer] = !context.outliving.contains(&buffer);
        } else if data.view.is_none() {
            context.outliving.insert(buffer);
        }
    }
    local
}

fn local_now(module: &Module) -> Arena<Buffer, bool> {
    let mut owner: Arena<Buffer, Option<BodyId>> = Arena::filled(module.buffers.len(), None);
    let mut local: Arena<Buffer, bool> =
        module.buffers.values().map(|data| data.space == Space::Temp && data.view.is_none()).collect();
    if !local.values().any(|&local| local) {
        return local;
    }
    for (id, body) in module.bodies() {
        for task in body.program() {
            let data = &body.tasks[task];
            let is_host = id == BodyId::Run || !data.op.takes_stream();
            for operand in reads(module, data).chain(writes(module, data).iter().copied()) {
                let Ok(access) = module.access(operand) else { continue };
                if is_host || owner[access.root].is_some_and(|owner| owner != id) {
                    local[access.root] = false;
                }
                owner[access.root] = Some(id);
            }
        }
    }
    local
}
