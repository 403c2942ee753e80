//! The canonical text of a log: one line per call, and what stands between calls.

use std::fmt::{self, Write};
use std::io;

use crate::api::Api;
use crate::enums::EnumType;
use crate::kernel::Kernel;
use crate::log::{Arg, ArgRange, CallId, Log, Manner};
use crate::names::Name;
use crate::param::Kind;
use crate::text::{are_bare, is_hexadecimal, is_null, number, push_quoted};
use crate::view::CallView;

/// How many bytes are put together before they are written.
const CHUNK: usize = 1 << 18;

impl Log {
    /// The log as text; [`read`](crate::read()) gives it back.
    pub fn to_text(&self) -> String {
        let mut out = Vec::with_capacity(self.len() * 64);
        // Writing to a vector cannot fail, and texts are UTF-8.
        let _ = self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// Writes the log as [`Log::to_text`] gives it, without holding all of its text.
    ///
    /// # Errors
    ///
    /// Where `out` cannot be written to.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut writer = Writer {
            log: self,
            out: String::with_capacity(2 * CHUNK),
            is_plain: vec![None; self.names().len()],
        };
        let mut comments = self.comments().iter().peekable();
        for call in self.iter() {
            while let Some(comment) = comments.next_if(|comment| comment.before <= call.id) {
                writer.comment(comment.text);
            }
            writer.line(&call);
            if writer.out.len() >= CHUNK {
                out.write_all(writer.out.as_bytes())?;
                writer.out.clear();
            }
        }
        comments.for_each(|comment| writer.comment(comment.text));
        out.write_all(writer.out.as_bytes())
    }

    /// The text of one call, as in [`Log::to_text`] but without its line end.
    pub fn line(&self, id: CallId) -> String {
        let mut writer = Writer::of_few(self);
        writer.line(&self.view(id));
        let mut out = writer.out;
        out.truncate(out.trim_end().len());
        out
    }
}

/// Prints `function(arguments)`, with no return code or comment.
impl fmt::Display for CallView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = Writer::of_few(self.log);
        writer.call(self, self.manner());
        f.write_str(&writer.out)
    }
}

/// The text that is being put together.
struct Writer<'l> {
    log: &'l Log,
    out: String,
    /// Of names that were written before, whether they are [`is_plain`]; empty where few calls are written.
    is_plain: Vec<Option<bool>>,
}

impl<'l> Writer<'l> {
    fn of_few(log: &'l Log) -> Self {
        Self { log, out: String::new(), is_plain: Vec::new() }
    }

    fn comment(&mut self, text: Option<Name>) {
        if let Some(text) = text {
            self.note(text);
        }
        self.out.push('\n');
    }

    /// A line break in a comment would start a call, so it becomes a space.
    fn note(&mut self, text: Name) {
        let text = self.log.text(text);
        self.out.push_str("//");
        if !text.is_empty() {
            self.out.push(' ');
        }
        let shown = |character| if matches!(character, '\n' | '\r') { ' ' } else { character };
        self.out.extend(text.chars().map(shown));
    }

    fn line(&mut self, view: &CallView<'l>) {
        let manner = view.manner();
        if manner.thread != 1 {
            self.format(format_args!("[t{}] ", manner.thread));
        }
        if manner.repeat != 1 {
            self.format(format_args!("x{} ", manner.repeat));
        }
        self.call(view, manner);
        let recorded = view.recorded();
        if let Some(code) = recorded.returned {
            self.format(format_args!(" = {code}"));
        }
        if let Some(note) = recorded.note {
            self.out.push_str("  ");
            self.note(note);
        }
        self.out.push('\n');
    }

    fn call(&mut self, view: &CallView<'l>, manner: Manner) {
        let signature = view.api().signature();
        match manner.operator {
            Some(operator) => self.operator(view, operator),
            None => self.out.push_str(signature.name),
        }
        self.out.push('(');
        let mut kinds = signature.params.iter().map(|param| &param.kind);
        for (position, arg) in view.args().iter().enumerate() {
            self.separate(position);
            self.arg(arg, kinds.next().unwrap_or(&Kind::Any));
        }
        self.out.push(')');
    }

    fn operator(&mut self, view: &CallView<'l>, operator: Name) {
        let (before, behind) = match view.api() {
            Api::Aclnn => ("aclnn", ""),
            Api::AclnnGetWorkspaceSize => ("aclnn", "GetWorkspaceSize"),
            api => (api.as_str(), ""),
        };
        self.out.push_str(before);
        if view.api().is_operator() {
            self.out.push_str(self.log.text(operator));
        }
        self.out.push_str(behind);
        for kernel in view.launches() {
            self.attributes(kernel, true);
        }
    }

