//! Whether executions under several schedules give the same.

use acg_diagnostics::{Diagnostic, FileId, Span};
use acg_ir::{Module, Space};

use crate::executor::Outcome;
use crate::rules::{SCHEDULE_DEPENDENT, span};

impl Outcome {
    /// What differs between this execution and `other`, in words: what they print, or else what they leave in memory.
    pub fn difference(&self, other: &Self, module: &Module) -> Option<String> {
        let lines = self.printed.iter().zip(&other.printed);
        if let Some((mine, theirs)) = lines.into_iter().find(|(mine, theirs)| mine != theirs) {
            return Some(format!("one prints `{}`, the other `{}`", shortened(mine), shortened(theirs)));
        }
        // What temporaries hold at the end nobody can see.
        let mut kept = module.buffers.iter().filter(|(_, data)| data.space != Space::Temp);
        let (buffer, data) =
            kept.find(|&(buffer, _)| self.memory.bytes(buffer) != other.memory.bytes(buffer))?;
        let pairs = self.memory.bytes(buffer).iter().zip(other.memory.bytes(buffer));
        let at = pairs.take_while(|(mine, theirs)| mine == theirs).count();
        Some(format!("byte {at} of `{}` differs at the end", module.text(data.name)))
    }

    /// The diagnostic for a program that was read from `file`, where `difference` is what [`Outcome::difference`] said of two seeds.
    pub fn schedule_dependent(
        &self,
        difference: &str,
        seeds: (u64, u64),
        module: &Module,
        file: FileId,
    ) -> Diagnostic {
        let place = |site| span(module, site, file);
        let first = self.races.first();
        let primary = first.map_or(Span::new(file, 0, 0), |race| place(race.second));
        let message = format!("seeds {} and {} give different results: {difference}", seeds.0, seeds.1);
        let mut diagnostic = Diagnostic::new(&SCHEDULE_DEPENDENT, primary, message);
        if let Some(race) = first {
            diagnostic = diagnostic.related(
                place(race.first),
                format!("nothing orders this line and the other about {}", race.about),
            );
        }
        diagnostic
    }
}

/// A line of which no more is shown than helps.
fn shortened(line: &str) -> String {
    const MOST: usize = 60;
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.to_owned(),
    }
}
