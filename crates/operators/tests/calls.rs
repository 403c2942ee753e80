//! Calls that fit their operator and calls that do not, written the way `.acg` writes them, with types for names.

use acg_operators::{
    Argument, DType, MAX_PARAMETERS, Operator, ParameterKind, Tensor, Value, check, operators,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

type Operand = Option<(DType, Vec<u64>)>;

/// An attribute's value, owned.
enum Given {
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    DType(DType),
    Ints(Vec<i64>),
    Tensor(Operand),
}

/// `f32[4,2]`, or `?` for a tensor of unknown type.
fn operand(text: &str) -> Operand {
    if text == "?" {
        return None;
    }
    let (dtype, dims) = text.split_once('[').expect(text);
    let dims = dims.strip_suffix(']').expect(text).split(',').filter(|dim| !dim.is_empty());
    Some((dtype.parse().expect(text), dims.map(|dim| dim.parse().expect(text)).collect()))
}

fn value(text: &str) -> Given {
    if let Some(list) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = list.split(',').filter(|item| !item.is_empty());
        return Given::Ints(items.map(|item| item.parse().expect(text)).collect());
    }
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Given::Text(inner.to_owned());
    }
    match text {
        "true" => Given::Bool(true),
        "false" => Given::Bool(false),
        _ if text.contains('[') => Given::Tensor(operand(text)),
        _ => None
            .or_else(|| text.parse().ok().map(Given::Int))
            .or_else(|| text.parse().ok().map(Given::Float))
            .unwrap_or_else(|| Given::DType(text.parse().expect(text))),
    }
}

fn as_tensor(operand: &Operand) -> Option<Tensor<'_>> {
    operand.as_ref().map(|(dtype, dims)| Tensor { dtype: *dtype, dims })
}

fn as_argument(given: &Given) -> Argument<'_> {
    Argument::Value(match given {
        Given::Int(value) => Value::Int(*value),
        Given::Float(value) => Value::Float(*value),
        Given::Bool(value) => Value::Bool(*value),
        Given::Text(text) => Value::Text(text),
        Given::DType(dtype) => Value::DType(*dtype),
        Given::Ints(values) => Value::Ints(values),
        Given::Tensor(operand) => return as_tensor(operand).map_or(Argument::Unknown, Argument::Tensor),
    })
}

/// What one parameter gets of the operands that its binding deals to it.
fn dealt<'a>(kind: ParameterKind, operands: &'a [Option<Tensor<'a>>]) -> Argument<'a> {
    match (kind, operands) {
        (ParameterKind::TensorList, list) => Argument::Tensors(list),
        (_, [Some(tensor)]) => Argument::Tensor(*tensor),
        _ => Argument::Unknown,
    }
}

/// Checks `aclnnAdd f32[4,2] f32[2] alpha=1 -> f32[4,2]`.
fn outcome(text: &str) -> Result<(), String> {
    let (call, results) = text.split_once("->").unwrap_or((text, ""));
    let mut words = call.split_whitespace();
    let operator = Operator::find(words.next().expect(text)).expect(text);
    let (named, positional): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('='));
    let named: Vec<(usize, Given)> = named
        .iter()
        .map(|word| {
            let (name, text) = word.split_once('=').expect(word);
            (operator.parameter(name).expect(name).0, value(text))
        })
        .collect();
    let given = |at: usize| named.iter().any(|&(other, _)| other == at);
    let inputs: Vec<Operand> = positional.into_iter().map(operand).collect();
    let results: Vec<Operand> = results.split_whitespace().map(operand).collect();
    let inputs: Vec<Option<Tensor<'_>>> = inputs.iter().map(as_tensor).collect();
    let results: Vec<Option<Tensor<'_>>> = results.iter().map(as_tensor).collect();

    let mut arguments = [Argument::Absent; MAX_PARAMETERS];
    let binding = operator.bind_inputs(inputs.len()).map_err(|error| error.to_string())?;
    let mut rest = inputs.as_slice();
    for (at, parameter) in operator.inputs() {
        let (mine, others) = rest.split_at(binding.count(parameter));
        (arguments[at], rest) = (dealt(parameter.kind, mine), others);
    }
    let binding = operator.bind_results(results.len(), given).map_err(|error| error.to_string())?;
    let mut rest = results.as_slice();
    for (at, parameter) in operator.bound_results(binding, given) {
        let (mine, others) = rest.split_at(binding.count(parameter));
        (arguments[at], rest) = (dealt(parameter.kind, mine), others);
    }
    for (at, given) in &named {
        arguments[*at] = as_argument(given);
    }
    check(operator, &arguments[..operator.parameters().len()]).map_err(|error| error.message)
}

