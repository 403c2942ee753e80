//! One line: `[tN] xN function{kernels}(arguments) = code  // comment`.

use acg_diagnostics::{Diagnostic, FileId, MOST_SHOWN, Span, closest, too_many};
use rustc_hash::FxHashMap;

use super::cursor::{Cursor, Parsed};
use super::{Reading, argument, kernel};
use crate::api::{APIS, Api};
use crate::kernel::KernelId;
use crate::log::{Arg, CallId, Log, Recorded};
use crate::names::Name;
use crate::rules;

/// After this many different unknown functions, further ones get no suggestion: the file is something else.
const SUGGESTIONS: usize = 500;

/// What is kept from line to line.
pub(super) struct Reader<'t> {
    file: FileId,
    text: &'t str,
    pub(super) log: Log,
    diagnostics: Vec<Diagnostic>,
    /// How many more there are than are shown.
    more: usize,
    /// Arguments that are read but not yet in the log.
    pub(super) pending: Vec<Arg>,
    kernels: Vec<KernelId>,
    /// Room for unescaped strings.
    pub(super) room: String,
    suggestions: FxHashMap<&'t str, Option<&'static str>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            log: Log::new(),
            diagnostics: Vec::new(),
            more: 0,
            pending: Vec::new(),
            kernels: Vec::new(),
            room: String::new(),
            suggestions: FxHashMap::default(),
        }
    }

    pub(super) fn finish(mut self) -> Reading {
        if self.more > 0 {
            let end = self.text.len() as u32;
            self.diagnostics.push(too_many(Span::new(self.file, end, end), self.more));
        }
        Reading { log: self.log, diagnostics: self.diagnostics }
    }

    /// Reads the line at `start..end`.
    pub(super) fn line(&mut self, start: usize, end: usize) {
        let mut cursor = Cursor::new(self.file, self.text, start, end);
        cursor.blanks();
        if cursor.rest().is_empty() {
            self.log.empty_line();
        } else if let Some(comment) = cursor.rest().strip_prefix("//") {
            self.log.comment(comment);
        } else {
            let mark = self.log.args_mark();
            if let Err(problem) = self.call(&mut cursor) {
                self.log.forget_args(mark);
                if self.diagnostics.len() < MOST_SHOWN {
                    self.diagnostics.push(*problem);
                } else {
                    self.more += 1;
                }
            }
        }
    }

    fn call(&mut self, cursor: &mut Cursor<'t>) -> Parsed<()> {
        let (thread, repeat) = prefixes(cursor)?;
        let start = cursor.at;
        let (api, operator) = self.function(cursor)?;
        self.kernels.clear();
        while cursor.peek() == Some(b'{') {
            self.annotation(cursor, api, start)?;
        }
        self.arguments(cursor, api)?;
        let span = cursor.span_from(start);
        let returned = returned(cursor)?;
        let note = self.note(cursor)?;
        let id = self.push(api, operator);
        self.log.make(id, thread, repeat);
        *self.log.recorded_mut(id) = Recorded { returned, note, span: Some(span) };
        Ok(())
    }

    fn push(&mut self, api: Api, operator: Option<Name>) -> CallId {
        match operator {
            Some(operator) => self.log.push_operator(api, operator, &self.kernels, &self.pending),
            None => self.log.push(api, &self.pending),
        }
    }

    fn function(&mut self, cursor: &mut Cursor<'t>) -> Parsed<(Api, Option<Name>)> {
        let start = cursor.at;
        let name = cursor.token();
        if name.is_empty() || !matches!(cursor.peek(), Some(b'(' | b'{')) {
            let found = if name.is_empty() { cursor.found() } else { format!("`{name}`") };
            let message = format!("expected a call `function(…)`, found {found}");
            let help = "a line is a call, a comment that starts with `//`, or empty";
            return Err(Box::new(cursor.problem(&rules::NOT_A_CALL, start, message).help(help)));
        }
        if let Some(api) = Api::find(name) {
            return Ok((api, None));
        }
        if let Some((api, operator)) = Api::split_operator(name) {
            return Ok((api, Some(self.log.name(operator))));
        }
        let problem =
            cursor.problem(&rules::UNKNOWN_FUNCTION, start, format!("no function is called `{name}`"));
        Err(Box::new(match self.suggestion(name) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => {
                problem.note("the functions that a log may call are those of the reference of the log format")
            }
        }))
    }

    fn suggestion(&mut self, name: &'t str) -> Option<&'static str> {
        if let Some(&known) = self.suggestions.get(name) {
            return known;
        }
        if self.suggestions.len() >= SUGGESTIONS {
            return None;
        }
        let words =
            APIS.iter().filter(|signature| !signature.api.is_operator()).map(|signature| signature.name);
        let near = closest(name, words);
        self.suggestions.insert(name, near);
        near
    }

    fn annotation(&mut self, cursor: &mut Cursor<'t>, api: Api, start: usize) -> Parsed<()> {
        if api != Api::Aclnn {
            let message = "only an aclnn operator says in braces what it launches";
            return Err(cursor.problem(&rules::KERNEL_ATTRIBUTE, start, message));
        }
        let kernel = kernel::attributes(cursor, &mut self.log, &mut self.room, None)?;
        let id = self.log.kernel_id(kernel);
        self.kernels.push(id);
        Ok(())
    }

    fn arguments(&mut self, cursor: &mut Cursor<'t>, api: Api) -> Parsed<()> {
        let start = cursor.at;
        if !cursor.eat(b'(') {
            let found = cursor.found();
            return Err(cursor.problem(&rules::NOT_A_CALL, start, format!("expected `(`, found {found}")));
        }
        self.pending.clear();
        cursor.blanks();
        if !cursor.eat(b')') {
            loop {
                argument::argument(self, cursor, api, self.pending.len(), api.kind(self.pending.len()), 0)?;
                cursor.blanks();
                if cursor.eat(b')') {
                    break;
                }
                expect_comma(cursor, start, ')')?;
            }
        }
        let (given, wanted) = (self.pending.len(), api.params().len());
        if given == wanted || api == Api::AclnnGetWorkspaceSize {
            return Ok(());
        }
        let s = if wanted == 1 { "" } else { "s" };
        let message = format!("`{}` takes {wanted} argument{s}, not {given}", api.as_str());
        let prototype = format!("its prototype is `{}`", api.signature());
        Err(Box::new(cursor.problem(&rules::ARGUMENT_COUNT, start, message).note(prototype)))
    }

    fn note(&mut self, cursor: &mut Cursor<'t>) -> Parsed<Option<Name>> {
        cursor.blanks();
        if cursor.rest().is_empty() {
            return Ok(None);
        }
        if let Some(note) = cursor.rest().strip_prefix("//") {
            return Ok(Some(self.log.name(note.trim())));
        }
        let start = cursor.at;
        let found = cursor.found();
        let message = format!("expected `= code`, a comment or the end of the line, found {found}");
        Err(cursor.problem(&rules::AFTER_CALL, start, message))
    }
}

