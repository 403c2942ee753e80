//! Headers of blocks.

use acg_ir::{ConditionalKind, Mode};
use pest::iterators::Pair;

use super::{Converted, Converter, Cursor, literal};
use crate::grammar::Rule;
use crate::syntax::{BranchSyntax, Header, HostNoun, Kind, Text};

impl Converter<'_> {
    pub(super) fn block_header(&mut self, cursor: &mut Cursor<'_>) -> Converted<Header> {
        let pair = self.expect(cursor)?;
        let rule = pair.as_rule();
        let inner = &mut Cursor::new(pair.into_inner());
        Ok(match rule {
            Rule::graph => self.graph(inner)?,
            Rule::group => Header::Group { stream: self.line_stream(inner), name: self.text(inner)? },
            Rule::update => Header::Update { stream: self.line_stream(inner), name: self.text(inner)? },
            Rule::conditional => {
                let stream = self.line_stream(inner);
                let kind = conditional_kind(&self.expect(inner)?);
                Header::Conditional { stream, kind, cond: self.text(inner)?, branch: self.branch(inner)? }
            }
            Rule::switch => Header::Switch { stream: self.line_stream(inner), cond: self.text(inner)? },
            Rule::case => Header::Case(self.branch(inner)?),
            Rule::repeat => Header::Repeat(self.uint(self.text(inner)?, u64::MAX)?),
            Rule::session => {
                inner.take(Rule::session_word);
                Header::Session(self.text(inner)?)
            }
            Rule::host_block => Header::Host(host_noun(&self.expect(inner)?), self.text(inner)?),
            Rule::run_block => Header::Run,
            Rule::relaxed => Header::Relaxed,
            _ => Header::Stream(self.text(inner)?),
        })
    }

    /// `} else on STREAM {`.
    pub(super) fn else_block(&mut self, cursor: &mut Cursor<'_>) -> Converted<Kind> {
        cursor.take(Rule::close);
        cursor.take(Rule::else_word);
        self.branch(cursor).map(Kind::Else)
    }

    fn line_stream(&self, cursor: &mut Cursor<'_>) -> Option<Text> {
        cursor.take(Rule::stream).map(|pair| self.span(&pair))
    }

    fn branch(&mut self, cursor: &mut Cursor<'_>) -> Converted<BranchSyntax> {
        let pair = self.expect(cursor)?;
        let text = self.span(&pair);
        let inner = &mut Cursor::new(pair.into_inner());
        Ok(BranchSyntax { text, origin: self.text(inner)?, mode: self.mode(inner)? })
    }

    fn graph(&mut self, cursor: &mut Cursor<'_>) -> Converted<Header> {
        let name = self.text(cursor)?;
        let origin = match cursor.take(Rule::origin) {
            Some(pair) => Some(self.inner_text(pair)?),
            None => None,
        };
        cursor.take(Rule::auto);
        Ok(Header::Graph { name, origin, mode: self.mode(cursor)? })
    }

    fn mode(&mut self, cursor: &mut Cursor<'_>) -> Converted<Option<Mode>> {
        let Some(pair) = cursor.take(Rule::capture_mode) else { return Ok(None) };
        let word = self.inner_text(pair)?;
        Ok(Some(literal::mode(word.of(self.text))))
    }
}

pub(super) fn conditional_kind(pair: &Pair<'_, Rule>) -> ConditionalKind {
    match pair.as_str() {
        "while" => ConditionalKind::While,
        "switch" => ConditionalKind::Switch,
        _ => ConditionalKind::If,
    }
}

pub(super) fn host_noun(pair: &Pair<'_, Rule>) -> HostNoun {
    match pair.as_str() {
        "thread" => HostNoun::Thread,
        "lock" => HostNoun::Lock,
        _ => HostNoun::Context,
    }
}
