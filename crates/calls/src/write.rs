//! The canonical text of a log: one line per call, and what stands between calls.

use std::fmt::{self, Write};
use std::io;

use crate::api::Api;
use crate::enums::EnumType;
use crate::kernel::{Core, Kernel};
use crate::log::{Arg, CallId, Log};
use crate::names::Name;
use crate::param::Kind;
use crate::text::{are_bare, is_hexadecimal, is_null, number, push_quoted};
use crate::view::CallView;

/// How many bytes are put together before they are written.
const CHUNK: usize = 1 << 16;

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
        let mut chunk = String::with_capacity(2 * CHUNK);
        let mut comments = self.comments().iter().peekable();
        for call in self.iter() {
            while let Some(comment) = comments.next_if(|comment| comment.before <= call.id) {
                push_comment(&mut chunk, comment.text.map(|text| self.text(text)));
            }
            push_line(&mut chunk, &call);
            if chunk.len() >= CHUNK {
                out.write_all(chunk.as_bytes())?;
                chunk.clear();
            }
        }
        for comment in comments {
            push_comment(&mut chunk, comment.text.map(|text| self.text(text)));
        }
        out.write_all(chunk.as_bytes())
    }

    /// The text of one call, as in [`Log::to_text`] but without its line end.
    pub fn line(&self, id: CallId) -> String {
        let mut out = String::new();
        push_line(&mut out, &self.view(id));
        out.truncate(out.trim_end().len());
        out
    }
}

/// Prints `function(arguments)`, with no return code or comment.
impl fmt::Display for CallView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        push_call(&mut out, self);
        f.write_str(&out)
    }
}

fn push_comment(out: &mut String, text: Option<&str>) {
    if let Some(text) = text {
        push_note(out, text);
    }
    out.push('\n');
}

/// A line break in a comment would start a call, so it becomes a space.
fn push_note(out: &mut String, text: &str) {
    out.push_str("//");
    if !text.is_empty() {
        out.push(' ');
    }
    out.extend(text.chars().map(|character| if matches!(character, '\n' | '\r') { ' ' } else { character }));
}

fn push_line(out: &mut String, view: &CallView<'_>) {
    let manner = view.manner();
    if manner.thread != 1 {
        push_format(out, format_args!("[t{}] ", manner.thread));
    }
    if manner.repeat != 1 {
        push_format(out, format_args!("x{} ", manner.repeat));
    }
    push_call(out, view);
    if let Some(code) = view.recorded().returned {
        push_format(out, format_args!(" = {code}"));
    }
    if let Some(note) = view.note() {
        out.push_str("  ");
        push_note(out, note);
    }
    out.push('\n');
}

fn push_call(out: &mut String, view: &CallView<'_>) {
    let api = view.api();
    match (api, view.operator()) {
        (Api::Aclnn, Some(operator)) => push_format(out, format_args!("aclnn{operator}")),
        (Api::AclnnGetWorkspaceSize, Some(operator)) => {
            push_format(out, format_args!("aclnn{operator}GetWorkspaceSize"));
        }
        _ => out.push_str(api.as_str()),
    }
    for kernel in view.launches() {
        push_attributes(out, view.log, kernel, true);
    }
    out.push('(');
    for (position, arg) in view.args().iter().enumerate() {
        separate(out, position);
        push_arg(out, view, arg, api.kind(position));
    }
    out.push(')');
}

fn push_arg(out: &mut String, view: &CallView<'_>, arg: Arg, kind: Kind) {
    let log = view.log;
    match arg {
        Arg::Null => out.push_str("NULL"),
        Arg::Int(value) => push_int(out, value, kind),
        Arg::Exchange(value) => {
            out.push('&');
            push_int(out, value, kind);
        }
        Arg::Name(name) => push_name(out, log, name, kind),
        Arg::Out(name) => {
            out.push('&');
            push_name(out, log, name, kind);
        }
        Arg::Offset { base, bytes } => {
            push_name(out, log, base, kind);
            out.push('+');
            out.push_str(itoa::Buffer::new().format(bytes));
        }
        Arg::Text(text) => push_quoted(out, log.text(text), '"'),
        Arg::Kernel(id) => {
            let kernel = log.kernel(id);
            push_kernel_name(out, kernel.name.map_or("", |name| log.text(name)));
            push_attributes(out, log, kernel, false);
        }
        Arg::List(_) | Arg::Struct(_) => push_items(out, view, arg, kind),
    }
}

