//! The language server: what `acg check`, `acg fmt` and `acg explain` say, in an editor.
//!
//! | what the editor wants | where |
//! |---|---|
//! | open documents and places in them | [`document`] |
//! | what is wrong with one | `diagnostics` |
//! | the canonical layout | `formatting` |
//! | what stands under the pointer | `hover` |
//! | requests and notifications, one after the other | `server` |
//!
//! **Invariant:** a document is checked once for all the changes that are waiting, so that typing never runs ahead of checking by more than one check.

mod diagnostics;
pub mod document;
mod formatting;
mod hover;
mod server;

use std::path::Path;

use acg_check::{Levels, TargetChoice};

pub use lsp_server::Connection;
pub use server::{Failure, serve};

/// What `acg.toml` says about a file.
#[derive(Debug)]
pub struct Settings {
    /// The machine to predict for.
    pub choice: TargetChoice,
    /// The levels of all rules.
    pub levels: Levels,
}

/// Gives the settings for the file at a path, or what is wrong with them.
pub type SettingsOf<'s> = dyn Fn(&Path) -> Result<Settings, String> + 's;
