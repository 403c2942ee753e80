//! `docs/operators.md`, written from the table.

use crate::{Direction, Operator, Parameter, ParameterKind, operators};
use std::fmt::Write as _;

const HEAD: &str = "\
# Operators

Every aclnn operator that `.acg` text can call, from the operator table of `acg`. A call gives the inputs by position in
this order, everything else by name, and the results after the arrow:

```acg
side: aclnnAdd(self, other, alpha = 1.1) -> out
side: aclnnInplaceMul(self, other) -> self
side: aclnnCat([a, b], dim = 1) -> out
side: aclnnLayerNorm(x, normalizedShape = [64], weightOptional = w) -> out
```

- `name…` is a list of tensors, written in brackets. `name?` may be left out, which passes a null pointer; results
  marked so are all given or all left out.
- An attribute without `= value` must be given.
- A result that is also an input is overwritten in place.
- *Core* is what the operator's main kernel is predicted to run on; `[core = …]` after a call overrides it.
- In parentheses: the data types that fit, where not all do. *float* is f16, bf16, f32, f64; *half* f16, bf16; *int* i8 … i64 and u8 … u64;
  *index* i32, i64; *complex* c32, c64, c128; *number* all of these and bool; *quantised* what has at most 8 bits.
- Prototypes, data types and shapes follow the ACL operator reference.

";

/// The whole page.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    let mut families: Vec<_> = operators().iter().map(|operator| operator.category).collect();
    families.sort();
    families.dedup();
    let _ = writeln!(page, "{} operators in {} families.\n", operators().len(), families.len());
    for family in families {
        let _ = writeln!(page, "## {family}\n");
        page.push_str(
            "| operator | inputs | attributes | results | shapes | core |\n|---|---|---|---|---|---|\n",
        );
        for operator in operators().iter().filter(|operator| operator.category == family) {
            let _ = writeln!(
                page,
                "| `{}`<br>{} | {} | {} | {} | {} | {} |",
                operator.name,
                operator.summary,
                listed(operator.inputs(), input),
                listed(operator.attributes(), attribute),
                listed(operator.results(), result) + &kept(operator),
                shapes(operator),
                operator.core
            );
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn listed<'a>(
    parameters: impl Iterator<Item = (usize, &'a Parameter)>,
    show: fn(&Parameter) -> String,
) -> String {
    let shown: Vec<String> = parameters.map(|(_, parameter)| show(parameter)).collect();
    if shown.is_empty() { "–".to_owned() } else { shown.join(", ") }
}

fn marked(parameter: &Parameter) -> String {
    let list = if parameter.kind == ParameterKind::TensorList { "…" } else { "" };
    format!("{}{list}", parameter.name)
}

fn typed(parameter: &Parameter) -> String {
    match parameter.dtypes.name.as_str() {
        "any" => String::new(),
        name => format!(" ({})", name.replace('|', " ")),
    }
}

fn input(parameter: &Parameter) -> String {
    format!("`{}`{}", marked(parameter), typed(parameter))
}

fn attribute(parameter: &Parameter) -> String {
    if parameter.kind.is_tensor() {
        return format!("`{}?`{}", marked(parameter), typed(parameter));
    }
    match &parameter.default {
        Some(crate::Default::Null) => format!("`{}?`", parameter.name),
        Some(default) => format!("`{} = {default}`", parameter.name),
        None => format!("`{}`", parameter.name),
    }
}

fn result(parameter: &Parameter) -> String {
    let optional = if parameter.optional { "?" } else { "" };
    let note = if parameter.direction == Direction::InOut { " in place" } else { "" };
    format!("`{}{optional}`{}{note}", marked(parameter), typed(parameter))
}

fn kept(operator: &Operator) -> String {
    match operator.keeps.as_str() {
        "" => String::new(),
        kept => format!("<br>left as it was: {kept}"),
    }
}

fn shapes(operator: &Operator) -> String {
    let mut parts: Vec<&str> = operator.shape_rules.iter().map(crate::ShapeRule::in_words).collect();
    let unchecked = match operator.unchecked.as_str() {
        "" => String::new(),
        reason => format!("not checked further, since {reason}"),
    };
    if !unchecked.is_empty() {
        parts.push(&unchecked);
    }
    parts.join("; ")
}
