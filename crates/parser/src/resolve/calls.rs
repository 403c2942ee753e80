//! Operator calls against the operator table: which argument stands for which parameter.

use acg_ir::{ArgumentForm, List, TaskData};
use acg_operators::{Direction, MAX_PARAMETERS, Operator, Parameter, ParameterKind};

use super::{Resolved, Resolver};
use crate::check::{wrong_argument, wrong_arity, wrong_operand};
use crate::syntax::{OperandSyntax, TaskSyntax, Text, Tree};

/// What a call gives for one parameter, and where.
#[derive(Clone, Copy, Default)]
pub(super) enum Given {
    #[default]
    Nothing,
    /// Operands `start..start + count` of the call, inputs before outputs; a list where `listed`.
    Operands { start: usize, count: usize, listed: bool },
    /// A named argument.
    Named(usize),
}

/// A call with what it gives for each parameter of its operator.
pub(super) struct Call<'c> {
    pub(super) operator: &'static Operator,
    pub(super) task: &'c TaskSyntax,
    /// All operands, inputs before outputs.
    syntax: &'c [OperandSyntax],
    pub(super) given: [Given; MAX_PARAMETERS],
}

impl Call<'_> {
    /// The text to point at for parameter `at`.
    pub(super) fn place(&self, tree: &Tree, at: usize) -> Text {
        match self.given.get(at) {
            Some(&Given::Operands { start, count, .. }) if count > 0 => {
                match (self.syntax.get(start), self.syntax.get(start + count - 1)) {
                    (Some(first), Some(last)) => first.text.to(last.text),
                    _ => self.task.head,
                }
            }
            Some(&Given::Named(index)) => {
                self.task.arguments.of(&tree.attributes).get(index).map_or(self.task.head, |named| named.text)
            }
            _ => self.task.head,
        }
    }
}

/// Arguments as they are written: single tensors and lists.
fn written(
    forms: List<ArgumentForm>,
    pool: &[ArgumentForm],
    operands: usize,
) -> impl Iterator<Item = ArgumentForm> {
    let forms = forms.of(pool);
    let singles = if forms.is_empty() { operands } else { 0 };
    forms.iter().copied().chain(std::iter::repeat_n(ArgumentForm::One, singles))
}

