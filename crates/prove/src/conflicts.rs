//! Conflicts of one task with earlier ones that nothing orders.

use crate::order::{Order, Spot};

/// Collects the earlier accesses that a task meets and that need not be complete before it.
pub(crate) struct Conflicts<'a> {
    pub(crate) task: u32,
    /// Where the task stands; `None` where everything is complete before it: in a graph without an order of its own, and for calls of the host.
    at: Option<(&'a Order, Spot)>,
    unordered: &'a mut Vec<(u32, u32)>,
}

impl<'a> Conflicts<'a> {
    /// Those of a task; `order` is `None` where the graph has none of its own.
    pub(crate) fn of(task: u32, order: Option<&'a Order>, unordered: &'a mut Vec<(u32, u32)>) -> Self {
        let at = order.map(|order| (order, order.spot(task))).filter(|(_, spot)| spot.is_on_stream());
        Self { task, at, unordered }
    }

    /// Whether anything can come in no order with the task, so that it has to be known what it touches.
    pub(crate) fn are_possible(&self) -> bool {
        self.at.is_some()
    }

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
        let Some((order, spot)) = self.at.filter(|_| other != self.task) else { return true };
        let other = order.spot(other);
        !other.is_on_stream() || order.is_complete(other.stream, other.place, spot)
    }

    /// The stream of a task; those of one stream are complete one after the other.
    pub(crate) fn stream(&self, task: u32) -> Option<u32> {
        self.at.and_then(|(order, _)| order.stream(task))
    }
}
