//! Routing to experts, grouped products and caches, against values worked out by hand.

mod programs;

use programs::operator::{compute, refusal};

/// Three tokens of two elements, each for two of three experts.
const X: (&str, &str, &str) = ("x", "f32[3, 2]", "[1, 10, 2, 20, 3, 30]");
const EXPERTS: (&str, &str, &str) = ("e", "i32[3, 2]", "[1, 2, 0, 1, 0, 2]");

#[test]
fn tokens_go_in_the_order_of_their_experts() {
    // Choices in order of experts: token 1, token 2 (expert 0), token 0, token 1 (1), token 0, token 2 (2).
    let out = [("y", "f32[6, 2]"), ("r", "i32[6]"), ("c", "i32[3]")];
    let call = |flag: i32| {
        format!(
            "aclnnMoeInitRoutingV2(x, e, expertNumOptional = 3, expertTokensCountOrCumsumFlagOptional = {flag}, \
             expertTokensCountOrCumsumOutOptional = c) -> y, r"
        )
    };
    let call =
        |flag| call(flag).replace(", expertTokensCountOrCumsumOutOptional = c) -> y, r", ") -> y, r, c, d");
    let all = [out[0], out[1], out[2], ("d", "i32[3]")];
    let expanded = "y = [2.0, 20.0, 3.0, 30.0, 1.0, 10.0, 2.0, 20.0, 1.0, 10.0, 3.0, 30.0]";
    let rows = "r = [2, 4, 0, 3, 1, 5]";
    assert_eq!(compute(&[X, EXPERTS], &all, &call(1)), [expanded, rows, "c = [2, 4, 6]", "d = [0, 0, 0]"]);
    assert_eq!(compute(&[X, EXPERTS], &all, &call(2))[2], "c = [2, 2, 2]");
    let active = "aclnnMoeInitRoutingV2(x, e, activeNumOptional = 2) -> y, r, c, d";
    let few = [("y", "f32[2, 2]"), out[1], out[2], ("d", "i32[3]")];
    assert_eq!(compute(&[X, EXPERTS], &few, active)[..2], ["y = [2.0, 20.0, 3.0, 30.0]", rows]);
    // The first version takes rows counted choice after choice, and gives experts.
    let own_rows = ("w", "i32[3, 2]", "[0, 3, 1, 4, 2, 5]");
    let first = "aclnnMoeInitRouting(x, w, e, activeNum = 3) -> y, r, s";
    assert_eq!(
        compute(&[X, own_rows, EXPERTS], &[out[0], out[1], ("s", "i32[6]")], first),
        [expanded, "r = [2, 0, 1, 4, 3, 5]", "s = [0, 0, 1, 1, 2, 2]"]
    );
}

#[test]
fn experts_take_as_many_as_they_can_and_are_padded() {
    // One place for each expert: the second choices of each are dropped.
    let out = [("y", "f32[3, 1, 2]"), ("r", "i32[6]"), ("c", "i32[3]"), ("d", "i32[3]")];
    let call = |capacity: u32| {
        format!(
            "aclnnMoeInitRoutingV2(x, e, expertCapacityOptional = {capacity}, expertNumOptional = 3, dropPadModeOptional = 1, \
             expertTokensBeforeCapacityFlagOptional = true) -> y, r, c, d"
        )
    };
    assert_eq!(
        compute(&[X, EXPERTS], &out, &call(1)),
        [
            "y = [2.0, 20.0, 1.0, 10.0, 1.0, 10.0]",
            "r = [1, 2, 0, -1, -1, -1]",
            "c = [0, 0, 0]",
            "d = [2, 2, 2]"
        ]
    );
    let wide = [("y", "f32[3, 3, 2]"), out[1], out[2], out[3]];
    let padded = compute(&[X, EXPERTS], &wide, &call(3));
    assert_eq!(
        padded[0],
        "y = [2.0, 20.0, 3.0, 30.0, 0.0, 0.0, 1.0, 10.0, 2.0, 20.0, 0.0, 0.0, 1.0, 10.0, 3.0, 30.0, 0.0, 0.0]"
    );
    assert_eq!(padded[1], "r = [3, 6, 0, 4, 1, 7]");
    let beyond = ("e", "i32[3, 2]", "[1, 2, 0, 3, 0, 2]");
    assert!(refusal(&[X, beyond], &wide, &call(3)).contains("none of 3"));
}

