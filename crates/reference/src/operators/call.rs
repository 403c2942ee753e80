//! One call of an operator: what it gives for each parameter, and where results go.

use std::cell::Cell;

use acg_operators::{DType, Default, Operator};

use crate::number::Number;

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) String);

impl Refusal {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// A tensor, read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Array {
    pub(crate) dtype: DType,
    pub(crate) shape: Vec<usize>,
    /// Row-major.
    pub(crate) values: Vec<Number>,
}

impl Array {
    /// The element at an index, which an operator computed.
    pub(crate) fn at(&self, index: usize) -> Result<Number, Refusal> {
        self.values.get(index).copied().ok_or_else(|| Refusal::new("an index leaves its tensor"))
    }

    /// The only element.
    pub(crate) fn single(&self) -> Result<Number, Refusal> {
        match *self.values {
            [value] => Ok(value),
            _ => Err(Refusal::new("a tensor has more elements than the one that is used")),
        }
    }
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Setting {
    Number(Number),
    Numbers(Vec<Number>),
    Text(String),
    DType(DType),
}

/// What a call gives for one parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    Absent,
    Tensor(Array),
    Tensors(Vec<Array>),
    Setting(Setting),
}

/// Where a result goes.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The position of its parameter.
    pub(crate) parameter: usize,
    pub(crate) dtype: DType,
    pub(crate) shape: Vec<usize>,
    /// What the operator gave; nothing where it leaves the memory as it is, fewer elements than there are where it leaves the rest.
    pub(crate) values: Option<Vec<Number>>,
}

impl Place {
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }
}

/// A call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// How many elements may still be worked on.
    pub(crate) budget: Cell<u64>,
    pub(crate) operator: &'static Operator,
    /// In the order of the operator's parameters.
    pub(crate) arguments: Vec<Argument>,
    /// In the order of the operator's results; those of a list one after the other.
    pub(crate) places: Vec<Place>,
}

impl Call {
    /// Takes work on `elements` elements off the budget.
    pub(crate) fn spend(&self, elements: u64) -> Result<(), Refusal> {
        let left = self.budget.get().checked_sub(elements);
        let left =
            left.ok_or_else(|| Refusal::new("it takes more steps than are allowed; `--steps` allows more"))?;
        self.budget.set(left);
        Ok(())
    }

    fn position(&self, name: &str) -> Result<usize, Refusal> {
        let found = self.operator.parameter(name).map(|(at, _)| at);
        found.ok_or_else(|| Refusal::new(format!("there is no parameter `{name}`")))
    }

    fn argument(&self, name: &str) -> Result<&Argument, Refusal> {
        Ok(self.arguments.get(self.position(name)?).unwrap_or(&Argument::Absent))
    }

    /// The tensor given for a parameter.
    pub(crate) fn tensor(&self, name: &str) -> Result<&Array, Refusal> {
        self.optional(name)?.ok_or_else(|| Refusal::new(format!("`{name}` is not given")))
    }

