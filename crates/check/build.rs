//! Rebuilds when a page of `docs/rules/` is added or removed, which the embedding alone would not notice.

fn main() {
    println!("cargo::rerun-if-changed=../../docs/rules");
}
