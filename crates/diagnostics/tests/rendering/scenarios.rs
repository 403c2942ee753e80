//! Diagnostics to show: the ordinary story, and the edges of files, lines and characters.

use acg_diagnostics::{Diagnostic, FileId, Rule, Sources, Span};

pub(crate) static UNJOINED: Rule = Rule::error(
    "ACG025",
    "unjoined-stream",
    &[107_025],
    "a stream of the capture does not lead back to its origin",
);
pub(crate) static UNCAPTURED: Rule =
    Rule::silent("ACG041", "default-stream-work", "work on the default stream is not captured")
        .since("9.0")
        .on(&["910b", "950"]);
pub(crate) static LEAK: Rule = Rule::lint("ACG216", "undestroyed-model", "a model is never destroyed");

/// Some files and what there is to say about them.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether it is for every format, or only for those that show excerpts and places.
    pub(crate) in_all_formats: bool,
}

/// Every scenario; the first has something in it for every format.
pub(crate) fn all() -> Vec<Scenario> {
    vec![
        story(),
        severities(),
        nothing(),
        hostile_text(),
        unicode_and_tabs(),
        edges_of_files(),
        carriage_returns(),
        overlapping(),
        several_lines(),
        far_apart(),
        long_lines(),
        many_related(),
    ]
}

fn scenario(name: &'static str, sources: Sources, diagnostics: Vec<Diagnostic>) -> Scenario {
    Scenario { name, sources, diagnostics, in_all_formats: false }
}

fn in_all_formats(name: &'static str, sources: Sources, diagnostics: Vec<Diagnostic>) -> Scenario {
    Scenario { name, sources, diagnostics, in_all_formats: true }
}

/// The first place where `text` stands in `file`.
fn at(sources: &Sources, file: FileId, text: &str) -> Span {
    let start = sources.file(file).text.find(text).expect("the text is in the file") as u32;
    Span::new(file, start, start + text.len() as u32)
}

fn numbered_lines(count: usize) -> String {
    let lines: Vec<_> = (1..=count).map(|number| format!("line {number}\n")).collect();
    lines.concat()
}

fn story() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add(
        "graphs/add.acg",
        "graph add on main mode global {\n  main: record forked\n  side: wait forked\n  \
         side: aclnnAdd(self, other, alpha = 1.1) -> out\n  main: copy out -> out_h\n}\n",
    );
    let log = sources.add("run.calls", "aclmdlRICaptureBegin(main, 0)\naclmdlRICaptureEnd(main, &add)\n");
    let text = "the capture of `add` ends while stream `side` has work that never comes back to `main`";
    let unjoined = Diagnostic::new(&UNJOINED, at(&sources, file, "side: aclnnAdd"), text)
        .label("the last task of `side` is not a record")
        .related(at(&sources, file, "side: wait forked"), "`side` joins the capture here")
        .related(at(&sources, log, "aclmdlRICaptureEnd"), "this call fails")
        .note("a stream that joins a capture has to be waited for by its origin")
        .help("record an event on `side` and let `main` wait for it")
        .returns(107_025);
    let unknown_code =
        Diagnostic::new(&LEAK, at(&sources, log, "add"), "`add` is never destroyed").returns(-3);
    in_all_formats("story", sources, vec![unjoined, unknown_code])
}

fn severities() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add("a.acg", "one\ntwo\nthree\nfour\n");
    sources.add("clean.acg", "nothing wrong\n");
    let mut allowed = Diagnostic::new(&UNCAPTURED, at(&sources, file, "four"), "allowed");
    allowed.allowed_by = Some(at(&sources, file, "three"));
    let diagnostics = vec![
        Diagnostic::new(&LEAK, at(&sources, file, "three"), "a lint"),
        Diagnostic::new(&UNCAPTURED, at(&sources, file, "two"), "a silent mistake"),
        Diagnostic::new(&UNJOINED, at(&sources, file, "one"), "an error"),
        Diagnostic::new(&UNJOINED, at(&sources, file, "one"), "an error"),
        allowed,
    ];
    in_all_formats("severities", sources, diagnostics)
}

fn nothing() -> Scenario {
    let mut sources = Sources::new();
    sources.add("a.acg", "");
    in_all_formats("nothing", sources, Vec::new())
}

fn hostile_text() -> Scenario {
    let mut sources = Sources::new();
    let name = "dir, with: <odd> \"names\" & 100%\n\u{1b}[31m.acg";
    let file = sources.add(name, "a \u{1b}[2J\u{202e}b\u{0}\u{ffff} c ]]> & <d>\n");
    let diagnostic =
        Diagnostic::new(&UNJOINED, at(&sources, file, "c ]]>"), "100% <wrong>,\r\nsays: \"\u{7}\u{ffff}\"")
            .label("label\n::error::injected")
            .related(at(&sources, file, "b"), "::warning::\u{1b}[0m")
            .note("note\nwith a line break and \u{1b}[31mcolour")
            .help("help & <b>");
    in_all_formats("hostile-text", sources, vec![diagnostic])
}

fn unicode_and_tabs() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add("a.acg", "\tä\t流 = 🎉 e\u{301}nd // 注释\n");
    let diagnostics = ["ä", "流", "🎉", "nd", "注释"]
        .map(|text| Diagnostic::new(&LEAK, at(&sources, file, text), text).label(text));
    // A span that cuts a character in two covers it whole.
    let cut = Diagnostic::new(&LEAK, Span::new(file, 2, 3), "half an ä");
    scenario("unicode-and-tabs", sources, diagnostics.into_iter().chain([cut]).collect())
}

