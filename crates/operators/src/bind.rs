//! Which operand of a call stands for which C parameter.
//!
//! Operands follow parameter order. A list parameter takes what the single tensors leave over; several lists share it
//! equally, because the operators that have several (grouped products) pair their elements.

use crate::{Operator, Parameter, ParameterKind};
use std::fmt;

/// A call with the wrong number of operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArityError {
    /// What is wanted, in words: `2 inputs (self, other)`.
    pub expected: String,
    /// How many the call gives.
    pub got: usize,
}

impl fmt::Display for ArityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, got {}", self.expected, self.got)
    }
}

impl std::error::Error for ArityError {}

/// How operands are dealt out to parameters: each single tensor takes one, each list takes `share`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Operands per list parameter.
    pub share: usize,
    /// Whether results that may be null are among the operands.
    pub with_optional: bool,
}

impl Binding {
    /// How many operands `parameter` takes.
    pub fn count(self, parameter: &Parameter) -> usize {
        if parameter.kind == ParameterKind::TensorList { self.share } else { 1 }
    }

    fn deal<'a>(parameters: impl Iterator<Item = (usize, &'a Parameter)>, count: usize) -> Option<Self> {
        let mut singles = 0;
        let mut lists = 0;
        for (_, parameter) in parameters {
            if parameter.kind == ParameterKind::TensorList { lists += 1 } else { singles += 1 }
        }
        let rest = count.checked_sub(singles)?;
        let fits = if lists == 0 { rest == 0 } else { rest >= lists && rest % lists == 0 };
        fits.then_some(Self { share: rest.checked_div(lists).unwrap_or(0), with_optional: true })
    }
}

impl Operator {
    /// Deals `count` positional operands out to [`Operator::inputs`].
    ///
    /// # Errors
    /// Says how many operands the operator takes where `count` cannot be dealt out.
    pub fn bind_inputs(&self, count: usize) -> Result<Binding, ArityError> {
        Binding::deal(self.inputs(), count)
            .ok_or_else(|| ArityError { expected: in_words(&self.inputs(), "input"), got: count })
    }

    /// Deals `count` operands after the arrow out to the results that [`Operator::bound_results`] names.
    ///
    /// Results that may be null are all given or all left out. `given` says whether a call names the parameter at a position,
    /// for tensors that are optional and both read and written.
    ///
    /// # Errors
    /// Says how many results the operator gives where `count` cannot be dealt out.
    pub fn bind_results(
        &self,
        count: usize,
        given: impl Fn(usize) -> bool + Copy,
    ) -> Result<Binding, ArityError> {
        for with_optional in [true, false] {
            let binding = Binding { share: 0, with_optional };
            if let Some(dealt) = Binding::deal(self.bound_results(binding, given), count) {
                return Ok(Binding { with_optional, ..dealt });
            }
        }
        Err(ArityError { expected: in_words(&self.results(), "result"), got: count })
    }

    /// The result parameters that a binding gives operands to, in order.
    pub fn bound_results(
        &self,
        binding: Binding,
        given: impl Fn(usize) -> bool + Copy,
    ) -> impl Iterator<Item = (usize, &Parameter)> {
        self.results().filter(move |&(at, parameter)| match (parameter.optional, parameter.is_named()) {
            (true, true) => given(at),
            (true, false) => binding.with_optional,
            _ => true,
        })
    }
}

fn in_words<'a>(parameters: &(impl Iterator<Item = (usize, &'a Parameter)> + Clone), noun: &str) -> String {
    let names: Vec<String> = parameters
        .clone()
        .map(|(_, parameter)| match (parameter.kind, parameter.optional) {
            (ParameterKind::TensorList, _) => format!("{}…", parameter.name),
            (_, true) => format!("{}?", parameter.name),
            _ => parameter.name.clone(),
        })
        .collect();
    let at_least = parameters.clone().any(|(_, parameter)| parameter.kind == ParameterKind::TensorList);
    let plural = if names.len() == 1 && !at_least { "" } else { "s" };
    match names.len() {
        0 => format!("no {noun}s"),
        count => {
            format!(
                "{}{count} {noun}{plural} ({})",
                if at_least { "at least " } else { "" },
                names.join(", ")
            )
        }
    }
}
