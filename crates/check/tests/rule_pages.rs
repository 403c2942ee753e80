//! The pages of `docs/rules/` are true: each belongs to a rule, has the form of all pages, and its examples do what it says.
//!
//! In the example of a page every line that a rule is broken on ends with `//~` and the codes of the rules, or the next line
//! does with `//~^`; nothing else may be found. `//~ therefore` marks what is told with its cause, not as a finding of its
//! own. What the page suggests instead breaks neither its rule nor any rule that is an error. A block starts with `calls`,
//! `acg` or `json`, and may go on with `target=` and `cann=`; `text` is for what cannot be run. A `json` block holds a dump, or several,
//! each behind a line `// NAME`; its marks are no part of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use acg_check::{
    Diagnostic, Rule, Severity, Sources, TargetChoice, check_dumps, check_log, check_program, page,
    page_codes, rules,
};
use acg_diagnostics::codes::Code;
use acg_target::Profile;

/// Rules whose example cannot be run here, and why, or where they are tested instead.
const NOT_RUN: [(&str, &str); 18] = [
    ("ACG231", "1025 streams: runtime/tests/answers.rs"),
    ("ACG388", "1025 streams: dump-check/tests/rules.rs"),
    ("ACG389", "2017 tasks: dump-check/tests/rules.rs"),
    ("ACG424", "nested 33 deep: parser/tests/robust.rs"),
    ("ACG425", "takes a file of 4 GiB"),
    ("ACG426", "1001 errors: parser/tests/robust.rs"),
    ("ACG469", "takes a file of 4 GiB"),
    ("ACG482", "other rules forestall it on every program known"),
    ("ACG483", "only a mistake of the compiler's own breaks it"),
    ("ACG484", "only a mistake of the compiler's own breaks it"),
    ("ACG486", "found when Python is emitted: cli/tests/cli/compile_python_unsaid.acg"),
    ("ACG487", "found by an execution: cli/tests/cli/run_not_executable.acg"),
    ("ACG488", "found by an execution: cli/tests/cli/run_stuck.acg"),
    ("ACG489", "found by an execution: cli/tests/cli/run_limits.acg"),
    ("ACG490", "found by an execution: cli/tests/cli/run_expect.acg"),
    ("ACG491", "found by an execution: cli/tests/cli/run_race.acg"),
    ("ACG492", "found by an execution: cli/tests/cli/run_race.acg"),
    ("ACG493", "found when updates are realised: cli/tests/cli/update_methods.txt"),
];

/// Where the part of the index starts that is written by hand.
const BY_HAND: &str = "\n## Facts without a rule\n";

/// What a mark starts with if its rule is told with another's finding.
const CONSEQUENCE: &str = "therefore";

/// The title of a page, its sections, and the end of the last one.
const TITLES: [&str; 5] =
    ["# ", "\n## What it does\n", "\n## Why it matters\n", "\n## Example\n", "\n## Instead\n"];

