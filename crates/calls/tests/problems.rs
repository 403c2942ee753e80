//! What the reader says about lines that it cannot read: rule, place, words, remedy.

use acg_calls::{Api, RULES};
use acg_diagnostics::{Diagnostic, Sources};

/// Reads `line` between two good ones and gives its only problem and the text that it covers.
fn problem(line: &str) -> (Diagnostic, String) {
    let text = format!("aclrtCreateStream(&s) = 0\n{line}\naclrtDestroyStream(s) = 0\n");
    let mut sources = Sources::new();
    let file = sources.add("log", text.as_str());
    let reading = acg_calls::read(file, &text);
    let called: Vec<_> = reading.log.calls().iter().map(|call| call.api).collect();
    assert_eq!(called, [Api::CreateStream, Api::DestroyStream], "the lines around `{line}` are kept");
    let [problem] = <[Diagnostic; 1]>::try_from(reading.diagnostics).unwrap();
    let covered = sources.text(problem.primary.span).to_owned();
    (problem, covered)
}

#[track_caller]
fn expect(line: &str, code: &str, covered: &str, message: &str, remedy: &str) {
    let (problem, text) = problem(line);
    let notes = problem.notes.join(" ") + problem.help.as_deref().unwrap_or("");
    assert_eq!((problem.rule.code, text.as_str(), problem.message.as_str()), (code, covered, message));
    assert!(notes.contains(remedy), "`{notes}` says `{remedy}`");
}

#[test]
fn lines_that_are_no_calls() {
    let help = "a line is a call, a comment that starts with `//`, or empty";
    expect("hello world", "ACG460", "hello", "expected a call `function(…)`, found `hello`", help);
    expect("(s)", "ACG460", "(", "expected a call `function(…)`, found `(`", help);
    expect(
        "aclrtStreamQuery",
        "ACG460",
        "aclrtStreamQuery",
        "expected a call `function(…)`, found `aclrtStreamQuery`",
        help,
    );
    expect("é(s)", "ACG461", "é", "no function is called `é`", "");
    expect("aclnnAdd{aivec}[w]", "ACG460", "[", "expected `(`, found `[`", "");
}

#[test]
fn unknown_functions_get_the_nearest_name() {
    let near = "did you mean `aclrtRecordEvent`?";
    expect(
        "aclrtEventRecord(e, s)",
        "ACG461",
        "aclrtEventRecord",
        "no function is called `aclrtEventRecord`",
        "",
    );
    expect(
        "aclrtRecordEvnt(e, s)",
        "ACG461",
        "aclrtRecordEvnt",
        "no function is called `aclrtRecordEvnt`",
        near,
    );
    expect(
        "aclrtrecordevent(e, s)",
        "ACG461",
        "aclrtrecordevent",
        "no function is called `aclrtrecordevent`",
        near,
    );
    expect(
        "cudaMalloc(p)",
        "ACG461",
        "cudaMalloc",
        "no function is called `cudaMalloc`",
        "reference of the log format",
    );
}

#[test]
fn wrong_numbers_of_arguments_show_the_prototype() {
    let prototype = "its prototype is `aclrtRecordEvent(event, stream)`";
    expect("aclrtRecordEvent(e)", "ACG462", "(e)", "`aclrtRecordEvent` takes 2 arguments, not 1", prototype);
    expect(
        "aclrtRecordEvent(e, s, 0)",
        "ACG462",
        "(e, s, 0)",
        "`aclrtRecordEvent` takes 2 arguments, not 3",
        prototype,
    );
    expect(
        "aclrtDestroyStream()",
        "ACG462",
        "()",
        "`aclrtDestroyStream` takes 1 argument, not 0",
        "aclrtDestroyStream(stream)",
    );
}

#[test]
fn arguments_of_another_form() {
    let stream = "`stream` of `aclrtDestroyStream` is a stream or `NULL`, found";
    expect("aclrtDestroyStream(7)", "ACG463", "7", &format!("{stream} the number 7"), "its prototype is");
    expect("aclrtDestroyStream(&s)", "ACG463", "&s", &format!("{stream} `&` `s`"), "leave the `&` out");
    expect(
        "aclrtDestroyStream(\"s\")",
        "ACG463",
        "\"",
        &format!("{stream} `\"`").replace("`\"`", "`\\\"`"),
        "",
    );
    let out = "`stream` of `aclrtCreateStream` is `&name` for a stream, or `NULL`, found `s`";
    expect("aclrtCreateStream(s)", "ACG463", "s", out, "the call writes it: `&s`");
    let size = "`size` of `malloc` is a whole number, found `NULL`";
    expect("malloc(&p, NULL)", "ACG463", "NULL", size, "");
    let mode = "`mode` of `aclmdlRICaptureThreadExchangeMode` is `&` and an enumerator of aclmdlRICaptureMode, or `NULL`, found `2`";
    expect("aclmdlRICaptureThreadExchangeMode(2)", "ACG463", "2", mode, "`&2`");
    expect("aclrtFree(p+x)", "ACG463", "x", "expected a number of bytes behind `p+`", "");
    let fields = "`params` of `aclmdlRIAddCondTask` is a struct `{handle, type, size, modelRIArray}`, found a struct with 1 fields";
    expect("aclmdlRIAddCondTask({h}, s, 0)", "ACG463", "{h}", fields, "");
    expect("aclrtRecordEvent(e s)", "ACG463", "s", "expected `,` or `)`, found `s`", "");
    let deep = format!("aclnnAddGetWorkspaceSize({}{})", "[".repeat(20), "]".repeat(20));
    expect(&deep, "ACG463", "", "lists are nested too deeply", "");
}