#[test]
fn quantised_tokens() {
    let (scale, offset) = (("s", "f32[1]", "2"), ("o", "f32[1]", "-1"));
    let out = [("y", "i8[6, 2]"), ("r", "i32[6]")];
    let fixed = "aclnnMoeInitRoutingQuantV2(x, e, scaleOptional = s, offsetOptional = o) -> y, r, c, d, q";
    let rest = [("c", "i32[3]"), ("d", "i32[3]"), ("q", "f32[6]")];
    let all = [out[0], out[1], rest[0], rest[1], rest[2]];
    assert_eq!(
        compute(&[X, EXPERTS, scale, offset], &all, fixed)[0],
        "y = [3, 39, 5, 59, 1, 19, 3, 39, 1, 19, 5, 59]"
    );
    // By token, with a scale for each expert before it: 10·12.7/127 for expert 1.
    let each = ("s", "f32[3, 2]", "[0, 1, 0, 12.7, 127, 0]");
    let dynamic = "aclnnMoeInitRoutingQuantV2(x, e, scaleOptional = s, quantMode = 1) -> y, r, c, d, q";
    let printed = compute(&[X, EXPERTS, each], &all, dynamic);
    assert_eq!(printed[0], "y = [0, 127, 0, 127, 0, 127, 0, 127, 127, 0, 127, 0]");
    assert_eq!(printed[4], "q = [0.15748031, 0.23622048, 1.0, 2.0, 1.0, 3.0]");
}

#[test]
fn results_of_experts_come_back() {
    let y = ("y", "f32[4, 1]", "[1, 2, 3, 4]");
    let (first, second) = (("a", "f32[2, 1]", "[100, 200]"), ("b", "f32[2, 1]", "[1000, 2000]"));
    let bias = ("p", "f32[2, 1]", "[0.5, 0.25]");
    let scales = ("s", "f32[2, 2]", "[1, 10, 2, 20]");
    let (rows, experts) = (("r", "i32[4]", "[3, 0, 1, 2]"), ("e", "i32[2, 2]", "[0, 1, 1, 0]"));
    let out = [("o", "f32[2, 1]")];
    // Rows choice after choice: token 0 has rows 3 and 1, token 1 has 0 and 2.
    let call = "aclnnMoeFinalizeRouting(y, a, p, s, r, e, x2Optional = b) -> o";
    let inputs = [y, first, second, bias, scales, rows, experts];
    let expected = 1100.0 + (4.0 + 0.5) + 10.0 * (2.0 + 0.25);
    let other = 2200.0 + 2.0 * (1.0 + 0.25) + 20.0 * (3.0 + 0.5);
    assert_eq!(compute(&inputs, &out, call), [format!("o = [{expected:?}, {other:?}]")]);
    // Rows token after token: token 0 has 3 and 0, token 1 has 1 and 2.
    let plain =
        |mode: i32| format!("aclnnMoeFinalizeRoutingV2(y, r, scalesOptional = s, dropPadMode = {mode}) -> o");
    assert_eq!(compute(&[y, rows, scales], &out, &plain(2)), ["o = [14.0, 64.0]"]);
    assert_eq!(compute(&[y, rows, scales], &out, &plain(0)), ["o = [24.0, 62.0]"]);
    let dropped = ("r", "i32[4]", "[3, -1, -1, 2]");
    assert_eq!(compute(&[y, dropped, scales], &out, &plain(3)), ["o = [4.0, 60.0]"]);
    assert!(refusal(&[y, dropped, scales], &out, &plain(2)).contains("none of 4"));
    let biased = "aclnnMoeFinalizeRoutingV2(y, r, biasOptional = p, scalesOptional = s, expertIdxOptional = e, dropPadMode = 3) -> o";
    assert!(refusal(&[y, dropped, bias, scales, experts], &out, biased).contains("leaves open"));
}

