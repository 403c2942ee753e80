//! What compiling emitted C++ needs: g++ and the ACL headers.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory that holds `acl/acl.h`; says so and gives nothing where it or g++ is missing.
pub(crate) fn acl_include() -> Option<PathBuf> {
    if Command::new("g++").arg("--version").output().is_err() {
        eprintln!("skipped: there is no g++ to compile emitted C++ with");
        return None;
    }
    if let Some(include) = std::env::var_os("ACL_INCLUDE") {
        return Some(PathBuf::from(include));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.ci/acl-headers");
    let output = Command::new("sh").arg(script).arg("--cached").output().ok()?;
    if !output.status.success() {
        eprintln!("skipped: ACL headers not available (run .ci/acl-headers)");
        return None;
    }
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}
