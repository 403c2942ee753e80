//! Mixtures of experts: tokens copied in order of their experts, and the experts' results brought back.

use acg_operators::DType;

use super::call::{Array, Call, Refusal};
use super::quantisation::by_token;
use super::{Evaluate, Outcome};
use crate::number::Number;

pub(super) const OPERATORS: &[(&str, Evaluate)] = &[
    ("aclnnMoeFinalizeRouting", finalize),
    ("aclnnMoeFinalizeRoutingV2", finalize_v2),
    ("aclnnMoeInitRouting", init),
    ("aclnnMoeInitRoutingQuantV2", init_quant),
    ("aclnnMoeInitRoutingV2", init_v2),
];

/// Choices of experts in the order of experts; choices of one expert keep their order.
fn sorted(experts: &[Number]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..experts.len()).collect();
    order.sort_by_key(|&choice| experts[choice].int());
    order
}

/// The place of each choice, from the choice at each place.
fn places(order: &[usize]) -> Vec<Number> {
    let mut places = vec![Number::ZERO; order.len()];
    for (place, &choice) in order.iter().enumerate() {
        places[choice] = Number::Int(place as i128);
    }
    places
}

fn row(x: &Array, token: usize) -> Result<&[Number], Refusal> {
    let width = x.shape.last().copied().unwrap_or(1);
    let row = x.values.get(token * width..(token + 1) * width);
    row.ok_or_else(|| Refusal::new("a row is none of the tokens"))
}

fn count(call: &Call, name: &str) -> Result<usize, Refusal> {
    usize::try_from(call.int(name)?).map_err(|_| Refusal::new(format!("`{name}` is negative")))
}

fn init(call: &mut Call) -> Outcome {
    let (x, rows, experts) = (call.tensor("x")?, call.tensor("rowIdx")?, call.tensor("expertIdx")?);
    let &[tokens, chosen] = experts.shape.as_slice() else {
        return Err(Refusal::new("`expertIdx` has two dimensions"));
    };
    let order = sorted(&experts.values);
    let sorted_rows: Vec<usize> = order
        .iter()
        .map(|&choice| match usize::try_from(rows.at(choice)?.int()) {
            Ok(row) if row < order.len() => Ok(row),
            _ => Err(Refusal::new("`rowIdx` names a row that is none")),
        })
        .collect::<Result<_, _>>()?;
    let mut expanded_rows = vec![None; order.len()];
    for (place, &row) in sorted_rows.iter().enumerate() {
        expanded_rows[row] = Some(Number::Int(place as i128));
    }
    let expanded_rows: Option<Vec<Number>> = expanded_rows.into_iter().collect();
    let expanded_rows = expanded_rows.ok_or_else(|| Refusal::new("`rowIdx` names a row twice"))?;
    let active = tokens.min(count(call, "activeNum")?) * chosen;
    let mut expanded = Vec::new();
    for &sorted_row in sorted_rows.iter().take(active) {
        expanded.extend_from_slice(row(x, sorted_row % tokens.max(1))?);
    }
    let experts = order.iter().map(|&choice| experts.values[choice]).collect();
    call.give_to("expandedRowIdxOut", expanded_rows)?;
    call.give_to("expandedExpertIdxOut", experts)?;
    call.give_to("expandedXOut", expanded)
}

/// Where choices go: the choice at each place of the result, and the place of each choice.
struct Routed {
    choices: Vec<Option<usize>>,
    places: Vec<Number>,
    /// How many choices fall to each expert.
    counts: Vec<i128>,
    is_padded: bool,
}

/// The names that two versions of the operator give the same attributes.
struct Names {
    active: &'static str,
    capacity: &'static str,
    experts: &'static str,
    mode: &'static str,
    count_flag: &'static str,
    before_flag: &'static str,
    counts: &'static str,
    before: &'static str,
}