#[test]
#[allow(clippy::many_single_char_names, reason = "buffers of one letter")]
fn groups_of_rows_have_weights_of_their_own() {
    let x = ("x", "f32[4, 2]", "[1, 2, 3, 4, 5, 6, 7, 8]");
    let weight = ("w", "f32[3, 2, 1]", "[1, 0, 0, 1, 1, 1]");
    let kept = ("o", "f32[4, 1]", "-1");
    let call = |kind: i32| {
        format!(
            "aclnnGroupedMatmulV4([x], [w], groupListOptional = g, splitItem = 2, groupType = 0, groupListType = {kind}) -> [o]"
        )
    };
    // One row for the first weight, none for the second, two for the third; the last row is left as it was.
    let grouped = |list: (&'static str, &'static str, &'static str), kind| {
        compute(&[x, weight, list, kept], &[("o", "f32[4, 1]")], &call(kind))
    };
    let expected = ["o = [1.0, 7.0, 11.0, -1.0]"];
    assert_eq!(grouped(("g", "i64[3]", "[1, 1, 3]"), 0), expected);
    assert_eq!(grouped(("g", "i64[3]", "[1, 0, 2]"), 1), expected);
    assert_eq!(grouped(("g", "i64[3, 2]", "[0, 1, 2, 2, 1, 0]"), 2), expected);
    let much = ("g", "i64[3]", "[1, 1, 5]");
    assert!(refusal(&[x, weight, much, kept], &[("o", "f32[4, 1]")], &call(0)).contains("beyond 4"));
    // Tensors of their own.
    let (a, b) = (("a", "f32[1, 2]", "[1, 2]"), ("b", "f32[2, 2]", "[3, 4, 5, 6]"));
    let (v, w) = (("v", "f32[2, 1]", "[1, 1]"), ("w", "f32[2, 2]", "[1, 0, 0, 1]"));
    let (p, q) = (("p", "f32[1]", "0.5"), ("q", "f32[2]", "[0, 1]"));
    let each =
        "aclnnGroupedMatmulV4([a, b], [v, w], biasOptional = [p, q], groupType = -1, actType = 1) -> [s, t]";
    assert_eq!(
        compute(&[a, b, v, w, p, q], &[("s", "f32[1, 1]"), ("t", "f32[2, 2]")], each),
        ["s = [3.5]", "t = [3.0, 5.0, 5.0, 7.0]"]
    );
}

#[test]
fn quantised_groups() {
    let x = ("x", "i8[3, 2]", "[1, 2, 3, 4, 5, 6]");
    let weight = ("w", "i8[2, 2, 2]", "[1, 1, 1, 2, 2, 0, 0, 2]");
    let (scale, token) = (("s", "f32[2, 2]", "[1, 10, 0.5, 1]"), ("t", "f32[3]", "[1, 2, 3]"));
    let list = ("g", "i64[2]", "[1, 3]");
    let call = "aclnnGroupedMatmulV4([x], [w], scaleOptional = [s], perTokenScaleOptional = [t], groupListOptional = g, \
                splitItem = 2, groupType = 0) -> [o]";
    assert_eq!(
        compute(&[x, weight, scale, token, list], &[("o", "f16[3, 2]")], call),
        ["o = [3.0, 50.0, 6.0, 16.0, 15.0, 36.0]"]
    );
    // The same product through SwiGLU: silu(3)·50 alone in its row is 127.
    let swiglu = "aclnnGroupedMatmulSwigluQuant(x, w, s, t, g) -> y, z";
    let swiglu = swiglu.to_owned();
    let printed = compute(&[x, weight, scale, token, list], &[("y", "i8[3, 1]"), ("z", "f32[3]")], &swiglu);
    assert_eq!(printed[0], "y = [127, 127, 127]");
    // silu(3)·50/127, silu(6)·16/127, silu(15)·36/127.
    assert_eq!(printed[1], "z = [1.1250875, 0.7540364, 4.2519674]");
    // Weights of short integers: (w + 1)·s.
    let plain = ("x", "f16[3, 2]", "[1, 2, 3, 4, 5, 6]");
    let (scale, offset) = (("s", "f16[2, 2]", "[1, 10, 0.5, 1]"), ("o", "f16[2, 2]", "1"));
    let anti = "aclnnGroupedMatmulV4([x], [w], antiquantScaleOptional = [s], antiquantOffsetOptional = [o], \
                groupListOptional = g, splitItem = 2, groupType = 0) -> [y]";
    assert_eq!(
        compute(&[plain, weight, scale, offset, list], &[("y", "f16[3, 2]")], anti),
        ["y = [6.0, 80.0, 6.5, 15.0, 10.5, 23.0]"]
    );
}

