//! Pictures of captured graphs: a lane a stream, an arrow from every record to its waits, boxes around task groups.
//!
//! ```text
//! Trace ──fold──▶ items ──place──▶ x ──rows──▶ y ──route──▶ arrows ──▶ Picture ──▶ svg, html
//!                   └──────────────────────────────────────────────────────────▶ dot, mermaid
//! Trace ──place──▶ times ──────────────────────────────────────────────────────▶ perfetto
//! ```
//!
//! | what | where |
//! |---|---|
//! | tasks that are drawn as one | `fold` |
//! | where things stand | `place`, `rows`, `route`, `frames`, assembled by `picture` |
//! | what is written on boxes, and what is said of a task | `label`, `legible`, `attributes` |
//! | colours | `class` |
//! | one file per format | `svg`, `html`, `dot`, `mermaid`, `perfetto` |
//!
//! **Invariant:** an arrow points to the right, except in a circle of waits, which is drawn as one.
//!
//! **Invariant:** names are shown, never interpreted: whatever a dump holds, the output is well-formed.

mod attributes;
mod class;
mod dot;
mod fold;
mod format;
mod frames;
mod html;
mod label;
mod legible;
mod mermaid;
mod perfetto;
mod picture;
mod place;
mod route;
mod rows;
mod svg;

use acg_trace::Trace;

pub use format::{Format, UnknownFormat};

/// A graph to draw.
#[derive(Clone, Copy, Debug)]
pub struct Graph<'t> {
    /// What the picture calls it.
    pub name: &'t str,
    /// What it is.
    pub trace: &'t Trace,
    /// For each task group, how many tasks it has behind its placeholders; `None` where only the dump is known, which does not
    /// say where groups end.
    pub group_sizes: Option<&'t [u32]>,
}

/// What a picture should be like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Let side streams that do not overlap share a row.
    pub pack: bool,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The whole file.
    pub text: String,
    /// What the user should know, as sentences without a stop.
    pub remarks: Vec<String>,
}

/// Draws the graphs of one file under each other; `title` names the file.
pub fn render(title: &str, graphs: &[Graph<'_>], format: Format, options: Options) -> Rendered {
    let mut remarks = Vec::new();
    let text = match format {
        Format::Svg => svg::write(&picture::Picture::of(title, graphs, options)),
        Format::Html => html::write(&picture::Picture::of(title, graphs, options)),
        Format::Dot => dot::write(title, graphs),
        Format::Mermaid => mermaid::write(title, graphs, &mut remarks),
        Format::Perfetto => perfetto::write(graphs),
    };
    Rendered { text, remarks }
}