const PLAIN: Names = Names {
    active: "activeNumOptional",
    capacity: "expertCapacityOptional",
    experts: "expertNumOptional",
    mode: "dropPadModeOptional",
    count_flag: "expertTokensCountOrCumsumFlagOptional",
    before_flag: "expertTokensBeforeCapacityFlagOptional",
    counts: "expertTokensCountOrCumsumOutOptional",
    before: "expertTokensBeforeCapacityOutOptional",
};

const QUANTISED: Names = Names {
    active: "activeNum",
    capacity: "expertCapacity",
    experts: "expertNum",
    mode: "dropPadMode",
    count_flag: "expertTokensCountOrCumsumFlag",
    before_flag: "expertTokensBeforeCapacityFlag",
    ..PLAIN
};

fn routed(call: &Call, names: &Names) -> Result<Routed, Refusal> {
    let chosen = &call.tensor("expertIdx")?.values;
    let order = sorted(chosen);
    let experts = count(call, names.experts)?;
    let is_padded = match call.int(names.mode)? {
        0 => false,
        1 => true,
        mode => return Err(Refusal::new(format!("`{}` {mode} is neither 0 nor 1", names.mode))),
    };
    let counted = is_padded || call.int(names.count_flag)? != 0;
    let mut counts = vec![0; if counted { experts } else { 0 }];
    if chosen.iter().any(|expert| expert.int() < 0) {
        return Err(Refusal::new("the reference leaves a negative expert open"));
    }
    if counted {
        call.spend(experts as u64)?;
        for expert in chosen {
            let count = usize::try_from(expert.int()).ok().and_then(|expert| counts.get_mut(expert));
            *count.ok_or_else(|| Refusal::new(format!("an expert is none of {experts}")))? += 1;
        }
    }
    if !is_padded {
        let active = match count(call, names.active)? {
            0 => order.len(),
            active => active.min(order.len()),
        };
        let choices = order.iter().take(active).map(|&choice| Some(choice)).collect();
        return Ok(Routed { choices, places: places(&order), counts, is_padded });
    }
    let capacity = count(call, names.capacity)?;
    let slots =
        experts.checked_mul(capacity).filter(|&slots| slots <= call.result().map_or(0, super::Place::len));
    let slots = slots.ok_or_else(|| Refusal::new("the result has no room for what each expert takes"))?;
    let mut choices = vec![None; slots];
    let mut places = vec![Number::Int(-1); order.len()];
    let mut taken = vec![0; experts];
    for choice in order {
        let expert = usize::try_from(chosen[choice].int()).unwrap_or(usize::MAX);
        let Some(taken) = taken.get_mut(expert).filter(|taken| **taken < capacity) else { continue };
        let place = expert * capacity + *taken;
        *taken += 1;
        choices[place] = Some(choice);
        places[choice] = Number::Int(place as i128);
    }
    Ok(Routed { choices, places, counts, is_padded })
}

/// How many tokens one token stands for: the experts chosen for it.
fn chosen_per_token(call: &Call) -> Result<usize, Refusal> {
    let shape = &call.tensor("expertIdx")?.shape;
    Ok(if shape.len() == 2 { shape[1].max(1) } else { 1 })
}

fn give_routed(call: &mut Call, names: &Names, routed: Routed, expanded: Vec<Number>) -> Outcome {
    let numbers = |counts: &[i128]| counts.iter().map(|&count| Number::Int(count)).collect::<Vec<_>>();
    if routed.is_padded {
        if call.flag(names.before_flag)? {
            call.give_to(names.before, numbers(&routed.counts))?;
        }
    } else {
        match call.int(names.count_flag)? {
            0 => {}
            1 => {
                let mut total = 0;
                let sums: Vec<i128> = routed
                    .counts
                    .iter()
                    .map(|count| {
                        total += count;
                        total
                    })
                    .collect();
                call.give_to(names.counts, numbers(&sums))?;
            }
            2 => call.give_to(names.counts, numbers(&routed.counts))?,
            flag => return Err(Refusal::new(format!("`{}` {flag} is none of 0, 1 and 2", names.count_flag))),
        }
    }
    call.give_to("expandedRowIdxOut", routed.places)?;
    call.give_to("expandedXOut", expanded)
}

