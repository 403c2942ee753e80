//! What a plan weighs: the temporaries that it keeps in use together.

use acg_memory::Weighing;
use acg_schedule::{Plan, Scales, Weight};

use crate::temporaries::Temporaries;

/// The steps that all weighing takes, some nanoseconds each.
const STEPS: u64 = 100_000_000;

/// Weighs plans by the temporaries that they keep in use together.
pub(crate) struct Bytes<'a> {
    temporaries: &'a Temporaries,
    weighing: Weighing,
    /// What is left for all weighing.
    steps: u64,
    /// With more tasks, plans are weighed by what buffers hand each other in the order of first use, which is close and takes one pass.
    most_exact: usize,
}

impl<'a> Bytes<'a> {
    /// Weighs plans of up to `most_exact` tasks exactly.
    pub(crate) fn new(temporaries: &'a Temporaries, most_exact: usize) -> Self {
        Self { temporaries, weighing: Weighing::default(), steps: STEPS, most_exact }
    }
}

impl Scales for Bytes<'_> {
    fn weigh(&mut self, plan: &Plan, at_most: u64) -> Option<Weight> {
        let instance = self.temporaries.instance(plan).ok()?;
        if plan.order.len() > self.most_exact {
            let bytes = Weighing::about(&instance);
            return (bytes <= at_most).then_some(Weight { bytes, tasks: Vec::new(), members: Vec::new() });
        }
        let bound = self.weighing.bound_within(&instance, at_most, &mut self.steps)?;
        let tasks = self.temporaries.units_of_all(&bound.members);
        Some(Weight { bytes: bound.bytes, tasks, members: bound.members })
    }

    fn at_least(&mut self, plan: &Plan) -> u64 {
        self.temporaries.in_use_at_once(&plan.order)
    }

    fn member(&self, member: u32) -> (u64, &[u32]) {
        self.temporaries.of_number(member)
    }
}
