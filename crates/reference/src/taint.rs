//! Which buffers hold values that stand-ins have part in.

use acg_ir::{Buffer, Entity, Module, Op, Operand, TaskData};

/// By buffer that is no view. A buffer of which a part is made up counts as made up until it is written whole.
pub(crate) struct Taint(Vec<bool>);

impl Taint {
    pub(crate) fn new(module: &Module) -> Self {
        Self(vec![false; module.buffers.len()])
    }

    /// Whether a buffer holds made-up values.
    pub(crate) fn is_made_up(&self, root: Buffer) -> bool {
        self.0.get(root.index()).copied().unwrap_or(false)
    }

    /// A task ran, whose own results are made up or not.
    pub(crate) fn task(&mut self, module: &Module, data: &TaskData, made_up: bool) {
        let read = |operand: Operand| module.access(operand).is_ok_and(|access| self.is_made_up(access.root));
        let made_up = made_up || acg_ir::dependence::reads(module, data).any(read);
        for &operand in data.outputs.of(&module.operands) {
            let Ok(access) = module.access(operand) else { continue };
            let is_whole = module.byte_size(&module.buffers[access.root].ty) == Some(access.extent.len());
            let keeps = !is_whole || matches!(data.op, Op::Reduce(_));
            if let Some(flag) = self.0.get_mut(access.root.index()) {
                *flag = made_up || (*flag && keeps);
            }
        }
    }
}