    fn arg(&mut self, arg: Arg, kind: &Kind) {
        match arg {
            Arg::Null => self.out.push_str("NULL"),
            Arg::Int(value) => self.int(value, kind),
            Arg::Exchange(value) => {
                self.out.push('&');
                self.int(value, kind);
            }
            Arg::Name(name) => self.name(name, kind),
            Arg::Out(name) => {
                self.out.push('&');
                self.name(name, kind);
            }
            Arg::Offset { base, bytes } => {
                self.name(base, kind);
                self.out.push('+');
                self.out.push_str(itoa::Buffer::new().format(bytes));
            }
            Arg::Text(text) => push_quoted(&mut self.out, self.log.text(text), '"'),
            Arg::Kernel(id) => {
                let kernel = self.log.kernel(id);
                push_kernel_name(&mut self.out, kernel.name.map_or("", |name| self.log.text(name)));
                self.attributes(kernel, false);
            }
            Arg::List(items) => self.items('[', items, kind, ']'),
            Arg::Struct(fields) => self.items('{', fields, kind, '}'),
        }
    }

    fn items(&mut self, open: char, items: ArgRange, kind: &Kind, close: char) {
        self.out.push(open);
        for (position, item) in self.log.args(items).iter().enumerate() {
            self.separate(position);
            self.arg(item, item_kind(kind, position));
        }
        self.out.push(close);
    }

    fn int(&mut self, value: i64, kind: &Kind) {
        match kind {
            Kind::Enum(ty) | Kind::Exchange(ty) if let Some(symbol) = ty.symbol(value) => {
                self.out.push_str(symbol);
            }
            Kind::Flags(ty) if value > 0 && value & !all_flags(ty) == 0 => {
                let set = ty.members.iter().filter(|member| member.1 & value != 0);
                for (position, member) in set.enumerate() {
                    self.out.push_str(if position > 0 { " | " } else { "" });
                    self.out.push_str(member.0);
                }
            }
            _ => self.out.push_str(itoa::Buffer::new().format(value)),
        }
    }

    fn name(&mut self, name: Name, kind: &Kind) {
        let text = self.log.text(name);
        let is_plain = match self.is_plain.get_mut(name.index()) {
            Some(known) => *known.get_or_insert_with(|| is_plain(text)),
            None => is_plain(text),
        };
        let reads_as_enumerator =
            matches!(kind, Kind::Enum(_) | Kind::Flags(_) | Kind::Number(_) | Kind::Exchange(_));
        if !reads_as_enumerator && (is_plain || is_fine_as(*kind, text)) {
            self.out.push_str(text);
        } else {
            push_quoted(&mut self.out, text, '`');
        }
    }

    fn attributes(&mut self, kernel: Kernel, annotation: bool) {
        self.out.push('{');
        if let Some(name) = kernel.name.filter(|_| annotation) {
            self.out.push_str("kernel=");
            push_quoted(&mut self.out, self.log.text(name), '"');
            self.out.push_str(", ");
        }
        self.out.push_str(kernel.core.as_str());
        for (key, value) in [("blocks", kernel.blocks), ("schem", kernel.schem), ("ration", kernel.ration)] {
            if let Some(value) = value {
                self.format(format_args!(", {key}={value}"));
            }
        }
        self.out.push('}');
    }

    fn separate(&mut self, position: usize) {
        if position > 0 {
            self.out.push_str(", ");
        }
    }

    fn format(&mut self, arguments: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(arguments);
    }
}

/// The kind of an item of a list or a field of a struct.
pub(crate) fn item_kind(kind: &Kind, position: usize) -> &'static Kind {
    match kind {
        Kind::List(item) => item,
        Kind::Addresses => &Kind::Address,
        Kind::Struct(fields, _) => fields.get(position).map_or(&Kind::Any, |field| &field.kind),
        _ => &Kind::Any,
    }
}

fn all_flags(ty: &EnumType) -> i64 {
    ty.members.iter().fold(0, |all, member| all | member.1)
}

/// Whether a name reads as one without quotes wherever no enumerator could be meant.
fn is_plain(text: &str) -> bool {
    reads_as_name(text) && !begins_like_number(text)
}

/// Whether a name reads as one without quotes where something of `kind` stands.
fn is_fine_as(kind: Kind, text: &str) -> bool {
    let reads_as_number =
        begins_like_number(text) && number(text).is_some() && (kind.takes_numbers() || !is_hexadecimal(text));
    reads_as_name(text) && !reads_as_number
}

fn reads_as_name(text: &str) -> bool {
    let is_shown = || text.is_ascii() || !text.chars().any(char::is_control);
    are_bare(text) && !is_null(text) && is_shown()
}

fn begins_like_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Kernel names are symbols of a binary and may hold nearly anything, so they are quoted only where the text would break.
fn push_kernel_name(out: &mut String, name: &str) {
    let breaks = |character: char| matches!(character, '{' | '}' | ',' | '(' | ')') || character.is_control();
    let may_break = !are_bare(name) || !name.is_ascii();
    if may_break && (name.is_empty() || name.starts_with('"') || name.trim() != name || name.contains(breaks))
    {
        push_quoted(out, name, '"');
    } else {
        out.push_str(name);
    }
}
