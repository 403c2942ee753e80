//! Being stopped while files are written: what was begun is taken away.
//!
//! **Invariant:** whoever stops `acg` finds all files of a command or none of them, and nothing else.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once};

/// As shells report a command that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// Files under temporary names.
static BEGUN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Notes a file that is to be gone if `acg` is stopped before [`finish`].
pub(crate) fn begun(path: &Path) {
    static HANDLER: Once = Once::new();
    begun_files().push(path.to_owned());
    // Where there can be no handler, a stopped command leaves its temporary files, as it would without.
    HANDLER.call_once(|| drop(ctrlc::set_handler(stop)));
}

/// Does what makes the files that were begun last, and is not stopped in between.
pub(crate) fn finish<T>(last_step: impl FnOnce() -> T) -> T {
    let mut begun = begun_files();
    let result = last_step();
    begun.clear();
    result
}

fn stop() {
    for path in begun_files().iter() {
        // One that is gone already needs no more.
        let _ = std::fs::remove_file(path);
    }
    std::process::exit(INTERRUPTED);
}

fn begun_files() -> MutexGuard<'static, Vec<PathBuf>> {
    BEGUN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
