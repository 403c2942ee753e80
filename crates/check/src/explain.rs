//! What a rule, a return code or a family of messages is about, as a page of Markdown.
//!
//! Rules bring their page, codes and families are put together from their tables, so that the three lead to each other.

use std::fmt;

use acg_diagnostics::codes::messages::Family;
use acg_diagnostics::codes::{Code, Origin, internal};
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
/// internal ones (`0x7020023`), or a family of messages (`EE1023`); upper and lower case are the same.
///
/// # Errors
///
/// A text that is none of these, with the name that is most like it.
pub fn explain(text: &str) -> Result<String, Unknown> {
    let text = text.trim();
    if let Some(rule) = rule(text) {
        return Ok(explain_rule(rule));
    }
    if let Some(code) = code(text) {
        return Ok(explain_code(code));
    }
    if let Some(family) = Family::find(text) {
        return Ok(explain_family(family));
    }
    Err(Unknown { text: text.to_owned(), closest: nearest(text) })
}

/// The return code that `text` stands for.
fn code(text: &str) -> Option<&'static Code> {
    if let Some(number) = internal::parse(text) {
        return Code::by_internal(number);
    }
    text.parse().map_or_else(|_| Code::by_symbol(&text.to_ascii_uppercase()), Code::find)
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
    let severity = match rule.severity {
        Severity::Error => "Error",
        Severity::Silent => "Silent: the runtime does not report it",
        Severity::Lint => "Lint",
    };
    let mut parts = vec![severity.to_owned()];
    if !rule.returns.is_empty() {
        parts.push(format!("the runtime returns {}", describe(rule.returns).join(" or ")));
    }
    parts.extend(rule.since.map(|since| format!("from CANN {since} on")));
    parts.extend(rule.until.map(|until| format!("before CANN {until}")));
    if !rule.targets.is_empty() {
        parts.push(format!("on {} only", rule.targets.join(", ")));
    }
    parts.join("; ") + "."
}

fn explain_code(code: &Code) -> String {
    let mut paragraphs = vec![format!("# {} {}", code.number, code.symbol), code.meaning.to_owned()];
    if !code.internal.is_empty() {
        let names = code.internal.iter().map(|&name| match internal::number(name) {
            Some(number) => format!("{name} (0x{number:X})"),
            None => name.to_owned(),
        });
        paragraphs
            .push(format!("The runtime's own log calls it {}.", names.collect::<Vec<_>>().join(" or ")));
    }
    push_list(&mut paragraphs, "Usual causes", code.causes);
    paragraphs.push("## Cause or consequence".to_owned());
    match code.origin {
        Origin::Here => paragraphs.push("The call that returns it is the one to change.".to_owned()),
        Origin::Earlier { what, codes } => {
            paragraphs.push(format!("It is often only a consequence. {what}"));
            if !codes.is_empty() {
                paragraphs.push(format!("The earlier call usually returned {}.", describe(codes).join(", ")));
            }
        }
    }
    let predicting = rules().iter().filter(|rule| rule.returns.contains(&code.number));
    let lines: Vec<_> =
        predicting.map(|rule| format!("{} {}: {}", rule.code, rule.name, rule.summary)).collect();
    push_list(&mut paragraphs, "Rules that predict it", &lines);
    let families: Vec<_> =
        code.messages().map(|family| format!("{}: {}", family.id, family.meaning)).collect();
    push_list(&mut paragraphs, "Messages it is printed with", &families);
    paragraphs.join("\n\n") + "\n"
}

fn explain_family(family: &Family) -> String {
    let mut paragraphs =
        vec![format!("# {}", family.id), family.meaning.to_owned(), family.advice.to_owned()];
    let meaning = |number| Code::find(number).map_or("", |code| code.meaning);
    let codes = family.codes.iter().map(|&number| format!("{}: {}", Code::describe(number), meaning(number)));
    push_list(&mut paragraphs, "Return codes it is printed with", &codes.collect::<Vec<_>>());
    paragraphs.join("\n\n") + "\n"
}

/// Return codes with their symbols.
fn describe(codes: &[i32]) -> Vec<String> {
    codes.iter().map(|&number| Code::describe(number)).collect()
}

/// Adds a heading and a list below it, if there is anything to list.
fn push_list(paragraphs: &mut Vec<String>, heading: &str, items: &[impl fmt::Display]) {
    if items.is_empty() {
        return;
    }
    let lines: Vec<_> = items.iter().map(|item| format!("- {item}")).collect();
    paragraphs.extend([format!("## {heading}"), lines.join("\n")]);
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
        for text in ["0x703001f", "0x0703001F", "0X703001f"] {
            expect(text, code);
        }
        expect("0x7020023", "# 207005 ACL_ERROR_RT_RESOURCE_ALLOC_FAIL");
        assert!(explain("107025").unwrap().contains("RT_ERROR_STREAM_UNJOINED (0x703001F)"));
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
        for text in ["ACG999", "107", "", "EE9999", "-1", "99999999999999999999", "0x1", "0x", "\u{1b}[31m"] {
            assert_eq!(closest(text), None, "{text}");
        }
    }
}
