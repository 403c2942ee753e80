//! Attention in every layout, against its definition over plain indices.

mod programs;

use programs::operator::{compute, refusal};

/// Extents of a problem, and its numbers by batch, head, row and element.
struct Problem {
    batches: usize,
    heads: usize,
    key_heads: usize,
    queries: usize,
    keys: usize,
    width: usize,
    value_width: usize,
    query: Vec<f64>,
    key: Vec<f64>,
    value: Vec<f64>,
}

impl Problem {
    fn random(random: &mut fastrand::Rng) -> Self {
        let key_heads = random.usize(1..3);
        let (batches, heads) = (random.usize(1..3), key_heads * random.usize(1..3));
        let (queries, keys) = (random.usize(1..4), random.usize(1..6));
        let (width, value_width) = (2 * random.usize(1..3), 2);
        let mut numbers =
            |count: usize| -> Vec<f64> { (0..count).map(|_| f64::from(random.i32(-8..9)) / 4.0).collect() };
        Self {
            batches,
            heads,
            key_heads,
            queries,
            keys,
            width,
            value_width,
            query: numbers(batches * heads * queries * width),
            key: numbers(batches * key_heads * keys * width),
            value: numbers(batches * key_heads * keys * value_width),
        }
    }

    /// The definition: the mean of values, weighted by powers of the scores that are not hidden; and the scores' largest and sum.
    fn attended(
        &self,
        scale: f64,
        added: impl Fn(usize, usize, usize, usize) -> f64,
        hidden: impl Fn(usize, usize, usize, usize) -> bool,
    ) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let (mut out, mut largest, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        for b in 0..self.batches {
            for n in 0..self.heads {
                let m = n * self.key_heads / self.heads;
                for i in 0..self.queries {
                    let score = |j: usize| -> f64 {
                        let dot: f64 = (0..self.width)
                            .map(|d| {
                                self.query[((b * self.heads + n) * self.queries + i) * self.width + d]
                                    * self.key[((b * self.key_heads + m) * self.keys + j) * self.width + d]
                            })
                            .sum();
                        scale * (dot + added(b, n, i, j))
                    };
                    let seen: Vec<usize> = (0..self.keys).filter(|&j| !hidden(b, n, i, j)).collect();
                    let most = seen.iter().map(|&j| score(j)).fold(f64::NEG_INFINITY, f64::max);
                    let sum: f64 = seen.iter().map(|&j| (score(j) - most).exp()).sum();
                    for d in 0..self.value_width {
                        let of = |j: usize| {
                            self.value[((b * self.key_heads + m) * self.keys + j) * self.value_width + d]
                        };
                        out.push(seen.iter().map(|&j| (score(j) - most).exp() / sum * of(j)).sum());
                    }
                    largest.push(most);
                    sums.push(sum);
                }
            }
        }
        (out, largest, sums)
    }
}

/// Numbers by batch, head, row and element, in another order of dimensions.
fn laid_out(layout: &str, extents: [usize; 4], numbers: &[f64]) -> Vec<f64> {
    let [batches, heads, rows, width] = extents;
    let mut out = vec![0.0; numbers.len()];
    for b in 0..batches {
        for n in 0..heads {
            for s in 0..rows {
                for d in 0..width {
                    let place = match layout {
                        "BNSD" => ((b * heads + n) * rows + s) * width + d,
                        "BSND" | "BSH" => ((b * rows + s) * heads + n) * width + d,
                        _ => ((s * batches + b) * heads + n) * width + d,
                    };
                    out[place] = numbers[((b * heads + n) * rows + s) * width + d];
                }
            }
        }
    }
    out
}

fn ty(layout: &str, [batches, heads, rows, width]: [usize; 4]) -> String {
    match layout {
        "BNSD" => format!("f32[{batches}, {heads}, {rows}, {width}]"),
        "BSND" => format!("f32[{batches}, {rows}, {heads}, {width}]"),
        "BSH" => format!("f32[{batches}, {rows}, {}]", heads * width),
        _ => format!("f32[{rows}, {batches}, {}]", heads * width),
    }
}