/// A page, taken apart.
struct Page {
    rule: &'static Rule,
    title: &'static str,
    prose: [&'static str; 2],
    example: Block,
    instead: Block,
}

/// A block of code.
struct Block {
    language: &'static str,
    target: Option<&'static str>,
    cann: Option<&'static str>,
    text: &'static str,
}

/// Codes of rules by the line that they are found on.
type Findings = BTreeSet<(usize, &'static str)>;

impl Page {
    fn read(rule: &'static Rule) -> Result<Self, String> {
        let mut rest = page(rule.code).ok_or("there is no page")?;
        let mut sections = [""; TITLES.len()];
        for (index, title) in TITLES.iter().enumerate() {
            let (before, after) = rest.split_once(title).ok_or(format!("there is no `{}`", title.trim()))?;
            if let Some(section) = index.checked_sub(1) {
                sections[section] = before.trim();
            }
            rest = after;
        }
        let [title, what, why, example, _] = sections;
        let (example, instead) = (Block::read(example)?, Block::read(rest.trim())?);
        Ok(Self { rule, title, prose: [what, why], example, instead })
    }
}

impl Block {
    /// Reads a section that holds one block and nothing else.
    fn read(section: &'static str) -> Result<Self, String> {
        let block = section.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
        let block = block.filter(|block| !block.contains("```")).and_then(|block| block.split_once('\n'));
        let (info, text) = block.ok_or("a section is not one block of code")?;
        let mut words = info.split_whitespace();
        let language = words.next().ok_or("a block has no language")?;
        let mut block = Self { language, target: None, cann: None, text };
        for word in words {
            match word.split_once('=') {
                Some(("target", value)) => block.target = Some(value),
                Some(("cann", value)) => block.cann = Some(value),
                _ => return Err(format!("a block says `{word}`")),
            }
        }
        Ok(block)
    }

    /// What `acg check` says about it, with the line of each.
    fn check(&self) -> Result<Vec<(usize, Diagnostic)>, String> {
        let mut sources = Sources::new();
        let file = sources.add("example", self.text);
        let choice = TargetChoice::new(self.target, self.cann).map_err(|error| error.to_string())?;
        let checked = match self.language {
            "calls" => check_log(&sources, file, &choice),
            "acg" => check_program(&sources, file, &choice),
            "json" => {
                let files = dumps(self.text);
                let files: Vec<_> = files.into_iter().map(|(name, text)| sources.add(name, text)).collect();
                check_dumps(&sources, &files, &choice)
            }
            other => return Err(format!("`{other}` is no language that can be checked")),
        };
        let line = |found: &Diagnostic| sources.places(found.primary.span).0.line as usize;
        Ok(checked.diagnostics.into_iter().map(|found| (line(&found), found)).collect())
    }

    /// What the runtime model says about a log only as the consequence of something else.
    fn consequences(&self) -> Result<Findings, String> {
        let mut sources = Sources::new();
        let file = sources.add("example", self.text);
        let log = acg_calls::read(file, self.text).log;
        let profile =
            Profile::find(self.target.unwrap_or("ascend910b")).map_err(|error| error.to_string())?;
        let findings = acg_runtime::replay(&log, &profile).findings;
        let consequences = findings.iter().filter(|finding| finding.consequence_of.is_some());
        let line =
            |call: u32| Some(sources.places(log.recorded(acg_calls::CallId(call)).span?).0.line as usize);
        Ok(consequences.filter_map(|finding| Some((line(finding.call)?, finding.rule.code))).collect())
    }

    /// What its `//~` comments say: what is found, and what is told as a consequence.
    fn marks(&self) -> (Findings, Findings) {
        let mut marks = (Findings::new(), Findings::new());
        for (line, text) in (1..).zip(self.text.lines()) {
            let Some((_, mark)) = text.split_once("//~") else { continue };
            let (line, mark) = mark.strip_prefix('^').map_or((line, mark), |mark| (line - 1, mark));
            let (found, codes) = match mark.trim().strip_prefix(CONSEQUENCE) {
                Some(codes) => (&mut marks.1, codes),
                None => (&mut marks.0, mark),
            };
            found.extend(codes.split_whitespace().map(|code| (line, code)));
        }
        marks
    }
}

/// The dumps of a block with their names, each on the lines where it stands there.
fn dumps(block: &str) -> Vec<(String, String)> {
    let mut dumps = vec![("modelRI.json".to_owned(), String::new())];
    for (line, text) in block.lines().enumerate() {
        if let Some(name) = text.strip_prefix("// ") {
            dumps.push((name.to_owned(), "\n".repeat(line + 1)));
        } else if let Some((_, dump)) = dumps.last_mut() {
            dump.push_str(text.split("//~").next().unwrap_or(text).trim_end());
            dump.push('\n');
        }
    }
    dumps.retain(|(_, text)| !text.trim().is_empty());
    dumps
}

/// Does something with every page and reports every failure at once.
#[track_caller]
fn each_page(check: impl Fn(&Page) -> Result<(), String>) {
    let failures: Vec<String> = rules()
        .iter()
        .filter_map(|rule| {
            let failure = Page::read(rule).and_then(|page| check(&page)).err()?;
            Some(format!("{}: {failure}", rule.code))
        })
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn describe(found: &[(usize, Diagnostic)]) -> String {
    let mut text = String::new();
    for (line, found) in found {
        write!(text, "\n    line {line}: {} {}", found.rule.code, found.message).unwrap();
    }
    text
}

#[test]
fn every_page_belongs_to_a_rule() {
    let codes: BTreeSet<_> = rules().iter().map(|rule| rule.code).collect();
    let left_over: Vec<_> = page_codes().filter(|code| !codes.contains(code)).collect();
    assert!(left_over.is_empty(), "pages without a rule: {left_over:?}");
}

#[test]
fn every_rule_has_a_page_of_the_common_form() {
    each_page(|page| {
        let title = format!("{} {}", page.rule.code, page.rule.name);
        if page.title != title {
            return Err(format!("the title is `{}`, not `{title}`", page.title));
        }
        match page.prose.iter().find(|prose| prose.len() < 40 || prose.contains("```")) {
            Some(prose) => Err(format!("too little is said: `{prose}`")),
            None => Ok(()),
        }
    });
}

#[test]
fn every_example_breaks_the_marked_rules_and_no_other() {
    each_page(|page| {
        if let Some((_, reason)) = NOT_RUN.iter().find(|(code, _)| *code == page.rule.code) {
            return if page.example.language == "text" {
                Ok(())
            } else {
                Err(format!("the example can be run, and is exempt: {reason}"))
            };
        }
        let (marks, consequences) = page.example.marks();
        if !marks.union(&consequences).any(|&(_, code)| code == page.rule.code) {
            return Err("no line of the example is marked with the rule".to_owned());
        }
        if !consequences.is_empty() && !consequences.is_subset(&page.example.consequences()?) {
            return Err(format!(
                "marked as consequences are {consequences:?}, found are {:?}",
                page.example.consequences()
            ));
        }
        let found = page.example.check()?;
        let codes: Findings = found.iter().map(|(line, found)| (*line, found.rule.code)).collect();
        if codes == marks {
            Ok(())
        } else {
            Err(format!("marked are {marks:?}, found are{}", describe(&found)))
        }
    });
}

#[test]
fn what_is_suggested_instead_breaks_nothing() {
    each_page(|page| {
        let mut found = page.instead.check()?;
        found.retain(|(_, found)| found.severity == Severity::Error || found.rule == page.rule);
        if found.is_empty() { Ok(()) } else { Err(format!("found are{}", describe(&found))) }
    });
}

#[test]
fn links_lead_to_pages() {
    for code in page_codes() {
        for link in page(code).unwrap().split("](").skip(1) {
            let target = link.split_once(')').map_or("", |(target, _)| target);
            let target = target.strip_suffix(".md").unwrap_or_default();
            assert!(page(target).is_some(), "{code} links to `{target}`");
        }
    }
}

#[test]
fn codes_on_pages_have_the_symbols_of_the_table() {
    for code in page_codes() {
        for (number, symbol) in symbols(page(code).unwrap()) {
            assert_eq!(Code::find(number).map(|code| code.symbol), Some(symbol), "{code}: {number}");
        }
    }
}

/// What a text says as ``107025 (`ACL_ERROR_RT_STREAM_UNJOINED`…``.
fn symbols(text: &str) -> impl Iterator<Item = (i32, &str)> {
    let pairs: Vec<_> = text.split("(`").collect();
    pairs.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>().into_iter().filter_map(
        |(before, after)| {
            let number = before.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
            let symbol = after.split_once('`')?.0;
            symbol.starts_with("ACL_ERROR").then_some((number, symbol))
        },
    )
}

#[test]
fn the_index_is_current() {
    let path = index_path();
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let index = index() + by_hand(&written);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &index).unwrap();
        return;
    }
    assert!(written == index, "docs/rules/README.md is not current; BLESS=1 rewrites it");
}

#[test]
fn what_has_no_rule_has_none_and_refers_to_one_that_exists() {
    let written = std::fs::read_to_string(index_path()).unwrap();
    let kept = by_hand(&written);
    assert!(!kept.is_empty(), "the part that is written by hand is gone");
    for row in kept.lines().filter(|line| line.starts_with("| ACG")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let without = cells[1].split(", ").filter(|code| rules().iter().any(|rule| rule.code == *code));
        assert_eq!(without.collect::<Vec<_>>(), Vec::<&str>::new(), "{row}");
        let named =
            cells[2].split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.starts_with("ACG"));
        for code in named {
            assert!(page(code).is_some(), "{row}");
        }
    }
}

fn index_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules/README.md")
}

/// The end of the index, which is written by hand.
fn by_hand(written: &str) -> &str {
    written.find(BY_HAND).map_or("", |start| &written[start..])
}

/// The index: a table of every rule.
fn index() -> String {
    let mut text = "\
# Rules

What `acg check` finds, by code. Codes are stable and never used for anything else. `acg explain` prints these pages;
`BLESS=1 cargo test -p acg-check` rewrites this index down to its last section.

An *error* is a call that the runtime refuses, or text that cannot be read; *silent* is what the runtime does without a
word and differently from what the program reads like; a *lint* is legal and likely to hurt later.

| code | name | severity | returns | what is wrong |
| --- | --- | --- | --- | --- |
"
    .to_owned();
    for rule in rules() {
        let returns: Vec<_> = rule.returns.iter().map(ToString::to_string).collect();
        let (code, returns) = (rule.code, returns.join(", "));
        writeln!(
            text,
            "| [{code}]({code}.md) | {} | {} | {returns} | {} |",
            rule.name, rule.severity, rule.summary
        )
        .unwrap();
    }
    text
}
