//! `aclmdlRIDebugJsonPrint` without a graph, without a path, or into a directory that is not there.

use acg_calls::CallView;
use acg_diagnostics::Rule;

use crate::machine::Machine;
use crate::refusal::{Refusal, Verdict, refuse};
use crate::state::ModelId;

/// ACG220.
pub static RULE: Rule = Rule::error(
    "ACG220",
    "debugprint-args",
    &[100_000, 107_000],
    "a dump is asked for without a graph or a writable path",
);

/// The graph and the path.
pub(crate) fn check<'l>(m: &Machine<'l>, c: &CallView<'l>) -> Verdict<(ModelId, &'l str)> {
    let model = m.model(c, 0)?;
    let path = c.text(1);
    let (Some(model), Some(path)) = (model, path) else { return Err(missing(m, c, model.is_none())) };
    // A log has no directories, so a path with one is a path into a directory that is not there.
    if path.contains('/') {
        return Err(refuse(&RULE, 107_000, format!("the directory of {path} does not exist"))
            .help("make the directory first, or pass a bare file name"));
    }
    Ok((model, path))
}

fn missing(m: &Machine<'_>, c: &CallView<'_>, no_model: bool) -> Refusal {
    if !no_model {
        return refuse(&RULE, 100_000, "a dump needs a path").help("pass a file name");
    }
    let (name, binding) = m.handle(c, 0);
    let by = binding.by.filter(|&call| m.was_refused(call));
    let name = name.map_or("NULL", |name| m.text(name));
    refuse(&RULE, 100_000, format!("{name} is no graph, so there is nothing to dump"))
        .label_if(by, "this call was to yield it and failed")
        .because_of(by)
        .help("check the result of aclmdlRICaptureEnd")
}
