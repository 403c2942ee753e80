//! What the calls of a lowered program read and write.
//!
//! A launch says nothing about its operands in its arguments; the task that it comes from names all of them. Every
//! other call says it itself.

use acg_backend_acl::{Cause, Declaration, Lowered};
use acg_calls::{Api, CallId, Name};
use acg_hazards::{AccessOf, Accesses, Arguments, Coverage};
use acg_ir::dependence::{needs, writes};
use acg_ir::{Arena, Buffer, Entity, Module, Operand};

/// The accesses of a lowered module.
pub(crate) struct Operands<'p> {
    module: &'p Module,
    lowered: &'p Lowered,
    arguments: Arguments<'p>,
    /// What the log calls the memory of each buffer.
    names: Arena<Buffer, Option<Name>>,
    /// Of each graph, whether all its tasks that conflict are known to be ordered.
    ordered: &'p [bool],
    /// Whether nothing but the tasks of one graph touches memory, and all of them that conflict are ordered: then it does not matter which bytes they are.
    is_settled: bool,
}

impl<'p> Operands<'p> {
    pub(crate) fn of(module: &'p Module, lowered: &'p Lowered, ordered: &'p [bool]) -> Self {
        let mut names = Arena::filled(module.buffers.len(), None);
        for (index, declaration) in lowered.declarations.iter().enumerate() {
            if let Some(Declaration::Buffer(buffer)) = *declaration {
                names[buffer] = Some(Name::at(index));
            }
        }
        let is_settled = module.run.is_none() && module.bare_call().is_none() && ordered == [true];
        Self { module, lowered, arguments: Arguments::of(&lowered.log), names, ordered, is_settled }
    }

    /// The same, with all accesses even where they do not matter.
    pub(crate) fn in_full(&self) -> Self {
        let mut all = Self::of(self.module, self.lowered, &[]);
        all.ordered = self.ordered;
        all
    }

    fn push(&self, operand: Operand, writes: bool, out: &mut Vec<AccessOf>) {
        let Ok(access) = self.module.access(operand) else { return };
        if let Some(base) = self.names[access.root] {
            out.push(AccessOf { base, extent: access.extent, writes, is_exact: true });
        }
    }
}

impl Accesses for Operands<'_> {
    fn of(&self, call: CallId, out: &mut Vec<AccessOf>) -> Coverage {
        let api = self.lowered.log[call].api;
        let launches = matches!(
            api,
            Api::Aclnn
                | Api::LaunchKernel
                | Api::MdlExecute
                | Api::MdlExecuteAsync
                | Api::GeRunGraph
                | Api::GeRunGraphWithStreamAsync
        );
        let cause = launches.then(|| self.lowered.causes.of(call)).flatten();
        let Some((body, task)) = cause.and_then(|cause| match cause {
            Cause::Task(body, task) => Some((self.module.body(body)?, task)),
            _ => None,
        }) else {
            return self.arguments.of(call, out);
        };
        let data = &body.tasks[task];
        for operand in needs(self.module, data) {
            self.push(operand, false, out);
        }
        for &operand in writes(self.module, data) {
            self.push(operand, true, out);
        }
        Coverage::All
    }

    fn matter(&self) -> bool {
        !self.is_settled
    }

    fn show_contents(&self) -> bool {
        // The host program writes memory before it executes a graph; without one the graph runs in a program that is not known.
        self.module.run.is_some()
    }

    fn are_ordered(&self, begin: CallId) -> bool {
        let Some(Cause::Begin(graph)) = self.lowered.causes.of(begin) else { return false };
        self.ordered.get(graph.index()).is_some_and(|&ordered| ordered)
    }
}
