//! An option of `GEInitializeV2` has no meaning, or contradicts the program.
//!
//! **Fires** where `ge.graphRunMode` is neither 0 nor 1, and where a graph is compiled, loaded or run on another device than
//! `ge.exec.deviceId` names.
//!
//! **Sound because** these are the values there are, and the device is to be that of `aclrtSetDevice` (capture-rules, section 14.1,
//! ACG315).

use acg_calls::{Api, Arg, CallId, CallView};
use acg_diagnostics::Rule;
use acg_runtime::Finding;

use crate::report::Report;
use crate::trace::Trace;

/// ACG315.
pub static RULE: Rule =
    Rule::lint("ACG315", "ge-config-keys", "an option of GEInitializeV2 does not fit the program");

/// Looks at each initialisation, and at the first call on another device.
pub(crate) fn check(trace: &Trace<'_, '_>, report: &mut Report) {
    let engine = &trace.units.engine;
    for (at, &call) in engine.iter().enumerate() {
        let view = trace.log.view(CallId(call));
        if view.api() != Api::GeInitialize {
            continue;
        }
        if let Some(mode) = option(&view, "ge.graphRunMode").filter(|mode| !matches!(*mode, "0" | "1")) {
            let finding = Finding::new(&RULE, call, format!("{mode} is no value of ge.graphRunMode"))
                .help("write 0 for inference or 1 for training");
            report.add(None, finding);
        }
        let Some(device) = option(&view, "ge.exec.deviceId").and_then(|device| device.parse().ok()) else {
            continue;
        };
        let finalizes = |&&later: &&u32| trace.log[CallId(later)].api == Api::GeFinalize;
        let end = engine[at..].iter().find(finalizes).copied().unwrap_or(u32::MAX);
        if let Some((other, actual)) = on_another_device(trace, call..end, device) {
            let finding = Finding::new(
                &RULE,
                other,
                format!("this is called on device {actual}, and ge.exec.deviceId is {device}"),
            )
            .label(call, "the option is given here")
            .help("give both the same device");
            report.add(None, finding);
        }
    }
}

/// The first call of a session's graph on another device, and the device.
fn on_another_device(trace: &Trace<'_, '_>, calls: std::ops::Range<u32>, device: u32) -> Option<(u32, u32)> {
    let made = trace.state.context_of_call.iter().filter(|made| calls.contains(&made.0));
    let on_devices = made.map(|&(call, context)| (call, trace.state.contexts[context].device));
    on_devices
        .into_iter()
        .find(|&(call, actual)| trace.log[CallId(call)].api.is_graph_engine() && actual != device)
}

/// The value of an option.
fn option<'l>(view: &CallView<'l>, key: &str) -> Option<&'l str> {
    let text = |option| match option {
        Arg::Text(text) => Some(view.log.text(text)),
        _ => None,
    };
    let options = view.list(0)?.iter().filter_map(text);
    options
        .filter_map(|option| option.split_once('='))
        .find(|option| option.0.trim() == key)
        .map(|option| option.1.trim())
}
