//! A body as lines: what is printed on one line, and what comments are counted by.
//!
//! Conditional tasks are what makes lines differ from steps: `main: if c on sub {` opens the task and its first branch, and
//! `} else on sub {` closes one branch and opens the next.

use super::{Body, Branch, ConditionalKind, Scope, Step};
use crate::task::Task;

/// One line of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A task or call.
    Task(Task),
    /// The header of a block, with the first branch of an `if` or `while`.
    Open(Scope, Option<Branch>),
    /// `} else on sub {`.
    Else(Branch),
    /// The closing brace of a block.
    Close,
}

/// The lines of a body, in order.
#[derive(Clone, Debug)]
pub struct Lines<'b> {
    body: &'b Body,
    rest: &'b [Step],
    open: Vec<Scope>,
}

impl<'b> Lines<'b> {
    pub(super) fn new(body: &'b Body) -> Self {
        Self { body, rest: &body.steps, open: Vec::new() }
    }

    /// The steps after the line that was given last.
    pub fn rest(&self) -> &'b [Step] {
        self.rest
    }

    fn is_switch(&self, scope: Scope) -> bool {
        let conditional = match scope {
            Scope::Conditional(conditional) => conditional,
            Scope::Branch(branch) => self.body.branches[branch].conditional,
            _ => return true,
        };
        self.body.conditionals[conditional].kind == ConditionalKind::Switch
    }

    fn open(&mut self, scope: Scope) -> Line {
        self.open.push(scope);
        if matches!(scope, Scope::Conditional(_))
            && !self.is_switch(scope)
            && let [Step::Open(Scope::Branch(branch)), rest @ ..] = self.rest
        {
            self.open.push(Scope::Branch(*branch));
            self.rest = rest;
            return Line::Open(scope, Some(*branch));
        }
        Line::Open(scope, None)
    }

    fn close(&mut self) -> Line {
        let closed = self.open.pop();
        if !matches!(closed, Some(scope @ Scope::Branch(_)) if !self.is_switch(scope)) {
            return Line::Close;
        }
        match self.rest {
            [Step::Open(Scope::Branch(next)), rest @ ..] => {
                self.rest = rest;
                self.open.push(Scope::Branch(*next));
                Line::Else(*next)
            }
            [Step::Close, rest @ ..] => {
                self.rest = rest;
                self.open.pop();
                Line::Close
            }
            _ => Line::Close,
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let (&step, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(match step {
            Step::Task(task) => Line::Task(task),
            Step::Open(scope) => self.open(scope),
            Step::Close => self.close(),
        })
    }
}
