//! What a rule, a return code or a family of messages is about, as a page of Markdown.
//!
//! Rules bring their page, codes and families are put together from their tables, so that the three lead to each other.

use std::fmt;

use acg_diagnostics::codes::messages::Family;
use acg_diagnostics::codes::{Code, Origin};
use acg_diagnostics::{Rule, Severity, closest};

use crate::catalogue::{rule, rules};
use crate::pages::page;

/// A text that names no rule, code or family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The text.
    pub text: String,
    /// The known name that was probably meant.
    pub closest: Option<&'static str>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no rule, return code or message family that is known", self.text.escape_debug())?;
        match self.closest {
            Some(closest) => write!(f, "; did you mean `{closest}`?"),
            None => f.write_str("; `acg explain --list` shows the rules"),
        }
    }
}

impl std::error::Error for Unknown {}

/// Explains `text`: a rule by code (`ACG031`) or name, a return code by number (`107025`) or symbol, also the runtime's
/// internal one, or a family of messages (`EE1023`); upper and lower case are the same.
///
/// # Errors
///
/// A text that is none of these, with the name that is most like it.
pub fn explain(text: &str) -> Result<String, Unknown> {
    let text = text.trim();
    if let Some(rule) = rule(text) {
        return Ok(explain_rule(rule));
    }
    let code = text.parse().map_or_else(|_| Code::by_symbol(&text.to_ascii_uppercase()), Code::find);
    if let Some(code) = code {
        return Ok(explain_code(code));
    }
    if let Some(family) = Family::find(text) {
        return Ok(explain_family(family));
    }
    Err(Unknown { text: text.to_owned(), closest: nearest(text) })
}

/// The name nearest to `text`. Codes that differ in a digit have nothing to do with each other, so none is suggested.
fn nearest(text: &str) -> Option<&'static str> {
    if text.ends_with(|last: char| last.is_ascii_digit()) {
        return None;
    }
    let names = rules().iter().map(|rule| rule.name).chain(Code::all().map(|code| code.symbol));
    closest(text, names)
}

/// The rule's page, with what the table says about it below the title.
fn explain_rule(rule: &Rule) -> String {
    let page = page(rule.code).unwrap_or_default();
    let (title, rest) = page.split_once('\n').unwrap_or((page, ""));
    format!("{title}\n\n{}\n{rest}", standing(rule))
}

/// Severity, return codes, releases and chips of a rule in one line.
fn standing(rule: &Rule) -> String {
    let mut line = match rule.severity {
        Severity::Error => "Error".to_owned(),
        Severity::Silent => "Silent: the runtime does not report it".to_owned(),
        Severity::Lint => "Lint".to_owned(),
    };
    if !rule.returns.is_empty() {
        let codes: Vec<_> = rule.returns.iter().map(|&number| Code::describe(number)).collect();
        line += &format!(": the runtime returns {}", codes.join(" or "));
    }
    if let Some(since) = rule.since {
        line += &format!("; from CANN {since} on");
    }
    if let Some(until) = rule.until {
        line += &format!("; before CANN {until}");
    }
    if !rule.targets.is_empty() {
        line += &format!("; on {} only", rule.targets.join(", "));
    }
    line + "."
}

fn explain_code(code: &Code) -> String {
    let mut text = format!("# {} {}\n\n{}\n", code.number, code.symbol, code.meaning);
    if !code.internal.is_empty() {
        text += &format!("\nThe runtime's own log calls it {}.\n", code.internal.join(" or "));
    }
    heading(&mut text, "Usual causes");
    for cause in code.causes {
        text += &format!("- {cause}\n");
    }
    heading(&mut text, "Cause or consequence");
    match code.origin {
        Origin::Here => text += "The call that returns it is the one to change.\n",
        Origin::Earlier { what, codes } => {
            text += &format!("It is often only a consequence. {what}\n");
            if !codes.is_empty() {
                let codes: Vec<_> = codes.iter().map(|&number| Code::describe(number)).collect();
                text += &format!("\nThe earlier call usually returned {}.\n", codes.join(", "));
            }
        }
    }
    list_rules(&mut text, code.number);
    let families: Vec<_> = code.messages().map(|family| family.id).collect();
    if !families.is_empty() {
        heading(&mut text, "Messages");
        text += &format!("It is printed with {}.\n", families.join(", "));
    }
    text
}

