//! `docs/seeds.md` is true: every rule, file and section that it names is there, and every program of `testdata/seeds` is named.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use acg_check::rules;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn page() -> String {
    fs::read_to_string(docs().join("seeds.md")).expect("the page can be read")
}

/// The text and the target of each link.
fn links(page: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    for part in page.split('[').skip(1) {
        let Some((text, rest)) = part.split_once("](") else { continue };
        let Some((target, _)) = rest.split_once(')') else { continue };
        links.push((text, target));
    }
    links
}

/// A heading as links name it.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let page = page();
    let links = links(&page);
    assert!(links.len() > 100, "the page has {} links", links.len());
    for (text, target) in links {
        let (file, section) = target.split_once('#').map_or((target, None), |parts| (parts.0, Some(parts.1)));
        let path = docs().join(file);
        let linked = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{target} is not there"));
        if let Some(section) = section {
            let mut headings = linked.lines().filter(|line| line.starts_with('#'));
            assert!(headings.any(|heading| anchor(heading) == section), "{file} has no section {section}");
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_named = section.is_some() || name == "README.md";
        assert!(is_named || name.starts_with(text), "[{text}] leads to {target}");
    }
}

#[test]
fn every_code_is_a_rule_or_said_to_have_none() {
    let page = page();
    let known: BTreeSet<&str> = rules().iter().map(|rule| rule.code).collect();
    for code in page.match_indices("ACG").map(|(at, _)| page[at..].get(..6).unwrap_or_default()) {
        let is_without = code == "ACG314";
        assert!(known.contains(code) != is_without, "{code}");
    }
}

#[test]
fn every_program_of_the_samples_is_named() {
    let page = page();
    for entry in fs::read_dir(docs().join("../testdata/seeds")).expect("the folder can be read") {
        let name = entry.expect("the folder can be read").file_name();
        let name = name.to_str().expect("names are text");
        let is_passage = !matches!(name, "conditional.acg");
        assert!(!is_passage || page.contains(name), "{name} is not named");
    }
}
