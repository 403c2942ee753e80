//! What is in a page.

/// What the script of a page reads.
pub(crate) fn page_data(page: &str) -> &str {
    let start = "<script type=\"application/json\" id=\"data\">";
    let (_, rest) = page.split_once(start).expect("the page has data");
    rest.split_once("</script>").expect("the data ends").0
}