/// The rules that predict return code `number`, a line each.
fn list_rules(text: &mut String, number: i32) {
    let mut found = rules().iter().filter(|rule| rule.returns.contains(&number)).peekable();
    if found.peek().is_some() {
        heading(text, "Rules that predict it");
    }
    for rule in found {
        *text += &format!("- {} {}: {}\n", rule.code, rule.name, rule.summary);
    }
}

fn explain_family(family: &Family) -> String {
    let mut text = format!("# {}\n\n{}\n\n{}\n", family.id, family.meaning, family.advice);
    if !family.codes.is_empty() {
        heading(&mut text, "Return codes it is printed with");
    }
    for &number in family.codes {
        let meaning = Code::find(number).map_or("", |code| code.meaning);
        text += &format!("- {}: {meaning}\n", Code::describe(number));
    }
    text
}

fn heading(text: &mut String, words: &str) {
    *text += &format!("\n## {words}\n\n");
}

#[cfg(test)]
mod tests {
    use acg_diagnostics::codes::messages::FAMILIES;

    use super::*;

    /// A text and the title of what it explains.
    #[track_caller]
    fn expect(text: &str, title: &str) {
        let page = explain(text).unwrap();
        assert_eq!(page.lines().next(), Some(title));
    }

    #[test]
    fn rules_codes_and_families_are_found_by_every_name() {
        let rule = "# ACG031 join-record-not-waited";
        for text in ["ACG031", "acg031", " ACG031 ", "join-record-not-waited", "Join-Record-Not-Waited"] {
            expect(text, rule);
        }
        let code = "# 107025 ACL_ERROR_RT_STREAM_UNJOINED";
        for text in [
            "107025",
            "ACL_ERROR_RT_STREAM_UNJOINED",
            "acl_error_rt_stream_unjoined",
            "RT_ERROR_STREAM_UNJOINED",
        ] {
            expect(text, code);
        }
        expect("EE1023", "# EE1023");
        expect("ee1023", "# EE1023");
    }

    #[test]
    fn codes_name_their_rules_and_what_they_follow() {
        let page = explain("107025").unwrap();
        assert!(page.contains("- ACG033 task-after-rejoin: "), "{page}");
        assert!(page.contains("often only a consequence"), "{page}");
        assert!(
            explain("ACG014")
                .unwrap()
                .contains("the runtime returns 507903 (ACL_ERROR_RT_STREAM_CAPTURE_INVALIDATED)")
        );
    }

    #[test]
    fn every_code_and_family_has_a_page() {
        for code in Code::all() {
            expect(&code.number.to_string(), &format!("# {} {}", code.number, code.symbol));
        }
        for family in FAMILIES {
            expect(family.id, &format!("# {}", family.id));
        }
    }

    #[test]
    fn every_code_that_a_rule_names_is_known() {
        for rule in rules() {
            for &number in rule.returns {
                assert!(Code::find(number).is_some(), "{}: {number}", rule.code);
            }
        }
    }

    #[test]
    fn misspelt_names_are_mended_and_wrong_numbers_are_not() {
        let closest = |text| explain(text).unwrap_err().closest;
        assert_eq!(closest("join-record-not-wated"), Some("join-record-not-waited"));
        assert_eq!(closest("ACL_ERROR_RT_STREAM_UNJOIND"), Some("ACL_ERROR_RT_STREAM_UNJOINED"));
        for text in ["ACG999", "107", "", "EE9999", "-1", "99999999999999999999", "\u{1b}[31m"] {
            assert_eq!(closest(text), None, "{text}");
        }
    }
}
