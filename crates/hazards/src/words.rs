//! How messages call things: by the names of the log.

use acg_calls::{Api, CallId};
use acg_ir::Extent;
use acg_runtime::state::{BufferId, EventId, ModelId, StreamId};

use crate::trace::{Touch, Trace};

impl Trace<'_, '_> {
    /// A stream's name.
    pub(crate) fn stream_name(&self, stream: StreamId) -> String {
        match self.state.streams[stream].name {
            Some(name) => self.log.text(name).to_owned(),
            None => "the default stream".to_owned(),
        }
    }

    /// An event's name.
    pub(crate) fn event_name(&self, event: EventId) -> &str {
        self.log.text(self.state.events[event].name)
    }

    /// An allocation's name.
    pub(crate) fn buffer_name(&self, buffer: BufferId) -> &str {
        self.log.text(self.state.buffers[buffer].name)
    }

    /// A graph's name, with an article where it has none.
    pub(crate) fn model_name(&self, model: ModelId) -> String {
        match self.state.models[model].name {
            Some(name) => self.log.text(name).to_owned(),
            None => "the graph".to_owned(),
        }
    }

    /// What a call is called: its operator or kernel, else its function, or that the host itself works.
    pub(crate) fn call_name(&self, call: u32) -> String {
        let view = self.log.view(CallId(call));
        let kernel = match view.api() {
            Api::LaunchKernel
            | Api::LaunchKernelV2
            | Api::LaunchKernelWithConfig
            | Api::LaunchKernelWithHostArgs => view.kernel(0).and_then(|kernel| kernel.name),
            _ => None,
        };
        let operator = view.manner().operator.map(|operator| format!("aclnn{}", self.log.text(operator)));
        match (operator, kernel) {
            (Some(operator), _) => operator,
            (None, Some(kernel)) => format!("kernel {}", self.log.text(kernel)),
            // A program says `print` or `init` where a log copies.
            (None, None) if matches!(view.api(), Api::CMemcpy | Api::CMemset) => "the host".to_owned(),
            (None, None) => view.api().to_string(),
        }
    }

    /// Whether the touch of `call` that lies at `extent` is known to its end.
    pub(crate) fn is_exact(&self, call: u32, buffer: BufferId, extent: &Extent) -> bool {
        let same = |touch: &&Touch| touch.buffer == buffer && self.extent(touch) == *extent;
        self.touches(call).iter().find(same).is_none_or(super::trace::Touch::is_exact)
    }
}

/// Bytes as messages name them; where the end is not known only the start is.
pub(crate) fn bytes(extent: &Extent, is_exact: bool) -> String {
    match (is_exact, extent.pitched()) {
        (false, _) if extent.start() == 0 => String::new(),
        (false, _) => format!(" from byte {} on", extent.start()),
        (true, Some((row, rows, pitch))) if rows > 1 => {
            format!(" bytes {}.. in {rows} rows of {row}, {pitch} apart,", extent.start())
        }
        (true, _) => format!(" bytes {}..{}", extent.start(), extent.end()),
    }
}
