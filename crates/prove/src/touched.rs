//! The bytes that a task touches, looked up once for all that is asked about them.

use acg_ir::dependence::{each_read, writes};
use acg_ir::{Access, Entity, Module, Operand, TaskData};

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
        let look_up = |operand: Operand, list: &mut Vec<Access>| {
            if let Ok(access) = module.access(operand) {
                list.push(access);
            }
        };
        self.read.clear();
        each_read(module, data, |operand| look_up(operand, &mut self.read));
        self.written.clear();
        for &operand in writes(module, data) {
            look_up(operand, &mut self.written);
        }
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
