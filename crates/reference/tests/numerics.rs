//! What operators compute, against values worked out by hand.

mod programs;

use programs::operator::{compute, refusal};

#[test]
fn the_page_names_what_is_not_computed() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/run.md")).unwrap();
    let (_, table) = page.split_once("are computed but for five:").expect("the table");
    let (table, _) = table.split_once("Of these, some forms are not").expect("its end");
    let named: Vec<&str> = table.split('`').skip(1).step_by(2).collect();
    let missing = |operator: &&acg_operators::Operator| !acg_reference::has_numerics(operator.id);
    let mut missing: Vec<&str> =
        acg_operators::operators().iter().filter(missing).map(|operator| operator.name.as_str()).collect();
    missing.sort_by_key(|name| named.iter().position(|other| other == name));
    assert_eq!(named, missing);
    assert!(page.contains(&format!("All {} operators", acg_operators::operators().len())));
}

#[test]
fn arithmetic() {
    let a = ("a", "f32[2, 2]", "[1, 2, 3, 4]");
    let b = ("b", "f32[2]", "[10, 20]");
    let out = [("c", "f32[2, 2]")];
    assert_eq!(compute(&[a, b], &out, "aclnnAdd(a, b, alpha = 0.5) -> c"), ["c = [6.0, 12.0, 8.0, 14.0]"]);
    assert_eq!(compute(&[a, b], &out, "aclnnMul(a, b) -> c"), ["c = [10.0, 40.0, 30.0, 80.0]"]);
    assert_eq!(
        compute(&[a], &out, "aclnnPowTensorScalar(a, exponent = 2) -> c"),
        ["c = [1.0, 4.0, 9.0, 16.0]"]
    );
    assert_eq!(
        compute(&[a], &out, "aclnnClamp(a, clipValueMin = 2, clipValueMax = 3) -> c"),
        ["c = [2.0, 2.0, 3.0, 3.0]"]
    );
    assert_eq!(
        compute(&[a], &[("a", "f32[2, 2]")], "aclnnInplaceMuls(a, other = 2) -> a"),
        ["a = [2.0, 4.0, 6.0, 8.0]"]
    );
}

#[test]
fn integers_wrap_and_divide_as_they_should() {
    let a = ("a", "i8[4]", "[100, -100, 7, -7]");
    let b = ("b", "i8[4]", "[100, 100, 2, 2]");
    assert_eq!(compute(&[a, b], &[("c", "i8[4]")], "aclnnAdd(a, b) -> c"), ["c = [-56, 0, 9, -5]"]);
    assert_eq!(compute(&[a, b], &[("c", "i8[4]")], "aclnnFloorDivide(a, b) -> c"), ["c = [1, -1, 3, -4]"]);
    assert_eq!(compute(&[a, b], &[("c", "f32[4]")], "aclnnDiv(a, b) -> c"), ["c = [1.0, -1.0, 3.5, -3.5]"]);
    let zero = ("b", "i8[4]", "0");
    assert!(
        refusal(&[a, zero], &[("c", "i8[4]")], "aclnnFloorDivide(a, b) -> c").contains("divided by zero")
    );
    assert_eq!(
        compute(&[a, zero], &[("c", "f32[4]")], "aclnnDiv(a, b) -> c"),
        ["c = [inf, -inf, inf, -inf]"]
    );
}

#[test]
fn short_types_round_where_the_operator_does() {
    let a = ("a", "f16[2]", "[1, 2048]");
    let b = ("b", "f16[2]", "[0.0004, 1]");
    assert_eq!(compute(&[a, b], &[("c", "f16[2]")], "aclnnAdd(a, b) -> c"), ["c = [1.0, 2048.0]"]);
    assert_eq!(compute(&[a, b], &[("c", "f32[2]")], "aclnnAdd(a, b) -> c"), ["c = [1.0, 2048.0]"]);
    let wide = ("a", "f32[3]", "[2.7, -2.7, 300]");
    assert_eq!(compute(&[wide], &[("c", "i8[3]")], "aclnnCast(a, dtype = i8) -> c"), ["c = [2, -2, 127]"]);
    assert_eq!(
        compute(&[wide], &[("c", "bool[3]")], "aclnnCast(a, dtype = bool) -> c"),
        ["c = [true, true, true]"]
    );
}

