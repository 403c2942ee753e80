//! Options that several commands have, one file per family.

mod optimise;
mod report;
mod target;

use acg_check::measures::{Format, UnknownFormat};
use acg_passes::Pass;

pub(crate) use optimise::OptimiseArgs;
pub(crate) use report::ReportArgs;
pub(crate) use target::TargetArgs;

/// The form of a report in figures.
pub(crate) fn parse_format(name: &str) -> Result<Format, String> {
    name.parse().map_err(|error: UnknownFormat| error.to_string())
}

/// The pass called `name`.
pub(crate) fn parse_pass(name: &str) -> Result<&'static dyn Pass, String> {
    acg_passes::find(name).ok_or_else(|| {
        let names = acg_passes::PASSES.iter().map(|pass| pass.name());
        match acg_check::closest(name, names) {
            Some(near) => format!("there is no such pass; is `{near}` meant?"),
            None => "there is no such pass; `acg passes` lists them".to_owned(),
        }
    })
}