fn init_v2(call: &mut Call) -> Outcome {
    let routed = routed(call, &PLAIN)?;
    let (x, chosen) = (call.tensor("x")?, chosen_per_token(call)?);
    let width = x.shape.last().copied().unwrap_or(1);
    let mut expanded = Vec::new();
    for choice in &routed.choices {
        match choice {
            Some(choice) => expanded.extend_from_slice(row(x, choice / chosen)?),
            None => expanded.extend(std::iter::repeat_n(Number::ZERO, width)),
        }
    }
    give_routed(call, &PLAIN, routed, expanded)
}

fn init_quant(call: &mut Call) -> Outcome {
    let routed = routed(call, &QUANTISED)?;
    let (x, chosen, dtype) = (call.tensor("x")?, chosen_per_token(call)?, call.result()?.dtype);
    let (scale, offset) = (call.optional("scaleOptional")?, call.optional("offsetOptional")?);
    let width = x.shape.last().copied().unwrap_or(1);
    let (mut expanded, mut scales) = (Vec::new(), Vec::new());
    let is_dynamic = match call.int("quantMode")? {
        0 => false,
        1 => true,
        mode => return Err(Refusal::new(format!("`quantMode` {mode} is neither 0 nor 1"))),
    };
    for choice in &routed.choices {
        let Some(choice) = *choice else {
            if is_dynamic && call.operator.parameter("dynamicQuantScaleOutOptional").is_some() {
                return Err(Refusal::new("the reference leaves the scale of a padded row open"));
            }
            expanded.extend(std::iter::repeat_n(Number::ZERO, width));
            continue;
        };
        let token = row(x, choice / chosen)?;
        if is_dynamic {
            let expert = usize::try_from(call.tensor("expertIdx")?.at(choice)?.int()).unwrap_or(usize::MAX);
            let smooth = scale.map(|scale| of_expert(scale, expert, width)).transpose()?;
            if dtype != DType::I8 {
                return Err(Refusal::new(format!("acg does not compute scales of results of type {dtype}")));
            }
            let token = Array { dtype: x.dtype, shape: vec![width], values: token.to_vec() };
            let (row, scale) = by_token(&token, smooth.as_ref(), dtype)?;
            expanded.extend(row);
            scales.extend(scale);
        } else {
            let missing = || Refusal::new("`quantMode` 0 takes `scaleOptional` and `offsetOptional`");
            let (scale, offset) =
                (scale.ok_or_else(missing)?.single()?, offset.ok_or_else(missing)?.single()?);
            expanded
                .extend(token.iter().map(|x| Number::Real(libm::rint(x.times(scale).plus(offset).real()))));
        }
    }
    if is_dynamic {
        call.give_to("dynamicQuantScaleOutOptional", scales)?;
    }
    give_routed(call, &QUANTISED, routed, expanded)
}

/// The row of one expert in a tensor with a row for each, or one for all.
fn of_expert(scale: &Array, expert: usize, width: usize) -> Result<Array, Refusal> {
    let at = if scale.values.len() == width { 0 } else { expert };
    let values = scale.values.get(at.saturating_mul(width)..at.saturating_add(1).saturating_mul(width));
    let values =
        values.ok_or_else(|| Refusal::new(format!("`scaleOptional` has no row of expert {expert}")))?;
    Ok(Array { dtype: DType::F32, shape: vec![width], values: values.to_vec() })
}

/// What is brought back together.
struct Finalized<'a> {
    /// Rows of results, all dimensions but the last in one.
    expanded: &'a Array,
    rows: &'a Array,
    added: [Option<&'a Array>; 2],
    bias: Option<&'a Array>,
    scales: Option<&'a Array>,
    experts: Option<&'a Array>,
    /// Whether the choices of a token follow each other; else the tokens of a choice do.
    by_token: bool,
    /// Whether -1 says that a choice was dropped.
    may_drop: bool,
}

