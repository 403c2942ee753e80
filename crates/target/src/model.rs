//! The device model: what schedules are timed by, and what a task costs that nobody has measured.
//!
//! A stream is a first-in first-out queue. A kernel occupies one of `slots`; each direction of copies has one engine; waiting for
//! an event of another stream costs `sync`. The numbers are synthetic (bench, "Costs" and "Device model"): good for comparing
//! schedules, not for predicting a device. That is why each of them can be set: `slots=4,sync=2us,h2d=5us+24GB/s`.

use std::fmt;

use serde::Deserialize;
use thiserror::Error;

use crate::quantity::{bandwidth, duration, write_bandwidth, write_duration};

/// How a device is thought to run a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ModelFile")]
pub struct DeviceModel {
    /// How many kernels run at once; `None` for as many as there are streams.
    pub slots: Option<u32>,
    /// How many cores kernels share.
    pub cores: u32,
    /// From the end of a task to the start of one that waits for its event on another stream, in nanoseconds.
    pub sync: u64,
    /// What starting a kernel takes, in nanoseconds.
    pub launch: u64,
    /// What kernels read and write at most, in bytes per nanosecond, which is GB/s.
    pub memory: u64,
    /// Copies from host to device.
    pub h2d: Transfer,
    /// Copies from device to host.
    pub d2h: Transfer,
    /// Copies within the device.
    pub d2d: Transfer,
}

/// How long copies take: `5us+24GB/s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// What each takes however small it is, in nanoseconds.
    pub setup: u64,
    /// Bytes per nanosecond, which is GB/s.
    pub bandwidth: u64,
}

impl Transfer {
    /// How long a copy of `bytes` takes, in nanoseconds.
    pub const fn time(self, bytes: u64) -> u64 {
        self.setup.saturating_add(at_rate(bytes, self.bandwidth))
    }
}

/// The time for `bytes` at `rate` bytes per nanosecond, to the nearest nanosecond.
const fn at_rate(bytes: u64, rate: u64) -> u64 {
    let rate = if rate == 0 { 1 } else { rate };
    bytes / rate + (bytes % rate).saturating_mul(2) / rate
}

impl DeviceModel {
    /// How long a kernel runs on `cores` that moves `bytes`, in nanoseconds, if memory is all that limits it.
    ///
    /// Half of the device's cores take all of the bandwidth; fewer get their share (bench, "Costs").
    pub fn kernel_time(&self, bytes: u64, cores: u32) -> u64 {
        let cores = cores.min(self.cores.div_ceil(2)).max(1);
        let share = u128::from(self.memory) * u128::from(cores) * 2;
        let (bytes, all) = (u128::from(bytes), u128::from(self.cores.max(2 * cores)));
        let time = (bytes * all + share / 2) / share.max(1);
        self.launch.saturating_add(u64::try_from(time).unwrap_or(u64::MAX))
    }

    /// The model with the settings of `text` in place of its own: `slots=4,sync=1.5us`.
    ///
    /// # Errors
    ///
    /// The first setting that does not exist, stands twice, or has a value of the wrong form.
    pub fn with(mut self, text: &str) -> Result<Self, ModelError> {
        let mut given: Vec<&str> = Vec::new();
        for setting in text.split(',').map(str::trim).filter(|setting| !setting.is_empty()) {
            let Some((key, value)) = setting.split_once('=') else {
                return Err(ModelError::NoValue { setting: setting.to_owned() });
            };
            let (key, value) = (key.trim(), value.trim());
            if given.contains(&key) {
                return Err(ModelError::Twice { key: key.to_owned() });
            }
            self.set(key, value)?;
            given.push(key);
        }
        Ok(self)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), ModelError> {
        let wrong = |form| ModelError::Value { key: key.to_owned(), value: value.to_owned(), form };
        match key {
            "slots" if value == "unlimited" => self.slots = None,
            "slots" => self.slots = Some(count(value).ok_or_else(|| wrong(SLOTS))?),
            "cores" => self.cores = count(value).ok_or_else(|| wrong(COUNT))?,
            "sync" => self.sync = duration(value).ok_or_else(|| wrong(DURATION))?,
            "launch" => self.launch = duration(value).ok_or_else(|| wrong(DURATION))?,
            "memory" => self.memory = bandwidth(value).ok_or_else(|| wrong(BANDWIDTH))?,
            "h2d" => self.h2d = self.h2d.with(value).ok_or_else(|| wrong(TRANSFER))?,
            "d2h" => self.d2h = self.d2h.with(value).ok_or_else(|| wrong(TRANSFER))?,
            "d2d" => self.d2d = self.d2d.with(value).ok_or_else(|| wrong(TRANSFER))?,
            _ => return Err(ModelError::Unknown { key: key.to_owned(), nearest: nearest(key) }),
        }
        Ok(())
    }
}

