//! How a program is optimised.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use acg_check::{CompileOptions, CostTable, OptLevel, Optimised, Streams, UpdateMethod};
use anyhow::{Context, Result};

use crate::{input, tell};

/// How a program is optimised; shared by the commands that do it.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct OptimiseArgs {
    /// How much is done: 0 as written, 1 keeps streams and order, 2 schedules auto graphs, 3 searches long; without it, 2
    /// where there is an auto graph and 1 otherwise
    #[arg(short = 'O', value_name = "LEVEL")]
    level: Option<OptLevel>,
    /// The most streams a graph is put on; `full` for as many as it takes that no task waits for one it does not depend on
    #[arg(long, value_name = "N", value_parser = parse_streams)]
    max_streams: Option<Streams>,
    /// How much longer than the best schedule found one with fewer streams may be, such as 1%
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent, default_value = "0%")]
    tolerance: u32,
    /// How much longer than that a schedule with fewer records and waits may be, such as 5us (-O3)
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "0us")]
    added_path: Duration,
    /// How long searches may take, such as 10s or 500ms; without it they end after a number of steps, the same everywhere
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    time_limit: Option<Duration>,
    /// Settings in place of those of the target's device model, such as slots=4,sync=1.5us
    #[arg(long, value_name = "SETTINGS")]
    model: Option<String>,
    /// Measured costs of tasks: a table of msprof, `op_summary_*.csv`
    #[arg(long, value_name = "FILE")]
    costs: Option<PathBuf>,
    /// How updated task groups are realised: `group` in place, `segments` by calls between separate models, `auto` as is estimated to
    /// take less time; without it as the program says
    #[arg(long, value_name = "METHOD", value_parser = parse_method)]
    update_method: Option<UpdateMethod>,
    /// Write down the steps of the graph engine that the program leaves to the runtime: compiling and loading before a run
    #[arg(long)]
    explicit_ge: bool,
}

impl OptimiseArgs {
    /// What the compiler is told.
    ///
    /// # Errors
    ///
    /// A table of costs that cannot be read.
    pub(crate) fn options(&self) -> Result<CompileOptions> {
        let costs = self.costs.as_ref().map(|path| {
            let (name, bytes) = input::read_bytes(path)?;
            let table = CostTable::read(&bytes).with_context(|| format!("cannot use {name}"))?;
            Ok::<_, anyhow::Error>(Rc::new(table))
        });
        Ok(CompileOptions {
            level: self.level,
            as_written: false,
            streams: self.max_streams.unwrap_or_default(),
            tolerance: self.tolerance,
            added_path: u64::try_from(self.added_path.as_nanos()).unwrap_or(u64::MAX),
            time_limit: self.time_limit,
            model: self.model.clone(),
            costs: costs.transpose()?,
            update_method: self.update_method,
            explicit_ge: self.explicit_ge,
        })
    }

    /// The same, for a command that shows a program of explicit graphs as it is written unless it is told otherwise.
    ///
    /// # Errors
    ///
    /// A table of costs that cannot be read.
    pub(crate) fn as_written(&self) -> Result<CompileOptions> {
        Ok(CompileOptions { as_written: true, ..self.options()? })
    }

    /// Says what the table of costs was of use for, and how task groups are updated, where the user asked for these.
    pub(crate) fn tell(&self, optimised: &Optimised) {
        self.tell_costs(optimised);
        if let Some(updates) = &optimised.updates {
            eprint!("{}", updates.text());
        }
    }

    /// Says what the table of costs was of use for, if there is one.
    pub(crate) fn tell_costs(&self, optimised: &Optimised) {
        if let (Some(path), Some(applied)) = (&self.costs, &optimised.costs) {
            tell::costs(&path.display().to_string(), applied);
        }
    }
}

fn parse_method(name: &str) -> Result<UpdateMethod, String> {
    name.parse().map_err(|error: acg_check::UnknownMethod| error.to_string())
}

fn parse_streams(text: &str) -> Result<Streams, String> {
    match text.parse() {
        _ if text == "full" => Ok(Streams::Full),
        Ok(most) if most > 0 => Ok(Streams::AtMost(most)),
        _ => Err("a number from 1 or `full` is wanted".to_owned()),
    }
}

/// Thousandths.
fn parse_percent(text: &str) -> Result<u32, String> {
    let number =
        text.trim_end_matches('%').parse::<f64>().ok().filter(|percent| (0.0..=1000.0).contains(percent));
    // In range, and rounded to a whole number.
    #[allow(clippy::cast_sign_loss)]
    number
        .map(|percent| (percent * 10.0).round() as u32)
        .ok_or_else(|| "a percentage such as 1% is wanted".to_owned())
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let scale = match &text[at..] {
        "s" => 1.0,
        "ms" => 1e-3,
        "us" => 1e-6,
        "min" => 60.0,
        _ => return Err("a number with s, ms, us or min after it is wanted, such as 10s".to_owned()),
    };
    let number: f64 = text[..at].parse().map_err(|_| format!("`{}` is no number", &text[..at]))?;
    Duration::try_from_secs_f64(number * scale).map_err(|error| error.to_string())
}
