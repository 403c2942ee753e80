//! Copies and reductions: types, sizes and gaps of source and target.

use acg_ir::{DType, Op, Operand, TaskData, TensorType};

use super::{Resolved, Resolver};
use crate::check::{size_mismatch, strided_region, type_mismatch};
use crate::syntax::{OperandSyntax, TaskSyntax, Tree};

impl Resolver<'_> {
    pub(super) fn check_transfers(
        &mut self,
        tree: &Tree,
        task: &TaskSyntax,
        data: &TaskData,
    ) -> Resolved<()> {
        let call = self.source(task.head).split([' ', '\t']).next().unwrap_or("");
        let sources = task.inputs.of(&tree.operands).iter().zip(data.inputs.of(&self.module.operands));
        let targets = task.outputs.of(&tree.operands).iter().zip(data.outputs.of(&self.module.operands));
        for ((source, &from), (target, &to)) in sources.zip(targets) {
            self.check_types(call, (*source, from), (*target, to))?;
            if data.op == Op::Copy2d {
                self.check_rows((*source, from), (*target, to))?;
            } else {
                self.check_runs(call, (*source, from), (*target, to))?;
            }
        }
        Ok(())
    }

    /// Both sides have one element type; plain bytes go with any.
    fn check_types(
        &self,
        call: &str,
        source: (OperandSyntax, Operand),
        target: (OperandSyntax, Operand),
    ) -> Resolved<()> {
        match (self.element(source.1), self.element(target.1)) {
            (Some(from), Some(to)) if from != to => {
                let (name, other) = (self.source(source.0.text), self.source(target.0.text));
                Err(type_mismatch::diagnostic(self.span(target.0.text), call, (name, from), (other, to))
                    .into())
            }
            _ => Ok(()),
        }
    }

    fn element(&self, operand: Operand) -> Option<DType> {
        match self.module.buffers[operand.buffer].ty {
            TensorType::Tensor { dtype, .. } => Some(dtype),
            TensorType::Bytes(_) => None,
        }
    }

    /// Both sides are one run of bytes of one length.
    fn check_runs(
        &self,
        call: &str,
        source: (OperandSyntax, Operand),
        target: (OperandSyntax, Operand),
    ) -> Resolved<()> {
        let (from, to) = (self.extent(source.0, source.1)?, self.extent(target.0, target.1)?);
        for (side, extent) in [(source.0, &from), (target.0, &to)] {
            if !extent.is_contiguous() {
                let what = format!("`{call}`");
                let help = "copy rows with `copy2d`, or slice whole rows";
                return Err(strided_region::diagnostic(
                    self.span(side.text),
                    self.source(side.text),
                    &what,
                    help,
                )
                .into());
            }
        }
        let (name, other) = (self.source(source.0.text), self.source(target.0.text));
        if from.len() != to.len() {
            return Err(size_mismatch::transfer(
                self.span(target.0.text),
                call,
                (name, from.len()),
                (other, to.len()),
            )
            .into());
        }
        Ok(())
    }

    /// Both sides are rows of one width at one distance; a side without gaps is rows of any width.
    fn check_rows(&self, source: (OperandSyntax, Operand), target: (OperandSyntax, Operand)) -> Resolved<()> {
        let (from, to) = (self.extent(source.0, source.1)?, self.extent(target.0, target.1)?);
        for (side, extent) in [(source.0, &from), (target.0, &to)] {
            if extent.pitched().is_none() {
                return Err(strided_region::not_pitched(self.span(side.text), self.source(side.text)).into());
            }
        }
        let (name, other) = (self.source(source.0.text), self.source(target.0.text));
        if from.len() != to.len() {
            return Err(size_mismatch::transfer(
                self.span(target.0.text),
                "copy2d",
                (name, from.len()),
                (other, to.len()),
            )
            .into());
        }
        if let (Some((width, ..)), Some((other_width, ..))) = (from.pitched(), to.pitched())
            && width != other_width
            && !from.is_contiguous()
            && !to.is_contiguous()
        {
            return Err(
                size_mismatch::rows(self.span(target.0.text), (name, width), (other, other_width)).into()
            );
        }
        Ok(())
    }
}
