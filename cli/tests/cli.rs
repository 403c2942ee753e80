//! Command-line cases: files in `cli/tests/cli` with `RUN:` lines.
//!
//! `// RUN: ARGUMENTS` runs `acg` in the folder of the cases; `%` stands for the case's own file and `%t` for an empty
//! directory of its own. `// RUN(2): …` expects that exit code (0 otherwise). `// IN: TEXT` gives the next run a line of
//! standard input. What the runs print stands in `NAME.out`, and what they write into `%t` behind it; `BLESS=1`
//! rewrites that.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&directory)
        .expect("the folder of the cases is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|extension| extension != "out"))
        .collect();
    cases.sort();
    let trials = cases
        .into_iter()
        .map(|case| {
            let name = case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Trial::test(name, move || run(&case))
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn run(case: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(case)?;
    let scratch = tempfile::tempdir()?;
    let mut shown = String::new();
    let mut input = String::new();
    let mut runs = 0;
    for line in text.lines() {
        let Some(line) = line.strip_prefix("// ") else { continue };
        if let Some(text) = line.strip_prefix("IN: ") {
            writeln!(input, "{text}")?;
            continue;
        }
        let Some((code, arguments)) = run_line(line) else { continue };
        runs += 1;
        step(case, scratch.path(), code, arguments, &input, &mut shown)?;
        input.clear();
    }
    if runs == 0 {
        return Err("the case has no RUN line".into());
    }
    files(scratch.path(), scratch.path(), &mut shown)?;
    let expected =
        case.with_extension(format!("{}.out", case.extension().unwrap_or_default().to_string_lossy()));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expected, shown)?;
        return Ok(());
    }
    let before = std::fs::read_to_string(&expected).unwrap_or_default();
    if before == shown {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&before, &shown);
    Err(format!("output differs (- expected, + found):\n{}\nBLESS=1 accepts this", diff.unified_diff())
        .into())
}

/// The expected exit code and the arguments of a `RUN:` or `RUN(n):` line.
fn run_line(line: &str) -> Option<(i32, &str)> {
    if let Some(arguments) = line.strip_prefix("RUN: ") {
        return Some((0, arguments));
    }
    let (code, arguments) = line.strip_prefix("RUN(")?.split_once("): ")?;
    Some((code.parse().ok()?, arguments))
}

fn step(
    case: &Path,
    scratch: &Path,
    code: i32,
    arguments: &str,
    input: &str,
    shown: &mut String,
) -> Result<(), Failed> {
    let own = case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let scratch_text = scratch.display().to_string();
    let arguments: Vec<String> = arguments
        .split_whitespace()
        .map(|word| word.replace("%t", &scratch_text).replace('%', &own))
        .collect();
    let mut child = Command::new(env!("CARGO_BIN_EXE_acg"))
        .args(&arguments)
        .current_dir(case.parent().unwrap_or(Path::new(".")))
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // A command that reads no input may be gone already; then there is nobody to write to.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    let hide = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&scratch_text, "%t");
    let found = output.status.code();
    writeln!(shown, "$ acg {}", arguments.join(" ").replace(&scratch_text, "%t"))?;
    for (name, text) in [("", hide(&output.stdout)), ("stderr:\n", hide(&output.stderr))] {
        if !text.is_empty() {
            write!(shown, "{name}{text}{}", if text.ends_with('\n') { "" } else { "\n" })?;
        }
    }
    if found != Some(code) {
        return Err(format!("expected exit code {code}, found {found:?}:\n{shown}").into());
    }
    writeln!(shown, "exit {code}")?;
    Ok(())
}

/// What was written below `directory`, file by file.
fn files(root: &Path, directory: &Path, shown: &mut String) -> Result<(), Failed> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(root, &path, shown)?;
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).display();
        writeln!(shown, "--- {name}")?;
        let text = std::fs::read_to_string(&path)?;
        write!(shown, "{text}{}", if text.ends_with('\n') { "" } else { "\n" })?;
    }
    Ok(())
}