fn push_items(out: &mut String, view: &CallView<'_>, arg: Arg, kind: Kind) {
    let (open, close) = if matches!(arg, Arg::List(_)) { ('[', ']') } else { ('{', '}') };
    out.push(open);
    for (position, item) in view.items(arg).unwrap_or_default().iter().enumerate() {
        separate(out, position);
        push_arg(out, view, item, item_kind(kind, position));
    }
    out.push(close);
}

/// The kind of an item of a list or a field of a struct.
pub(crate) fn item_kind(kind: Kind, position: usize) -> Kind {
    match kind {
        Kind::List(item) => *item,
        Kind::Addresses => Kind::Address,
        Kind::Struct(fields, _) => fields.get(position).map_or(Kind::Any, |field| field.kind),
        _ => Kind::Any,
    }
}

fn push_int(out: &mut String, value: i64, kind: Kind) {
    match kind {
        Kind::Enum(ty) | Kind::Exchange(ty) if ty.symbol(value).is_some() => {
            out.push_str(ty.symbol(value).unwrap_or_default());
        }
        Kind::Flags(ty) if value > 0 && value & !all_flags(ty) == 0 => {
            let set = ty.members.iter().filter(|member| member.1 & value != 0);
            for (position, member) in set.enumerate() {
                out.push_str(if position > 0 { " | " } else { "" });
                out.push_str(member.0);
            }
        }
        _ => out.push_str(itoa::Buffer::new().format(value)),
    }
}

fn all_flags(ty: &EnumType) -> i64 {
    ty.members.iter().fold(0, |all, member| all | member.1)
}

fn push_name(out: &mut String, log: &Log, name: Name, kind: Kind) {
    let text = log.text(name);
    let reads_as_number = || {
        text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            && number(text).is_some()
            && (kind.takes_numbers() || !is_hexadecimal(text))
    };
    let reads_as_enumerator =
        matches!(kind, Kind::Enum(_) | Kind::Flags(_) | Kind::Number(_) | Kind::Exchange(_));
    let is_shown = || text.is_ascii() || !text.chars().any(char::is_control);
    if !reads_as_enumerator && are_bare(text) && !is_null(text) && !reads_as_number() && is_shown() {
        out.push_str(text);
    } else {
        push_quoted(out, text, '`');
    }
}

/// Kernel names are symbols of a binary and may hold nearly anything, so they are quoted only where the text would break.
fn push_kernel_name(out: &mut String, name: &str) {
    let breaks = |character: char| matches!(character, '{' | '}' | ',' | '(' | ')') || character.is_control();
    let quoted = name.is_empty() || name.starts_with('"') || name.trim() != name || name.contains(breaks);
    if quoted {
        push_quoted(out, name, '"');
    } else {
        out.push_str(name);
    }
}

fn push_attributes(out: &mut String, log: &Log, kernel: Kernel, annotation: bool) {
    out.push('{');
    if let Some(name) = kernel.name.filter(|_| annotation) {
        out.push_str("kernel=");
        push_quoted(out, log.text(name), '"');
        out.push_str(", ");
    }
    push_core(out, kernel.core);
    for (key, value) in [("blocks", kernel.blocks), ("schem", kernel.schem), ("ration", kernel.ration)] {
        if let Some(value) = value {
            push_format(out, format_args!(", {key}={value}"));
        }
    }
    out.push('}');
}

fn push_core(out: &mut String, core: Core) {
    out.push_str(core.as_str());
}

fn separate(out: &mut String, position: usize) {
    if position > 0 {
        out.push_str(", ");
    }
}

fn push_format(out: &mut String, arguments: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(arguments);
}
