//! Writing results: whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::interrupt;

/// Writes `text` to standard output and reports what goes wrong there, a full disk for one.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

/// Writes one file, or standard output for `-` and where there is no path.
pub(crate) fn write(path: Option<&Path>, text: &str) -> Result<()> {
    match path {
        Some(path) if path != Path::new("-") => {
            write_all(&[(path.to_owned(), |out: &mut dyn Write| out.write_all(text.as_bytes()))])
        }
        _ => print(text),
    }
}

/// Writes several files, each with what writes its contents: all of them are complete under temporary names before the first gets its own.
///
/// Where a link stands, what it leads to is replaced; a device or a pipe is written to and stays what it is.
pub(crate) fn write_all<C>(files: &[(PathBuf, C)]) -> Result<()>
where
    C: Fn(&mut dyn Write) -> std::io::Result<()>,
{
    let mut pending = Vec::with_capacity(files.len());
    let mut devices = Vec::new();
    for (path, contents) in files {
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if path.is_dir() {
            bail!("cannot write {}: it is a directory", path.display());
        }
        if path.exists() && !path.is_file() {
            devices.push((path, contents));
            continue;
        }
        let directory = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut file = tempfile::Builder::new()
            .prefix(".acg-")
            .suffix(".tmp")
            .tempfile_in(directory)
            .with_context(|| format!("cannot write into {}", directory.display()))?;
        interrupt::begun(file.path());
        contents(&mut file).with_context(|| format!("cannot write {}", path.display()))?;
        file.flush().with_context(|| format!("cannot write {}", path.display()))?;
        pending.push((file, path));
    }
    interrupt::finish(|| {
        pending.into_iter().try_for_each(|(file, path)| {
            readable(file.path())?;
            file.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
            Ok::<_, anyhow::Error>(())
        })
    })?;
    for (path, contents) in devices {
        let wrong = || format!("cannot write {}", path.display());
        let mut device = std::fs::File::options().write(true).open(&path).with_context(wrong)?;
        contents(&mut device).and_then(|()| device.flush()).with_context(wrong)?;
    }
    Ok(())
}

/// Gives a temporary file the permissions that a plain new file would have; temporary files are private at first.
#[cfg(unix)]
fn readable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
        .with_context(|| format!("cannot set the permissions of {}", path.display()))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> Result<()> {
    Ok(())
}
