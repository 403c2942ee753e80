//! What `acg stats` shows, as text and as JSON.

mod human;
mod json;

use std::fmt;
use std::str::FromStr;

use acg_target::Profile;
use serde::Serialize;

use crate::budget::{Budget, Quota, Verdict};
use crate::graph::{Graph, Measures};

/// How a report is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs; `"schema": 1`.
    Json,
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no format is called `{}`; there are human and json", self.0)
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err(UnknownFormat(name.to_owned())),
        }
    }
}

/// The measures of several graphs, and their budgets.
#[derive(Debug)]
pub struct Report<'g> {
    graphs: Vec<(&'g Graph, Measures)>,
    budgets: Vec<Machine<'g>>,
    processes: u32,
}

/// The graphs that share a machine, and whether they fit it.
#[derive(Debug)]
struct Machine<'g> {
    profile: &'g Profile,
    /// Which of the report's graphs.
    graphs: Vec<usize>,
    budget: Budget,
}

impl<'g> Report<'g> {
    /// Measures `graphs`; those with the same machine share it, each in every one of `processes`.
    pub fn of(graphs: &'g [Graph], processes: u32, quota: Quota) -> Self {
        let graphs: Vec<(&Graph, Measures)> = graphs.iter().map(|graph| (graph, graph.measure())).collect();
        let mut machines: Vec<(&Profile, Vec<usize>)> = Vec::new();
        for (index, (graph, _)) in graphs.iter().enumerate() {
            match machines.iter_mut().find(|(profile, _)| **profile == graph.profile) {
                Some((_, members)) => members.push(index),
                None => machines.push((&graph.profile, vec![index])),
            }
        }
        let budgets = machines.into_iter().map(|(profile, members)| {
            let usages: Vec<_> = members
                .iter()
                .map(|&index| (graphs[index].0.name.as_str(), &graphs[index].1.usage))
                .collect();
            let budget = Budget::of(&usages, profile, processes, quota);
            Machine { profile, graphs: members, budget }
        });
        Self { budgets: budgets.collect(), graphs, processes }
    }

    /// Whether something surely does not fit.
    pub fn is_over_budget(&self) -> bool {
        let mut lines = self.budgets.iter().flat_map(|machine| machine.budget.lines());
        lines.any(|line| line.verdict == Verdict::DoesNotFit)
    }

    /// The report in `format`.
    pub fn text(&self, format: Format) -> String {
        match format {
            Format::Human => human::report(self),
            Format::Json => self.json_with::<()>(&[]),
        }
    }

    /// The report as JSON, with what else is known of the programs that graphs are predicted for.
    pub fn json_with<S: Serialize>(&self, schedules: &[S]) -> String {
        json::report(self, schedules)
    }

    /// The fingerprints of `graphs` alone, in `format`: as text a line each, the hash first.
    pub fn fingerprints(graphs: &[Graph], format: Format) -> String {
        match format {
            Format::Human => human::fingerprints(graphs),
            Format::Json => json::fingerprints(graphs),
        }
    }
}
