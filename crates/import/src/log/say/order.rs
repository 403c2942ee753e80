//! Events, notifies and values in memory.

use acg_calls::{Api, CallView};
use acg_ir::{Attribute, Compare, List, Op, TaskData, Value};

use super::Said;
use crate::log::LogImport;

impl<'l> LogImport<'l> {
    /// `aclrtRecordEvent`, and the form with a flag.
    pub(super) fn record(&mut self, call: &CallView<'l>) -> Said {
        let (event, stream) = (self.event_at(call, 0)?, Some(self.stream_at(call, 1)));
        let external = match call.api() {
            Api::RecordEventWithFlag => flag(call, 2)?,
            _ => false,
        };
        Ok(TaskData::new(Op::Record { event, external }, stream))
    }

    /// `aclrtStreamWaitEvent`, and the forms with a timeout and a flag.
    pub(super) fn wait(&mut self, call: &CallView<'l>) -> Said {
        let (stream, event) = (Some(self.stream_at(call, 0)), self.event_at(call, 1)?);
        let (external, timeout) = match call.api() {
            Api::StreamWaitEventWithFlag => {
                let external = flag(call, 3)?;
                // A plain wait without a timeout waits for ever, which the form with a flag writes as 0.
                (external, call.int(2).filter(|&timeout| timeout != 0))
            }
            Api::StreamWaitEventWithTimeout => (false, call.int(2)),
            _ => (false, None),
        };
        let attributes = self.timeout(timeout)?;
        Ok(TaskData { attributes, ..TaskData::new(Op::Wait { event, external }, stream) })
    }

    /// `aclrtWaitAndResetNotify`.
    pub(super) fn wait_notify(&mut self, call: &CallView<'l>) -> Said {
        let (notify, stream) = (self.notify_at(call, 0)?, Some(self.stream_at(call, 1)));
        let attributes = self.timeout(call.int(2).filter(|&timeout| timeout != 0))?;
        Ok(TaskData { attributes, ..TaskData::new(Op::WaitNotify(notify), stream) })
    }

    /// `[timeout = …]`.
    pub(super) fn timeout(&mut self, timeout: Option<i64>) -> Result<List<Attribute>, String> {
        match timeout {
            None => Ok(List::default()),
            Some(timeout) if timeout >= -1 => Ok(self.draft.attributes(&[("timeout", Value::Int(timeout))])),
            Some(timeout) => Err(format!("the language has no timeout of {timeout}")),
        }
    }

    /// `aclrtValueWrite`.
    pub(super) fn write_value(&mut self, call: &CallView<'l>) -> Said {
        if call.int(2) != Some(0) {
            return Err("the language has no flag for it".to_owned());
        }
        let value = value(call)?;
        let flag = self.region(call.address(0), 8)?;
        let stream = Some(self.stream_at(call, 3));
        Ok(TaskData { outputs: self.draft.operands(&[flag]), ..TaskData::new(Op::WriteValue(value), stream) })
    }

    /// `aclrtValueWait`.
    pub(super) fn wait_value(&mut self, call: &CallView<'l>) -> Said {
        let compare = match call.int(2) {
            Some(0) => Compare::GreaterEqual,
            Some(1) => Compare::Equal,
            Some(2) => Compare::And,
            Some(3) => Compare::Nor,
            _ => return Err("the language has no such comparison".to_owned()),
        };
        let value = value(call)?;
        let flag = self.region(call.address(0), 8)?;
        let stream = Some(self.stream_at(call, 3));
        let op = Op::WaitValue(compare, value);
        Ok(TaskData { inputs: self.draft.operands(&[flag]), ..TaskData::new(op, stream) })
    }
}

fn value(call: &CallView<'_>) -> Result<u64, String> {
    let value = call.int(1).and_then(|value| u64::try_from(value).ok());
    value.ok_or_else(|| "the language has no such value".to_owned())
}

/// Whether the external flag is given; the default flag is the same as none.
fn flag(call: &CallView<'_>, position: usize) -> Result<bool, String> {
    match call.int(position) {
        Some(0) => Ok(false),
        Some(1) => Ok(true),
        _ => Err("the language has no such flag".to_owned()),
    }
}
