//! What the grammar expected at the place where a line stops making sense, in the language's own words.

use crate::grammar::Rule;

/// A list in words of what may stand after `before`, without a final stop; `None` where the grammar has nothing to say.
pub(crate) fn in_words(rules: &[Rule], before: &str) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    for found in rules.iter().flat_map(|&rule| words_for(rule, before)) {
        if !words.contains(found) {
            words.push(found);
        }
    }
    // The end of the line is what remains when nothing else fits.
    words.sort_by_key(|&word| word == END);
    match words.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        [first @ .., last] => Some(format!("{} or {last}", first.join(", "))),
    }
}

const END: &str = "the end of the line";

/// One rule in words; empty for rules that a reader of the message has no use for.
fn words_for(rule: Rule, before: &str) -> &'static [&'static str] {
    let opened = before.trim_end().ends_with(['(', '[']);
    match rule {
        Rule::EOI => &[END],
        Rule::arrow => &["`->`"],
        Rule::equals => &["`=`"],
        Rule::colon => &["`,`", "`:`"],
        Rule::paren_close if opened => &["`)`"],
        Rule::paren_close => &["`,`", "`)`"],
        Rule::bracket_close if opened => &["`]`"],
        Rule::bracket_close => &["`,`", "`]`"],
        Rule::brace_open => &["`{`"],
        Rule::brace_close | Rule::close => &["`}`"],
        Rule::name | Rule::operand | Rule::stream_block => &["a name"],
        Rule::number => &["a number"],
        Rule::string => &["a text in double quotes"],
        Rule::list | Rule::tensor_list => &["a list in brackets"],
        Rule::slice => &["a slice such as `[0..3]`"],
        Rule::range | Rule::all => &["a range such as `0..3`"],
        Rule::tensor_type | Rule::dtype => &["a type such as `f32[4, 2]` or `bytes[4KiB]`"],
        Rule::view_type => &["`as` and a type"],
        Rule::memory => &["`pinned`", "`registered`", "`pageable`"],
        Rule::space => &["`host`", "`device`", "`temp`"],
        Rule::profile => &["the name of a target"],
        Rule::cann => &["`cann \"VERSION\"`"],
        Rule::hdk => &["`hdk \"VERSION\"`"],
        Rule::priority => &["`priority`"],
        Rule::stream_flags => &["`flags`"],
        Rule::subscribe => &["`subscribe`"],
        Rule::stream_word => &["`stream`"],
        Rule::flag => &["a flag"],
        Rule::origin | Rule::branch => &["`on STREAM`"],
        Rule::auto => &["`auto`"],
        Rule::capture_mode => &["`mode`"],
        Rule::mode => &["`global`", "`thread_local`", "`relaxed`"],
        Rule::relaxed => &["`relaxed`"],
        Rule::group => &["`group`"],
        Rule::graph => &["`graph`"],
        Rule::task_name => &["`as NAME`"],
        Rule::after => &["`after NAME`"],
        Rule::attributes => &["attributes in `[…]`"],
        Rule::reduction => &["`sum`", "`max`", "`min`"],
        Rule::cache_word => &["`prefetch`", "`writeback`", "`invalidate`", "`flush`"],
        Rule::external => &["`external`"],
        Rule::blocking => &["`block`"],
        Rule::compare => &["`>=`", "`==`", "`&`", "`nor`"],
        Rule::of_event => &["`event NAME`"],
        Rule::of_device => &["`device`"],
        Rule::default_word => &["`default`"],
        Rule::within => &["`within`"],
        Rule::flag_word => &["`flag`"],
        Rule::verbose => &["`verbose`"],
        Rule::om_word => &["`om`"],
        Rule::air => &["`air`"],
        Rule::clone => &["`clone`"],
        Rule::session_word => &["`session`"],
        Rule::task_line | Rule::operator_name => &["a task"],
        Rule::stream => &["a stream and `:`"],
        _ => &[],
    }
}
