//! Every `acg` command of the README does what it is shown to do: it succeeds, one after the other, in a folder beside the repository's
//! files.

use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn the_commands_of_the_readme_succeed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut commands = 0;
    for line in commands_of(&readme) {
        let arguments = line.split_whitespace().map(|word| {
            let file = root.join(word);
            // Files of the repository are named from its root; what earlier commands wrote is in the folder.
            if word.contains('/') && file.exists() && !word.starts_with("out/") {
                file.into_os_string()
            } else {
                word.into()
            }
        });
        let output = Command::new(env!("CARGO_BIN_EXE_acg"))
            .args(arguments)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "acg {line}: {told}{}", String::from_utf8_lossy(&output.stdout));
        commands += 1;
    }
    assert!(commands > 10, "{commands} commands");
}

/// What stands behind `acg` in the shell blocks of a page.
fn commands_of(page: &str) -> impl Iterator<Item = &str> {
    let mut is_shell = false;
    page.lines().filter_map(move |line| {
        if line.starts_with("```") {
            is_shell = line == "```sh";
        }
        line.strip_prefix("acg ").filter(|_| is_shell)
    })
}
