//! Which operand or value of a call stands for which C parameter of an operator's first phase.

use crate::list::RareList;
use crate::module::Module;
use crate::task::{ArgumentForm, Operand, TaskData, Value};
use acg_operators::{Binding, Direction, Operator, Parameter, ParameterKind};

/// What a call gives for one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given<'m> {
    /// Nothing: the parameter's default, or a null pointer.
    Absent,
    /// A tensor.
    Tensor(Operand),
    /// A list of tensors.
    Tensors(&'m [Operand]),
    /// An attribute; for a list of tensors a list of operands.
    Value(Value),
}

/// Calls `visit` for every parameter of `operator` in C order with what `data` gives for it.
///
/// Returns whether the operands fit the parameters; where they do not, what is missing is [`Given::Absent`].
pub fn for_each_parameter<'m>(
    module: &'m Module,
    operator: &'static Operator,
    data: &TaskData,
    mut visit: impl FnMut(&'static Parameter, Given<'m>),
) -> bool {
    deal(module, operator, data, |parameter, given, _| visit(parameter, given))
}

/// Whether all that `operator` overwrites in place is the same bytes before and after the arrow: for the call it is one tensor.
pub fn overwrites_what_it_reads(module: &Module, operator: &'static Operator, data: &TaskData) -> bool {
    let mut is_same = true;
    deal(module, operator, data, |parameter, read, written| {
        if parameter.direction == Direction::InOut {
            let (read, written) = (operands(&read), operands(&written));
            let bytes = |operands: &[Operand]| -> Vec<_> {
                operands.iter().map(|&operand| module.access(operand).ok()).collect()
            };
            // What is left out on one side does not fit the parameters, which is another matter.
            is_same &= read.len() != written.len() || bytes(read) == bytes(written);
        }
    });
    is_same
}

fn operands<'g>(given: &'g Given<'_>) -> &'g [Operand] {
    match given {
        Given::Tensor(operand) | Given::Value(Value::Operand(operand)) => std::slice::from_ref(operand),
        Given::Tensors(operands) => operands,
        Given::Absent | Given::Value(_) => &[],
    }
}

/// Calls `visit` for every parameter with what is given for it, and what is given after the arrow.
fn deal<'m>(
    module: &'m Module,
    operator: &'static Operator,
    data: &TaskData,
    mut visit: impl FnMut(&'static Parameter, Given<'m>, Given<'m>),
) -> bool {
    let named = |parameter: &Parameter| {
        let arguments = module.arguments(data);
        arguments
            .iter()
            .find(|argument| module.text(argument.name) == parameter.name)
            .map(|argument| &argument.value)
    };
    let is_given =
        |at: usize| operator.parameters().get(at).is_some_and(|parameter| named(parameter).is_some());
    let inputs = data.inputs.of(&module.operands);
    let outputs = data.outputs.of(&module.operands);
    let input_binding = operator.bind_inputs(inputs.len());
    let result_binding = operator.bind_results(outputs.len(), is_given);
    let mut fits = input_binding.is_ok() && result_binding.is_ok();
    let unbound = Binding { share: 1, with_optional: false };
    let (input_binding, result_binding) =
        (input_binding.unwrap_or(unbound), result_binding.unwrap_or(unbound));
    let mut inputs = Dealer::new(module, inputs, data.input_forms, input_binding);
    let mut outputs = Dealer::new(module, outputs, data.output_forms, result_binding);
    for (at, parameter) in operator.parameters().iter().enumerate() {
        let result = parameter.is_result()
            && match (parameter.optional, parameter.is_named()) {
                (true, true) => is_given(at),
                (true, false) => result_binding.with_optional,
                _ => true,
            };
        // A parameter that is read and written is given on both sides; the side that is read decides.
        let written = if result { outputs.next(parameter) } else { Given::Absent };
        let given = if parameter.is_positional() {
            inputs.next(parameter)
        } else if parameter.direction == Direction::Out {
            written
        } else {
            named(parameter).map_or(Given::Absent, |value| match value {
                Value::Operand(operand) if parameter.kind == ParameterKind::TensorList => {
                    Given::Tensors(std::slice::from_ref(operand))
                }
                Value::Operand(operand) => Given::Tensor(*operand),
                other => Given::Value(*other),
            })
        };
        visit(parameter, given, written);
    }
    fits &= inputs.is_empty() && outputs.is_empty();
    fits
}

/// Hands operands out in order.
struct Dealer<'m> {
    rest: &'m [Operand],
    forms: &'m [ArgumentForm],
    binding: Binding,
}

impl<'m> Dealer<'m> {
    fn new(module: &'m Module, rest: &'m [Operand], forms: RareList<ArgumentForm>, binding: Binding) -> Self {
        Self { rest, forms: module.rare_lists.list(forms).of(&module.argument_forms), binding }
    }

    fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn next(&mut self, parameter: &Parameter) -> Given<'m> {
        let count = match self.forms.split_first() {
            Some((form, rest)) => {
                self.forms = rest;
                match *form {
                    ArgumentForm::One => 1,
                    ArgumentForm::Many(count) => count as usize,
                }
            }
            None => self.binding.count(parameter),
        };
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        match (parameter.kind, taken) {
            (ParameterKind::TensorList, _) => Given::Tensors(taken),
            (_, &[operand, ..]) => Given::Tensor(operand),
            (_, []) => Given::Absent,
        }
    }
}
