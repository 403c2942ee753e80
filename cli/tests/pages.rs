//! Examples of reference pages: below every `$ acg …` of a `console` block in `docs/PAGE.md` stands what that prints.
//!
//! The examples of a page run in `cli/tests/cli/PAGE`. `BLESS=1` rewrites what stands below them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut pages: Vec<PathBuf> = std::fs::read_dir(docs)
        .expect("the folder of the pages is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| folder(path).is_dir())
        .collect();
    pages.sort();
    let trials = pages.into_iter().map(|page| {
        let name = page.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Trial::test(name, move || check(&page))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// Where the examples of a page run.
fn folder(page: &Path) -> PathBuf {
    let stem = page.file_stem().unwrap_or_default();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(stem)
}

fn check(page: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(page)?;
    let mut shown = String::new();
    let mut examples = 0;
    let mut is_example = false;
    for line in text.lines() {
        is_example = (is_example && line != "```") || line == "```console";
        match line.strip_prefix("$ acg ").filter(|_| is_example) {
            Some(arguments) => {
                examples += 1;
                writeln!(shown, "{line}")?;
                run(&folder(page), arguments, &mut shown)?;
            }
            // What stood below an example comes from its run.
            None if is_example && line != "```console" => {}
            None => writeln!(shown, "{line}")?,
        }
    }
    if examples == 0 {
        return Err("the page has a folder, but no example".into());
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(page, shown)?;
        return Ok(());
    }
    if text == shown {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&text, &shown);
    Err(format!("the page differs (- page, + found):\n{}\nBLESS=1 accepts this", diff.unified_diff()).into())
}

fn run(folder: &Path, arguments: &str, shown: &mut String) -> Result<(), Failed> {
    let output = Command::new(env!("CARGO_BIN_EXE_acg"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null())
        .output()?;
    if !output.stderr.is_empty() {
        return Err(format!("`acg {arguments}`: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    shown.push_str(&String::from_utf8(output.stdout)?);
    Ok(())
}
