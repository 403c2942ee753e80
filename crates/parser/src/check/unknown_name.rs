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
