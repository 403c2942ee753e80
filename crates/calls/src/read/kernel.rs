//! Kernels: `Name{aivec, schem=1}`, and an operator's `{kernel="Name", aivec, blocks=8}`.

use acg_diagnostics::closest;

use super::cursor::{Cursor, Parsed};
use super::line::expect_comma;
use crate::kernel::{Core, Kernel};
use crate::log::Log;
use crate::names::Name;
use crate::rules;

/// Reads the kernel of a launch.
pub(super) fn kernel(cursor: &mut Cursor<'_>, log: &mut Log, room: &mut String) -> Parsed<Kernel> {
    let start = cursor.at;
    let name = if cursor.peek() == Some(b'"') {
        cursor.quoted(room)?;
        log.name(room)
    } else {
        // Mangled and template names hold nearly anything, so only what ends an argument ends them.
        let name = cursor.take_while(|byte| !matches!(byte, b'{' | b',' | b'(' | b')' | b'}')).trim_end();
        if name.is_empty() {
            let found = cursor.found();
            let message = format!("expected a kernel (`Name{{aivec}}`), found {found}");
            return Err(cursor.problem(&rules::ARGUMENT_FORM, start, message));
        }
        log.name(name)
    };
    if cursor.peek() == Some(b'{') {
        attributes(cursor, log, room, Some(name))
    } else {
        Ok(Kernel::new(name, Core::default()))
    }
}

/// Reads the braces behind a kernel's name or, without a `name`, behind an operator.
pub(super) fn attributes(
    cursor: &mut Cursor<'_>,
    log: &mut Log,
    room: &mut String,
    name: Option<Name>,
) -> Parsed<Kernel> {
    let open = cursor.at;
    cursor.eat(b'{');
    let annotation = name.is_none();
    let mut kernel = Kernel { name, ..Kernel::default() };
    cursor.blanks();
    if cursor.eat(b'}') {
        return Ok(kernel);
    }
    loop {
        attribute(cursor, log, room, &mut kernel, annotation)?;
        cursor.blanks();
        if cursor.eat(b'}') {
            return Ok(kernel);
        }
        expect_comma(cursor, open, '}')?;
    }
}

fn attribute(
    cursor: &mut Cursor<'_>,
    log: &mut Log,
    room: &mut String,
    kernel: &mut Kernel,
    annotation: bool,
) -> Parsed<()> {
    let start = cursor.at;
    let key = cursor.token();
    if cursor.eat(b'=') {
        if key == "kernel" && annotation && cursor.peek() == Some(b'"') {
            cursor.quoted(room)?;
            kernel.name = Some(log.name(room));
            return Ok(());
        }
        let value = cursor.natural();
        let field = match key {
            "blocks" => &mut kernel.blocks,
            "schem" => &mut kernel.schem,
            "ration" => &mut kernel.ration,
            _ => return Err(unknown(cursor, start, key, annotation)),
        };
        *field = value;
        if value.is_none() {
            cursor.found();
            return Err(cursor.problem(
                &rules::KERNEL_ATTRIBUTE,
                start,
                format!("`{key}` takes a whole number"),
            ));
        }
        return Ok(());
    }
    match Core::parse(key) {
        Some(core) => kernel.core = core,
        None => return Err(unknown(cursor, start, key, annotation)),
    }
    Ok(())
}

fn unknown(cursor: &mut Cursor<'_>, start: usize, key: &str, annotation: bool) -> super::cursor::Problem {
    let found = if key.is_empty() { cursor.found() } else { format!("`{key}`") };
    let problem =
        cursor.problem(&rules::KERNEL_ATTRIBUTE, start, format!("a kernel has no attribute {found}"));
    let words = Core::ALL.map(Core::as_str).into_iter().chain(["blocks", "schem", "ration"]);
    if let Some(near) = closest(key, words.clone()) {
        return Box::new(problem.help(format!("did you mean `{near}`?")));
    }
    let cores = Core::ALL.map(Core::as_str).join(", ");
    let named = if annotation { ", `kernel=\"Name\"`" } else { "" };
    Box::new(problem.note(format!("known are {cores}, `blocks=N`, `schem=N`, `ration=N`{named}")))
}