const SLOTS: &str = "a number of kernels from 1, or `unlimited`";
const COUNT: &str = "a number from 1";
const DURATION: &str = "a duration such as `1.5us`, in whole nanoseconds";
const BANDWIDTH: &str = "a bandwidth such as `24GB/s`, in whole GB/s";
const TRANSFER: &str = "a duration, a bandwidth, or both: `5us+24GB/s`";

fn count(value: &str) -> Option<u32> {
    value.parse().ok().filter(|&count| count > 0)
}

impl Transfer {
    /// The terms of `text` in place of its own.
    fn with(mut self, text: &str) -> Option<Self> {
        let (mut setups, mut bandwidths) = (0, 0);
        for term in text.split('+').map(str::trim) {
            if let Some(setup) = duration(term) {
                self.setup = setup;
                setups += 1;
            } else {
                self.bandwidth = bandwidth(term)?;
                bandwidths += 1;
            }
        }
        (setups <= 1 && bandwidths <= 1).then_some(self)
    }
}

/// The settings, in the order in which they are printed.
pub(crate) const MODEL_KEYS: [&str; 8] = ["slots", "cores", "sync", "launch", "memory", "h2d", "d2h", "d2d"];

fn nearest(key: &str) -> Option<&'static str> {
    let near = MODEL_KEYS.into_iter().map(|known| (strsim::damerau_levenshtein(known, key), known));
    near.filter(|&(distance, known)| distance * 2 <= known.len()).min().map(|(_, known)| known)
}

/// A setting of a model that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ModelError {
    /// There is no such setting.
    #[error("`{key}` is not a setting of the device model{}", .nearest.map_or_else(|| format!("; settings are {}", MODEL_KEYS.join(", ")), |near| format!("; did you mean `{near}`?")))]
    Unknown {
        /// What was written.
        key: String,
        /// The setting with the most similar name, if one is near.
        nearest: Option<&'static str>,
    },
    /// It has no `=`.
    #[error("`{setting}` of the device model has no value; write `slots=4,sync=1.5us`")]
    NoValue {
        /// What was written.
        setting: String,
    },
    /// Its value has another form.
    #[error("`{key}` of the device model is `{value}`, and takes {form}")]
    Value {
        /// The setting.
        key: String,
        /// What was written.
        value: String,
        /// What it takes.
        form: &'static str,
    },
    /// It is given twice.
    #[error("`{key}` of the device model is given twice")]
    Twice {
        /// The setting.
        key: String,
    },
}

/// The `[model]` table of a chip's file; values have the form that settings have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    slots: String,
    cores: String,
    sync: String,
    launch: String,
    memory: String,
    h2d: String,
    d2h: String,
    d2d: String,
}

impl TryFrom<ModelFile> for DeviceModel {
    type Error = ModelError;

    fn try_from(file: ModelFile) -> Result<Self, ModelError> {
        let none = Transfer { setup: 0, bandwidth: 1 };
        let mut model =
            Self { slots: None, cores: 1, sync: 0, launch: 0, memory: 1, h2d: none, d2h: none, d2d: none };
        let values =
            [file.slots, file.cores, file.sync, file.launch, file.memory, file.h2d, file.d2h, file.d2d];
        for (key, value) in MODEL_KEYS.into_iter().zip(values) {
            model.set(key, &value)?;
        }
        Ok(model)
    }
}

