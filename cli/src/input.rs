//! Reading what the user names: files, directories, standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use acg_check::{DumpText, Kind};
use anyhow::{Context, Result, bail};

/// Spans are 32 bits wide.
const MAX_BYTES: u64 = u32::MAX as u64;

/// One input, read.
pub(crate) struct Input {
    /// The name as diagnostics show it.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: String,
    /// What language it is in.
    pub(crate) kind: Kind,
}

/// Reads a file, or standard input for `-`, whose language `kind` says or, if `None`, the name or the text does.
pub(crate) fn read(path: &Path, kind: Option<Kind>) -> Result<Input> {
    let (name, bytes) = read_bytes(path)?;
    let kind = kind.or_else(|| Kind::of_path(path)).unwrap_or_else(|| Kind::of_bytes(&bytes));
    let text = match kind {
        Kind::Dump => match acg_check::dump_text(bytes) {
            DumpText::Text(text) => text,
            DumpText::Refused(why) => bail!("cannot read {name}: {why}"),
        },
        Kind::Program | Kind::Log => text(&name, bytes)?,
    };
    Ok(Input { name, text, kind })
}

/// Reads a program.
pub(crate) fn program(path: &Path) -> Result<Input> {
    let name = path.display();
    match Kind::of_path(path) {
        Some(Kind::Log | Kind::Dump) => bail!("{name} is no program; `acg import {name}` makes one of it"),
        Some(Kind::Program) | None => read(path, Some(Kind::Program)),
    }
}

/// Reads a call log.
pub(crate) fn log(path: &Path) -> Result<Input> {
    let name = path.display();
    match Kind::of_path(path) {
        Some(Kind::Program) => {
            bail!("{name} is no call log; `acg compile --emit calls {name}` writes that of a program")
        }
        Some(Kind::Dump) => bail!("{name} is no call log but what one writes; `acg stats {name}` shows it"),
        Some(Kind::Log) | None => read(path, Some(Kind::Log)),
    }
}

/// The name of a file, or of standard input for `-`, as diagnostics show it, and what is in it.
pub(crate) fn read_bytes(path: &Path) -> Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let name = if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        "<stdin>".to_owned()
    } else {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).with_context(|| format!("cannot open {name}"))?;
        if let Ok(metadata) = file.metadata() {
            if metadata.is_dir() {
                bail!("{name} is a directory; a file is expected");
            }
            // A large file is read to where it stays; one byte more shows that it has ended.
            bytes.reserve_exact(metadata.len().min(MAX_BYTES) as usize + 1);
        }
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
        name
    };
    if bytes.len() as u64 > MAX_BYTES {
        bail!("{name} is larger than 4 GiB, the most that acg reads");
    }
    Ok((name, bytes))
}

/// What is in the file called `name`, as text.
pub(crate) fn text(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        anyhow::anyhow!("{name} is not text: byte {at} is not UTF-8")
    })
}

/// The files that `paths` stand for: files as they are, directories as every `.acg` and `.calls` file and every dump
/// below them.
///
/// The order is that of the arguments, and by name within a directory. Links are not followed into directories, so a
/// circle of them cannot hang the search. A directory without any is told of: a misspelt one must not pass for a clean one.
pub(crate) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        walk(path, &mut files)?;
        if files.len() == before {
            eprintln!("acg: {}: no `.acg` or `.calls` file in this directory, and no dump", path.display());
        }
    }
    Ok(files)
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let mut pending = vec![directory.to_owned()];
    let mut found = Vec::new();
    while let Some(directory) = pending.pop() {
        let entries = std::fs::read_dir(&directory)
            .with_context(|| format!("cannot read the directory {}", directory.display()))?;
        for entry in entries {
            let entry =
                entry.with_context(|| format!("cannot read the directory {}", directory.display()))?;
            let kind =
                entry.file_type().with_context(|| format!("cannot look at {}", entry.path().display()))?;
            if kind.is_dir() {
                pending.push(entry.path());
            } else if is_ours(&entry.path()) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    files.append(&mut found);
    Ok(())
}

/// How much of a file is looked at to see whether it is a dump.
const HEAD: u64 = 1 << 16;

/// Whether a file in a directory is for `acg`: by its name, and of the many `.json` files there are, only dumps.
fn is_ours(path: &Path) -> bool {
    match Kind::of_path(path) {
        Some(Kind::Dump) => {
            let mut head = Vec::new();
            let file = std::fs::File::open(path);
            let read = file.and_then(|file| file.take(HEAD).read_to_end(&mut head));
            read.is_ok() && acg_check::is_dump(&head)
        }
        kind => kind.is_some(),
    }
}
