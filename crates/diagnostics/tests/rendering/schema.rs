//! A small JSON schema validator, enough for the schema of SARIF.
//!
//! A keyword that it does not know fails the validation, so that nothing passes unexamined.

use serde_json::{Map, Value};

/// What is wrong with `value`, each with the path to it; empty if it is valid.
pub(crate) fn validate(root: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    Validator { root }.check(root, value, "$", &mut faults);
    faults
}

struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let Some(schema) = schema.as_object() else {
            return faults.push(format!("{path}: a schema that is no object"));
        };
        for (keyword, argument) in schema {
            let fault = match keyword.as_str() {
                "$schema" | "$id" | "title" | "description" | "default" | "definitions"
                // Properties are checked together, below.
                | "properties" | "additionalProperties" => None,
                "type" => wrong_type(argument, value),
                "enum" => (!contains(argument, value)).then(|| format!("not one of {argument}")),
                "minimum" => (value.as_f64() < argument.as_f64()).then(|| format!("less than {argument}")),
                "maximum" => (value.as_f64() > argument.as_f64()).then(|| format!("more than {argument}")),
                "minItems" => {
                    let count = value.as_array().map(|items| items.len() as u64);
                    (count < argument.as_u64()).then(|| format!("fewer than {argument} items"))
                }
                "uniqueItems" => (argument == true && has_doubles(value)).then(|| "equal items".to_owned()),
                "format" => wrong_format(argument, value),
                "required" => missing(argument, value),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(argument, item, &format!("{path}[{index}]"), faults);
                    }
                    None
                }
                "$ref" => {
                    let target =
                        argument.as_str().and_then(|name| self.root.pointer(name.strip_prefix('#')?));
                    match target {
                        Some(target) => self.check(target, value, path, faults),
                        None => faults.push(format!("{path}: no schema {argument}")),
                    }
                    None
                }
                "anyOf" => self.check_any(argument, value),
                keyword => Some(format!("keyword `{keyword}` is not examined")),
            };
            faults.extend(fault.map(|fault| format!("{path}: {fault}")));
        }
        if let Some(object) = value.as_object() {
            self.check_properties(schema, object, path, faults);
        }
    }

    fn check_any(&self, alternatives: &Value, value: &Value) -> Option<String> {
        let is_valid = |schema: &Value| {
            let mut faults = Vec::new();
            self.check(schema, value, "", &mut faults);
            faults.is_empty()
        };
        let any = alternatives.as_array().is_some_and(|alternatives| alternatives.iter().any(is_valid));
        (!any).then(|| "no alternative fits".to_owned())
    }

    fn check_properties(
        &self,
        schema: &Map<String, Value>,
        object: &Map<String, Value>,
        path: &str,
        faults: &mut Vec<String>,
    ) {
        for (name, value) in object {
            let path = format!("{path}.{name}");
            let known = schema.get("properties").and_then(|known| known.get(name));
            match known.or_else(|| schema.get("additionalProperties")) {
                Some(Value::Bool(false)) => faults.push(format!("{path}: not a known property")),
                Some(schema @ Value::Object(_)) => self.check(schema, value, &path, faults),
                _ => {}
            }
        }
    }
}

fn wrong_type(types: &Value, value: &Value) -> Option<String> {
    let is = |name: &Value| match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    };
    let fits = types.as_array().map_or_else(|| is(types), |types| types.iter().any(is));
    (!fits).then(|| format!("not of type {types}"))
}

fn contains(list: &Value, value: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(value))
}

fn has_doubles(value: &Value) -> bool {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().enumerate().any(|(index, item)| items[..index].contains(item))
}

fn missing(required: &Value, value: &Value) -> Option<String> {
    let names = required.as_array().into_iter().flatten().filter_map(Value::as_str);
    let missing: Vec<_> = names.filter(|name| value.get(name).is_none()).collect();
    (!missing.is_empty()).then(|| format!("lacks {}", missing.join(", ")))
}

/// URIs are made of ASCII letters, digits and marks, with `%` only before two hexadecimal digits.
fn wrong_format(format: &Value, value: &Value) -> Option<String> {
    let text = value.as_str()?.as_bytes();
    if !matches!(format.as_str(), Some("uri" | "uri-reference")) {
        return Some(format!("format {format} is not examined"));
    }
    let is_fine = |(at, &byte): (usize, &u8)| match byte {
        b'%' => text.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
    };
    let is_uri = text.iter().enumerate().all(is_fine);
    (!is_uri).then(|| format!("no {format}"))
}
