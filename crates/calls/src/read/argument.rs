//! Arguments, by what their parameter takes.

use acg_diagnostics::closest;

use super::cursor::{Cursor, Parsed, Problem};
use super::kernel;
use super::line::{Reader, expect_comma};
use crate::api::Api;
use crate::enums::EnumType;
use crate::log::Arg;
use crate::names::Name;
use crate::param::Kind;
use crate::rules;
use crate::text::{is_hexadecimal, is_null, number};
use crate::write::item_kind;

/// Lists in lists deeper than this are not arguments of any function.
const DEPTH: u32 = 8;

/// An argument being read: where it started and what it is for, for messages.
#[derive(Clone, Copy)]
struct Place {
    start: usize,
    api: Api,
    position: usize,
    kind: Kind,
    depth: u32,
}

/// Reads the argument at `position` of `api`, of `kind`, and appends it to the pending ones.
pub(super) fn argument<'t>(
    reader: &mut Reader<'t>,
    cursor: &mut Cursor<'t>,
    api: Api,
    position: usize,
    kind: Kind,
    depth: u32,
) -> Parsed<()> {
    let place = Place { start: cursor.at, api, position, kind, depth };
    let arg = match (cursor.peek(), kind) {
        (_, Kind::Kernel) => {
            let kernel = kernel::kernel(cursor, &mut reader.log, &mut reader.room)?;
            Arg::Kernel(reader.log.kernel_id(kernel))
        }
        (Some(b'"'), Kind::Text | Kind::Any) => {
            cursor.quoted(&mut reader.room)?;
            Arg::Text(reader.log.name(&reader.room))
        }
        (Some(b'['), Kind::List(_) | Kind::Addresses | Kind::Any) => items(reader, cursor, place, ']')?,
        (Some(b'{'), Kind::Struct(..) | Kind::Any) => items(reader, cursor, place, '}')?,
        (Some(b'&'), _) => reference(reader, cursor, place)?,
        _ => plain(reader, cursor, place)?,
    };
    reader.pending.push(arg);
    Ok(())
}

/// Reads `[a, b]` or `{a, b}`.
fn items<'t>(reader: &mut Reader<'t>, cursor: &mut Cursor<'t>, place: Place, close: char) -> Parsed<Arg> {
    if place.depth >= DEPTH {
        return Err(cursor.problem(&rules::ARGUMENT_FORM, place.start, "lists are nested too deeply"));
    }
    cursor.at += 1;
    cursor.blanks();
    let base = reader.pending.len();
    if !cursor.eat(close as u8) {
        loop {
            let kind = item_kind(&place.kind, reader.pending.len() - base);
            argument(reader, cursor, place.api, place.position, *kind, place.depth + 1)?;
            cursor.blanks();
            if cursor.eat(close as u8) {
                break;
            }
            expect_comma(cursor, place.start, close)?;
        }
    }
    let given = reader.pending.len() - base;
    if let Kind::Struct(fields, required) = place.kind
        && !(required..=fields.len()).contains(&given)
    {
        return Err(form(cursor, place, &format!("a struct with {given} fields")));
    }
    let range = reader.log.store(&reader.pending[base..]);
    reader.pending.truncate(base);
    Ok(if close == ']' { Arg::List(range) } else { Arg::Struct(range) })
}

/// Reads `&name` or `&ENUMERATOR`.
fn reference<'t>(reader: &mut Reader<'t>, cursor: &mut Cursor<'t>, place: Place) -> Parsed<Arg> {
    cursor.at += 1;
    match place.kind {
        Kind::Exchange(ty) => Ok(Arg::Exchange(enumerator(cursor, ty)?)),
        Kind::Out(_) | Kind::OutAddress | Kind::OutValue | Kind::Any => match name(reader, cursor)? {
            Some(name) => Ok(Arg::Out(name)),
            None => Err(form(cursor, place, "`&` without a name")),
        },
        _ => {
            let found = cursor.found();
            let remedy = "`&name` is for what a call writes; leave the `&` out";
            Err(Box::new(form(cursor, place, &format!("`&` {found}")).help(remedy)))
        }
    }
}

