//! Operands: buffers, slices, their types and bytes; values of arguments and attributes.

use acg_ir::{Attribute, Extent, List, Operand, Symbol, TensorType, Value};

use super::{Resolved, Resolver};
use crate::syntax::{OperandSyntax, Text, Tree, ValueSyntax, dtype};

/// Space that is used again for every line.
#[derive(Default)]
pub(super) struct Scratch<'a> {
    /// Names of attributes that were there last, by their length: a program has the same few on all its lines.
    attribute_names: [Option<(&'a str, Symbol)>; 8],
    pub(super) values: Vec<Value>,
    pub(super) shape: Vec<u64>,
    pub(super) syntax: Vec<OperandSyntax>,
    pub(super) arguments: super::arguments::Arguments,
}

impl Resolver<'_> {
    /// A buffer or part of one, within its bounds.
    pub(super) fn operand(&mut self, tree: &Tree, syntax: OperandSyntax) -> Resolved<Operand> {
        let buffer = self.buffer(syntax.name)?;
        let Some(dims) = syntax.slice else { return Ok(Operand { buffer, slice: None }) };
        let dims = List::push_to(&mut self.module.slice_dims, dims.of(&tree.slice_dims).iter().copied());
        let slice = self.module.slices.push(dims);
        let operand = Operand { buffer, slice: Some(slice) };
        match self.module.access(operand) {
            Ok(_) => Ok(operand),
            Err(error) => Err(self.region_fault(syntax, buffer, error)),
        }
    }

    /// The operands of a task, appended to the module's.
    pub(super) fn operands(&mut self, tree: &Tree, operands: List<OperandSyntax>) -> Resolved<List<Operand>> {
        let start = self.module.operands.len();
        for &operand in operands.of(&tree.operands) {
            let operand = self.operand(tree, operand)?;
            self.module.operands.push(operand);
        }
        Ok(List::since(&self.module.operands, start))
    }

    /// The bytes of an operand.
    pub(super) fn extent(&self, syntax: OperandSyntax, operand: Operand) -> Resolved<Extent> {
        match self.module.access(operand) {
            Ok(access) => Ok(access.extent),
            Err(error) => Err(self.region_fault(syntax, operand.buffer, error)),
        }
    }

    /// The type of an operand: that of its buffer with the shape of its slice.
    pub(super) fn operand_type(&mut self, operand: Operand) -> TensorType {
        let ty = self.module.buffers[operand.buffer].ty;
        if operand.slice.is_none() {
            return ty;
        }
        let mut shape = std::mem::take(&mut self.scratch.shape);
        // The slice was checked when the operand was resolved.
        let _ = self.module.operand_shape(operand, &mut shape);
        let ty = match ty {
            TensorType::Bytes(_) => TensorType::Bytes(shape.iter().product()),
            TensorType::Tensor { dtype, .. } => TensorType::Tensor {
                dtype,
                dims: List::push_to(&mut self.module.dims, shape.iter().copied()),
            },
        };
        self.scratch.shape = shape;
        ty
    }

    /// An argument or attribute with its value.
    pub(super) fn attribute(
        &mut self,
        tree: &Tree,
        name: Text,
        text: Text,
        value: ValueSyntax,
        as_word: bool,
    ) -> Resolved<Attribute> {
        let name = self.attribute_name(name);
        Ok(Attribute { name, value: self.value(tree, text, value, as_word)? })
    }

    fn attribute_name(&mut self, name: Text) -> Symbol {
        let text = self.source(name);
        let last = &mut self.scratch.attribute_names[text.len() % 8];
        match *last {
            Some((known, symbol)) if known == text => symbol,
            _ => last.insert((text, self.module.symbols.intern(text))).1,
        }
    }

    /// A value; with `as_word`, a bare word stands for itself and not for a buffer.
    fn value(&mut self, tree: &Tree, text: Text, value: ValueSyntax, as_word: bool) -> Resolved<Value> {
        Ok(match value {
            ValueSyntax::Int(value) => Value::Int(value),
            ValueSyntax::Float(value) => Value::Float(value, self.module.symbols.intern(self.source(text))),
            ValueSyntax::Size(value) => Value::Size(value),
            ValueSyntax::Duration(value) => Value::Duration(value),
            ValueSyntax::Quoted => Value::Text(self.quoted(text)?),
            ValueSyntax::List(elements) => {
                let start = self.scratch.values.len();
                for &(text, element) in elements.of(&tree.values) {
                    let element = self.value(tree, text, element, as_word)?;
                    self.scratch.values.push(element);
                }
                Value::List(List::push_to(&mut self.module.values, self.scratch.values.drain(start..)))
            }
            ValueSyntax::Name(operand) if operand.slice.is_none() => self.word(tree, operand, as_word)?,
            ValueSyntax::Name(operand) => Value::Operand(self.operand(tree, operand)?),
        })
    }

    fn word(&mut self, tree: &Tree, operand: OperandSyntax, as_word: bool) -> Resolved<Value> {
        let text = self.source(operand.name);
        match text {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            _ => {}
        }
        if let Some(dtype) = dtype(text) {
            return Ok(Value::DType(dtype));
        }
        if as_word {
            return Ok(Value::Word(self.module.symbols.intern(text)));
        }
        Ok(Value::Operand(self.operand(tree, operand)?))
    }

    /// The space word of an operand's buffer is host memory that a device cannot reach, with where it was declared.
    pub(super) fn host_memory(&self, operand: Operand) -> Option<(acg_ir::HostMemory, Text)> {
        let data = &self.module.buffers[operand.buffer];
        match data.space {
            acg_ir::Space::Host(memory) => Some((memory, self.declaration_of(data.name))),
            _ => None,
        }
    }
}
