//! How each statement is written: one line of usage per first word, for remedies.

/// First words and their usage, declarations first.
const FORMS: &[(&str, &str)] = &[
    ("target", "target PROFILE cann \"9.1\" hdk \"25.5\""),
    ("host", "host NAME, NAME : f32[4, 2] pinned"),
    ("device", "device NAME : f32[4, 2]` or `device VIEW = NAME[0..2]"),
    ("temp", "temp NAME : bytes[4KiB]"),
    ("stream", "stream NAME, NAME priority 3 flags fast_launch subscribe"),
    ("default", "default stream NAME"),
    ("event", "event NAME, NAME sync time_line"),
    ("notify", "notify NAME, NAME"),
    ("graph", "graph NAME on STREAM mode global {`, `graph NAME auto {` or `graph NAME, NAME"),
    ("relaxed", "relaxed {"),
    ("group", "STREAM: group NAME {"),
    ("run", "run {` or `STREAM: run 0(INPUT) -> OUTPUT"),
    ("thread", "thread NAME` or `thread NAME {"),
    ("lock", "lock NAME` or `lock NAME {"),
    ("context", "context NAME` or `context NAME {"),
    ("model", "model NAME = om \"resnet50.om\""),
    ("ge", "ge session NAME {"),
    ("update", "STREAM: update GRAPH.GROUP {"),
    ("if", "STREAM: if COND on STREAM {"),
    ("else", "} else on STREAM {"),
    ("while", "STREAM: while COND on STREAM {"),
    ("switch", "STREAM: switch COND {"),
    ("case", "case on STREAM {"),
    ("repeat", "repeat 8 {"),
    ("copy", "copy SOURCE -> TARGET"),
    ("copy_sync", "copy_sync SOURCE -> TARGET"),
    ("copy2d", "copy2d SOURCE -> TARGET"),
    ("copy_batch", "copy_batch SOURCE -> TARGET, SOURCE -> TARGET"),
    ("fill", "fill BUFFER = 0"),
    ("fill_sync", "fill_sync BUFFER = 0"),
    ("reduce", "reduce SOURCE -> TARGET sum"),
    ("cache", "cache prefetch BUFFER` or `cache flush BUFFER"),
    ("kernel", "kernel \"NAME\"(INPUT, INPUT) -> OUTPUT"),
    ("record", "record EVENT` or `record EVENT external"),
    ("wait", "wait EVENT` or `wait EVENT external"),
    ("reset", "reset EVENT"),
    ("write", "write FLAG = 1"),
    ("wait_value", "wait_value FLAG >= 1"),
    ("callback", "callback FUNCTION` or `callback FUNCTION block"),
    ("host_func", "host_func FUNCTION"),
    ("sync", "sync STREAM`, `sync event EVENT` or `sync device"),
    ("query", "query STREAM` or `query event EVENT"),
    ("elapsed", "elapsed START_EVENT END_EVENT"),
    ("destroy", "destroy NAME"),
    ("execute", "execute GRAPH` or `execute MODEL(INPUT) -> OUTPUT"),
    ("execute_sync", "execute_sync MODEL(INPUT) -> OUTPUT"),
    ("cond", "cond NAME default 0 flag 1"),
    ("add_cond", "add_cond switch COND 3"),
    ("begin_update", "begin_update GRAPH.GROUP"),
    ("end_update", "STREAM: end_update"),
    ("begin_capture", "STREAM: begin_capture mode global` or `STREAM: begin_capture into GRAPH"),
    ("end_capture", "STREAM: end_capture GRAPH"),
    ("begin_group", "STREAM: begin_group"),
    ("end_group", "STREAM: end_group NAME"),
    ("call", "call aclrtQueryEvent(EVENT, &NAME)"),
    ("segment", "segment"),
    ("capture", "capture GRAPH"),
    ("dump", "dump GRAPH \"FILE.json\""),
    ("init", "init BUFFER = 0.0, BUFFER = [1, 2]"),
    ("print", "print BUFFER, BUFFER"),
    ("expect", "expect BUFFER = 1.1 within 0.001"),
    ("load", "load MODEL` or `STREAM: load 0"),
    ("unload", "unload MODEL"),
    ("compile", "compile 0"),
    ("run_sync", "run_sync 0(INPUT) -> OUTPUT"),
    ("remove", "remove 0"),
    ("exchange", "exchange relaxed"),
];

/// The usage of the statement that starts with `word`.
pub(crate) fn usage(word: &str) -> Option<&'static str> {
    FORMS.iter().find(|(first, _)| *first == word).map(|(_, usage)| *usage)
}

/// Whether a line may be a statement, judged by its first words: one that may not is none.
pub(crate) fn may_be_statement(line: &str) -> bool {
    let rest = line.trim_start_matches(BLANKS);
    if rest.starts_with('}') {
        return true;
    }
    let (first, rest) = first_word(rest);
    if let Some(task) = rest.strip_prefix(':') {
        let (head, rest) = first_word(task.trim_start_matches(BLANKS));
        return usage(head).is_some() || (!head.is_empty() && rest.starts_with('('));
    }
    usage(first).is_some() || (!first.is_empty() && rest.starts_with(['(', '{']))
}

const BLANKS: [char; 2] = [' ', '\t'];

/// The word that a text starts with, and what follows the blanks behind it.
fn first_word(text: &str) -> (&str, &str) {
    let is_part = |c: char| c == '_' || c == '.' || c.is_ascii_alphanumeric() || !c.is_ascii();
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start_matches(BLANKS))
}

/// The first words of all statements.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(word, _)| *word)
}

#[cfg(test)]
mod tests {
    use pest::Parser;

    use super::may_be_statement;
    use crate::grammar::{Grammar, Rule};

    #[test]
    fn every_statement_may_be_one() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
        let mut text = std::fs::read_to_string(format!("{root}docs/language.md")).unwrap();
        for entry in std::fs::read_dir(format!("{root}testdata/programs")).unwrap() {
            text.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default());
        }
        let mut statements = 0;
        for line in text.lines().filter(|line| Grammar::parse(Rule::chunk, line).is_ok()) {
            let line = line.split("//").next().unwrap_or("").trim();
            if !line.is_empty() {
                assert!(may_be_statement(line), "{line}");
                statements += 1;
            }
        }
        assert!(statements > 1000, "{statements}");
    }

    #[test]
    fn lines_of_other_files_are_none() {
        for line in ["foo bar baz", "x = 3", "@#$%", "evnt joined", "main copy a -> b", "{", "a: b c", ""] {
            assert!(!may_be_statement(line), "{line}");
        }
    }
}