impl Resolver<'_> {
    pub(super) fn check_call(
        &mut self,
        tree: &Tree,
        task: &TaskSyntax,
        data: &TaskData,
        operator: &'static Operator,
    ) -> Resolved<()> {
        let mut syntax = std::mem::take(&mut self.scratch.syntax);
        syntax.clear();
        syntax.extend_from_slice(task.inputs.of(&tree.operands));
        syntax.extend_from_slice(task.outputs.of(&tree.operands));
        let mut call = Call { operator, task, syntax: &syntax, given: [Given::Nothing; MAX_PARAMETERS] };
        let checked = self
            .bind_named(tree, &mut call)
            .and_then(|()| self.bind_inputs(tree, &mut call))
            .and_then(|()| self.bind_results(tree, &mut call))
            .and_then(|()| self.check_shapes(tree, &call, data));
        self.scratch.syntax = syntax;
        checked
    }

    fn bind_named(&self, tree: &Tree, call: &mut Call<'_>) -> Resolved<()> {
        for (index, argument) in call.task.arguments.of(&tree.attributes).iter().enumerate() {
            let name = self.source(argument.name);
            match call.operator.parameter(name) {
                Some((at, parameter)) if parameter.is_named() => call.given[at] = Given::Named(index),
                _ => {
                    return Err(wrong_argument::unknown(self.span(argument.name), call.operator, name).into());
                }
            }
        }
        for (at, parameter) in call.operator.attributes() {
            let is_missing = matches!(call.given[at], Given::Nothing);
            if is_missing && !parameter.optional && parameter.default.is_none() {
                let (span, operator) = (self.span(call.task.head), &call.operator.name);
                return Err(wrong_argument::missing(
                    span,
                    operator,
                    &parameter.name,
                    parameter.kind.in_words(),
                )
                .into());
            }
        }
        Ok(())
    }

    fn bind_inputs(&self, tree: &Tree, call: &mut Call<'_>) -> Resolved<()> {
        let task = call.task;
        let written = written(task.input_forms, &tree.forms, task.inputs.len());
        let wanted = call.operator.inputs();
        self.bind(call, written, wanted, 0, "input")
    }

    fn bind_results(&self, tree: &Tree, call: &mut Call<'_>) -> Resolved<()> {
        let task = call.task;
        let count = written(task.output_forms, &tree.forms, task.outputs.len()).count();
        let operator = call.operator;
        let given = call.given;
        let is_given = |at: usize| matches!(given[at], Given::Named(_));
        // A result that is optional and read too is there exactly when it is named; other optional results are all there or none.
        let present = |with_optional: bool| {
            operator.results().filter(move |&(at, parameter)| {
                match (parameter.optional, parameter.is_named()) {
                    (true, true) => is_given(at),
                    (true, false) => with_optional,
                    _ => true,
                }
            })
        };
        let with_optional = present(false).count() != count;
        let written = written(task.output_forms, &tree.forms, task.outputs.len());
        // Results that are also named or positional inputs keep what they have; the outputs are bound apart from them.
        let before = call.given;
        self.bind(call, written, present(with_optional), task.inputs.len(), "result")?;
        for (at, parameter) in operator.results() {
            if parameter.direction == Direction::InOut {
                self.same_as_input(tree, call, at, before[at])?;
                call.given[at] = before[at];
            }
        }
        Ok(())
    }

    /// Deals arguments out to parameters, one each.
    fn bind<'p>(
        &self,
        call: &mut Call<'_>,
        written: impl Iterator<Item = ArgumentForm>,
        wanted: impl Iterator<Item = (usize, &'p Parameter)> + Clone,
        first: usize,
        noun: &str,
    ) -> Resolved<()> {
        let mut start = first;
        let mut got = 0;
        let mut parameters = wanted.clone();
        let mut share = None;
        for form in written {
            got += 1;
            let (count, listed) = match form {
                ArgumentForm::One => (1, false),
                ArgumentForm::Many(count) => (count as usize, true),
            };
            if let Some((at, parameter)) = parameters.next() {
                let takes_list = parameter.kind == ParameterKind::TensorList;
                let place = call.syntax.get(start).map_or(call.task.head, |operand| operand.text);
                if takes_list != listed {
                    let (operator, text) = (&call.operator.name, self.source(place));
                    let diagnostic =
                        wrong_arity::list(self.span(place), operator, &parameter.name, takes_list, text);
                    return Err(diagnostic.into());
                }
                if listed && *share.get_or_insert(count) != count {
                    return Err(wrong_arity::uneven(self.span(place), &call.operator.name).into());
                }
                call.given[at] = Given::Operands { start, count, listed };
            }
            start += count;
        }
        let expected = wanted.clone().count();
        if got != expected {
            let names: Vec<&str> = wanted.map(|(_, parameter)| parameter.name.as_str()).collect();
            let plural = if expected == 1 { "" } else { "s" };
            let expected = match expected {
                0 => format!("no {noun}s"),
                _ => format!("{expected} {noun}{plural} ({})", names.join(", ")),
            };
            return Err(wrong_arity::diagnostic(
                self.span(call.task.head),
                &call.operator.name,
                &expected,
                got,
            )
            .into());
        }
        Ok(())
    }

    /// What is overwritten in place must be written after the arrow as it is written before it.
    fn same_as_input(&self, tree: &Tree, call: &Call<'_>, at: usize, before: Given) -> Resolved<()> {
        let Given::Operands { start: output, count, .. } = call.given[at] else { return Ok(()) };
        let input_of = |offset: usize| match before {
            Given::Operands { start, .. } => call.syntax.get(start + offset).map(|operand| operand.text),
            Given::Named(index) => {
                call.task.arguments.of(&tree.attributes).get(index).map(|named| named.text)
            }
            Given::Nothing => None,
        };
        for offset in 0..count {
            let (Some(result), Some(input)) = (call.syntax.get(output + offset), input_of(offset)) else {
                continue;
            };
            if !self.same_text(result.text, input) {
                let parameter = &call.operator.parameters()[at].name;
                let (span, input) = (self.span(result.text), self.source(input));
                return Err(wrong_operand::not_in_place(span, &call.operator.name, parameter, input).into());
            }
        }
        Ok(())
    }

    /// Whether two operands are written alike, blanks aside.
    fn same_text(&self, one: Text, other: Text) -> bool {
        let letters = |text: Text| self.source(text).chars().filter(|c| !matches!(c, ' ' | '\t'));
        letters(one).eq(letters(other))
    }
}
