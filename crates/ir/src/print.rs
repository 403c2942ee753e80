//! The module as `.acg` text, in the one canonical form.
//!
//! What a pass prints can be read again and gives the same module, so there is no other syntax for the IR. Comments and
//! blank lines come from [`crate::module::Trivia`], which counts statements in the order in which they are printed here.
//!
//! **Invariant:** reading the printed text gives a module that prints as the same text.

mod block;
mod declaration;
mod line;
mod task;
mod value;

use crate::body::Body;
use crate::module::{GraphId, Module, TensorType};
use crate::task::{Operand, Task};
use acg_entity::Arena;
use line::Printer;

/// A printed module, and where its tasks stand.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The text.
    pub text: String,
    /// For each graph, the number of the line of each task, counted from 1.
    pub lines: Arena<GraphId, Arena<Task, u32>>,
    /// The number of the line of each task of the host program.
    pub run_lines: Arena<Task, u32>,
}

/// The text of a module.
pub fn print(module: &Module) -> String {
    print_with_lines(module).text
}

/// The text of a module, with the line of every task.
pub fn print_with_lines(module: &Module) -> Printed {
    let mut printer = Printer::new(module);
    for &item in &module.items {
        printer.item(item);
    }
    printer.finish()
}

/// One task as it is printed in a body, without its stream.
pub fn task(module: &Module, body: &Body, task: Task) -> String {
    let mut text = String::new();
    task::write(&mut text, module, body, &body.tasks[task]);
    text
}

/// A type as it is printed: `f32[4, 2]`.
pub fn tensor_type(module: &Module, ty: &TensorType) -> String {
    let mut text = String::new();
    value::tensor_type(&mut text, module, ty);
    text
}

/// An operand as it is printed: `d[0..3, 1]`.
pub fn operand(module: &Module, operand: Operand) -> String {
    let mut text = String::new();
    value::operand(&mut text, module, operand);
    text
}