#[test]
fn functions_and_activations() {
    let x = ("x", "f32[3]", "[0, 1, -1]");
    let out = [("y", "f32[3]")];
    assert_eq!(compute(&[x], &out, "aclnnExp(x) -> y"), ["y = [1.0, 2.7182817, 0.36787945]"]);
    assert_eq!(compute(&[x], &out, "aclnnRelu(x) -> y"), ["y = [0.0, 1.0, 0.0]"]);
    assert_eq!(compute(&[x], &out, "aclnnSilu(x) -> y"), ["y = [0.0, 0.7310586, -0.26894143]"]);
    assert_eq!(compute(&[x], &out, "aclnnGelu(x) -> y"), ["y = [0.0, 0.841192, -0.15880801]"]);
    assert_eq!(compute(&[x], &out, "aclnnGeluV2(x) -> y"), ["y = [0.0, 0.8413448, -0.15865526]"]);
    assert_eq!(
        compute(&[x], &out, "aclnnSoftmax(x, dim = 0) -> y"),
        ["y = [0.24472848, 0.66524094, 0.09003057]"]
    );
    let pair = ("x", "f32[4]", "[1, 2, 3, 4]");
    assert_eq!(compute(&[pair], &[("y", "f32[2]")], "aclnnSwiGlu(x) -> y"), ["y = [2.1931758, 7.0463767]"]);
}

#[test]
fn reductions_sort_and_choice() {
    let x = ("x", "f32[2, 3]", "[1, 5, 3, 4, 2, 6]");
    assert_eq!(compute(&[x], &[("y", "f32[2]")], "aclnnReduceSum(x, dims = [1]) -> y"), ["y = [9.0, 12.0]"]);
    assert_eq!(
        compute(&[x], &[("y", "f32[1, 3]")], "aclnnMean(x, dim = [0], keepDim = true) -> y"),
        ["y = [2.5, 3.5, 4.5]"]
    );
    assert_eq!(compute(&[x], &[("y", "f32[]")], "aclnnMax(x) -> y"), ["y = 6.0"]);
    assert_eq!(compute(&[x], &[("y", "i64[2]")], "aclnnArgMax(x, dim = 1) -> y"), ["y = [1, 2]"]);
    assert_eq!(
        compute(&[x], &[("y", "f32[2, 3]")], "aclnnCumsum(x, dim = 1) -> y"),
        ["y = [1.0, 6.0, 9.0, 4.0, 6.0, 12.0]"]
    );
    assert_eq!(
        compute(&[x], &[("v", "f32[2, 2]"), ("i", "i64[2, 2]")], "aclnnTopk(x, k = 2) -> v, i"),
        ["v = [5.0, 3.0, 6.0, 4.0]", "i = [1, 2, 2, 0]"]
    );
    assert_eq!(
        compute(&[x], &[("v", "f32[2, 3]"), ("i", "i64[2, 3]")], "aclnnSort(x) -> v, i"),
        ["v = [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]", "i = [0, 2, 1, 1, 0, 2]"]
    );
}

#[test]
fn matrices() {
    let a = ("a", "f32[2, 3]", "[1, 2, 3, 4, 5, 6]");
    let b = ("b", "f32[3, 2]", "[1, 0, 0, 1, 1, 1]");
    assert_eq!(compute(&[a, b], &[("c", "f32[2, 2]")], "aclnnMm(a, b) -> c"), ["c = [4.0, 5.0, 10.0, 11.0]"]);
    let v = ("v", "f32[3]", "[1, 1, 2]");
    assert_eq!(compute(&[a, v], &[("c", "f32[2]")], "aclnnMv(a, v) -> c"), ["c = [9.0, 21.0]"]);
    assert_eq!(compute(&[a, v], &[("c", "f32[2]")], "aclnnMatmul(a, v) -> c"), ["c = [9.0, 21.0]"]);
    let s = ("s", "f32[2]", "[100, 200]");
    assert_eq!(
        compute(&[s, a, b], &[("c", "f32[2, 2]")], "aclnnAddmm(s, a, b, beta = 0.5, alpha = 2) -> c"),
        ["c = [58.0, 110.0, 70.0, 122.0]"]
    );
    assert_eq!(
        compute(&[a, s], &[("c", "f32[2, 2]")], "aclnnGemm(a, a, s, transB = 1) -> c"),
        ["c = [114.0, 232.0, 132.0, 277.0]"]
    );
    let batch = ("p", "f32[2, 1, 2]", "[1, 2, 3, 4]");
    let other = ("q", "f32[2, 2, 1]", "[1, 1, 2, 2]");
    assert_eq!(
        compute(&[batch, other], &[("c", "f32[2, 1, 1]")], "aclnnBatchMatMul(p, q) -> c"),
        ["c = [3.0, 14.0]"]
    );
}

