//! The page of the passes, `docs/passes.md`, embedded so that it can be read where only the program is installed.
//!
//! **Invariant:** every pass has a section, and the example in it is what the pass does (`tests/pass_page.rs`).

static PAGE: &str = include_str!("../../../docs/passes.md");

/// The section about the pass called `name`, in Markdown, its title included.
pub fn pass_section(name: &str) -> Option<&'static str> {
    let title = format!("\n## {name}\n");
    let start = PAGE.find(&title)? + 1;
    let section = PAGE.get(start..)?;
    let end = section.find("\n## ").map_or(section.len(), |end| end + 1);
    section.get(..end)
}
