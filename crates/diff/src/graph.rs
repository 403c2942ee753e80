//! What is compared: files of graphs.

use acg_trace::Trace;

/// A graph of a file.
#[derive(Clone, Debug)]
pub struct Graph {
    /// What the program or log calls it; `None` for a dump, whose models have numbers that a run chooses.
    pub name: Option<String>,
    /// What it is.
    pub trace: Trace,
}

impl Graph {
    /// What the user can call it: its name, or the number of its model.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("model {}", self.trace.dump.model))
    }

    /// Whether it says what its kernels are called with.
    pub(crate) fn has_arguments(&self) -> bool {
        self.trace.dump.records.iter().any(|record| record.args.is_some())
    }
}

/// A file of graphs.
#[derive(Clone, Debug)]
pub struct File {
    /// What the user calls it.
    pub name: String,
    /// For which machine its graphs were predicted; `None` if they are those of dumps.
    pub predicted_for: Option<String>,
    /// Its graphs.
    pub graphs: Vec<Graph>,
}