/// The examples, as the rule form in brackets above and the lines below it.
fn examples() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let text = include_str!("shape_rules.txt");
    text.split("\n[").skip(1).map(|part| {
        let (form, lines) = part.split_once("]\n").expect(part);
        (form, lines.lines().filter(|line| !line.is_empty()).collect())
    })
}

#[test]
fn every_rule_accepts_and_rejects() {
    for (form, lines) in examples() {
        let mut marks = BTreeSet::new();
        for (line, next) in lines.iter().zip(lines.iter().skip(1).chain([&""])) {
            let Some((mark @ ("fits" | "breaks"), call)) = line.trim_end().split_once(' ') else { continue };
            let operator = Operator::find(call.split_whitespace().next().unwrap()).expect(call);
            let is_of_form = |rule: &acg_operators::ShapeRule| rule.as_str().starts_with(&format!("{form}("));
            assert!(operator.shape_rules.iter().any(is_of_form), "{} does not use {form}", operator.name);
            let expected = if mark == "fits" { Ok(()) } else { Err(next.trim().to_owned()) };
            assert_eq!(outcome(call), expected, "{form}: {call}");
            marks.insert(mark);
        }
        assert_eq!(marks.len(), 2, "{form} needs a call that fits and one that does not");
    }
}

#[test]
fn every_rule_of_the_table_has_an_example() {
    let form = |rule: &str| rule.split('(').next().unwrap_or_default().to_owned();
    let rules = operators().iter().flat_map(|operator| &operator.shape_rules);
    let used: BTreeSet<String> = rules.map(|rule| form(rule.as_str())).collect();
    let shown: BTreeSet<String> = examples().map(|(form, _)| form.to_owned()).collect();
    assert_eq!(used, shown);
}

#[test]
fn data_types_are_checked() {
    for (call, message) in [
        ("aclnnAdd f16[2] bf16[2] -> f32[2]", None),
        ("aclnnAdd f32[2] i8[2] -> i32[2]", None),
        (
            "aclnnAdd u32[2] i32[2] -> i64[2]",
            Some("`other` must have a type that combines with `self`, u32, got i32"),
        ),
        (
            "aclnnAdd f32[2] f32[2] -> bool[2]",
            Some(
                "`out` must have a type that f32 (the common type of `self` and `other`) converts to, got bool",
            ),
        ),
        ("aclnnMatmul i8[2,2] i8[2,2] -> i8[2,2]", Some("`self` must have a data type of `float`, got i8")),
        ("aclnnCast f32[2] -> f16[2]", None),
        (
            "aclnnCast f32[2] dtype=bf16 -> f16[2]",
            Some("`out` must have the type that `dtype` names, bf16, got f16"),
        ),
        ("aclnnGelu f32[2] -> f16[2]", Some("`out` must have the type of `self`, f32, got f16")),
        ("aclnnArgMax f32[2] dim=0 -> f32[]", Some("`out` must have a data type of `index`, got f32")),
        ("aclnnCat f32[2] i32[2] -> f32[4]", None),
        (
            "aclnnNeg c64[2] -> f32[2]",
            Some("`out` must have a type that c64 (that of its input) converts to, got f32"),
        ),
    ] {
        assert_eq!(outcome(call).err().as_deref(), message, "{call}");
    }
}

#[test]
fn arguments_must_be_of_their_kind() {
    for (call, message) in [
        ("aclnnSoftmax f32[2] -> f32[2]", "`dim` must be an integer, got nothing"),
        ("aclnnSoftmax f32[2] dim=0.5 -> f32[2]", "`dim` must be an integer, got a number with a fraction"),
        ("aclnnPermute f32[2] dims=0 -> f32[2]", "`dims` must be a list of integers, got an integer"),
        ("aclnnAdd f32[2] -> f32[2]", "expected 2 inputs (self, other), got 1"),
        ("aclnnAdd f32[2] f32[2] -> f32[2] f32[2]", "expected 1 result (out), got 2"),
        ("aclnnCat -> f32[2]", "expected at least 1 inputs (tensors…), got 0"),
        ("aclnnArange f32[1] end=1 -> f32[1]", "expected no inputs, got 1"),
        (
            "aclnnLayerNorm f32[2] normalizedShape=[2] weightOptional=3 -> f32[2]",
            "`weightOptional` must be a tensor, got an integer",
        ),
        ("aclnnRelu f32[2] -> f32[2]", ""),
    ] {
        assert_eq!(outcome(call).err().unwrap_or_default(), message, "{call}");
    }
}