#[test]
fn quantised_matrices() {
    let (a, b) = (("a", "i8[2, 2]", "[1, 2, 3, 4]"), ("b", "i8[2, 2]", "[1, 0, 0, 1]"));
    let (scale, token) = (("s", "f32[2]", "[0.5, 2]"), ("t", "f32[2]", "[1, 10]"));
    let (whole, real) = (("p", "i32[2]", "[1, 1]"), ("p", "f32[2]", "[1, 1]"));
    let call = "aclnnQuantMatmulV4(a, b, s, pertokenScaleOptional = t, bias = p) -> c";
    let out = [("c", "f16[2, 2]")];
    assert_eq!(compute(&[a, b, scale, token, whole], &out, call), ["c = [1.0, 6.0, 20.0, 100.0]"]);
    assert_eq!(compute(&[a, b, scale, token, real], &out, call), ["c = [1.5, 5.0, 16.0, 81.0]"]);
    let offset = "aclnnQuantMatmulV4(a, b, s, offset = p, bias = p) -> c";
    assert!(refusal(&[a, b, scale, real], &out, offset).contains("no offset"));
    let x = ("x", "f16[1, 4]", "[1, 1, 1, 1]");
    let weight = ("w", "i8[4, 1]", "[1, 2, 3, 4]");
    let (scale, bias) = (("s", "f16[2, 1]", "[1, 10]"), ("p", "f16[1]", "0.5"));
    let call = "aclnnWeightQuantBatchMatmulV2(x, w, s, biasOptional = p, antiquantGroupSize = 2) -> y";
    assert_eq!(compute(&[x, weight, scale, bias], &[("y", "f16[1, 1]")], call), ["y = [73.5]"]);
}

#[test]
fn quantised_by_token_with_offsets_and_gates() {
    let x = ("x", "f16[2, 2]", "[-1, 1, 0, 51]");
    let out = [("y", "i8[2, 2]"), ("s", "f32[2]"), ("o", "f32[2]")];
    // 2/255 and 51/255; the largest is always 127.
    assert_eq!(
        compute(&[x], &out, "aclnnDynamicQuantV2(x) -> y, s, o"),
        ["y = [-128, 127, -128, 127]", "s = [0.007843138, 0.2]", "o = [-0.5, -128.0]"]
    );
    let (smooth, groups) = (("m", "f16[2, 2]", "[1, 2, 1, 0.5]"), ("g", "i32[2]", "[1, 2]"));
    assert_eq!(
        compute(
            &[x, smooth, groups],
            &out[..2],
            "aclnnDynamicQuantV2(x, smoothScalesOptional = m, groupIndexOptional = g) -> y, s"
        ),
        ["y = [-64, 127, 0, 127]", "s = [0.015748031, 0.2007874]"]
    );
    let (z, weight, act) =
        (("z", "i32[1, 4]", "[1, 2, 3, 4]"), ("w", "f32[4]", "[1, 1, 1, 0]"), ("a", "f32[1, 1]", "2"));
    let call = "aclnnDequantSwigluQuant(z, weightScaleOptional = w, activationScaleOptional = a, quantModeOptional = \"dynamic\") \
                -> y, s";
    // silu(6)·2 and silu(0)·4.
    assert_eq!(
        compute(&[z, weight, act], &[("y", "i8[1, 2]"), ("s", "f32[1]")], call),
        ["y = [127, 0]", "s = [0.09425455]"]
    );
    assert!(
        refusal(&[z], &[("y", "i8[1, 2]"), ("s", "f32[1]")], "aclnnDequantSwigluQuant(z) -> y, s")
            .contains("dynamic")
    );
}

