//! `stab-syncs`: fewer records and waits at the same makespan, for order that the program did not have.
//!
//! Where a stream may as well wait a little later, one wait serves many dependences (slack stabbing); and streams are interchangeable, so
//! tasks may change theirs. All of it rests on the costs that the device model has for the tasks: if they are wrong, the added order can
//! cost time, which is why this is a level of its own.

use acg_ir::{Arena, Buffer, GraphId};
use acg_schedule::{Device, Give, SyncTasks};

use crate::bytes::Bytes;
use crate::context::{Outcome, Streams};
use crate::ground::Ground;
use crate::read_plan::{each_explicit, read_plan};
use crate::realise::realise;
use crate::temporaries::{self, Temporaries};
use crate::{Context, Pass, Subject};

/// See the module.
pub struct StabSyncs;

const NAME: &str = "stab-syncs";
/// How many looks at tasks are worth it, about 10 ns each, for each task and for a graph.
const VISITS_OF_TASK: u64 = 1_000_000;
const MOST_VISITS: u64 = 500_000_000;
/// Few plans are weighed; those of more tasks by a bound that does not say what it comes from.
const MOST_EXACT: usize = 20_000;

impl Pass for StabSyncs {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "saves records and waits by ordering what was unordered, where the makespan stays the same"
    }

    fn reorders(&self) -> bool {
        true
    }

    fn rewrite(&self, module: &mut Subject<'_>, context: &mut Context<'_>) {
        let local = temporaries::local(module, context);
        each_explicit(module, |module, id, ground| stab(module, id, &local, ground, context));
    }
}

fn stab(
    module: &mut Subject<'_>,
    id: GraphId,
    local: &Arena<Buffer, bool>,
    ground: &mut Ground,
    context: &mut Context<'_>,
) {
    if context.options.streams == Streams::Full {
        let text = "no order added, because full concurrency is asked for".to_owned();
        context.graph_remark(NAME, Outcome::Missed, module, id, text);
        return;
    }
    let model = context.options.model;
    let read = match read_plan(module, id, &model, ground) {
        Ok(read) => read,
        Err(reason) => {
            let text = format!("synchronisation left as it is, because {reason}");
            context.graph_remark(NAME, Outcome::Missed, module, id, text);
            return;
        }
    };
    let device = Device { slots: model.slots, sync_latency: model.sync };
    let visits = MOST_VISITS.min(VISITS_OF_TASK * read.tasks.units.len() as u64);
    let temporaries = Temporaries::of(module, id, local, [&read.tasks.eager, &read.tasks.units], ground);
    let give = Give { makespan: context.options.added_path, visits, time_limit: context.larger_share() };
    let mut scales = Bytes::new(&temporaries, MOST_EXACT);
    let better = acg_schedule::improve_syncs(&read.tasks.dag, &device, &read.plan, give, &mut scales);
    let (before, after) = (SyncTasks::of(&read.plan).total(), SyncTasks::of(&better).total());
    if after >= before {
        context.graph_remark(
            NAME,
            Outcome::Missed,
            module,
            id,
            format!("no fewer than {before} records and waits found"),
        );
        return;
    }
    let text = format!("{after} records and waits instead of {before}");
    context.graph_remark(NAME, Outcome::Done, module, id, text);
    context.count(NAME, "records and waits saved", (before - after).into());
    if read.tasks.is_simple
        && let Some(timetable) = acg_schedule::simulate(&read.tasks.dag, &device, &better)
    {
        context.makespans.insert(id, timetable.makespan);
    }
    realise(module.change(), id, &read.tasks, &better, None, context.options.events, ground);
}
