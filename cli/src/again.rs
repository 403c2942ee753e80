//! Reading a file a second time: the text of a large program is given back while it is compiled, and most of the time nothing is said
//! that it is needed for.
//!
//! **Invariant:** what is read again is what was read first; a file that was changed meanwhile is refused.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Result, bail};

use crate::input;

/// Below it a text takes no memory worth giving back.
const LARGE: u64 = 1 << 20;

/// A large file that can be read again.
pub(crate) struct Again {
    path: PathBuf,
    stamp: Stamp,
}

/// What differs when a file is written: its length and the time.
type Stamp = (u64, SystemTime);

impl Again {
    /// The file at `path` as it is before it is read; none for what can be read but once, and for what is not large.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let stamp = stamp(path).filter(|&(len, _)| len >= LARGE)?;
        Some(Self { path: path.to_owned(), stamp })
    }

    /// Its text once more.
    pub(crate) fn text(&self) -> Result<String> {
        let (name, bytes) = input::read_bytes(&self.path)?;
        if stamp(&self.path) != Some(self.stamp) {
            bail!(
                "{name} was changed while it was compiled; compile it again to see what there is to say about it"
            );
        }
        input::text(&name, bytes)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    Some((metadata.len(), metadata.modified().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_refused_and_a_small_one_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.acg");
        std::fs::write(&path, "small").unwrap();
        assert!(Again::of(&path).is_none());
        assert!(Again::of(Path::new("-")).is_none());
        let text = "//".repeat(LARGE as usize);
        std::fs::write(&path, &text).unwrap();
        let again = Again::of(&path).unwrap();
        assert_eq!(again.text().unwrap(), text);
        std::fs::write(&path, &text[2..]).unwrap();
        assert!(again.text().unwrap_err().to_string().contains("changed while it was compiled"));
    }
}