/// Passes the comma between two items of a list that opened at `open`.
pub(super) fn expect_comma(cursor: &mut Cursor<'_>, open: usize, close: char) -> Parsed<()> {
    if cursor.eat(b',') {
        cursor.blanks();
        return Ok(());
    }
    let start = cursor.at;
    if cursor.rest().trim().is_empty() {
        return Err(cursor.problem(&rules::UNCLOSED, open, format!("this has no closing `{close}`")));
    }
    let found = cursor.found();
    Err(cursor.problem(&rules::ARGUMENT_FORM, start, format!("expected `,` or `{close}`, found {found}")))
}

/// Passes `[tN]` and `xN`, in either order, and gives thread and repeat count.
fn prefixes(cursor: &mut Cursor<'_>) -> Parsed<(u32, u32)> {
    let (mut thread, mut repeat) = (1, 1);
    loop {
        let start = cursor.at;
        let rest = cursor.rest().as_bytes();
        if rest.first() == Some(&b'[') {
            cursor.at += 1;
            let number = if cursor.eat(b't') { cursor.natural() } else { None };
            thread = match number {
                Some(number @ 1..) if cursor.eat(b']') => number,
                _ => {
                    cursor.found();
                    let message = "a thread is written `[t2]`; thread 1 is the main thread";
                    return Err(cursor.problem(&rules::PREFIX, start, message));
                }
            };
        } else if rest.first() == Some(&b'x') && rest.get(1).is_some_and(u8::is_ascii_digit) {
            cursor.at += 1;
            let number = cursor.natural();
            repeat = match number {
                Some(number @ 1..) if cursor.peek() == Some(b' ') => number,
                _ => {
                    cursor.found();
                    let message = "a repeat count is written `x3000 `, from 1 to 4294967295";
                    return Err(cursor.problem(&rules::PREFIX, start, message));
                }
            };
        } else {
            return Ok((thread, repeat));
        }
        cursor.blanks();
    }
}

/// Passes `= code`.
fn returned(cursor: &mut Cursor<'_>) -> Parsed<Option<i32>> {
    cursor.blanks();
    if !cursor.eat(b'=') {
        return Ok(None);
    }
    cursor.blanks();
    let start = cursor.at;
    if let Ok(code) = cursor.token().parse() {
        return Ok(Some(code));
    }
    if cursor.at == start {
        cursor.found();
    }
    Err(cursor.problem(&rules::AFTER_CALL, start, "expected a return code, a whole number"))
}
