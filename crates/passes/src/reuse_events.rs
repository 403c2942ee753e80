//! `reuse-events`: the same records and waits with as few events as can be.
//!
//! An event can be recorded again once every wait for its last record is complete. Event objects are limited (65 536, and 1 023 on some
//! devices), so a long graph needs this to be captured at all.

use acg_ir::GraphId;

use crate::context::Outcome;
use crate::ground::Ground;
use crate::read_plan::{each_explicit, read_plan};
use crate::realise::realise;
use crate::{Context, Pass, Subject};

/// See the module.
pub struct ReuseEvents;

const NAME: &str = "reuse-events";

impl Pass for ReuseEvents {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "makes do with as few events as the order of records and waits allows"
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        each_explicit(module, |module, id, ground| reuse(module, id, ground, context));
    }
}

fn reuse(module: &mut Subject<'_>, id: GraphId, ground: &mut Ground, context: &mut Context<'_>) {
    let read = match read_plan(module, id, &context.options.model, ground) {
        Ok(read) => read,
        Err(reason) => {
            context.graph_remark(
                NAME,
                Outcome::Missed,
                module,
                id,
                format!("events left as they are, because {reason}"),
            );
            return;
        }
    };
    let saved = realise(
        module.change(),
        id,
        &read.tasks,
        &read.plan,
        Some(&read.streams),
        context.options.events,
        ground,
    );
    context.count(NAME, "events saved", saved as u64);
}
