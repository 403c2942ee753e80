//! Whatever the text and the spans, every format comes out whole and in its own syntax.

use acg_diagnostics::{Diagnostic, Format, RenderOptions, Rule, Sources, Span, render};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::sarif::sarif_schema;
use crate::schema;

static RULES: [Rule; 3] = [
    Rule::error("ACG025", "unjoined-stream", &[107_025], "a stream is not joined"),
    Rule::silent("ACG041", "default-stream-work", "work on the default stream is not captured"),
    Rule::lint("ACG216", "undestroyed-model", "a model is never destroyed"),
];

/// Text of everything that is hard to show: wide, combining and reordering characters, controls, all line breaks.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-z :,%<>&\"'.-]{0,12}",
        4 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\r".to_owned()),
        1 => Just("\t".to_owned()),
        2 => any::<char>().prop_map(String::from),
        1 => "[流🎉é\u{301}\u{202e}\u{200b}\u{0}\u{1b}\u{ffff}\u{2028}]{1,3}",
        1 => (1usize..900).prop_map(|count| "ab流 ".repeat(count)),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A rule, a file, and two ends in thousandths of it, which may lie beyond it, in any order.
type Place = (usize, (u32, u32));

fn place() -> impl Strategy<Value = Place> {
    (0usize..2, (0u32..1100, 0u32..1100))
}

fn sources_and_diagnostics() -> impl Strategy<Value = (Sources, Vec<Diagnostic>)> {
    let diagnostic =
        (0usize..3, place(), text(), text(), vec((place(), text()), 0..20), any::<Option<i32>>());
    (vec((text(), text()), 2), vec(diagnostic, 0..4)).prop_map(|(files, diagnostics)| {
        let mut sources = Sources::new();
        let files: Vec<_> =
            files.into_iter().map(|(name, text)| (text.len(), sources.add(name, text))).collect();
        let span = |(file, (start, end)): Place| {
            let (length, file) = files[file];
            let offset = |thousandths: u32| (length as u64 * u64::from(thousandths) / 1000) as u32;
            Span::new(file, offset(start), offset(end))
        };
        let diagnostics = diagnostics.into_iter().map(|(rule, primary, message, label, related, returns)| {
            let mut diagnostic = Diagnostic::new(&RULES[rule], span(primary), message.clone())
                .label(label)
                .note(message.clone());
            for (place, text) in related {
                diagnostic = diagnostic.related(span(place), text);
            }
            diagnostic.returns = returns;
            diagnostic.help(message)
        });
        let diagnostics = diagnostics.collect();
        (sources, diagnostics)
    })
}

/// Line and column of `offset`, counted from the start of the text.
fn counted(text: &str, offset: usize) -> (u32, u32) {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line as u32, column as u32)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 64 } else { 2000 }))]

    #[test]
    fn every_format_is_whole((sources, diagnostics) in sources_and_diagnostics(), color: bool, width in 0usize..200) {
        let schema = sarif_schema();
        let count = diagnostics.len();
        for format in Format::ALL {
            let output = render(&diagnostics, &sources, format, &RenderOptions { color, width });
            match format {
                Format::Human => {
                    let titles = RULES.iter().map(|rule| output.matches(&format!("[{} {}]", rule.code, rule.name)).count());
                    prop_assert_eq!(titles.sum::<usize>(), count);
                    let is_mark_left = output.contains('\u{ffff}');
                    prop_assert!(!is_mark_left);
                    // However long the lines, an excerpt is short.
                    prop_assert!(output.len() < 40_000 * (count + 1) + 8 * diagnostics.iter().map(size).sum::<usize>());
                }
                Format::Concise | Format::Github => {
                    prop_assert_eq!(output.lines().count(), count);
                    prop_assert!(!output.trim_end_matches('\n').contains('\r'));
                }
                Format::Json => {
                    let document: Value = serde_json::from_str(&output).unwrap();
                    prop_assert_eq!(document["diagnostics"].as_array().unwrap().len(), count);
                }
                Format::Jsonl => {
                    let lines = output.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok());
                    prop_assert_eq!(lines.count(), count);
                }
                Format::Sarif => {
                    let log: Value = serde_json::from_str(&output).unwrap();
                    prop_assert_eq!(schema::validate(&schema, &log), Vec::<String>::new());
                }
                Format::Gitlab => {
                    let report: Value = serde_json::from_str(&output).unwrap();
                    let issues = report.as_array().unwrap();
                    let mut names: Vec<_> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
                    names.sort_unstable();
                    names.dedup();
                    prop_assert_eq!(names.len(), count);
                }
                Format::Junit => {
                    prop_assert_eq!(output.matches("<failure ").count(), count);
                    let is_legal = |c: char| matches!(c, '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
                    prop_assert!(output.chars().all(is_legal));
                }
            }
        }
    }

    #[test]
    fn places_are_what_counting_gives(text in text(), repeat in 1usize..40, at in 0usize..1000) {
        // Repeated, so that texts reach beyond the distance between two counts of the index.
        let text = text.repeat(repeat);
        let mut offset = text.len() * at / 1000;
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let expected = counted(&text, offset);
        let mut sources = Sources::new();
        let file = sources.add("a", text);
        let source = sources.file(file);
        let place = source.line_column(offset as u32);
        prop_assert_eq!((place.line, place.column), expected);
        let line = source.line_range(place.line);
        prop_assert!(line.start <= offset);
        prop_assert!(!source.text[line].contains('\n'));
    }
}

/// How much text a diagnostic brings along.
fn size(diagnostic: &Diagnostic) -> usize {
    let labels: usize = diagnostic.related.iter().map(|label| label.text.len()).sum();
    3 * diagnostic.message.len() + diagnostic.primary.text.len() + labels
}
