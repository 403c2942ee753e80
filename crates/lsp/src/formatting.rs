//! The canonical layout of a program.

use acg_check::Kind;
use lsp_types::TextEdit;

use crate::document::Document;

/// What lays a document out; nothing for one that cannot be read, or is no program.
pub(crate) fn formatting(document: &Document) -> Option<Vec<TextEdit>> {
    if document.kind() != Kind::Program {
        return None;
    }
    let (sources, file) = document.sources();
    let laid_out = acg_check::format_program(sources, file).ok()?;
    if laid_out == document.text() {
        return Some(Vec::new());
    }
    Some(vec![TextEdit { range: document.range(0..document.text().len()), new_text: laid_out }])
}
