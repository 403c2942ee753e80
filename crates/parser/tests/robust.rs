//! No input makes the parser panic, hang or run out of stack; every diagnostic points into the text.

mod programs;

use std::fmt::Write;
use std::time::{Duration, Instant};

use acg_diagnostics::{Diagnostic, Sources};
use acg_parser::{Parsed, format, parse};
use programs::{Choices, program};
use proptest::prelude::*;

/// Reads `text` and checks what must hold for every input.
fn read(text: &str) -> Parsed {
    let file = Sources::new().add("test.acg", "");
    let parsed = parse(file, text);
    let line_starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    let mut lines_with_errors = Vec::new();
    for Diagnostic { primary, related, rule, .. } in &parsed.diagnostics {
        for label in std::iter::once(primary).chain(related) {
            let range = label.span.start as usize..label.span.end as usize;
            assert!(
                text.get(range.clone()).is_some(),
                "{} points at {range:?} of {} bytes",
                rule.code,
                text.len()
            );
        }
        if rule.name == "syntax-error" {
            lines_with_errors
                .push(line_starts.partition_point(|&start| start <= primary.span.start as usize));
        }
    }
    // A line has one syntax error.
    let count = lines_with_errors.len();
    lines_with_errors.dedup();
    assert_eq!(lines_with_errors.len(), count);
    if parsed.complete {
        let once = format(file, text).unwrap();
        assert_eq!(format(file, &once).unwrap(), once);
    }
    parsed
}

/// The codes of what is wrong.
fn codes(text: &str) -> Vec<&'static str> {
    read(text).diagnostics.iter().map(|diagnostic| diagnostic.rule.code).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_text_is_read(text in "(?s).{0,200}") {
        read(&text);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn tokens_in_any_order_are_read(words in proptest::collection::vec(0usize..56, 0..60)) {
        const WORDS: [&str; 56] = [
            "graph ", "g ", "on ", "main", " {", "}", "\n", "\n", ": ", "copy ", "a", "[", "]", "0..2", ", ", " -> ", "device ",
            "f32[4]", "stream ", "event ", "e", "record ", "aclnnAdd(", ")", " = ", "1.5", "\"", "//", "if c {", "run {",
            "relaxed {", "group t {", "as ", "after ", "0x", "9999999999999999999999", "auto", "[cost = 1us]", "} else {", "temp ",
            "} else on main {", "main: if c on main {", "switch c {", "case on main {", "cond c default 0", "segment", "execute g.2",
            "ge session s {", "load 0", "run 0(", "repeat 8 {", "thread t {", "update g.t {", "init a", "expect a", "capture g",
        ];
        read(&words.iter().map(|&at| WORDS[at]).collect::<String>());
    }

    #[test]
    fn damaged_programs_are_read(
        numbers in proptest::collection::vec(any::<u32>(), 0..200),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..4, "[a-z{}:\\[\\](),.\"= \n0-9-]?"), 1..6),
    ) {
        let mut text = program(&mut Choices::new(numbers));
        for (at, length, with) in cuts {
            let mut start = at.index(text.len() + 1);
            while !text.is_char_boundary(start) { start -= 1; }
            let mut end = (start + length).min(text.len());
            while !text.is_char_boundary(end) { end += 1; }
            text.replace_range(start..end, &with);
        }
        read(&text);
    }
}

#[test]
fn edges_of_files() {
    for text in [
        "",
        "\n",
        "\r\n",
        "\u{feff}",
        "\u{feff}\r\n",
        " ",
        "\t\n \n",
        "//",
        "// acg: allow()",
        "\0",
        "\u{feff}\u{feff}",
    ] {
        read(text);
    }
    assert_eq!(codes("\u{feff}stream main\r\nevent e\r\n"), [""; 0]);
    assert_eq!(codes("stream main\revent e"), ["ACG400"]);
    assert_eq!(codes("stream main\0"), ["ACG400"]);
    assert_eq!(codes("// acg: alow(ACG001)"), ["ACG472"]);
}

#[test]
fn names_in_any_script() {
    assert_eq!(codes("stream 主流\nevent 完成\ngraph 图 on 主流 {\n  主流: record 完成\n}\n"), [""; 0]);
    let parsed = read("stream 主流\ngraph 图 on 主流 {\n  主流: record 完城\n}\n");
    assert_eq!(parsed.diagnostics[0].rule.code, "ACG404");
}

#[test]
fn nesting_is_bounded() {
    let header = "stream main\nevent e\ngraph g on main {\n";
    for (depth, expected) in [(31, vec![]), (32, vec!["ACG424"]), (100_000, vec!["ACG424"])] {
        let text = format!("{header}{}main: record e\n{}}}\n", "main {\n".repeat(depth), "}\n".repeat(depth));
        assert_eq!(codes(&text), expected, "{depth}");
    }
    let mut text = "device v0 : f32[4]\n".to_owned();
    for depth in 1..=2000 {
        let _ = writeln!(text, "device v{depth} = v{}[0..4]", depth - 1);
    }
    assert_eq!(codes(&text), ["ACG424"]);
    read(&"[".repeat(100_000));
    read(&format!("stream main\ngraph g on main {{\nmain: kernel \"k\"({}", "[".repeat(100_000)));
    read(&"}\n".repeat(1000));
    read(&"run {\n".repeat(10_000));
}

#[test]
fn long_lines_and_names_take_linear_time() {
    let start = Instant::now();
    let size = 1 << 16;
    let mut names = String::new();
    (0..size / 10).for_each(|n| names.extend(["a", &n.to_string(), ", "]));
    for text in [
        "a".repeat(size),
        format!("stream {}", "a".repeat(size)),
        format!("stream {}", "a, ".repeat(size / 3)),
        format!("stream {names}"),
        format!("device {names} b : f32[2]"),
        " ".repeat(size),
        format!("stream main{}", " ".repeat(size)),
        format!("// {}", "x".repeat(size)),
        format!("target a cann \"{}", "\\\"".repeat(size / 2)),
        format!("device a : f32[{}]", "1, ".repeat(size / 3)),
        format!("device a : f32[{}]", "9".repeat(size)),
        "\n".repeat(size),
        "//\n".repeat(size / 3),
        "=\n".repeat(size / 20),
    ] {
        let parsed = read(&text);
        assert!(parsed.diagnostics.iter().all(|found| found.message.len() < 1000));
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn errors_beyond_counting_are_counted() {
    let parsed = read(&"?\n".repeat(1010));
    assert_eq!(parsed.diagnostics.len(), 1001);
    assert_eq!(parsed.diagnostics.last().map(|last| last.rule.code), Some("ACG426"));
    assert!(parsed.diagnostics.last().is_some_and(|last| last.message.starts_with("10 more")));
}

#[test]
fn five_hundred_bad_lines_give_five_hundred_diagnostics() {
    let mut text = "device a, b : f32[4]\nstream main\nevent e\ngraph g on main {\n".to_owned();
    let bad = [
        "  main: copy a b",
        "  main: recrd e",
        "  main: record nothing",
        "  main: aclnnAd(a, b) -> b",
        "  copy a -> b",
    ];
    for line in 0..20_000 {
        text.push_str(if line % 40 == 7 {
            bad[line / 40 % bad.len()]
        } else {
            "  main: aclnnAdd(a, b, alpha = 1.5) -> b [cost = 12us]"
        });
        text.push('\n');
    }
    text.push_str("}\n");
    let start = Instant::now();
    assert_eq!(read(&text).diagnostics.len(), 500);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
