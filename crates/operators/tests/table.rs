//! The table as a whole: it loads, is in order, prints well-formed C, and the reference page shows it.

use acg_operators::{Core, Direction, MAX_PARAMETERS, Operator, ParameterKind, operators, reference};
use std::collections::HashSet;

#[test]
fn entries_are_in_order_and_named_once() {
    let names: Vec<&str> = operators().iter().map(|operator| operator.name.as_str()).collect();
    assert!(names.len() >= 80, "{} operators", names.len());
    assert!(names.is_sorted());
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    for (index, operator) in operators().iter().enumerate() {
        assert_eq!(operator.id.index(), index);
        assert!(std::ptr::eq(operator.id.operator(), operator));
        assert!(std::ptr::eq(Operator::find(&operator.name).unwrap(), operator));
    }
}

#[test]
fn every_entry_is_whole() {
    for operator in operators() {
        let name = &operator.name;
        assert!(name.starts_with("aclnn"), "{name}");
        assert!(!operator.summary.is_empty() && !operator.summary.ends_with('.'), "{name}");
        assert!(operator.parameters().len() <= MAX_PARAMETERS, "{name}");
        assert!(operator.results().next().is_some(), "{name} writes nothing");
        let parameters = operator.parameters();
        let names: HashSet<_> = parameters.iter().map(|parameter| &parameter.name).collect();
        assert_eq!(names.len(), parameters.len(), "{name}");
        for parameter in parameters {
            assert!(parameter.kind.is_tensor() || parameter.direction == Direction::In, "{name}");
            let places = [parameter.is_positional(), parameter.is_named(), parameter.is_result()];
            assert!(places.contains(&true), "{name}: `{}` cannot be written", parameter.name);
        }
        let in_place = parameters.iter().any(|parameter| parameter.direction == Direction::InOut);
        if name.starts_with("aclnnInplace") {
            assert!(in_place, "{name}");
        }
        // An operator without a shape rule says why, unless it has one tensor and nothing to compare it with.
        let tensors = parameters.iter().filter(|parameter| parameter.kind.is_tensor()).count();
        let explained = !operator.shape_rules.is_empty() || !operator.unchecked.is_empty() || tensors == 1;
        assert!(explained, "{name} has neither a shape rule nor a reason");
    }
}

#[test]
fn prototypes_are_the_references() {
    let phase1 = |name| Operator::find(name).unwrap().phase1_prototype();
    assert_eq!(
        phase1("aclnnAdd"),
        "aclnnStatus aclnnAddGetWorkspaceSize(const aclTensor *self, const aclTensor *other, const aclScalar *alpha, \
         aclTensor *out, uint64_t *workspaceSize, aclOpExecutor **executor)"
    );
    assert_eq!(
        phase1("aclnnInplaceAdd"),
        "aclnnStatus aclnnInplaceAddGetWorkspaceSize(const aclTensor *selfRef, const aclTensor *other, \
         const aclScalar *alpha, uint64_t *workspaceSize, aclOpExecutor **executor)"
    );
    assert_eq!(
        phase1("aclnnSplitWithSize"),
        "aclnnStatus aclnnSplitWithSizeGetWorkspaceSize(const aclTensor *self, const aclIntArray *splitSize, \
         int64_t dim, aclTensorList *out, uint64_t *workspaceSize, aclOpExecutor **executor)"
    );
    assert_eq!(
        phase1("aclnnCast"),
        "aclnnStatus aclnnCastGetWorkspaceSize(const aclTensor *self, const aclDataType dtype, aclTensor *out, \
         uint64_t *workspaceSize, aclOpExecutor **executor)"
    );
    assert_eq!(
        Operator::find("aclnnAdd").unwrap().phase2_prototype(),
        "aclnnStatus aclnnAdd(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream)"
    );
}

#[test]
fn every_prototype_is_well_formed() {
    let types = [
        "aclTensor",
        "aclTensorList",
        "aclScalar",
        "aclIntArray",
        "aclFloatArray",
        "aclBoolArray",
        "int64_t",
        "int32_t",
        "int8_t",
        "uint64_t",
        "int",
        "double",
        "float",
        "bool",
        "char",
        "aclDataType",
    ];
    for operator in operators() {
        let prototype = operator.phase1_prototype();
        let list = prototype.split_once('(').unwrap().1.strip_suffix(')').unwrap();
        for declaration in list.split(", ") {
            let (c_type, name) = declaration.rsplit_once(' ').unwrap();
            let name = name.trim_start_matches('*');
            assert!(
                name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_'),
                "{declaration}"
            );
            let base = c_type.strip_prefix("const ").unwrap_or(c_type);
            assert!(types.contains(&base) || base == "aclOpExecutor", "{prototype}");
        }
    }
}

#[test]
fn pointers_stand_where_the_kind_says() {
    for parameter in operators().iter().flat_map(Operator::parameters) {
        let by_value = matches!(
            parameter.kind,
            ParameterKind::Int
                | ParameterKind::Float
                | ParameterKind::Double
                | ParameterKind::Bool
                | ParameterKind::DType
        );
        assert_eq!(parameter.c_type.ends_with('*'), !by_value, "{parameter}");
    }
}

#[test]
fn near_names_are_suggested() {
    assert_eq!(Operator::suggest("aclnnMatMul"), Some("aclnnMatmul"));
    assert_eq!(Operator::suggest("aclnnSoftMax"), Some("aclnnSoftmax"));
    assert_eq!(Operator::suggest("InplaceAd"), Some("aclnnInplaceAdd"));
    assert_eq!(Operator::suggest("aclnnAd"), Some("aclnnAdd"));
    assert_eq!(Operator::suggest("zzzzzzzzzzzz"), None);
    assert_eq!(Operator::suggest(""), None);
    assert_eq!(Operator::suggest(&"é".repeat(100)), None);
}

#[test]
fn cores_are_those_of_the_call_log() {
    for operator in operators() {
        assert_eq!(Core::parse(operator.core.as_str()), Some(operator.core));
    }
    assert_eq!(Operator::find("aclnnAdd").unwrap().core, Core::AiVec);
}

#[test]
fn the_reference_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operators.md");
    let page = reference();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/operators.md is out of date; BLESS=1 rewrites it");
}
