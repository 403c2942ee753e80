//! The steps of a body in the order in which they are called: `repeat` is unrolled.
//!
//! **Invariant:** what is given opens and closes in pairs, and its length is at most that of the body and [`MOST_REPEATED`] more,
//! whatever the program says.

use acg_ir::{Body, Scope, Step};

/// How many steps of second and later repetitions are given, over all blocks of a body.
const MOST_REPEATED: u32 = 1 << 18;

/// The steps of one body.
pub(super) struct Walk<'b> {
    body: &'b Body,
    at: usize,
    /// Up to where tasks are fetched.
    fetched: usize,
    /// For every open block, where its lines start and how often they come again; none for blocks that are no `repeat`.
    open: Vec<Option<(usize, u64)>>,
    left: u32,
    /// Where the lines of a block start that came fewer times than it says.
    pub(super) cut: Option<usize>,
}

impl<'b> Walk<'b> {
    pub(super) fn new(body: &'b Body) -> Self {
        Self { body, at: 0, fetched: 0, open: Vec::new(), left: MOST_REPEATED, cut: None }
    }

    /// Goes on behind the block whose header was taken last.
    fn skip(&mut self) {
        let mut depth = 1u32;
        while let (1.., Some(step)) = (depth, self.body.steps.get(self.at)) {
            match step {
                Step::Open(_) => depth += 1,
                Step::Close => depth -= 1,
                Step::Task(_) => {}
            }
            self.at += 1;
        }
    }

    /// Goes back to the start of the innermost block where it comes again.
    fn goes_back(&mut self) -> bool {
        let Some(Some((start, again @ 1..))) = self.open.last_mut() else { return false };
        if self.left == 0 {
            self.cut = self.cut.or(Some(*start));
            return false;
        }
        *again -= 1;
        self.left -= 1;
        self.at = *start;
        true
    }
}

impl Iterator for Walk<'_> {
    /// The place of a step, and the step.
    type Item = (usize, Step);

    fn next(&mut self) -> Option<(usize, Step)> {
        loop {
            let at = self.at;
            let step = *self.body.steps.get(at)?;
            if at >= self.fetched {
                self.fetched = self.body.fetch_run(at);
            }
            self.at += 1;
            match step {
                Step::Open(Scope::Repeat(0)) => {
                    self.skip();
                    continue;
                }
                Step::Open(Scope::Repeat(times)) => self.open.push(Some((self.at, times - 1))),
                Step::Open(_) => self.open.push(None),
                Step::Close => {
                    if self.goes_back() {
                        continue;
                    }
                    self.open.pop();
                }
                Step::Task(_) if self.open.iter().any(Option::is_some) => {
                    self.left = self.left.saturating_sub(1);
                }
                Step::Task(_) => {}
            }
            return Some((at, step));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use acg_ir::{Entity, Op, Task, TaskData};

    fn walked(steps: Vec<Step>) -> (Vec<usize>, bool) {
        let tasks = [TaskData::new(Op::Segment, None)].into_iter().collect();
        let body = Body { steps, tasks, ..Body::default() };
        let mut walk = Walk::new(&body);
        let places = walk.by_ref().map(|(at, _)| at).collect();
        (places, walk.cut.is_some())
    }

    #[test]
    fn a_block_comes_as_often_as_it_says() {
        let [open, task] = [Step::Open(Scope::Repeat(3)), Step::Task(Task::at(0))];
        assert_eq!(walked(vec![open, task, Step::Close]), (vec![0, 1, 1, 1, 2], false));
        let nothing = Step::Open(Scope::Repeat(0));
        assert_eq!(walked(vec![nothing, open, task, Step::Close, Step::Close, task]), (vec![5], false));
    }

    #[test]
    fn endless_repetition_ends() {
        let open = Step::Open(Scope::Repeat(u64::MAX));
        let (places, cut) = walked(vec![open, open, Step::Task(Task::at(0)), Step::Close, Step::Close]);
        assert!(cut);
        assert!(places.len() < 2 * MOST_REPEATED as usize);
        let (places, cut) = walked(vec![open, Step::Close]);
        assert_eq!((places, cut), (vec![0, 1], true));
    }
}