impl Finalized<'_> {
    fn values(&self, call: &Call) -> Result<Vec<Number>, Refusal> {
        let width = self.expanded.shape.last().copied().unwrap_or(1).max(1);
        let tokens = call.result()?.len() / width;
        let chosen = self.scales.map_or(1, |scales| scales.shape.get(1).copied().unwrap_or(1));
        if self.rows.values.len() != tokens * chosen {
            return Err(Refusal::new("`expandedRowIdx` has not one row for each choice of a token"));
        }
        call.spend((tokens as u64).saturating_mul(chosen as u64).saturating_mul(width as u64))?;
        let mut out = Vec::with_capacity(tokens * width);
        for token in 0..tokens {
            for column in 0..width {
                let mut sum = Number::Real(0.0);
                for added in self.added.into_iter().flatten() {
                    sum = sum.plus(added.at(token * width + column)?);
                }
                for choice in 0..chosen {
                    sum = sum.plus(self.part(token, tokens, choice, chosen, (column, width))?);
                }
                out.push(sum);
            }
        }
        Ok(out)
    }

    /// What one choice of one token adds.
    fn part(
        &self,
        token: usize,
        tokens: usize,
        choice: usize,
        chosen: usize,
        (column, width): (usize, usize),
    ) -> Result<Number, Refusal> {
        let at = if self.by_token { token * chosen + choice } else { choice * tokens + token };
        let row = self.rows.at(at)?.int();
        if row == -1 && self.may_drop {
            if self.bias.is_some() {
                return Err(Refusal::new(
                    "the reference leaves open whether the bias of a dropped row counts",
                ));
            }
            return Ok(Number::ZERO);
        }
        let rows = self.expanded.values.len() / width;
        let row = usize::try_from(row).ok().filter(|&row| row < rows);
        let row =
            row.ok_or_else(|| Refusal::new(format!("`expandedRowIdx` names a row that is none of {rows}")))?;
        let mut value = self.expanded.at(row * width + column)?;
        let own = token * chosen + choice;
        if let Some(bias) = self.bias {
            let experts = self.experts.ok_or_else(|| Refusal::new("a bias takes the experts beside it"))?;
            let expert = usize::try_from(experts.at(own)?.int())
                .ok()
                .filter(|&expert| expert < bias.values.len() / width);
            let expert = expert.ok_or_else(|| Refusal::new("an expert has no bias"))?;
            value = value.plus(bias.at(expert * width + column)?);
        }
        Ok(match self.scales {
            Some(scales) => value.times(scales.at(own)?),
            None => value,
        })
    }
}

fn finalize(call: &mut Call) -> Outcome {
    let finalized = Finalized {
        expanded: call.tensor("expandedX")?,
        rows: call.tensor("expandedRowIdx")?,
        added: [Some(call.tensor("x1")?), call.optional("x2Optional")?],
        bias: Some(call.tensor("bias")?),
        scales: Some(call.tensor("scales")?),
        experts: Some(call.tensor("expandedExpertIdx")?),
        by_token: false,
        may_drop: false,
    };
    let values = finalized.values(call)?;
    call.give(values)
}

fn finalize_v2(call: &mut Call) -> Outcome {
    let mode = call.int("dropPadMode")?;
    if !(0..=3).contains(&mode) {
        return Err(Refusal::new(format!("`dropPadMode` {mode} is none of 0 to 3")));
    }
    let finalized = Finalized {
        expanded: call.tensor("expandedX")?,
        rows: call.tensor("expandedRowIdx")?,
        added: [call.optional("x1Optional")?, call.optional("x2Optional")?],
        bias: call.optional("biasOptional")?,
        scales: call.optional("scalesOptional")?,
        experts: call.optional("expertIdxOptional")?,
        by_token: mode >= 2,
        may_drop: mode % 2 == 1,
    };
    let values = finalized.values(call)?;
    call.give(values)
}