fn list(numbers: impl IntoIterator<Item = f64>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(|number| format!("{number:?}")).collect();
    format!("[{}]", numbers.join(", "))
}

/// The numbers of a printed line.
fn numbers(line: &str) -> Vec<f64> {
    let (_, numbers) = line.split_once('[').expect("a list");
    numbers.trim_end_matches(']').split(", ").map(|number| number.parse().expect("a number")).collect()
}

fn assert_near(line: &str, expected: &[f64]) {
    let found = numbers(line);
    assert_eq!(found.len(), expected.len(), "{line}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-5 * expected.abs().max(1.0), "{line}\n{expected:?}");
    }
}

fn repeated(numbers: &[f64], times: usize) -> Vec<f64> {
    numbers.iter().flat_map(|&number| std::iter::repeat_n(number, times)).collect()
}

#[test]
fn training_attention_is_its_definition_in_every_layout() {
    let mut random = fastrand::Rng::with_seed(1);
    for round in 0..40 {
        let problem = Problem::random(&mut random);
        let layout = ["BNSD", "BSND", "BSH", "SBH"][round % 4];
        let &Problem { batches, heads, key_heads, queries, keys, width, value_width, .. } = &problem;
        let extents = |heads, rows, width| [batches, heads, rows, width];
        let shapes = [
            extents(heads, queries, width),
            extents(key_heads, keys, width),
            extents(key_heads, keys, value_width),
            extents(heads, queries, value_width),
        ];
        // Every query sees its first key.
        let mask: Vec<bool> =
            (0..batches * queries * keys).map(|at| at % keys != 0 && random.bool()).collect();
        let shift: Vec<f64> = (0..heads * keys).map(|_| f64::from(random.i32(-4..5)) / 2.0).collect();
        let (has_mask, has_shift) = (random.bool(), random.bool());
        let values = [&problem.query, &problem.key, &problem.value];
        let types: Vec<String> = shapes.iter().map(|&shape| ty(layout, shape)).collect();
        let texts: Vec<String> =
            shapes.iter().zip(values).map(|(&shape, values)| list(laid_out(layout, shape, values))).collect();
        let (mask_type, shift_type) =
            (format!("u8[{batches}, 1, {queries}, {keys}]"), format!("f32[1, {heads}, {queries}, {keys}]"));
        let mask_text = list(mask.iter().map(|&hidden| f64::from(u8::from(hidden)))).replace(".0", "");
        // The same for all queries.
        let shift_text = list((0..heads).flat_map(|n| {
            let shift = &shift;
            (0..queries).flat_map(move |_| (0..keys).map(move |j| shift[n * keys + j]))
        }));
        let mut inputs = vec![
            ("q", types[0].as_str(), texts[0].as_str()),
            ("k", types[1].as_str(), texts[1].as_str()),
            ("v", types[2].as_str(), texts[2].as_str()),
        ];
        let mut extra = String::new();
        if has_mask {
            inputs.push(("m", &mask_type, &mask_text));
            extra += "attenMaskOptional = m, ";
        }
        if has_shift {
            inputs.push(("p", &shift_type, &shift_text));
            extra += "realShiftOptional = p, ";
        }
        let statistics = format!("f32[{batches}, {heads}, {queries}, 8]");
        let outputs = [
            ("mx", statistics.as_str()),
            ("sm", statistics.as_str()),
            ("r", "f32[1]"),
            ("o", types[3].as_str()),
        ];
        let call = format!(
            "aclnnFlashAttentionScore(q, k, v, {extra}scaleValue = 0.5, headNum = {heads}, inputLayout = \"{layout}\", \
             sparseMode = 1) -> mx, sm, r, o"
        );
        let printed = compute(&inputs, &outputs, &call);
        let (out, largest, sums) = problem.attended(
            0.5,
            |_, n, _, j| if has_shift { shift[n * keys + j] } else { 0.0 },
            |b, _, i, j| has_mask && mask[(b * queries + i) * keys + j],
        );
        assert_near(&printed[0], &repeated(&largest, 8));
        assert_near(&printed[1], &repeated(&sums, 8));
        assert_eq!(printed[2], "r = [0.0]");
        assert_near(&printed[3], &laid_out(layout, shapes[3], &out));
    }
}

