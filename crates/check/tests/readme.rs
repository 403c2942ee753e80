//! The README's program checks clean, its mistake is reported as the README shows, and the example of `acg.toml` is one.

use acg_check::{Format, RenderOptions, Sources, TargetChoice};

fn block<'t>(readme: &'t str, kind: &str) -> &'t str {
    let start = readme.find(&format!("```{kind}\n")).expect("the block is there") + kind.len() + 4;
    let end = readme[start..].find("```").expect("the block ends");
    &readme[start..start + end]
}

fn report(program: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("add.acg", program);
    let checked = acg_check::check_program(&sources, file, &TargetChoice::default());
    acg_check::render(&checked.diagnostics, &sources, Format::Human, &RenderOptions::default())
}

#[test]
fn the_program_is_right_and_its_mistake_is_shown() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let program = block(&readme, "acg");
    let lints = report(program);
    assert!(!lints.contains("error["), "{lints}");
    let without_join: String =
        program.split_inclusive('\n').filter(|line| !line.contains("wait joined")).collect();
    let shown = report(&without_join);
    assert!(
        shown.contains(block(&readme, "text").trim_end()),
        "the README shows something else than\n{shown}"
    );
}

#[test]
fn the_example_of_a_configuration_is_read() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/check.md");
    let page = std::fs::read_to_string(path).unwrap();
    let config = acg_check::Config::parse(block(&page, "toml")).unwrap();
    assert_eq!(config.target.as_deref(), Some("ascend910b"));
    let mut levels = acg_check::Levels::new(acg_check::rules());
    assert!(config.lint.apply(&mut levels).is_empty(), "the rules of the example exist");
}
