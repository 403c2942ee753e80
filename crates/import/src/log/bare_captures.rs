//! Captures that are said call by call: which of them is the innermost.

use acg_ir::{Handle, Stream};
use rustc_hash::FxHashMap;

/// Captures that are said call by call and have not ended, in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct BareCaptures {
    /// The stream, the model of a branch, and whether it has ended; the last one has not.
    begun: Vec<(Stream, Option<Handle>, bool)>,
    by_stream: FxHashMap<Stream, Vec<usize>>,
}

/// One that a call ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    /// The model of the branch that it captures; none of a graph.
    pub(super) model: Option<Handle>,
}

impl BareCaptures {
    pub(super) fn begin(&mut self, stream: Stream, model: Option<Handle>) {
        self.by_stream.entry(stream).or_default().push(self.begun.len());
        self.begun.push((stream, model, false));
    }

    /// Ends the last one on a stream.
    pub(super) fn end(&mut self, stream: Stream) -> Option<Ended> {
        let at = self.by_stream.get_mut(&stream)?.pop()?;
        let ended = self.begun.get_mut(at).map(|(_, model, ended)| {
            *ended = true;
            Ended { model: *model }
        });
        while self.begun.last().is_some_and(|&(_, _, ended)| ended) {
            self.begun.pop();
        }
        ended
    }

    /// The stream of the one that began last, and the model of its branch.
    pub(super) fn innermost(&self) -> Option<(Stream, Option<Handle>)> {
        self.begun.last().map(|&(stream, model, _)| (stream, model))
    }
}
