//! The pages of `docs/rules/`, one a rule, embedded so that they can be read where only the program is installed.
//!
//! **Invariant:** every rule has a page and every page a rule; the examples of a page do what the page says
//! (`tests/rule_pages.rs`).

use include_dir::{Dir, include_dir};

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../docs/rules");

/// The page of the rule with `code` (`ACG031`), in Markdown.
pub fn page(code: &str) -> Option<&'static str> {
    PAGES.get_file(format!("{code}.md"))?.contents_utf8()
}

/// The codes that have a page, in order.
pub fn page_codes() -> impl Iterator<Item = &'static str> {
    let names = PAGES.files().filter_map(|file| file.path().file_stem()?.to_str());
    let mut codes: Vec<_> = names.filter(|name| name.starts_with("ACG")).collect();
    codes.sort_unstable();
    codes.into_iter()
}
