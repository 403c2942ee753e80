//! Names that nothing declares.

use acg_diagnostics::{Diagnostic, Rule, Span};

use crate::quote::{quote, short};

pub(crate) static RULE: Rule =
    Rule::error("ACG404", "unknown-name", &[], "a name is used that nothing declares above");

/// Where a name that is not known yet is declared, and what is like it.
pub(crate) struct Clues<'n> {
    /// The declaration further down, if there is one.
    pub(crate) later: Option<Span>,
    /// The declared name that is most like it.
    pub(crate) near: Option<(&'n str, Span)>,
}

/// `GRAPH.GROUP` of a graph without such a group.
pub(crate) fn group(span: Span, group: &str, graph: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} has no task group {} above", quote(graph), quote(group)))
        .help(format!("open the group in the graph: `STREAM: group {} {{`", short(group)))
}

/// A name without a point where a group of a graph must stand.
pub(crate) fn not_a_group(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, span, format!("{} names no task group of a graph", quote(name)))
        .help(format!("write the graph before it: `GRAPH.{}`", short(name)))
}

/// `GRAPH.NUMBER` where the graph has no such part.
pub(crate) fn segment(span: Span, name: &str, graph: &str, segments: u32, declared: Span) -> Diagnostic {
    let has = match segments {
        1 => format!("{} is one model, because no `segment` splits it", quote(graph)),
        _ => format!("the parts of {} are numbered from 1 to {segments}", quote(graph)),
    };
    Diagnostic::new(&RULE, span, format!("{} is not declared: {has}", quote(name)))
        .related(declared, format!("{} starts here", quote(graph)))
}

/// `name` is used as `wanted` (`an event`), which `declaration` (`event NAME`) would declare.
pub(crate) fn diagnostic(
    span: Span,
    name: &str,
    wanted: &str,
    declaration: &str,
    clues: &Clues<'_>,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&RULE, span, format!("{} is not declared; expected {wanted}", quote(name)));
    if let Some(later) = clues.later {
        let help = "names are declared above their first use; move the declaration up";
        return diagnostic.label("used here").related(later, "declared only here").help(help);
    }
    if let Some((near, declared)) = clues.near {
        return diagnostic
            .related(declared, format!("`{near}` is declared here"))
            .help(format!("did you mean `{near}`?"));
    }
    diagnostic.help(format!("declare it above: `{}`", declaration.replace("NAME", &short(name))))
}
