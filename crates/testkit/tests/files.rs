//! Every file test in `testdata/`.

use std::path::Path;

use libtest_mimic::Arguments;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let mut trials = Vec::new();
    // `conformance` holds measured logs, which the runtime model's own test compares in full.
    for folder in ["seeds", "programs", "logs"] {
        trials.extend(acg_testkit::trials(&root.join(folder)));
    }
    assert!(!trials.is_empty(), "testdata holds no tests");
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
