//! What is wrong with a task graph is told with its place, its cause and a remedy, and nothing makes the reader panic.

use acg_import::tasks::{TaskGraphError, import_task_graph, is_task_graph, read_task_graph};
use proptest::prelude::*;

/// What is wrong with a file, line by line.
fn problems(json: &str) -> Vec<String> {
    let graph = read_task_graph(json.as_bytes());
    match graph.and_then(|graph| import_task_graph(&graph, "g", None)) {
        Ok(_) => Vec::new(),
        Err(TaskGraphError::Unreadable(problem)) => vec![problem.to_string()],
        Err(TaskGraphError::Problems { problems, .. }) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn with_task(task: &str) -> String {
    format!(r#"{{"tasks": [{task}], "buffers": [{{"name": "weight", "bytes": 8}}], "edges": []}}"#)
}

#[test]
fn text_that_is_no_task_graph_is_told_where() {
    for (json, message) in [
        (
            "",
            "line 1, column 0, in the graph: EOF while parsing a value; the file is cut short: write it again",
        ),
        (
            "{\"tasks\": [\n{\"name\": \"a\"",
            "line 2, column 12, in tasks[0]: EOF while parsing an object; the file is cut short: write it again",
        ),
        (
            "{\"tasks\": [{\"name\": \"a\", \"cost_us\": NaN}]}",
            "line 1, column 37, in tasks[0], `cost_us`: expected value; correct the JSON; NaN and Infinity are no JSON numbers",
        ),
        (
            "{\"tasks\": [{\"name\": \"a\"}, {\"name\": \"b\", \"cost_us\": \"1\"}]}",
            "line 1, column 54, in tasks[1], `cost_us`: invalid type: string \"1\", expected f64; give it as docs/import.md describes the format",
        ),
        (
            "{\"tasks\": 3}",
            "line 1, column 11, in the graph, `tasks`: invalid type: integer `3`, expected an array; give it as docs/import.md describes the format",
        ),
        (
            "{\"tasks\": [], \"edges\": [[0]]}",
            "line 1, column 27, in edges[0]: invalid length 1, expected a tuple of size 2; give it as docs/import.md describes the format",
        ),
    ] {
        assert_eq!(problems(json), [message], "{json}");
    }
}

#[test]
fn every_wrong_value_is_told() {
    for (task, message) in [
        (
            r#"{"name": "a", "reads": ["wheight"]}"#,
            r#"tasks[0] ("a"): it reads "wheight", and no buffer is called that; did you mean "weight"?"#,
        ),
        (
            r#"{"name": "a", "writes": ["other"]}"#,
            r#"tasks[0] ("a"): it writes "other", and no buffer is called that; add it to `buffers`"#,
        ),
        (
            r#"{"name": "a", "cost_us": -1}"#,
            "tasks[0], `cost_us`: a task cannot run for -1 us; give microseconds from 0 on",
        ),
        (r#"{"name": "a", "cost_us": 1e300}"#, "tasks[0], `cost_us`: a task cannot run for 1"),
        (
            r#"{"name": "a", "cores": 0}"#,
            "tasks[0], `cores`: no kernel occupies 0 cores; give a number from 1, or leave it out",
        ),
        (r#"{"id": 4}"#, "tasks[0]: the task has no `name`; name it; schedules are checked by names"),
        (
            r#"{"name": "a"}, {"id": 0, "name": "b"}"#,
            r#"tasks[1] ("b"): its id 0 is that of tasks[0] ("a") as well; give every task an id of its own"#,
        ),
    ] {
        let found = problems(&with_task(task));
        assert!(found.len() == 1 && found[0].starts_with(message), "{task}: {found:#?}");
    }
}

#[test]
fn every_wrong_buffer_and_edge_is_told() {
    let graph = |buffers: &str, edges: &str| {
        let tasks = r#"{"name": "a"}, {"name": "b"}, {"name": "c"}"#;
        format!(r#"{{"tasks": [{tasks}], "buffers": [{buffers}], "edges": [{edges}]}}"#)
    };
    let remedy = "number tasks so that every edge goes from a smaller id to a larger one, which a circle of edges rules out";
    for (json, message) in [
        (graph(r#"{"name": "x", "bytes": 0}"#, ""), "buffers[0]: a buffer of 0 bytes cannot be; give its size in bytes, from 1 to 2^61 - 1".to_owned()),
        (graph(r#"{"name": "x"}"#, ""), "buffers[0]: the buffer has no `bytes`; give its size in bytes, from 1 to 2^61 - 1".to_owned()),
        (graph(r#"{"bytes": 1}"#, ""), "buffers[0]: the buffer has no `name`; name it; tasks refer to buffers by name".to_owned()),
        (graph(r#"{"name": "x", "bytes": 1}, {"name": "x", "bytes": 2}"#, ""), "buffers[1]: buffers[0] is called \"x\" as well; give every buffer a name of its own".to_owned()),
        (graph("", "[0, 1], [2, 1]"), format!("edges[1]: it goes backward, from task 2 (\"c\") to task 1 (\"b\"); {remedy}")),
        (graph("", "[1, 1]"), format!("edges[0]: task 1 (\"b\") depends on itself; {remedy}")),
        (graph("", "[0, 3]"), "edges[0]: no task has the id 3; edges are pairs of ids of tasks, [before, after]".to_owned()),
        (graph("", "[18446744073709551615, 0]"), "edges[0]: no task has the id 18446744073709551615; edges are pairs of ids of tasks, [before, after]".to_owned()),
    ] {
        assert_eq!(problems(&json), [message], "{json}");
    }
}

#[test]
fn what_is_missing_is_told_at_once_and_not_all_of_a_flood() {
    assert_eq!(problems(r#"{"edges": []}"#).len(), 2);
    let many = vec![r#"{"name": "a", "cost_us": -1}"#; 1000].join(",");
    let Err(TaskGraphError::Problems { problems, more }) = read_task_graph(with_task(&many).as_bytes())
    else {
        panic!("negative costs are read");
    };
    assert_eq!((problems.len(), more), (20, 980));
}

#[test]
fn only_task_graphs_look_like_one() {
    for (json, is_one) in [
        (r#"{"name": "x", "source": {"a": [1]}, "tasks": []}"#, true),
        ("\u{feff} {\"edges\": [", true),
        (r#"{"traceEvents": []}"#, false),
        (r#"[{"name": "tasks"}]"#, false),
        ("{\"tasks", false),
        ("aclInit(NULL)", false),
        ("", false),
    ] {
        assert_eq!(is_task_graph(json.as_bytes()), is_one, "{json}");
    }
}

proptest! {
    #[test]
    fn damaged_files_are_refused_or_read(at in 0usize..2000, with in prop::collection::vec(any::<u8>(), 0..6), cut in 0usize..4) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/graphs/squeezenet1_0.json");
        let mut bytes = std::fs::read(path).unwrap();
        bytes.truncate(2000);
        let end = (at + cut).min(bytes.len());
        bytes.splice(at.min(end)..end, with);
        bytes.extend_from_slice(br#"]}],"buffers":[],"edges":[]}"#);
        is_task_graph(&bytes);
        if let Ok(graph) = read_task_graph(&bytes) {
            let _ = import_task_graph(&graph, "g", None);
        }
    }
}
