//! Goes from plan to plan by small changes, to ever lighter ones.

use super::start::Start;
use super::{Scales, Weight};
use crate::stab::{Changes, Random, by_start, renumber};
use crate::{Dag, Device, Plan, SyncTasks, fewest_syncs, simulate};

/// A plan under change.
pub(super) struct Walk<'a> {
    dag: &'a Dag,
    device: &'a Device,
    latest: u64,
    sync_tasks: u32,
    changes: Changes<'a>,
    random: Random,
    /// What is being tried, or was tried last.
    trial: Plan,
    weight: Weight,
}

impl<'a> Walk<'a> {
    pub(super) fn new(dag: &'a Dag, device: &'a Device, start: Start) -> Option<Self> {
        let Start { plan, latest, sync_tasks, weight } = start;
        let timetable = simulate(dag, device, &plan)?;
        Some(Self {
            dag,
            device,
            latest,
            sync_tasks,
            changes: Changes::new(dag, plan.streams, by_start(dag, &plan, &timetable)),
            random: Random::new(0x11947),
            trial: plan,
            weight,
        })
    }

    pub(super) fn bytes(&self) -> u64 {
        self.weight.bytes
    }

    /// Changes something near a task that weighs, and takes it back unless the plan is as good and no heavier.
    pub(super) fn step(&mut self, scales: &mut impl Scales) {
        let Some(&task) = self.weight.tasks.get(self.random.below(self.weight.tasks.len())) else { return };
        let range = self.changes.near(task, &mut self.random);
        if self.changes.change(&range, None, &mut self.random)
            && self.is_as_good()
            && let Some(weight) = scales.weigh(&self.trial, self.weight.bytes)
            && weight.bytes <= self.weight.bytes
        {
            self.weight = weight;
            self.changes.keep();
        } else {
            self.changes.undo();
        }
    }

    /// Whether the changed plan ends as early, with as few syncs.
    fn is_as_good(&mut self) -> bool {
        self.trial.stream_of.clone_from(&self.changes.of.stream_of);
        self.trial.order.clone_from(&self.changes.of.order);
        self.trial.syncs.clear();
        let replayed = simulate(self.dag, self.device, &self.trial);
        if replayed.is_none_or(|replayed| replayed.makespan > self.latest) {
            return false;
        }
        self.trial.syncs = fewest_syncs(self.dag, &self.trial);
        SyncTasks::of(&self.trial).total() <= self.sync_tasks
    }

    pub(super) fn plan(&self) -> Plan {
        let Changes { of, .. } = &self.changes;
        let mut plan =
            Plan { stream_of: of.stream_of.clone(), order: of.order.clone(), ..self.trial.clone() };
        plan.syncs = fewest_syncs(self.dag, &plan);
        renumber(&mut plan);
        plan
    }
}