fn edges_of_files() -> Scenario {
    let mut sources = Sources::new();
    let empty = sources.add("empty.acg", "");
    let file = sources.add("a.acg", "first\nlast\n");
    let open = sources.add("open.acg", "first\nno newline");
    let spans = [
        ("an empty file", empty, 0, 0),
        ("past an empty file", empty, 5, 9),
        ("the first byte", file, 0, 0),
        ("the end of a line", file, 5, 5),
        ("a line break", file, 5, 6),
        ("a whole line", file, 0, 6),
        ("the end of the file", file, 11, 11),
        ("the last line break", file, 10, 11),
        ("far past the end", file, u32::MAX, u32::MAX),
        ("end before start", file, 8, 2),
        ("the end without a newline", open, 16, 16),
        ("the whole file", open, 0, 16),
    ];
    let diagnostics = spans.map(|(text, file, start, end)| {
        Diagnostic::new(&LEAK, Span::new(file, start, end), text).label("here")
    });
    scenario("edges-of-files", sources, diagnostics.into())
}

fn carriage_returns() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add("a.acg", "one\r\ntwo\r\n\r\nfour\rstill four\r\n");
    let diagnostics = vec![
        Diagnostic::new(&LEAK, at(&sources, file, "two"), "a word").label("here"),
        Diagnostic::new(&LEAK, at(&sources, file, "\r\ntwo"), "from a line break on").label("here"),
        Diagnostic::new(&LEAK, at(&sources, file, "\n\r\nfour"), "over an empty line").label("here"),
        Diagnostic::new(&LEAK, at(&sources, file, "still"), "after a lone return").label("here"),
    ];
    scenario("carriage-returns", sources, diagnostics)
}

fn overlapping() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add("a.acg", "main: copy a -> b\n");
    let span = |text| at(&sources, file, text);
    let diagnostic = Diagnostic::new(&UNJOINED, span("copy a -> b"), "labels on labels")
        .label("all of it")
        .related(span("a -> b"), "the end of it")
        .related(span("a"), "a letter before it")
        .related(span("copy a -> b"), "all of it again")
        .related(span("main: copy"), "across its start");
    scenario("overlapping", sources, vec![diagnostic])
}

fn several_lines() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add("a.acg", numbered_lines(40));
    let from_to = |first: &str, last: &str| {
        let (first, last) = (at(&sources, file, first), at(&sources, file, last));
        Span::new(file, first.start, last.end)
    };
    let diagnostics = vec![
        Diagnostic::new(&UNJOINED, from_to("line 3", "line 5"), "three lines").label("here"),
        Diagnostic::new(&UNJOINED, from_to("line 3", "line 12"), "ten lines").label("here"),
        Diagnostic::new(&UNJOINED, from_to("line 4", "line 39"), "many lines").label("here"),
        Diagnostic::new(&UNJOINED, from_to("line 4", "line 39"), "many lines and no label"),
        Diagnostic::new(&UNJOINED, from_to("line 4\n", "line 8"), "one in another")
            .label("outer")
            .related(from_to("line 5", "line 6"), "inner"),
    ];
    scenario("several-lines", sources, diagnostics)
}

fn far_apart() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add("a.acg", numbered_lines(3000));
    let other = sources.add("b.acg", "other\n");
    let diagnostic = Diagnostic::new(&UNJOINED, at(&sources, file, "line 2000"), "places far apart")
        .label("here")
        .related(at(&sources, file, "line 100\n"), "long before")
        .related(at(&sources, file, "line 2004"), "just after")
        .related(at(&sources, file, "line 2999"), "long after")
        .related(at(&sources, other, "other"), "elsewhere");
    scenario("far-apart", sources, vec![diagnostic])
}

fn long_lines() -> Scenario {
    let mut sources = Sources::new();
    let text = format!("{}HERE{}THERE{}\nshort\n", "ä ".repeat(3000), "b ".repeat(3000), "c ".repeat(3000));
    let file = sources.add("a.acg", text);
    let (here, there) = (at(&sources, file, "HERE"), at(&sources, file, "THERE"));
    let diagnostics = vec![
        Diagnostic::new(&LEAK, here, "in the middle of a long line").label("here"),
        Diagnostic::new(&LEAK, there, "two places in a long line").label("there").related(here, "here"),
        Diagnostic::new(&LEAK, Span::new(file, here.start, there.end), "most of a long line").label("this"),
        Diagnostic::new(&LEAK, Span::new(file, there.start, u32::MAX), "to the next line").label("this"),
        Diagnostic::new(&LEAK, at(&sources, file, "short"), "beside a long line").related(here, "here"),
    ];
    scenario("long-lines", sources, diagnostics)
}

fn many_related() -> Scenario {
    let mut sources = Sources::new();
    let file = sources.add("a.acg", "x\n".repeat(100));
    let mut diagnostic = Diagnostic::new(&LEAK, Span::new(file, 0, 1), "a crowd");
    for line in 1..100 {
        diagnostic = diagnostic.related(Span::new(file, line * 2, line * 2 + 1), "");
    }
    scenario("many-related", sources, vec![diagnostic])
}
