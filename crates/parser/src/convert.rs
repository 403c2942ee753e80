//! Pairs of the grammar into a [`Tree`], one function per rule.
//!
//! The grammar has settled what stands where; conversion reads literals, and only literals can be wrong here.

mod block;
mod cursor;
mod declaration;
mod literal;
mod scan;
mod task;

use acg_diagnostics::{Diagnostic, FileId};
use acg_ir::List;
use pest::iterators::Pair;

use crate::grammar::Rule;
use crate::lines::Line;
use crate::syntax::{Brace, Kind, Statement, Text, Tree};
use cursor::Cursor;
pub(crate) use literal::unquote;

/// Why a line has no meaning.
pub(crate) type Fault = Box<Diagnostic>;
type Converted<T> = Result<T, Fault>;

/// Writes the statements of successive chunks into one tree.
pub(crate) struct Converter<'a> {
    file: FileId,
    text: &'a str,
    /// Where the chunk being converted starts in the file.
    base: u32,
    pub(crate) tree: Tree,
}

impl<'a> Converter<'a> {
    pub(crate) fn new(file: FileId, text: &'a str) -> Self {
        Self { file, text, base: 0, tree: Tree::default() }
    }

    /// Adds the statements of a chunk that starts at byte `base` of the file.
    pub(crate) fn chunk(&mut self, base: u32, chunk: Pair<'_, Rule>) {
        self.base = base;
        let mut line_end = 0;
        for pair in chunk.into_inner() {
            match pair.as_rule() {
                Rule::EOI => {}
                Rule::comment => {
                    let comment = self.trimmed(&pair);
                    let gap = Text { start: line_end, end: comment.start };
                    if line_end > 0 && !gap.of(self.text).contains('\n') {
                        self.trailing(comment);
                    }
                }
                _ => {
                    let text = self.span(&pair);
                    line_end = text.end;
                    self.statement(text, pair);
                }
            }
        }
    }

    /// Adds a line that was read without the grammar.
    pub(crate) fn scanned(&mut self, line: Line, kind: Kind) {
        self.push(line.text, kind);
    }

    /// Adds a line that the grammar does not know.
    pub(crate) fn bad(&mut self, line: Line, diagnostic: Fault, declared: &[Text], comment: Option<Text>) {
        let declared = List::push_to(&mut self.tree.names, declared.iter().copied());
        let kind = Kind::Bad { diagnostic, brace: Brace::of(line.text.of(self.text)), declared };
        self.push(line.text, kind);
        if let Some(comment) = comment {
            self.trailing(comment);
        }
    }

    fn statement(&mut self, text: Text, pair: Pair<'_, Rule>) {
        let rule = pair.as_rule();
        let mut cursor = Cursor::new(pair.into_inner());
        let converted = match rule {
            Rule::close => Ok(Kind::Close),
            Rule::task_line => self.task_line(text, &mut cursor).map(Kind::Task),
            Rule::block => return self.block(text, &mut cursor),
            Rule::else_block => self.else_block(&mut cursor),
            _ => self.declaration(text, rule, &mut cursor),
        };
        match converted {
            Ok(kind) => self.push(text, kind),
            Err(fault) => {
                let line = Line { text };
                let declared = crate::recover::declared_names(text.of(self.text), text.start, false);
                self.bad(line, fault, &declared, None);
            }
        }
    }

    /// A header; the one-line form adds its statement and its close as if they stood on lines of their own.
    fn block(&mut self, text: Text, cursor: &mut Cursor<'_>) {
        let header = match self.block_header(cursor) {
            Ok(header) => Kind::Open(header),
            Err(fault) => return self.bad(Line { text }, fault, &[], None),
        };
        let brace = cursor.next().map_or(text, |pair| self.span(&pair));
        self.push(text.to(brace), header);
        if let Some(inner) = cursor.take(Rule::task_line) {
            let inner_text = self.span(&inner);
            self.statement(inner_text, inner);
        }
        if let Some(close) = cursor.next() {
            let close = self.span(&close);
            self.push(close, Kind::Close);
        }
    }

    fn push(&mut self, text: Text, kind: Kind) {
        self.tree.statements.push(Statement { text, kind });
    }

    fn trailing(&mut self, comment: Text) {
        if let Some(last) = self.tree.statements.len().checked_sub(1) {
            self.tree.trailing.push((last as u32, comment));
        }
    }

    fn span(&self, pair: &Pair<'_, Rule>) -> Text {
        let span = pair.as_span();
        Text { start: self.base + span.start() as u32, end: self.base + span.end() as u32 }
    }

    /// A pair's range without blanks and a carriage return at its end.
    fn trimmed(&self, pair: &Pair<'_, Rule>) -> Text {
        let text = self.span(pair);
        let cut = pair.as_str().len() - pair.as_str().trim_end().len();
        Text { end: text.end - cut as u32, ..text }
    }

    fn fault(&self, text: Text, message: &str) -> Diagnostic {
        Diagnostic::new(&crate::explain::SYNTAX_ERROR, text.span(self.file), message)
    }

    /// The next pair, which the grammar promises.
    fn expect<'p>(&self, cursor: &mut Cursor<'p>) -> Converted<Pair<'p, Rule>> {
        let at = Text { start: self.base, end: self.base };
        cursor.next().ok_or_else(|| Box::new(self.fault(at, "this line ends too early")))
    }

    /// The range of the next pair.
    fn text(&self, cursor: &mut Cursor<'_>) -> Converted<Text> {
        self.expect(cursor).map(|pair| self.span(&pair))
    }

    /// The range of the first pair inside of `pair`.
    fn inner_text(&self, pair: Pair<'_, Rule>) -> Converted<Text> {
        self.text(&mut Cursor::new(pair.into_inner()))
    }

    /// Collects the ranges of the pairs that follow with rule `rule` into the names of the tree.
    fn texts(&mut self, cursor: &mut Cursor<'_>, rule: Rule) -> List<Text> {
        let texts = std::iter::from_fn(|| cursor.take(rule)).map(|pair| {
            let span = pair.as_span();
            Text { start: self.base + span.start() as u32, end: self.base + span.end() as u32 }
        });
        List::push_to(&mut self.tree.names, texts)
    }
}

impl Brace {
    /// What a line does to the nesting, judged by its first and last character.
    pub(crate) fn of(line: &str) -> Self {
        let line = line.split("//").next().unwrap_or("").trim();
        match (line.starts_with('}'), line.ends_with('{')) {
            (true, true) => Self::ClosesAndOpens,
            (true, false) => Self::Closes,
            (false, true) => Self::Opens,
            (false, false) => Self::None,
        }
    }
}
