//! A look at the next pair without making it twice.

use pest::iterators::{Pair, Pairs};

use crate::grammar::Rule;

/// Pairs in order, with the next one at hand.
pub(crate) struct Cursor<'p> {
    next: Option<Pair<'p, Rule>>,
    rest: Pairs<'p, Rule>,
}

impl<'p> Cursor<'p> {
    pub(crate) fn new(mut rest: Pairs<'p, Rule>) -> Self {
        Self { next: rest.next(), rest }
    }

    /// The rule of the next pair.
    pub(crate) fn peek(&self) -> Option<Rule> {
        self.next.as_ref().map(Pair::as_rule)
    }

    /// Takes the next pair.
    pub(crate) fn next(&mut self) -> Option<Pair<'p, Rule>> {
        let after = self.rest.next();
        std::mem::replace(&mut self.next, after)
    }

    /// Takes the next pair if it is one of `rule`.
    pub(crate) fn take(&mut self, rule: Rule) -> Option<Pair<'p, Rule>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }
}
