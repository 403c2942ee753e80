//! The machine that a program is for, as its `target` line names it.

use acg_target::Profile;

/// What a `target` line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetName {
    /// The profile.
    pub profile: String,
    /// The CANN release, where it is not the profile's own.
    pub cann: Option<String>,
}

impl TargetName {
    /// The profile called `profile`, with its own release.
    pub fn new(profile: &str) -> Self {
        Self { profile: profile.to_owned(), cann: None }
    }

    /// The machine; `None` where there is no such profile or release.
    pub fn machine(&self) -> Option<Profile> {
        let profile = Profile::find(&self.profile).ok()?;
        match &self.cann {
            Some(cann) => profile.with_cann(cann).ok(),
            None => Some(profile),
        }
    }
}