impl fmt::Display for DeviceModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.slots {
            Some(slots) => write!(f, "slots={slots}")?,
            None => write!(f, "slots=unlimited")?,
        }
        write!(f, ",cores={},sync=", self.cores)?;
        write_duration(f, self.sync)?;
        write!(f, ",launch=")?;
        write_duration(f, self.launch)?;
        write!(f, ",memory=")?;
        write_bandwidth(f, self.memory)?;
        for (key, transfer) in [("h2d", self.h2d), ("d2h", self.d2h), ("d2d", self.d2d)] {
            write!(f, ",{key}=")?;
            write_duration(f, transfer.setup)?;
            write!(f, "+")?;
            write_bandwidth(f, transfer.bandwidth)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    fn model() -> DeviceModel {
        Profile::find("ascend910b").unwrap().chip.model
    }

    #[test]
    fn settings_replace_what_they_name() {
        let set = model().with("slots=4, sync=500ns,launch=3us,h2d=24GB/s,d2d=1us+1TB/s").unwrap();
        assert_eq!((set.slots, set.sync, set.launch), (Some(4), 500, 3000));
        assert_eq!(set.h2d, Transfer { setup: 5000, bandwidth: 24 });
        assert_eq!(set.d2d, Transfer { setup: 1000, bandwidth: 1000 });
        assert_eq!(set.with("slots=unlimited").unwrap().slots, None);
        assert_eq!(model().with(" "), Ok(model()));
    }

    #[test]
    fn what_is_printed_is_read_again() {
        for profile in Profile::all() {
            let model = profile.chip.model;
            assert_eq!(model.with(&model.to_string()), Ok(model));
        }
        let text = "slots=unlimited,cores=24,sync=1.5us,launch=2us,memory=1120GB/s,h2d=5us+24GB/s,d2h=5us+24GB/s,d2d=2.5us+560GB/s";
        assert_eq!(model().to_string(), text);
    }

    #[test]
    fn wrong_settings_say_what_is_right() {
        let message = |text: &str| model().with(text).unwrap_err().to_string();
        assert_eq!(message("slot=4"), "`slot` is not a setting of the device model; did you mean `slots`?");
        assert!(
            message("colour=red").ends_with("settings are slots, cores, sync, launch, memory, h2d, d2h, d2d")
        );
        assert_eq!(
            message("slots=0"),
            "`slots` of the device model is `0`, and takes a number of kernels from 1, or `unlimited`"
        );
        assert_eq!(message("slots"), "`slots` of the device model has no value; write `slots=4,sync=1.5us`");
        assert_eq!(message("sync=1us,sync=2us"), "`sync` of the device model is given twice");
        for text in [
            "sync=1",
            "sync=-1us",
            "sync=0.1ns",
            "sync=",
            "h2d=1us+2us",
            "h2d=0GB/s",
            "memory=24",
            "cores=99999999999",
        ] {
            assert!(message(text).contains(" takes "), "{text}");
        }
    }

    #[test]
    fn times_are_those_of_the_benchmark() {
        let model = model();
        // Tasks `h2d_ids`, `emb_tok` and `emb_ln` of a BERT encoder (bench).
        assert_eq!(model.h2d.time(512), 5_021);
        assert_eq!(model.kernel_time(197_120, 4), 2_528);
        assert_eq!(model.kernel_time(589_824, 9), 2_702);
        assert_eq!(model.kernel_time(786_432, 24), 2_702);
        assert_eq!(model.kernel_time(0, 0), 2_000);
        assert!(model.kernel_time(u64::MAX, 1) > u64::MAX / 1120);
        assert!(model.d2d.time(u64::MAX) > u64::MAX / 560);
    }
}