#[test]
fn unknown_enumerators_get_the_nearest_one() {
    let line = "aclrtCreateEventExWithFlag(&e, ACL_EVENT_SYNC | ACL_EVENT_TIMELINE)";
    let message = "expected an enumerator of event flag, found `ACL_EVENT_TIMELINE`";
    expect(line, "ACG464", "ACL_EVENT_TIMELINE", message, "did you mean `ACL_EVENT_TIME_LINE`?");
    let message = "expected an enumerator of aclmdlRICaptureMode, found `FAST`";
    let all = "ACL_MODEL_RI_CAPTURE_MODE_GLOBAL, ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL";
    expect("aclmdlRICaptureBegin(s, FAST)", "ACG464", "FAST", message, all);
}

#[test]
fn kernels_with_other_attributes() {
    let launch = |kernel: &str| format!("aclrtLaunchKernel({kernel}, 1, args, 16, s)");
    expect(
        &launch("k{aivecc}"),
        "ACG465",
        "aivecc",
        "a kernel has no attribute `aivecc`",
        "did you mean `aivec`?",
    );
    expect(
        &launch("k{speed=3}"),
        "ACG465",
        "speed=3",
        "a kernel has no attribute `speed`",
        "known are aicore",
    );
    expect(&launch("k{schem=fast}"), "ACG465", "schem=fast", "`schem` takes a whole number", "");
    let operator = "only an aclnn operator says in braces what it launches";
    expect("aclrtDestroyStream{aivec}(s)", "ACG465", "aclrtDestroyStream", operator, "");
    expect("aclnnAdd{kernel=3}(w, 0, x, s)", "ACG465", "kernel=3", "a kernel has no attribute `kernel`", "");
}

#[test]
fn what_is_not_closed() {
    expect("aclrtDestroyStream(s", "ACG466", "(s", "this has no closing `)`", "");
    expect("aclmdlRISetName(m, \"x)", "ACG466", "\"x)", "the string has no closing `\"`", "");
    expect("aclmdlRISetName(m, \"a\\qb\")", "ACG466", "\\q", "unknown escape in a string", "known are");
    expect("aclrtCreateLabelList([a, b", "ACG466", "[a, b", "this has no closing `]`", "");
    expect("aclrtLaunchKernel(k{aivec", "ACG466", "{aivec", "this has no closing `}`", "");
}

#[test]
fn prefixes_and_what_follows() {
    let thread = "a thread is written `[t2]`; thread 1 is the main thread";
    expect("[2] aclFinalize()", "ACG467", "[2", thread, "");
    expect("[t0] aclFinalize()", "ACG467", "[t0]", thread, "");
    let repeat = "a repeat count is written `x3000 `, from 1 to 4294967295";
    expect("x0 aclFinalize()", "ACG467", "x0 ", repeat, "");
    expect("x5000000000 aclFinalize()", "ACG467", "x5000000000 ", repeat, "");
    expect("aclFinalize() = ok", "ACG468", "ok", "expected a return code, a whole number", "");
    expect(
        "aclFinalize() = 0 0",
        "ACG468",
        "0",
        "expected `= code`, a comment or the end of the line, found `0`",
        "",
    );
    expect(
        "aclFinalize();",
        "ACG468",
        ";",
        "expected `= code`, a comment or the end of the line, found `;`",
        "",
    );
}

#[test]
fn lenient_input_becomes_canonical() {
    let text = "  x2 [t3]  aclrtCreateEventWithFlag( &e ,0x1|8 )=0 //note\r\n\n//x\naclrtSynchronizeStream(0)\n\
                aclrtMemcpyAsync(0x12c0, 8, nullptr, 8UL, 2, s)\naclrtLaunchKernel(k, 1, [a, b+64], 16, s)";
    let reading = acg_calls::read(Sources::new().add("log", ""), text);
    assert_eq!(reading.diagnostics, []);
    let expected = "[t3] x2 aclrtCreateEventWithFlag(&e, ACL_EVENT_SYNC | ACL_EVENT_TIME_LINE) = 0  // note\n\n// x\n\
                    aclrtSynchronizeStream(NULL)\n\
                    aclrtMemcpyAsync(0x12c0, 8, NULL, 8, ACL_MEMCPY_DEVICE_TO_HOST, s)\n\
                    aclrtLaunchKernel(k{aicore}, 1, [a, b+64], 16, s)\n";
    assert_eq!(reading.log.to_text(), expected);
}

#[test]
fn rules_have_codes_in_order() {
    let codes: Vec<_> = RULES.iter().map(|rule| rule.code.to_owned()).collect();
    let expected: Vec<_> = (460..470).map(|number| format!("ACG{number}")).collect();
    assert_eq!(codes, expected);
}
