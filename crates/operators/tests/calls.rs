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

/// For each rule form: a call that fits, a call that does not, and what is said about it.
const EXAMPLES: &[(&str, &str, &str, &str)] = &[
    (
        "same",
        "aclnnExp f32[4,2] -> f32[4,2]",
        "aclnnExp f32[4,2] -> f32[2,4]",
        "`out` must have shape [4, 2] (that of `self`), got [2, 4]",
    ),
    (
        "same",
        "aclnnAddRmsNorm f16[2,8] f16[2,8] f16[8] -> f16[2,8] f32[2,1] f16[2,8]",
        "aclnnAddRmsNorm f16[2,8] f16[3,8] f16[8] -> f16[2,8] f32[2,1] f16[2,8]",
        "`x2` must have the shape of `x1`, [2, 8], got [3, 8]",
    ),
    (
        "broadcast",
        "aclnnAdd f32[4,1] f32[2] alpha=1.1 -> f32[4,2]",
        "aclnnAdd f32[4,3] f32[2] -> f32[4,3]",
        "`other` must broadcast with `self` [4, 3], got [2]",
    ),
    (
        "broadcast",
        "aclnnSWhere bool[1] f32[4,1] f32[4] -> f32[4,4]",
        "aclnnAdd f32[4] f32[4] -> f32[1,4]",
        "`out` must have shape [4] (the broadcast of `self` and `other`), got [1, 4]",
    ),
    (
        "broadcast_into",
        "aclnnInplaceAdd f32[4,2] f32[2] -> f32[4,2]",
        "aclnnInplaceAdd f32[2] f32[4,2] -> f32[2]",
        "`other` must broadcast to the shape of `selfRef`, [2], got [4, 2]",
    ),
    (
        "same_elements",
        "aclnnMoeInitRouting f16[4,8] i32[4,2] i32[4,2] activeNum=4 -> f16[8,8] i32[8] i32[8]",
        "aclnnMoeInitRouting f16[4,8] i32[4,2] i32[4,2] activeNum=4 -> f16[8,8] i32[7] i32[8]",
        "`expandedRowIdxOut` must have as many elements as `expertIdx` [4, 2], got [7]",
    ),
    (
        "one_element",
        "aclnnInplaceFillTensor f32[4] f32[1] -> f32[4]",
        "aclnnInplaceFillTensor f32[4] f32[2] -> f32[4]",
        "`value` must have one element, got [2]",
    ),
    (
        "rank",
        "aclnnMm f16[2,3] f16[3,4] -> f16[2,4]",
        "aclnnMm f16[1,2,3] f16[3,4] -> f16[1,2,4]",
        "`self` must have 2 dimensions, got [1, 2, 3]",
    ),
    (
        "packed",
        "aclnnDynamicQuant f16[2,64] -> i32[2,8] f32[2]",
        "aclnnDynamicQuant f16[2,64] -> i8[2,8] f32[2]",
        "`yOut` must have shape [2, 64] (that of `x`), got [2, 8]",
    ),
    (
        "matmul",
        "aclnnMatmul f16[5,1,2,3] f16[4,3,7] -> f16[5,4,2,7]",
        "aclnnMatmul f16[2,3] f16[4,5] -> f16[2,5]",
        "`mat2` must have the inner extent of `self`, 3, got 4: the product of `self` [2, 3] and `mat2` [4, 5]",
    ),
    (
        "matmul",
        "aclnnMatmul f32[3] f32[3] -> f32[]",
        "aclnnMatmul f32[2,3] f32[3] -> f32[2,1]",
        "`out` must have shape [2] (the product of `self` [2, 3] and `mat2` [3]), got [2, 1]",
    ),
    (
        "matrix_product",
        "aclnnGemm f16[3,2] f16[4,3] f16[4] transA=1 transB=1 -> f16[2,4]",
        "aclnnBatchMatMul f16[2,3,4] f16[3,4,5] -> f16[2,3,5]",
        "`mat2` must have batch dimensions that broadcast with those of `self`, [2], got [3]",
    ),
    (
        "matrix_vector",
        "aclnnMv f32[2,3] f32[3] -> f32[2]",
        "aclnnMv f32[2,3] f32[2] -> f32[2]",
        "`vec` must have shape [3], got [2]",
    ),
    (
        "reduce",
        "aclnnReduceSum f32[2,3,4] dims=[0,-1] -> f32[3]",
        "aclnnReduceSum f32[2,3,4] dims=[1] keepDims=true -> f32[2,4]",
        "`out` must have shape [2, 1, 4] (`self` [2, 3, 4] reduced), got [2, 4]",
    ),
    (
        "reduce",
        "aclnnMean f32[2,3] -> f32[]",
        "aclnnArgMax f32[2,3] dim=2 -> i64[2]",
        "`dim` must be from -2 to 1, got 2",
    ),
    (
        "reduce_all",
        "aclnnMax f32[2,3] -> f32[]",
        "aclnnMax f32[2,3] -> f32[2]",
        "`out` must be a scalar, got [2]",
    ),
    (
        "axis",
        "aclnnSoftmax f16[2,3] dim=-1 -> f16[2,3]",
        "aclnnSoftmax f16[2,3] dim=-3 -> f16[2,3]",
        "`dim` must be from -2 to 1, got -3",
    ),
    (
        "with_extent",
        "aclnnTopk f32[2,9] k=4 -> f32[2,4] i64[2,4]",
        "aclnnTopk f32[2,9] k=10 -> f32[2,10] i64[2,10]",
        "`k` must be from 0 to 9, the extent of dimension 1 of `self`, got 10",
    ),
    (
        "halved",
        "aclnnSwiGlu f16[2,8] -> f16[2,4]",
        "aclnnSwiGlu f16[2,7] -> f16[2,3]",
        "`x` must have an even extent in dimension 1, got [2, 7]",
    ),
    (
        "trailing",
        "aclnnRmsNorm f16[2,3,8] f16[3,8] -> f16[2,3,8] f32[2,1,1]",
        "aclnnRmsNorm f16[2,8] f16[4] -> f16[2,8] f32[2,1]",
        "`gamma` must have the last dimensions of `x` [2, 8], got [4]",
    ),
    (
        "statistic",
        "aclnnRmsNorm f16[2,8] f16[8] -> f16[2,8] f32[2]",
        "aclnnRmsNorm f16[2,8] f16[8] -> f16[2,8] f32[8]",
        "`rstdOut` must have shape [2, 1] (one value per normalised part of `x` [2, 8]), got [8]",
    ),
    (
        "normalised",
        "aclnnLayerNorm f32[2,8] normalizedShape=[8] weightOptional=f32[8] -> f32[2,8]",
        "aclnnLayerNorm f32[2,8] normalizedShape=[2] -> f32[2,8]",
        "`normalizedShape` must list the last extents of `input` [2, 8], got [2]",
    ),
    (
        "channel",
        "aclnnBatchNorm f32[2,3,4,4] runningMean=f32[3] runningVar=f32[3] -> f32[3] f32[3] f32[2,3,4,4] f32[3] f32[3]",
        "aclnnBatchNorm f32[2,3,4,4] weight=f32[4] -> f32[2,3,4,4] f32[3] f32[3]",
        "`weight` must have shape [3] (one value per channel of `input` [2, 3, 4, 4]), got [4]",
    ),
    (
        "per_token",
        "aclnnDynamicQuant bf16[2,3,8] -> i8[2,3,8] f32[2,3]",
        "aclnnDynamicQuant bf16[2,8] -> i8[2,8] f32[8]",
        "`scaleOut` must have shape [2] (one value per token of `x` [2, 8]), got [8]",
    ),
    (
        "permute",
        "aclnnPermute f32[2,3,4] dims=[2,0,-2] -> f32[4,2,3]",
        "aclnnPermute f32[2,3] dims=[0,0] -> f32[2,2]",
        "`dims` must list each of the 2 dimensions of `self` once, got [0, 0]",
    ),
    (
        "concat",
        "aclnnCat f32[2,3] f32[4,3] ? dim=0 -> ?",
        "aclnnCat f32[2,3] f32[4,2] dim=0 -> f32[6,3]",
        "element 1 of `tensors` must agree with [2, 3] outside dimension 0, got [4, 2]",
    ),
    (
        "concat",
        "aclnnCat f32[2,3] f32[0] f32[2,4] dim=-1 -> f32[2,7]",
        "aclnnCat f32[2,3] f32[4,3] dim=0 -> f32[7,3]",
        "`out` must have shape [6, 3] (`tensors` joined along dimension 0), got [7, 3]",
    ),
    (
        "stack",
        "aclnnStack f32[2,3] f32[2,3] dim=1 -> f32[2,2,3]",
        "aclnnStack f32[2,3] f32[3,3] -> f32[2,2,3]",
        "element 1 of `tensors` must have shape [2, 3], got [3, 3]",
    ),
    (
        "split",
        "aclnnSplitWithSize f32[6,2] splitSize=[1,5] dim=0 -> f32[1,2] f32[5,2]",
        "aclnnSplitWithSize f32[6,2] splitSize=[1,4] dim=0 -> f32[1,2] f32[4,2]",
        "`splitSize` must add up to 6, the extent of dimension 0 of `self`, got [1, 4]",
    ),
    (
        "split",
        "aclnnSplitTensor f32[5] splitSections=2 dim=0 -> f32[2] f32[2] f32[1]",
        "aclnnSplitTensor f32[5] splitSections=2 dim=0 -> f32[2] f32[3]",
        "`out` must have 3 tensors, got 2",
    ),
    (
        "expand",
        "aclnnExpand f32[3,1] size=[2,-1,4] -> f32[2,3,4]",
        "aclnnExpand f32[3] size=[4] -> f32[4]",
        "`size` must be a shape that `self` [3] broadcasts to, got [4]",
    ),
    (
        "repeat",
        "aclnnRepeat f32[3] repeats=[2,2] -> f32[2,6]",
        "aclnnRepeat f32[3,3] repeats=[2] -> f32[6]",
        "`repeats` must have a number for each of the 2 dimensions of `self`, got [2]",
    ),
    (
        "slice",
        "aclnnSlice f32[9,2] dim=0 start=-8 end=100 step=3 -> f32[3,2]",
        "aclnnSlice f32[9,2] dim=0 start=0 end=4 step=0 -> f32[4,2]",
        "`step` must be positive, got 0",
    ),
    (
        "pad",
        "aclnnConstantPadNd f32[2,3] pad=[1,1,0,2] -> f32[4,5]",
        "aclnnConstantPadNd f32[2,3] pad=[1] -> f32[2,4]",
        "`pad` must have a pair for each of at most 2 dimensions, got [1]",
    ),
    (
        "flatten",
        "aclnnFlatten f32[2,3,4] axis=-1 -> f32[6,4]",
        "aclnnFlatten f32[2,3,4] axis=4 -> f32[24,1]",
        "`axis` must be from -3 to 3, got 4",
    ),
    (
        "take",
        "aclnnEmbedding f16[100,8] i64[2,5] -> f16[2,5,8]",
        "aclnnEmbedding f16[100,8] i64[2,5] -> f16[10,8]",
        "`out` must have shape [2, 5, 8] (`weight` [100, 8] at `indices` [2, 5]), got [10, 8]",
    ),
    (
        "select",
        "aclnnIndexSelect f32[4,3] i64[2] dim=1 -> f32[4,2]",
        "aclnnIndexSelect f32[4,3] i64[2,2] dim=1 -> f32[4,2]",
        "`index` must be a vector, got [2, 2]",
    ),
    (
        "gather",
        "aclnnGather f32[4,3] i64[2,9] dim=1 -> f32[2,9]",
        "aclnnGather f32[4,3] i64[5,3] dim=1 -> f32[5,3]",
        "`index` must have as many dimensions as `self` [4, 3] and fit into it, got [5, 3]",
    ),
    (
        "scatter",
        "aclnnScatterAdd f32[4,3] i64[2,9] f32[2,9] dim=1 -> f32[4,3]",
        "aclnnScatterAdd f32[4,3] i64[2,9] f32[2,8] dim=1 -> f32[4,3]",
        "`index` must have as many dimensions as `src` [2, 8] and fit into it, got [2, 9]",
    ),
    (
        "put",
        "aclnnInplaceIndexCopy f32[4,3] i32[2] f32[2,3] dim=0 -> f32[4,3]",
        "aclnnInplaceIndexCopy f32[4,3] i32[2] f32[3,3] dim=0 -> f32[4,3]",
        "`source` must have shape [2, 3] (`selfRef` [4, 3] as long as `index`), got [3, 3]",
    ),
    (
        "scatter_nd",
        "aclnnScatterNdUpdate f16[9,8] i64[4,1] f16[4,8] -> f16[9,8]",
        "aclnnScatterNdUpdate f16[9,8] i64[4,1] f16[4] -> f16[9,8]",
        "`updates` must have shape [4, 8], got [4]",
    ),
    (
        "one_hot",
        "aclnnOneHot i64[4] f32[1] f32[1] numClasses=3 -> f32[4,3]",
        "aclnnOneHot i64[4] f32[1] f32[1] numClasses=3 axis=0 -> f32[4,3]",
        "`out` must have shape [3, 4] (`self` [4] with 3 classes), got [4, 3]",
    ),
    (
        "convolution",
        "aclnnConvolution f16[1,4,9,9] f16[8,2,3,3] stride=[2,2] padding=[1,1] dilation=[1,1] groups=2 -> f16[1,8,5,5]",
        "aclnnConvolution f16[1,4,9,9] f16[8,4,3,3] stride=[1,1] padding=[0,0] dilation=[1,1] groups=2 -> f16[1,8,7,7]",
        "`weight` [8, 4, 3, 3] takes 8 channels in 2 group(s), but `input` [1, 4, 9, 9] has 4",
    ),
    (
        "convolution",
        "aclnnConvolution f16[1,4,5] f16[4,2,3] stride=[2] padding=[1] dilation=[1] transposed=true outputPadding=[1] -> f16[1,2,10]",
        "aclnnConvolution f16[1,4,2,2] f16[8,4,3,3] stride=[1] padding=[0] dilation=[1] -> f16[1,8,1,1]",
        "`input` must be at least as large as the window, 3, got 2 with padding",
    ),
    (
        "pool",
        "aclnnAvgPool2d f32[1,3,7,7] kernelSize=[2] strides=[2] ceilMode=true -> f32[1,3,4,4]",
        "aclnnAvgPool2d f32[1,3,8,8] kernelSize=[2] -> f32[1,3,8,8]",
        "`out` must have shape [1, 3, 4, 4] (windows of [2] over `self` [1, 3, 8, 8]), got [1, 3, 8, 8]",
    ),
    (
        "adaptive",
        "aclnnAdaptiveAvgPool2d f32[1,3,9,9] outputSize=[1,1] -> f32[1,3,1,1]",
        "aclnnAdaptiveAvgPool2d f32[1,3,9,9] outputSize=[1,-1] -> f32[1,3,1,1]",
        "`outputSize` must not be negative, got [1, -1]",
    ),
    (
        "range",
        "aclnnArange start=1 end=10 step=4 -> i64[3]",
        "aclnnArange end=10 step=-1 -> i64[10]",
        "`step` must lead from 0 to 10, got -1",
    ),
    (
        "vector",
        "aclnnLinspace start=0 end=1 steps=5 -> f32[5]",
        "aclnnLinspace start=0 end=1 steps=5 -> f32[4]",
        "`out` must have shape [5] (5 elements), got [4]",
    ),
    (
        "matrix",
        "aclnnEye n=2 m=3 -> f32[2,3]",
        "aclnnEye n=-2 m=3 -> f32[2,3]",
        "`n` must not be negative, got -2",
    ),
];

#[test]
fn every_rule_accepts_and_rejects() {
    for (form, fits, breaks, message) in EXAMPLES {
        assert_eq!(outcome(fits), Ok(()), "{form}: {fits}");
        assert_eq!(outcome(breaks), Err((*message).to_owned()), "{form}: {breaks}");
        for call in [fits, breaks] {
            let operator = Operator::find(call.split_whitespace().next().unwrap()).unwrap();
            let has = operator.shape_rules.iter().any(|rule| rule.as_str().starts_with(&format!("{form}(")));
            assert!(has, "{} does not use {form}", operator.name);
        }
    }
}

#[test]
fn every_rule_of_the_table_has_an_example() {
    let form = |rule: &str| rule.split('(').next().unwrap_or_default().to_owned();
    let rules = operators().iter().flat_map(|operator| &operator.shape_rules);
    let used: BTreeSet<String> = rules.map(|rule| form(rule.as_str())).collect();
    let shown: BTreeSet<String> = EXAMPLES.iter().map(|(form, ..)| (*form).to_owned()).collect();
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