#[test]
fn lists_share_what_single_tensors_leave() {
    let operator = Operator::find("aclnnFusedInferAttentionScoreV3").unwrap();
    let binding = operator.bind_inputs(5).unwrap();
    let counts: Vec<usize> = operator.inputs().map(|(_, parameter)| binding.count(parameter)).collect();
    assert_eq!(counts, [1, 2, 2]);
    assert!(operator.bind_inputs(4).is_err());
    assert_eq!(
        outcome(
            "aclnnFusedInferAttentionScoreV3 f16[1,8,64] f16[1,8,64] f16[1,8,64] numHeads=1 -> f16[1,8,64]"
        ),
        Ok(())
    );
}

#[test]
fn unknown_types_fit_everywhere() {
    for call in
        ["aclnnAdd ? f32[2] -> f32[7]", "aclnnMatmul f16[2,3] ? -> ?", "aclnnCat ? ? dim=99 -> f32[1]"]
    {
        assert_eq!(outcome(call), Ok(()), "{call}");
    }
}

/// The broadcast of two shapes, by the definition: extents from the back, missing ones are 1.
fn broadcast(a: &[u64], b: &[u64]) -> Option<Vec<u64>> {
    let rank = a.len().max(b.len());
    let extent = |dims: &[u64], back: usize| dims.len().checked_sub(back + 1).map_or(1, |at| dims[at]);
    let pair = |back| match (extent(a, back), extent(b, back)) {
        (x, y) if x == y || y == 1 => Some(x),
        (1, y) => Some(y),
        _ => None,
    };
    (0..rank).rev().map(pair).collect()
}

fn text(dims: &[u64]) -> String {
    let dims: Vec<String> = dims.iter().map(u64::to_string).collect();
    format!("f32[{}]", dims.join(","))
}

fn shape() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(prop_oneof![Just(1), Just(2), Just(3), Just(0)], 0..5)
}

fn wild_shape() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(prop_oneof![0_u64..4, Just(u64::MAX), Just(1 << 63)], 0..20)
}

proptest! {
    #[test]
    fn addition_takes_the_broadcast_and_nothing_else(a in shape(), b in shape(), c in shape()) {
        let expected = broadcast(&a, &b);
        let call = |out: &[u64]| outcome(&format!("aclnnAdd {} {} -> {}", text(&a), text(&b), text(out)));
        if let Some(expected) = &expected {
            prop_assert_eq!(call(expected), Ok(()));
        }
        prop_assert_eq!(call(&c).is_ok(), expected.as_ref() == Some(&c));
    }

    #[test]
    fn in_place_addition_never_widens(a in shape(), b in shape()) {
        let fits = broadcast(&a, &b).as_ref() == Some(&a);
        let call = format!("aclnnInplaceAdd {0} {1} -> {0}", text(&a), text(&b));
        prop_assert_eq!(outcome(&call).is_ok(), fits);
    }

    #[test]
    fn a_product_takes_its_outer_extents(
        a in shape(), b in shape(), rows in 1_u64..4, inner in 1_u64..4, other in 1_u64..4, columns in 1_u64..4,
    ) {
        let join = |batch: &[u64], tail: [u64; 2]| [batch, &tail].concat();
        let (left, right) = (join(&a, [rows, inner]), join(&b, [other, columns]));
        let expected = broadcast(&a, &b).filter(|_| inner == other).map(|batch| join(&batch, [rows, columns]));
        let out = expected.clone().unwrap_or_else(|| join(&a, [rows, columns]));
        let call = format!("aclnnMatmul {} {} -> {}", text(&left), text(&right), text(&out));
        prop_assert_eq!(outcome(&call).is_ok(), expected.is_some());
    }

    #[test]
    fn no_call_panics(
        at in 0..operators().len(), operands in proptest::collection::vec(wild_shape(), 0..9), numbers in proptest::collection::vec(any::<i64>(), 0..5),
    ) {
        let operator = &operators()[at];
        let tensors: Vec<Option<Tensor<'_>>> =
            operands.iter().map(|dims| Some(Tensor { dtype: DType::F32, dims })).collect();
        let arguments: Vec<Argument<'_>> = operator.parameters().iter().enumerate().map(|(index, parameter)| {
            let number = numbers.get(index % 5).copied().unwrap_or(i64::MIN);
            match parameter.kind {
                ParameterKind::Tensor => tensors.get(index).copied().flatten().map_or(Argument::Absent, Argument::Tensor),
                ParameterKind::TensorList => Argument::Tensors(&tensors),
                ParameterKind::IntArray => Argument::Value(Value::Ints(&numbers)),
                ParameterKind::Bool => Argument::Value(Value::Bool(number < 0)),
                ParameterKind::DType => Argument::Value(Value::DType(DType::F32)),
                _ => Argument::Value(Value::Int(number)),
            }
        }).collect();
        let _ = check(operator, &arguments);
    }
}