    /// The tensor given for a parameter, if there is one.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<&Array>, Refusal> {
        match self.argument(name)? {
            Argument::Tensor(array) => Ok(Some(array)),
            _ => Ok(None),
        }
    }

    /// Whether what is given for the parameter at a position has the type and shape of a result.
    pub(crate) fn has_form_of(&self, parameter: usize, place: &Place) -> bool {
        let is_alike = |array: &Array| array.dtype == place.dtype && array.shape == place.shape;
        match self.arguments.get(parameter) {
            Some(Argument::Tensor(array)) => is_alike(array),
            Some(Argument::Tensors(arrays)) => arrays.iter().all(is_alike),
            _ => false,
        }
    }

    /// The tensor given for a parameter, if the operator has such a one and it is given.
    pub(crate) fn possible(&self, name: &str) -> Option<&Array> {
        self.optional(name).ok().flatten()
    }

    /// Refuses what is given besides `computed`: tensors that an operator takes and that acg does not compute with.
    pub(crate) fn nothing_besides(&self, computed: &[&str]) -> Result<(), Refusal> {
        for (parameter, argument) in self.operator.parameters().iter().zip(&self.arguments) {
            let is_given = matches!(argument, Argument::Tensor(_) | Argument::Tensors(_));
            if is_given && !parameter.is_result() && !computed.contains(&parameter.name.as_str()) {
                return Err(Refusal::new(format!("acg does not compute this with `{}`", parameter.name)));
            }
        }
        Ok(())
    }

    /// The first tensor: `self`, or what an operator in place calls so.
    pub(crate) fn subject(&self) -> Result<&Array, Refusal> {
        let first = self.arguments.iter().find_map(|argument| match argument {
            Argument::Tensor(array) => Some(array),
            _ => None,
        });
        first.ok_or_else(|| Refusal::new("no tensor is given"))
    }

    /// The tensors given for a list.
    pub(crate) fn tensors(&self, name: &str) -> Result<&[Array], Refusal> {
        match self.argument(name)? {
            Argument::Tensors(arrays) => Ok(arrays),
            _ => Err(Refusal::new(format!("`{name}` is not given"))),
        }
    }

    /// The number given for a parameter, or its default.
    pub(crate) fn number(&self, name: &str) -> Result<Number, Refusal> {
        self.maybe(name)?.ok_or_else(|| Refusal::new(format!("`{name}` is not given")))
    }

    /// The number given for a parameter or its default, if there is one.
    pub(crate) fn maybe(&self, name: &str) -> Result<Option<Number>, Refusal> {
        let at = self.position(name)?;
        Ok(match self.arguments.get(at) {
            Some(Argument::Setting(Setting::Number(number))) => Some(*number),
            _ => match self.operator.parameters().get(at).and_then(|parameter| parameter.default.as_ref()) {
                Some(&Default::Int(value)) => Some(Number::Int(value.into())),
                Some(&Default::Float(value, _)) => Some(Number::Real(value)),
                Some(&Default::Bool(value)) => Some(Number::truth(value)),
                _ => None,
            },
        })
    }

    /// An integer.
    pub(crate) fn int(&self, name: &str) -> Result<i64, Refusal> {
        let number = self.number(name)?;
        i64::try_from(number.int()).map_err(|_| Refusal::new(format!("`{name}` is too large")))
    }

    /// A truth value.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.number(name)?.holds())
    }

    /// A list of integers; none where it is not given.
    pub(crate) fn ints(&self, name: &str) -> Result<Vec<i64>, Refusal> {
        let at = self.position(name)?;
        let default = self.operator.parameters().get(at).and_then(|parameter| parameter.default.as_ref());
        match (self.arguments.get(at), default) {
            (Some(Argument::Setting(Setting::Numbers(numbers))), _) => {
                Ok(numbers.iter().map(|number| number.int() as i64).collect())
            }
            (_, Some(Default::Ints(values))) => Ok(values.clone()),
            _ => Ok(Vec::new()),
        }
    }

    /// A text, or its default; none where there is neither.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Refusal> {
        let at = self.position(name)?;
        let default = self.operator.parameters().get(at).and_then(|parameter| parameter.default.as_ref());
        match (self.arguments.get(at), default) {
            (Some(Argument::Setting(Setting::Text(text))), _) | (_, Some(Default::Text(text))) => Ok(text),
            _ => Ok(""),
        }
    }

    /// The first result.
    pub(crate) fn result(&self) -> Result<&Place, Refusal> {
        self.places.first().ok_or_else(|| Refusal::new("no result is taken"))
    }

    /// Gives the first result.
    pub(crate) fn give(&mut self, values: Vec<Number>) -> Result<(), Refusal> {
        self.give_at(0, values)
    }

    /// Gives a result, if it is taken.
    pub(crate) fn give_to(&mut self, name: &str, values: Vec<Number>) -> Result<(), Refusal> {
        let at = self.position(name)?;
        let index = self.places.iter().position(|place| place.parameter == at);
        index.map_or(Ok(()), |index| self.give_at(index, values))
    }

    /// Gives the first elements of a result, if it is taken; the others are what they were.
    pub(crate) fn give_start_of(&mut self, name: &str, values: Vec<Number>) -> Result<(), Refusal> {
        let at = self.position(name)?;
        let Some(place) = self.places.iter_mut().find(|place| place.parameter == at) else { return Ok(()) };
        if values.len() > place.len() {
            return Err(Refusal::new(format!("`{name}` has fewer than the {} elements given", values.len())));
        }
        place.values = Some(values);
        Ok(())
    }

    /// Gives the result at a place.
    pub(crate) fn give_at(&mut self, index: usize, values: Vec<Number>) -> Result<(), Refusal> {
        let place = self.places.get_mut(index).ok_or_else(|| Refusal::new("a result has no place"))?;
        if place.len() != values.len() {
            let (expected, got) = (place.len(), values.len());
            return Err(Refusal::new(format!("a result of {got} elements does not fit one of {expected}")));
        }
        place.values = Some(values);
        Ok(())
    }
}
