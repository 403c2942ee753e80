//! File tests: an input and what is expected of it in one file.
//!
//! A test file is a `.acg` program or a `.calls` log that a person can read and run through `acg` as it is; what the test
//! needs stands in comments:
//!
//! | comment | says |
//! |---|---|
//! | `//! target = "950-swsq"` | the header: TOML, before anything else ([`Header`]) |
//! | `… //~ ACG050 ACG340` | these rules, and no others, are broken on this line |
//! | `//= …` | one line of the expected output, at the end of the file |
//!
//! `BLESS=1` rewrites the `//~` and `//=` comments to what came out.

mod case;
mod expect;
mod run;

pub use case::{Case, CaseError, Header, Output};
pub use run::{Failure, run, trials};