#[test]
fn caches_are_written_at_their_slots() {
    let (key, value) = (("k", "f16[2, 1, 2]", "[1, 2, 3, 4]"), ("v", "f16[2, 1, 1]", "[5, 6]"));
    let slots = ("s", "i32[2]", "[3, 0]");
    let (keys, values) = (("c", "f16[2, 2, 1, 2]", "0"), ("d", "f16[2, 2, 1, 1]", "0"));
    let out = [("c", "f16[2, 2, 1, 2]"), ("d", "f16[2, 2, 1, 1]")];
    let call = "aclnnScatterPaKvCache(k, c, s, v, d) -> c, d";
    let inputs = [key, value, slots, keys, values];
    assert_eq!(
        compute(&inputs, &out, call),
        ["c = [3.0, 4.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0]", "d = [6.0, 0.0, 0.0, 5.0]"]
    );
    let outside = ("s", "i32[2]", "[4, 0]");
    assert!(refusal(&[key, value, outside, keys, values], &out, call).contains("outside of the cache"));
    // Heads before places, and rows in parts of one element.
    let (key, slots) = (("k", "f16[1, 2, 1]", "[1, 2]"), ("s", "i32[1]", "1"));
    let cache = |name| (name, "f16[1, 2, 2, 1]", "0");
    let shapes = [("c", "f16[1, 2, 2, 1]"), ("d", "f16[1, 2, 2, 1]")];
    for mode in ["scatterModeOptional = \"NHSD\"", "cacheModeOptional = \"PA_NZ\""] {
        let call = format!("aclnnScatterPaKvCache(k, c, s, k, d, {mode}) -> c, d");
        let found = compute(&[key, slots, cache("c"), cache("d")], &shapes, &call);
        assert_eq!(found, ["c = [0.0, 1.0, 0.0, 2.0]", "d = [0.0, 1.0, 0.0, 2.0]"], "{mode}");
    }
}

#[test]
fn rows_are_normalised_turned_and_stored() {
    // [3, 4] over the root of 12.5 is [0.84853, 1.13137]; [1, 2, 3, 4] as halves is [1, 3, 2, 4], turned by a quarter [-2, -4, 1, 3].
    let kv = ("x", "f16[1, 1, 2, 6]", "[3, 4, 1, 2, 3, 4, 1, 1, 5, 6, 7, 8]");
    let (gamma, cos, sin) =
        (("g", "f16[2]", "1"), ("a", "f16[1, 1, 2, 4]", "0"), ("b", "f16[1, 1, 2, 4]", "1"));
    let index = ("i", "i64[1, 2]", "[2, -1]");
    let (keys, values) = (("c", "f16[1, 1, 3, 4]", "9"), ("d", "f16[1, 1, 3, 2]", "9"));
    let call = "aclnnKvRmsNormRopeCache(x, g, a, b, i, c, d, epsilon = 0.0) -> c, d";
    let out = [("c", "f16[1, 1, 3, 4]"), ("d", "f16[1, 1, 3, 2]")];
    assert_eq!(
        compute(&[kv, gamma, cos, sin, index, keys, values], &out, call),
        [
            "c = [9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, -2.0, -4.0, 1.0, 3.0]",
            "d = [9.0, 9.0, 9.0, 9.0, 0.8486, 1.132]"
        ]
    );
    let blocks = ("i", "i64[2]", "[1, 0]");
    let (keys, values) = (("c", "f16[1, 2, 1, 4]", "9"), ("d", "f16[1, 2, 1, 2]", "9"));
    let paged = call.replace("epsilon = 0.0", "epsilon = 0.0, cacheModeOptional = \"PA_BNSD\"");
    assert_eq!(
        compute(
            &[kv, gamma, cos, sin, blocks, keys, values],
            &[("c", "f16[1, 2, 1, 4]"), ("d", "f16[1, 2, 1, 2]")],
            &paged
        ),
        ["c = [-6.0, -8.0, 5.0, 7.0, -2.0, -4.0, 1.0, 3.0]", "d = [1.0, 1.0, 0.8486, 1.132]"]
    );
}
