//! The reference of the log format is true: its examples read, and its list of functions is the table's.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use acg_calls::APIS;
use acg_diagnostics::Sources;

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/calls.md")
}

/// The code blocks of the page in language `language`.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let fence = format!("\n```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split_once("```").expect("a fence is closed").0).collect()
}

#[test]
fn examples_are_canonical_logs() {
    let page = fs::read_to_string(page()).unwrap();
    let examples = blocks(&page, "calls");
    assert!(examples.len() >= 5);
    for example in examples {
        let reading = acg_calls::read(Sources::new().add("log", ""), example);
        assert_eq!(reading.diagnostics, [], "{example}");
        assert_eq!(reading.log.to_text(), example);
    }
}

#[test]
fn the_list_of_functions_is_the_table() {
    let mut list = String::new();
    for signature in APIS.iter().filter(|signature| !signature.api.is_operator()) {
        writeln!(list, "{signature}").unwrap();
    }
    let page = fs::read_to_string(page()).unwrap();
    let [written] = blocks(&page, "functions")[..] else { panic!("the page has one list of functions") };
    if std::env::var_os("BLESS").is_some() {
        fs::write(
            self::page(),
            page.replace(&format!("```functions\n{written}"), &format!("```functions\n{list}")),
        )
        .unwrap();
    } else {
        assert_eq!(written, list, "run the test with BLESS=1");
    }
}
