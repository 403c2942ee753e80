//! What must hold among the data types of one call. Promotion and conversion: ACL operator reference.

use super::{Outcome, Stop, split_rule};
use crate::check::Call;
use crate::dtype::Kind;
use crate::{DType, Parameter, Value};
use std::fmt;

/// How data types depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Same,
    Promote,
    Convert,
    Named,
}

/// A rule on the data types of one operator's calls.
#[derive(Clone)]
pub struct DTypeRule {
    form: Form,
    given: Vec<usize>,
    results: Vec<usize>,
    text: String,
}

impl fmt::Debug for DTypeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl DTypeRule {
    /// The rule as the table writes it: `promote(self, other) -> out`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn parse(text: &str, parameters: &[Parameter]) -> Result<Self, String> {
        let (name, given, results) = split_rule(text, parameters)?;
        let form = match name {
            "same" => Form::Same,
            "promote" => Form::Promote,
            "convert" => Form::Convert,
            "named" => Form::Named,
            _ => return Err(format!("`{name}` is no data type rule")),
        };
        let position = |given| match given {
            super::Given::Parameter(at) => Ok(at),
            super::Given::Number(_) => Err(format!("`{text}`: a data type rule takes parameters only")),
        };
        let given = given.into_iter().map(position).collect::<Result<_, _>>()?;
        Ok(Self { form, given, results, text: text.to_owned() })
    }

    pub(crate) fn check(&self, call: &Call<'_>) -> Outcome {
        match self.form {
            Form::Same => self.same(call),
            Form::Promote => self.promote(call),
            Form::Convert => self.convert(call, self.first(call)?.1, || String::from("that of its input")),
            Form::Named => self.named(call),
        }
    }

    /// The first given tensor whose type is known.
    fn first(&self, call: &Call<'_>) -> Result<(usize, DType), Stop> {
        let known = |&at: &usize| call.dtypes(at).next().map(|dtype| (at, dtype));
        self.given.iter().find_map(known).ok_or(Stop::Unknown)
    }

    /// All tensors have one type.
    fn same(&self, call: &Call<'_>) -> Outcome {
        let (first, dtype) = self.first(call)?;
        for &at in self.given.iter().chain(&self.results) {
            if let Some(got) = call.dtypes(at).find(|&got| got != dtype) {
                let message = format!(
                    "`{}` must have the type of `{}`, {dtype}, got {got}",
                    call.name(at),
                    call.name(first)
                );
                return Err(Call::breach(at, message));
            }
        }
        Ok(())
    }

    /// The given types have a common type, which converts to each result's.
    fn promote(&self, call: &Call<'_>) -> Outcome {
        let (first, mut common) = self.first(call)?;
        for &at in &self.given {
            for got in call.dtypes(at) {
                common = promoted(common, got).ok_or_else(|| {
                    let message = format!(
                        "`{}` must have a type that combines with `{}`, {common}, got {got}",
                        call.name(at),
                        call.name(first)
                    );
                    Call::breach(at, message)
                })?;
            }
        }
        self.convert(call, common, || format!("the common type of {}", self.names(call)))
    }

    fn convert(&self, call: &Call<'_>, from: DType, what: impl Fn() -> String) -> Outcome {
        for &at in &self.results {
            if let Some(got) = call.dtypes(at).find(|&got| !converts(from, got)) {
                let message = format!(
                    "`{}` must have a type that {from} ({}) converts to, got {got}",
                    call.name(at),
                    what()
                );
                return Err(Call::breach(at, message));
            }
        }
        Ok(())
    }

    /// Each result has the type that an attribute names.
    fn named(&self, call: &Call<'_>) -> Outcome {
        let &attribute = self.given.first().ok_or(Stop::Unknown)?;
        let Value::DType(dtype) = call.value(attribute)? else { return Err(Stop::Unknown) };
        for &at in &self.results {
            if let Some(got) = call.dtypes(at).find(|&got| got != dtype) {
                let message = format!(
                    "`{}` must have the type that `{}` names, {dtype}, got {got}",
                    call.name(at),
                    call.name(attribute)
                );
                return Err(Call::breach(at, message));
            }
        }
        Ok(())
    }

    fn names(&self, call: &Call<'_>) -> String {
        let names: Vec<String> = self.given.iter().map(|&at| format!("`{}`", call.name(at))).collect();
        names.join(" and ")
    }
}

/// Whether an operator converts a result of type `from` to one of type `to`.
pub(crate) fn converts(from: DType, to: DType) -> bool {
    if from == to {
        return true;
    }
    match (from.kind(), to.kind()) {
        (Kind::Storage, _) | (_, Kind::Storage | Kind::Bool) => false,
        (Kind::Complex, to) => to == Kind::Complex,
        _ => true,
    }
}

/// The type in which an operator computes with `a` and `b`; `None` where they do not combine.
pub fn promoted(a: DType, b: DType) -> Option<DType> {
    use DType as D;
    if a == b {
        return Some(a);
    }
    let lone = |dtype| matches!(dtype, D::U16 | D::U32 | D::U64) || rank(dtype).is_none();
    if lone(a) || lone(b) {
        return None;
    }
    let (low, high) = if rank(a) <= rank(b) { (a, b) } else { (b, a) };
    Some(match (low, high) {
        (D::I8, D::U8) => D::I16,
        (D::F16, D::Bf16) => D::F32,
        (D::F64, D::C32 | D::C64) => D::C128,
        (D::F32 | D::Bf16, D::C32) => D::C64,
        _ => high,
    })
}

/// A type's place in the order of promotion.
fn rank(dtype: DType) -> Option<u8> {
    use DType as D;
    let order = [
        D::Bool,
        D::I8,
        D::U8,
        D::I16,
        D::I32,
        D::I64,
        D::F16,
        D::Bf16,
        D::F32,
        D::F64,
        D::C32,
        D::C64,
        D::C128,
    ];
    order.iter().position(|&other| other == dtype).map(|at| at as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promotion_is_symmetric_and_idempotent() {
        for a in DType::all() {
            assert_eq!(promoted(a, a), Some(a));
            for b in DType::all() {
                assert_eq!(promoted(a, b), promoted(b, a), "{a} {b}");
            }
        }
    }

    #[test]
    fn promotion_follows_the_reference() {
        use DType as D;
        for (a, b, expected) in [
            (D::F16, D::Bf16, Some(D::F32)),
            (D::I8, D::U8, Some(D::I16)),
            (D::I64, D::F16, Some(D::F16)),
            (D::Bool, D::I8, Some(D::I8)),
            (D::C64, D::F64, Some(D::C128)),
            (D::C64, D::F32, Some(D::C64)),
            (D::U32, D::I32, None),
            (D::I4, D::I8, None),
        ] {
            assert_eq!(promoted(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn nothing_converts_to_bool_and_complex_stays_complex() {
        assert!(converts(DType::F32, DType::I8));
        assert!(converts(DType::Bool, DType::C64));
        assert!(!converts(DType::I32, DType::Bool));
        assert!(!converts(DType::C64, DType::F32));
    }
}
