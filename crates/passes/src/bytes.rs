//! What a plan weighs: the temporaries that it keeps in use together.

use acg_memory::Weighing;
use acg_schedule::{Plan, Scales, Weight};

use crate::temporaries::Temporaries;

/// The steps that all weighing takes, some nanoseconds each.
const STEPS: u64 = 100_000_000;
/// With more tasks than this, plans are weighed by what buffers hand each other in the order of first use, which is close and takes one pass.
const MOST_EXACT: usize = 5_000;

/// Weighs plans by the temporaries that they keep in use together.
pub(crate) struct Bytes<'a> {
    temporaries: &'a Temporaries,
    weighing: Weighing,
    /// What is left for all weighing.
    steps: u64,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(temporaries: &'a Temporaries) -> Self {
        Self { temporaries, weighing: Weighing::default(), steps: STEPS }
    }
}

impl Scales for Bytes<'_> {
    fn weigh(&mut self, plan: &Plan, at_most: u64) -> Option<Weight> {
        let instance = self.temporaries.instance(plan).ok()?;
        if plan.order.len() > MOST_EXACT {
            let bytes = Weighing::about(&instance);
            return (bytes <= at_most).then_some(Weight { bytes, tasks: Vec::new() });
        }
        let bound = self.weighing.bound_within(&instance, at_most, &mut self.steps)?;
        Some(Weight { bytes: bound.bytes, tasks: self.temporaries.units_of_all(&bound.members) })
    }

    fn at_least(&mut self, plan: &Plan) -> u64 {
        self.temporaries.in_use_at_once(&plan.order)
    }
}
