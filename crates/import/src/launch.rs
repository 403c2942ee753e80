//! What stands behind a kernel: attributes of its launch, names of its arguments.

use acg_calls::Core;
use acg_ir::Value;

use crate::draft::Draft;

/// `core = aivec, blocks = 8, schem = batch, ration = 2`.
pub(crate) fn launch_values(
    draft: &mut Draft,
    core: Core,
    blocks: Option<i64>,
    schem: Option<u32>,
    ration: Option<i64>,
) -> Vec<(&'static str, Value)> {
    let mut values = vec![("core", Value::Word(draft.symbol(core.as_str())))];
    values.extend(blocks.map(|blocks| ("blocks", Value::Int(blocks))));
    if let Some(schem) = schem {
        let word = draft.symbol(if schem == 0 { "normal" } else { "batch" });
        values.push(("schem", Value::Word(word)));
    }
    values.extend(ration.map(|ration| ("ration", Value::Int(ration))));
    values
}

/// Names for arguments that have none: `arg0`, `arg1`, ….
pub(crate) fn argument_names(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("arg{at}")).collect()
}
