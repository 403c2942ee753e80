//! What one order has and another has not.

use crate::order::Order;

/// Calls `found` with pairs of `tasks`, which are in program order, that `from` orders and `to` does not: at least one wherever there is one.
pub(crate) fn lost(from: &Order, tasks: &[u32], to: &Order, mut found: impl FnMut(u32, u32)) {
    let rows = rows(from, tasks);
    for (own, row) in rows.iter().enumerate() {
        let mut previous: Option<u32> = None;
        for &number in &row.tasks {
            let mut check = |last: Option<&u32>| {
                if let Some(&last) = last
                    && !to.before(last, number)
                {
                    found(last, number);
                }
            };
            check(previous.as_ref());
            // Where nothing was waited for since, the task before it on its stream has it all.
            from.each_more(number, previous, |stream, count| {
                if stream as usize != own {
                    check(rows[stream as usize].complete(count).last());
                }
            });
            previous = Some(number);
        }
    }
}

/// Tasks of one stream.
#[derive(Clone, Default)]
struct Row {
    tasks: Vec<u32>,
    /// By place on the stream, how many of them stand before it; up to the last one's.
    before: Vec<u32>,
}

impl Row {
    /// Those that are complete with the first `count` tasks of the stream.
    fn complete(&self, count: u32) -> &[u32] {
        let complete = self.before.get(count as usize).map_or(self.tasks.len(), |&before| before as usize);
        &self.tasks[..complete]
    }
}

/// Of each stream of `order`, those of `tasks` that it has.
fn rows(order: &Order, tasks: &[u32]) -> Vec<Row> {
    let mut rows = vec![Row::default(); order.streams.len()];
    for &task in tasks {
        if let Some(stream) = order.stream(task) {
            let row = &mut rows[stream as usize];
            row.before.resize(order.place(task) as usize + 1, row.tasks.len() as u32);
            row.tasks.push(task);
        }
    }
    rows
}

#[cfg(test)]
mod tests;
