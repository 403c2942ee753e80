//! The profiles that come with `acg`, read from their files once.

use std::sync::LazyLock;

use serde::Deserialize;
use thiserror::Error;

use crate::chip::Chip;
use crate::profile::{CapturedEvents, Firmware, Profile, TaskQueue};

const CHIPS: [&str; 4] = [
    include_str!("../chips/910b.toml"),
    include_str!("../chips/910c.toml"),
    include_str!("../chips/950.toml"),
    include_str!("../chips/310p.toml"),
];

macro_rules! profiles {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("../profiles/", $name, ".toml")))),*]
    };
}

/// Every profile with its file, friendly names first.
const PROFILES: [(&str, &str); 11] = profiles! {
    "ascend910b" "ascend910c" "ascend950" "ascend310p"
    "910b-hwsq" "910b-hwsq-oldfw" "910b-swsq" "910b-swsq-swev"
    "950-hwsq" "950-swsq" "950-swsq-swev"
};

/// A profile's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    summary: String,
    chip: String,
    cann: String,
    queue: TaskQueue,
    captured_events: CapturedEvents,
    firmware: Firmware,
}

static CATALOG: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let chips: Vec<Chip> =
        CHIPS.iter().map(|text| toml::from_str(text).expect("chip files are tested")).collect();
    PROFILES.iter().map(|&(name, text)| load(name, text, &chips).expect("profile files are tested")).collect()
});

fn load(name: &'static str, text: &str, chips: &[Chip]) -> Result<Profile, String> {
    let file: ProfileFile = toml::from_str(text).map_err(|error| error.to_string())?;
    let chip =
        chips.iter().find(|chip| chip.name == file.chip).ok_or_else(|| format!("no chip `{}`", file.chip))?;
    if file.queue == TaskQueue::Software && chip.queues.software.is_none() {
        return Err(format!("chip `{}` has no software queues", chip.name));
    }
    Ok(Profile {
        name,
        summary: file.summary,
        chip: chip.clone(),
        cann: file.cann.parse().map_err(|error: crate::VersionError| error.to_string())?,
        hdk: None,
        queue: file.queue,
        captured_events: file.captured_events,
        firmware: file.firmware,
    })
}

/// A name that no profile has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no target profile is called `{name}`{}", .nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?")))]
pub struct UnknownProfile {
    /// The name.
    pub name: String,
    /// The profile with the most similar name, if one is near.
    pub nearest: Option<&'static str>,
}

