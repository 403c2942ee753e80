//! Comments, blank lines and lint control: which statement each belongs to.
//!
//! Statements are counted in the order in which the printer prints them; a note's line is that count.

use acg_diagnostics::allowed_rules;
use acg_ir::graph::SourceRange;
use acg_ir::module::{Note, NoteKind};

use super::Resolver;
use crate::allow::{Allow, Cover};
use crate::lines::Aside;
use crate::syntax::{Kind, Statement, Text};

/// What stands between statements.
#[derive(Default)]
pub(super) struct Asides {
    /// How many of the file's asides belong to statements already.
    taken: usize,
    /// How many statements there were.
    line: u32,
    after_header: bool,
    allows: Vec<(Text, Cover)>,
    /// Allows that wait for the statement that they precede.
    waiting: usize,
    /// The `target` line.
    pub(super) target: Text,
}

impl Asides {
    /// Counts a statement, with what precedes and ends it.
    pub(super) fn after(&mut self, statement: &Statement) {
        self.after_header = statement.is_header();
        self.line += 1;
        self.waiting = self.allows.len();
    }

    /// The allows that belong to the statement at hand.
    pub(super) fn at_hand(&self) -> (usize, usize) {
        (self.waiting, self.allows.len())
    }

    /// A block ends at `close`: what was allowed at its header covers all of it.
    pub(super) fn closed(&mut self, (first, last): (usize, usize), close: Text) {
        for (_, cover) in self.allows.get_mut(first..last).into_iter().flatten() {
            if let Cover::Range(range) = cover {
                range.end = range.end.max(close.end);
            }
        }
    }

    pub(super) fn take_allows(&mut self, text: &str) -> Vec<Allow> {
        let allows = std::mem::take(&mut self.allows);
        let named = |(rule, covers): (Text, Cover)| Allow {
            rule: rule.of(text).to_owned(),
            covers,
            span: rule.into(),
        };
        allows.into_iter().map(named).collect()
    }
}

impl Statement {
    pub(super) fn is_header(&self) -> bool {
        matches!(self.kind, Kind::Open(_) | Kind::Else(_))
    }
}

impl Resolver<'_> {
    /// Gives `statement` the comments and blank lines before it.
    pub(super) fn asides_before(&mut self, statement: &Statement, asides: &[Aside]) {
        let rest = &asides[self.asides.taken..];
        // Most statements follow the one before at once.
        if rest.first().is_none_or(|aside| aside.at() > statement.text.start) {
            return;
        }
        let count = rest.partition_point(|aside| aside.at() < statement.text.start);
        let mut before = &rest[..count];
        self.asides.taken += count;
        if let ([.., Aside::Blank(_)], Kind::Close | Kind::Else(_)) = (before, &statement.kind) {
            before = &before[..before.len() - 1];
        }
        let cover = if self.asides.line == 0 { Cover::File } else { Cover::Range(statement.text.into()) };
        self.take_asides(before, cover);
    }

    /// Keeps the comments at the end of the file.
    pub(super) fn asides_at_end(&mut self, asides: &[Aside]) {
        let mut rest = &asides[self.asides.taken..];
        if let [.., Aside::Blank(_)] = rest {
            rest = &rest[..rest.len() - 1];
        }
        let cover = if self.asides.line == 0 { Cover::File } else { Cover::Range(SourceRange::default()) };
        self.take_asides(rest, cover);
    }

    fn take_asides(&mut self, mut asides: &[Aside], cover: Cover) {
        let starts = self.asides.line == 0 || self.asides.after_header;
        if let ([Aside::Blank(_), ..], true) = (asides, starts) {
            asides = &asides[1..];
        }
        for aside in asides {
            let kind = match *aside {
                Aside::Blank(_) => NoteKind::Blank,
                Aside::Comment(text) => {
                    self.allow(text, cover);
                    NoteKind::Before(self.comment(text))
                }
            };
            self.module.trivia.notes.push(Note { line: self.asides.line, kind });
        }
    }

    pub(super) fn trailing_comment(&mut self, statement: &Statement, comment: Text) {
        // A block on one line is several statements; the comment at its end is about all of them.
        let line = self.text[..comment.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
        self.allow(comment, Cover::Range(SourceRange { start: line as u32, end: statement.text.end }));
        let kind = NoteKind::Trailing(self.comment(comment));
        self.module.trivia.notes.push(Note { line: self.asides.line, kind });
    }

    /// The text of a comment without its slashes.
    fn comment(&mut self, comment: Text) -> acg_ir::Symbol {
        let text = self.source(comment);
        self.module.symbols.intern(text.strip_prefix("//").unwrap_or(text))
    }

    fn allow(&mut self, comment: Text, cover: Cover) {
        match allowed_rules(comment.of(self.text)) {
            None => {}
            Some(Ok(rules)) => {
                let rules = rules.into_iter().map(|rule| Text {
                    start: comment.start + rule.start as u32,
                    end: comment.start + rule.end as u32,
                });
                self.asides.allows.extend(rules.map(|rule| (rule, cover)));
            }
            Some(Err(malformed)) => self.report(malformed.diagnostic(self.span(comment))),
        }
    }
}
