//! Release numbers of CANN and of the driver package, and what depends on them alone.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How finished a release is; earlier stages are smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// `-alpha.1`, `.alpha002`.
    Alpha(u16),
    /// `-beta.1`.
    Beta(u16),
    /// `.RC1`.
    Candidate(u16),
    /// The release itself.
    Release,
}

/// A release number `major.minor[.patch][stage]`, ordered by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// First number.
    pub major: u16,
    /// Second number.
    pub minor: u16,
    /// Third number, 0 where none is given.
    pub patch: u16,
    /// How finished it is.
    pub stage: Stage,
}

/// A CANN release, as `9.1`, `9.1.0`, `9.2.0-beta.1` or `8.1.RC1`.
pub type Cann = Version;

/// A driver and firmware package (HDK), as `25.5.1` or `25.0.RC1`.
pub type Hdk = Version;

/// A text that is no release number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a release number; expected one like `9.1`, `9.2.0-beta.1` or `8.1.RC1`")]
pub struct VersionError(pub String);

impl Version {
    /// The finished release `major.minor.patch`.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch, stage: Stage::Release }
    }

    /// The beta `number` of this release.
    #[must_use]
    pub const fn beta(self, number: u16) -> Self {
        Self { stage: Stage::Beta(number), ..self }
    }

    /// The candidate `number` of this release.
    #[must_use]
    pub const fn candidate(self, number: u16) -> Self {
        Self { stage: Stage::Candidate(number), ..self }
    }

    /// Which form of `modelRI.json` this CANN release writes (debug-json, section 6).
    pub fn dump_format(self) -> DumpFormat {
        if self >= Self::new(9, 1, 0).beta(1) {
            DumpFormat::Full
        } else if self >= Self::new(9, 0, 0).beta(2) {
            DumpFormat::Typed
        } else {
            DumpFormat::Bare
        }
    }
}

/// A generation of the `modelRI.json` format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DumpFormat {
    /// Ids only, every record 9.5 long: up to 9.0.0-beta.1.
    Bare,
    /// With `Task Type`, `numBlocks`, `schemMode` and durations by type: 9.0.
    Typed,
    /// With `ExtendInfo`, `Numblocks`, `Schem Mode` and, on request, kernel arguments: 9.1 and later.
    Full,
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        parse(text).ok_or_else(|| VersionError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Version> {
    let mut parts = text.trim().split(['.', '-']).peekable();
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    let patch = match parts.peek().and_then(|part| part.parse().ok()) {
        Some(patch) => {
            parts.next();
            patch
        }
        None => 0,
    };
    let mut stage = Stage::Release;
    while let Some(part) = parts.next() {
        let digits = part.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        let word = part[..part.len() - digits.len()].to_ascii_lowercase();
        let number = match digits {
            "" => parts.next().map_or(Some(0), |digits| digits.parse().ok())?,
            digits => digits.parse().ok()?,
        };
        // The alpha of a candidate is older than the candidate, so the last word decides.
        stage = match word.as_str() {
            "alpha" => Stage::Alpha(number),
            "beta" => Stage::Beta(number),
            "rc" => Stage::Candidate(number),
            _ => return None,
        };
    }
    Some(Version { major, minor, patch, stage })
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        match self.stage {
            Stage::Alpha(number) => write!(f, "-alpha.{number}"),
            Stage::Beta(number) => write!(f, "-beta.{number}"),
            Stage::Candidate(number) => write!(f, "-RC{number}"),
            Stage::Release => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn releases_are_ordered_by_age() {
        let ages =
            ["8.1.RC1.alpha002", "8.1.RC1", "8.3.RC1", "8.5.0", "9.0.0-beta.1", "9.0.0-beta.2", "9.0.1"];
        let ages = ages.into_iter().chain(["9.1.0-beta.1", "9.1", "9.2.0-beta.1", "9.2"]).map(version);
        let ages: Vec<_> = ages.collect();
        assert!(ages.is_sorted_by(|older, newer| older < newer), "{ages:?}");
    }

    #[test]
    fn display_reads_back() {
        for text in ["9.1.0", "9.2.0-beta.1", "8.1.0-RC1", "9.0.3-alpha.7"] {
            assert_eq!(version(text).to_string(), text);
        }
        assert_eq!(version("9.1"), version("9.1.0"));
        assert_eq!(version("25.0.RC1"), Version::new(25, 0, 0).candidate(1));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "9", "nine", "9.x", "9.1.0-gamma.1", "9.1.0-", "9.1.2.3", "9.1.0-beta.x", "99999.1", "9.é"]
        {
            assert_eq!(text.parse::<Version>(), Err(VersionError(text.to_owned())));
        }
    }

    #[test]
    fn dump_formats_change_where_the_history_says() {
        let format = |text| version(text).dump_format();
        assert_eq!(format("8.5"), DumpFormat::Bare);
        assert_eq!(format("9.0.0-beta.1"), DumpFormat::Bare);
        assert_eq!(format("9.0.0-beta.2"), DumpFormat::Typed);
        assert_eq!(format("9.0.1"), DumpFormat::Typed);
        assert_eq!(format("9.1.0-beta.1"), DumpFormat::Full);
        assert_eq!(format("9.2"), DumpFormat::Full);
    }
}
