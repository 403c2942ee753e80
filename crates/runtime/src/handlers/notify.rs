//! Notifies and count notifies.

use acg_calls::{Api, CallView};

use crate::bindings::Object;
use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::rules;
use crate::state::{Notify, NotifyId, Work};

/// `aclrtCreateNotify`, `aclrtCntNotifyCreate`.
pub(super) fn create(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    match make(m, c) {
        Ok(notify) => {
            m.define(c.out(0), Object::Notify(notify));
            Ok(())
        }
        Err(refusal) => {
            m.leave(c.out(0));
            Err(refusal)
        }
    }
}

fn make(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict<NotifyId> {
    let Some(name) = c.out(0) else { return Err(rules::null_argument::refusal(m, c, 0)) };
    let counts = c.api() == Api::CntNotifyCreate;
    if counts {
        rules::count_notify_unsupported::check(m)?;
    }
    let driver_id = if counts { m.state.pools.take_count_notify() } else { m.state.pools.take_notify() };
    let driver_id = driver_id.map_err(|shortage| rules::notify_exhausted::creation(m, c, shortage))?;
    Ok(m.state.notifies.push(Notify {
        name,
        driver_id,
        counts,
        made_by: m.call,
        destroyed_by: None,
        user: None,
    }))
}

/// `aclrtDestroyNotify`, `aclrtCntNotifyDestroy`.
pub(super) fn destroy(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let notify = m.notify(c, 0)?.ok_or_else(|| rules::null_argument::refusal(m, c, 0))?;
    rules::resources_before_model::notify(m, notify);
    m.state.notifies[notify].destroyed_by = Some(m.call);
    let (id, counts) = (m.state.notifies[notify].driver_id, m.state.notifies[notify].counts);
    if counts {
        m.state.pools.count_notifies.give(id);
    } else {
        m.state.pools.give_notify(id);
    }
    Ok(())
}

/// Records of and waits for notifies and count notifies.
pub(super) fn operate(m: &mut Machine<'_>, c: &CallView<'_>) -> Verdict {
    let counts = matches!(c.api(), Api::CntNotifyRecord | Api::CntNotifyWaitWithTimeout);
    let notify = m.notify(c, 0)?;
    let notify = notify.ok_or_else(|| rules::null_notify::refusal(m, c, counts))?;
    let stream = m.stream_or_default(c, 1)?;
    rules::begin_foreign_context::check(m, stream)?;
    let id = m.state.notifies[notify].driver_id;
    let records = matches!(c.api(), Api::RecordNotify | Api::CntNotifyRecord);
    let work = if records { Work::NotifyRecord(id) } else { Work::NotifyWait(id) };
    if m.submit(stream, work)?
        && let Some((_, model)) = m.state.capture_of(stream)
    {
        m.state.notifies[notify].user = Some((m.call, model));
    }
    Ok(())
}