#[test]
fn inference_reads_tensors_lists_and_blocks_alike() {
    let mut random = fastrand::Rng::with_seed(2);
    for round in 0..45 {
        let mut problem = Problem::random(&mut random);
        problem.value.resize(problem.key.len(), 0.25);
        problem.value_width = problem.width;
        let &Problem { batches, heads, key_heads, queries, keys, width, .. } = &problem;
        let lengths: Vec<usize> = (0..batches).map(|_| random.usize(1..=keys)).collect();
        let lengths_text = format!("{lengths:?}");
        let layout = ["BNSD", "BSND", "BSH"][round % 3];
        let (query_shape, key_shape) = ([batches, heads, queries, width], [batches, key_heads, keys, width]);
        let (query_type, lse_type) =
            (ty(layout, query_shape), format!("f32[{batches}, {heads}, {queries}, 1]"));
        let query = list(laid_out(layout, query_shape, &problem.query));
        let mut declared: Vec<(String, String, String)> = Vec::new();
        let mut extra = String::new();
        let form = (round / 3) % 3;
        let (key_names, value_names) = match form {
            0 => {
                for (name, numbers) in [("k", &problem.key), ("v", &problem.value)] {
                    declared.push((
                        name.into(),
                        ty(layout, key_shape),
                        list(laid_out(layout, key_shape, numbers)),
                    ));
                }
                ("k".to_owned(), "v".to_owned())
            }
            1 => {
                let one = [1, key_heads, keys, width];
                for (name, numbers) in [("k", &problem.key), ("v", &problem.value)] {
                    for (b, own) in numbers.chunks(key_heads * keys * width).enumerate() {
                        declared.push((
                            format!("{name}{b}"),
                            ty(layout, one),
                            list(laid_out(layout, one, own)),
                        ));
                    }
                }
                let names =
                    |name: &str| (0..batches).map(|b| format!("{name}{b}")).collect::<Vec<_>>().join(", ");
                (names("k"), names("v"))
            }
            _ => {
                // Blocks of two rows in reverse order, one block that nobody uses.
                let places = keys.div_ceil(2);
                let blocks = batches * places + 1;
                let block_of = |b: usize, place: usize| blocks - 1 - (b * places + place);
                for (name, numbers) in [("k", &problem.key), ("v", &problem.value)] {
                    let mut cache = vec![9.0; blocks * 2 * key_heads * width];
                    for b in 0..batches {
                        for n in 0..key_heads {
                            for s in 0..keys {
                                for d in 0..width {
                                    let row = block_of(b, s / 2) * 2 + s % 2;
                                    cache[(row * key_heads + n) * width + d] =
                                        numbers[((b * key_heads + n) * keys + s) * width + d];
                                }
                            }
                        }
                    }
                    let ty = format!("f32[{blocks}, 2, {}]", key_heads * width);
                    declared.push((name.into(), ty, list(cache)));
                }
                let table: Vec<usize> =
                    (0..batches * places).map(|at| block_of(at / places, at % places)).collect();
                let table = format!("{table:?}");
                declared.push(("t".into(), format!("i32[{batches}, {places}]"), table));
                extra += "blockTableOptional = t, blockSize = 2, ";
                ("k".to_owned(), "v".to_owned())
            }
        };
        let mut inputs = vec![("q", query_type.as_str(), query.as_str())];
        inputs.extend(declared.iter().map(|(name, ty, text)| (name.as_str(), ty.as_str(), text.as_str())));
        let call = format!(
            "aclnnFusedInferAttentionScoreV3(q, [{key_names}], [{value_names}], {extra}actualSeqLengthsKvOptional = {lengths_text}, \
             numHeads = {heads}, scaleValue = 0.25, inputLayout = \"{layout}\", numKeyValueHeads = {key_heads}, \
             softmaxLseFlag = true) -> o, l"
        );
        let printed = compute(&inputs, &[("o", query_type.as_str()), ("l", lse_type.as_str())], &call);
        let (out, largest, sums) = problem.attended(0.25, |_, _, _, _| 0.0, |b, _, _, j| j >= lengths[b]);
        assert_near(&printed[0], &laid_out(layout, query_shape, &out));
        let logarithms: Vec<f64> = largest.iter().zip(sums).map(|(most, sum)| most + sum.ln()).collect();
        assert_near(&printed[1], &logarithms);
        if queries == 1 && form != 1 {
            // One decode step is the same.
            let step = call
                .replace("FusedInferAttentionScoreV3", "IncreFlashAttentionV4")
                .replace("blockTableOptional", "blocktable")
                .replace("actualSeqLengthsKvOptional", "actualSeqLengths")
                .replace(", softmaxLseFlag = true) -> o, l", ") -> o");
            assert_eq!(compute(&inputs, &[("o", query_type.as_str())], &step), printed[..1]);
        }
    }
}

