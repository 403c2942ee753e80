//! The bytes that a task touches, looked up once for all that is asked about them.

use acg_ir::dependence::{reads, writes};
use acg_ir::{Access, Entity, Module, TaskData};

use crate::digest::Digest;

/// What a task reads and what it writes, in the order of its operands.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) read: Vec<Access>,
    pub(crate) written: Vec<Access>,
}

impl Touched {
    /// What a task of `module` touches.
    pub(crate) fn of(module: &Module, data: &TaskData) -> Self {
        let mut touched = Self::default();
        touched.look_up(module, data);
        touched
    }

    /// Makes this what a task touches; keeps its room.
    pub(crate) fn look_up(&mut self, module: &Module, data: &TaskData) {
        self.read.clear();
        reads(module, data).for_each(|operand| self.read.extend(module.access(operand)));
        self.written.clear();
        self.written.extend(writes(module, data).iter().filter_map(|&operand| module.access(operand).ok()));
    }

    /// A number for the bytes.
    pub(crate) fn digest(&self) -> u64 {
        let mut digest = Digest::new(17);
        for access in self.read.iter().chain(&self.written) {
            digest.push(access.root.index() as u64);
            digest.push(access.extent.start());
            access.extent.form(|number| digest.push(number));
        }
        digest.get()
    }
}
