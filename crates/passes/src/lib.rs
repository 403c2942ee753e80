//! Passes: each rewrites a module into one that means the same.
//!
//! One file a pass, named verb-object; the kebab name is the file, the command-line name and the test folder. What passes share
//! is beside them: [`units`](unit) of a graph that move as one, their [task graph](task_graph), [declaring](declare) streams and
//! events, and [writing a plan](realise) into a graph.
//!
//! **Invariant:** a pass never gives a task another number. Tasks that it makes are appended, tasks that it removes stand in
//! no step any more, so that the proof can follow every task through every pass.

mod assign_one_stream;
mod bytes;
mod coalesce_copies;
mod context;
mod declare;
mod divide_at_updates;
mod eliminate_dead_tasks;
mod executions;
mod fixed;
mod forward_copies;
mod ground;
mod hoist_invariant_copies;
mod infer_dependences;
mod lightest_plan;
mod minimize_syncs;
mod named;
mod own_events;
mod pipeline;
mod plan_memory;
mod pool;
mod ranges;
mod read_plan;
mod realise;
mod remove_redundant_copies;
mod reuse_events;
mod schedule_streams;
mod spell_out_ge_steps;
mod split_long_streams;
mod stab_syncs;
mod subject;
mod task_graph;
mod temporaries;
mod unit;

use acg_ir::Module;

pub use acg_schedule::MOST_STREAMS;

pub use assign_one_stream::AssignOneStream;
pub use coalesce_copies::CoalesceCopies;
pub use context::{Context, Options, Outcome, Placed, Proved, Queue, Remark, Statistic, Streams};
pub use divide_at_updates::{Undivided, divide_at_updates, updated_groups};
pub use eliminate_dead_tasks::EliminateDeadTasks;
pub use forward_copies::ForwardCopies;
pub use hoist_invariant_copies::HoistInvariantCopies;
pub use infer_dependences::InferDependences;
pub use minimize_syncs::MinimizeSyncs;
pub use pipeline::{Level, UnknownLevel, passes_of};
pub use plan_memory::PlanMemory;
pub use read_plan::{PlanReader, Planned};
pub use remove_redundant_copies::RemoveRedundantCopies;
pub use reuse_events::ReuseEvents;
pub use schedule_streams::ScheduleStreams;
pub use spell_out_ge_steps::spell_out_ge_steps;
pub use split_long_streams::SplitLongStreams;
pub use stab_syncs::StabSyncs;
pub use subject::{Change, Subject};

/// A rewrite of a module.
pub trait Pass: Sync {
    /// Its name: verb-object, kebab case.
    fn name(&self) -> &'static str;
    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;
    /// Whether it orders the tasks of explicit graphs anew, by the data they touch alone.
    fn reorders(&self) -> bool {
        false
    }
    /// Rewrites the module; what was done or left undone goes to the context.
    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>);
    /// Rewrites `module` without a witness, and says whether anything changed.
    fn run(&self, module: &mut Module, context: &mut Context<'_>) -> bool {
        let mut subject = Subject::new(module);
        self.rewrite(&mut subject, context);
        subject.finish() != Change::Nothing
    }
}

/// Every pass, in alphabetical order.
pub const PASSES: &[&dyn Pass] = &[
    &AssignOneStream,
    &CoalesceCopies,
    &EliminateDeadTasks,
    &ForwardCopies,
    &HoistInvariantCopies,
    &InferDependences,
    &MinimizeSyncs,
    &PlanMemory,
    &RemoveRedundantCopies,
    &ReuseEvents,
    &ScheduleStreams,
    &SplitLongStreams,
    &StabSyncs,
];

/// The pass of that name.
pub fn find(name: &str) -> Option<&'static dyn Pass> {
    PASSES.iter().copied().find(|pass| pass.name() == name)
}
