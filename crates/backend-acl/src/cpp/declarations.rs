//! Headers, and declarations of what may have none.

use std::collections::BTreeSet;

use acg_calls::Api;
use acg_operators::Operator;

use super::Emitter;
use super::prelude::Fragment;
use crate::writer::Writer;

impl Emitter<'_> {
    /// Declares a function that came with CANN 9.2; a second declaration that says the same is none.
    pub(super) fn declare_recent(&mut self, api: Api) {
        self.prototypes.extend(match api {
            Api::RecordEventWithFlag => {
                Some("aclError aclrtRecordEventWithFlag(aclrtEvent event, aclrtStream stream, uint32_t flag);")
            }
            Api::StreamWaitEventWithFlag => Some(
                "aclError aclrtStreamWaitEventWithFlag(aclrtStream stream, aclrtEvent event, uint32_t timeout, \
                 uint32_t flag);",
            ),
            _ => None,
        });
    }

    /// Standard headers, ACL, and the operators.
    pub(super) fn declarations(&self, out: &mut Writer) {
        let used = Fragment::ALL.into_iter().filter(|&fragment| self.fragments.contains(fragment));
        let headers: BTreeSet<_> = used.flat_map(Fragment::headers).collect();
        for header in headers {
            out.format(format_args!("#include <{header}>"));
        }
        out.line("");
        out.line("#include \"acl/acl.h\"");
        if self.fragments.contains(Fragment::GraphEngine) {
            out.line("#include \"exe_graph/runtime/tensor.h\"");
            out.line("#include \"ge/ge_api_v2.h\"");
        }
        out.line("");
        if !self.prototypes.is_empty() {
            out.line("// Headers before CANN 9.2 do not declare these.");
            out.line("extern \"C\" {");
            self.prototypes.iter().for_each(|prototype| out.line(prototype));
            out.line("}");
            out.line("");
        }
        if self.operators.is_empty() {
            return;
        }
        out.verbatim(include_str!("prelude/acl_meta.hpp"));
        out.line("");
        for operator in &self.operators {
            let operator = operator.operator();
            let header = header(operator);
            out.format(format_args!("#if __has_include(\"{header}\")"));
            out.format(format_args!("#include \"{header}\""));
            out.line("#else");
            out.line("extern \"C\" {");
            out.format(format_args!("{};", operator.phase1_prototype()));
            out.format(format_args!("{};", operator.phase2_prototype()));
            out.line("}");
            out.line("#endif");
        }
        out.line("");
    }
}

/// The header that declares an operator: `aclnnop/aclnn_add.h` for `aclnnAdd` and for `aclnnInplaceAdd`.
fn header(operator: &Operator) -> String {
    let name = operator.name.strip_prefix("aclnn").unwrap_or(&operator.name);
    let name = name.strip_prefix("Inplace").filter(|rest| !rest.is_empty()).unwrap_or(name);
    let mut header = String::from("aclnnop/aclnn");
    let mut was_upper = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && !was_upper {
            header.push('_');
        }
        was_upper = character.is_ascii_uppercase();
        header.push(character.to_ascii_lowercase());
    }
    header.push_str(".h");
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_place_operators_share_a_header() {
        let header_of = |name| header(Operator::find(name).unwrap());
        assert_eq!(header_of("aclnnAdd"), "aclnnop/aclnn_add.h");
        assert_eq!(header_of("aclnnInplaceAdd"), "aclnnop/aclnn_add.h");
    }
}