#[test]
fn sequences_of_different_lengths_stand_one_after_the_other() {
    // Two sequences: one query and two keys, two queries and one key; one element each.
    let q = ("q", "f32[3, 1, 1]", "[1, 0, 2]");
    let k = ("k", "f32[3, 1, 1]", "[0, 0, 5]");
    let v = ("v", "f32[3, 1, 1]", "[2, 4, 7]");
    let out = [("mx", "f32[1, 3, 8]"), ("sm", "f32[1, 3, 8]"), ("r", "f32[1]"), ("o", "f32[3, 1, 1]")];
    let call = "aclnnFlashAttentionVarLenScore(q, k, v, actualSeqQLenOptional = [1, 3], actualSeqKvLenOptional = [2, 3], \
                headNum = 1, inputLayout = \"TND\") -> mx, sm, r, o";
    let printed = compute(&[q, k, v], &out, call);
    assert_near(&printed[0], &repeated(&[0.0, 0.0, 10.0], 8));
    assert_near(&printed[1], &repeated(&[2.0, 1.0, 1.0], 8));
    assert_eq!(printed[3], "o = [3.0, 7.0, 7.0]");
    let prompt = "aclnnPromptFlashAttentionV3(q, k, v, actualSeqLengths = [1, 3], actualSeqLengthsKv = [2, 3], numHeads = 1, \
                  inputLayout = \"TND\") -> o";
    assert_eq!(compute(&[q, k, v], &out[3..], prompt), printed[3..]);
}

#[test]
fn positions_are_added_before_or_after_scaling() {
    let q = ("q", "f32[1, 1, 1, 1]", "1");
    let k = ("k", "f32[1, 1, 2, 1]", "[4, 2]");
    let v = ("v", "f32[1, 1, 2, 1]", "[1, 3]");
    let p = ("p", "f32[1, 1, 1, 2]", "[-2, 0]");
    let out =
        [("mx", "f32[1, 1, 1, 8]"), ("sm", "f32[1, 1, 1, 8]"), ("r", "f32[1]"), ("o", "f32[1, 1, 1, 1]")];
    let call = |kind: i32| {
        format!(
            "aclnnFlashAttentionScoreV2(q, k, v, realShiftOptional = p, scaleValue = 0.5, headNum = 1, \
             inputLayout = \"BNSD\", pseType = {kind}) -> mx, sm, r, o"
        )
    };
    // (4 - 2)/2 = (2 + 0)/2, but 4/2 - 2 < 2/2 + 0.
    assert_eq!(compute(&[q, k, v, p], &out, &call(1))[3], "o = [2.0]");
    let one = 1f64.exp();
    assert_near(&compute(&[q, k, v, p], &out, &call(0))[3], &[(1.0 + 3.0 * one) / (1.0 + one)]);
    assert!(refusal(&[q, k, v, p], &out, &call(2)).contains("`pseType` 2"));
}

