//! The machine to predict for: options win over the program's `target` line, which wins over the default.

use std::fmt::Write as _;

use acg_dump::{OwnedRecord, Suffix};
use acg_stats::Graph;
use acg_target::{CapturedEvents, Profile};
use acg_trace::{Kind, Trace};
use thiserror::Error;

/// The profile for programs and logs that name none.
pub const DEFAULT_TARGET: &str = "ascend910b";

/// What the user chose on the command line or in a configuration file.
#[derive(Clone, Debug, Default)]
pub struct TargetChoice {
    profile: Option<Profile>,
    cann: Option<String>,
    /// The machine for what names none.
    fallback: Option<Profile>,
}

/// A choice that names nothing.
#[derive(Debug, Error)]
pub enum TargetError {
    /// No profile has that name.
    #[error(transparent)]
    Profile(#[from] acg_target::UnknownProfile),
    /// Not a release number.
    #[error(transparent)]
    Version(#[from] acg_target::VersionError),
}

/// What a program's `target` line says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TargetLine<'a> {
    pub profile: Option<&'a str>,
    pub cann: Option<&'a str>,
    pub hdk: Option<&'a str>,
}

impl TargetChoice {
    /// A choice of profile, of CANN release, of both or of neither.
    ///
    /// # Errors
    ///
    /// A profile that does not exist, or a text that is no release number.
    pub fn new(profile: Option<&str>, cann: Option<&str>) -> Result<Self, TargetError> {
        let profile = profile.map(Profile::find).transpose()?;
        let choice = Self { profile, cann: cann.map(str::to_owned), fallback: None };
        choice.resolve(TargetLine::default())?;
        Ok(choice)
    }

    /// The same choice, but programs and logs that name no machine are for the one that `graphs` show, if they show any.
    #[must_use]
    pub fn or_shown_by(self, graphs: &[Graph]) -> Self {
        let shown = graphs.iter().find(|graph| graph.is_shown);
        Self { fallback: shown.map(|graph| graph.profile.clone()), ..self }
    }

    /// Whether a profile was chosen.
    pub(crate) fn names_profile(&self) -> bool {
        self.profile.is_some()
    }

    /// The machine for the dumps of one machine: the chosen one, or the one that they show.
    pub(crate) fn for_dumps(&self, traces: &[Trace]) -> Profile {
        let chosen = || self.resolve(TargetLine::default()).expect("a choice is checked when it is made");
        if self.names_profile() {
            return chosen();
        }
        let mut profile = acg_import::detect(traces).machine().unwrap_or_else(chosen);
        if let Some(cann) = &self.cann {
            profile = profile.with_cann(cann).unwrap_or_else(|_| chosen());
        }
        let is_word = |record: &OwnedRecord| matches!(record.suffix, Suffix::Address(_));
        let lives_in_memory = |trace: &Trace| {
            trace.tasks.iter().any(|(task, data)| data.kind == Kind::EventWait && is_word(trace.record(task)))
        };
        if traces.iter().any(lives_in_memory) {
            profile.captured_events = CapturedEvents::Memory;
        }
        profile
    }

    /// The machine for a program whose `target` line says `line`.
    pub(crate) fn resolve(&self, line: TargetLine<'_>) -> Result<Profile, TargetError> {
        // A profile chosen here brings its own releases; the line's belong to the line's profile.
        let line = if self.profile.is_some() { TargetLine::default() } else { line };
        let mut profile = match &self.profile {
            Some(profile) => profile.clone(),
            None => match (line.profile, &self.fallback) {
                (None, Some(shown)) => shown.clone(),
                (name, _) => Profile::find(name.unwrap_or(DEFAULT_TARGET))?,
            },
        };
        if let Some(cann) = self.cann.as_deref().or(line.cann) {
            profile = profile.with_cann(cann)?;
        }
        if let Some(hdk) = line.hdk {
            profile = profile.with_hdk(hdk)?;
        }
        Ok(profile)
    }
}

/// Every profile's name with what it stands for, in the order in which users see them.
pub fn targets() -> Vec<(&'static str, &'static str)> {
    Profile::all().iter().map(|profile| (profile.name, profile.summary.as_str())).collect()
}

/// Everything that the profile called `name` says, a line each.
///
/// # Errors
///
/// A name that no profile has.
pub fn describe_target(name: &str) -> Result<String, TargetError> {
    let profile = Profile::find(name)?;
    let queue = profile.queue_size();
    let lines = [
        ("profile", profile.name.to_owned()),
        ("stands for", profile.summary.clone()),
        ("chip", profile.chip.name.clone()),
        ("CANN", profile.cann.to_string()),
        ("task queues", profile.queue.as_str().to_owned()),
        ("captured events", profile.captured_events.as_str().to_owned()),
        ("queue entries", format!("{} of {}", queue.usable(), queue.depth)),
        ("streams", profile.chip.limits.streams.to_string()),
        ("events", profile.chip.limits.events.to_string()),
        ("notifies", profile.chip.limits.notifies.to_string()),
        ("AI Cores", profile.chip.cores.aicore.to_string()),
        ("vector cores", profile.chip.cores.aivec.to_string()),
        ("device model", profile.chip.model.to_string()),
        ("conditional tasks", yes(profile.has_conditionals())),
        ("external event flags", yes(profile.has_external_flags())),
        ("task update", yes(profile.firmware.task_update)),
    ];
    let mut text = String::new();
    for (what, value) in lines {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{what:<22}{value}");
    }
    Ok(text)
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}
