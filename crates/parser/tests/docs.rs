//! Every example of `docs/language.md` does what the page says.
//!
//! A block marked `acg` is correct and in canonical layout; one marked `acg,error` breaks, on each line that ends in
//! `//~ CODE`, the rule with that code, and no other.

use std::path::Path;

use acg_diagnostics::Sources;
use acg_parser::{format, parse};

struct Example {
    /// The line of the page on which it starts.
    line: usize,
    marks: String,
    text: String,
}

fn examples() -> Vec<Example> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut examples: Vec<Example> = Vec::new();
    let mut open = false;
    for (index, line) in page.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(marks) => {
                open = true;
                examples.push(Example { line: index + 1, marks: marks.to_owned(), text: String::new() });
            }
            None if open => {
                let example = examples.last_mut().unwrap();
                example.text.push_str(line);
                example.text.push('\n');
            }
            None => {}
        }
    }
    examples
}

/// Lines, from 1, and codes.
fn found(text: &str) -> Vec<(u32, &'static str)> {
    let mut sources = Sources::new();
    let file = sources.add("example.acg", text);
    let mut found: Vec<_> = parse(file, text)
        .diagnostics
        .iter()
        .map(|diagnostic| {
            (sources.file(file).line_column(diagnostic.primary.span.start).line, diagnostic.rule.code)
        })
        .collect();
    found.sort_unstable();
    found
}

#[test]
fn correct_examples_are_in_canonical_layout() {
    let file = Sources::new().add("example.acg", "");
    let correct: Vec<_> = examples().into_iter().filter(|example| example.marks == "acg").collect();
    assert!(correct.len() >= 15, "{} examples", correct.len());
    for Example { line, text, .. } in correct {
        assert_eq!(found(&text), [], "line {line}");
        assert_eq!(format(file, &text).unwrap(), text, "line {line}");
    }
}

#[test]
fn wrong_examples_break_the_rules_that_they_name() {
    let wrong: Vec<_> = examples().into_iter().filter(|example| example.marks == "acg,error").collect();
    assert!(wrong.len() >= 10, "{} examples", wrong.len());
    for Example { line, text, .. } in wrong {
        let expected: Vec<(u32, &str)> = text
            .lines()
            .enumerate()
            .filter_map(|(index, line)| Some((index as u32 + 1, line.split_once("//~ ")?.1.trim())))
            .collect();
        assert!(!expected.is_empty(), "line {line}");
        assert_eq!(found(&text), expected, "line {line}");
    }
}

#[test]
fn the_page_shows_every_code_and_attribute() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md");
    let page = std::fs::read_to_string(page).unwrap();
    for attribute in acg_ir::task_attribute::TASK_ATTRIBUTES {
        assert!(page.contains(&format!("| `{}` |", attribute.name)), "{}", attribute.name);
    }
    for word in acg_ir::name::RESERVED {
        assert!(page.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == *word), "{word}");
    }
    for dtype in acg_operators::DType::all() {
        assert!(page.contains(dtype.as_str()), "{dtype}");
    }
}