impl Profile {
    /// Every profile, in the order in which they are listed to users.
    pub fn all() -> &'static [Profile] {
        &CATALOG
    }

    /// The profile called `name`.
    ///
    /// # Errors
    /// A name that no profile has, with the nearest one that there is.
    pub fn find(name: &str) -> Result<Profile, UnknownProfile> {
        Self::all().iter().find(|profile| profile.name == name).cloned().ok_or_else(|| {
            let distance = |profile: &&Profile| strsim::damerau_levenshtein(profile.name, name);
            let near = Self::all().iter().filter(|profile| distance(profile) * 3 <= profile.name.len());
            UnknownProfile {
                name: name.to_owned(),
                nearest: near.min_by_key(distance).map(|profile| profile.name),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cann, CodePath, DumpFormat};

    fn profile(name: &str) -> Profile {
        Profile::find(name).unwrap()
    }

    #[test]
    fn every_file_loads_under_its_own_name() {
        let chips: Vec<Chip> = CHIPS.iter().map(|text| toml::from_str(text).unwrap()).collect();
        for (name, text) in PROFILES {
            assert_eq!(load(name, text, &chips), Ok(profile(name)));
        }
        assert_eq!(Profile::all().len(), PROFILES.len());
    }

    #[test]
    fn unknown_keys_and_missing_keys_are_errors() {
        let (_, text) = PROFILES[0];
        assert!(toml::from_str::<ProfileFile>(&format!("color = \"red\"\n{text}")).is_err());
        assert!(toml::from_str::<ProfileFile>(&text.replace("queue", "# queue")).is_err());
        for chip in CHIPS {
            assert!(toml::from_str::<Chip>(&format!("color = \"red\"\n{chip}")).is_err());
            assert!(toml::from_str::<Chip>(&chip.replace("[limits]", "[limits]\nheads = 3")).is_err());
        }
    }

    #[test]
    fn a_profile_without_its_chip_or_queues_is_refused() {
        let chips: Vec<Chip> = CHIPS.iter().map(|text| toml::from_str(text).unwrap()).collect();
        let text = PROFILES[0].1;
        assert!(load("x", &text.replace("910b\"", "910z\""), &chips).unwrap_err().contains("910z"));
        assert!(
            load("x", &text.replace("910b\"", "310p\""), &chips).unwrap_err().contains("software queues")
        );
        assert!(load("x", &text.replace("9.1.0", "nine"), &chips).unwrap_err().contains("nine"));
    }

    #[test]
    fn cascades_come_where_they_were_measured() {
        let usable = |name| profile(name).queue_size().usable();
        assert_eq!(usable("910b-hwsq"), 2016);
        assert_eq!(usable("910b-swsq"), 32736);
        assert_eq!(usable("950-hwsq"), 2017);
        assert_eq!(usable("950-swsq"), 32728);
        assert_eq!(usable("ascend310p"), 2016);
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_one() {
        let nearest = |name| Profile::find(name).unwrap_err().nearest;
        assert_eq!(nearest("ascend910d"), Some("ascend910b"));
        assert_eq!(nearest("910b_swsq"), Some("910b-swsq"));
        assert_eq!(nearest("h100"), None);
        let message = Profile::find("asend950").unwrap_err().to_string();
        assert_eq!(message, "no target profile is called `asend950`; did you mean `ascend950`?");
    }

    #[test]
    fn releases_refine_a_profile() {
        let today = profile("ascend910b");
        assert_eq!(today.cann, Cann::new(9, 1, 0));
        assert!(today.has_conditionals() && !today.has_external_flags());
        assert!(today.clone().with_cann("9.2").unwrap().has_external_flags());
        assert!(!today.clone().with_cann("9.0").unwrap().has_conditionals());
        assert_eq!(today.clone().with_cann("8.5").unwrap().dump_format(), DumpFormat::Bare);
        assert_eq!(today.clone().with_cann("9.2").unwrap().captured_events, CapturedEvents::Hardware);
        assert_eq!(today.clone().with_cann("9.0").unwrap().captured_events, CapturedEvents::Memory);
        assert_eq!(profile("ascend310p").with_cann("9.0").unwrap().captured_events, CapturedEvents::Hardware);
        assert_eq!(today.clone().with_cann("8.5").unwrap().queue, TaskQueue::Software);
        assert_eq!(today.clone().with_cann("8.3.RC1").unwrap().queue, TaskQueue::Hardware);
        assert!(today.with_cann("new").is_err());
        assert!(profile("910b-swsq").has_external_flags() && !profile("910b-hwsq").has_external_flags());
        assert_eq!(profile("ascend950").path(), CodePath::David);
    }

    #[test]
    fn old_drivers_take_features_away() {
        let with = |name, hdk| profile(name).with_hdk(hdk).unwrap();
        assert_eq!(with("ascend910b", "25.5.1").queue, TaskQueue::Software);
        let old = with("ascend910b", "25.2");
        assert_eq!(
            (old.queue, old.queue_size().usable(), old.firmware.task_update),
            (TaskQueue::Hardware, 2016, true)
        );
        assert!(!old.has_conditionals());
        assert!(!with("ascend910b", "24.1").firmware.task_update);
        assert!(!with("ascend310p", "25.5").firmware.task_update);
        assert!(with("ascend310p", "26.0.RC1").firmware.task_update);
    }
}