#[test]
fn short_types_round_once() {
    let q = ("q", "f16[1, 1, 1, 2]", "[1, 0]");
    let k = ("k", "f16[1, 1, 2, 2]", "[1, 0, 0, 0]");
    let v = ("v", "f16[1, 1, 2, 2]", "[0, 1, 1, 0]");
    let call = "aclnnPromptFlashAttentionV3(q, k, v, numHeads = 1, inputLayout = \"BNSD\") -> o";
    // e/(1 + e) and 1/(1 + e), as f16 and bf16.
    assert_eq!(compute(&[q, k, v], &[("o", "f16[1, 1, 1, 2]")], call), ["o = [0.269, 0.731]"]);
    let bf16 = |(name, ty, values): (&'static str, &'static str, &'static str)| {
        (name, ty.replace("f16", "bf16"), values)
    };
    let inputs = [bf16(q), bf16(k), bf16(v)];
    let inputs: Vec<_> = inputs.iter().map(|(name, ty, values)| (*name, ty.as_str(), *values)).collect();
    assert_eq!(compute(&inputs, &[("o", "bf16[1, 1, 1, 2]")], call), ["o = [0.27, 0.73]"]);
}

#[test]
fn what_the_references_leave_open_is_refused() {
    let q = ("q", "f32[1, 1, 1, 1]", "1");
    let k = ("k", "f32[1, 1, 2, 1]", "[4, 2]");
    let m = ("m", "u8[1, 2]", "1");
    let o = [("o", "f32[1, 1, 1, 1]")];
    let call = |extra: &str| {
        format!("aclnnPromptFlashAttentionV3(q, k, k, {extra}numHeads = 1, inputLayout = \"BNSD\") -> o")
    };
    assert!(refusal(&[q, k, m], &o, &call("attenMask = m, ")).contains("sees no key"));
    assert!(refusal(&[q, k, m], &o, &call("pseShift = m, ")).contains("`pseShift`"));
    assert!(refusal(&[q, k], &o, &call("actualSeqLengthsKv = [3], ")).contains("longer than 2"));
    let wide = ("k", "f32[1, 1, 2, 2]", "1");
    assert!(refusal(&[q, wide], &o, &call("")).contains("sizes of heads"));
    let two = ("q", "f32[1, 1, 2, 1]", "1");
    assert!(
        refusal(&[two, k], &[("o", "f32[1, 1, 2, 1]")], &call("sparseMode = 3, "))
            .contains("takes `attenMask`")
    );
    assert!(refusal(&[q, k], &o, &call("").replace("BNSD", "NSD")).contains("`inputLayout` \"NSD\""));
    // A mask that shows what the window hides.
    let mask = ("m", "u8[2, 2]", "0");
    let windowed = call("attenMask = m, nextTokens = 0, ");
    assert!(refusal(&[two, k, mask], &[("o", "f32[1, 1, 2, 1]")], &windowed).contains("`nextTokens`"));
    let paged = "aclnnIncreFlashAttentionV4(q, [c], [c], actualSeqLengths = [1], blocktable = t, numHeads = 1, \
                 inputLayout = \"BNSD\", blockSize = 2) -> o";
    let (cache, table) = (("c", "f32[2, 2, 1]", "1"), ("t", "i32[1, 1]", "2"));
    assert!(refusal(&[q, cache, table], &o, paged).contains("block that is none"));
}
