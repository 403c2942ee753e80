//! Conflicts of one task with earlier ones that nothing orders.

use crate::order::Order;

/// Collects the earlier accesses that a task meets and that need not be complete before it.
pub(crate) struct Conflicts<'a> {
    pub(crate) task: u32,
    /// `None` where the graph has no order of its own.
    pub(crate) order: Option<&'a Order>,
    pub(crate) unordered: &'a mut Vec<(u32, u32)>,
}

impl Conflicts<'_> {
    /// Notes that the task touches what `other` touched; whether that is complete before it.
    pub(crate) fn meet(&mut self, other: u32) -> bool {
        let is_ordered = self.is_after(other);
        if !is_ordered {
            self.unordered.push((other, self.task));
        }
        is_ordered
    }

    /// Whether `other` is complete before the task, or is no task of a stream.
    pub(crate) fn is_after(&self, other: u32) -> bool {
        let Some(order) = self.order else { return true };
        other == self.task || order.are_ordered(other, self.task).unwrap_or(true)
    }

    /// The stream of a task; those of one stream are complete one after the other.
    pub(crate) fn stream(&self, task: u32) -> Option<u32> {
        self.order.and_then(|order| order.stream(task))
    }
}