#[test]
fn normalisations() {
    let x = ("x", "f32[2, 2]", "[3, 4, 0, 2]");
    let gamma = ("g", "f32[2]", "[1, 2]");
    assert_eq!(
        compute(
            &[x, gamma],
            &[("y", "f32[2, 2]"), ("r", "f32[2, 1]")],
            "aclnnRmsNorm(x, g, epsilon = 0) -> y, r"
        ),
        ["y = [0.84852815, 2.2627418, 0.0, 2.828427]", "r = [0.28284273, 0.70710677]"]
    );
    assert_eq!(
        compute(&[x], &[("y", "f32[2, 2]")], "aclnnLayerNorm(x, normalizedShape = [2], eps = 0) -> y"),
        ["y = [-1.0, 1.0, -1.0, 1.0]"]
    );
}

#[test]
fn rearrangement() {
    let x = ("x", "f32[2, 3]", "[1, 2, 3, 4, 5, 6]");
    assert_eq!(
        compute(&[x], &[("y", "f32[3, 2]")], "aclnnPermute(x, dims = [1, 0]) -> y"),
        ["y = [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]"]
    );
    assert_eq!(
        compute(&[x], &[("y", "f32[2, 2]")], "aclnnSlice(x, dim = 1, start = 0, end = 3, step = 2) -> y"),
        ["y = [1.0, 3.0, 4.0, 6.0]"]
    );
    assert_eq!(
        compute(&[x], &[("y", "f32[2, 6]")], "aclnnRepeat(x, repeats = [1, 2]) -> y"),
        ["y = [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 5.0, 6.0]"]
    );
    assert_eq!(
        compute(&[x], &[("y", "f32[2, 3]")], "aclnnTril(x) -> y"),
        ["y = [1.0, 0.0, 0.0, 4.0, 5.0, 0.0]"]
    );
    let row = ("r", "f32[1, 3]", "[7, 8, 9]");
    assert_eq!(
        compute(&[x, row], &[("y", "f32[3, 3]")], "aclnnCat([x, r]) -> y"),
        ["y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]"]
    );
    assert_eq!(
        compute(&[x, x], &[("y", "f32[2, 2, 3]")], "aclnnStack([x, x], dim = 1) -> y"),
        ["y = [1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 5.0, 6.0]"]
    );
    assert_eq!(
        compute(
            &[x],
            &[("a", "f32[2, 1]"), ("b", "f32[2, 2]")],
            "aclnnSplitWithSize(x, splitSize = [1, 2], dim = 1) -> [a, b]"
        ),
        ["a = [1.0, 4.0]", "b = [2.0, 3.0, 5.0, 6.0]"]
    );
    assert_eq!(
        compute(&[row], &[("y", "f32[1, 5]")], "aclnnConstantPadNd(r, pad = [1, 1], value = 5) -> y"),
        ["y = [5.0, 7.0, 8.0, 9.0, 5.0]"]
    );
    assert_eq!(
        compute(&[], &[("y", "i32[3]")], "aclnnArange(start = 2, end = 8, step = 2) -> y"),
        ["y = [2, 4, 6]"]
    );
    let (on, off) = (("on", "f32[1]", "1"), ("off", "f32[1]", "0"));
    let classes = ("i", "i32[2]", "[2, 0]");
    assert_eq!(
        compute(&[classes, on, off], &[("y", "f32[2, 3]")], "aclnnOneHot(i, on, off, numClasses = 3) -> y"),
        ["y = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]"]
    );
}

#[test]
fn indices() {
    let w = ("w", "f32[3, 2]", "[1, 2, 3, 4, 5, 6]");
    let i = ("i", "i64[2]", "[2, 0]");
    assert_eq!(
        compute(&[w, i], &[("y", "f32[2, 2]")], "aclnnEmbedding(w, i) -> y"),
        ["y = [5.0, 6.0, 1.0, 2.0]"]
    );
    let far = ("i", "i64[2]", "[3, 0]");
    assert_eq!(
        refusal(&[w, far], &[("y", "f32[2, 2]")], "aclnnEmbedding(w, i) -> y"),
        "index 3 is outside of 3 elements"
    );
    let at = ("i", "i64[1, 2]", "[2, 1]");
    assert_eq!(
        compute(&[w, at], &[("y", "f32[1, 2]")], "aclnnGather(w, i, dim = 0) -> y"),
        ["y = [5.0, 4.0]"]
    );
    let s = ("s", "f32[1, 2]", "[10, 20]");
    assert_eq!(
        compute(&[w, at, s], &[("y", "f32[3, 2]")], "aclnnScatterAdd(w, i, s, dim = 0) -> y"),
        ["y = [1.0, 2.0, 3.0, 24.0, 15.0, 6.0]"]
    );
    let rows = ("s", "f32[2, 2]", "[10, 20, 30, 40]");
    assert_eq!(
        compute(&[w, i, rows], &[("y", "f32[3, 2]")], "aclnnIndexAdd(w, i, s, dim = 0) -> y"),
        ["y = [31.0, 42.0, 3.0, 4.0, 15.0, 26.0]"]
    );
}

