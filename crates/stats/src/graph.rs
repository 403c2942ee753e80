//! One graph with everything that is measured of it.

use acg_target::Profile;
use acg_trace::{Fingerprint, Trace};

use crate::blocks::Blocks;
use crate::counts::Counts;
use crate::critical_path::CriticalPath;
use crate::usage::{Bodies, Usage};
use crate::width::Width;

/// A graph and the machine that it is to run on.
#[derive(Clone, Debug)]
pub struct Graph {
    /// What reports call it.
    pub name: String,
    /// What it is called within its file; `None` for a dump, whose models only have numbers.
    pub own_name: Option<String>,
    /// As what a conditional task of another graph runs it, in words: `branch 0 of h in M`.
    pub branch: Option<String>,
    /// What its dump means.
    pub trace: Trace,
    /// For each task group, how many tasks it has behind its placeholders; `None` where only the dump is known, which does not
    /// say where groups end.
    pub group_sizes: Option<Vec<u32>>,
    /// What is known of the bodies of its conditional tasks.
    pub bodies: Bodies,
    /// The machine.
    pub profile: Profile,
    /// Whether the machine is inferred from what the dump shows.
    pub is_shown: bool,
}

/// Everything that is measured of a graph.
#[derive(Clone, Debug)]
pub struct Measures {
    /// Counts of tasks.
    pub counts: Counts,
    /// The longest chain.
    pub critical_path: CriticalPath,
    /// How many tasks can run at once.
    pub width: Width,
    /// What the graph takes of the machine.
    pub usage: Usage,
    /// What it is, free of what a run chooses.
    pub fingerprint: Fingerprint,
    /// In how many circles tasks wait for each other; then nothing of them runs.
    pub circles: usize,
}

impl Graph {
    /// Measures the graph.
    pub fn measure(&self) -> Measures {
        let trace = &self.trace;
        let blocks = Blocks::of(trace);
        Measures {
            counts: Counts::of(trace),
            critical_path: CriticalPath::of(trace, &blocks),
            width: Width::of(trace, &blocks),
            usage: Usage::of(trace, self.bodies, &self.profile),
            fingerprint: Fingerprint::of(trace),
            circles: trace.links.circles().len(),
        }
    }
}
