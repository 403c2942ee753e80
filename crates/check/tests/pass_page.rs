//! `docs/passes.md` is true: every pass has a section, and below its example stands what the pass makes of it and what it says.
//!
//! A section has three blocks: the program, what `acg opt --passes NAME` prints, and its remarks, a line each. `BLESS=1` rewrites the last
//! two.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use acg_check::{CompileOptions, Sources, TargetChoice, optimise_program, pass_section};
use acg_passes::{Outcome, PASSES, Pass};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/passes.md")
}

/// The blocks of a section: where their texts start and end in it.
fn blocks(section: &str) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    let (mut at, mut start) = (0, None);
    for line in section.split_inclusive('\n') {
        match start {
            None if line.starts_with("```") => start = Some(at + line.len()),
            Some(begin) if line.starts_with("```") => {
                blocks.push((begin, at));
                start = None;
            }
            _ => {}
        }
        at += line.len();
    }
    blocks
}

/// What the pass makes of the program, and what it says.
fn run(pass: &'static dyn Pass, program: &str) -> (String, String) {
    let mut sources = Sources::new();
    let file = sources.add("graph.acg", program);
    let options = CompileOptions::default();
    let result =
        optimise_program(&sources, file, &TargetChoice::default(), Some(&[pass]), &options, true, |_, _| {});
    let (module, optimised) = result.unwrap_or_else(|found| panic!("{}: {found:#?}", pass.name()));
    let mut remarks = String::new();
    for remark in &optimised.remarks {
        let line = sources.file(file).line_column(remark.span.start).line;
        let word = if remark.outcome == Outcome::Done { "done" } else { "missed" };
        let _ = writeln!(remarks, "graph.acg:{line}: {word}: {}", remark.text);
    }
    (acg_ir::print::print(&module), remarks)
}

#[test]
fn examples_are_what_the_passes_do() {
    let page = std::fs::read_to_string(path()).expect("the page is there");
    let mut shown = page.clone();
    for &pass in PASSES {
        let title = format!("\n## {}\n", pass.name());
        let start = shown.find(&title).unwrap_or_else(|| panic!("{} has no section", pass.name())) + 1;
        let end = shown[start..].find("\n## ").map_or(shown.len(), |end| start + end + 1);
        let section = &shown[start..end];
        let [program, after, remarks] = blocks(section)[..] else {
            panic!("the section of {} has not three blocks", pass.name());
        };
        let (printed, said) = run(pass, &section[program.0..program.1]);
        let text =
            [&section[..after.0], &printed, &section[after.1..remarks.0], &said, &section[remarks.1..]]
                .concat();
        shown.replace_range(start..end, &text);
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path(), shown).expect("the page can be written");
    } else {
        assert!(page == shown, "docs/passes.md is not what the passes do; BLESS=1 rewrites it\n{shown}");
    }
}

#[test]
fn sections_are_in_order_and_of_passes() {
    let page = std::fs::read_to_string(path()).expect("the page is there");
    let titles: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let names: Vec<&str> = PASSES.iter().map(|pass| pass.name()).collect();
    assert_eq!(titles, names);
    for name in names {
        let section = pass_section(name).expect("it has one");
        assert!(section.starts_with(&format!("## {name}\n")) && section.matches("\n## ").count() == 0);
        assert!(page.contains(&format!("| `{name}` |")), "{name} is not in the table");
    }
}
