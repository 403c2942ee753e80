//! One operator, executed by itself.

#![allow(clippy::format_push_string, reason = "a short text, put together once")]

use acg_reference::Options;

use super::{execute, printed};

/// Runs one operator: each input is a name, a type and its values; the outputs are printed.
pub(crate) fn compute(inputs: &[(&str, &str, &str)], outputs: &[(&str, &str)], call: &str) -> Vec<String> {
    let text = program(inputs, outputs, call);
    printed(&text).into_iter().map(|line| line.replace("_h = ", " = ")).collect()
}

fn program(inputs: &[(&str, &str, &str)], outputs: &[(&str, &str)], call: &str) -> String {
    let mut declared = String::new();
    for (name, ty) in inputs.iter().map(|input| (input.0, input.1)).chain(outputs.iter().copied()) {
        if !declared.contains(&format!("device {name} ")) {
            declared += &format!("host {name}_h : {ty} pinned\ndevice {name} : {ty}\n");
        }
    }
    let mut run = String::new();
    for (name, _, values) in inputs {
        run += &format!("  init {name}_h = {values}\n  main: copy {name}_h -> {name}\n");
    }
    run += &format!("  main: {call}\n");
    for (name, _) in outputs {
        run += &format!("  main: copy {name} -> {name}_h\n");
    }
    run += "  sync main\n";
    for (name, _) in outputs {
        run += &format!("  print {name}_h\n");
    }
    format!("{declared}stream main\nrun {{\n{run}}}\n")
}

/// Why an operator is refused.
pub(crate) fn refusal(inputs: &[(&str, &str, &str)], outputs: &[(&str, &str)], call: &str) -> String {
    execute(&program(inputs, outputs, call), &Options::default()).expect_err("it is refused").message
}