#[test]
fn windows() {
    let x = ("x", "f32[1, 1, 2, 2]", "[1, 2, 3, 4]");
    let w = ("w", "f32[1, 1, 2, 2]", "[1, 0, 0, 1]");
    let out = [("y", "f32[1, 1, 1, 1]")];
    assert_eq!(
        compute(
            &[x, w],
            &out,
            "aclnnConvolution(x, w, stride = [1, 1], padding = [0, 0], dilation = [1, 1]) -> y"
        ),
        ["y = [5.0]"]
    );
    assert_eq!(compute(&[x], &out, "aclnnAvgPool2d(x, kernelSize = [2, 2]) -> y"), ["y = [2.5]"]);
    assert_eq!(
        compute(
            &[x],
            &out,
            "aclnnMaxPool(x, kernelShape = [2, 2], strides = [2, 2], pads = [0, 0], dilations = [1, 1]) -> y"
        ),
        ["y = [4.0]"]
    );
    assert_eq!(
        compute(&[x], &[("y", "f32[1, 1, 4, 2]")], "aclnnUpsampleNearest2d(x, outputSize = [4, 2]) -> y"),
        ["y = [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0]"]
    );
}

#[test]
fn quantisation_and_rotation() {
    let x = ("x", "f32[2, 2]", "[1, -2, 0.5, 4]");
    assert_eq!(
        compute(&[x], &[("y", "i8[2, 2]"), ("s", "f32[2]")], "aclnnDynamicQuant(x) -> y, s"),
        ["y = [64, -127, 16, 127]", "s = [0.015748031, 0.031496063]"]
    );
    // [3, 4] over its root mean square is [0.6, 0.8] times the root of 2, [-1, 1] is as it was.
    let (x1, x2) = (("x1", "f32[2, 2]", "[3, 1, -2, 0]"), ("x2", "f32[2, 2]", "[0, 3, 1, 1]"));
    let (gamma, smooth) = (("g", "f32[2]", "1"), ("m", "f32[2]", "[2, 0.5]"));
    let out = [("y", "i8[2, 2]"), ("z", "i8[2, 2]"), ("x", "f32[2, 2]"), ("s", "f32[2]"), ("t", "f32[2]")];
    let both = "aclnnAddRmsNormDynamicQuant(x1, x2, g, smoothScale1Optional = g, smoothScale2Optional = m, epsilon = 0.0) \
                -> y, z, x, s, t";
    assert_eq!(
        compute(&[x1, x2, gamma, smooth], &out, both),
        [
            "y = [95, 127, -127, 127]",
            "z = [127, 42, -127, 32]",
            "x = [3.0, 4.0, -1.0, 1.0]",
            "s = [0.008908432, 0.007874016]",
            "t = [0.013362648, 0.015748031]"
        ]
    );
    let v = ("x", "f32[1, 4]", "[1, 2, 3, 4]");
    let (cos, sin) = (("c", "f32[1, 4]", "0"), ("s", "f32[1, 4]", "1"));
    assert_eq!(
        compute(&[v, cos, sin], &[("y", "f32[1, 4]")], "aclnnRotaryPositionEmbedding(x, c, s) -> y"),
        ["y = [-3.0, -4.0, 1.0, 2.0]"]
    );
    assert_eq!(
        compute(
            &[v, cos, sin],
            &[("y", "f32[1, 4]")],
            "aclnnRotaryPositionEmbedding(x, c, s, mode = 1) -> y"
        ),
        ["y = [-2.0, 1.0, -4.0, 3.0]"]
    );
}

#[test]
fn comparisons_and_choice() {
    let a = ("a", "f32[3]", "[1, 2, 3]");
    let b = ("b", "f32[3]", "[3, 2, 1]");
    assert_eq!(
        compute(&[a, b], &[("c", "bool[3]")], "aclnnGeTensor(a, b) -> c"),
        ["c = [false, true, true]"]
    );
    assert_eq!(
        compute(&[a], &[("c", "bool[3]")], "aclnnLtScalar(a, other = 2.5) -> c"),
        ["c = [true, true, false]"]
    );
    let m = ("m", "bool[3]", "[true, false, true]");
    assert_eq!(compute(&[m, a, b], &[("c", "f32[3]")], "aclnnSWhere(m, a, b) -> c"), ["c = [1.0, 2.0, 3.0]"]);
}
