//! What must hold among the shapes and data types of one call, as rules that the table names.
//!
//! A rule in the table reads `form(given, …) -> results`, as in `broadcast(self, other) -> out`; each argument is a parameter of
//! the operator or an integer. The forms are the [`FORMS`] table, one file per family.
//!
//! **Invariant:** a rule that lacks something it needs to know stops with [`Stop::Unknown`] and is not broken.

mod create;
mod dims;
mod dtypes;
mod elementwise;
mod index;
mod layout;
mod matrix;
mod normalisation;
mod reduction;
mod window;

use crate::check::{Call, CallError};
use crate::{Parameter, Tensor};
pub(crate) use dims::Dims;
pub use dtypes::{DTypeRule, promoted};
use std::fmt;

/// Why a rule ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something it needs is not known.
    Unknown,
    /// It is broken.
    Breach(Box<CallError>),
}

/// What a rule's function gives.
pub(crate) type Outcome = Result<(), Stop>;

/// One argument of a rule: a parameter of the operator, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    Parameter(usize),
    Number(i64),
}

/// One form of rule.
pub(crate) struct Form {
    name: &'static str,
    /// How many arguments it takes, `None` for one or more tensors.
    arity: Option<usize>,
    /// What it demands, in words; `{0}`, `{1}` … are the arguments, `{*}` all of them, `{rest}` all but the first,
    /// `{>}` the results and `{all}` arguments and results.
    words: &'static str,
    check: fn(&Rule<'_>) -> Outcome,
}

/// Every form.
static FORMS: &[&[Form]] = &[
    elementwise::FORMS,
    matrix::FORMS,
    reduction::FORMS,
    normalisation::FORMS,
    layout::FORMS,
    index::FORMS,
    window::FORMS,
    create::FORMS,
];

/// A rule of one operator.
#[derive(Clone)]
pub struct ShapeRule {
    form: &'static Form,
    given: Vec<Given>,
    results: Vec<usize>,
    text: String,
    words: String,
}

impl ShapeRule {
    /// The rule as the table writes it: `broadcast(self, other) -> out`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the rule demands, in words.
    pub fn in_words(&self) -> &str {
        &self.words
    }

    pub(crate) fn parse(text: &str, parameters: &[Parameter]) -> Result<Self, String> {
        let (name, given, results) = split_rule(text, parameters)?;
        let form = FORMS
            .iter()
            .copied()
            .flatten()
            .find(|form| form.name == name)
            .ok_or_else(|| format!("`{name}` is no shape rule"))?;
        if form.arity.is_some_and(|arity| arity != given.len()) {
            return Err(format!("`{text}`: `{name}` takes another number of arguments"));
        }
        let words = fill_in(form.words, &given, &results, parameters);
        Ok(Self { form, given, results, text: text.to_owned(), words })
    }

    pub(crate) fn check(&self, call: &Call<'_>) -> Outcome {
        (self.form.check)(&Rule { call, given: &self.given, results: &self.results })
    }
}

impl fmt::Debug for ShapeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Splits `form(a, b) -> c, d` and resolves its names.
fn split_rule<'t>(
    text: &'t str,
    parameters: &[Parameter],
) -> Result<(&'t str, Vec<Given>, Vec<usize>), String> {
    let position = |name: &str| {
        parameters
            .iter()
            .position(|parameter| parameter.name == name)
            .ok_or_else(|| format!("`{text}`: no parameter `{name}`"))
    };
    let names = |list: &'t str| list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let (head, results) = text.split_once("->").unwrap_or((text, ""));
    let (name, rest) = head.split_once('(').ok_or_else(|| format!("`{text}`: expected `form(arguments)`"))?;
    let list = rest.trim_end().strip_suffix(')').ok_or_else(|| format!("`{text}`: expected `)`"))?;
    let given = names(list)
        .map(|word| word.parse().map(Given::Number).or_else(|_| position(word).map(Given::Parameter)))
        .collect::<Result<_, _>>()?;
    let results = names(results).map(position).collect::<Result<_, _>>()?;
    Ok((name.trim(), given, results))
}

