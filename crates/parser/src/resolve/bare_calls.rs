//! Graphs that calls make, the calls that blocks are made of, and calls as logs write them.

use acg_ir::{Declared, Entity, GroupData, Handle, Item, List, Op, Operand};
use rustc_hash::FxHashSet;

use super::blocks::Owner;
use super::names::{HANDLE, Meaning};
use super::{Resolved, Resolver, Stop};
use crate::syntax::{OpSyntax, Text, Tree};

impl Resolver<'_> {
    /// `graph NAMES`.
    pub(super) fn handles(&mut self, names: &[Text]) -> Resolved<()> {
        self.free_names(names)?;
        let first = Entity::at(self.module.handles.len());
        for &name in names {
            let symbol = self.free_name(name)?;
            let handle = self.module.handles.push(Declared { name: symbol });
            self.declare(symbol, Meaning::Handle(handle), name);
        }
        self.module.items.push(Item::Handles { first, count: names.len() as u32 });
        Ok(())
    }

    pub(super) fn bare_call(&mut self, tree: &Tree, op: OpSyntax) -> Resolved<Op> {
        Ok(match op {
            OpSyntax::AddCond { kind, name, branches, models } => {
                let (cond, branches) = (self.cond(name)?, self.most_branches(branches)?);
                let named = models.of(&tree.names).iter().map(|&name| self.handle(name));
                let named = named.collect::<Resolved<Vec<_>>>()?;
                let models = List::push_to(&mut self.module.handle_lists, named);
                let models = self.module.rare_lists.keep(models);
                Op::AddCond { kind, cond, branches, models }
            }
            OpSyntax::CaptureBegin { into, mode } => {
                let into = into.map(|name| self.handle(name)).transpose()?;
                Op::CaptureBegin { into, mode }
            }
            OpSyntax::CaptureEnd(name) => Op::CaptureEnd(self.handle(name)?),
            OpSyntax::GroupBegin => Op::GroupBegin,
            OpSyntax::GroupEnd(name) => {
                let symbol = self.task_name(name, false)?;
                if let Some(Owner::Graph { .. }) = self.owner() {
                    self.groups.insert((self.module.graphs.len(), symbol));
                }
                let Some(open) = &mut self.body else { return Err(Stop::Poisoned) };
                Op::GroupEnd(open.body.groups.push(GroupData { name: symbol, stream: None }))
            }
            OpSyntax::Call(text) => Op::Call(self.module.symbols.intern(self.source(text))),
            _ => return Err(Stop::Poisoned),
        })
    }

    fn handle(&mut self, name: Text) -> Resolved<Handle> {
        match self.meaning(name, HANDLE)? {
            Meaning::Handle(handle) => Ok(handle),
            _ => Err(Stop::Poisoned),
        }
    }

    /// The buffers that a call names, each once.
    pub(super) fn named_buffers(&mut self, call: Text) -> List<Operand> {
        let (mut named, mut seen) = (Vec::new(), FxHashSet::default());
        for (_, word) in acg_ir::name::words(self.source(call)) {
            let meaning = self.module.symbols.find(word).and_then(|symbol| self.names.find(symbol));
            if let Some((Meaning::Buffer(buffer), _)) = meaning
                && seen.insert(buffer)
            {
                named.push(Operand { buffer, slice: None });
            }
        }
        List::push_to(&mut self.module.operands, named)
    }
}
