//! What the messages say: the thing, what was expected, and the remedy.

use acg_diagnostics::{Diagnostic, Sources};
use acg_parser::{Cover, parse};

const BEFORE: &str = "\
device a, b, c : f32[4, 2]
host h : f32[4, 2]
stream main, side
event forked
graph g on main {
";

/// The one diagnostic of a graph with the body `line`, and the text that it points at.
fn only(line: &str) -> (Diagnostic, String) {
    let text = format!("{BEFORE}{line}\n}}\nevent joined\n");
    let mut sources = Sources::new();
    let file = sources.add("test.acg", text.clone());
    let mut diagnostics = parse(file, &text).diagnostics;
    assert_eq!(diagnostics.len(), 1, "{line}: {diagnostics:#?}");
    let diagnostic = diagnostics.remove(0);
    let place = sources.text(diagnostic.primary.span).to_owned();
    (diagnostic, place)
}

#[test]
fn messages_name_what_was_expected_and_how_to_write_it() {
    for (line, place, message, help) in [
        ("  main: copy a b", "b", "expected `->` after `a`, found `b`", "write `copy SOURCE -> TARGET`"),
        (
            "  main: copy a ->",
            "",
            "expected a name after `->`, found the end of the line",
            "write `copy SOURCE -> TARGET`",
        ),
        ("  main: copy", "copy", "`copy` is not complete", "write `copy SOURCE -> TARGET`"),
        (
            "  relaxed { lock l { main: copy a -> b } }",
            "lock",
            "expected `}`, a task or the end of the line after `{`, found `lock`",
            "start a new line behind the `{`; a block on one line holds one task",
        ),
        ("  main: recrod forked", "recrod", "`recrod` starts no statement", "did you mean `record`?"),
        (
            "  main record forked",
            "main",
            "`main` starts no statement",
            "if it is a stream, write `main: record …`",
        ),
        (
            "  main: record forked;",
            ";",
            "`;` ends no statement here",
            "a statement ends with its line; delete the `;`",
        ),
        ("  # why", "#", "`#` starts no comment here", "write comments as `// text`"),
        ("  main：record forked", "：", "`：` is a full-width colon", "write the ASCII `:`"),
        (
            "  main: record frked",
            "frked",
            "`frked` is not declared; expected an event or a notify",
            "did you mean `forked`?",
        ),
        (
            "  main: record done",
            "done",
            "`done` is not declared; expected an event or a notify",
            "declare it above: `event done`",
        ),
        (
            "  main: record joined",
            "joined",
            "`joined` is not declared; expected an event or a notify",
            "names are declared above their first use; move the declaration up",
        ),
        (
            "  mian: record forked",
            "mian",
            "`mian` is not declared; expected a stream",
            "did you mean `main`?",
        ),
        (
            "  copy a -> b",
            "copy a -> b",
            "this task has no stream",
            "write the stream before it, as in `main: …`, or put it into a block of its stream",
        ),
        ("  main: sync side", "main", "`sync` is called by the host and takes no stream", "delete `main:`"),
        (
            "  main: copy a[0..2] -> b",
            "b",
            "`copy` needs equal sizes: `a[0..2]` has 16 bytes and `b` has 32",
            "copy a part: `b[0..…]`",
        ),
        (
            "  main: aclnnAad(a, b) -> c",
            "aclnnAad",
            "`aclnnAad` is not an operator that is known",
            "did you mean `aclnnAdd`?",
        ),
        (
            "  main: aclnnAdd(a, b, alpa = 1) -> c",
            "alpa",
            "`aclnnAdd` has no argument `alpa`",
            "did you mean `alpha`?",
        ),
        (
            "  main: aclnnAdd(a, h) -> c",
            "h",
            "`aclnnAdd` works on device memory and `h` is in host memory",
            "copy it to a `device` buffer first",
        ),
        (
            "  main: copy a -> b [cots = 3us]",
            "cots",
            "`cots` is not an attribute of tasks",
            "did you mean `cost`?",
        ),
        ("  main: copy a -> b [cost = 3]", "3", "`cost` takes a duration", "write `cost = 12.5us`"),
        (
            "  main: aclnnInplaceAdd(a, b) -> c",
            "c",
            "`aclnnInplaceAdd` overwrites `selfRef`, so its result is `a`",
            "write `-> a`",
        ),
    ] {
        let (diagnostic, found) = only(line);
        assert_eq!((found.as_str(), diagnostic.message.as_str()), (place, message), "{line}");
        assert_eq!(diagnostic.help.as_deref(), Some(help), "{line}");
    }
}

#[test]
fn declarations_that_matter_are_shown() {
    let text = "stream main\nevent e\nevent e\ngraph g on e {\n}\n";
    let mut sources = Sources::new();
    let file = sources.add("test.acg", text);
    let related: Vec<(u32, String)> = parse(file, text)
        .diagnostics
        .iter()
        .flat_map(|diagnostic| &diagnostic.related)
        .map(|label| (sources.file(file).line_column(label.span.start).line, label.text.clone()))
        .collect();
    assert_eq!(related, [(2, "first declared here".to_owned()), (2, "declared as an event here".to_owned())]);
}

#[test]
fn what_a_wrong_line_would_declare_is_no_mistake_to_use() {
    let text = "\
host x, y : flot[4]
event e sinc
stream main
graph g on main {
  main: copy x -> y
  main: record e
  nonsense {
    copy x -> y
  }
}
graph h on nowhere {
  main: record e
  copy x -> y
}
";
    let file = Sources::new().add("test.acg", text);
    let codes: Vec<_> = parse(file, text).diagnostics.iter().map(|diagnostic| diagnostic.rule.code).collect();
    assert_eq!(codes, ["ACG412", "ACG423", "ACG404", "ACG404"]);
}

#[test]
fn lint_control_covers_its_statement_its_block_or_the_file() {
    let text = "\
// acg: allow(ACG001)
stream main
event e
// acg: allow(ACG002, some-rule)
graph g on main {
  main: record e // acg: allow(ACG003)
  relaxed { sync device } // acg: allow(ACG004)
  // acg:allow( ACG005 )
  main: wait e
}
";
    let file = Sources::new().add("test.acg", text);
    let parsed = parse(file, text);
    let covered: Vec<(&str, Option<&str>)> = parsed
        .allows
        .iter()
        .map(|allow| {
            assert_eq!(&text[allow.span.start as usize..allow.span.end as usize], allow.rule);
            let lines = match allow.covers {
                Cover::File => None,
                Cover::Range(range) => Some(text[range.start as usize..range.end as usize].trim()),
            };
            (allow.rule.as_str(), lines)
        })
        .collect();
    let graph = text[text.find("graph").unwrap()..].trim();
    assert_eq!(
        covered,
        [
            ("ACG001", None),
            ("ACG002", Some(graph)),
            ("some-rule", Some(graph)),
            ("ACG003", Some("main: record e")),
            ("ACG004", Some("relaxed { sync device }")),
            ("ACG005", Some("main: wait e")),
        ]
    );
}
