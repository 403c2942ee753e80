//! Operands of one task that share bytes, where what the task does then is not known.
//!
//! A device writes some of a result before it has read everything, in an order that no reference tells. So a result may lie exactly over
//! an operand that is worked on element by element, and over nothing else that the task reads or writes; a task of which that is not so is
//! refused, because any order that were assumed here would be a guess.

use acg_ir::{Access, Module, Operand};

use crate::memory::access;
use crate::operators::{Call, Refusal};

/// Families of operators whose elements, or rows, are worked on one by one, so that a result may take the place of what it is made of.
const ONE_BY_ONE: [&str; 6] =
    ["activation", "comparison", "elementwise", "in_place", "normalisation", "quantisation"];

/// Whether the two share bytes.
fn meet(one: &Access, other: &Access) -> bool {
    one.root == other.root && one.extent.overlaps(&other.extent)
}

fn refusal(module: &Module, result: Operand, other: Operand, does: &str) -> Refusal {
    let name = |operand: Operand| module.text(module.buffers[operand.buffer].name);
    let (result, other) = (name(result), name(other));
    let what = if result == other { "another part of it".to_owned() } else { format!("`{other}`") };
    Refusal::new(format!(
        "`{result}` is written where {what} is {does} by the same task, and what comes first is not known"
    ))
}

/// Looks at the copies of one task: none writes what another one reads or writes, nor a part of what it reads itself.
pub(crate) fn copies(module: &Module, from: &[Operand], to: &[Operand]) -> Result<(), Refusal> {
    let found = |operands: &[Operand]| -> Result<Vec<Access>, Refusal> {
        operands.iter().map(|&operand| access(module, operand)).collect()
    };
    let (sources, targets) = (found(from)?, found(to)?);
    for (number, target) in targets.iter().enumerate() {
        for (other, source) in sources.iter().enumerate() {
            let is_itself = number == other && source.extent == target.extent;
            if meet(target, source) && !is_itself {
                return Err(refusal(module, to[number], from[other], "read"));
            }
        }
        for (other, later) in targets.iter().enumerate().skip(number + 1) {
            if meet(target, later) {
                return Err(refusal(module, to[number], to[other], "written"));
            }
        }
    }
    Ok(())
}

/// Looks at the operands of an operator: `read` with the positions of their parameters, `written` in the order of the call's places.
pub(crate) fn operator(
    module: &Module,
    call: &Call,
    read: &[(Operand, usize)],
    written: &[Operand],
) -> Result<(), Refusal> {
    let is_one_by_one = ONE_BY_ONE.contains(&call.operator.category.as_str());
    for (number, (&result, place)) in written.iter().zip(&call.places).enumerate() {
        let own = access(module, result)?;
        for &(operand, parameter) in read.iter().filter(|(_, parameter)| *parameter != place.parameter) {
            let other = access(module, operand)?;
            let is_same = own.extent == other.extent && call.has_form_of(parameter, place);
            if meet(&own, &other) && !(is_one_by_one && is_same) {
                return Err(refusal(module, result, operand, "read"));
            }
        }
        for &later in &written[number + 1..] {
            if meet(&own, &access(module, later)?) {
                return Err(refusal(module, result, later, "written"));
            }
        }
    }
    Ok(())
}
