//! Reads `table/*.toml` once and finds entries in it.

use crate::shape::{DTypeRule, ShapeRule};
use crate::{Category, Core, Operator, OperatorId, Parameter};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// More than the parameters of any operator, so that a call's arguments fit an array on the stack.
pub const MAX_PARAMETERS: usize = 48;

macro_rules! families {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../table/", $name, ".toml")))),*]
    };
}

/// The files of the table, which are also the categories.
const FAMILIES: &[(&str, &str)] = families![
    "activation",
    "attention",
    "comparison",
    "elementwise",
    "experts",
    "in_place",
    "index",
    "layout",
    "matrix",
    "normalisation",
    "quantisation",
    "reduction",
    "window",
];

/// One entry as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    summary: String,
    #[serde(default)]
    core: Option<String>,
    parameters: Vec<String>,
    #[serde(default)]
    shape: Vec<String>,
    #[serde(default)]
    dtype: Vec<String>,
    #[serde(default)]
    unchecked: String,
    #[serde(default)]
    keeps: String,
}

/// All operators, in alphabetical order of names.
///
/// # Panics
/// If the built-in table has an error, which a test excludes.
pub fn operators() -> &'static [Operator] {
    static TABLE: OnceLock<Vec<Operator>> = OnceLock::new();
    TABLE.get_or_init(|| load(FAMILIES).unwrap_or_else(|error| panic!("operator table: {error}")))
}

/// The position of the operator called `name`.
pub(crate) fn position(name: &str) -> Option<usize> {
    operators().binary_search_by(|operator| operator.name.as_str().cmp(name)).ok()
}

/// The name nearest to `name`: case and the `aclnn` prefix count nothing, else one letter or a third of them may differ.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let plain = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower.strip_prefix("aclnn").map_or(lower.clone(), str::to_owned)
    };
    // Names longer than any entry cannot be near, and distance is quadratic.
    let wanted = plain(&name.chars().take(64).collect::<String>());
    let scored =
        operators().iter().map(|operator| (edits(&wanted, &plain(&operator.name)), operator.name.as_str()));
    let (distance, nearest) = scored.min()?;
    (!wanted.is_empty() && distance * 3 <= wanted.len().max(3)).then_some(nearest)
}

/// Edit distance of two short names.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

fn load(families: &[(&'static str, &str)]) -> Result<Vec<Operator>, String> {
    let mut operators = Vec::new();
    for &(family, text) in families {
        let entries: BTreeMap<String, Entry> =
            toml::from_str(text).map_err(|error| format!("{family}: {error}"))?;
        for (name, entry) in entries {
            operators.push(build(family, &name, entry).map_err(|error| format!("{name}: {error}"))?);
        }
    }
    operators.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = operators.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(format!("{} appears twice", pair[0].name));
    }
    for (index, operator) in operators.iter_mut().enumerate() {
        operator.id = OperatorId(index as u16);
    }
    Ok(operators)
}

fn build(family: &'static str, name: &str, entry: Entry) -> Result<Operator, String> {
    let core = match &entry.core {
        Some(word) => Core::parse(word).ok_or_else(|| format!("`{word}` is no core"))?,
        None => Core::AiVec,
    };
    let parameters =
        entry.parameters.iter().map(|text| Parameter::parse(text)).collect::<Result<Vec<_>, _>>()?;
    if parameters.len() > MAX_PARAMETERS {
        return Err(format!("more than {MAX_PARAMETERS} parameters"));
    }
    Ok(Operator {
        id: OperatorId(0),
        name: name.to_owned(),
        summary: entry.summary,
        category: Category(family),
        core,
        shape_rules: entry
            .shape
            .iter()
            .map(|text| ShapeRule::parse(text, &parameters))
            .collect::<Result<_, _>>()?,
        dtype_rules: entry
            .dtype
            .iter()
            .map(|text| DTypeRule::parse(text, &parameters))
            .collect::<Result<_, _>>()?,
        unchecked: entry.unchecked,
        keeps: entry.keeps,
        parameters,
    })
}
