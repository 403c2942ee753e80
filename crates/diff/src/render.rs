//! Reports for people, for reviews and for programs.

mod groups;
mod human;
mod json;
mod line;
mod markdown;
mod notes;
mod orderings;
mod phrase;
mod sections;
mod syncs;
mod tasks;

pub use human::human;
pub use json::json;
pub use markdown::markdown;

/// How reports are written.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// The most lines of each section; JSON has all.
    pub limit: usize,
    /// Whether to colour; only for people.
    pub colour: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { limit: 20, colour: false }
    }
}
