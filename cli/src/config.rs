//! `acg.toml`, looked for in the input's directory and upward.

use std::path::{Path, PathBuf};

use acg_check::{Config, Levels, TargetChoice};
use anyhow::{Context, Result, bail};

use crate::options::TargetArgs;

/// The settings that apply to an input.
#[derive(Default)]
pub(crate) struct Settings {
    config: Config,
    path: Option<PathBuf>,
}

impl Settings {
    /// The nearest `acg.toml` at or above the directory of `input`; without one, nothing is set.
    pub(crate) fn near(input: &Path) -> Result<Self> {
        let start =
            std::path::absolute(input).with_context(|| format!("cannot locate {}", input.display()))?;
        for directory in start.ancestors().skip(usize::from(!start.is_dir())) {
            let path = directory.join("acg.toml");
            if !path.is_file() {
                continue;
            }
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let config = Config::parse(&text).with_context(|| format!("{} is wrong", path.display()))?;
            return Ok(Self { config, path: Some(path) });
        }
        Ok(Self::default())
    }

    /// The machine to predict for; options win.
    pub(crate) fn target(&self, args: &TargetArgs) -> Result<TargetChoice> {
        let (target, cann) = self.target_names(args);
        Ok(TargetChoice::new(target, cann)?)
    }

    /// The names of the profile and the CANN release, where any are given; options win.
    pub(crate) fn target_names<'a>(&'a self, args: &'a TargetArgs) -> (Option<&'a str>, Option<&'a str>) {
        let target = args.target.as_deref().or(self.config.target.as_deref());
        (target, args.cann.as_deref().or(self.config.cann.as_deref()))
    }

    /// The levels of all rules.
    pub(crate) fn levels(&self) -> Result<Levels> {
        let mut levels = Levels::new(acg_check::rules());
        if let (Some(unknown), Some(path)) = (self.config.lint.apply(&mut levels).first(), &self.path) {
            bail!("{} is wrong: {unknown}", path.display());
        }
        Ok(levels)
    }
}
