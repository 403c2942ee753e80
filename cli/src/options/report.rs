//! What passes say about themselves.

use std::fmt::Write as _;

use acg_check::{FileId, Optimised, Sources};
use acg_passes::Outcome;
use clap::ValueEnum;

/// What passes say about themselves; shared by the commands that are about them.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ReportArgs {
    /// Say why transformations were or were not done, by line, on standard error
    #[arg(long, value_name = "WHICH", num_args = 0..=1, default_missing_value = "all", require_equals = true)]
    remarks: Option<Which>,
    /// Say how long each pass and its proof took, on standard error
    #[arg(long)]
    time_report: bool,
}

/// Which remarks are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Both kinds
    All,
    /// What was done
    Done,
    /// What was not done
    Missed,
}

impl ReportArgs {
    /// Whether lines of the program are shown.
    pub(crate) fn shows_lines(&self) -> bool {
        self.remarks.is_some()
    }

    /// Whether times are asked for, which differ from run to run.
    pub(crate) fn is_timed(&self) -> bool {
        self.time_report
    }

    /// Prints what was asked for of what the passes said.
    pub(crate) fn report(&self, optimised: &Optimised, sources: &Sources, file: FileId) {
        let mut text = String::new();
        if let Some(which) = self.remarks {
            let source = sources.file(file);
            for remark in &optimised.remarks {
                let (word, shown) = match remark.outcome {
                    Outcome::Done => ("done", which != Which::Missed),
                    Outcome::Missed => ("missed", which != Which::Done),
                };
                if shown {
                    let at = source.line_column(remark.span.start);
                    let place = format!("{}:{}:{}", source.name, at.line, at.column);
                    let _ = writeln!(text, "{place}: {word}: {} [{}]", remark.text, remark.pass);
                }
            }
        }
        if self.time_report {
            for run in &optimised.runs {
                let changed = if run.changed { "" } else { "  (no change)" };
                let _ = writeln!(
                    text,
                    "{:24} {:9.3} ms  proof {:9.3} ms{changed}",
                    run.name,
                    run.pass_time.as_secs_f64() * 1e3,
                    run.proof_time.as_secs_f64() * 1e3
                );
            }
            for statistic in &optimised.statistics {
                let _ = writeln!(text, "{:24} {} {}", statistic.pass, statistic.count, statistic.what);
            }
        }
        eprint!("{text}");
    }
}