/// Reads a name, a number, an enumerator, an address or `NULL`.
fn plain<'t>(reader: &mut Reader<'t>, cursor: &mut Cursor<'t>, place: Place) -> Parsed<Arg> {
    if let Kind::Enum(ty) | Kind::Number(ty) = place.kind {
        return Ok(Arg::Int(enumerator(cursor, ty)?));
    }
    if let Kind::Flags(ty) = place.kind {
        return Ok(Arg::Int(flags(cursor, ty)?));
    }
    if cursor.peek() == Some(b'`') {
        return match name(reader, cursor)? {
            Some(name) if takes_name(place.kind) => address(reader, cursor, place, name),
            _ => Err(form(cursor, place, "a quoted name")),
        };
    }
    let token = cursor.token();
    if is_null(token) && takes_null(place.kind) {
        return Ok(Arg::Null);
    }
    if let Kind::Exchange(_) = place.kind {
        let remedy = format!("the call replaces it: `&{token}`");
        return Err(Box::new(form(cursor, place, &format!("`{token}`")).help(remedy)));
    }
    if let Some(value) = number(token)
        && !(is_hexadecimal(token) && takes_name(place.kind) && !place.kind.takes_numbers())
    {
        return match place.kind {
            kind if kind.takes_numbers() => Ok(Arg::Int(value)),
            // C's other way to write a null pointer.
            kind if value == 0 && takes_null(kind) => Ok(Arg::Null),
            _ => Err(form(cursor, place, &format!("the number {value}"))),
        };
    }
    if !token.is_empty() && !is_null(token) && takes_name(place.kind) {
        let name = reader.log.name(token);
        return address(reader, cursor, place, name);
    }
    let found = if token.is_empty() { cursor.found() } else { format!("`{token}`") };
    let problem = form(cursor, place, &found);
    Err(match place.kind {
        Kind::Out(_) | Kind::OutAddress | Kind::OutValue if !token.is_empty() => {
            Box::new(problem.help(format!("the call writes it: `&{token}`")))
        }
        _ => problem,
    })
}

/// Reads the `+bytes` that may follow a name where an address stands.
fn address(reader: &Reader<'_>, cursor: &mut Cursor<'_>, place: Place, base: Name) -> Parsed<Arg> {
    let takes_offset = matches!(place.kind, Kind::Address | Kind::Addresses | Kind::Any);
    if !takes_offset || !cursor.eat(b'+') {
        return Ok(Arg::Name(base));
    }
    let start = cursor.at;
    match number(cursor.token()) {
        Some(bytes) if bytes >= 0 => Ok(Arg::Offset { base, bytes: bytes.cast_unsigned() }),
        _ => {
            let message = format!("expected a number of bytes behind `{}+`", reader.log.text(base));
            Err(cursor.problem(&rules::ARGUMENT_FORM, start, message))
        }
    }
}

/// Reads a name, bare or in back quotes.
fn name<'t>(reader: &mut Reader<'t>, cursor: &mut Cursor<'t>) -> Parsed<Option<Name>> {
    if cursor.peek() == Some(b'`') {
        cursor.quoted(&mut reader.room)?;
        return Ok(Some(reader.log.name(&reader.room)));
    }
    let token = cursor.token();
    let usable = !token.is_empty() && !is_null(token) && number(token).is_none_or(|_| is_hexadecimal(token));
    Ok(usable.then(|| reader.log.name(token)))
}

fn flags(cursor: &mut Cursor<'_>, ty: &'static EnumType) -> Parsed<i64> {
    let mut all = enumerator(cursor, ty)?;
    loop {
        let behind = cursor.at;
        cursor.blanks();
        if !cursor.eat(b'|') {
            cursor.at = behind;
            return Ok(all);
        }
        cursor.blanks();
        all |= enumerator(cursor, ty)?;
    }
}

fn enumerator(cursor: &mut Cursor<'_>, ty: &'static EnumType) -> Parsed<i64> {
    let start = cursor.at;
    let token = cursor.token();
    if let Some(value) = ty.value(token).or_else(|| number(token)) {
        return Ok(value);
    }
    let found = if token.is_empty() { cursor.found() } else { format!("`{token}`") };
    let message = format!("expected an enumerator of {}, found {found}", ty.name);
    let problem = cursor.problem(&rules::UNKNOWN_ENUMERATOR, start, message);
    let symbols = ty.members.iter().map(|member| member.0);
    Err(Box::new(match closest(token, symbols.clone()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.note(format!("its enumerators are {}", symbols.collect::<Vec<_>>().join(", "))),
    }))
}

const fn takes_null(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Int | Kind::Enum(_) | Kind::Flags(_) | Kind::Number(_) | Kind::Struct(..) | Kind::Kernel
    )
}

const fn takes_name(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::In(_)
            | Kind::OutArray
            | Kind::Value
            | Kind::Address
            | Kind::Addresses
            | Kind::Function
            | Kind::List(_)
            | Kind::Any
    )
}

/// The problem of an argument that has the wrong form.
fn form(cursor: &Cursor<'_>, place: Place, found: &str) -> Problem {
    let signature = place.api.signature();
    let wanted = place.kind.words();
    let message = match signature.params.get(place.position) {
        Some(param) => format!("`{}` of `{}` is {wanted}, found {found}", param.name, signature.name),
        None => format!("expected {wanted}, found {found}"),
    };
    let problem = cursor.problem(&rules::ARGUMENT_FORM, place.start, message);
    Box::new(problem.note(format!("its prototype is `{signature}`")))
}
