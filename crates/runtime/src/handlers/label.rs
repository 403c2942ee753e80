//! Labels, label switches and stream control: calls that only streams of the build API take.

use acg_calls::{Api, CallView};

use crate::bindings::Object;
use crate::machine::{Answer, Machine};
use crate::refusal::Verdict;
use crate::rules;
use crate::state::Label;

/// `aclrtCreateLabel(&label)`.
pub(super) fn create(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    let Some(name) = c.out(0) else { return Answer::from(Err(rules::null_argument::refusal(m, c, 0))) };
    let label = m.state.labels.push(Label { name, destroyed_by: None });
    m.define(Some(name), Object::Label(label));
    Answer::fine()
}

/// `aclrtCreateLabelList([labels], count, &list)`.
pub(super) fn create_list(m: &mut Machine<'_>, c: &CallView<'_>) -> Answer {
    m.define(c.out(2), Object::Other);
    Answer::fine()
}

/// `aclrtSetLabel`, `aclrtSwitchLabelByIndex`.
pub(super) fn place(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    if c.api() == Api::SetLabel {
        m.label(c, 0)?.ok_or_else(|| rules::null_argument::refusal(m, c, 0))?;
    }
    let position = super::stream_position(c).unwrap_or(1);
    let stream = m.stream_or_default(c, position)?;
    rules::label_in_capture::check(m, c, stream)
}

/// `aclrtActiveStream`, `aclrtSwitchStream`.
pub(super) fn stream_control(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let position = super::stream_position(c).unwrap_or(1);
    let stream = m.stream_or_default(c, position)?;
    rules::stream_switch_in_capture::check(m, stream)
}