/// Puts names into a form's words.
fn fill_in(words: &str, given: &[Given], results: &[usize], parameters: &[Parameter]) -> String {
    let name = |at: usize| format!("`{}`", parameters[at].name);
    let shown = |given: &Given| match *given {
        Given::Parameter(at) => name(at),
        Given::Number(value) => value.to_string(),
    };
    let mut text = words.to_owned();
    for (index, argument) in given.iter().enumerate() {
        text = text.replace(&format!("{{{index}}}"), &shown(argument));
    }
    let join = |list: &[String]| match list {
        [init @ .., last] if !init.is_empty() => format!("{} and {last}", init.join(", ")),
        list => list.concat(),
    };
    let given: Vec<String> = given.iter().map(shown).collect();
    let results: Vec<String> = results.iter().map(|&at| name(at)).collect();
    text.replace("{*}", &join(&given))
        .replace("{rest}", &join(given.get(1..).unwrap_or_default()))
        .replace("{>}", &join(&results))
        .replace("{all}", &join(&[given, results].concat()))
}

/// A rule at work on a call.
pub(crate) struct Rule<'a> {
    call: &'a Call<'a>,
    given: &'a [Given],
    results: &'a [usize],
}

impl<'a> Rule<'a> {
    /// The parameter that argument `index` names.
    fn at(&self, index: usize) -> Result<usize, Stop> {
        match self.given.get(index) {
            Some(&Given::Parameter(at)) => Ok(at),
            _ => Err(Stop::Unknown),
        }
    }

    fn tensor(&self, index: usize) -> Result<Tensor<'a>, Stop> {
        self.call.tensor(self.at(index)?)
    }

    fn dims(&self, index: usize) -> Result<&'a [u64], Stop> {
        self.tensor(index).map(|tensor| tensor.dims)
    }

    fn tensors(&self, index: usize) -> Result<&'a [Option<Tensor<'a>>], Stop> {
        self.call.tensors(self.at(index)?)
    }

    fn int(&self, index: usize) -> Result<i64, Stop> {
        match self.given.get(index) {
            Some(&Given::Number(value)) => Ok(value),
            _ => self.call.int(self.at(index)?),
        }
    }

    fn flag(&self, index: usize) -> Result<bool, Stop> {
        match self.given.get(index) {
            Some(&Given::Number(value)) => Ok(value != 0),
            _ => self.call.flag(self.at(index)?),
        }
    }

    fn ints(&self, index: usize) -> Result<&'a [i64], Stop> {
        self.call.ints(self.at(index)?)
    }

    fn name(&self, index: usize) -> &'a str {
        self.at(index).map_or("", |at| self.call.name(at))
    }

    /// A breach at argument `index`.
    fn breach(&self, index: usize, message: String) -> Stop {
        self.at(index).map_or(Stop::Unknown, |at| Call::breach(at, message))
    }

    /// Argument `index` counted from the front, as an axis of a tensor of `rank` dimensions.
    fn axis(&self, index: usize, rank: usize) -> Result<usize, Stop> {
        let axis = self.int(index)?;
        resolve_axis(axis, rank).ok_or_else(|| {
            let at = self.at(index).or_else(|_| self.at(0));
            let message = out_of_range(self.name(index), axis, rank);
            at.map_or(Stop::Unknown, |at| Call::breach(at, message))
        })
    }

    /// Every result must have the shape `expected`; `why` says where that comes from.
    fn results_are(&self, expected: &[u64], why: impl Fn() -> String) -> Outcome {
        for &at in self.results {
            let Ok(tensor) = self.call.tensor(at) else { continue };
            if tensor.dims != expected {
                let got = Dims::show(tensor.dims);
                let message = format!(
                    "`{}` must have shape {} ({}), got {got}",
                    self.call.name(at),
                    Dims::show(expected),
                    why()
                );
                return Err(Call::breach(at, message));
            }
        }
        Ok(())
    }
}

/// `axis` counted from the front; negative ones count from the back.
fn resolve_axis(axis: i64, rank: usize) -> Option<usize> {
    // A scalar takes the axes of a vector.
    let rank = i64::try_from(rank.max(1)).ok()?;
    (-rank <= axis && axis < rank).then(|| usize::try_from(axis.rem_euclid(rank)).ok()).flatten()
}

fn out_of_range(name: &str, axis: i64, rank: usize) -> String {
    let rank = rank.max(1);
    format!("`{name}` must be from -{rank} to {}, got {axis}", rank - 1)
}
