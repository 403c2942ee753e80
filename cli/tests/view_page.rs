//! `docs/view.md` is true: its example is drawn as it says, and each format is written by the extensions it names.

use std::path::Path;
use std::process::Command;

/// The content of the page's first block in `language`.
fn block<'p>(page: &'p str, language: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("```{language}\n")).expect("the page has the block");
    rest.split_once("```").expect("the block ends").0
}

/// What `acg` prints in `directory`.
fn acg(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_acg"))
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("acg can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("acg prints text")
}

#[test]
fn the_page_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/view.md");
    let page = std::fs::read_to_string(&path).expect("the page can be read");
    let scratch = tempfile::tempdir().expect("a directory can be made");
    std::fs::write(scratch.path().join("step.acg"), block(&page, "acg")).expect("the program can be written");

    let drawn = acg(scratch.path(), &["view", "step.acg", "--format", "mermaid"]);
    let expected = block(&page, "mermaid");
    if std::env::var_os("BLESS").is_some() {
        let blessed = page.replacen(&format!("```mermaid\n{expected}"), &format!("```mermaid\n{drawn}"), 1);
        std::fs::write(&path, blessed).expect("the page can be written");
    } else {
        assert_eq!(expected, drawn, "BLESS=1 rewrites the page");
    }

    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | `."));
    let mut formats = 0;
    for (format, rest) in rows {
        let extensions = rest.split(" |").next().unwrap_or_default();
        let by_name = acg(scratch.path(), &["view", "step.acg", "--format", format]);
        for extension in extensions.split(", ").map(|name| name.trim_matches(['`', '.'])) {
            let file = format!("picture.{extension}");
            assert_eq!(acg(scratch.path(), &["view", "step.acg", "-o", &file]), "");
            let written = std::fs::read_to_string(scratch.path().join(file)).expect("a picture was written");
            assert_eq!(written, by_name, "{extension} is {format}");
        }
        formats += 1;
    }
    assert_eq!(formats, 5);
}
