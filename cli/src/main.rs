//! `acg`: see `ARCHITECTURE.md`.
fn main() {}
